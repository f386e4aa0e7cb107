"""The daemon: as a process that is told to stop, shot, or met twice; and its watchdog, on a clock that is moved."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver import archive as wired
from archiver.archive import Archive
from archiver.clock import SettableClock, SystemClock
from archiver.daemon import Daemon, run_once
from archiver.demo.far_end import FarEnd
from archiver.demo.world import World
from archiver.errors import DataRefusedError
from archiver.model.verdict import State
from tests.newsroom import (
    CONTROL_AUTHORS,
    CONTROL_POSTS,
    START,
    Newsroom,
    assert_chain_whole,
    born,
    configure,
    make_store,
    rows,
)
from tests.web.loopback import Loopback

PATIENCE = 30.0
"""Seconds until a test gives up waiting; a busy machine needs some."""
POST = born(10, 5)
IDS = tuple(born(10, 6, minute=minute) for minute in range(45))


def until(met: Callable[[], object], what: str) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} did not come within {PATIENCE} s"
        time.sleep(0.05)


def hang(connection: socket.socket, _request: str) -> None:
    """Takes the request and says nothing, until the other side has enough."""
    connection.recv(1)


def write_articles(folder: Path, *native_ids: str) -> None:
    (folder / "articles").mkdir()
    frame = '<iframe src="https://platform.twitter.com/embed/Tweet.html?id={}"></iframe>'
    quoted = "\n".join(frame.format(each) for each in native_ids)
    (folder / "articles" / "a.html").write_text(f"<html><body>{quoted}</body></html>", encoding="utf-8")


class Running:
    """`archiver run` as a process; `events` are the lines of its log."""

    def __init__(self, config: Path, *words: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "archiver", "--config", str(config), "run", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.events.append(json.loads(line) if line.startswith("{") else {"event": line.strip()})

    def wait_for(self, event: str) -> dict[str, Any]:
        """The first event of that name."""
        until(lambda: any(each["event"] == event for each in self.events) or self.process.poll() is not None, event)
        found = [each for each in self.events if each["event"] == event]
        assert found, self.events
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Exit code, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE)
        return code, time.monotonic() - began


@contextmanager
def running(config: Path, *words: str) -> Iterator[Running]:
    made = Running(config, *words)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()
        made._reader.join(5)
        for stream in (made.process.stdout, made.process.stderr):
            if stream:
                stream.close()


@contextmanager
def world_of_today(folder: Path, *native_ids: str, **settings: str) -> Iterator[tuple[FarEnd, Path]]:
    """A far end on the machine's own clock, with articles that embed these posts."""
    world = World(SystemClock())
    for number, (native_id, author_id) in enumerate(zip(CONTROL_POSTS, CONTROL_AUTHORS, strict=True)):
        world.account(f"control_{number}", author_id, "Sample Control")
        world.post(native_id, f"control_{number}", "Sample control post.")
    world.account("sample_wire", born(1, 1, year=2018), "Sample Wire")
    for native_id in native_ids:
        world.post(native_id, "sample_wire", f"Sample words of {native_id}.")
    write_articles(folder, *native_ids)
    with FarEnd(world) as far_end:
        yield far_end, configure(folder, far_end.address, **{"pace": "5ms", "tick": "1s", **settings})


def stored(folder: Path, table: str, **where: Any) -> list[Any]:
    """Rows, read beside whoever writes."""
    store = make_store(folder, SettableClock(START))
    try:
        with store.reading() as connection:
            return rows(connection, table, **where)
    finally:
        store.database.close()


# as a process


def test_sigterm_ends_the_daemon_within_ten_seconds_while_x_hangs(tmp_path: Path) -> None:
    """Looks in flight have their grace; every post is recorded as unknown, nothing as gone, and the exit code is 0."""
    write_articles(tmp_path, *IDS[:3])
    with Loopback(hang) as far_end, running(configure(tmp_path, far_end.address)) as daemon:
        until(lambda: len(far_end.requests) >= 2, "a request on each endpoint")
        code, seconds = daemon.stop()
        daemon.wait_for("daemon_stopped")
    assert code == 0
    assert seconds < 10
    looks = stored(tmp_path, "observations", subject_kind="post")
    assert {(look.endpoint, look.subject_key) for look in looks} == {
        (endpoint, str(number)) for endpoint in ("oembed", "syndication") for number in (1, 2, 3)
    }
    assert {(look.outcome, look.reason) for look in looks} == {("unknown", "interrupted")}
    assert [batch.valid for batch in stored(tmp_path, "batches")] == [False, False]
    assert {state.state for state in stored(tmp_path, "post_states")} == {"unknown"}
    assert all(state.next_check_at for state in stored(tmp_path, "post_states"))
    assert len(stored(tmp_path, "run_ends")) == len(stored(tmp_path, "runs"))
    assert_chain_whole(stored(tmp_path, "ledger"))


def test_a_second_daemon_ends_at_once_and_the_first_goes_on(tmp_path: Path) -> None:
    """Row 84: exit 75, one line that says why; reads and short writes work beside the first."""
    with world_of_today(tmp_path, POST) as (far_end, config), running(config) as daemon:
        daemon.wait_for("check")
        second = subprocess.run([sys.executable, "-m", "archiver", "--config", str(config), "run"], timeout=PATIENCE,
                                capture_output=True, text=True, check=False)  # fmt: skip
        assert second.returncode == 75
        assert "a daemon runs on this archive already" in second.stderr
        with Archive.open(config) as beside:
            assert beside.daemon_runs()
            (post,) = beside.posts()
            assert (post.state, post.checks) == (State.ALIVE, 1)
            assert len(beside.show(post.number)[2]) >= 5
            assert list(beside.export(tmp_path / "gone.csv").values()) == [0, 0]
            asked = len(far_end.log)
            beside.make_due([post.number])
            until(lambda: next(beside.posts()).checks == 2, "the daemon's look at a post made due")
        assert len(far_end.log) > asked
        code, seconds = daemon.stop()
    assert code == 0
    assert seconds < 5


def test_a_daemon_with_nothing_in_flight_ends_quickly(tmp_path: Path) -> None:
    """SIGINT does as well as SIGTERM."""
    with world_of_today(tmp_path, POST) as (_, config), running(config) as daemon:
        daemon.wait_for("check")
        code, seconds = daemon.stop(signal.SIGINT)
        daemon.wait_for("daemon_stopped")
    assert (code, seconds < 5) == (0, True)


def test_what_it_does_stands_in_its_log(tmp_path: Path) -> None:
    """One line of JSON an event, with its figures; a first start scans, seeks and checks at once."""
    with world_of_today(tmp_path, POST) as (_, config), running(config) as daemon:
        checked = daemon.wait_for("check")
        scanned = daemon.wait_for("scan")
        daemon.stop()
    assert (scanned["read"], scanned["embeds"], scanned["unread"]) == (1, 1, [])
    assert (checked["posts"], checked["verdicts"], checked["void"]) == (1, ["p1: alive"], [])
    names = [event["event"] for event in daemon.events]
    assert names[:4] == ["daemon_started", "scan", "resolve", "check"]
    assert all(event["timestamp"].endswith("Z") for event in daemon.events)


def test_a_daemon_that_was_shot_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    """Row 82: kill -9 in the middle of a check; the next start goes on, and the chain is whole."""
    with world_of_today(tmp_path, *IDS, pace="25ms") as (_, config):
        with running(config) as daemon:
            until(lambda: (tmp_path / "archive" / "archive.db").exists(), "the archive")
            daemon.wait_for("resolve")
            until(lambda: stored(tmp_path, "batches"), "the first batch")
            code, _ = daemon.stop(signal.SIGKILL)
        assert code == -signal.SIGKILL
        before = {look.id: look for look in stored(tmp_path, "observations")}
        lines = stored(tmp_path, "ledger")
        assert len(stored(tmp_path, "batches")) < 6
        assert len(stored(tmp_path, "run_ends")) == len(stored(tmp_path, "runs")) - 1
        assert_chain_whole(lines)
        with Archive.open(config) as archive:
            assert archive.refold() == []
            assert not archive.daemon_runs()
        with running(config) as daemon:
            until(lambda: len(stored(tmp_path, "post_states", state="alive")) == len(IDS), "a look at every post")
            assert daemon.stop()[0] == 0
    after = {look.id: look for look in stored(tmp_path, "observations")}
    assert {number: after[number] for number in before} == before
    assert stored(tmp_path, "ledger")[: len(lines)] == lines
    assert_chain_whole(stored(tmp_path, "ledger"))
    with closing(_sqlite(tmp_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _sqlite(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "archive" / "archive.db")


# its ticks and its watchdog, on a clock that the test moves


class Watched:
    """A daemon in a thread, with what it reported."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.reports: list[tuple[str, dict[str, object]]] = []
        self.went_well: bool | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.went_well = Daemon(self.archive, lambda name, figures: self.reports.append((name, figures))).run()

    def names(self) -> list[str]:
        return [name for name, _ in self.reports]

    def count(self, name: str) -> int:
        return self.names().count(name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.archive.stop.set()
        self._thread.join(PATIENCE)

    def __enter__(self) -> Watched:
        self.start()
        until(lambda: len(self.reports) >= 5, "the first ticks")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        opened.post(POST, "sample_wire")
        opened.article("a.html", opened.quote(POST))
        yield opened


def test_the_first_ticks_come_at_once_and_in_their_order(room: Newsroom) -> None:
    """What a scan finds is sought and looked at in the same start."""
    with Watched(room.archive) as daemon:
        assert daemon.names()[:5] == ["daemon_started", "scan", "resolve", "check", "witness"]
        assert room.states() == {POST: "alive"}
    assert daemon.went_well is True
    assert daemon.names()[-1] == "daemon_stopped"


def test_the_watchdog_fires_a_tick_that_did_not_come(room: Newsroom) -> None:
    """APScheduler sleeps on the wall clock; by the monotonic one the tick is more than two intervals late."""
    with Watched(room.archive) as daemon:
        assert "tick_late" not in daemon.names()
        room.clock.advance(timedelta(days=6))
        until(lambda: daemon.count("check") == 2, "a late check")
        assert daemon.count("tick_late") >= 1
        assert room.listed(POST).checks == 2
        until(lambda: daemon.count("tick_late") >= 4, "all late ticks")
    assert daemon.went_well is True


def test_a_clock_that_was_set_is_told_and_fires_nothing(room: Newsroom) -> None:
    """The step is reported once, with its size; by the monotonic clock nothing is late."""
    with Watched(room.archive) as daemon:
        room.clock.set(START - timedelta(days=1))
        until(lambda: "clock_step" in daemon.names(), "the report of the step")
        time.sleep(1.2)
        steps = [figures for name, figures in daemon.reports if name == "clock_step"]
    assert len(steps) == 1
    assert abs(int(str(steps[0]["seconds"])) + 86400) < 120
    assert "tick_late" not in daemon.names()


def test_somebody_who_looks_by_hand_puts_a_tick_off(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no failure: the next tick takes what is left."""
    monkeypatch.setattr(wired, "LOCK_SECONDS", 0.05)
    room.archive.init()
    with Archive.open(room.config, clock=room.clock) as by_hand, by_hand.looking(), Watched(room.archive) as daemon:
        until(lambda: "check_put_off" in daemon.names(), "a check put off")
    assert daemon.went_well is True
    assert room.states() == {POST: "unknown"}


def test_a_daemon_that_waits_for_somebody_elses_looks_stops_at_once(room: Newsroom) -> None:
    """Told to stop, it does not wait out the lock that another process holds."""
    room.archive.init()
    with Archive.open(room.config, clock=room.clock) as by_hand, by_hand.looking():
        daemon = Watched(room.archive)
        daemon.start()
        until(lambda: "scan" in daemon.names(), "the scan before")
        time.sleep(0.3)
        began = time.monotonic()
        daemon.stop()
        assert time.monotonic() - began < 5
    assert daemon.went_well is True
    assert room.rows("rounds") == []


def test_a_source_that_cannot_be_read_does_not_end_the_daemon(room: Newsroom) -> None:
    """It is in the log, the other ticks go on, and the end says that not all went well."""
    room.articles.rename(room.folder / "elsewhere")
    with Watched(room.archive) as daemon:
        scanned = next(figures for name, figures in daemon.reports if name == "scan")
        assert scanned["unread"]
        assert "check" in daemon.names()
    assert daemon.went_well is False


def test_an_archive_that_breaks_is_told_and_tried_again(room: Newsroom) -> None:
    """A tick that meets a refused archive is reported as failed, and the daemon lives."""
    database = room.folder / "archive" / "archive.db"

    def mark(name: bytes) -> None:
        with database.open("r+b") as file:
            file.seek(68)
            file.write(name)

    with Watched(room.archive) as daemon:
        mark(b"else")
        room.clock.advance(timedelta(hours=3))
        until(lambda: daemon.count("check_failed") >= 1, "a check of what is no archive")
        told = dict(daemon.reports)
        assert "it is left as it is" in str(told["check_failed"]["why"])
        mark(b"arch")
        room.clock.advance(timedelta(hours=3))
        until(lambda: daemon.count("check") >= 2, "a check after the mend")
    assert daemon.went_well is False


def test_an_archive_that_is_broken_at_first_sight_is_not_begun_with(room: Newsroom) -> None:
    """Rows 87 and 90: what is no database, and a ledger of which a line was edited; nothing is written to either."""
    room.archive.scan()
    with closing(_sqlite(room.folder)) as connection:
        connection.execute("DROP TRIGGER ledger_refuses_update")
        connection.execute("UPDATE ledger SET line = replace(line, 'embed', 'ebmed') WHERE number = 12")
        connection.commit()
    with pytest.raises(DataRefusedError, match=r"chain: line 13 of the ledger does not follow.*left as it is"):
        Daemon(room.archive, lambda name, figures: None).run()
    room.archive.close()
    (room.folder / "archive" / "archive.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(DataRefusedError, match="not an archive"):
        Daemon(room.archive, lambda name, figures: None).run()


def test_one_turn_without_the_daemon_does_all_three(room: Newsroom) -> None:
    """`run --once`: scan, seek, check; the figures of both searches are one."""
    room.post(born(10, 9), "sample_desk", short_codes=["SmplOnce01"])
    room.article("b.txt", room.flatten(born(10, 9), "SmplOnce01"))
    scanned, checked = run_once(room.archive)
    assert (scanned.read, scanned.embeds) == (2, 2)
    assert (checked.posts, checked.identified, checked.failed) == (2, 1, False)
    assert set(room.states().values()) == {"alive"}
