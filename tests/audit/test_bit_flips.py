"""One bit of the database or of its write-ahead log is flipped: what changes evidence is reported, every time.

SQLite's own check misses most of them. The whole campaign: ARCHIVER_FLIPS=600 pytest tests/audit/test_bit_flips.py
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.errors import ArchiverError
from archiver.store.tables import CONTENTS, HISTORY
from tests.audit.sealed_archive import failed, live_a_while
from tests.cli.desk import blockquote
from tests.newsroom import START

FLIPS = int(os.environ.get("ARCHIVER_FLIPS", "40"))
SEED = int(os.environ.get("ARCHIVER_SEED", "1"))

VERDICTS = "SELECT post, platform, host, native_id, state, grade, flags, interval_left, interval_right FROM post_states"

Evidence = dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose newest scans stand in the write-ahead log alone."""
    folder = live_a_while(tmp_path_factory.mktemp("flips") / "room")
    with Archive.open(folder / "config.toml", clock=SettableClock(START)) as archive:
        for number in range(6):
            quoted = blockquote(number, f"Sample words {number}")
            (folder / "articles" / f"late-{number}.html").write_text(quoted, encoding="utf-8")
            archive.scan()
        kept = folder / "kept-archive"
        shutil.copytree(folder / "archive", kept)
        (kept / "archive.db-shm").unlink(missing_ok=True)
    assert (kept / "archive.db-wal").stat().st_size > 100_000
    return folder


def evidence(database: Path) -> Evidence | None:
    """All of history, the ledger, the contents and the verdicts on file; None where they cannot be read."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.text_factory = bytes
        try:
            found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in (*HISTORY, *CONTENTS)}
            return {name: sorted(rows, key=repr) for name, rows in found.items()} | {
                "verdicts on file": sorted(connection.execute(VERDICTS).fetchall(), key=repr)
            }
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def reported(folder: Path) -> str | None:
    """What verifying tells, and what a writer is told."""
    try:
        return failed(folder)
    except ArchiverError as error:
        return str(error)


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["archive.db", "archive.db-wal"])
def test_a_flipped_bit_that_changes_evidence_is_reported(whole: Path, tmp_path: Path, name: str) -> None:
    """And one that changes none is not always: nobody is told of what does not matter."""
    chance = random.Random(f"{SEED} {name}")
    kept, folder = whole / "kept-archive", tmp_path / "flipped"
    shutil.copytree(kept, tmp_path / "plain")
    before = evidence(tmp_path / "plain" / "archive.db")
    assert before is not None
    size = (kept / name).stat().st_size
    ends: Counter[tuple[bool, bool]] = Counter()
    for _ in range(FLIPS // 2):
        bit = chance.randrange(size * 8)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder / "archive")
        shutil.copy(whole / "config.toml", folder / "config.toml")
        with (folder / "archive" / name).open("r+b") as file:
            file.seek(bit // 8)
            byte = file.read(1)[0]
            file.seek(bit // 8)
            file.write(bytes([byte ^ 1 << bit % 8]))
        shutil.copytree(folder / "archive", folder / "looked-at")
        after = evidence(folder / "looked-at" / "archive.db") or {}
        changed = [table for table in before if after.get(table) != before[table]]
        found = reported(folder)
        ends[bool(changed), found is not None] += 1
        assert found is not None or not changed, f"bit {bit} of {name} changed {changed}, and nobody said so"
    told_of, in_vain = ends[True, True], ends[False, True]
    print(
        f"{name}: {told_of} changed evidence and were reported; {in_vain} were reported too; {ends[False, False]} not"
    )
    assert ends[True, True]
