"""The ledger: append-only lines of RFC 8785 canonical JSON, each with the digest of the line before it.

`previous` is the SHA-256 of the line before, its newline included, so that `sha256sum` alone can walk the chain.
Lines hold integers, strings and lists of them: opaque numbers and commitments, never what somebody wrote.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archiver import digest
from archiver.clock import utc_text
from archiver.store.rows import add_rows
from archiver.store.tables import ledger

GENESIS = "sha256:" + "0" * 64
"""What the first line names as the one before."""

Line = tuple[str, datetime, dict[str, Any]]
"""Its kind, its time, and its fields."""

_SIMPLE = frozenset({int, str})


class Ledger:
    """The end of the chain within one writing transaction: the head is read inside it, so no line is lost."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        last = connection.execute(select(ledger.c.number, ledger.c.head).order_by(ledger.c.number.desc()).limit(1))
        row = last.first()
        self._number: int = row.number if row else 0
        self._head: str = row.head if row else GENESIS

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self._number

    @property
    def head(self) -> str:
        """Labelled digest of the last line, its newline included."""
        return self._head

    @property
    def next_number(self) -> int:
        """The number that the next line will have: a row that is about to be described can name it."""
        return self._number + 1

    def append(self, kind: str, at: datetime, **fields: Any) -> int:
        """Add one line; fields that are None are left out. Returns its number, from 1."""
        self.extend([(kind, at, fields)])
        return self._number

    def extend(self, lines: list[Line]) -> None:
        """Add these lines, in this order."""
        rows = [self._chained(kind, utc_text(at), fields) for kind, at, fields in lines]
        add_rows(self._connection, ledger, rows)

    def _chained(self, kind: str, at: str, fields: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        noun = {"number": self._number, "kind": kind, "at": at, "previous": self._head}
        for key, part in fields.items():
            if part is not None:
                noun[key] = part if type(part) in _SIMPLE else _plain(part)
        line = digest.canonical(noun)
        self._head = digest.of_bytes(line + b"\n")
        return {"number": self._number, "line": line.decode(), "head": self._head}


def _plain(part: Any) -> Any:
    if isinstance(part, datetime):
        return utc_text(part)
    if isinstance(part, list | tuple | set | frozenset):
        return [_plain(each) for each in part]
    return part
