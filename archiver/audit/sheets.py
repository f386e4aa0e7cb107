"""Tables of records: CSV, JSON Lines and spreadsheets, written row by row and brought to the disk.

What came from outside starts no formula: not in a CSV (see `cells`), and in a spreadsheet every cell is text.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.audit import cells
from archiver.audit.records import COLUMNS, cell
from archiver.errors import StorageError

Add = Callable[[dict[str, Any]], None]
Columns = Sequence[str]
MOST_ROWS = 1_000_000
"""Rows of one sheet, heading apart: a spreadsheet has no more than 1,048,576."""
MOST_CHARACTERS = 32_767
"""Of one cell of a spreadsheet."""
CUT = " [cut here: the whole text stands in the CSV]"
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""When a spreadsheet was made, where nobody says: the same records give the same bytes."""

_WIDTHS = {"text": 60, "statement": 80, "links": 40, "articles": 50, "permalink": 40, "snapshot_digests": 30}


@contextlib.contextmanager
def jsonl(path: Path, columns: Columns = COLUMNS, made_at: datetime | None = None) -> Iterator[Add]:
    """A line for each record, its keys in the order of the columns."""
    with path.open("w", encoding="utf-8", newline="") as file:

        def add(record: dict[str, Any]) -> None:
            file.write(json.dumps({key: record[key] for key in columns}, ensure_ascii=False) + "\n")

        yield add
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def csv_table(path: Path, columns: Columns = COLUMNS, made_at: datetime | None = None) -> Iterator[Add]:
    """All cells quoted, none of them a formula."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)

        def add(record: dict[str, Any]) -> None:
            writer.writerow([cells.safe(cell(record[key])) for key in columns])

        yield add
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def spreadsheet(path: Path, columns: Columns = COLUMNS, made_at: datetime | None = None) -> Iterator[Add]:
    """One sheet, more where the rows do not fit; every cell is text, ids and times too."""
    # Imported here: no other command needs it.
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), "in_memory": False})
    try:
        book.set_properties({"created": (made_at or UNDATED).replace(tzinfo=None), "comments": "embed-archiver"})
        yield _Sheets(book, columns).add
    except BaseException:
        _abandon(book)
        raise
    try:
        book.close()
    except FileCreateError as error:
        raise _refused(path, error) from error
    with path.open("rb") as file:
        os.fsync(file.fileno())


class _Sheets:
    """The sheets of a workbook, row by row."""

    def __init__(self, book: Any, columns: Columns) -> None:
        self._book, self._columns = book, columns
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        # A quoted cell stays text even where somebody edits it.
        self._text = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
        self._rows = MOST_ROWS
        self._open()

    def add(self, record: dict[str, Any]) -> None:
        if self._rows == MOST_ROWS:
            self._open()
        self._rows += 1
        for column, key in enumerate(self._columns):
            words = cell(record[key])
            if len(words) > MOST_CHARACTERS:
                words = words[: MOST_CHARACTERS - len(CUT)] + CUT
            self._sheet.write_string(self._rows, column, words, self._text)

    def _open(self) -> None:
        self._rows = 0
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 2)
        for column, key in enumerate(self._columns):
            self._sheet.set_column(column, column, _WIDTHS.get(key, 22))
            self._sheet.write_string(0, column, key.replace("_", " "), self._head)


def _abandon(book: Any) -> None:
    """Let go of a workbook that nobody will read, and of what it has written beside its file."""
    for sheet in book.worksheets():
        with contextlib.suppress(OSError, AttributeError):
            sheet.row_data_fh.close()
            os.unlink(sheet.row_data_filename)
    book.fileclosed = True


def _refused(path: Path, error: Exception) -> StorageError:
    origin = error.args[0] if error.args else error
    return StorageError(f"{path}: {getattr(origin, 'strerror', None) or origin}")


BY_SUFFIX: dict[str, Callable[[Path], AbstractContextManager[Add]]] = {
    ".csv": csv_table,
    ".xlsx": spreadsheet,
    ".jsonl": jsonl,
}
