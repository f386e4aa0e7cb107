"""Save Page Now, end to end: pages of posts seen alive are saved once, at the archive's own pace, and prove nothing."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from archiver.archive import Archive
from archiver.check.saving import MOST_FAILURES, is_due, job_of
from archiver.clock import SettableClock
from archiver.daemon import run_once
from archiver.errors import ConfigurationError
from archiver.model.outcome import Reason
from archiver.model.post import Post
from archiver.model.verdict import State
from archiver.platforms import wayback_save, x_wayback
from archiver.platforms.wayback import HOST
from archiver.store import contents, kept
from archiver.store.saves import Asked
from tests.newsroom import START, Newsroom, assert_chain_whole, born
from tests.web import loopback
from tests.web.loopback import Loopback

POST, OTHER, GONE = born(10, 5), born(10, 6), born(10, 7)
KEYS = {"access_key": "sample-access", "secret_key": "sample-secret"}


def answer(status: str = "200 OK", body: bytes = b"") -> bytes:
    """One answer a connection."""
    return loopback.answer(status, body, "Connection: close")


class SavePageNow:
    """The archive's side; its index knows nothing."""

    def __init__(self) -> None:
        self.clock: SettableClock | None = None
        self.begun: list[str] = []
        """The addresses that were to be saved."""
        self.log: list[tuple[str, Any, str]] = []
        """(request line, when, authorization)."""
        self.begin: bytes | None = None
        """What every form is answered with instead of a job."""
        self.becomes: dict[str, Any] = {"status": "success", "timestamp": "20260302090501"}
        """What every job is said to be."""
        self._server = Loopback(self._script)
        self.address = self._server.address

    def _script(self, connection: socket.socket, head: str) -> None:
        line = head.partition("\r\n")[0]
        keys = re.search(r"\r\nauthorization: (.*)\r\n", head, re.IGNORECASE)
        self.log.append((line, self.clock.now() if self.clock else None, keys[1] if keys else ""))
        if line.startswith("GET /save/status/"):
            said = {"job_id": line.split()[1].rpartition("/")[2], **self.becomes}
            connection.sendall(answer(body=json.dumps(said).encode()))
        elif line.startswith("POST /save "):
            told = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            length = int(told[1]) if told else 0
            body = head.partition("\r\n\r\n")[2]
            while len(body) < length:
                body += connection.recv(9999).decode()
            self.begun.append(parse_qs(body)["url"][0])
            said = {"url": self.begun[-1], "job_id": f"spn2-{len(self.begun):040d}"}
            connection.sendall(self.begin or answer(body=json.dumps(said).encode()))
        else:
            connection.sendall(answer(body=b"[]"))

    def __enter__(self) -> SavePageNow:
        self._server.__enter__()
        return self

    def __exit__(self, *ended: Any) -> None:
        self._server.__exit__(*ended)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Newsroom, SavePageNow]]:
    """Two posts that are alive and one that is not, looked at once; pages are to be saved."""
    with SavePageNow() as far_end:
        room = Newsroom(tmp_path, per_day="{}")
        far_end.clock = room.clock
        room.far_end.start()
        detours = f'{{"*" = "{room.far_end.address}", "{HOST}" = "{far_end.address}"}}'
        monkeypatch.setenv("ARCHIVER_WEB__CONNECT_TO", detours)
        monkeypatch.setenv("ARCHIVER_WITNESSES__WAYBACK__SAVE", "true")
        for name, key in KEYS.items():
            monkeypatch.setenv(f"ARCHIVER_WITNESSES__WAYBACK__CREDENTIALS__{name.upper()}", key)
        with room:
            for native_id, handle in ((POST, "a_first"), (OTHER, "a_second"), (GONE, "a_gone")):
                room.post(native_id, handle)
            room.article("a.html", *(room.quote(each) for each in (POST, OTHER, GONE)))
            room.world.at(START - timedelta(days=30)).delete(GONE)
            room.archive.scan()
            room.archive.check()
            yield room, far_end


def looks(room: Newsroom) -> list[Any]:
    return room.rows("observations", endpoint="wayback_save")


def told(room: Newsroom) -> list[str]:
    return [look.reason for look in looks(room)]


def test_a_page_is_saved_once_and_what_became_of_it_is_on_file(desk: tuple[Newsroom, SavePageNow]) -> None:
    """Of posts seen alive only; a job, then the capture; the state and the timetable stay as they were."""
    room, far_end = desk
    before = {each.native_id: each for each in room.archive.posts()}
    first = room.archive.ask_archives()
    assert (first.saved, first.errors, told(room)) == (0, 0, ["save_begun"] * 2)
    assert len(far_end.begun) == 2
    for native_id, address in zip((POST, OTHER), far_end.begun, strict=True):
        assert address.startswith(f"https://cdn.syndication.twimg.com/tweet-result?id={native_id}&token=")
    room.clock.advance(timedelta(minutes=5))
    second = room.archive.ask_archives()
    assert (second.saved, told(room)[2:]) == (2, ["saved"] * 2)
    room.clock.advance(timedelta(days=40))
    assert room.archive.ask_archives().looks <= 1
    assert len(far_end.begun) == 2
    begun, _, saved, _ = looks(room)[:4]
    assert (begun.outcome, begun.adapter, saved.adapter_version) == ("unknown", "save_page_now", "1")
    assert room.remark(begun) == {"message": f"spn2-{1:040d}"}
    assert room.remark(saved)["message"].startswith("wayback/20260302090501")
    (exchange,) = room.rows("exchanges", observation=begun.id)
    (asked,) = room.rows("contents", id=exchange.request)
    packed = json.loads(asked.packed) if asked.codec == "plain" else None
    assert packed is None or packed["method"] == "POST"
    for earlier_id, earlier in before.items():
        now = room.listed(str(earlier_id))
        same = ("state", "checks", "last_checked_at", "last_reason", "next_check_at", "text", "text_from")
        assert [getattr(now, name) for name in same] == [getattr(earlier, name) for name in same]
    assert room.archive.refold() == []
    assert_chain_whole(room.rows("ledger"))


def test_what_was_sent_is_kept_and_the_keys_are_not(desk: tuple[Newsroom, SavePageNow]) -> None:
    """The form stands with its request; the keys go to the saving alone, and stand nowhere."""
    room, far_end = desk
    room.archive.ask_archives()
    look = looks(room)[0]
    with room.store.reading() as connection:
        (exchange,) = kept.load(connection, look.id)
        (row,) = room.rows("exchanges", observation=look.id)
        request = contents.get_json(connection, [row.request])[row.request]
    assert (exchange.method, exchange.url) == ("POST", "https://web.archive.org/save")
    assert parse_qs(exchange.request_body)["url"] == [far_end.begun[0]]
    assert request["body"] == exchange.request_body
    assert ("Authorization", "***") in [(name.title(), text) for name, text in exchange.request_headers]
    assert row.masked == ["Authorization"]
    by_door = {line.split()[1].startswith("/save"): keys for line, _, keys in far_end.log}
    assert by_door == {True: "LOW sample-access:sample-secret", False: ""}
    room.archive.close()
    for file in (room.folder / "archive").iterdir():
        assert b"sample-secret" not in file.read_bytes()


def test_the_archive_is_asked_at_its_own_pace(desk: tuple[Newsroom, SavePageNow]) -> None:
    """Six forms a minute at most, where it allows seven; the other doors at their own."""
    room, far_end = desk
    for number in range(6):
        room.post(born(10, 10 + number), f"b_{number}")
        room.article(f"b{number}.html", room.quote(born(10, 10 + number)))
    room.archive.scan()
    room.archive.check()
    for _ in range(3):
        room.archive.ask_archives()
    times = [at for line, at, _ in far_end.log if "/save" in line]
    assert len(times) > 8
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(seconds=10)


def test_an_archive_that_has_had_enough_is_left_alone_and_asked_again(desk: tuple[Newsroom, SavePageNow]) -> None:
    """429, and the limits that it tells by name: a minute at least, then hours; nothing counts as failed."""
    room, far_end = desk
    far_end.begin = answer("429 Too Many Requests")
    room.archive.ask_archives()
    assert told(room) == ["rate_limited", "skipped_paused"]
    assert room.archive.ask_archives().looks == 0
    far_end.begin = answer(body=b'{"status": "error", "status_ext": "error:user-session-limit"}')
    room.clock.advance(timedelta(minutes=20))
    room.archive.ask_archives()
    assert told(room)[2:] == ["rate_limited"]
    far_end.begin = None
    room.clock.advance(timedelta(hours=7))
    room.archive.ask_archives()
    assert told(room)[3:] == ["save_begun"] * 2


def test_a_page_that_cannot_be_saved_is_tried_five_times(desk: tuple[Newsroom, SavePageNow]) -> None:
    """Longer and longer apart; then it is let be."""
    room, far_end = desk
    far_end.becomes = {"status": "error", "status_ext": "error:blocked-url", "message": "sample words"}
    for _ in range(12):
        room.archive.ask_archives()
        room.clock.advance(timedelta(minutes=5))
        room.archive.ask_archives()
        room.clock.advance(timedelta(days=30))
        room.look(POST, OTHER)
    assert told(room).count("save_failed") == 2 * MOST_FAILURES
    assert len(far_end.begun) == 2 * MOST_FAILURES


def test_a_job_that_is_pending_is_followed_and_one_that_is_lost_is_begun_anew(
    desk: tuple[Newsroom, SavePageNow],
) -> None:
    """The archive forgets a job after an hour."""
    room, far_end = desk
    far_end.becomes = {"status": "pending"}
    room.archive.ask_archives()
    room.clock.advance(timedelta(minutes=5))
    room.archive.ask_archives()
    assert told(room) == ["save_begun"] * 2 + ["save_pending"] * 2
    room.clock.advance(timedelta(hours=8))
    room.archive.ask_archives()
    assert told(room)[4:] == ["save_begun"] * 2
    assert len(far_end.begun) == 4


def test_a_post_that_is_gone_meanwhile_is_not_asked_for(desk: tuple[Newsroom, SavePageNow]) -> None:
    """There is nothing to save any more."""
    room, far_end = desk
    room.world.at(room.clock.now()).delete(POST)
    room.look(POST)
    assert room.listed(POST).state is State.GONE_UNCONFIRMED
    room.archive.ask_archives()
    assert len(far_end.begun) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY_ANSWER),
        (b"<html><title>Log in</title></html>", Reason.LOGIN_WALL),
        (b"[]", Reason.UNEXPECTED_SHAPE),
        (b"{}", Reason.SAVE_FAILED),
        (b'{"job_id": "../../x"}', Reason.UNEXPECTED_SHAPE),
        (b'{"job_id": 17}', Reason.SAVE_FAILED),
        (b'{"message": "sample words"}', Reason.SAVE_FAILED),
    ],
)
def test_whatever_else_a_form_is_answered_with_is_no_job(
    desk: tuple[Newsroom, SavePageNow], body: bytes, reason: Reason
) -> None:
    """Kept, and never followed."""
    room, far_end = desk
    far_end.begin = answer(body=body)
    room.archive.ask_archives()
    assert set(told(room)) == {reason}
    assert room.archive.ask_archives().looks == 0


@pytest.mark.parametrize(
    ("noun", "reason"),
    [
        ({"status": "success", "timestamp": "20260302"}, "unexpected_shape"),
        ({"status": "success"}, "unexpected_shape"),
        ({"status": None}, "unexpected_shape"),
        ({"status": "error"}, "save_failed"),
        ({"status": "error", "status_ext": "error:too-many-requests"}, "rate_limited"),
    ],
)
def test_a_job_is_saved_only_where_it_says_so_in_full(
    desk: tuple[Newsroom, SavePageNow], noun: dict[str, Any], reason: str
) -> None:
    """With the capture's own time."""
    room, far_end = desk
    far_end.becomes = noun
    room.archive.ask_archives()
    room.clock.advance(timedelta(minutes=5))
    room.archive.ask_archives()
    assert told(room)[2] == reason
    assert "saved" not in told(room)


def test_one_turn_without_the_daemon_asks_too(desk: tuple[Newsroom, SavePageNow]) -> None:
    """`run --once`; what was saved is counted."""
    room, _ = desk
    run_once(room.archive)
    room.clock.advance(timedelta(minutes=5))
    _, checked = run_once(room.archive)
    assert checked.saved == 2
    summaries = [row.summary for row in room.rows("run_ends") if row.summary and "saved" in row.summary]
    assert [each["saved"] for each in summaries] == [0, 2]


def test_a_redacted_post_is_shown_to_no_archive(desk: tuple[Newsroom, SavePageNow]) -> None:
    """Neither to be saved, nor to be asked what was kept of it."""
    room, far_end = desk
    for native_id in (POST, GONE):
        number = room.listed(native_id).number
        room.archive.redact(number, reason="court_order", authority="Sample court", by="Sample desk")
    room.archive.ask_archives()
    assert len(far_end.begun) == 1
    assert f"id={OTHER}" in far_end.begun[0]
    assert not [line for line, _, _ in far_end.log if GONE in line or POST in line]


def test_nothing_is_saved_unless_it_is_configured(tmp_path: Path) -> None:
    """Off at first."""
    with Newsroom(tmp_path) as room:
        room.post(POST, "a_first")
        room.article("a.html", room.quote(POST))
        run_once(room.archive)
        assert looks(room) == []
        assert not [request for request in room.far_end.log if request.path.startswith("/save")]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"SAVE": "true"}, "save = true needs credentials.access_key and credentials.secret_key"),
        ({"SAVE": "true", "CREDENTIALS__ACCESS_KEY": "sample"}, "needs credentials.access_key and"),
        (
            {"SAVE": "true", "ENABLED": "false", "CREDENTIALS__ACCESS_KEY": "a", "CREDENTIALS__SECRET_KEY": "b"},
            "save = true needs enabled = true",
        ),
    ],
)
def test_saving_needs_its_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], problem: str
) -> None:
    """One clear line."""
    with Newsroom(tmp_path) as room:
        for name, text in settings.items():
            monkeypatch.setenv(f"ARCHIVER_WITNESSES__WAYBACK__{name}", text)
        with pytest.raises(ConfigurationError) as refused:
            Archive.open(room.config)
    assert len(refused.value.problems) == 1
    assert problem in refused.value.problems[0]


def test_a_file_that_holds_the_keys_is_its_owners_alone(tmp_path: Path) -> None:
    """As with those of platforms; printed, they are masked."""
    keys = "".join(f'{name} = "{key}"\n' for name, key in KEYS.items())
    tables = f"[witnesses.wayback]\nsave = true\n[witnesses.wayback.credentials]\n{keys}"
    with Newsroom(tmp_path) as room:
        room.config.write_text(f"{room.config.read_text()}\n{tables}", encoding="utf-8")
        room.config.chmod(0o644)
        with pytest.raises(ConfigurationError, match="holds credentials and may be read by others"):
            Archive.open(room.config)
        room.config.chmod(0o600)
        with Archive.open(room.config) as archive:
            assert "sample-secret" not in json.dumps(archive.config.masked())


def test_whose_turn_it_is() -> None:
    """A table: what was last told, and how long ago."""
    hour = timedelta(hours=1)
    begun = Asked(Reason.SAVE_BEGUN, START, START, "j")
    assert is_due(Asked(), START)
    assert not is_due(begun, START + timedelta(seconds=20))
    assert is_due(begun, START + timedelta(seconds=30))
    assert job_of(begun, START + hour) == "j"
    assert job_of(begun, START + 2 * hour) is None
    assert not is_due(begun, START + 2 * hour)
    assert is_due(begun, START + 6 * hour)
    assert not is_due(Asked(Reason.SAVED, START), START + 9999 * hour)
    assert not is_due(Asked(Reason.SAVE_FAILED, START, failed=1), START + 5 * hour)
    assert is_due(Asked(Reason.SAVE_FAILED, START, failed=1), START + 6 * hour)
    assert not is_due(Asked(Reason.SAVE_FAILED, START, failed=3), START + 23 * hour)
    assert is_due(Asked(Reason.SAVE_FAILED, START, failed=4), START + 48 * hour)
    assert not is_due(Asked(Reason.SAVE_FAILED, START, failed=MOST_FAILURES), START + 9999 * hour)
    assert is_due(Asked(Reason.CONNECT, START, vain=50), START + 128 * 6 * hour)


def test_what_is_saved_is_found_again_by_those_who_look_for_captures() -> None:
    """The address of X's JSON is among those under which captures of a post are sought."""
    post = Post(1, "x", None, POST, "a_first", None, "77", None, None, None, (), (), START)
    address = wayback_save.address_of(post)
    assert address is not None
    sought = [each for group in x_wayback.addresses(POST, ("a_first",)) for each in group]
    assert any(address.partition("://")[2].startswith(each) for each in sought)
    assert x_wayback.is_of(address, POST)
