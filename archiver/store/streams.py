"""Streams: how far each was listened to, the times in which it was not heard, and whom it is listened to for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, insert, select, update

from archiver import digest
from archiver.model.stream import StreamGap, StreamState
from archiver.store import posts
from archiver.store.columns import add_row
from archiver.store.redactions import not_redacted
from archiver.store.tables import contents, exchanges, observations, post_states, stream_gaps, stream_states
from archiver.store.transaction import Transaction


def find_state(connection: Connection, endpoint: str) -> StreamState | None:
    """How far a stream was listened to; None if it never was."""
    return next((each for each in list_states(connection) if each.endpoint == endpoint), None)


def list_states(connection: Connection) -> list[StreamState]:
    """How far every stream was listened to, by name."""
    rows = connection.execute(select(stream_states).order_by(stream_states.c.endpoint))
    return [
        StreamState(row.platform, row.endpoint, row.cursor, row.alive_at, row.authors, row.left_out) for row in rows
    ]


def keep_state(transaction: Transaction, state: StreamState) -> None:
    """Bring the state of a stream up to date."""
    fields = {
        "platform": state.platform,
        "cursor": state.cursor,
        "alive_at": state.alive_at,
        "authors": state.authors,
        "left_out": state.left_out,
    }
    here = stream_states.c.endpoint == state.endpoint
    if transaction.connection.execute(update(stream_states).where(here).values(**fields)).rowcount == 0:
        transaction.connection.execute(insert(stream_states).values(endpoint=state.endpoint, **fields))


def append_gap(transaction: Transaction, gap: StreamGap) -> None:
    """Record a time in which a stream was not heard."""
    number = add_row(
        transaction.connection,
        stream_gaps,
        platform=gap.platform,
        endpoint=gap.endpoint,
        since=gap.since,
        until=gap.until,
        why=gap.why,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "stream_gap",
        transaction.at,
        gap=number,
        platform=gap.platform,
        endpoint=gap.endpoint,
        since=gap.since,
        until=gap.until,
        why=gap.why,
        run=transaction.run,
    )


def list_gaps(connection: Connection) -> list[StreamGap]:
    """Every gap of every stream, oldest first."""
    rows = connection.execute(select(stream_gaps).order_by(stream_gaps.c.id))
    return [StreamGap(row.platform, row.endpoint, row.since, row.until, row.why) for row in rows]


def authors(connection: Connection, platform: str, followed: Sequence[str] = ()) -> list[tuple[str | None, str | None]]:
    """(author's id, post's id) of the identified posts of a platform, the newest found first; either may be None."""
    state = post_states.c
    where = [state.platform == platform, state.alias_of.is_(None), state.native_id.is_not(None), not_redacted()]
    rows = connection.execute(
        select(state.author_id, state.native_id).where(*where, *posts.followed(followed)).order_by(state.post.desc())
    )
    return [(row.author_id, row.native_id) for row in rows]


def may_be_kept(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these posts that were not redacted: of the others nothing is kept, whoever tells it."""
    found = select(post_states.c.post).where(post_states.c.post.in_(sorted(numbers)), not_redacted())
    return set(connection.execute(found).scalars())


def is_kept(connection: Connection, endpoint: str, kind: str, key: str, payload: bytes) -> bool:
    """Whether this very message stands on file already as a look at that subject: streams may say a thing twice."""
    look = and_(observations.c.subject_kind == kind, observations.c.subject_key == key)
    found = connection.execute(
        select(observations.c.id)
        .join(exchanges, exchanges.c.observation == observations.c.id)
        .join(contents, contents.c.id == exchanges.c.payload)
        .where(look, observations.c.endpoint == endpoint, contents.c.digest == digest.of_bytes(payload))
        .limit(1)
    )
    return found.first() is not None
