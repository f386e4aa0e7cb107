"""Identifications and joinings: how our numbers came to their ids at the platforms."""

from __future__ import annotations

from sqlalchemy import or_, update

from archiver.store import contents
from archiver.store.tables import add_row, aliases, identifications, post_states
from archiver.store.transaction import Transaction


def append(transaction: Transaction, number: int, platform: str, host: str | None, native_id: str, how: str) -> None:
    """A post's id was found."""
    row = add_row(
        transaction.connection,
        identifications,
        post=number,
        platform=platform,
        host=host,
        native_id=native_id,
        how=how,
        identified_at=transaction.at,
        run=transaction.run,
    )
    content = contents.put_json(
        transaction.connection, {"post": number, "platform": platform, "host": host or "", "native_id": native_id}
    )
    transaction.ledger.append(
        "identification",
        transaction.at,
        identification=row,
        post=number,
        content=content.commitment,
        how=how,
        run=transaction.run,
    )


def join(transaction: Transaction, number: int, into: int) -> None:
    """`number` was found to be `into`: both numbers lead to one post for ever."""
    connection = transaction.connection
    moved = or_(post_states.c.post == number, post_states.c.alias_of == number)
    connection.execute(update(post_states).where(moved).values(alias_of=into, next_check_at=None))
    add_row(connection, aliases, post=number, into=into, joined_at=transaction.at, run=transaction.run)
    transaction.ledger.append("joined", transaction.at, post=number, into=into, run=transaction.run)
