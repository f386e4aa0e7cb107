"""Pictures of posts: fetched once, from the platform's own hosts, and only what is a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.check.media import lies_at, type_of
from archiver.demo.scenery import Picture
from archiver.demo.shapes import Answer, Asked
from archiver.model.outcome import Reason
from archiver.model.picture import StoredPicture
from archiver.platforms import registry
from archiver.store import contents, media
from archiver.urls import host
from tests.newsroom import CONTROL_POSTS, START, Newsroom, assert_chain_whole, born, day

PNG = b"\x89PNG\r\n\x1a\n" + b"sample picture"
SEEN, FILM = born(10, 1), born(10, 2)
KEEP = '[media]\nkeep = "images"\ncap = "1kB"\n'


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom that keeps pictures, and a post that shows two."""
    with Newsroom(tmp_path, tables=KEEP) as opened:
        shown = (Picture("SmplPict01", alternative_text="A sample chart"), Picture("SmplPict02"))
        opened.post(SEEN, "sample_desk", media=shown)
        opened.article("a.html", opened.quote(SEEN))
        yield opened


def serve(room: Newsroom, body: bytes = PNG, status_code: int = 200, content_type: str = "image/png") -> None:
    """Let the media host answer every picture so."""

    def between(asked: Asked, answered: Answer) -> Answer:
        return Answer(status_code, content_type, body) if asked.host == "pbs.twimg.com" else answered

    room.far_end.between = between


def kept(room: Newsroom) -> list[StoredPicture]:
    number = room.listed(SEEN).number
    with room.store.reading() as connection:
        return media.of_posts(connection, [number]).get(number, [])


def asked_for(room: Newsroom) -> list[str]:
    return [each.path for each in room.far_end.log if each.host == "pbs.twimg.com"]


def test_the_pictures_of_a_post_are_fetched_when_it_is_first_seen(room: Newsroom) -> None:
    """Byte for byte, with digest, exchange and a line of the ledger that tells no address."""
    serve(room)
    room.archive.scan()
    summary = room.archive.check()
    assert (summary.pictures, summary.not_kept) == (2, [])
    first, second = kept(room)
    assert first.address == "https://pbs.twimg.com/media/sample-SmplPict01.jpg"
    assert (first.type, first.reason, first.size, first.digest) == ("image/png", Reason.SERVED, len(PNG), second.digest)
    assert first.content is not None
    with room.store.reading() as connection:
        assert contents.get(connection, first.content) == PNG
    row = room.rows("media")[0]
    assert (row.status_code, row.ledger, row.detour) == (200, first.ledger, room.far_end.address)
    lines = room.rows("ledger")
    line = json.loads(lines[first.ledger - 1].line)
    assert (line["kind"], line["content"], line["post"]) == ("media", first.commitment, first.post)
    assert "twimg" not in lines[first.ledger - 1].line
    assert_chain_whole(lines)


def test_a_picture_is_never_fetched_again(room: Newsroom) -> None:
    """Twenty days of looks, one request a picture."""
    serve(room)
    room.live(day(20))
    assert len(asked_for(room)) == 2
    assert room.listed(SEEN).checks >= 5


@pytest.mark.parametrize(
    ("answer", "reason", "words"),
    [
        ({"status_code": 404, "body": b"gone"}, Reason.NOT_FOUND, "the host answered 404"),
        ({"status_code": 403}, Reason.REFUSED, "the host answered 403"),
        ({"status_code": 503}, Reason.SERVER_ERROR, "the host answered 503"),
        ({"body": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, Reason.UNEXPECTED_SHAPE, "no PNG, JPEG, GIF or WebP"),
        ({"body": b""}, Reason.UNEXPECTED_SHAPE, "no PNG, JPEG, GIF or WebP"),
        ({"body": PNG + bytes(1000)}, Reason.TOO_LARGE, "more than 1000 bytes"),
    ],
    ids=("gone", "refused", "out of order", "no picture", "empty", "too large"),
)
def test_a_picture_that_cannot_be_kept_is_told_once_and_never_asked_for_again(
    room: Newsroom, answer: dict[str, object], reason: Reason, words: str
) -> None:
    """Why stands in a row, and its body is not kept; the look itself is as good as any."""
    serve(room, **answer)  # type: ignore[arg-type]
    room.archive.scan()
    summary = room.archive.check()
    assert [words in line for line in summary.not_kept] == [True, True]
    serve(room)
    room.live(day(4))
    assert len(asked_for(room)) == 2
    assert {(each.reason, each.content, each.type) for each in kept(room)} == {(reason, None, None)}
    assert {row.payload for row in room.rows("media")} == {None}
    assert room.listed(SEEN).state == "alive"


def test_a_host_that_asks_us_to_wait_is_asked_at_the_next_sighting(room: Newsroom) -> None:
    """429 says nothing about the picture; the second one is not even asked for."""
    serve(room, status_code=429)
    room.archive.scan()
    summary = room.archive.check()
    assert (summary.pictures, summary.not_kept, kept(room)) == (0, [], [])
    assert len(asked_for(room)) == 1
    serve(room)
    room.live(day(6))
    assert len(kept(room)) == 2


def test_a_sighting_that_counts_for_nothing_fetches_nothing(room: Newsroom) -> None:
    """In a void batch nobody knows whose picture it is."""
    serve(room)
    for control in CONTROL_POSTS:
        room.world.at(START).delete(control)
    room.archive.scan()
    assert room.archive.check().void
    assert (asked_for(room), kept(room)) == ([], [])


def test_without_the_setting_nothing_is_fetched(tmp_path: Path) -> None:
    """The default: addresses and descriptions stand in the snapshot, and that is all."""
    with Newsroom(tmp_path) as room:
        room.post(SEEN, "sample_desk", media=(Picture("SmplPict01"),))
        room.article("a.html", room.quote(SEEN))
        room.live(day(2))
        assert (asked_for(room), kept(room)) == ([], [])


def test_a_film_is_not_fetched(room: Newsroom) -> None:
    """Neither itself nor its still; avatars stand in no snapshot."""
    serve(room)
    room.post(FILM, "film_desk", media=(Picture("SmplFilm01", kind="video"),))
    room.article("b.html", room.quote(FILM))
    room.live(day(1))
    assert all("SmplFilm01" not in path for path in asked_for(room))
    assert {each.host for each in room.far_end.log} <= {
        *("publish.x.com", "cdn.syndication.twimg.com", "syndication.twitter.com", "t.co", "pbs.twimg.com"),
        "web.archive.org",
    }


@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254/latest/meta",
        "https://pbs.twimg.com.evil.example/a.png",
        "http://pbs.twimg.com/a.png",
        "https://cdn.syndication.twimg.com/tweet-result?id=1",
        "https://pbs.twimg.com@evil.example/a.png",
        "file:///etc/passwd",
    ],
)
def test_a_post_cannot_have_us_ask_anybody_else(room: Newsroom, address: str) -> None:
    """What the platform names is fetched from its media hosts by https only; the refusal is on file."""

    def between(asked: Asked, answered: Answer) -> Answer:
        if asked.path.startswith("/tweet-result"):
            body = answered.body.replace(b"https://pbs.twimg.com/media/sample-SmplPict01.jpg", address.encode())
            return replace(answered, body=body)
        return Answer(200, "image/png", PNG) if asked.host == "pbs.twimg.com" else answered

    room.far_end.between = between
    room.archive.scan()
    before = len(room.far_end.log)
    room.archive.check()
    asked = {each.host for each in list(room.far_end.log)[before:]}
    assert asked <= {"publish.x.com", "cdn.syndication.twimg.com", "syndication.twitter.com", "pbs.twimg.com"}
    assert len(asked_for(room)) == 1
    assert [(each.reason, each.type) for each in kept(room)] == [
        (Reason.HOST_NOT_ALLOWED, None),
        (Reason.SERVED, "image/png"),
    ]


def test_every_adapter_names_its_media_hosts() -> None:
    """By whole labels, lower case, and none below a whole top-level domain."""
    for adapter in registry.adapters():
        assert adapter.media_hosts, adapter.platform
        for pattern in adapter.media_hosts:
            name = pattern.removeprefix("*.").replace("{host}", "social.example")
            assert host(f"https://{name}/") == name
            assert "." in name


@pytest.mark.parametrize(
    ("asked", "hosts", "own", "lies"),
    [
        ("pbs.twimg.com", ("pbs.twimg.com",), None, True),
        ("evilpbs.twimg.com", ("pbs.twimg.com",), None, False),
        ("scontent.cdn.example", ("*.cdn.example",), None, True),
        ("cdn.example", ("*.cdn.example",), None, False),
        ("evilcdn.example", ("*.cdn.example",), None, False),
        ("files.social.example", ("{host}", "*.{host}"), "social.example", True),
        ("social.example", ("{host}", "*.{host}"), "social.example", True),
        ("other.example", ("{host}", "*.{host}"), "social.example", False),
        ("social.example", ("{host}", "*.{host}"), None, False),
    ],
)
def test_hosts_are_compared_by_whole_labels(asked: str, hosts: tuple[str, ...], own: str | None, lies: bool) -> None:
    """ "*." stands for what lies below, "{host}" for the post's own server."""
    assert lies_at(asked, hosts, own) is lies


@given(st.binary(max_size=40))
def test_only_four_types_are_pictures(body: bytes) -> None:
    """By the first bytes alone."""
    starts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
    assert (type_of(body) is None) or body.startswith(starts)
    assert type_of(b"\xff\xd8\xff" + body) == "image/jpeg"
    assert type_of(b"RIFF1234WEBP" + body) == "image/webp"
    assert type_of(b"<!DOCTYPE html>" + body) is None
