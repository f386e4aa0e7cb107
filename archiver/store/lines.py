"""Lines of the ledger as they are stored, and which of them tells of a row."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select

from archiver.store.columns import portions
from archiver.store.tables import ledger

TELLS_OF = {
    "batch": "batch",
    "embed": "embed",
    "embed_closed": "embed",
    "identification": "identification",
    "quotation_cut": "cut",
    "joined": "post",
    "article_read": "version",
}
"""Kinds of lines that the row which they tell of does not name, and the field that names the row."""

_KIND = re.compile(r'"kind":"([a-z_]+)"')
_ROW = {kind: re.compile(rf'"{field}":([0-9]+)') for kind, field in TELLS_OF.items()}


class LineNumbers:
    """Which line tells of a row; eight bytes for each row."""

    def __init__(self) -> None:
        self._lines = {kind: array("q") for kind in TELLS_OF}

    def take(self, number: int, line: str) -> None:
        """Note what a line tells of."""
        kind = _KIND.search(line)
        told = kind and kind[1] in _ROW and _ROW[kind[1]].search(line)
        if not kind or not told:
            return
        lines, row = self._lines[kind[1]], int(told[1])
        if row >= len(lines):
            lines.extend([0] * (row + 1 - len(lines)))
        lines[row] = number

    def of(self, kind: str, row: int) -> int | None:
        """The number of the line of this kind about this row; None where there is none."""
        lines = self._lines[kind]
        return (lines[row] or None) if row < len(lines) else None


def walk(connection: Connection) -> Iterator[tuple[int, str]]:
    """Every line with its number, in order, not all in memory at once."""
    query = select(ledger.c.number, ledger.c.line).order_by(ledger.c.number)
    yield from (tuple(row) for row in connection.execute(query.execution_options(yield_per=1000)))


def load(connection: Connection, numbers: Iterable[int | None]) -> dict[int, str]:
    """These lines, by number; None is passed over."""
    found: dict[int, str] = {}
    for part in portions(sorted({number for number in numbers if number is not None})):
        for number, line in connection.execute(select(ledger.c.number, ledger.c.line).where(ledger.c.number.in_(part))):
            found[number] = line
    return found


def last(connection: Connection) -> int:
    """How many lines there are."""
    return int(connection.execute(select(func.max(ledger.c.number))).scalar() or 0)
