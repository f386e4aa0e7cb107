"""What became of controls, and what is known of them: events, their newest looks, posts that could be controls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, select

from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.post import PostRef
from archiver.model.verdict import State
from archiver.store.columns import add_row
from archiver.store.tables import batches, control_events, observations, post_states
from archiver.store.transaction import Transaction

Kind = Literal["retired", "enlisted"]


class Event(NamedTuple):
    """What became of a control."""

    host: str | None
    native_id: str
    """A post's id; of a control's author "author ID"."""
    kind: Kind
    happened_at: datetime
    because: str


class ControlLook(NamedTuple):
    """The last attempt at one control in one batch."""

    round: int
    batch: int
    key: str
    """As in Observation.subject_key."""
    native_id: str | None
    outcome: Outcome


def events(connection: Connection, platform: str) -> list[Event]:
    """All that became of a platform's controls, oldest first."""
    rows = connection.execute(
        select(control_events).where(control_events.c.platform == platform).order_by(control_events.c.id)
    )
    return [Event(row.host, row.native_id, row.kind, row.happened_at, row.because) for row in rows]


def append(
    transaction: Transaction, platform: str, host: str | None, native_id: str, kind: Kind, because: str, at: datetime
) -> None:
    """Something became of a control."""
    number = add_row(
        transaction.connection,
        control_events,
        platform=platform,
        host=host,
        native_id=native_id,
        kind=kind,
        because=because,
        happened_at=at,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "control", at, control=number, platform=platform, what=kind, because=because, run=transaction.run
    )


def newest_looks(
    connection: Connection, platform: str, endpoint: str, key: str, rounds: int
) -> list[list[ControlLook]]:
    """All controls' looks in the newest rounds of an endpoint in which one was looked at, a list a round."""
    found: list[int] = []
    while len(found) < rounds:
        # Backwards from the newest, and no further than is needed: a control is looked at in every round, for years.
        newest = (
            select(observations.c.round)
            .join(batches, batches.c.id == observations.c.batch)
            .where(
                observations.c.subject_kind == SubjectKind.CONTROL,
                observations.c.subject_key == key,
                observations.c.round.not_in(found),
                batches.c.platform == platform,
                batches.c.endpoint == endpoint,
            )
            .order_by(observations.c.id.desc())
            .limit(1)
        )
        number = connection.execute(newest).scalar()
        if number is None:
            break
        found.append(number)
    return [_looks_of(connection, number, endpoint, key) for number in found]


def _looks_of(connection: Connection, round: int, endpoint: str, key: str) -> list[ControlLook]:
    """Of the batches of that round and endpoint in which the control stands; of each control the last attempt."""
    rows = connection.execute(
        select(observations)
        .where(
            observations.c.round == round,
            observations.c.endpoint == endpoint,
            observations.c.subject_kind == SubjectKind.CONTROL,
        )
        .order_by(observations.c.id)
    )
    last: dict[tuple[int, str], ControlLook] = {}
    for row in rows:
        last[row.batch, row.subject_key] = ControlLook(
            row.round, row.batch, row.subject_key, row.native_id, Outcome(row.outcome)
        )
    with_it = {batch for batch, other in last if other == key}
    return [look for look in last.values() if look.batch in with_it]


def long_alive(
    connection: Connection, platform: str, host: str | None, rounds: int, without_authors: Collection[str]
) -> list[PostRef]:
    """Posts that were validly seen alive in at least so many rounds, the longest known first, one for each author."""
    where = [
        post_states.c.platform == platform,
        post_states.c.state == State.ALIVE,
        post_states.c.checks >= rounds,
        post_states.c.native_id.is_not(None),
        post_states.c.author_id.is_not(None),
        post_states.c.alias_of.is_(None),
        post_states.c.host.is_(None) if host is None else post_states.c.host == host,
    ]
    found: dict[str, PostRef] = {}
    for row in connection.execute(select(post_states).where(*where).order_by(post_states.c.first_seen_at)):
        taken = row.author_id in without_authors or row.author_id in found
        if not taken and _rounds_alive(connection, row.post) >= rounds:
            found[row.author_id] = PostRef(platform, host, row.native_id)
    return list(found.values())


def _rounds_alive(connection: Connection, post: int) -> int:
    seen = (
        select(func.count(func.distinct(observations.c.round)))
        .join(batches, batches.c.id == observations.c.batch)
        .where(
            observations.c.subject_kind == SubjectKind.POST,
            observations.c.subject_key == str(post),
            observations.c.outcome == Outcome.PRESENT,
            batches.c.valid,
        )
    )
    return int(connection.execute(seen).scalar_one())


def authors(connection: Connection, platform: str, native_ids: Collection[str]) -> Mapping[str, str]:
    """The author id of each positive control of a platform, from its newest valid sighting."""
    known: dict[str, str] = {}
    for native_id in native_ids:
        # One walk backwards for each, as above.
        newest = (
            select(observations.c.author_id)
            .join(batches, batches.c.id == observations.c.batch)
            .where(
                observations.c.subject_kind == SubjectKind.CONTROL,
                observations.c.subject_key == f"present:{native_id}",
                observations.c.outcome == Outcome.PRESENT,
                observations.c.author_id.is_not(None),
                batches.c.platform == platform,
                batches.c.valid,
            )
            .order_by(observations.c.id.desc())
            .limit(1)
        )
        author_id = connection.execute(newest).scalar()
        if author_id is not None:
            known[native_id] = author_id
    return known
