"""Runs, and the writing transaction that everything stored goes through."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from archiver import __version__
from archiver.clock import Clock
from archiver.store import anchor, seals
from archiver.store.anchor import Anchor
from archiver.store.columns import add_row
from archiver.store.engine import Database, refuse_other_schema, schema_of
from archiver.store.ledger import Ledger
from archiver.store.tables import run_ends, runs

Reader = Connection
"""One state of the archive, to be read: what `Store.reading` hands out."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the rooms' writing functions are handed."""

    connection: Connection
    ledger: Ledger
    run: int
    at: datetime
    """The time of everything in it that has no time of its own."""


class Store:
    """The archive's database with the clock that stamps it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self._clock = clock

    @contextlib.contextmanager
    def writing(self, run: int) -> Iterator[Transaction]:
        """One transaction, whole or not at all; the anchor is written before it returns."""
        with self._appending() as (connection, ledger, at):
            yield Transaction(connection, ledger, run, at)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the archive. Raises DataRefusedError for another schema: readers never migrate."""
        with self.database.reading() as connection:
            refuse_other_schema(self.database.path, schema_of(connection))
            yield connection

    @contextlib.contextmanager
    def _appending(self) -> Iterator[tuple[Connection, Ledger, datetime]]:
        with self.database.writing() as connection:
            ledger, at = Ledger(connection), self._clock.now()
            lines = ledger.lines
            seals.watch(connection)
            yield connection, ledger, at
            seals.seal(connection, ledger, at)
        if ledger.lines > lines:
            anchor.write(self.database, Anchor(ledger.lines, ledger.head))

    @contextlib.contextmanager
    def run(
        self, kind: str, configuration_digest: str | None = None, also: Callable[[Transaction], None] | None = None
    ) -> Iterator[OpenRun]:
        """One invocation: its start is stored at once (`also` stores in the same transaction), its end with what it
        counted."""
        with self._appending() as (connection, ledger, at):
            row = add_row(
                connection,
                runs,
                kind=kind,
                started_at=at,
                version=__version__,
                boot_id=self._clock.boot_id,
                configuration_digest=configuration_digest,
            )
            opened = OpenRun(row, {})
            ledger.append(
                "run", at, run=opened.id, purpose=kind, version=__version__, configuration=configuration_digest
            )
            if also is not None:
                also(Transaction(connection, ledger, opened.id, at))
        try:
            yield opened
        except Exception:
            opened.count("failed")
            raise
        finally:
            with self._appending() as (connection, ledger, at):
                add_row(connection, run_ends, run=opened.id, ended_at=at, summary=opened.summary)
                ledger.append("run_end", at, run=opened.id)


@dataclass(slots=True)
class OpenRun:
    """A run that goes on."""

    id: int
    summary: dict[str, int]
    """What it counts, by name; stored at its end."""

    def count(self, name: str, by: int = 1) -> None:
        self.summary[name] = self.summary.get(name, 0) + by
