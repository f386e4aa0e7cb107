"""Incidents of platforms, and who vanished when: what the breaker counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from archiver.breaker import Ending, OpenIncident
from archiver.model.verdict import Incident
from archiver.store.tables import add_row, incident_ends, incidents, post_states, vanishings
from archiver.store.transaction import Transaction


def load(connection: Connection, platform: str) -> tuple[Incident, ...]:
    """All incidents of a platform, as `judge` reads them, oldest first."""
    rows = connection.execute(
        select(incidents.c.opened_at, incident_ends.c.closed_at, incident_ends.c.counts_restart)
        .join(incident_ends, incident_ends.c.incident == incidents.c.id, isouter=True)
        .where(incidents.c.platform == platform)
        .order_by(incidents.c.id)
    )
    return tuple(Incident(platform, row.opened_at, row.closed_at, bool(row.counts_restart)) for row in rows)


def find_open(connection: Connection, platform: str) -> OpenIncident | None:
    """The incident that has not ended; None if there is none."""
    row = connection.execute(
        select(incidents)
        .join(incident_ends, incident_ends.c.incident == incidents.c.id, isouter=True)
        .where(incidents.c.platform == platform, incident_ends.c.incident.is_(None))
        .order_by(incidents.c.id.desc())
    ).first()
    if row is None:
        return None
    back = connection.execute(
        select(func.count(func.distinct(_author()))).where(
            post_states.c.post.in_(row.posts or ()), post_states.c.last_seen_at >= row.opened_at
        )
    ).scalar_one()
    return OpenIncident(row.id, row.opened_at, row.authors, int(back))


def open_one(transaction: Transaction, platform: str, at: datetime, vanished: Mapping[int, str], followed: int) -> None:
    """An incident begins: the authors of these posts (post → author) have vanished."""
    authors = len(set(vanished.values()))
    number = add_row(
        transaction.connection,
        incidents,
        platform=platform,
        opened_at=at,
        authors=authors,
        followed=followed,
        posts=sorted(vanished),
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "incident",
        at,
        incident=number,
        platform=platform,
        authors=authors,
        followed=followed,
        posts=sorted(vanished),
        run=transaction.run,
    )


def end(transaction: Transaction, incident: OpenIncident, at: datetime, how: Ending) -> None:
    """An incident ends; what was counted before counts no more."""
    add_row(
        transaction.connection,
        incident_ends,
        incident=incident.number,
        closed_at=at,
        how=how,
        counts_restart=True,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "incident_end", at, incident=incident.number, how=how, counts_restart=1, run=transaction.run
    )


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """These posts were seen: they are not found absent any more."""
    connection.execute(delete(vanishings).where(vanishings.c.post.in_(sorted(numbers))))


def note(connection: Connection, post: int, platform: str, author: str, vanished_at: datetime | None) -> None:
    """Since when a post that was seen alive is found absent; None for one that is not."""
    connection.execute(delete(vanishings).where(vanishings.c.post == post))
    if vanished_at is not None:
        connection.execute(
            insert(vanishings).values(post=post, platform=platform, author=author, vanished_at=vanished_at)
        )


def vanished(connection: Connection, platform: str, since: datetime) -> dict[int, str]:
    """Posts whose disappearance began after that time, with their authors."""
    rows = connection.execute(
        select(vanishings.c.post, vanishings.c.author).where(
            vanishings.c.platform == platform, vanishings.c.vanished_at > since
        )
    )
    return {row.post: row.author for row in rows}


def followed_authors(connection: Connection, platform: str) -> int:
    """Of how many authors a post was seen alive."""
    where = (post_states.c.platform == platform, post_states.c.last_seen_at.is_not(None))
    return int(connection.execute(select(func.count(func.distinct(_author()))).where(*where)).scalar_one())


def _author() -> ColumnElement[str]:
    return func.coalesce(post_states.c.author_id, post_states.c.author_handle, post_states.c.post)
