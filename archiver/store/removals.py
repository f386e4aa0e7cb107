"""Emptying contents: what was said goes; its number, its commitment and the line that says why stay for ever."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, LargeBinary, func, literal, select, text, update

from archiver.store import contents
from archiver.store import search as index
from archiver.store.columns import portions
from archiver.store.contents import REMOVED
from archiver.store.rows import add_rows
from archiver.store.tables import content_removals, snapshots
from archiver.store.tables import contents as content_rows
from archiver.store.transaction import Transaction

Kind = Literal["redaction", "thinning"]
_LINE = 1000
"""Most contents that one ledger line names."""


def remove(transaction: Transaction, content_ids: Collection[int], kind: Kind, **fields: Any) -> int:
    """Empty these contents, with lines of the ledger that name each with its commitment. Returns how many bytes went.

    `fields` stand in each line. Contents that are empty already are passed over.
    """
    connection, gone = transaction.connection, 0
    for part in portions(sorted(content_ids), _LINE):
        rows = connection.execute(
            select(content_rows.c.id, content_rows.c.commitment, content_rows.c.size)
            .where(content_rows.c.id.in_(part), content_rows.c.codec != REMOVED)
            .order_by(content_rows.c.id)
        ).all()
        if rows:
            _empty(transaction, rows, kind, fields)
            gone += sum(row.size for row in rows)
    return gone


def _empty(transaction: Transaction, rows: Sequence[Any], kind: Kind, fields: dict[str, Any]) -> None:
    connection, ids = transaction.connection, [row.id for row in rows]
    named = {"contents": ids, "commitments": [row.commitment for row in rows]}
    line = transaction.ledger.append(kind, transaction.at, **named, **fields, run=transaction.run)
    removal = {"kind": kind, "ledger": line, "removed_at": transaction.at}
    add_rows(connection, content_removals, [{"content": each, **removal} for each in ids])
    nothing = literal(b"", LargeBinary)
    connection.execute(
        update(content_rows)
        .where(content_rows.c.id.in_(ids))
        .values(nonce=nothing, packed=nothing, digest="", size=0, codec=REMOVED)
    )


def forget_words(connection: Connection, posts: Collection[int]) -> None:
    """Take the words of these posts out of the search index, and out of the pages where it had them."""
    for post in posts:
        connection.execute(text("DELETE FROM search WHERE post = :post"), {"post": post})
    rewrite_index(connection)


def index_again(connection: Connection, post: int) -> None:
    """Index what is left of a post's snapshots; `rewrite_index` when all is done."""
    connection.execute(text("DELETE FROM search WHERE post = :post AND kind = 'snapshot'"), {"post": post})
    rows = connection.execute(select(snapshots.c.content).where(snapshots.c.post == post)).scalars().all()
    for said in contents.get_json(connection, rows).values():
        index.add(connection, post, "snapshot", f"{said['text']}\n{said.get('author_name') or ''}")


def rewrite_index(connection: Connection) -> None:
    """A deleted row leaves its words in the index until that is written anew."""
    connection.execute(text("INSERT INTO search(search) VALUES('rebuild')"))


def search(
    connection: Connection,
    is_wanted: Callable[[bytes], bool],
    passed_over: Collection[int],
    progress: Callable[[int, int], None] | None = None,
) -> set[int]:
    """The contents, beside those passed over, whose bytes are wanted. Every one is read."""
    total = int(connection.execute(select(func.count()).select_from(content_rows)).scalar_one())
    found: set[int] = set()
    last = done = 0
    while rows := contents.portion(connection, last):
        found |= {number for number, payload in rows if number not in passed_over and is_wanted(payload)}
        last, done = rows[-1][0], done + len(rows)
        if progress is not None:
            progress(done, total)
    return found
