"""What web archives kept of posts: the captures that were read, and whose turn it is to be asked about.

When an archive was asked about a post follows from the looks that are stored at endpoint "wayback" (a post that has
its id) and "wayback_search" (one whose id is sought): nothing else counts them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, text

from archiver.model.capture import Capture, StoredCapture
from archiver.model.outcome import Reason
from archiver.model.verdict import State
from archiver.store import contents, posts, snapshots
from archiver.store.columns import add_row, portions
from archiver.store.redactions import not_redacted
from archiver.store.tables import AT_ARCHIVES, captures, observations, post_states
from archiver.store.transaction import Transaction

ABOUT, SEARCH = "wayback", "wayback_search"
TOLD = frozenset(
    {
        Reason.CAPTURED,
        Reason.NOT_ARCHIVED,
        Reason.NO_WORDS,
        Reason.EXCLUDED,
        Reason.RESOLVED,
        Reason.NO_MATCH,
        Reason.AMBIGUOUS,
    }
)
"""Reasons with which an archive has said all that it can say for now; after any other it is asked again soon."""
UNASKED = frozenset({Reason.SKIPPED_PAUSED, Reason.SKIPPED_HOST_DOWN, Reason.INTERRUPTED, Reason.HOST_NOT_ALLOWED})
"""Looks that never left: they do not count."""
LOOKS_BEFORE = 3
"""Rounds that told nothing of a post, after which an archive is asked about it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How often an archive was asked about a post."""

    times: int = 0
    """How often it said all that it can."""
    told_at: datetime | None = None
    """When it last did; None if it never did."""
    vain: int = 0
    """How often it could not be asked, or answered nothing that can be read."""
    last_at: datetime | None = None
    """When it was last asked, whatever came of it; None if it never was."""


def append(transaction: Transaction, post: int, observation: int, capture: Capture) -> int:
    """Keep a capture with its words. Returns its snapshot's number."""
    connection = transaction.connection
    snapshot = snapshots.keep_captured(transaction, post, capture)
    address = contents.put(connection, capture.address.encode())
    number = add_row(
        connection,
        captures,
        post=post,
        observation=observation,
        archive=capture.archive,
        captured_at=capture.captured_at,
        age_seconds=capture.age_seconds,
        form=capture.form,
        address=address.id,
        snapshot=snapshot,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "capture",
        transaction.at,
        capture=number,
        post=post,
        observation=observation,
        archive=capture.archive,
        captured=capture.captured_at,
        age_seconds=capture.age_seconds,
        form=capture.form,
        address=address.commitment,
        snapshot=snapshot,
        run=transaction.run,
    )
    return snapshot


def of_posts(connection: Connection, numbers: Collection[int]) -> dict[int, list[StoredCapture]]:
    """The captures of these posts, by post, the oldest capture first; posts without any are left out."""
    found: dict[int, list[StoredCapture]] = {}
    for part in portions(numbers):
        rows = connection.execute(
            select(captures).where(captures.c.post.in_(part)).order_by(captures.c.captured_at, captures.c.id)
        ).all()
        for row in rows:
            address = contents.get(connection, row.address)
            found.setdefault(row.post, []).append(_stored(row, address.decode() if address else ""))
    return found


def times(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[datetime, ...]]:
    """The moments for which captures of these posts speak, by post: what `judge` knows of them."""
    found: dict[int, list[datetime]] = {}
    for part in portions(numbers):
        for row in connection.execute(select(captures).where(captures.c.post.in_(part)).order_by(captures.c.id)):
            found.setdefault(row.post, []).append(_stored(row, "").speaks_for)
    return {post: tuple(sorted(set(each))) for post, each in found.items()}


def on_file(connection: Connection, post: int) -> set[tuple[datetime, str]]:
    """(when it was captured, which address) of each capture of a post: one is kept once."""
    return {(each.captured_at, each.address) for each in of_posts(connection, [post]).get(post, ())}


def asked(connection: Connection, endpoint: str) -> dict[int, Asked]:
    """How often an archive was asked about each post at this endpoint; posts that it never was are left out."""
    told = observations.c.reason.in_(sorted(TOLD))
    looks = observations.c
    rows = connection.execute(
        select(
            looks.subject_key,
            func.count().filter(told).label("times"),
            func.count().filter(~told, looks.attempt == 1).label("vain"),
            func.max(looks.received_at).filter(told).label("told_at"),
            func.max(looks.received_at).label("last_at"),
        )
        # The words of the index, so that it is used.
        .where(text(AT_ARCHIVES), looks.endpoint == endpoint, looks.reason.not_in(sorted(UNASKED)))
        .group_by(looks.subject_key)
    )
    return {int(row.subject_key): Asked(row.times, _time(row.told_at), row.vain, _time(row.last_at)) for row in rows}


def was_seen(connection: Connection, post: int) -> bool:
    """Whether we ever saw a post alive."""
    seen = connection.execute(select(post_states.c.last_seen_at).where(post_states.c.post == post))
    return seen.scalar_one() is not None


def never_seen(connection: Connection, platform: str, *, identified: bool, authors: Sequence[str] = ()) -> list[int]:
    """Numbers of the posts that we never saw alive and of which an archive may know more, oldest first.

    With an id: those that were looked at, and not merely in an outage. Without: those that an author and a day are
    known of, once their short links were asked, where they have any.
    """
    state = post_states.c
    where = [state.alias_of.is_(None), state.platform == platform, state.last_seen_at.is_(None), not_redacted()]
    where += posts.followed(authors)
    if identified:
        looked_at = and_(state.checks > 0, state.state != str(State.UNKNOWN))
        where += [state.native_id.is_not(None), or_(looked_at, state.checks >= LOOKS_BEFORE)]
    else:
        where += [state.native_id.is_(None), state.cited_handle.is_not(None), state.id_low.is_not(None)]
        where.append(or_(state.next_check_at.is_(None), state.checks > 0))
    return list(connection.execute(select(state.post).where(*where).order_by(state.post)).scalars())


def _stored(row: Any, address: str) -> StoredCapture:
    speaks_for = row.captured_at - timedelta(seconds=row.age_seconds)
    return StoredCapture(
        row.id,
        row.post,
        row.archive,
        row.captured_at,
        speaks_for,
        row.form,
        address,
        row.snapshot,
        row.observation,
    )


def _time(at: datetime | str | None) -> datetime | None:
    # An aggregate loses the column's type on some databases.
    return datetime.fromisoformat(at) if isinstance(at, str) else at
