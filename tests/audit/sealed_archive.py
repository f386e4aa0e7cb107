"""An archive with a bit of everything in it, to be copied and tampered with; and the ways to tamper."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from archiver import checkpoints, digest
from archiver.archive import Archive
from archiver.audit.verify_archive import Step
from archiver.checkpoints import Checkpoint
from archiver.clock import SettableClock
from archiver.store.ledger import GENESIS
from tests.newsroom import START, Newsroom, born, day

POST = born(6, 3)

SINKS = """\
[evidence.sinks.keeper]
kind = "file"
path = "kept"
"""


def live_a_while(folder: Path) -> Path:
    """A newsroom in which a post was deleted and another was printed without its id; returns its folder."""
    folder.mkdir()
    with Newsroom(folder, tables=SINKS) as room:
        (folder / "kept").mkdir()
        room.post(POST, "sample_wire")
        room.world.at(day(4)).delete(POST)
        room.post(born(6, 5), "sample_desk", short_codes=["SmplShrt01"])
        room.article("a.html", room.quote(POST))
        room.article("b.txt", room.flatten(born(6, 5), "SmplShrt01"))
        room.live(day(15), timedelta(hours=6))
        room.article("a.html", "<p>nothing</p>")
        room.archive.scan()
        room.archive.check_fixity()
        room.archive.rotate_key()
        room.archive.checkpoint()
        room.archive.scan()
        assert room.states()[POST] == "deleted"
        with contextlib.closing(sqlite3.connect(folder / "archive" / "archive.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def copy(folder: Path, target: Path) -> Path:
    """The archive alone, with its configuration."""
    shutil.copytree(folder / "archive", target / "archive")
    shutil.copy(folder / "config.toml", target / "config.toml")
    return target


@contextlib.contextmanager
def shell(folder: Path) -> Iterator[sqlite3.Connection]:
    """An SQL shell in which nothing is append-only: the triggers are away, and are as before in the end."""
    with contextlib.closing(sqlite3.connect(folder / "archive" / "archive.db")) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def verify(folder: Path, **given: Any) -> list[Step]:
    """The steps that were taken."""
    with Archive.open(folder / "config.toml", clock=SettableClock(START)) as archive:
        return list(archive.verify(**given))


def failed(folder: Path, **given: Any) -> str | None:
    """The step that failed, and what it found."""
    last = verify(folder, **given)[-1]
    return f"{last.name}: {last.found}" if last.passed is False else None


def chain_anew(connection: sqlite3.Connection, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change lines of the ledger, and write the whole chain anew, as somebody who knows how it is made would."""
    nouns = [json.loads(line) for (line,) in connection.execute("SELECT line FROM ledger ORDER BY number")]
    change(nouns)
    connection.execute("DELETE FROM ledger")
    head = GENESIS
    for number, noun in enumerate(nouns, 1):
        line = digest.canonical(noun | {"number": number, "previous": head})
        head = digest.of_bytes(line + b"\n")
        connection.execute("INSERT INTO ledger VALUES (?, ?, ?)", (number, line.decode(), head))


def sign_anew(connection: sqlite3.Connection, private: checkpoints.PrivateKey) -> None:
    """Sign every checkpoint that its key can sign again, over the ledger as it is."""
    fingerprint = checkpoints.fingerprint(checkpoints.public_bytes(private))
    rows = connection.execute(
        "SELECT id, lines, note FROM checkpoints WHERE fingerprint = ?", (fingerprint,)
    ).fetchall()
    for number, lines, written in rows:
        (head,) = connection.execute("SELECT head FROM ledger WHERE number = ?", (lines,)).fetchone()
        was = checkpoints.parse(written.encode()).checkpoint
        note = checkpoints.sign(Checkpoint(was.origin, lines, head, was.at), private)
        connection.execute(
            "UPDATE checkpoints SET head = ?, note = ? WHERE id = ?", (head, note.whole().decode(), number)
        )
