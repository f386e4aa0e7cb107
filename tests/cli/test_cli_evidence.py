"""The commands that seal and verify: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archiver import checkpoints
from tests.cli.desk import Desk


@pytest.fixture
def scanned(desk: Desk) -> Desk:
    assert desk.run("scan").exit_code == 0
    return desk


def fingerprint(desk: Desk) -> str:
    (key,) = desk.rows("key", "show")
    return str(key["fingerprint"])


def test_verify_names_every_step_and_is_silent_on_standard_error(scanned: Desk) -> None:
    """A line a step; what there is none of was not checked."""
    assert scanned.run("checkpoint").exit_code == 0
    steps = scanned.rows("verify", "--trust", fingerprint(scanned))
    assert {step["step"]: step["passed"] for step in steps} == {
        "database": True, "chain": True, "checkpoints": True, "anchor": True, "trust": True, "contents": True,
        "rows": True, "timestamps": None, "projections": True,
    }  # fmt: skip
    answer = scanned.run("verify", "--format", "table")
    assert re.search(r"^ok +chain: [0-9]+ lines", answer.stdout, re.MULTILINE)
    assert re.search(r"^not checked +timestamps: there is none$", answer.stdout, re.MULTILINE)
    assert answer.stderr == ""


def test_verify_stops_at_the_first_step_that_fails(scanned: Desk) -> None:
    """Rows 90 and 95: exit code 1, and one line that names the step and the line of the ledger."""
    with closing(sqlite3.connect(scanned.database)) as connection:
        (trigger,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_refuses_update'").fetchone()
        connection.execute("DROP TRIGGER ledger_refuses_update")
        connection.execute("UPDATE ledger SET line = replace(line, '\"number\":3', '\"number\":4') WHERE number = 3")
        connection.execute(trigger)
        connection.commit()
    answer = scanned.run("verify")
    assert answer.exit_code == 1
    assert [json.loads(line)["passed"] for line in answer.stdout.splitlines()] == [True, False]
    assert answer.stderr == "archiver: chain: line 3 of the ledger says that it is line 4\n"


def test_verify_holds_the_ledger_against_a_checkpoint_that_somebody_kept(scanned: Desk, tmp_path: Path) -> None:
    """The file is what `checkpoint --print` printed; one of another archive fails."""
    printed = scanned.run("checkpoint", "--print")
    checkpoints.parse(printed.stdout.encode())
    kept = tmp_path / "kept.txt"
    kept.write_text(printed.stdout, encoding="utf-8")
    assert scanned.run("verify", "--held", str(kept)).exit_code == 0
    kept.write_text(printed.stdout.replace("embed-archiver/", "embed-archiver/x"), encoding="utf-8")
    answer = scanned.run("verify", "--held", str(kept))
    assert answer.exit_code == 1
    assert answer.stderr.startswith("archiver: held: the held checkpoint of ")
    assert scanned.run("verify", "--held", str(tmp_path / "none.txt")).exit_code == 74


def test_checkpoint_says_whether_it_is_a_new_one(scanned: Desk) -> None:
    """The second finds nothing new; a key that others may read ends with exit code 1."""
    first, second = (scanned.rows("checkpoint")[0] for _ in range(2))
    assert (first["new"], second["new"]) == (True, False)
    assert first["lines"] == second["lines"]
    (scanned.database.parent / "key.pem").chmod(0o640)
    scanned.print_article("three.html", "<p>Sample prose.</p>")
    assert scanned.run("scan").exit_code == 0
    answer = scanned.run("checkpoint")
    assert answer.exit_code == 1
    assert "may be read by others (mode 0640): chmod 600" in answer.stderr


def test_key_shows_and_rotates(scanned: Desk) -> None:
    """What is to be published, and the public key for any tool."""
    first = fingerprint(scanned)
    shown = scanned.run("key", "show", "--format", "table").stdout.splitlines()
    assert shown[0] == first
    assert shown[1] == "-----BEGIN PUBLIC KEY-----"
    assert scanned.run("key", "create").exit_code == 2
    assert scanned.run("key", "rotate", "--lost").exit_code == 2
    answer = scanned.run("key", "rotate")
    assert answer.exit_code == 0
    assert "publish the fingerprint" in answer.stderr
    assert fingerprint(scanned) != first
    assert scanned.run("verify", "--trust", first).exit_code == 0


def test_an_older_database_is_refused_until_it_is_acknowledged(scanned: Desk) -> None:
    """Rows 88 and 89: exit code 65 with both heads, for everything that writes."""
    with closing(sqlite3.connect(scanned.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = scanned.folder / "kept.db"
    shutil.copy(scanned.database, kept)
    scanned.print_article("three.html", "<p>Sample prose.</p>")
    assert scanned.run("scan").exit_code == 0
    for name in ("archive.db-wal", "archive.db-shm"):
        (scanned.database.parent / name).unlink(missing_ok=True)
    os.replace(kept, scanned.database)
    for words in (["scan"], ["init"], ["run"], ["checkpoint"]):
        answer = scanned.run(*words)
        assert answer.exit_code == 65, words
        assert len(re.findall("sha256:[0-9a-f]{64}", answer.stderr.splitlines()[-1])) == 2
    assert scanned.run("posts").exit_code == 0
    assert scanned.run("run", "--once", "--acknowledge-rollback", "sample reason").exit_code == 0
    assert scanned.run("verify").exit_code == 0
