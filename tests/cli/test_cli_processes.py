"""The program as a process: pipes, signals, locales, a second daemon, start-up."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.desk import WAIT_SECONDS, Desk, blockquote, environment


@contextmanager
def a_daemon(desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon that has begun to tick; ended when the test forgets to."""
    daemon = desk.start("run", stdout=subprocess.DEVNULL)
    try:
        assert daemon.stderr is not None
        for line in daemon.stderr:
            if b'"event": "check"' in line:
                break
        yield daemon
    finally:
        daemon.kill()
        daemon.communicate()


def test_persian_is_found_by_grep_whatever_the_locale(desk: Desk) -> None:
    """`archiver posts | grep` finds the words themselves, not escapes, even in a locale of ASCII."""
    assert desk.run("scan").exit_code == 0
    env = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    command = f"{sys.executable} -m archiver --config {desk.config} posts | grep آسواکا"
    found = subprocess.run(["sh", "-c", command], env=env, capture_output=True, timeout=WAIT_SECONDS, check=False)
    assert found.returncode == 0
    assert json.loads(found.stdout)["post"] == "p1"


def test_a_reader_that_has_seen_enough_is_no_error(desk: Desk) -> None:
    """`| head -1` ends the program quietly."""
    desk.print_article("many.html", "".join(blockquote(number, "Sample text " * 20) for number in range(800)))
    writer = desk.start("embeds", str(desk.articles / "many.html"))
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert writer.stdout.readline()
    writer.stdout.close()
    assert writer.wait(WAIT_SECONDS) == 0
    assert writer.stderr.read() == b""
    writer.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_standard_output_is_told(desk: Desk) -> None:
    """What could not be written is exit code 74 and one line."""
    with open("/dev/full", "wb") as full:
        writer = desk.start("embeds", str(desk.articles), stdout=full)
        _, errors = writer.communicate(timeout=WAIT_SECONDS)
    assert writer.returncode == 74
    assert errors.decode().startswith("archiver: standard output: ")
    assert errors.count(b"\n") == 1


def test_ctrl_c_is_130(desk: Desk) -> None:
    """SIGINT ends a command with exit code 130."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts what runs in the background so, and programs inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    reader = desk.start("embeds", "missing.html", "-", stdin=subprocess.PIPE)
    assert reader.stderr is not None
    assert b"missing.html" in reader.stderr.readline()
    reader.send_signal(signal.SIGINT)
    _, errors = reader.communicate(timeout=WAIT_SECONDS)
    assert reader.returncode == 130
    assert errors.endswith(b"archiver: interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_signal_ends_a_scan_in_order(desk: Desk, number: signal.Signals) -> None:
    """What was read is written and told, no worker or shared memory is left that anybody must be warned of, and the
    next scan reads the rest."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for article in range(4_000):
        desk.print_article(f"more-{article}.html", blockquote(article, "Sample words"))
    scan = desk.start("scan")
    deadline = time.monotonic() + WAIT_SECONDS
    while not desk.database.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    scan.send_signal(number)
    out, errors = scan.communicate(timeout=WAIT_SECONDS)
    assert (scan.returncode, errors) == (128 + number, b"")
    rest = desk.rows("scan")[0]
    assert json.loads(out)["read"] + rest["read"] >= 4_000
    assert rest["unchanged"] == json.loads(out)["read"]


def test_a_daemon_keeps_out_a_second_one_and_ends_on_sigterm(desk: Desk) -> None:
    """The second exits 75 at once; the first logs JSON lines and ends well within ten seconds of SIGTERM."""
    with a_daemon(desk) as daemon:
        second = desk.start("run")
        _, errors = second.communicate(timeout=WAIT_SECONDS)
        assert second.returncode == 75
        assert b"a daemon runs on this archive already" in errors
        assert desk.rows("status")[0]["daemon_runs"] is True
        daemon.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, log = daemon.communicate(timeout=WAIT_SECONDS)
        assert daemon.returncode == 0
        assert time.monotonic() - began < 10
        assert json.loads(log.splitlines()[-1])["event"] == "daemon_stopped"


def test_a_check_by_name_beside_a_daemon_is_the_daemons_look(desk: Desk) -> None:
    """The post is made due, the daemon looks, and the answer is printed; reads go on beside it."""
    with a_daemon(desk):
        before = desk.rows("posts")
        answer = desk.run("check", "p1")
        assert answer.exit_code == 0, answer.stderr
        assert "waiting for it to look" in answer.stderr
        looked = json.loads(answer.stdout)
        assert looked["post"] == "p1"
        assert looked["last_checked_at"] > before[-1]["last_checked_at"]
        assert desk.run("scan").exit_code == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system shows no open files")
def test_a_reader_that_leaves_takes_nothing_away_from_a_daemon(desk: Desk) -> None:
    """A reader that closes the archive does not take itself for the last one and delete the log the daemon writes."""
    with a_daemon(desk) as daemon:
        for _ in range(3):
            desk.rows("posts")
            time.sleep(0.5)
        opened = [os.readlink(link) for link in Path(f"/proc/{daemon.pid}/fd").iterdir() if link.is_symlink()]
        assert any(name.endswith("archive.db") for name in opened)
        assert not [name for name in opened if name.endswith("(deleted)")]


def seen_on_a_terminal(desk: Desk, *words: str, **more: str) -> str:
    """What a person sees of a command, on a terminal of 120 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    command = [sys.executable, "-m", "archiver", "--config", str(desk.config), *words]
    env = environment(TERM="xterm-256color", LC_ALL="C.UTF-8", **more)
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as shown:
        os.close(theirs)
        seen = b""
        # A terminal that nobody writes to any more answers EIO on Linux, nothing elsewhere.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 4096):
                seen += piece
        os.close(ours)
        assert shown.wait(WAIT_SECONDS) == 0
    return seen.decode()


def test_a_person_at_a_terminal_sees_tables_and_progress(desk: Desk) -> None:
    """On a terminal a scan shows how far it is, and a listing is a table that fits."""
    progress = seen_on_a_terminal(desk, "scan")
    assert "\r\x1b[K1 articles  one.html" in progress
    assert progress.endswith("0 unread\r\n")
    table = seen_on_a_terminal(desk, "posts")
    assert "last seen, or gone in" in table
    assert "نمونه متن آسواکا" in table


@pytest.mark.parametrize("how", ["option", "environment"])
def test_colours_can_be_refused(desk: Desk, how: str) -> None:
    """With --no-color or NO_COLOR not one escape is written to a terminal; without, there are some."""
    assert desk.run("scan").exit_code == 0
    assert "\x1b[" in seen_on_a_terminal(desk, "posts")
    if how == "option":
        plain = seen_on_a_terminal(desk, "--no-color", "posts")
    else:
        plain = seen_on_a_terminal(desk, "posts", NO_COLOR="1")
    assert "p1" in plain
    assert "\x1b" not in plain


def test_help_and_the_command_line_load_no_heavy_library() -> None:
    """--help imports neither SQLAlchemy nor httpx, rich, pydantic, BeautifulSoup or APScheduler."""
    heavy = ("sqlalchemy", "httpx", "rich", "pydantic", "bs4", "lxml", "apscheduler", "structlog", "alembic")
    source = (
        "import sys\nfrom archiver.cli.main import program\n"
        "try:\n    program.main(['posts', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', sorted(set({heavy!r}) & set(sys.modules)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", source], env=environment(), capture_output=True, timeout=WAIT_SECONDS, check=True
    )
    assert loaded.stdout.decode().endswith("loaded: []\n")


def test_the_demo_can_be_kept_and_asked(tour: Desk) -> None:
    """What `demo --keep` leaves is an archive for every other command; a folder that is there is refused."""
    assert {"deleted", "gone_before_first_look", "alive"} <= {row["verdict"] for row in tour.rows("posts")}
    again = tour.run("demo", "--keep", str(tour.folder))
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_what_went_wrong_in_a_daemon_is_an_error_in_its_log() -> None:
    """Whoever watches the log by its levels is told of a scan that failed."""
    told = (
        "from archiver.cli.logs import open_log; report = open_log(colour=False);"
        "report('scan', {}); report('scan_failed', {'why': 'sample'}); report('check_crashed', {})"
    )
    log = subprocess.run([sys.executable, "-c", told], capture_output=True, timeout=WAIT_SECONDS, check=True).stderr
    assert [json.loads(line)["level"] for line in log.splitlines()] == ["info", "error", "error"]
