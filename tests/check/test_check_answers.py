"""What one answer of X does to a post on file: rows of the table of bad inputs, through the whole of `check`."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from archiver.archive import Archive
from archiver.demo import answers
from archiver.demo.scenery import snowflake
from archiver.demo.shapes import Asked
from archiver.demo.syndication import tweet
from archiver.model.listing import PostListing
from archiver.model.outcome import Reason
from archiver.model.verdict import State
from archiver.store import contents
from tests.newsroom import START, Newsroom, born, configure, make_store, rows
from tests.web.loopback import Loopback, answer

POST = born(10, 5)
OTHER = born(10, 6)
DAY = timedelta(days=1)
HTML = "Content-Type: text/html; charset=utf-8"
JSON = "Content-Type: application/json; charset=utf-8"


class Cut(bytes):
    """An answer after which the connection ends."""


@dataclass
class RudeX:
    """X as the world has it, but for one post, for which it answers as the test wants."""

    room: Newsroom
    rude: dict[str, bytes] = field(default_factory=dict)
    """By host: what is sent for POST."""

    def __call__(self, connection: socket.socket, head: str) -> None:
        lines = head.split("\r\n")
        headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines[1:] if line)}
        target, host = lines[0].split(" ")[1], headers["host"]
        if POST in unquote(target) and host in self.rude:
            connection.sendall(self.rude[host])
            if isinstance(self.rude[host], Cut):
                connection.shutdown(socket.SHUT_WR)
            return
        told = answers.answer(self.room.world, Asked(host, target))
        kind = f"Content-Type: {told.content_type}"
        connection.sendall(answer(f"{told.status_code} Sample", told.body, kind))


class Desk:
    """A newsroom before a rude X, with one post on file that was seen alive on both endpoints."""

    def __init__(self, room: Newsroom, x: RudeX, archive: Archive) -> None:
        self.room, self.x, self.archive = room, x, archive
        self.valid: dict[str, bool] = {}
        """Whether the batches of the last look were valid, by endpoint."""

    def answer(self, whole: bytes, *hosts: str) -> None:
        """From now on POST is answered so; on both endpoints, if none is named."""
        for host in hosts or ("publish.x.com", "cdn.syndication.twimg.com"):
            self.x.rude[host] = whole

    def post(self) -> PostListing:
        return next(post for post in self.archive.posts() if post.native_id == POST)

    def look(self) -> list[Any]:
        """Look once, a day later; gives the looks at the post."""
        self.room.clock.advance(DAY)
        self.archive.check([self.post().number])
        with make_store(self.room.folder, self.room.clock).reading() as connection:
            looks = rows(connection, "observations", subject_kind="post", subject_key=str(self.post().number))
            self.valid = {row.endpoint: row.valid for row in rows(connection, "batches", round=looks[-1].round)}
        return [look for look in looks if look.round == looks[-1].round]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Newsroom(tmp_path) as room:
        room.post(POST, "sample_wire", "Sample text one.")
        room.post(OTHER, "sample_wire", "Sample text two.")
        room.article("a.html", room.quote(POST))
        x = RudeX(room)
        with Loopback(x, keep=True) as loopback:
            path = configure(tmp_path, loopback.address)
            with Archive.open(path, clock=room.clock) as archive:
                archive.scan()
                archive.check()
                made = Desk(room, x, archive)
                assert made.post().state is State.ALIVE
                yield made


LOGIN = b"<html><head><title>Log in to X / X</title></head></html>"
CUT = b'{"__typename": "Tweet", "id_str": "' + POST.encode()
SILENT = {
    "row 4, a 404 of other HTML": (answer("404 Not Found", b"<title>Oops</title>", HTML), "unexpected_status"),
    "row 4, an empty 404": (answer("404 Not Found", b"", HTML), "unexpected_status"),
    "row 4, another JSON": (answer("404 Not Found", b'{"errors":[{"code":144}]}', JSON), "unexpected_status"),
    "row 5": (answer("200 OK", b"{}", JSON), "empty_answer"),
    "row 6": (answer("200 OK", LOGIN, HTML), "login_wall"),
    "row 7": (answer("302 Found", b"", "Location: https://x.com/i/flow/login"), "login_wall"),
    "row 8": (answer("200 OK", b'{"errors":[{"code":88}]}', JSON), "rate_limited"),
    "row 10": (answer("429 Too Many", b"", "Retry-After: 1e99"), "rate_limited"),
    **{f"row 11, {code}": (answer(f"{code} Sample", b"", HTML), "refused") for code in (401, 402, 403, 407, 418, 451)},
    "row 11, 511": (answer("511 Sample", b"", HTML), "server_error"),
    "row 13": (
        answer("200 OK", b'{"__typename":"TweetTombstone","tombstone":{"text":{"text":"Dieser Post"}}}', JSON),
        "unknown_tombstone",
    ),
    "row 22, truncated JSON": (answer("200 OK", CUT, JSON), "unexpected_shape"),
    "row 22, a short body": (Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + CUT), "protocol"),
    "row 28, a garbage status line": (Cut(b"SAMPLE GARBAGE\r\n\r\n"), "protocol"),
    "row 28, an end in the headers": (Cut(b"HTTP/1.1 200 OK\r\nContent-"), "protocol"),
    "row 26, garbage deflate": (answer("200 OK", b"\x1f\x8bgarbage", "Content-Encoding: gzip"), "undecodable"),
    "row 77, not finite": (answer("200 OK", b'{"a": NaN}', JSON), "unexpected_shape"),
}


@pytest.mark.parametrize("row", SILENT)
def test_an_answer_that_tells_nothing_changes_nothing(desk: Desk, row: str) -> None:
    """It is unknown with its reason, the payload is kept, and the post is as alive as before."""
    whole, reason = SILENT[row]
    desk.answer(whole, "cdn.syndication.twimg.com")
    before = desk.post()
    looks = desk.look()
    told = [(k.outcome, k.reason) for k in looks if k.endpoint == "syndication"]
    assert set(told) == {("unknown", reason)}
    # After a rate limit nothing more is asked for, the controls after the looks neither.
    assert desk.valid["syndication"] == (reason != "rate_limited")
    after = desk.post()
    assert (after.state, after.gone_by, after.decided_at) == (State.ALIVE, None, before.decided_at)
    assert desk.archive.refold() == []


@pytest.mark.parametrize("row", ["row 5", "row 11, 403", "row 28, a garbage status line"])
def test_answers_that_tell_nothing_lead_nowhere_however_many_they_are(desk: Desk, row: str) -> None:
    """Twenty days of them on both endpoints, controls right: not one verdict."""
    whole, _ = SILENT[row]
    desk.answer(whole)
    for _ in range(20):
        desk.look()
        assert desk.valid["oembed"]
        assert desk.valid["syndication"]
    assert desk.post().state is State.ALIVE
    assert desk.post().checks == 21


def served(desk: Desk, *headers: str, **changes: Any) -> bytes:
    """The post as syndication serves it, with something changed."""
    noun = tweet(desk.room.world, desk.room.world.posts[POST])
    return answer("200 OK", json.dumps({**noun, **changes}).encode(), JSON, *headers)


def test_another_post_than_was_asked_for_is_no_sighting(desk: Desk) -> None:
    """Row 17: present, but with another id."""
    desk.answer(served(desk, id_str=OTHER), "cdn.syndication.twimg.com")
    (look,) = (k for k in desk.look() if k.endpoint == "syndication")
    assert (look.outcome, look.reason) == ("unknown", "wrong_id")
    assert OTHER in desk.room.remark(look)["message"]


def test_another_author_than_the_one_on_file_is_neither_alive_nor_gone(desk: Desk) -> None:
    """Row 18: the look is unknown, says both authors, and moves no time."""
    desk.answer(served(desk, user={"id_str": "4242", "screen_name": "somebody"}), "cdn.syndication.twimg.com")
    desk.answer(answer("503 Sample", b""), "publish.x.com")
    before = desk.post()
    looks = [k for k in desk.look() if k.endpoint == "syndication"]
    assert [(k.outcome, k.reason) for k in looks] == [("unknown", "wrong_author")]
    assert "4242" in desk.room.remark(looks[0])["message"]
    after = desk.post()
    assert (after.state, after.last_seen_at, after.author_id) == (State.ALIVE, before.last_seen_at, before.author_id)


def test_a_changed_handle_with_the_same_author_is_a_sighting(desk: Desk) -> None:
    """Row 19: present; the new handle is on file beside the one that the article prints."""
    user = tweet(desk.room.world, desk.room.world.posts[POST])["user"] | {"screen_name": "new_sample"}
    desk.answer(served(desk, user=user), "cdn.syndication.twimg.com")
    assert {k.outcome for k in desk.look()} == {"present"}
    (seen,) = [k for k in desk.look() if k.endpoint == "syndication"]
    assert desk.room.remark(seen)["author_handle"] == "new_sample"


def test_a_cached_sighting_is_as_old_as_its_age_says(desk: Desk) -> None:
    """Row 38: `Age: 86400` moves the left end of the interval back by a day."""
    desk.answer(served(desk, "Age: 86400"), "cdn.syndication.twimg.com")
    desk.answer(answer("503 Sample", b""), "publish.x.com")
    sent_at = next(k.sent_at for k in desk.look() if k.endpoint == "syndication")
    assert desk.post().last_seen_at == max(sent_at - DAY, START)


def test_a_not_authorized_is_unknown_and_says_so(desk: Desk) -> None:
    """Row 11: oEmbed's 403 "not authorized" is unknown with its own reason, which holds `deleted` back."""
    words = b'{"error":"Sorry, you are not authorized to see this status."}'
    desk.answer(answer("403 Forbidden", words, JSON), "publish.x.com")
    told = {k.endpoint: (k.outcome, k.reason) for k in desk.look()}
    assert desk.valid["oembed"]
    assert told["oembed"] == ("unknown", Reason.NOT_AUTHORIZED)


def test_present_here_and_absent_there_is_alive(desk: Desk) -> None:
    """Row 39: one sighting beats the absent; row 40: after a week of both it is disputed, for a person."""
    desk.answer(answer("404 Not Found", b'{"errors":[{"code":34}]}', JSON), "publish.x.com")
    assert {(k.endpoint, k.outcome) for k in desk.look()} == {("oembed", "absent"), ("syndication", "present")}
    assert (desk.post().state, desk.post().flags) == (State.ALIVE, ())
    for _ in range(7):
        desk.look()
    assert (desk.post().state, desk.post().flags) == (State.ALIVE, ("disputed",))
    assert desk.archive.refold() == []


def test_five_absents_in_ten_minutes_count_as_one(desk: Desk) -> None:
    """Row 41: hurried rounds add nothing to what confirms."""
    desk.room.world.at(START + DAY).delete(POST)
    desk.look()
    for _ in range(4):
        desk.room.clock.advance(timedelta(minutes=2))
        desk.archive.check([desk.post().number])
    for days in (1, 2):
        desk.look()
        assert desk.post().state is State.GONE_UNCONFIRMED, days
    desk.look()
    assert desk.post().state is State.GONE_UNCONFIRMED
    desk.look()
    assert desk.post().state is State.DELETED


def test_without_a_word_of_the_account_an_absence_stays_unconfirmed(desk: Desk) -> None:
    """Row 42: absent on every look over days, but nothing tells that the author is still public."""
    desk.room.world.at(START + DAY).delete(POST)
    desk.room.world.outage(START, START + 60 * DAY, "empty_json", "syndication.twitter.com")
    for _ in range(10):
        desk.look()
    assert desk.post().state is State.GONE_UNCONFIRMED


def test_an_id_on_the_verge_of_the_future_is_not_lost(tmp_path: Path) -> None:
    """An id some hours ahead of a slow clock is looked at like any other."""
    with Newsroom(tmp_path) as room:
        ahead = snowflake(START + timedelta(hours=6))
        room.post(ahead, "sample_wire")
        room.article("a.html", room.quote(ahead))
        room.archive.scan()
        assert room.archive.check().posts == 1


def test_after_a_word_of_suspension_the_account_is_looked_at_in_the_same_round(desk: Desk) -> None:
    """Row 14: the first such answer changes no verdict, but the account is asked at once."""
    desk.room.world.at(START + timedelta(hours=1)).suspend("sample_wire")
    desk.look()
    assert desk.post().state is State.ALIVE
    with make_store(desk.room.folder, desk.room.clock).reading() as connection:
        about = rows(connection, "observations", subject_kind="author")
    assert [look.endpoint for look in about] == ["timeline"]


def test_an_answer_about_another_post_raises_an_alarm(desk: Desk) -> None:
    """Rows 17 and 18: unknown, and a person is told."""
    desk.answer(served(desk, id_str=OTHER), "cdn.syndication.twimg.com")
    desk.room.clock.advance(DAY)
    alarms = desk.archive.check([desk.post().number]).alarms
    assert alarms == [f"syndication: post {desk.post().number}: the answer was about another post"]


@pytest.mark.parametrize(
    ("days", "headers", "told"),
    [(3, (), True), (-3, (), True), (0.9, (), False), (-3, ("Age: 9",), False), (None, (), False)],
)
def test_a_host_whose_clock_is_days_off_is_told_and_changes_nothing(
    desk: Desk, days: float | None, headers: tuple[str, ...], told: bool
) -> None:
    """Row 37: our own clock rules. What a cache gave was made when it was; a date that is none tells nothing."""
    said = "sample" if days is None else format_datetime(desk.room.clock.now() + DAY + days * DAY, usegmt=True)
    desk.answer(served(desk, f"Date: {said}", *headers), "cdn.syndication.twimg.com")
    desk.room.clock.advance(DAY)
    alarms = desk.archive.check([desk.post().number]).alarms
    assert [each.startswith("syndication: by its host's clock it is 2026-") for each in alarms] == [True] * told
    assert desk.post().state is State.ALIVE
    assert desk.post().last_checked_at is not None
    assert (desk.post().last_checked_at or START) - desk.room.clock.now() < DAY


def test_a_post_that_says_half_a_character_is_kept_as_it_came(desk: Desk) -> None:
    """Row 76: a lone surrogate is no text; the bytes are kept, and every way of showing the post goes on."""
    whole = answer("200 OK", b'{"__typename": "Tweet", "id_str": "' + POST.encode() + b'", "text": "\\ud800"}', JSON)
    desk.answer(whole, "cdn.syndication.twimg.com")
    (look,) = (k for k in desk.look() if k.endpoint == "syndication")
    assert look.outcome == "unknown"
    with make_store(desk.room.folder, desk.room.clock).reading() as connection:
        [sent] = rows(connection, "exchanges", observation=look.id)
        assert contents.get(connection, sent.payload) == whole.partition(b"\r\n\r\n")[2]
    assert desk.post().text == "Sample text one."
    assert desk.archive.refold() == []


def test_a_host_that_asked_us_to_wait_is_left_alone_by_the_next_process_too(desk: Desk) -> None:
    """Row 9: the pause is read from what is stored, and ends when it was to end."""
    desk.answer(answer("429 Too Many", b"", "Retry-After: 900"), "cdn.syndication.twimg.com")
    desk.look()
    desk.x.rude.clear()
    for minutes, reason in ((5, "skipped_paused"), (15, "served")):
        desk.room.clock.advance(timedelta(minutes=minutes))
        with Archive(desk.archive.config, clock=desk.room.clock) as another:
            another.check([desk.post().number])
        with make_store(desk.room.folder, desk.room.clock).reading() as connection:
            looks = rows(connection, "observations", subject_kind="post", endpoint="syndication")
        assert looks[-1].reason == reason
