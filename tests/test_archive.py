"""The archive as Python sees it: everything that a command does, on one object."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archiver import archive as wired
from archiver.archive import Archive
from archiver.config import Config
from archiver.configured import load_config
from archiver.errors import BusyError, ConfigurationError, DataRefusedError, StorageError, UnknownPostError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from tests.newsroom import START, TICK, Newsroom, born, configure, day

POST, OTHER, THIRD = born(10, 5), born(10, 6), born(10, 7)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Two posts in an article, scanned and looked at once."""
    with Newsroom(tmp_path) as opened:
        opened.post(POST, "sample_wire", "Sample words about a river.")
        opened.post(OTHER, "sample_desk", "نمونه متن دربارهٔ رودخانه 🌉")
        opened.article("a.html", opened.quote(POST), opened.quote(OTHER))
        opened.archive.scan()
        opened.archive.check()
        yield opened


# opening


def test_reading_needs_an_archive_and_makes_none(tmp_path: Path) -> None:
    """The error says what makes one; nothing appears on the disk."""
    with Archive.open(configure(tmp_path, "http://127.0.0.1:1")) as archive:
        with pytest.raises(StorageError, match="archiver init"):
            list(archive.posts())
        assert archive.daemon_runs() is False
    assert not (tmp_path / "archive").exists()


def test_init_makes_an_archive_once(tmp_path: Path) -> None:
    """True where something was done."""
    with Archive.open(configure(tmp_path, "http://127.0.0.1:1")) as archive:
        assert (archive.init(), archive.init()) == (True, False)
        assert list(archive.posts()) == []
        assert archive.next_due_at() is None


def test_an_archive_is_made_from_python_without_a_file(tmp_path: Path) -> None:
    """`Archive(config, clock=…)` with `.scan() .check() .posts() .export()`."""
    config = Config.model_validate({"store": {"path": tmp_path / "archive"}})
    with Archive(config) as archive:
        assert archive.scan().read == 0
        assert archive.check().posts == 0
        assert list(archive.export(tmp_path / "gone.csv").values()) == [0, 0]


def test_a_configuration_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Missing, not UTF-8 and wrong ones are all ConfigurationErrors that name the file."""
    with pytest.raises(ConfigurationError, match=r"missing\.toml"):
        load_config(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(ConfigurationError, match=r"latin\.toml: not UTF-8"):
        load_config(tmp_path / "latin.toml")


def test_a_foreign_file_in_the_archives_place_is_left_alone(tmp_path: Path) -> None:
    """Row 87: neither read nor made anew, whichever door it is tried by."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.db").write_bytes(b"")
    with Archive.open(configure(tmp_path, "http://127.0.0.1:1")) as archive:
        for attempt in (archive.init, archive.scan, archive.check, lambda: list(archive.posts())):
            with pytest.raises(DataRefusedError):
                attempt()
    assert (tmp_path / "archive" / "archive.db").read_bytes() == b""


def test_an_archive_of_a_newer_program_is_refused(room: Newsroom) -> None:
    """Row 86: reading and writing, with the revision named."""
    room.archive.close()
    with closing(sqlite3.connect(room.folder / "archive" / "archive.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with Archive.open(room.config, clock=room.clock) as archive:
        for attempt in (archive.scan, lambda: list(archive.posts())):
            with pytest.raises(DataRefusedError, match="9999"):
                attempt()


# finding


@pytest.mark.parametrize(
    "name",
    ["p1", POST, f"https://x.com/sample_wire/status/{POST}", f"https://mobile.twitter.com/i/web/status/{POST}?s=20"],
)
def test_a_post_is_found_by_number_id_and_permalink(room: Newsroom, name: str) -> None:
    """All of them lead to one number."""
    assert room.archive.find_post(name) == room.listed(POST).number


@pytest.mark.parametrize(
    "name", ["p99", "p", "p-1", "p1.0", "p٣", "p" + "9" * 30, "", "1", THIRD, "https://x.com/a/status/1", "x\x00y", "'"]
)
def test_a_post_that_is_not_there_is_said(room: Newsroom, name: str) -> None:
    """The error names what was asked for and what can be given."""
    with pytest.raises(UnknownPostError, match="holds no such post"):
        room.archive.find_post(name)


def test_a_number_that_was_never_given_has_nothing_to_show(room: Newsroom) -> None:
    """An error, not an empty page."""
    with pytest.raises(UnknownPostError, match="p99"):
        room.archive.show(99)


def test_a_post_is_shown_with_its_places_and_its_past(room: Newsroom) -> None:
    """Where it stands, and what happened to it, in order."""
    post, (citation,), events = room.archive.show(1)
    assert (post.native_id, citation.location, citation.title) == (POST, "a.html", "On a.html")
    assert [event.kind for event in events][:2] == ["embed", "identification"]
    assert {event.kind for event in events} == {"embed", "identification", "observation", "snapshot", "verdict"}
    assert sorted(event.at for event in events) == [event.at for event in events]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("river", {POST}), ("RIVER sample", {POST}), ("رودخانه", {OTHER}), ("🌉", {OTHER}), ("river رودخانه", set()),
        ('"', set()), ("NEAR(", set()), ("a AND", set()), ("*", set()), ("-river", {POST}), ("\x00", set()),
    ],
)  # fmt: skip
def test_words_are_found_in_any_script_and_no_query_fails(room: Newsroom, words: str, found: set[str]) -> None:
    """Row 75: what is typed is words, never a language of its own."""
    assert {post.native_id for post in room.archive.search(words)} == found


def test_a_search_takes_the_filters_of_a_listing(room: Newsroom) -> None:
    """And a limit."""
    found = room.archive.search("sample", PostFilter(author="@Sample_Desk"))
    assert [post.native_id for post in found] == [OTHER]
    assert len(list(room.archive.search("sample", limit=1))) == 1
    assert len(list(room.archive.posts(limit=1))) == 1


# looking


def test_a_check_that_finds_nothing_due_writes_nothing(room: Newsroom) -> None:
    """A tick each minute is no run each minute."""
    before = len(room.rows("runs"))
    assert room.archive.check().posts == 0
    assert room.archive.resolve().posts == 0
    assert len(room.rows("runs")) == before


def test_posts_named_are_looked_at_whether_due_or_not(room: Newsroom) -> None:
    """And those alone."""
    room.clock.advance(timedelta(hours=3))
    assert room.look(POST).posts == 1
    assert (room.listed(POST).checks, room.listed(OTHER).checks) == (2, 1)


def test_a_post_made_due_is_looked_at_by_the_next_check(room: Newsroom) -> None:
    """So a command lets a running daemon look."""
    room.clock.advance(timedelta(hours=3))
    room.archive.make_due([room.listed(POST).number])
    assert room.archive.next_due_at() == room.clock.now()
    assert room.archive.check().posts == 1


def test_the_authors_to_follow_limit_what_is_checked_not_what_is_stored(tmp_path: Path) -> None:
    """Every post is on file; only the followed author's are due; a post named by hand is looked at all the same."""
    with Newsroom(tmp_path) as room:
        for number, handle in ((POST, "sample_wire"), (OTHER, "sample_desk")):
            room.post(number, handle)
        room.article("a.html", room.quote(POST), room.quote(OTHER))
        tree = room.archive.config.model_dump() | {"follow": {"authors": ["x:Sample_Wire"]}}
        with Archive(Config.model_validate(tree), clock=room.clock) as archive:
            archive.scan()
            assert archive.check().posts == 1
            assert room.states() == {POST: "alive", OTHER: "unknown"}
            assert archive.check([room.listed(OTHER).number]).posts == 1
        assert room.states() == {POST: "alive", OTHER: "alive"}


def test_a_check_that_is_told_to_stop_leaves_the_rest_due(room: Newsroom) -> None:
    """What was not begun is not recorded as looked at; the next check takes it."""
    room.clock.advance(timedelta(days=6))
    room.archive.stop.set()
    summary = room.archive.check()
    assert (summary.interrupted, summary.posts) == (True, 0)
    room.archive.stop.clear()
    assert room.archive.check().posts == 2


def test_two_processes_do_not_look_at_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one waits a while, then says that it is busy; scanning and reading go on."""
    monkeypatch.setattr(wired, "LOCK_SECONDS", 0.1)
    with Archive.open(room.config, clock=room.clock) as other, other.looking():
        with pytest.raises(BusyError, match="looks lock"):
            room.archive.check()
        assert room.archive.scan().unchanged == 1
        assert len(list(room.archive.posts())) == 2
    assert room.look(POST).posts == 1


def test_a_lock_falls_with_its_process(room: Newsroom) -> None:
    """A daemon that was killed leaves no lock behind."""
    held = (
        "import sys, time; from archiver.archive import Archive\n"
        f"with Archive.open({str(room.config)!r}) as a, a.lock('daemon'):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", held], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            assert room.archive.daemon_runs()
            with pytest.raises(BusyError), room.archive.lock("daemon"):
                pass
        finally:
            process.kill()
    assert not room.archive.daemon_runs()


# judging again


def test_refolding_tells_what_was_changed_by_another_hand(room: Newsroom) -> None:
    """A state that does not follow from the stored looks is named, field by field."""
    assert room.archive.refold() == []
    with closing(sqlite3.connect(room.folder / "archive" / "archive.db")) as connection:
        connection.execute("UPDATE post_states SET state = 'deleted', grade = 'A' WHERE post = 1")
        connection.commit()
    assert room.archive.refold() == ["p1: state comes out otherwise", "p1: grade comes out otherwise"]


def test_a_clock_that_leaps_gives_no_verdict(room: Newsroom) -> None:
    """Row 83: ten years ahead, a day a look, a day back: the monotonic clock knows that minutes have passed."""
    room.world.at(day(1)).delete(POST)
    room.clock.advance(timedelta(days=2))
    room.look(POST)
    for _ in range(12):
        room.clock.set(room.clock.now() + timedelta(days=1))
        room.look(POST)
    assert room.listed(POST).state is State.GONE_UNCONFIRMED
    room.clock.set(room.clock.now() + timedelta(days=3650))
    for _ in range(3):
        room.look(POST)
    room.clock.set(day(20))
    room.look(POST)
    assert room.listed(POST).state is State.GONE_UNCONFIRMED
    assert room.listed(OTHER).state is State.ALIVE
    assert room.archive.refold() == []


def test_a_reboot_alone_loses_no_count(room: Newsroom) -> None:
    """The machine may be started anew between looks: the deletion is confirmed all the same."""
    room.world.at(day(1)).delete(POST)
    for number in range(2, 9):
        room.clock.set(day(number))
        room.clock.reboot(f"boot {number}")
        room.look(POST)
    assert room.listed(POST).state is State.DELETED
    assert room.archive.refold() == []


def test_what_went_on_is_counted(room: Newsroom) -> None:
    """How much there is of each noun, and the newest run of each kind."""
    room.live(day(8), TICK)
    counts, runs = room.archive.status()
    assert (counts["articles"], counts["embeds"], counts["posts: alive"], counts["void batches"]) == (1, 2, 2, 0)
    assert {run.kind for run in runs} == {"key", "scan", "check", "checkpoint"}
    assert all(run.ended_at and run.ended_at >= run.started_at >= START for run in runs)


def test_an_id_ahead_of_its_time_is_kept_and_not_asked_for(tmp_path: Path) -> None:
    """Row 51: listed with its doubt in words, and nobody is asked before its own time: our clock may be behind."""
    with Newsroom(tmp_path) as room:
        ahead = born(3, 12, year=2027)
        room.post(ahead, "sample_wire")
        room.article("a.html", room.quote(ahead))
        room.archive.scan()
        assert room.archive.next_due_at() == room.listed(ahead).published_at
        assert room.archive.check([1]).posts == 0
        assert len(room.far_end.log) == 0
        assert room.listed(ahead).state is State.UNKNOWN


def test_a_file_with_a_credential_is_read_by_its_owner_only(tmp_path: Path) -> None:
    """Row 98: refused until nobody else may read it; the environment needs no such care, and nothing prints it."""
    path = tmp_path / "config.toml"
    path.write_text('[platforms.x.credentials]\nbearer_token = "sample-secret"\n', encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_config(path, {})
    path.chmod(0o600)
    config = load_config(path, {})
    assert config.platforms.x.credentials.given() == {"bearer_token": "sample-secret"}
    assert "sample-secret" not in f"{config!r}{config.masked()}"
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    told = load_config(path, {"ARCHIVER_PLATFORMS__X__CREDENTIALS__BEARER_TOKEN": "sample-secret"})
    assert told.platforms.x.credentials.given() == {"bearer_token": "sample-secret"}
