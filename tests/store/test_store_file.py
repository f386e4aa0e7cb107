"""The archive's file: what is made, what is refused, what cannot be changed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exc

from archiver.errors import BusyError, DataRefusedError, StorageError
from archiver.store import contents
from archiver.store.engine import APPLICATION_ID, SCHEMA, Database
from archiver.store.ledger import GENESIS, Ledger
from archiver.store.migrate import bring_up_to_date, scripts
from archiver.store.tables import CONTENTS, HISTORY, PROJECTIONS, metadata
from tests.builders import NOON, make_store


def test_the_tables_and_the_migrated_schema_agree(tmp_path: Path) -> None:
    """What SQLAlchemy believes and what the migrations make are one schema."""
    store = make_store(tmp_path / "archive")
    with store.database.writing() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parents: not str(name).startswith("search")}
        )
        assert compare_metadata(context, metadata) == []


def test_the_schema_this_program_reads_is_the_newest_migration() -> None:
    """Readers compare with a constant; it must be Alembic's head."""
    settings = Config()
    settings.set_main_option("script_location", str(scripts()))
    assert ScriptDirectory.from_config(settings).get_current_head() == SCHEMA


def test_every_table_is_history_content_or_projection() -> None:
    """No table escapes the question whether it may be changed."""
    assert set(HISTORY) | set(PROJECTIONS) | set(CONTENTS) == set(metadata.tables)


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("verb", ["UPDATE {} SET rowid = rowid", "DELETE FROM {}"])
def test_history_refuses_to_be_changed(tmp_path: Path, table: str, verb: str) -> None:
    """A trigger stands on every history table, for UPDATE and for DELETE."""
    store = make_store(tmp_path / "archive")
    with sqlite3.connect(store.database.path) as connection:
        found = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name=? AND sql LIKE ?",
            (table, f"%BEFORE {verb.split()[0]}%"),
        ).fetchall()
    connection.close()
    assert len(found) == 1
    assert "RAISE(ABORT" in found[0][0]


def test_a_line_of_the_ledger_cannot_be_changed_or_removed(tmp_path: Path) -> None:
    """The triggers really fire."""
    store = make_store(tmp_path / "archive")
    with store.writing(0) as transaction:
        transaction.ledger.append("sample", NOON)
    for statement in ("UPDATE ledger SET line = 'other'", "DELETE FROM ledger"):
        with pytest.raises(exc.IntegrityError, match="append-only"), store.database.writing() as connection:
            connection.exec_driver_sql(statement)


def test_content_goes_only_together_with_its_removal_line(tmp_path: Path) -> None:
    """Deleting a content without saying why is refused; with a removal row it goes."""
    store = make_store(tmp_path / "archive")
    with store.writing(0) as transaction:
        kept = contents.put(transaction.connection, b"sample " * 20)
    with pytest.raises(exc.IntegrityError, match="removal line"), store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM contents")
    with store.writing(0) as transaction:
        number = transaction.ledger.append("redaction", NOON, content=kept.id)
        transaction.connection.exec_driver_sql(
            f"INSERT INTO content_removals VALUES ({kept.id}, 'redaction', {number}, '2026')"
        )
        transaction.connection.exec_driver_sql("DELETE FROM contents")
    with store.reading() as connection:
        assert contents.get(connection, kept.id) is None


def test_the_number_of_a_removed_content_is_never_given_again(tmp_path: Path) -> None:
    """A later content cannot take the place of a redacted one."""
    store = make_store(tmp_path / "archive")
    with store.writing(0) as transaction:
        first = contents.put(transaction.connection, b"first")
        transaction.connection.exec_driver_sql(f"INSERT INTO content_removals VALUES ({first.id}, 'x', 1, '2026')")
        transaction.connection.exec_driver_sql("DELETE FROM contents")
        assert contents.put(transaction.connection, b"second").id > first.id


def test_equal_bytes_are_kept_once_and_unequal_commitments_hide_them(tmp_path: Path) -> None:
    """A revisit adds no row; the nonce makes the commitment unguessable, and it binds."""
    store = make_store(tmp_path / "archive")
    with store.writing(0) as transaction:
        one, again = (contents.put(transaction.connection, b"sample") for _ in range(2))
        assert one == again
        nonce = transaction.connection.exec_driver_sql("SELECT nonce FROM contents").scalar_one()
    import hashlib

    assert one.commitment == "sha256:" + hashlib.sha256(nonce + b"sample").hexdigest()


def test_each_line_of_the_ledger_names_the_digest_of_the_line_before(tmp_path: Path) -> None:
    """The chain can be walked with any SHA-256, newline included."""
    import hashlib
    import json

    store = make_store(tmp_path / "archive")
    for _ in range(2):
        with store.writing(0) as transaction:
            transaction.ledger.append("sample", NOON, words=["a", "b"], none=None)
            transaction.ledger.append("sample", NOON)
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, line, head FROM ledger ORDER BY number").all()
    previous = GENESIS
    for number, line, head in rows:
        noun = json.loads(line)
        assert (noun["number"], noun["previous"]) == (number, previous)
        assert line == json.dumps(noun, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = "sha256:" + hashlib.sha256(line.encode() + b"\n").hexdigest()
        assert head == previous
    assert [row.number for row in rows] == [1, 2, 3, 4]


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Whole or not at all: rows, contents and ledger lines alike."""
    store = make_store(tmp_path / "archive")

    def break_off() -> None:
        with store.writing(0) as transaction:
            transaction.ledger.append("sample", NOON)
            contents.put(transaction.connection, b"sample")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with store.reading() as connection:
        assert (
            connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM ledger) + (SELECT count(*) FROM contents)"
            ).scalar()
            == 0
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(b"", "not an archive"), (b"just some text, not a database at all" * 9, "not an archive")],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, wrong: bytes, words: str) -> None:
    """Zero bytes or another file: never recreated."""
    (tmp_path / "archive.db").write_bytes(wrong)
    with pytest.raises(DataRefusedError, match=words):
        bring_up_to_date(Database(tmp_path))
    assert (tmp_path / "archive.db").read_bytes() == wrong
    assert [each.name for each in tmp_path.iterdir()] == ["archive.db"]


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """The application id tells."""
    with sqlite3.connect(tmp_path / "archive.db") as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(DataRefusedError, match="another program"):
        bring_up_to_date(Database(tmp_path))
    with pytest.raises(DataRefusedError, match="another program"), Database(tmp_path).reading():
        pass


def test_an_archive_killed_while_its_log_was_written_back_is_read_whole(tmp_path: Path) -> None:
    """The file is then shorter than its first page says, which the log makes good: nobody may call it no archive."""
    store = make_store(tmp_path / "live")
    with contextlib.closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE sample AS SELECT randomblob(400000)")
        connection.execute("DROP TABLE sample")
        connection.commit()
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        shutil.copytree(tmp_path / "live", tmp_path / "killed", ignore=shutil.ignore_patterns("*-shm"))
    killed = tmp_path / "killed" / "archive.db"
    log = killed.with_name("archive.db-wal").read_bytes()
    frames = [log[at : at + 24 + size] for at in range(32, len(log), 24 + size)]
    first_page = [frame[24:] for frame in frames if int.from_bytes(frame[:4], "big") == 1][-1]
    with killed.open("r+b") as file:
        file.write(first_page)
    assert int.from_bytes(first_page[28:32], "big") * size > killed.stat().st_size
    with Database(killed.parent).reading() as reader:
        assert reader.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    bring_up_to_date(Database(killed.parent))


@pytest.mark.parametrize("newer", ["0999", "9999"])
def test_an_archive_of_a_newer_program_is_refused(tmp_path: Path, newer: str) -> None:
    """Neither a writer nor a reader touches it."""
    store = make_store(tmp_path)
    with store.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newer}'")
    with pytest.raises(DataRefusedError, match="newer"):
        bring_up_to_date(Database(tmp_path))
    with pytest.raises(DataRefusedError, match="newer"), store.reading():
        pass


def test_a_reader_that_meets_an_older_schema_says_so_and_does_not_migrate(tmp_path: Path) -> None:
    """Only a writing command brings an archive up to date."""
    database = Database(tmp_path)
    database.make_folder()
    database.make_file()
    from archiver.clock import SettableClock
    from archiver.store.transaction import Store

    with pytest.raises(DataRefusedError, match=r"older.*archiver init"), Store(database, SettableClock(NOON)).reading():
        pass
    assert bring_up_to_date(database)
    with Store(database, SettableClock(NOON)).reading():
        pass


def test_where_there_is_no_archive_a_reader_says_so(tmp_path: Path) -> None:
    """Reading makes nothing."""
    with pytest.raises(StorageError, match="no archive here yet"), Database(tmp_path / "none").reading():
        pass
    assert not (tmp_path / "none").exists()


def test_five_programs_that_start_at_once_make_one_archive(tmp_path: Path) -> None:
    """The migration runs once, under its lock, and nobody fails."""
    failures: list[BaseException] = []

    def start() -> None:
        try:
            bring_up_to_date(Database(tmp_path / "archive"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not bring_up_to_date(Database(tmp_path / "archive"))
    assert not list((tmp_path / "archive").glob("*.new"))


def test_a_writer_kept_out_too_long_is_told_that_the_archive_is_busy(tmp_path: Path) -> None:
    """Nothing is half written, and the exit code says try again."""
    store = make_store(tmp_path)
    other = sqlite3.connect(store.database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError) as caught, Database(tmp_path, busy_milliseconds=50).writing():
        pass
    other.execute("ROLLBACK")
    other.close()
    assert caught.value.exit_code == 75


def test_readers_read_while_a_writer_writes(tmp_path: Path) -> None:
    """A daemon keeps no reader out, and a reader sees one state."""
    store = make_store(tmp_path)
    with store.database.writing() as writer:
        Ledger(writer).append("sample", NOON)
        with store.reading() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 0
    with store.reading() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 1


def test_the_archive_is_its_owners_alone(tmp_path: Path) -> None:
    """Folder 0700, database and locks 0600; the database is durable at every commit."""
    store = make_store(tmp_path / "archive")
    assert stat.S_IMODE((tmp_path / "archive").stat().st_mode) == 0o700
    assert stat.S_IMODE(store.database.path.stat().st_mode) == 0o600
    with store.database.writing() as connection:
        for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == wanted
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID


def test_a_group_may_read_and_write_beside_the_daemon(tmp_path: Path) -> None:
    """[store] group opens folder and files to it, and to nobody else."""
    import grp
    import os

    group = grp.getgrgid(os.getgid()).gr_name
    database = Database(tmp_path / "archive", group=group)
    bring_up_to_date(database)
    assert stat.S_IMODE(database.folder.stat().st_mode) == 0o2770
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o660
    assert stat.S_IMODE(database.lock_path("daemon").stat().st_mode) == 0o660
    with pytest.raises(StorageError, match="no group named"):
        bring_up_to_date(Database(tmp_path / "other", group="no_such_group_here"))


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """The reading connection is read-only in SQLite itself."""
    store = make_store(tmp_path)
    with pytest.raises(StorageError, match="readonly"), store.reading() as connection:
        connection.exec_driver_sql("INSERT INTO ledger VALUES (1, 'a', 'b')")
