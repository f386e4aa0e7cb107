"""Archives as witnesses, end to end: what the simulated Wayback Machine kept of posts that we never saw alive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.archive import Archive
from archiver.check.witnesses import MOST_TIMES, is_due
from archiver.cli.main import program
from archiver.daemon import Daemon, run_once
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from archiver.platforms.wayback import GAP_SECONDS, HOST
from archiver.store.captures import Asked
from tests.newsroom import START, Newsroom, assert_chain_whole, born, day
from tests.platforms import captured

GONE, ALIVE, TWIN = born(10, 5), born(10, 6), born(10, 7)
AT = datetime(2025, 11, 1, 12, 30, 15, tzinfo=UTC)
TEXT = "Sample words that are long enough to tell one post from another"
HANDLE = "a_gone"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        opened.post(GONE, HANDLE, TEXT)
        opened.post(ALIVE, "a_alive")
        opened.article("a.html", opened.quote(GONE), opened.quote(ALIVE))
        opened.world.at(day(-30)).delete(GONE)
        yield opened


def capture(room: Newsroom, native_id: str = GONE, *, at: datetime = AT, text: str = f"{TEXT} (as captured)") -> None:
    """Let the archive have captured a page of the post."""
    page = captured.legacy(native_id, text, handle=HANDLE)
    room.world.capture(f"https://twitter.com/{HANDLE}/status/{native_id}", at, page)


def asked(room: Newsroom) -> list[datetime]:
    """When the archive was asked anything."""
    return [request.time for request in room.far_end.log if request.host == HOST]


def look_first(room: Newsroom) -> None:
    room.archive.scan()
    room.archive.check()


def test_a_capture_is_the_archives_word_and_no_sighting(room: Newsroom) -> None:
    """Words and time are kept under the archive's name; state, checks and timetable stay as they were."""
    capture(room)
    look_first(room)
    before = room.listed(GONE)
    assert (before.state, before.text_from) == (State.ABSENT_ON_FIRST_CHECK, "article")
    summary = room.archive.ask_archives()
    assert (summary.posts, summary.captured, summary.identified, summary.errors, summary.alarms) == (1, 1, 0, 0, [])
    post = room.listed(GONE)
    assert (post.text, post.text_from) == (f"{TEXT} (as captured)", "wayback/20251101123015")
    assert (post.state, post.first_seen_at, post.last_seen_at) == (State.ABSENT_ON_FIRST_CHECK, None, None)
    same = ("checks", "last_checked_at", "last_reason", "last_host", "next_check_at", "author_id", "gone_by")
    assert [getattr(post, name) for name in same] == [getattr(before, name) for name in same]
    assert before.gone_after == before.published_at
    assert post.gone_after == AT
    (look,) = room.rows("observations", endpoint="wayback")
    assert (look.outcome, look.reason, look.adapter, look.snapshot) == ("unknown", "captured", "wayback", None)
    (kept,) = room.rows("captures")
    (snapshot,) = (row for row in room.rows("snapshots") if row.endpoint == "wayback")
    assert (kept.observation, kept.snapshot, kept.form) == (look.id, snapshot.id, "legacy_page")
    assert (snapshot.provenance, snapshot.taken_at) == ("wayback/20251101123015", AT)
    assert len(room.rows("exchanges", observation=look.id)) == 3
    assert room.archive.refold() == []
    assert_chain_whole(room.rows("ledger"))
    assert next(room.archive.search("captured")).native_id == GONE


def test_a_post_gone_before_the_first_look_is_missing_since_its_last_capture(room: Newsroom) -> None:
    """Confirmed by our own looks alone, with the capture as the left end of its interval; said so in the export."""
    capture(room)
    capture(room, at=AT - timedelta(days=20))
    look_first(room)
    room.archive.ask_archives()
    room.live(day(12))
    post = room.listed(GONE)
    assert (post.state, post.gone_after) == (State.GONE_BEFORE_FIRST_LOOK, AT)
    assert {each.state for each in room.verdicts(post.number)} == {"absent_on_first_check", "gone_before_first_look"}
    assert room.archive.refold() == []
    written = room.archive.export(room.folder / "out.jsonl", PostFilter())
    (record,) = (json.loads(line) for path in written for line in path.read_text().splitlines())
    assert "existed at 2025-11-01 12:30:15 UTC or later, by a capture of the Wayback Machine" in record["statement"]
    assert "never seen by us" in record["statement"]
    assert record["archive_captures"] == [f"wayback/20251101123015 https://twitter.com/{HANDLE}/status/{GONE}"]
    assert record["text_from"] == "wayback/20251101123015"


def test_the_same_looks_give_the_same_verdict_with_and_without_an_archive(tmp_path: Path) -> None:
    """Asking it brings no post nearer to a verdict: only the left end of the interval differs."""
    found = []
    for number, is_captured in enumerate((False, True)):
        (tmp_path / str(number)).mkdir()
        with Newsroom(tmp_path / str(number)) as room:
            room.post(GONE, HANDLE, TEXT)
            room.article("a.html", room.quote(GONE))
            room.world.at(day(-30)).delete(GONE)
            if is_captured:
                capture(room)
            look_first(room)
            if is_captured:
                room.archive.ask_archives()
                room.clock.set(START)
            room.live(day(10))
            found.append(room.listed(GONE))
            assert room.archive.refold() == []
    without, beside = found
    assert without.state is beside.state is State.GONE_BEFORE_FIRST_LOOK
    assert without.grade == beside.grade
    assert (without.gone_after, beside.gone_after) == (without.published_at, AT)


def test_a_capture_from_after_our_first_absent_is_for_a_person_to_see(room: Newsroom) -> None:
    """It cannot be the left end, and it may mean that we were fooled."""
    look_first(room)
    room.clock.advance(timedelta(days=2))
    capture(room, at=START + timedelta(days=1))
    summary = room.archive.ask_archives()
    assert summary.alarms == [
        f"p{room.listed(GONE).number}: wayback/20260303090000 shows it after we found it absent: a person should look"
    ]
    post = room.listed(GONE)
    assert (post.state, post.gone_after) == (State.ABSENT_ON_FIRST_CHECK, post.published_at)
    assert room.archive.refold() == []


def test_a_post_that_comes_back_is_alive_with_its_own_words(room: Newsroom) -> None:
    """One sighting of ours takes the place of the archive's words; what stands of the time before stays."""
    capture(room)
    look_first(room)
    room.archive.ask_archives()
    room.world.at(day(1)).restore(GONE)
    room.clock.advance(timedelta(days=2))
    room.look(GONE)
    post = room.listed(GONE)
    assert (post.state, post.text, post.text_from) == (State.ALIVE, TEXT, "snapshot")
    assert [each.provenance for each in post.captures] == ["wayback/20251101123015"]
    room.clock.advance(timedelta(days=60))
    assert room.archive.ask_archives().posts == 0
    assert room.archive.refold() == []


def test_only_posts_never_seen_are_asked_about_and_not_often(room: Newsroom) -> None:
    """When first found absent, after 30 days, then yearly, six times in all; each time what is new is kept."""
    capture(room)
    look_first(room)
    times = []
    for month in range(12 * 8):
        if month == 3:
            capture(room, at=AT + timedelta(hours=1))
        if room.archive.ask_archives().posts:
            times.append(month)
        room.clock.advance(timedelta(days=30, hours=1))
    assert times == [0, 1, 14, 27, 40, 53]
    assert len(times) == MOST_TIMES
    looks = room.rows("observations", endpoint="wayback")
    assert {look.subject_key for look in looks} == {str(room.listed(GONE).number)}
    assert [row.captured_at for row in room.rows("captures")] == [AT, AT + timedelta(hours=1)]
    assert room.archive.refold() == []


def test_the_index_is_asked_no_faster_than_it_allows(room: Newsroom) -> None:
    """24 requests a minute, whatever [web] pace says; an archive that has nothing is asked under every address."""
    look_first(room)
    room.archive.ask_archives()
    moments = asked(room)
    assert len(moments) == 7
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert min(gaps) >= GAP_SECONDS
    (look,) = room.rows("observations", endpoint="wayback")
    assert look.reason == "not_archived"
    assert room.listed(GONE).text_from == "article"


def test_a_rate_limit_is_obeyed_also_by_the_next_process(room: Newsroom) -> None:
    """One request, then none until the pause is over; then the post is asked about, for nothing was learnt."""
    capture(room)
    look_first(room)
    room.world.outage(START, START + timedelta(hours=1), "rate_limit", HOST)
    assert room.archive.ask_archives().captured == 0
    assert len(asked(room)) == 1
    room.archive.close()
    with Archive.open(room.config, clock=room.clock) as again:
        room.clock.advance(timedelta(minutes=10))
        assert again.ask_archives().posts == 0
        assert len(asked(room)) == 1
        room.clock.advance(timedelta(hours=5))
        assert again.ask_archives().posts == 0
        room.clock.advance(timedelta(hours=1))
        assert again.ask_archives().captured == 1


def test_an_archive_that_is_down_is_asked_less_and_less(room: Newsroom) -> None:
    """Six hours, twelve, a day: a look in vain is not one of the six, and learns nothing."""
    look_first(room)
    room.world.outage(START, day(400), "503", HOST)
    hours = []
    for hour in range(24 * 20):
        if room.archive.ask_archives().posts:
            hours.append(hour)
        room.clock.advance(timedelta(hours=1))
    assert hours == [0, 6, 18, 42, 90, 186, 378]
    assert {row.reason for row in room.rows("observations", endpoint="wayback")} == {"server_error"}


def test_excluded_and_wordless_captures_leave_everything_as_it_was(room: Newsroom) -> None:
    """The look is kept with its reason; no capture, no snapshot, no verdict."""
    look_first(room)
    before = room.rows("verdicts")
    room.world.capture(f"https://twitter.com/{HANDLE}/status/{GONE}", AT, captured.SHELL)
    room.archive.ask_archives()
    room.world.excluded.append(f"twitter.com/{HANDLE}")
    room.world.archived.clear()
    room.clock.advance(timedelta(days=31))
    room.archive.ask_archives()
    looks = room.rows("observations", endpoint="wayback")
    assert [look.reason for look in looks] == ["captures_without_words", "excluded_from_archive"]
    assert room.rows("captures") == []
    assert room.rows("verdicts") == before


# ids of quotations that print none


def flattened(room: Newsroom, *native_ids: str) -> None:
    room.article("b.txt", *(room.flatten(native_id) for native_id in native_ids))


def unidentified(room: Newsroom) -> int:
    return sum(post.native_id is None for post in room.archive.posts())


def test_an_id_is_found_by_the_words_that_the_article_prints(room: Newsroom) -> None:
    """The post is identified by the archive, keeps its capture, and is looked at like every other from then on."""
    room.post(TWIN, HANDLE, f"{TEXT} in the evening")
    flattened(room, TWIN)
    room.world.at(day(-20)).delete(TWIN)
    capture(room, TWIN, text=f"{TEXT} in the evening")
    look_first(room)
    assert unidentified(room) == 1
    summary = room.archive.ask_archives()
    assert (summary.identified, unidentified(room)) == (1, 0)
    (found,) = room.rows("identifications", how="wayback")
    assert found.native_id == TWIN
    assert room.listed(TWIN).text_from == "wayback/20251101123015"
    room.archive.check()
    post = room.listed(TWIN)
    assert (post.state, post.gone_after) == (State.ABSENT_ON_FIRST_CHECK, AT)
    _, _, events = room.archive.show(post.number)
    titles = [event.title for event in events]
    assert f"identified as x {TWIN}, by the Wayback Machine" in titles
    assert f"captured by the Wayback Machine (wayback/20251101123015): {TEXT} in the evening" in titles
    assert room.archive.refold() == []


def test_an_id_that_is_on_file_joins_the_two_posts(room: Newsroom) -> None:
    """A post that we saw alive keeps its own words; no capture is put beside what was concluded of it."""
    room.post(TWIN, HANDLE, f"{TEXT} in the evening")
    room.article("c.html", room.quote(TWIN))
    flattened(room, TWIN)
    capture(room, TWIN, text=f"{TEXT} in the evening")
    look_first(room)
    assert room.archive.ask_archives().identified == 1
    post = room.listed(TWIN)
    assert (post.state, post.text_from, post.captures, post.articles) == (State.ALIVE, "snapshot", (), 2)
    assert room.archive.refold() == []


def test_an_unclear_quotation_stays_unidentified(room: Newsroom) -> None:
    """Its turn comes again after a month, and no sooner."""
    room.post(TWIN, HANDLE, f"{TEXT} in the evening")
    flattened(room, TWIN)
    capture(room, TWIN, text="Other sample words that nobody quotes")
    look_first(room)
    assert room.archive.ask_archives().identified == 0
    (look,) = room.rows("observations", endpoint="wayback_search")
    assert (look.outcome, look.reason) == ("unknown", "no_match")
    count = len(asked(room))
    room.clock.advance(timedelta(days=20))
    room.archive.ask_archives()
    assert len(asked(room)) == count


# doors


def test_show_says_whose_capture_it_is(room: Newsroom) -> None:
    """In the table by name and time, in JSON with its address; in CSV too."""
    capture(room)
    look_first(room)
    room.archive.ask_archives()

    def run(*words: str) -> str:
        answer = CliRunner().invoke(program, ["--config", str(room.config), *words])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    shown = run("show", GONE, "--format", "table")
    assert "captured   by the Wayback Machine at 2025-11-01 12:30:15 UTC; not seen by us" in shown
    assert "words      as captured: wayback/20251101123015" in shown
    assert "last seen  gone (2025-11-01 12:30, " in shown
    record = json.loads(run("show", GONE, "--format", "jsonl"))
    address = f"https://twitter.com/{HANDLE}/status/{GONE}"
    (told,) = record["captures"]
    assert (told["provenance"], told["address"]) == ("wayback/20251101123015", address)
    assert record["text_from"] == "wayback/20251101123015"
    assert "wayback/20251101123015" in run("posts", "--format", "csv")
    assert run("refold", "--format", "jsonl").strip().endswith('"differences": 0, "renewed": 0}')


def test_run_once_asks_the_archive_too(room: Newsroom) -> None:
    """What it read is in the summary."""
    capture(room)
    _, checked = run_once(room.archive)
    assert checked.captured == 1


def test_the_daemon_has_a_tick_for_it_unless_it_is_off(room: Newsroom) -> None:
    """Switched off, the archive's host is not even among those that may be asked."""
    daemon = Daemon(room.archive, lambda event, figures: None)
    assert "witness" in [tick.name for tick in daemon._ticks]
    text = room.config.read_text() + "\n[witnesses.wayback]\nenabled = false\n"
    room.config.write_text(text)
    look_first(room)
    with Archive.open(room.config, clock=room.clock) as off:
        assert "witness" not in [tick.name for tick in Daemon(off, lambda event, figures: None)._ticks]
        assert off.ask_archives().posts == 0
    assert asked(room) == []


def test_a_few_posts_are_asked_about_at_a_time(tmp_path: Path) -> None:
    """As many as [witnesses.wayback] posts says, the least asked first."""
    with Newsroom(tmp_path) as room:
        ids = [born(10, 5, minute=minute) for minute in range(7)]
        for native_id in ids:
            room.post(native_id, HANDLE, f"{TEXT} {native_id}")
            room.world.at(day(-30)).delete(native_id)
        room.article("a.html", *map(room.quote, ids))
        look_first(room)
        assert [room.archive.ask_archives().posts for _ in range(3)] == [5, 2, 0]


@pytest.mark.parametrize(
    ("asked_before", "now", "due"),
    [
        (Asked(), 0, True),
        (Asked(vain=1, last_at=START), 5, False),
        (Asked(vain=1, last_at=START), 6, True),
        (Asked(vain=2, last_at=START), 11, False),
        (Asked(vain=99, last_at=START), 24 * 31, False),
        (Asked(vain=99, last_at=START), 24 * 32, True),
        (Asked(1, START, 0, START), 24 * 29, False),
        (Asked(1, START, 0, START), 24 * 30, True),
        (Asked(2, START, 0, START), 24 * 364, False),
        (Asked(2, START, 0, START), 24 * 365, True),
        (Asked(1, START - timedelta(days=40), 1, START), 5, False),
        (Asked(1, START - timedelta(days=40), 1, START), 6, True),
        (Asked(MOST_TIMES, START, 0, START), 24 * 3650, False),
    ],
)
def test_whose_turn_it_is_follows_from_what_is_stored(asked_before: Asked, now: int, due: bool) -> None:
    """`now` in hours after the last look."""
    assert is_due(asked_before, START + timedelta(hours=now)) is due
