"""Streams, end to end: what platforms tell by themselves is evidence, makes posts due, and confirms nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from archiver.archive import Archive
from archiver.check import listener as listening
from archiver.check.listener import wait_seconds
from archiver.check.summary import CheckSummary
from archiver.cli.main import program
from archiver.daemon import Daemon
from archiver.errors import ConfigurationError
from archiver.model.outcome import Reason
from archiver.model.verdict import State
from archiver.platforms import bluesky_stream, x_stream
from archiver.store import streams
from archiver.store.tables import post_states
from archiver.web.open_stream import LONGEST_MESSAGE
from tests.check.streams import Activity, Jetstream, until
from tests.newsroom import NEVER_AUTHOR, START, Newsroom, assert_chain_whole, born, day
from tests.web.loopback import answer

POST, OTHER, THIRD = born(10, 5), born(10, 6), born(10, 7)
DID = "did:plc:sampleauthor234567abcdef"
KEY = "3kzsample2222"
SECOND = 1_000_000


@contextmanager
def newsroom(
    folder: Path, monkeypatch: pytest.MonkeyPatch, platform: str, host: str, address: str
) -> Iterator[Newsroom]:
    """A newsroom that listens to one stream; everything else is the simulated far end's."""
    folder.mkdir(exist_ok=True)
    room = Newsroom(folder)
    room.far_end.start()
    detours = f'{{"*" = "{room.far_end.address}", "{host}" = "{address}"}}'
    monkeypatch.setenv("ARCHIVER_WEB__CONNECT_TO", detours)
    monkeypatch.setenv(f"ARCHIVER_PLATFORMS__{platform}__STREAM", "true")
    with room:
        yield room


@pytest.fixture
def x(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Newsroom, Activity]]:
    """Two posts seen alive, and X's stream."""
    monkeypatch.setenv("ARCHIVER_PLATFORMS__X__CREDENTIALS__BEARER_TOKEN", "sample-bearer-token")
    with Activity() as far_end, newsroom(tmp_path, monkeypatch, "X", "api.x.com", far_end.address) as room:
        room.post(POST, "a_first")
        room.post(OTHER, "a_second")
        room.article("a.html", room.quote(POST), room.quote(OTHER))
        room.archive.scan()
        room.archive.check()
        assert room.states() == {POST: "alive", OTHER: "alive"}
        yield room, far_end


def heard(archive: Archive, met: Any = lambda summary: summary.looks) -> CheckSummary:
    """Everything that was written until the condition holds."""
    whole = CheckSummary()

    def more() -> bool:
        summary = archive.listen()
        whole.looks += summary.looks
        whole.posts += summary.posts
        whole.errors += summary.errors
        whole.alarms += summary.alarms
        return bool(met(whole))

    until(more, "what was to be heard")
    return whole


def author(room: Newsroom, native_id: str) -> str:
    return str(room.listed(native_id).author_id)


def test_a_deletion_that_is_told_is_kept_as_evidence_and_makes_the_post_due(x: tuple[Newsroom, Activity]) -> None:
    """The message as it came, a look without controls, the state that a single look may give; nothing was checked."""
    room, far_end = x
    before = room.listed(POST)
    room.clock.advance(timedelta(hours=3))
    message = far_end.tell(POST, author(room, POST))
    summary = heard(room.archive)
    assert (summary.looks, summary.posts, summary.errors, summary.alarms) == (1, 1, 0, [])
    post = room.listed(POST)
    (look,) = room.rows("observations", endpoint="activity_stream")
    assert (post.state, post.gone_by) == (State.GONE_UNCONFIRMED, look.received_at)
    assert post.next_check_at is not None
    assert look.received_at <= post.next_check_at <= room.clock.now()
    same = ("checks", "last_checked_at", "last_reason", "last_host", "last_seen_at")
    assert [getattr(post, name) for name in same] == [getattr(before, name) for name in same]
    assert (look.outcome, look.reason, look.strength, look.subject_key) == (
        "absent",
        "announced",
        "strong",
        f"{post.number}",
    )
    assert (look.adapter, look.native_id, look.author_id) == ("activity_stream", POST, author(room, POST))
    (batch,) = room.rows("batches", id=look.batch)
    assert (batch.valid, batch.controlled) == (True, False)
    (exchange,) = room.rows("exchanges", observation=look.id)
    (payload,) = room.rows("contents", id=exchange.payload)
    assert payload.packed == message
    assert payload.commitment in next(
        row.line for row in room.rows("ledger") if f'"observation":{look.id},' in row.line
    )
    assert (exchange.host, exchange.status_code) == ("api.x.com", 200)
    assert b"sample-bearer-token" not in (room.folder / "archive" / "archive.db").read_bytes()
    assert sorted(far_end.subscribed) == sorted([author(room, POST), author(room, OTHER)])
    assert room.listed(OTHER).state is State.ALIVE
    assert room.archive.refold() == []
    titles = [event.title for event in room.archive.show(post.number)[2]]
    assert "activity_stream: absent (announced, strong)" in titles
    room.archive.close()
    assert_chain_whole(room.rows("ledger"))


def test_one_look_of_ours_beats_what_the_stream_told(x: tuple[Newsroom, Activity]) -> None:
    """The post was due at once, is there, and is alive; what was told stays on file."""
    room, far_end = x
    far_end.tell(POST, author(room, POST))
    heard(room.archive)
    summary = room.archive.check()
    assert (summary.posts, room.listed(POST).state, room.listed(POST).flags) == (1, State.ALIVE, ())
    assert len(room.rows("observations", endpoint="activity_stream")) == 1
    assert room.archive.refold() == []


def test_the_stream_alone_never_leads_further(x: tuple[Newsroom, Activity]) -> None:
    """Forty days of a stream that says it every day: gone, unconfirmed, as on the first."""
    room, far_end = x
    for number in range(40):
        room.clock.advance(timedelta(days=1))
        far_end.tell(POST, author(room, POST), event_uuid=str(number))
        heard(room.archive)
    assert len(room.rows("observations", endpoint="activity_stream")) == 40
    assert [each.state for each in room.verdicts(room.listed(POST).number)] == ["alive", "gone_unconfirmed"]
    assert room.archive.refold() == []


def test_a_deletion_that_was_told_is_confirmed_by_our_own_looks_in_their_own_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the stream and without it: the same verdict, grade and right end; told, it is found sooner."""
    found = []
    monkeypatch.setenv("ARCHIVER_PLATFORMS__X__CREDENTIALS__BEARER_TOKEN", "sample-bearer-token")
    for told in (False, True):
        with (
            Activity() as far_end,
            newsroom(tmp_path / str(told), monkeypatch, "X", "api.x.com", far_end.address) as room,
        ):
            far_end.never = NEVER_AUTHOR
            room.post(POST, "a_first")
            room.article("a.html", room.quote(POST))
            room.archive.scan()
            room.archive.check()
            room.clock.set(START + timedelta(minutes=30))
            room.world.at(room.clock.now()).delete(POST)
            if told:
                far_end.tell(POST, author(room, POST))
                heard(room.archive)
            room.live(day(12))
            post = room.listed(POST)
            (verdict,) = (each for each in room.verdicts(post.number) if each.state == "deleted")
            found.append((post.state, post.grade, endpoints_of(room, verdict.rests_on), verdict.decided_at))
            assert room.archive.refold() == []
    (state, grade, endpoints, at), (told_state, told_grade, told_endpoints, told_at) = found
    assert state is told_state is State.DELETED
    assert (grade, endpoints) == (told_grade, told_endpoints)
    assert "activity_stream" not in endpoints
    assert told_at is not None
    assert at is not None
    assert told_at <= at


def endpoints_of(room: Newsroom, numbers: tuple[int, ...]) -> set[str]:
    """The endpoints of these observations."""
    return {row.endpoint for row in room.rows("observations") if row.id in numbers}


def test_what_concerns_nobody_on_file_is_not_stored(x: tuple[Newsroom, Activity]) -> None:
    """Neither a post nobody embeds, nor what is no event; messages that cannot be read are told."""
    room, far_end = x
    far_end.tell(THIRD, author(room, POST))
    far_end.lines.put(b'{"data": {"event_type": "profile.update.bio", "payload": {}}}')
    far_end.lines.put(b"<html>")
    far_end.tell(POST, author(room, POST))
    summary = heard(room.archive)
    assert summary.looks == 1
    assert summary.alarms == ["activity_stream: 1 messages could not be read"]
    assert len(room.rows("observations", endpoint="activity_stream")) == 1


def test_of_a_redacted_post_nothing_is_kept_whoever_tells_it(x: tuple[Newsroom, Activity]) -> None:
    """Not what the stream tells, nor that it was told; its author is listened to no more."""
    room, far_end = x
    whose = author(room, POST)
    room.archive.redact(room.listed(POST).number, reason="court_order", authority="Sample court", by="Sample desk")
    far_end.tell(POST, whose)
    far_end.tell(OTHER, author(room, OTHER))
    heard(room.archive)
    (look,) = room.rows("observations", endpoint="activity_stream")
    assert look.native_id == OTHER
    assert room.listed(POST).next_check_at is None
    assert far_end.subscribed == [author(room, OTHER)]


def test_a_deletion_by_another_author_is_kept_and_proves_nothing(x: tuple[Newsroom, Activity]) -> None:
    """Unknown, and for a person to see; the post is looked at."""
    room, far_end = x
    far_end.tell(POST, "4242")
    summary = heard(room.archive)
    (look,) = room.rows("observations", endpoint="activity_stream")
    assert (look.outcome, look.reason, room.listed(POST).state) == ("unknown", "wrong_author", State.ALIVE)
    assert len(summary.alarms) == 1
    assert "the stream's is 4242" in summary.alarms[0]


def test_what_is_told_twice_is_stored_once(x: tuple[Newsroom, Activity]) -> None:
    """The same bytes about the same post; in other bytes it is another look."""
    room, far_end = x
    for uuid in ("1", "1", "2"):
        far_end.tell(POST, author(room, POST), event_uuid=uuid)
    heard(room.archive, lambda summary: summary.looks == 2)
    assert len(room.rows("observations", endpoint="activity_stream")) == 2


# what was not heard


def gaps(room: Newsroom) -> list[tuple[datetime | None, datetime, str]]:
    return [(row.since, row.until, row.why) for row in room.rows("stream_gaps")]


def test_a_stream_that_tells_nothing_again_has_a_gap_wherever_it_was_down(x: tuple[Newsroom, Activity]) -> None:
    """From the last sign of life to the next opening, on file and in the ledger, and in the status."""
    room, far_end = x
    before = room.clock.now()
    heard(room.archive, lambda summary: gaps(room))
    ((nothing, begun, why),) = gaps(room)
    assert (nothing, why) == (None, "begun")
    assert before <= begun <= room.clock.now()
    until(lambda: far_end.opened == 1, "the stream")
    far_end.refuses = answer("503 Service Unavailable")
    far_end.hang_up()
    summary = heard(room.archive, lambda summary: any("503" in alarm for alarm in summary.alarms))
    assert "activity_stream is not heard: the host answered 503" in summary.alarms
    far_end.refuses = None
    heard(room.archive, lambda summary: len(gaps(room)) == 2)
    (_, (since, to, why)) = gaps(room)
    assert why == "no_replay"
    assert since is not None
    assert begun <= since < to <= room.clock.now()
    kinds = [json.loads(row.line)["kind"] for row in room.rows("ledger")]
    assert kinds.count("stream_gap") == 2
    shown = CliRunner().invoke(program, ["--config", str(room.config), "status", "--format", "table"])
    assert "stream activity_stream" in shown.output
    assert "for 2 authors" in shown.output
    assert "not heard from the beginning to" in shown.output
    assert "(it was down, and is not told again)" in shown.output
    told = json.loads(CliRunner().invoke(program, ["--config", str(room.config), "status", "--format", "jsonl"]).output)
    assert [gap["why"] for gap in told["streams"][0]["gaps"]] == ["begun", "no_replay"]


@pytest.fixture
def bluesky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Newsroom, Jetstream]]:
    """A post of Bluesky in an article, never looked at, and Bluesky's stream."""
    host = bluesky_stream.Jetstream.host
    with Jetstream() as far_end, newsroom(tmp_path, monkeypatch, "BLUESKY", host, far_end.address) as room:
        embed = (
            f'<blockquote class="bluesky-embed" data-bluesky-uri="at://{DID}/app.bsky.feed.post/{KEY}">'
            f'<p lang="en">Sample words.</p></blockquote>'
        )
        room.article("a.html", embed)
        room.archive.scan()
        yield room, far_end


def deletion(key: str = KEY, did: str = DID) -> dict[str, Any]:
    commit = {"rev": "3kzsamplerev2", "operation": "delete", "collection": "app.bsky.feed.post", "rkey": key}
    return {"did": did, "kind": "commit", "commit": commit}


def microseconds(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND


def test_bluesky_is_listened_to_for_the_authors_on_file(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """A deletion is told with its own time: how old it was when it came stands with the look."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.wanted, "the names of the authors")
    assert far_end.wanted == [[DID]]
    far_end.tell(deletion(), microseconds(room.clock.now() - timedelta(seconds=90)))
    heard(room.archive)
    (look,) = room.rows("observations", endpoint="jetstream")
    assert (look.outcome, look.strength, look.age_seconds, look.native_id) == ("absent", "strong", 90, f"{DID}/{KEY}")
    (post,) = room.archive.posts()
    assert (post.state, post.checks) == (State.ABSENT_ON_FIRST_CHECK, 0)
    (state,), _ = room.archive.streams()
    assert state.cursor == microseconds(START - timedelta(seconds=90))
    assert room.archive.refold() == []


def test_a_stream_goes_on_from_where_it_was_left(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """Down for a day and told again: no gap, and what happened meanwhile is on file once."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    far_end.tell({"did": DID, "kind": "identity"}, microseconds(START) + 7)
    heard(room.archive, lambda summary: gaps(room))
    room.archive.close()
    room.clock.advance(timedelta(days=1))
    far_end.tell(deletion(), microseconds(START + timedelta(hours=3)))
    with Archive.open(room.config, clock=room.clock) as again:
        heard(again)
        far_end.hang_up()
        until(lambda: len(far_end.openings) == 3, "another opening")
        again.listen()
    first, second, third = far_end.openings
    assert first is None
    assert second is not None
    assert microseconds(START) - 60 * SECOND <= second <= microseconds(START) + 7
    assert third == microseconds(START + timedelta(hours=3)) - 60 * SECOND
    assert [why for _, _, why in gaps(room)] == ["begun"]
    assert len(room.rows("observations", endpoint="jetstream")) == 1


def test_a_stream_that_was_down_for_longer_than_it_tells_again_has_a_gap(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """What it still tells is no part of the gap."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    heard(room.archive, lambda summary: gaps(room))
    room.archive.close()
    room.clock.advance(timedelta(days=3))
    with Archive.open(room.config, clock=room.clock) as again:
        heard(again, lambda summary: len(gaps(room)) == 2)
        (state,), _ = again.streams()
    assert gaps(room)[1] == (START, START + timedelta(days=3) - timedelta(hours=35), "down_too_long")
    assert state.alive_at == START + timedelta(days=3) - timedelta(hours=35)


def test_what_is_still_told_again_is_not_on_file_yet(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """Shot while it caught up, and down again: the gap is counted from when it was surely heard."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    heard(room.archive, lambda summary: gaps(room))
    room.archive.close()
    room.clock.advance(timedelta(hours=30))
    far_end.tell(deletion(), microseconds(START + timedelta(hours=3)))
    with Archive.open(room.config, clock=room.clock) as again:
        heard(again)
    assert [why for _, _, why in gaps(room)] == ["begun"]
    room.clock.advance(timedelta(hours=10))
    with Archive.open(room.config, clock=room.clock) as again:
        heard(again, lambda summary: len(gaps(room)) == 2)
    assert gaps(room)[1] == (START, START + timedelta(hours=5), "down_too_long")


def test_a_message_that_is_too_long_is_left_behind_and_leaves_a_gap(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """It would end the stream again and again: the stream goes on from now on."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    far_end.tell_words("x" * (LONGEST_MESSAGE + 1), microseconds(START) + 5)
    heard(room.archive, lambda summary: len(gaps(room)) == 2)
    assert [why for _, _, why in gaps(room)] == ["begun", "too_large"]
    assert far_end.openings[:2] == [None, None]
    far_end.tell(deletion(), microseconds(room.clock.now()))
    heard(room.archive)


def test_a_bug_in_the_reading_is_told_and_the_listening_goes_on(
    bluesky: tuple[Newsroom, Jetstream], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as an error, which turns the exit code; the message that it met is a gap."""
    room, far_end = bluesky
    whole = bluesky_stream.Jetstream.read

    def broken(self: bluesky_stream.Jetstream, message: bytes) -> Any:
        if b"break" in message:
            raise KeyError("sample bug")
        return whole(self, message)

    monkeypatch.setattr(bluesky_stream.Jetstream, "read", broken)
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    far_end.tell({"did": DID, "kind": "break"}, microseconds(START))
    summary = heard(room.archive, lambda summary: len(gaps(room)) == 2)
    assert (summary.errors, [why for _, _, why in gaps(room)]) == (1, ["begun", "crashed"])
    far_end.tell(deletion(), microseconds(room.clock.now()))
    assert heard(room.archive).errors == 0


def test_a_bug_in_the_subscribing_is_told_and_the_listening_goes_on(
    x: tuple[Newsroom, Activity], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as an error; what is told of those who are subscribed to is heard all the same."""
    room, far_end = x

    def broken(self: x_stream.Activity, *_: Any) -> None:
        raise KeyError("sample bug")

    monkeypatch.setattr(x_stream.Activity, "subscribe", broken)
    far_end.tell(POST, author(room, POST))
    summary = heard(room.archive, lambda summary: summary.looks and summary.errors)
    assert any("has not all subscriptions: KeyError" in alarm for alarm in summary.alarms)
    room.archive.close()


def test_a_changed_account_makes_its_posts_due_and_says_nothing_of_them(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """Kept as an unknown look at the author; of an account without posts on file nothing is kept."""
    room, far_end = bluesky
    room.archive.check()
    (post,) = room.archive.posts()
    # As after a sighting: the far end has no Bluesky to see it at.
    with room.store.run("test") as run, room.store.writing(run.id) as transaction:
        transaction.connection.execute(update(post_states).values(author_id=DID))
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    at = microseconds(room.clock.now())
    for did in ("did:plc:otherauthor234567abcdefg", DID):
        account = {"active": False, "did": did, "seq": 1, "status": "deactivated"}
        far_end.tell({"did": did, "kind": "account", "account": account}, at)
    summary = heard(room.archive)
    (look,) = room.rows("observations", endpoint="jetstream")
    assert (look.subject_kind, look.subject_key) == ("author", f"id:{DID}")
    assert (look.outcome, look.reason) == ("unknown", "announced")
    assert (summary.looks, summary.posts) == (1, 1)
    (after,) = room.archive.posts()
    assert (after.state, after.next_check_at) == (post.state, room.clock.now())


def test_new_authors_are_said_over_the_open_stream(bluesky: tuple[Newsroom, Jetstream]) -> None:
    """No opening is needed for them; the most that may be listened to are the newest, and the rest is counted."""
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.wanted, "the names of the authors")
    other = "did:plc:otherauthor234567abcdefg"
    room.article("b.html", f'<blockquote class="bluesky-embed" data-bluesky-uri="at://{other}/app.bsky.feed.post/{KEY}">'
                 '<p lang="en">Other words.</p></blockquote>')  # fmt: skip
    room.archive.scan()
    room.clock.advance(timedelta(minutes=11))
    heard(room.archive, lambda summary: len(far_end.wanted) == 2)
    assert far_end.wanted[1] == sorted([DID, other])
    assert len(far_end.openings) == 1


def test_more_authors_than_may_be_listened_to_are_counted(
    bluesky: tuple[Newsroom, Jetstream], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status says how many are left out."""
    room, far_end = bluesky
    monkeypatch.setattr(bluesky_stream.Jetstream, "most_authors", 1)
    other = "did:plc:otherauthor234567abcdefg"
    room.article("b.html", f'<blockquote class="bluesky-embed" data-bluesky-uri="at://{other}/app.bsky.feed.post/{KEY}">'
                 '<p lang="en">Other words.</p></blockquote>')  # fmt: skip
    room.archive.scan()
    heard(room.archive, lambda summary: gaps(room))
    (state,), _ = room.archive.streams()
    assert (state.authors, state.left_out) == (1, 1)
    assert far_end.wanted == [[other]]


# the daemon, the configuration, the doors


def test_a_daemon_listens_and_ends_its_streams_when_it_is_told_to(
    bluesky: tuple[Newsroom, Jetstream],
) -> None:
    """What was heard up to then is on file; nobody waits for the stream."""
    room, far_end = bluesky
    reports: list[tuple[str, dict[str, object]]] = []
    daemon = Daemon(room.archive, lambda name, figures: reports.append((name, figures)))
    thread = threading.Thread(target=daemon.run, daemon=True)
    thread.start()
    until(lambda: far_end.openings, "the stream")
    far_end.tell(deletion(), microseconds(room.clock.now()))
    time.sleep(0.5)
    room.archive.stop.set()
    began = time.monotonic()
    thread.join(20)
    assert time.monotonic() - began < 8
    assert len(room.rows("observations", endpoint="jetstream")) == 1
    told = [figures for name, figures in reports if name == "listen"]
    assert [figures["looks"] for figures in told] == [1]
    assert reports[-1][0] == "daemon_stopped"
    assert [row.kind for row in room.rows("runs")].count("listen") == 1
    assert len(room.rows("run_ends")) == len(room.rows("runs"))


def test_nothing_is_listened_to_unless_it_is_configured(tmp_path: Path) -> None:
    """Off at first: no run but the one that made the key, no thread, no connection."""
    with Newsroom(tmp_path) as room:
        room.archive.init()
        assert room.archive.listen().looks == 0
        assert [run.kind for run in room.rows("runs")] == ["key"]
        assert room.archive.streams() == ([], [])
        listed = {each.endpoint: each for each in room.archive.endpoints()}
        assert (listed["jetstream"].is_asked, listed["activity_stream"].is_asked) == (False, False)
        shown = CliRunner().invoke(program, ["--config", str(room.config), "platforms", "--format", "jsonl"])
        told = {each["endpoint"]: each for each in map(json.loads, shown.output.splitlines())}
    assert (told["activity_stream"]["credential"], told["activity_stream"]["subject"]) == ("bearer_token", "stream")
    assert told["jetstream"]["strongest"] == "gone, unconfirmed"
    assert "evidence only" in told["jetstream"]["sees"]


def test_xs_stream_needs_its_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line."""
    with Newsroom(tmp_path) as room:
        monkeypatch.setenv("ARCHIVER_PLATFORMS__X__STREAM", "true")
        with pytest.raises(ConfigurationError) as refused:
            Archive.open(room.config)
    assert len(refused.value.problems) == 1
    assert "stream = true needs credentials.bearer_token" in refused.value.problems[0]


@pytest.mark.parametrize(
    ("reason", "waits"),
    [
        (Reason.PROTOCOL, [1, 2, 4, 8, 16, 32, 60, 60]),
        (Reason.SERVER_ERROR, [5, 10, 20, 40, 80, 160, 320, 320]),
        (Reason.RATE_LIMITED, [60, 120, 240, 480, 960, 1920, 3600, 3600]),
    ],
)
def test_each_failure_in_a_row_makes_the_wait_longer(reason: Reason, waits: list[float]) -> None:
    """Up to a bound; a host that asked for less is left alone for longer from the first."""
    assert [wait_seconds(reason, number) for number in range(1, 9)] == waits
    assert wait_seconds(reason, 10**6) == waits[-1]


def test_a_host_that_is_down_is_left_alone_through_the_clock(x: tuple[Newsroom, Activity]) -> None:
    """The waits are slept on the archive's own clock."""
    room, far_end = x
    far_end.refuses = answer("429 Too Many Requests")
    before = room.clock.now()
    heard(room.archive, lambda summary: summary.alarms and room.clock.now() - before >= timedelta(minutes=7))
    room.archive.close()
    assert far_end.opened == 0


def test_news_that_nobody_takes_holds_the_reading_back(
    bluesky: tuple[Newsroom, Jetstream], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is bounded; what did not fit is told again after a new start."""
    monkeypatch.setattr(listening, "MOST_WAITING", 3)
    room, far_end = bluesky
    room.archive.listen()
    until(lambda: far_end.openings, "the stream")
    for number in range(10):
        far_end.tell(deletion(), microseconds(START) + number)
    room.archive.close()
    written = len(room.rows("observations", endpoint="jetstream"))
    assert written <= 5
    with Archive.open(room.config, clock=room.clock) as again:
        heard(again, lambda summary: len(room.rows("observations", endpoint="jetstream")) == 10)


def test_a_kept_message_is_found_by_its_bytes(x: tuple[Newsroom, Activity]) -> None:
    """Of that subject on that stream only."""
    room, far_end = x
    message = far_end.tell(POST, author(room, POST))
    heard(room.archive)
    number = str(room.listed(POST).number)
    with room.store.reading() as connection:
        assert streams.is_kept(connection, "activity_stream", "post", number, message)
        assert not streams.is_kept(connection, "activity_stream", "post", number, message + b" ")
        assert not streams.is_kept(connection, "jetstream", "post", number, message)
        assert not streams.is_kept(connection, "activity_stream", "post", "999", message)
