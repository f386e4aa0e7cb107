"""Listings on standard output: a table for people, JSON Lines and CSV for programs."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from archiver.audit import cells
from archiver.cli.terminal import escaped, exact_line, one_line, say, shorten, term

FORMATS = ("table", "jsonl", "csv")

WIDTH_IN_PIPE = 200
"""Cells of a table that no terminal bounds; COLUMNS says otherwise."""
NARROWEST_TEXT, WIDEST_TEXT = 16, 60
NARROWEST_FOLD = 22
GAP = 3
"""Cells between two columns."""

Record = dict[str, Any]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column of a table."""

    title: str
    cell: Callable[[R], str]
    wraps: bool = False
    """Whether it may be folded in a narrow terminal."""
    is_text: bool = False
    """Whether it is cut to the room that is left."""
    spare: int = 0
    """In a narrow terminal the highest are left out first; 0 stays."""


@dataclass(frozen=True, slots=True)
class Shape(Generic[R]):
    """How a noun is listed."""

    noun: str
    """In the plural, for "no posts"."""
    columns: Sequence[Column[R]]
    keys: Sequence[str]
    """Of a JSON line and of the CSV, in order."""
    record: Callable[[R], Record]
    """A JSON value; holds every key."""


def chosen_format(asked: str | None) -> str:
    """The format asked for; without one a table on a terminal and JSON Lines into a pipe or file."""
    return asked or ("table" if sys.stdout.isatty() else "jsonl")


def write(rows: Iterable[R], shape: Shape[R], asked: str | None, *, colour: bool) -> None:
    """List the rows; JSON Lines and CSV are streamed."""
    chosen = chosen_format(asked)
    if chosen == "table":
        write_table(list(rows), shape, colour=colour)
    elif chosen == "csv":
        write_csv(shape.keys, (shape.record(row) for row in rows))
    else:
        for row in rows:
            record = shape.record(row)
            write_json({key: record[key] for key in shape.keys})


def write_deeds(records: Iterable[Record], prose: Iterable[str], asked: str | None) -> None:
    """What a command did: lines of prose instead of a table, else the records. They are alike, and at least one."""
    chosen = chosen_format(asked)
    if chosen == "table":
        for line in prose:
            sys.stdout.write(exact_line(line) + "\n")
    elif chosen == "csv":
        listed = list(records)
        write_csv(tuple(listed[0]), listed)
    else:
        for record in records:
            write_json(record)


def write_json(record: Record) -> None:
    """One JSON line."""
    sys.stdout.write(json_line(record) + "\n")


def write_csv(keys: Sequence[str], records: Iterable[Record]) -> None:
    """A header and a line for each record; no cell is a formula, none commands a terminal."""
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(keys)
    for record in records:
        writer.writerow([cells.safe(term(_cell(record[key]))) for key in keys])


def write_table(rows: Sequence[R], shape: Shape[R], *, colour: bool) -> None:
    """A table as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(f"no {shape.noun}")
        return
    width = table_width()
    columns, natural = _fitting(rows, shape.columns, width)
    room = width - sum(taken + GAP for column, taken in zip(columns, natural, strict=True) if not column.is_text)
    room = max(NARROWEST_TEXT, min(WIDEST_TEXT, room))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold" if colour else "none")
    for column in columns:
        overflow: Literal["ellipsis", "fold"] = "ellipsis" if column.is_text else "fold"
        table.add_column(Text(column.title), no_wrap=not column.wraps, overflow=overflow)
    for row in rows:
        cells_of_row = ((column, one_line(column.cell(row))) for column in columns)
        table.add_row(*(Text(shorten(cell, room) if column.is_text else cell) for column, cell in cells_of_row))
    console = Console(file=sys.stdout, width=width, markup=False, emoji=False, highlight=False, no_color=not colour)
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def table_width() -> int:
    """Cells that a line may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _columns() or WIDTH_IN_PIPE


def json_line(record: Any) -> str:
    r"""A JSON value on one line, in UTF-8's own letters; only what a terminal must not see is written as \uXXXX."""
    return escaped(json.dumps(record, ensure_ascii=False), _json_escape)


def json_time(at: datetime | None) -> str | None:
    """An instant as JSON has it: ISO 8601 in UTC, ending in "Z"."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def _json_escape(character: str) -> str:
    # json.dumps leaves DEL alone even where it writes ASCII only.
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def _cell(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, list):
        return " | ".join(_cell_of_list(each) for each in part)
    if isinstance(part, bool):
        return "true" if part else "false"
    return str(part)


def _cell_of_list(each: Any) -> str:
    if not isinstance(each, dict):
        return str(each)
    if each.keys() == {"url", "text"}:
        return str(each["url"]) if each["url"] == each["text"] else f"{each['text']} -> {each['url']}"
    return json.dumps(each, ensure_ascii=False)


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    return int(given) if re.fullmatch(r"[1-9][0-9]{1,3}", given) else 0


def _fitting(rows: Sequence[R], columns: Sequence[Column[R]], width: int) -> tuple[list[Column[R]], list[int]]:
    """The columns for which there is room, folded where they may be, and how many cells each would like."""
    from rich.cells import cell_len

    natural = {}
    for column in columns:
        natural[column.title] = max(cell_len(column.title), *(cell_len(one_line(column.cell(row))) for row in rows))
    kept = list(columns)
    while sum(_least(column, natural[column.title]) + GAP for column in kept) - GAP > width:
        most_spare = max(kept, key=lambda column: column.spare)
        if not most_spare.spare:
            break
        kept.remove(most_spare)
    return kept, [natural[column.title] for column in kept]


def _least(column: Column[R], natural: int) -> int:
    if column.is_text:
        return NARROWEST_TEXT
    return min(natural, NARROWEST_FOLD) if column.wraps else natural
