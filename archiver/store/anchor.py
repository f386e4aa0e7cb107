"""The anchor: a file beside the database that says how long the ledger was and how it ended.

    4711 sha256:…

It is written after every commit that added lines, before anything is reported. A database that was restored from an
older copy, or lost its newest rows with a damaged write-ahead log, is sound to SQLite: only this tells. An anchor that
is older than the ledger is as it should be after a kill between commit and anchor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archiver.errors import DataRefusedError, StorageError
from archiver.store.engine import Database
from archiver.store.ledger import GENESIS
from archiver.store.tables import ledger

FILE_NAME = "archive.anchor"
UNREADABLE = "unreadable"
"""What stands for the head in an anchor that could not be read."""
_WRITTEN = re.compile(rb"([1-9][0-9]{0,15}) (sha256:[0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the ledger stood."""

    lines: int
    head: str


def write(database: Database, anchor: Anchor) -> None:
    """Let the file say so, durably. Raises StorageError; what was committed stays."""
    database.put_file(FILE_NAME, f"{anchor.lines} {anchor.head}\n".encode())


def read(database: Database) -> Anchor | None:
    """What the file says; None where there is none. Raises DataRefusedError for a file that says nothing readable."""
    path = database.folder / FILE_NAME
    try:
        written = _WRITTEN.fullmatch(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from None
    if written is None:
        raise DataRefusedError(f"{path}: damaged: it does not say how many lines the ledger had, and how it ended")
    return Anchor(int(written[1]), written[2].decode())


def end(connection: Connection) -> Anchor:
    """Where the ledger stands."""
    row = connection.execute(select(ledger.c.number, ledger.c.head).order_by(ledger.c.number.desc()).limit(1)).first()
    return Anchor(row.number, row.head) if row else Anchor(0, GENESIS)


def is_behind(connection: Connection, anchor: Anchor) -> bool:
    """Whether the ledger lacks what the anchor saw: lines, or those lines."""
    head = connection.execute(select(ledger.c.head).where(ledger.c.number == anchor.lines)).scalar()
    return bool(head != anchor.head)


def refuse_rollback(database: Database, connection: Connection) -> None:
    """Raise DataRefusedError where the ledger lacks what the anchor saw."""
    anchor = read(database)
    if anchor is not None and is_behind(connection, anchor):
        stands = end(connection)
        raise DataRefusedError(
            f"{database.path}: older than its anchor, or not the same: the ledger has {stands.lines} lines and ends in "
            f"{stands.head}, and {FILE_NAME} saw {anchor.lines} lines that ended in {anchor.head}; bring the newest "
            "copy back, or go on without what is lost by `archiver run --acknowledge-rollback REASON`"
        )
