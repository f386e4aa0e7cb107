"""A draft: rows, contents and lines of the ledger, gathered in memory and written a list a table.

The transaction holds the archive's only write lock, so a row has its number before it is inserted. Until they are
written, contents are named by their digests: in the columns that refer to `contents`, and in the fields of a line
that are called as in `COMMITTED`.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table

from archiver import digest
from archiver.store import contents
from archiver.store.contents import Content
from archiver.store.ledger import Line
from archiver.store.rows import add_rows, last_number
from archiver.store.tables import metadata
from archiver.store.transaction import Transaction

COMMITTED = ("content", "words", "context", "subject", "exchanges")
"""Fields of a ledger line that hold the commitment of a content, or lists of several."""

Row = dict[str, Any]

_ORDER = tuple(metadata.sorted_tables)


class Draft:
    """What a transaction is about to write. Between the first `add` and `write`, nobody else adds to those tables."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.kept: dict[str, Content] = {}
        """The contents by digest, once they are written."""
        self._wanted: dict[str, bytes] = {}
        self._rows: dict[Table, list[Row]] = {}
        self._lines: list[Line] = []
        self._last: dict[Table, int] = {}

    def keep(self, payload: bytes) -> str:
        """Have these bytes in `contents`; returns the digest that names them until then."""
        plain = digest.of_bytes(payload)
        self._wanted.setdefault(plain, payload)
        return plain

    def keep_json(self, noun: dict[str, Any]) -> str:
        """The same for a JSON value's canonical bytes."""
        return self.keep(digest.canonical(noun))

    def add(self, table: Table, row: Row) -> int:
        """Insert this row, which has all columns of the table but `id`; returns its number where it has one."""
        rows = self._rows.get(table)
        if rows is None:
            rows = self._rows[table] = []
            if "id" in table.c:
                self._last[table] = last_number(self.transaction.connection, table)
        rows.append(row)
        if table not in self._last:
            return 0
        self._last[table] = row["id"] = self._last[table] + 1
        return self._last[table]

    def line(self, kind: str, **fields: Any) -> None:
        """Add this line to the ledger, of the transaction's time and run."""
        self.line_at(kind, self.transaction.at, **fields, run=self.transaction.run)

    def line_at(self, kind: str, at: datetime, **fields: Any) -> None:
        """Add this line to the ledger, of its own time."""
        self._lines.append((kind, at, fields))

    def write(self) -> None:
        """Write it all, what is named before what names it."""
        connection = self.transaction.connection
        self.kept = contents.put_all(connection, self._wanted)
        for table in _ORDER:
            rows = self._rows.get(table, [])
            for name in _naming(table) if rows else ():
                for row in rows:
                    row[name] = self.kept[row[name]].id if row[name] is not None else None
            add_rows(connection, table, rows)
        for _, _, fields in self._lines:
            for name in COMMITTED:
                if name in fields:
                    fields[name] = self._committed(fields[name])
        self.transaction.ledger.extend(self._lines)

    def _committed(self, named: Any) -> Any:
        """The commitment of a content; of several, a word each. A subject may be a post's number: it stays."""
        if isinstance(named, list):
            return [" ".join(self.kept[each].commitment for each in part) for part in named]
        return named if isinstance(named, int) else self.kept[named].commitment


@cache
def _naming(table: Table) -> list[str]:
    """The columns that name a content."""
    return [key.parent.name for key in table.foreign_keys if key.target_fullname == "contents.id"]
