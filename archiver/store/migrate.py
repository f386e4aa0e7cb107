"""Bringing an archive's schema up to date: Alembic, in one transaction, under a lock, and only for writers."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine

from archiver.errors import BusyError, DataRefusedError
from archiver.store.engine import SCHEMA, Database, refuse_foreign, refuse_other_schema, schema_of

LOCK_SECONDS = 30


def scripts() -> Path:
    """The migrations: the copy inside an installed package, or the checkout's own folder."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def bring_up_to_date(database: Database) -> bool:
    """Make the archive if there is none, and migrate an older one. True if anything was done.

    Raises DataRefusedError for a foreign, damaged or newer file, BusyError where another process migrates too long.
    """
    if database.exists():
        # A file that is not ours is refused before anything beside it is touched.
        refuse_foreign(database.path)
        if _revision(database) == SCHEMA:
            return False
    database.make_folder()
    try:
        with FileLock(database.lock_path("migrate"), timeout=LOCK_SECONDS):
            database.make_file()
            refuse_foreign(database.path)
            found = _revision(database)
            if found == SCHEMA:
                return False
            if found is not None and found > SCHEMA:
                refuse_other_schema(database.path, found)
            _upgrade(database)
    except Timeout:
        raise BusyError(f"{database.folder}: another process is bringing the archive up to date") from None
    return True


def schema() -> frozenset[tuple[str, str, str]]:
    """(type, name, SQL) of everything that a new archive's schema has."""
    engine = create_engine("sqlite+pysqlite://")
    try:
        with engine.begin() as connection:
            _run_scripts(connection)
            return schema_rows(connection)
    finally:
        engine.dispose()


def schema_rows(connection: Connection) -> frozenset[tuple[str, str, str]]:
    """The same of an open archive."""
    rows = connection.exec_driver_sql("SELECT type, name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((row[0], row[1], row[2]) for row in rows)


def _revision(database: Database) -> str | None:
    with database.writing() as connection:
        return schema_of(connection)


def _upgrade(database: Database) -> None:
    if not (scripts() / "env.py").is_file():
        raise DataRefusedError("the program was installed without its migrations")
    with database.writing() as connection:
        _run_scripts(connection)


def _run_scripts(connection: Connection) -> None:
    # Imported here: every writing command asks for the schema, and Alembic doubles its start-up.
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, SCHEMA)
