"""Incidents of platforms, what persons took for real of them, and who vanished when: what the breaker counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, delete, func, insert, select

from archiver.breaker import Ending, OpenIncident, weight
from archiver.model.incident import HOLDING, Incident, IncidentListing, Kind
from archiver.model.post import Post
from archiver.model.verdict import Verdict
from archiver.store import contents
from archiver.store.columns import add_row, portions
from archiver.store.tables import (
    held_back,
    incident_acceptances,
    incident_ends,
    incident_recoveries,
    incidents,
    missings,
    post_states,
    vanishings,
)
from archiver.store.transaction import Transaction


def load(connection: Connection, platform: str) -> tuple[Incident, ...]:
    """All incidents of a platform, as `judge` reads them, oldest first."""
    rows = connection.execute(_whole().where(incidents.c.platform == platform))
    return tuple(
        Incident(
            platform,
            row.opened_at,
            row.closed_at,
            bool(row.counts_restart),
            number=row.id,
            holds=row.how in HOLDING,
            accepted_at=row.accepted_at,
            kind=row.kind,
            recovered_at=row.recovered_at,
        )
        for row in rows
    )


def listed(connection: Connection) -> list[IncidentListing]:
    """All incidents of all platforms, oldest first, as persons read them."""
    rows = connection.execute(_whole()).all()
    counted = connection.execute(select(held_back.c.incident, func.count()).group_by(held_back.c.incident))
    held = {number: posts for number, posts in counted}
    said = contents.get_json(connection, [row.words for row in rows if row.words is not None])
    return [
        IncidentListing(
            number=row.id,
            kind=row.kind,
            platform=row.platform,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            how=row.how,
            authors=row.authors,
            followed=row.followed,
            held=held.get(row.id, 0),
            accepted_at=row.accepted_at,
            accepted_by=said.get(row.words, {}).get("by"),
            reason=said.get(row.words, {}).get("reason"),
            recovered_at=row.recovered_at,
        )
        for row in rows
    ]


def accept(transaction: Transaction, incident: int, reason: str, by: str) -> None:
    """A person takes what disappeared in an incident for real: from now on it holds nothing back."""
    words = contents.put_json(transaction.connection, {"by": by, "reason": reason})
    add_row(
        transaction.connection,
        incident_acceptances,
        incident=incident,
        accepted_at=transaction.at,
        words=words.id,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    # Who says so, and why, is somebody's name and words: the line commits to them, and does not tell them.
    transaction.ledger.append(
        "incident_acceptance", transaction.at, incident=incident, words=words.commitment, run=transaction.run
    )


def note_hold(connection: Connection, post: int, incident: int | None) -> None:
    """Which incident holds back the verdict on a post; None for none."""
    connection.execute(delete(held_back).where(held_back.c.post == post))
    if incident is not None:
        connection.execute(insert(held_back).values(post=post, incident=incident))


def held_by(connection: Connection, posts: Collection[int]) -> dict[int, tuple[int, Kind]]:
    """Of these posts, those whose verdict an incident holds back, with its number and kind."""
    found: dict[int, tuple[int, Kind]] = {}
    query = select(held_back.c.post, incidents.c.id, incidents.c.kind).join(
        incidents, incidents.c.id == held_back.c.incident
    )
    for part in portions(posts):
        found |= {row.post: (row.id, row.kind) for row in connection.execute(query.where(held_back.c.post.in_(part)))}
    return found


def posts_held(connection: Connection, incident: int) -> list[int]:
    """The posts whose verdict an incident holds back."""
    return list(connection.execute(select(held_back.c.post).where(held_back.c.incident == incident)).scalars())


def _whole() -> Select[Any]:
    told = (incident_ends.c.closed_at, incident_ends.c.how, incident_ends.c.counts_restart)
    return (
        select(
            incidents,
            *told,
            incident_acceptances.c.accepted_at,
            incident_acceptances.c.words,
            incident_recoveries.c.recovered_at,
        )
        .join(incident_ends, incident_ends.c.incident == incidents.c.id, isouter=True)
        .join(incident_acceptances, incident_acceptances.c.incident == incidents.c.id, isouter=True)
        .join(incident_recoveries, incident_recoveries.c.incident == incidents.c.id, isouter=True)
        .order_by(incidents.c.id)
    )


def find_open(connection: Connection, platform: str, kind: Kind) -> OpenIncident | None:
    """The incident of that kind that has not ended; None if there is none."""
    row = connection.execute(
        select(incidents)
        .join(incident_ends, incident_ends.c.incident == incidents.c.id, isouter=True)
        .where(incidents.c.platform == platform, incidents.c.kind == kind, incident_ends.c.incident.is_(None))
        .order_by(incidents.c.id.desc())
    ).first()
    return None if row is None else _with_back(connection, row)


def _with_back(connection: Connection, row: Any) -> OpenIncident:
    back = connection.execute(
        select(func.count(func.distinct(_author()))).where(
            post_states.c.post.in_(row.posts or ()), post_states.c.last_seen_at >= row.opened_at
        )
    ).scalar_one()
    return OpenIncident(row.id, row.opened_at, row.authors, int(back))


def holding(connection: Connection, platform: str) -> list[OpenIncident]:
    """The incidents that ended and hold back what vanished in them, each with how many authors are back by now."""
    waits = (incident_acceptances.c.incident.is_(None), incident_recoveries.c.incident.is_(None))
    ended = _whole().where(incidents.c.platform == platform, incident_ends.c.how.in_(sorted(HOLDING)), *waits)
    return [_with_back(connection, row) for row in connection.execute(ended).all()]


def recover(transaction: Transaction, incident: OpenIncident, at: datetime) -> None:
    """Half of the authors of an incident that had ended are back: it holds nothing any more."""
    number = incident.number
    line = transaction.ledger.append("incident_recovery", at, incident=number, run=transaction.run)
    fields = {"recovered_at": at, "run": transaction.run, "ledger": line}
    add_row(transaction.connection, incident_recoveries, incident=number, **fields)


def open_one(
    transaction: Transaction, kind: Kind, platform: str, at: datetime, vanished: Mapping[int, str], followed: int
) -> int:
    """An incident begins: the authors of these posts (post → author) have vanished. Returns its number."""
    authors = len(set(vanished.values()))
    number = add_row(
        transaction.connection,
        incidents,
        kind=kind,
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
        what=kind,
        platform=platform,
        authors=authors,
        followed=followed,
        posts=sorted(vanished),
        run=transaction.run,
    )
    return number


def end(transaction: Transaction, incident: OpenIncident, at: datetime, how: Ending) -> None:
    """An incident ends; what was counted before counts no more, but for a wave, which never stopped the counting."""
    restart = how != "ebbed"
    add_row(
        transaction.connection,
        incident_ends,
        incident=incident.number,
        closed_at=at,
        how=how,
        counts_restart=restart,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "incident_end", at, incident=incident.number, how=how, counts_restart=int(restart), run=transaction.run
    )


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """These posts were seen: they are not found absent any more."""
    connection.execute(delete(vanishings).where(vanishings.c.post.in_(sorted(numbers))))


def note(connection: Connection, post: Post, author: str, verdict: Verdict) -> None:
    """Since when a post that was seen alive is found absent, or missed; whoever is neither is taken off."""
    row = {"post": post.number, "platform": post.platform, "author": author}
    seen = verdict.last_seen_at is not None
    for table, since in (
        (vanishings, {"vanished_at": verdict.vanished_at}),
        (missings, {"missed_at": verdict.missed_at}),
    ):
        connection.execute(delete(table).where(table.c.post == post.number))
        if seen and any(since.values()):
            connection.execute(insert(table).values(row | since))


Noted = tuple[int, tuple[str, timedelta]]
"""A post with its author, and for how long it was unseen before it was found absent."""


def vanished(connection: Connection, platform: str, since: datetime) -> Iterator[Noted]:
    """Posts whose disappearance began after that time."""
    return _noted(connection, vanishings, vanishings.c.vanished_at, platform, vanishings.c.vanished_at > since)


def missed(connection: Connection, platform: str, since: datetime) -> Iterator[Noted]:
    """The same, and posts that one endpoint has not served since, though others do."""
    return _noted(connection, missings, missings.c.missed_at, platform, missings.c.missed_at > since)


def weighed(connection: Connection, incident: int) -> tuple[float, int]:
    """The weight of the authors that opened an incident, by that of those who are still away, and how many were
    followed then."""
    row = connection.execute(select(incidents).where(incidents.c.id == incident)).one()
    struck = vanishings.c.post.in_(row.posts or ())
    away = _noted(connection, vanishings, vanishings.c.vanished_at, row.platform, struck)
    unseen = [told for _, told in away]
    share = weight(unseen) / max(len({author for author, _ in unseen}), 1)
    return row.authors * share, int(row.followed)


def _noted(
    connection: Connection, table: Table, at: Column[Any], platform: str, which: ColumnElement[bool]
) -> Iterator[Noted]:
    query = select(table.c.post, table.c.author, at.label("absent_at"), post_states.c.last_seen_at)
    query = query.join(post_states, post_states.c.post == table.c.post).where(table.c.platform == platform, which)
    for row in connection.execute(query):
        yield row.post, (row.author, row.absent_at - (row.last_seen_at or row.absent_at))


def followed_authors(connection: Connection, platform: str) -> int:
    """Of how many authors a post was seen alive."""
    where = (post_states.c.platform == platform, post_states.c.last_seen_at.is_not(None))
    return int(connection.execute(select(func.count(func.distinct(_author()))).where(*where)).scalar_one())


def _author() -> ColumnElement[str]:
    return func.coalesce(post_states.c.author_id, post_states.c.author_handle, post_states.c.post)
