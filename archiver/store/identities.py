"""Identifications and joinings: how our numbers came to their ids at the platforms."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, or_, select, update

from archiver.store.columns import add_row, portions
from archiver.store.draft import Draft
from archiver.store.tables import aliases, identifications, post_states
from archiver.store.transaction import Transaction


def append(draft: Draft, number: int, platform: str, host: str | None, native_id: str, how: str) -> None:
    """A post's id was found."""
    said = {"post": number, "platform": platform, "host": host or "", "native_id": native_id}
    content = draft.keep_json(said)
    found = {"how": how, "identified_at": draft.transaction.at, "run": draft.transaction.run}
    row = draft.add(identifications, said | found | {"host": host})
    draft.line("identification", identification=row, post=number, content=content, how=how)


def former_ids(connection: Connection, numbers: Collection[int]) -> dict[int, set[str]]:
    """The ids by which these posts are or were known, by number; posts that always had one are left out."""
    found: dict[int, set[str]] = {}
    for part in portions(numbers):
        query = select(identifications.c.post, identifications.c.native_id).where(identifications.c.post.in_(part))
        for row in connection.execute(query):
            found.setdefault(row.post, set()).add(row.native_id)
    return {post: ids for post, ids in found.items() if len(ids) > 1}


def join(transaction: Transaction, number: int, into: int) -> None:
    """`number` was found to be `into`: both numbers lead to one post for ever."""
    connection = transaction.connection
    moved = or_(post_states.c.post == number, post_states.c.alias_of == number)
    connection.execute(update(post_states).where(moved).values(alias_of=into, next_check_at=None))
    add_row(connection, aliases, post=number, into=into, joined_at=transaction.at, run=transaction.run)
    transaction.ledger.append("joined", transaction.at, post=number, into=into, run=transaction.run)


def joined(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """Each of these posts and every one that was joined into it, with the post that it now is."""
    found = {number: number for number in numbers}
    newest = list(found)
    while newest:
        rows = [
            row
            for part in portions(newest)
            for row in connection.execute(select(aliases.c.post, aliases.c.into).where(aliases.c.into.in_(part)))
        ]
        # Posts are joined in chains: p1 into p2, and later p2 into p3.
        found |= {row.post: found[row.into] for row in rows}
        newest = [row.post for row in rows]
    return found
