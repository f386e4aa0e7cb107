"""Many rows in one statement. They go to the driver column by column converted: SQLAlchemy's own way takes twice as
long, and both a scan and a check wait for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator


def add_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, each with all its columns."""
    if rows:
        _execute_many(connection, _insertion(table), rows)


def replace_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert these rows, in place of those of the same key. For projections only."""
    if rows:
        _execute_many(connection, _insertion(table, "OR REPLACE"), rows)


def update_rows(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the columns of many rows, each named by its key; all rows name the same columns. For projections only."""
    if rows:
        _execute_many(connection, _updating(table, key, tuple(name for name in rows[0] if name != key)), rows)


class _Statement(NamedTuple):
    """A statement for many rows."""

    text: str
    names: tuple[str, ...]
    """The columns in the order in which they are bound."""
    conversions: list[tuple[int, Callable[[Any], Any]]]
    """How those are converted whose type is our own, by place."""


def _execute_many(connection: Connection, statement: _Statement, rows: Sequence[Mapping[str, Any]]) -> None:
    columns: list[Sequence[Any]] = list(zip(*map(itemgetter(*statement.names), rows), strict=True))
    for place, convert in statement.conversions:
        columns[place] = [None if part is None else convert(part) for part in columns[place]]
    connection.exec_driver_sql(statement.text, list(zip(*columns, strict=True)))


@cache
def _insertion(table: Table, how: str = "") -> _Statement:
    statement = insert(table).prefix_with(how) if how else insert(table)
    dialect = sqlite.dialect(paramstyle="qmark")
    names = tuple(column.name for column in table.columns)
    return _Statement(str(statement.compile(dialect=dialect)), names, _conversions(table, names))


@cache
def _updating(table: Table, key: str, names: tuple[str, ...]) -> _Statement:
    named = f"the_{key}"
    statement = update(table).where(table.c[key] == bindparam(named)).values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    bound = tuple(key if name == named else name for name in compiled.positiontup or ())
    return _Statement(str(compiled), bound, _conversions(table, bound))


def _conversions(table: Table, names: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
    dialect = sqlite.dialect(paramstyle="qmark")
    types = [(place, table.c[name].type) for place, name in enumerate(names)]
    return [
        (place, partial(kind.process_bind_param, dialect=dialect))
        for place, kind in types
        if isinstance(kind, TypeDecorator)
    ]


def last_number(connection: Connection, table: Table) -> int:
    """The highest number that a row of the table was ever given, as far as any may have been removed; 0 for none."""
    if table.dialect_options["sqlite"]["autoincrement"]:
        given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar()
        return int(given or 0)
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)
