"""Places that could not be read: every failure as history, and which of them stand now.

What stands within a container is met once and not again while the container stays as it is, so that it would be
forgotten if nothing were kept of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, delete, select

from archiver.model.article import Unread
from archiver.model.unread import UnreadListing
from archiver.store.columns import add_row, portions
from archiver.store.rows import add_rows
from archiver.store.tables import article_failures, unread_states
from archiver.store.transaction import Transaction


def save(transaction: Transaction, source: str, unread: Unread) -> None:
    """Store that a place could not be read; what is on file already and fails as it did is only met once more."""
    connection = transaction.connection
    state = unread_states.c
    here = (state.source == source, state.location == unread.location)
    known = connection.execute(select(unread_states).where(*here)).one_or_none()
    said = {"reason": unread.reason, "message": unread.message}
    if known is None or (known.reason, known.message) != (unread.reason, unread.message):
        failure = {"source": source, "location": unread.location, "failed_at": transaction.at, "run": transaction.run}
        add_row(connection, article_failures, **failure, **said)
    connection.execute(delete(unread_states).where(*here))
    since = known.failed_at if known else transaction.at
    times = {"failed_at": since, "last_failed_at": transaction.at}
    add_rows(connection, unread_states, [{"source": source, "location": unread.location, **said, **times}])


def standing(connection: Connection, source: str) -> list[str]:
    """The locations in a source that could not be read when they were met last."""
    query = select(unread_states.c.location).where(unread_states.c.source == source)
    return list(connection.execute(query.order_by(unread_states.c.location)).scalars())


def forget(transaction: Transaction, source: str, locations: Collection[str]) -> None:
    """Places that can be read now, or are no longer there."""
    state = unread_states.c
    for part in portions(locations):
        transaction.connection.execute(delete(unread_states).where(state.source == source, state.location.in_(part)))


def list_unread(connection: Connection) -> Iterator[UnreadListing]:
    """The places that could not be read when they were met last, by source and location."""
    for row in connection.execute(select(unread_states).order_by(unread_states.c.source, unread_states.c.location)):
        yield UnreadListing(row.source, row.location, row.reason, row.message, row.failed_at, row.last_failed_at)
