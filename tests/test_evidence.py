"""What vouches for an archive: its keys, its anchor, its checkpoints and who holds them."""

from __future__ import annotations

import base64
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from archiver import checkpoints
from archiver.archive import Archive
from archiver.checkpoints import Note
from archiver.clock import SettableClock
from archiver.configured import load_config
from archiver.daemon import tick_checkpoint, tick_verify
from archiver.errors import ConfigurationError, DataRefusedError, StorageError, UsageError
from archiver.store import anchor, files
from archiver.store.engine import Database
from tests.newsroom import START, make_store, rows

SOURCE = '[sources.desk]\npath = "articles"\n'


class Desk:
    """An archive in a folder, with articles that can be laid down; no post of it is looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SettableClock(START)
        (folder / "articles").mkdir()
        self.configure("")

    @property
    def store(self) -> Path:
        return self.folder / "archive"

    def configure(self, text: str) -> None:
        path = self.folder / "config.toml"
        path.write_text(SOURCE + text, encoding="utf-8")
        path.chmod(0o600)

    def open(self) -> Archive:
        return Archive.open(self.folder / "config.toml", clock=self.clock)

    def scan(self, name: str = "a") -> None:
        """One more article."""
        (self.folder / "articles" / f"{name}.html").write_text("<p>Sample prose.</p>", encoding="utf-8")
        with self.open() as archive:
            archive.scan()

    def rows(self, table: str) -> list[Any]:
        store = make_store(self.folder, self.clock)
        with store.reading() as connection:
            found = rows(connection, table)
        store.database.close()
        return found

    def note(self) -> Note:
        """The newest checkpoint, made now."""
        with self.open() as archive:
            sealed = archive.checkpoint()
        assert sealed.checkpoint is not None
        return checkpoints.parse(sealed.checkpoint.note.encode())

    def verified(self, **given: Any) -> bool:
        with self.open() as archive:
            return all(step.passed is not False for step in archive.verify(**given))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# keys


def test_an_archive_is_born_with_a_name_and_a_key(desk: Desk) -> None:
    """For its owner alone, also where a group shares the rest."""
    desk.scan()
    assert (desk.store / "key.pem").stat().st_mode & 0o777 == 0o600
    with desk.open() as archive:
        (key,) = archive.signing_keys()
        stands = archive.vouched()
    (origin,) = desk.rows("origins")
    assert stands.origin == origin.archive[:16]
    assert stands.key == key.fingerprint
    note = desk.note()
    assert note.is_signed_by(key.public)
    assert note.checkpoint.origin == stands.origin


def test_a_key_that_was_made_just_before_the_power_went_is_taken_up(desk: Desk) -> None:
    """It lies there, and the archive never heard of it."""
    desk.store.mkdir(mode=0o700)
    private, pem = checkpoints.make_key()
    (desk.store / "key.pem").write_bytes(pem)
    (desk.store / "key.pem").chmod(0o600)
    desk.scan()
    with desk.open() as archive:
        assert archive.signing_keys()[0].public == checkpoints.public_bytes(private)


def test_a_key_follows_another_and_both_sign(desk: Desk) -> None:
    """After that the new one signs; what the old one signed stays good."""
    desk.scan()
    old = desk.note()
    with desk.open() as archive:
        made = archive.rotate_key()
    new = desk.note()
    assert (old.key == made.fingerprint, new.key == made.fingerprint) == (False, True)
    assert desk.verified(trust=old.key)
    assert desk.verified(trust=new.key)


def test_a_rotation_that_was_killed_half_way_is_ended(desk: Desk) -> None:
    """The ledger names the new key, and its file still waits."""
    desk.scan()
    before = (desk.store / "key.pem").read_bytes()
    with desk.open() as archive:
        made = archive.rotate_key()
    (desk.store / "key.pem").rename(desk.store / "key.pem.next")
    (desk.store / "key.pem").write_bytes(before)
    (desk.store / "key.pem").chmod(0o600)
    assert desk.note().key == made.fingerprint
    assert not (desk.store / "key.pem.next").exists()


def test_a_lost_key_is_replaced_openly(desk: Desk) -> None:
    """The record goes on, and whoever trusts the lost key is told that it did not vouch for the new one."""
    desk.scan()
    old = desk.note()
    with desk.open() as archive:
        with pytest.raises(UsageError, match="the key is there"):
            archive.rotate_key(lost=True)
        (desk.store / "key.pem").unlink()
        with pytest.raises(StorageError, match=r"key\.pem is missing"):
            archive.rotate_key()
        archive.rotate_key(lost=True)
    new = desk.note()
    assert desk.verified(trust=new.key)
    assert not desk.verified(trust=old.key)


def wide_open(key: Path) -> None:
    key.chmod(0o644)


def anothers(key: Path) -> None:
    key.write_bytes(checkpoints.make_key()[1])


def broken(key: Path) -> None:
    key.write_bytes(b"sample")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (Path.unlink, "is missing: bring it back"),
        (wide_open, r"may be read by others \(mode 0644\)"),
        (anothers, "holds another key than the archive's"),
        (broken, "holds no private key"),
    ],
)
def test_a_key_that_cannot_be_used_stops_checkpoints_and_nothing_else(
    desk: Desk, spoil: Callable[[Path], None], told: str
) -> None:
    """Row 93: capture goes on, the checkpoint is refused, and somebody is told."""
    desk.scan()
    spoil(desk.store / "key.pem")
    desk.scan("b")
    assert len(desk.rows("article_versions")) == 2
    with desk.open() as archive:
        sealed = archive.checkpoint()
        assert tick_checkpoint(archive).failed
    assert sealed.failed
    assert len(sealed.alarms) == 1
    assert re.match(f"no checkpoint: .*{told}", sealed.alarms[0])
    assert desk.rows("checkpoints") == []


# checkpoints


def test_a_checkpoint_is_made_only_where_there_is_something_new(desk: Desk) -> None:
    """What comes of checkpoints themselves, and of verifying, is no reason for another."""
    desk.scan()
    first = desk.note()
    with desk.open() as archive:
        assert not archive.checkpoint().is_new
        archive.check_fixity()
        assert not archive.checkpoint().is_new
    assert desk.note() == first
    desk.scan("b")
    assert desk.note().checkpoint.lines > first.checkpoint.lines


def test_the_daemon_makes_a_checkpoint_a_day_and_looks_through_the_archive_every_week(desk: Desk) -> None:
    """When they were stands on file: a restart forgets nothing, and repeats nothing."""
    desk.scan()
    made, looked = [], []
    for number in range(16 * 24):
        if number % 24 == 0:
            desk.scan(f"day-{number}")
        with desk.open() as archive:
            made += [number] if tick_checkpoint(archive).figures.get("new") else []
            looked += [number] if tick_verify(archive).figures.get("outcome") == "passed" else []
        desk.clock.advance(timedelta(hours=1))
    assert made == [24 * number for number in range(16)]
    assert looked == [168, 336]
    assert [row.outcome for row in desk.rows("fixity_checks")] == ["started", "passed"] * 2


def test_a_look_through_a_tampered_archive_is_noted_as_failed(desk: Desk) -> None:
    """With its step; the daemon's tick has failed."""
    desk.scan()
    store = make_store(desk.folder, desk.clock)
    with store.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER runs_refuses_update")
    desk.clock.advance(timedelta(days=8))
    with desk.open() as archive:
        assert tick_verify(archive).failed
        assert archive.vouched().verified is not None
    last = desk.rows("fixity_checks")[-1]
    assert (last.outcome, last.step) == ("failed", "database")


# the anchor


def copy_of(desk: Desk) -> Path:
    """The database as it is, for a later day."""
    kept = desk.folder / "kept.db"
    with closing(sqlite3.connect(desk.store / "archive.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(desk.store / "archive.db", kept)
    return kept


def bring_back(desk: Desk, kept: Path) -> None:
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (desk.store / name).unlink(missing_ok=True)
    shutil.copy(kept, desk.store / "archive.db")


def test_a_database_from_yesterday_is_refused_until_somebody_says_why(desk: Desk) -> None:
    """Rows 88 and 89: both heads are printed, reading goes on, and the reason stands in the record."""
    desk.scan()
    kept = copy_of(desk)
    desk.scan("b")
    written = (desk.store / "archive.anchor").read_text().split()
    bring_back(desk, kept)
    with desk.open() as archive:
        with pytest.raises(DataRefusedError) as refused:
            archive.scan()
        assert all(each in str(refused.value) for each in written)
        assert desk.rows("ledger")[-1].head in str(refused.value)
        assert not desk.verified()
        archive.acknowledge_rollback("sample reason")
        archive.scan()
        with pytest.raises(UsageError, match="nothing to acknowledge"):
            archive.acknowledge_rollback("sample reason")
    (row,) = desk.rows("rollbacks")
    assert (str(row.anchor_lines), row.anchor_head) == tuple(written)
    assert desk.verified()
    assert not any("sample reason" in line.line for line in desk.rows("ledger"))


def test_a_lost_write_ahead_log_is_noticed(desk: Desk) -> None:
    """SQLite finds the database sound: only the anchor knows what it lacks."""
    with desk.open() as archive:
        archive.scan()
        (desk.folder / "articles" / "b.html").write_text("<p>Sample.</p>")
        archive.scan()
        kept = desk.folder / "kept.db"
        shutil.copy(desk.store / "archive.db", kept)
    bring_back(desk, kept)
    with desk.open() as archive, pytest.raises(DataRefusedError):
        archive.scan()


def test_an_anchor_of_before_the_last_commit_is_as_it_should_be(desk: Desk) -> None:
    """Killed between commit and anchor, or with no anchor at all, the archive goes on; a damaged one is refused."""
    desk.scan()
    earlier = (desk.store / "archive.anchor").read_bytes()
    desk.scan("b")
    (desk.store / "archive.anchor").write_bytes(earlier)
    desk.scan("c")
    assert (desk.store / "archive.anchor").read_bytes() != earlier
    (desk.store / "archive.anchor").unlink()
    desk.scan("d")
    (desk.store / "archive.anchor").write_bytes(b"17 sample")
    with pytest.raises(DataRefusedError, match=r"archive\.anchor: damaged"):
        desk.scan("e")
    with desk.open() as archive:
        archive.acknowledge_rollback("the disk was full")
    desk.scan("f")
    assert desk.verified()


def test_the_anchor_says_where_the_ledger_ends_after_every_commit(desk: Desk) -> None:
    """Before anything is reported."""
    desk.scan()
    last = desk.rows("ledger")[-1]
    assert anchor.read(Database(desk.store)) == anchor.Anchor(last.number, last.head)
    assert (desk.store / "archive.anchor").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_writer_left_is_swept(desk: Desk, tmp_path: Path) -> None:
    """After an hour; what is being written now is left alone."""
    desk.scan()
    old, new = (desk.store / f"archive.anchor.{number}-1.new" for number in (1, 2))
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    desk.scan("b")
    assert (old.exists(), new.exists()) == (False, True)
    files.sweep(desk.store)


# sinks


def test_a_folder_of_somebody_else_gets_every_checkpoint(desk: Desk) -> None:
    """Written whole, never over another; what is not there is not made."""
    desk.configure('[evidence.sinks.keeper]\nkind = "file"\npath = "kept"\n')
    desk.scan()
    with desk.open() as archive:
        sealed = archive.checkpoint()
    assert "is no folder" in sealed.alarms[0]
    assert not sealed.failed
    (desk.folder / "kept").mkdir()
    desk.scan("b")
    note = desk.note()
    lines = sorted(int(path.stem.partition("-")[2]) for path in (desk.folder / "kept").iterdir())
    assert len(lines) == 2, "what was not taken is handed over again"
    assert lines[1] == note.checkpoint.lines
    assert (desk.folder / "kept" / f"checkpoint-{lines[1]}.txt").read_bytes() == note.whole()
    assert [(row.checkpoint, row.taken) for row in desk.rows("handovers")] == [(1, False), (2, True), (1, True)]
    with desk.open() as archive:
        assert archive.vouched().copies["keeper"][0] == lines[1]
    assert desk.verified(held=note.whole())


def test_a_checkpoint_that_says_otherwise_is_never_written_over(desk: Desk) -> None:
    """It is evidence of another past."""
    desk.configure('[evidence.sinks.keeper]\nkind = "file"\npath = "kept"\n')
    (desk.folder / "kept").mkdir()
    desk.scan()
    lines = desk.rows("ledger")[-1].number + 2
    for number in range(lines - 2, lines + 3):
        (desk.folder / "kept" / f"checkpoint-{number}.txt").write_text("another past")
    with desk.open() as archive:
        (alarm,) = archive.checkpoint().alarms
    assert "holds another checkpoint of" in alarm
    assert {path.read_text() for path in (desk.folder / "kept").iterdir()} == {"another past"}


def test_a_webhook_is_sent_each_checkpoint_and_its_refusals_are_kept(desk: Desk, httpserver: HTTPServer) -> None:
    """By POST through the one door; whoever reads the log or the archive does not learn its address."""
    bodies: list[bytes] = []
    answers = iter([500, 204, 204])

    def take(request: Request) -> Response:
        bodies.append(request.data)
        return Response(status=next(answers))

    httpserver.expect_request("/hook/Geheim", method="POST").respond_with_handler(take)
    detour = f'[web]\npace = "1ms"\nconnect_to = {{ "*" = "{httpserver.url_for("").rstrip("/")}" }}\n'
    address = "https://keeper.example/hook/Geheim"
    desk.configure(f'{detour}[evidence.sinks.partner]\nkind = "webhook"\naddress = "{address}"\n')
    desk.scan()
    with desk.open() as archive:
        (alarm,) = archive.checkpoint().alarms
    assert "sink partner did not take the checkpoint of" in alarm
    assert "it answered 500" in alarm
    assert "Geheim" not in alarm
    desk.scan("b")
    second = desk.note()
    assert bodies[1] == second.whole()
    assert bodies[2] == bodies[0] != bodies[1]
    assert b"Geheim" not in (desk.store / "archive.db").read_bytes()
    desk.configure(f'[evidence.sinks.partner]\nkind = "webhook"\naddress = "{address}"\n')
    (desk.folder / "config.toml").chmod(0o644)
    with pytest.raises(ConfigurationError, match="holds credentials"):
        load_config(desk.folder / "config.toml")


def test_a_print_sink_prints(desk: Desk) -> None:
    """Where the door says."""
    desk.configure('[evidence.sinks.log]\nkind = "print"\n')
    desk.scan()
    printed: list[str] = []
    with desk.open() as archive:
        archive.print_note = printed.append
        sealed = archive.checkpoint()
    assert sealed.checkpoint is not None
    assert printed == [sealed.checkpoint.note]


def test_the_name_in_checkpoints_can_be_chosen(desk: Desk) -> None:
    """`[evidence] origin`."""
    desk.configure('[evidence]\norigin = "courier.example/record"\n')
    desk.scan()
    assert desk.note().checkpoint.text().startswith(b"embed-archiver/courier.example/record\n")
    assert desk.verified()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_checkpoint_is_checked_with_openssl_alone(desk: Desk, tmp_path: Path) -> None:
    """Who signed it: the first four lines, the signature of the last, and the public key that `key show` prints."""
    desk.scan()
    note = desk.note()
    with desk.open() as archive:
        pem = checkpoints.public_pem(archive.signing_keys()[0].public)
    written = note.whole()
    (tmp_path / "text").write_bytes(b"".join(written.splitlines(keepends=True)[:4]))
    (tmp_path / "signature").write_bytes(base64.b64decode(written.split()[-1]))
    (tmp_path / "key").write_text(pem)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "key",
        "-sigfile",
        "signature",
        "-in",
        "text",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
