"""The archive's database file: opening, refusing, permissions, transactions. All that only SQLite has stands here,
in `rows.py` (many rows at once), in `search.py` (FTS5) and in the migrations (triggers).

Writers begin IMMEDIATE (a deferred transaction that turns into a write fails under load whatever the timeout);
readers open the file read-only and see one state of it. WAL with synchronous=FULL: what was committed is on the disk.
"""

from __future__ import annotations

import contextlib
import grp
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

from archiver.errors import ArchiverError, BusyError, DataRefusedError, StorageError
from archiver.store import files

FILE_NAME = "archive.db"
APPLICATION_ID = 0x61726368
"""PRAGMA application_id of our files: "arch" in ASCII."""
SCHEMA = "0012"
"""The schema revision that this program reads and writes: Alembic's head (a test compares)."""
BUSY_MILLISECONDS = 10_000


_WRITER_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
_READER_PRAGMAS = {"foreign_keys": 1, "trusted_schema": 0, "query_only": 1}


class Database:
    """The database of one archive folder."""

    def __init__(self, folder: Path, *, group: str = "", busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._group = group
        self._busy = busy_milliseconds
        self._engines: dict[str, Engine] = {}

    def exists(self) -> bool:
        return self.path.exists()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that commits at the end of the block, or leaves nothing.

        Raises BusyError, StorageError or DataRefusedError.
        """
        with _translated(self.path), self._engine("rw").begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the archive, read-only; see `writing` for errors."""
        if not self.exists():
            raise StorageError(f"{self.path}: no archive here yet; `archiver init` or `archiver scan` makes one")
        with _translated(self.path):
            refuse_foreign(self.path)
            with self._engine("ro").begin() as connection:
                yield connection

    def empty_log(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, so that no older page of a row is left in it.

        Raises BusyError where a reader still needs it; what was committed stands.
        """
        with _translated(self.path), contextlib.closing(self._engine("rw").raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy = (cursor.fetchone() or (1,))[0]
            cursor.close()
        if is_busy:
            raise BusyError(f"{self.path}: all was done, but a reader keeps the write-ahead log from being emptied")

    def make_folder(self) -> None:
        """Make the folder, if there is none, with the mode that its users need: 0700, or 2770 for a group."""
        with _translated(self.path):
            if not self.folder.exists():
                self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
                self._own(self.folder, 0o2770 if self._group else 0o700)

    def make_file(self) -> None:
        """Make the empty database, if there is none: 0600, or 0660 for a group. Call it under the migration lock."""
        with _translated(self.path):
            if not self.path.exists():
                self._make_file(0o660 if self._group else 0o600)

    def _make_file(self, mode: int) -> None:
        """The file appears under its name only when it is one of ours: killed half-way, nothing foreign is left."""
        making = self.path.with_name(f"{FILE_NAME}.{os.getpid()}.new")
        making.unlink(missing_ok=True)
        os.close(os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        self._own(making, mode)
        with contextlib.closing(sqlite3.connect(making)) as connection:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode=wal")
        making.rename(self.path)

    def lock_path(self, name: str) -> Path:
        """A lock file in the folder, made with the archive's own modes."""
        path = self.folder / f"{name}.lock"
        if not path.exists():
            with _translated(path):
                path.touch(mode=0o600)
                self._own(path, 0o660 if self._group else 0o600)
        return path

    def put_file(self, name: str, payload: bytes) -> None:
        """Write a file of the folder with the archive's own mode, durably, and whole or not at all."""
        with _translated(self.folder / name):
            files.write(self.folder / name, payload, lambda making: self._own(making, 0o660 if self._group else 0o600))

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()

    def _own(self, path: Path, mode: int) -> None:
        if self._group:
            try:
                os.chown(path, -1, grp.getgrnam(self._group).gr_gid)
            except KeyError:
                raise StorageError(f"store.group: no group named {self._group!r} on this machine") from None
        path.chmod(mode)

    def _engine(self, mode: str) -> Engine:
        if mode not in self._engines:
            self._engines[mode] = self._make_engine(mode)
        return self._engines[mode]

    def _make_engine(self, mode: str) -> Engine:
        # A percent sign or question mark in a folder's name must not become part of the address.
        address = f"{self.path.absolute().as_uri()}?mode={mode}"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                address, uri=True, timeout=self._busy / 1000, isolation_level=None, check_same_thread=False
            )

        # Connections are kept: when the last one closes, SQLite moves the whole log into the file.
        engine = create_engine(
            "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=2, hide_parameters=True
        )
        pragmas: dict[str, Any] = _WRITER_PRAGMAS if mode == "rw" else _READER_PRAGMAS

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: DBAPIConnection, record: object) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA cell_size_check=ON")
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute("PRAGMA temp_store=MEMORY")
            for name, wanted in pragmas.items():
                cursor.execute(f"PRAGMA {name}={wanted}")
                cursor.execute(f"PRAGMA {name}")
                got = (cursor.fetchone() or ["nothing"])[0]
                if str(got).lower() != str(wanted):
                    raise StorageError(f"{self.path}: the database keeps {name}={got}, where {wanted} is needed")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "rw" else "BEGIN")

        return engine


def refuse_foreign(path: Path) -> None:
    """Raise DataRefusedError unless the file is an archive of ours that this program can read.

    SQLite itself reads the header, touching nothing beside the file: were we to open and close the file, the locks
    of this process's other connections would fall (POSIX), and another process would delete the log beneath them.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            # While its log is written back, or after a kill then, the file is shorter than its first page says. Whoever
            # opens it with its log reads it whole; here it only must not be refused. Nothing can be written.
            connection.execute("PRAGMA writable_schema=ON")
            number = connection.execute("PRAGMA application_id").fetchone()[0]
        is_database = path.stat().st_size > 0
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from None
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path}: {error}") from None
    except sqlite3.DatabaseError:
        is_database = False
    if not is_database:
        raise DataRefusedError(f"{path}: not an archive (no SQLite database); it is left as it is")
    if number != APPLICATION_ID:
        raise DataRefusedError(f"{path}: a database of another program; it is left as it is")


def schema_of(connection: Connection) -> str | None:
    """The schema revision of an open archive; None if it has none yet."""
    known = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name='alembic_version'").scalar()
    if known is None:
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "") or None


def refuse_other_schema(path: Path, found: str | None) -> None:
    """Raise DataRefusedError unless the revision is this program's own: readers never migrate."""
    if found == SCHEMA:
        return
    if found is not None and found > SCHEMA:
        raise DataRefusedError(f"{path}: written by a newer archiver (schema {found}, this one knows {SCHEMA})")
    raise DataRefusedError(
        f"{path}: its schema is older ({found or 'none'}, this program reads {SCHEMA}); "
        "any writing command (`archiver init`) brings it up to date"
    )


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Foreign errors become ours at this edge, with the file named."""
    try:
        yield
    except ArchiverError:
        raise
    except (exc.OperationalError, exc.DatabaseError, sqlite3.Error, UnicodeDecodeError) as error:
        # The driver itself fails at a name in the schema that is no UTF-8 any more.
        raise _as_ours(path, error) from error
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}") from error


def _as_ours(path: Path, error: Exception) -> Exception:
    origin = getattr(error, "orig", None) or error
    words = str(origin)
    if isinstance(error, exc.IntegrityError) or isinstance(origin, sqlite3.IntegrityError):
        return error
    if "locked" in words or "busy" in words:
        return BusyError(f"{path}: another writer holds the archive; nothing was written, try again")
    if "interrupted" in words:
        return BusyError(f"{path}: told to stop before all was read")
    if any(sign in words for sign in ("not a database", "malformed", "decode")):
        return DataRefusedError(f"{path}: {words}; it is left as it is")
    if isinstance(origin, sqlite3.OperationalError) and any(
        sign in words for sign in ("disk", "full", "readonly", "unable to open", "I/O")
    ):
        return StorageError(f"{path}: {words}")
    return error
