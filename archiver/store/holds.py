"""Legal holds: posts of which nothing is redacted or thinned while one stands."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from archiver.model.redaction import Hold
from archiver.store import contents
from archiver.store.columns import add_row, portions
from archiver.store.tables import hold_ends, holds, post_states
from archiver.store.transaction import Transaction


def place(transaction: Transaction, post: int, *, reason: str, by: str) -> int:
    """Place a hold on a post. Returns its number."""
    connection = transaction.connection
    words = contents.put_json(connection, {"reason": reason, "by": by})
    line = transaction.ledger.next_number
    number = add_row(
        connection, holds, post=post, words=words.id, placed_at=transaction.at, run=transaction.run, ledger=line
    )
    transaction.ledger.append(
        "hold", transaction.at, hold=number, post=post, words=words.commitment, run=transaction.run
    )
    return number


def end(transaction: Transaction, post: int, *, reason: str, by: str) -> int:
    """End every hold that stands on a post. Returns how many there were."""
    connection = transaction.connection
    standing = [each.number for each in listed(connection) if each.post == post and each.ended_at is None]
    words = contents.put_json(connection, {"reason": reason, "by": by})
    for number in standing:
        line = transaction.ledger.next_number
        fields = {"words": words.id, "ended_at": transaction.at, "run": transaction.run, "ledger": line}
        add_row(connection, hold_ends, hold=number, **fields)
        transaction.ledger.append("hold_end", transaction.at, hold=number, words=words.commitment, run=transaction.run)
    return len(standing)


def listed(connection: Connection) -> list[Hold]:
    """Every hold, oldest first."""
    rows = connection.execute(
        select(holds, hold_ends.c.ended_at).outerjoin(hold_ends, hold_ends.c.hold == holds.c.id).order_by(holds.c.id)
    ).all()
    said = contents.get_json(connection, [row.words for row in rows])
    nothing: dict[str, str] = {}
    return [
        Hold(
            row.id,
            row.post,
            said.get(row.words, nothing).get("reason", ""),
            said.get(row.words, nothing).get("by", ""),
            row.placed_at,
            row.ended_at,
        )
        for row in rows
    ]


def held(connection: Connection, posts: Collection[int] | None = None) -> set[int]:
    """The posts, of these or of all, on which a hold stands: on them, or on what was joined into or with them."""
    standing = (
        select(holds.c.post).outerjoin(hold_ends, hold_ends.c.hold == holds.c.id).where(hold_ends.c.hold.is_(None))
    )
    direct = set(connection.execute(standing).scalars())
    if not direct:
        return set()
    found = set(direct)
    for part in portions(direct):
        rows = connection.execute(
            select(post_states.c.post, post_states.c.alias_of).where(
                post_states.c.post.in_(part) | post_states.c.alias_of.in_(part)
            )
        )
        for row in rows:
            found |= {row.post, row.alias_of} - {None}
    return found if posts is None else found & set(posts)
