"""How columns are written: the types of the archive's values, and the ways to declare a column and add a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Dialect, ForeignKey, Integer, MetaData, Table, Text, insert
from sqlalchemy.types import TypeDecorator

from archiver.clock import utc_text

_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, as `2026-01-02T03:04:05.000006Z`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A UTC day, as `2026-01-02`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value as text, in any script."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else "[]" if value == [] else _as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def add_row(connection: Connection, table: Table, **fields: Any) -> int:
    """Insert one row; returns its number. The statement is compiled once: the fields are bound, not written in."""
    key = connection.execute(insert(table), fields).inserted_primary_key
    return int(key[0]) if key else 0


def portions(keys: Iterable[Any], size: int = 1000) -> Iterator[list[Any]]:
    """The keys a list at a time, as many as one statement may well name."""
    whole = list(keys)
    return (whole[start : start + size] for start in range(0, len(whole), size))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def link_column(
    name: str, table: str, *, optional: bool = False, index: bool = False, primary: bool = False
) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{table}.id"), nullable=optional, index=index, primary_key=primary)


def time_column(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, UtcTime, nullable=optional)


def text_column(name: str, *, optional: bool = False, index: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional, index=index)


def number_column(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=optional)


def big_column(name: str) -> Column[int]:
    """An integer that outgrows 32 bits where a database tells them apart."""
    return Column(name, BigInteger, nullable=False)
