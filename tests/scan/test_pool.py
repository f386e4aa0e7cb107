"""Workers are given the payloads in memory that they share: it is used again, and nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.model.article import Stamp, StoredArticle
from archiver.scan import pool as pools
from archiver.scan.look import look_through_all
from archiver.scan.pool import SLOT_BYTES, Pool
from tests.embeds.articles import BLOCKQUOTE

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FOLDERS = ("/dev/shm", tempfile.gettempdir())


def stored(location: str, length: int = 0) -> StoredArticle:
    payload = f"<title>{location}</title>{BLOCKQUOTE}{'<p>Sample' * (length // 9)}".encode()
    return StoredArticle("sample", location, payload, Stamp(1, 2, 3), "html")


def test_every_chunk_is_looked_through_in_a_slot_used_again() -> None:
    """Many more chunks than slots, each with articles of its own: none is given another's words."""
    chunks = [[stored(f"{number}-{each}.html", 500 * each) for each in range(3)] for number in range(40)]
    with Pool(2, slots=2) as pool:
        told = []
        for chunk in chunks:
            told.append(pool.submit(look_through_all, chunk, NOW).result())
            assert len(pool._free) >= 1
    assert told == [look_through_all(chunk, NOW) for chunk in chunks]
    assert len(pool._free) == 2


def test_what_no_slot_can_hold_is_looked_through_all_the_same() -> None:
    """An article longer than a slot, and chunks when all slots are taken."""
    chunks = [[stored("long.html", SLOT_BYTES)], [stored("empty.html"), stored("short.html", 900)]] * 3
    with Pool(2, slots=1) as pool:
        futures = [pool.submit(look_through_all, chunk, NOW) for chunk in chunks]
        told = [future.result() for future in futures]
    assert told == [look_through_all(chunk, NOW) for chunk in chunks]


def test_where_no_memory_can_be_shared_the_payloads_go_through_the_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without room for it still has its workers."""
    monkeypatch.setattr(pools, "SLOT_BYTES", 1 << 60)
    with Pool(1, slots=1) as pool:
        assert pool._free == []
        chunk = [stored("sample.html")]
        assert pool.submit(look_through_all, chunk, NOW).result() == look_through_all(chunk, NOW)


def test_the_slots_of_a_worker_that_is_killed_are_free_again() -> None:
    """SIGKILL over an article: its future says so, and no slot is lost."""
    with Pool(1, slots=3) as pool:
        pool.submit(look_through_all, [stored("first.html")], NOW).result()
        os.kill(next(iter(pool._processes)), signal.SIGSTOP)
        futures = [pool.submit(look_through_all, [stored(f"{number}.html")], NOW) for number in range(3)]
        assert pool._free == []
        os.kill(next(iter(pool._processes)), signal.SIGKILL)
        assert all(isinstance(future.exception(), BrokenProcessPool) for future in futures)
        deadline = time.monotonic() + 30
        while len(pool._free) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(pool._free) == 3


def test_a_scan_that_is_killed_leaves_no_memory_behind() -> None:
    """SIGKILL to the process that made it: the memory never had a name for long, so there is none to be left."""
    program = (
        "from tests.scan.test_pool import *\n"
        "if __name__ == '__main__':\n"
        "    pool = Pool(1, slots=2)\n"
        "    pool.submit(look_through_all, [stored('sample.html')], NOW).result()\n"
        "    print(len(pool._free), flush=True)\n"
        "    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() in ("1\n", "2\n")
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    left = [path for folder in FOLDERS for path in Path(folder).rglob(f"pym-{child.pid}-*")]
    assert left == []
