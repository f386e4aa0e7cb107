"""Seals: each transaction's last ledger line commits to every row of history that the transaction added.

Other lines tell what happened in words; this one ("rows") binds every column of every row, so that nothing can be
edited, taken out or slipped in behind the triggers without being found. Its field `sealed` names the rows, as
"embeds 4-9,12", and `commitment` is `sha256(nonce ‖ bytes)` with the nonce in `seals`; the bytes are, for each entry
of `sealed`, the table's name and a line of canonical JSON for each row, without its empty columns: a column that a
later schema adds changes nothing here. Of a content it is number and commitment, which outlive a redaction.

Triggers of the connection's own (TEMP) note which rows are new: whoever inserts, by whatever way, is seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, select

from archiver import digest
from archiver.store import tables
from archiver.store.columns import add_row
from archiver.store.ledger import Ledger
from archiver.store.tables import content_removals, contents, ledger, metadata, seals

KIND = "rows"
_OUTSIDE = frozenset({"ledger", "seals"})
"""The chain holds the ledger together, and a seal cannot seal itself."""
_AT_ONCE = 1000
_TRIGGER = """CREATE TEMP TRIGGER fresh_{name} AFTER INSERT ON main.{name}
    BEGIN INSERT INTO fresh VALUES ('{name}', NEW.{key}); END"""

Span = tuple[int, int]


@cache
def sealed_tables() -> dict[str, Table]:
    """The tables whose rows are sealed, by name: all of history that is numbered, and contents.

    Rows without a number of their own (`batch_classes`) are told whole in other lines.
    """
    names = sorted(set(tables.HISTORY + tables.CONTENTS) - _OUTSIDE)
    return {name: metadata.tables[name] for name in names if len(metadata.tables[name].primary_key.columns) == 1}


def watch(connection: Connection) -> None:
    """Note from now on which rows this connection adds."""
    known = connection.exec_driver_sql("SELECT 1 FROM temp.sqlite_master WHERE name = 'fresh'").first()
    if known is not None:
        connection.exec_driver_sql("DELETE FROM temp.fresh")
        return
    connection.exec_driver_sql("CREATE TEMP TABLE fresh (name TEXT NOT NULL, number INTEGER NOT NULL)")
    for name in sealed_tables():
        connection.exec_driver_sql(_TRIGGER.format(name=name, key=_key(name).name))


def seal(connection: Connection, chained: Ledger, at: datetime) -> None:
    """Commit to the rows that are new since `watch`; in an archive that has no seal yet, to all there are."""
    spans = _fresh(connection) if _has_seal(connection) else _all(connection)
    if not spans:
        return
    nonce = digest.nonce()
    number = add_row(connection, seals, nonce=nonce, ledger=chained.next_number)
    chained.append(
        KIND,
        at,
        seal=number,
        sealed=[f"{name} {_written(parts)}" for name, parts in spans.items()],
        commitment=_commitment(
            nonce, (line for name, parts in spans.items() for line in _lines(connection, name, parts))
        ),
    )


def count(sealed: Iterable[str]) -> Iterator[tuple[str, int]]:
    """(table, number of rows) of each entry. Raises ValueError for what is no such entry."""
    for name, spans in map(_read, sealed):
        yield name, sum(last - first + 1 for first, last in spans)


def holds(connection: Connection, number: int, line: int, sealed: Iterable[str], commitment: str) -> bool:
    """Whether the rows that a seal names are those that it committed to. Raises ValueError for what is no seal."""
    row = connection.execute(select(seals.c.nonce, seals.c.ledger).where(seals.c.id == number)).first()
    lines = chain.from_iterable(_lines(connection, name, spans) for name, spans in map(_read, sealed))
    return row is not None and row.ledger == line and _commitment(row.nonce, lines) == commitment


def _has_seal(connection: Connection) -> bool:
    return connection.execute(select(seals.c.id).limit(1)).first() is not None


def _fresh(connection: Connection) -> dict[str, list[Span]]:
    rows = connection.exec_driver_sql("SELECT name, number FROM temp.fresh ORDER BY name, number")
    return _spans((name, number) for name, number in rows)


def _all(connection: Connection) -> dict[str, list[Span]]:
    return _spans((name, number) for name in sealed_tables() for number in _numbers(connection, name))


def _numbers(connection: Connection, name: str) -> Iterator[int]:
    for (number,) in _raw(connection, select(_key(name)).order_by(_key(name))):
        yield number


def _spans(rows: Iterable[tuple[str, int]]) -> dict[str, list[Span]]:
    """Numbers in order, as unbroken spans."""
    found: dict[str, list[Span]] = {}
    for name, number in rows:
        spans = found.setdefault(name, [])
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return found


def _written(spans: Iterable[Span]) -> str:
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def _read(entry: str) -> tuple[str, list[Span]]:
    name, _, spans = entry.partition(" ")
    if name not in sealed_tables():
        raise ValueError(f"{name} is no table that is sealed")
    pairs = [part.partition("-")[::2] for part in spans.split(",")]
    return name, [(int(first), int(last or first)) for first, last in pairs]


def _commitment(nonce: bytes, lines: Iterable[bytes]) -> str:
    hashed = hashlib.sha256(nonce)
    for line in lines:
        hashed.update(line)
    return f"sha256:{hashed.hexdigest()}"


def _lines(connection: Connection, name: str, spans: Iterable[Span]) -> Iterator[bytes]:
    """The table's name, and a line for each row."""
    yield f"{name}\n".encode()
    for span in spans:
        yield from _contents(connection, span) if name in tables.CONTENTS else _rows(connection, name, span)


def _rows(connection: Connection, name: str, span: Span) -> Iterator[bytes]:
    columns, key = list(metadata.tables[name].c), _key(name)
    # SQLAlchemy's names are of a class of its own, for which `canonical` would take its slow way.
    names = [str(column.name) for column in columns]
    for row in _raw(connection, select(*columns).where(key.between(*span)).order_by(key)):
        told = {column: _plain(part) for column, part in zip(names, row, strict=True) if part is not None}
        yield digest.canonical(told) + b"\n"


def _plain(part: Any) -> Any:
    return part.hex() if isinstance(part, bytes) else part


def _contents(connection: Connection, span: Span) -> Iterator[bytes]:
    wanted = span[0]
    query = select(contents.c.id, contents.c.commitment).where(contents.c.id.between(*span)).order_by(contents.c.id)
    for number, commitment in chain(_raw(connection, query), [(span[1] + 1, None)]):
        for gone in range(wanted, number):
            yield _content(gone, removed_commitment(connection, gone))
        wanted = number + 1
        if commitment is not None:
            yield _content(number, commitment)


def _content(number: int, commitment: str | None) -> bytes:
    return digest.canonical({"id": number, "commitment": commitment}) + b"\n"


def removed_commitment(connection: Connection, number: int) -> str | None:
    """The commitment of a content that was removed, by the ledger line that says so; None where none does.

    Such a line lists the numbers of `contents` and, in the same order, their `commitments`.
    """
    query = select(ledger.c.line).join(content_removals, content_removals.c.ledger == ledger.c.number)
    line = connection.execute(query.where(content_removals.c.content == number)).scalar()
    told = json.loads(line) if line else {}
    listed = dict(zip(told.get("contents", ()), told.get("commitments", ()), strict=False))
    return listed.get(number)


def _raw(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """Rows as the database has them: no type of ours stands between."""
    cursor = connection.execute(query).cursor
    while cursor is not None and (rows := cursor.fetchmany(_AT_ONCE)):
        yield from rows


@cache
def _key(name: str) -> Column[Any]:
    (column,) = metadata.tables[name].primary_key.columns
    return column
