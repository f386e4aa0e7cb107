"""Rounds on other platforms than X, end to end on loopback: servers of their own, and many ids in one request."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.model.listing import PostListing
from archiver.model.verdict import State
from tests.newsroom import make_store, rows
from tests.web.loopback import Loopback, answer

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FLAKES = [str(int(datetime(2026, 2, day, tzinfo=UTC).timestamp() * 1000) << 16) for day in range(1, 21)]
CONTROL, NEVER, *POSTS = FLAKES
HOSTS = ("one.example", "two.example")
VIDEOS = [f"AbCdEfGhI{letter}4" for letter in "abcdefghijkl"]


@dataclass
class World:
    """What two servers of Mastodon and YouTube's API have."""

    gone: set[tuple[str, str]] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    credentials: set[str] = field(default_factory=set)

    def __call__(self, connection: socket.socket, request: str) -> None:
        host = re.search(r"^host: (\S+)", request, re.I | re.M)
        path = request.split(" ", 2)[1]
        assert host is not None
        self.asked.append((host[1], path))
        self.credentials |= set(re.findall(r"^x-goog-api-key: (\S+)", request, re.I | re.M))
        status, noun = self._answer(host[1], path)
        kind = "Content-Type: application/json; charset=utf-8"
        connection.sendall(answer(status, json.dumps(noun).encode(), kind))

    def _answer(self, host: str, path: str) -> tuple[str, Any]:
        if host in self.down:
            return "503 Service Unavailable", {}
        if host == "www.googleapis.com" and "/videos?" in path:
            return "200 OK", self._videos(re.findall(r"[\w-]{11}", path.partition("id=")[2].partition("&")[0]))
        number = re.search(r"/statuses/(\d+)$", path)
        if host in HOSTS and number and (number[1] == NEVER or (host, number[1]) in self.gone):
            return "404 Not Found", {"error": "Record not found"}
        if host in HOSTS and number and "/api/" in path:
            return "200 OK", _status(host, number[1])
        return "404 Not Found", {"error": "sample"}

    def _videos(self, ids: list[str]) -> dict[str, Any]:
        served = [each for each in ids if ("youtube", each) not in self.gone]
        count = len(served)
        page = {"totalResults": count, "resultsPerPage": count}
        return {"kind": "youtube#videoListResponse", "pageInfo": page, "items": list(map(_video, served))}


def _status(host: str, number: str) -> dict[str, Any]:
    address = f"https://{host}/users/sample_desk/statuses/{number}"
    account = {"id": "7", "username": "sample_desk", "acct": "sample_desk", "url": f"https://{host}/@sample_desk"}
    return {
        "id": number,
        "created_at": "2026-02-01T00:00:00.000Z",
        "visibility": "public",
        "uri": address,
        "url": f"https://{host}/@sample_desk/{number}",
        "content": f"<p>Sample words of {number} at {host}.</p>",
        "spoiler_text": "",
        "reblog": None,
        "media_attachments": [],
        "account": account | {"uri": f"https://{host}/users/sample_desk", "display_name": "Sample"},
    }


def _video(video: str) -> dict[str, Any]:
    said = {
        "title": f"Sample video {video}",
        "description": "",
        "channelId": "UCsamplechannel000000000",
        "channelTitle": "Sample channel",
        "publishedAt": "2026-01-01T00:00:00Z",
        "thumbnails": {},
    }
    status = {"uploadStatus": "processed", "privacyStatus": "public", "embeddable": True}
    return {"kind": "youtube#video", "id": video, "snippet": said, "status": status}


@contextmanager
def newsroom(
    folder: Path, world: Callable[[socket.socket, str], None], platforms: str, article: str
) -> Iterator[tuple[Archive, SettableClock]]:
    """An archive whose one article shows the posts, scanned."""
    (folder / "articles").mkdir()
    (folder / "articles" / "a.html").write_text(f"<title>Sample</title>{article}", encoding="utf-8")
    with Loopback(world) as far_end:
        (folder / "config.toml").write_text(
            f'[store]\npath = "archive"\n[sources.a]\npath = "articles"\n[witnesses.wayback]\nenabled = false\n'
            f'[web]\npace = "1s"\nconnect_to = {{ "*" = "{far_end.address}" }}\n{platforms}',
            encoding="utf-8",
        )
        (folder / "config.toml").chmod(0o600)
        clock = SettableClock(START)
        with Archive.open(folder / "config.toml", clock=clock) as archive:
            archive.scan()
            yield archive, clock


def listed(archive: Archive) -> dict[tuple[str | None, str | None], PostListing]:
    return {(post.host, post.native_id): post for post in archive.posts()}


def embeds(host: str, *numbers: str) -> str:
    return "".join(
        f'<iframe class="mastodon-embed" src="https://{host}/@sample_desk/{number}/embed"></iframe>'
        for number in numbers
    )


MASTODON = f"""
[platforms.mastodon.controls]
present = ["https://one.example/@sample_desk/{CONTROL}"]
absent = ["https://one.example/@sample_desk/{NEVER}"]
"""


def test_each_server_is_asked_for_its_own_posts_under_its_own_controls(tmp_path: Path) -> None:
    """Where no controls are configured an absence leads no further; the other server is never asked for them."""
    world = World()
    article = embeds("one.example", *POSTS[:3]) + embeds("two.example", POSTS[0])
    with newsroom(tmp_path, world, MASTODON, article) as (archive, clock):
        archive.check()
        shown = listed(archive)
        assert {post.state for post in shown.values()} == {State.ALIVE}
        assert shown["two.example", POSTS[0]].text == f"Sample words of {POSTS[0]} at two.example."
        assert {host for host, path in world.asked if path.endswith(CONTROL)} == {"one.example"}
        store = make_store(tmp_path, clock)
        with store.reading() as connection:
            batches = rows(connection, "batches", endpoint="status")
        assert [(batch.valid, batch.controlled) for batch in batches] == [(True, True), (True, False)]
        world.gone |= {("one.example", POSTS[0]), ("two.example", POSTS[0])}
        for _ in range(12):
            clock.advance(timedelta(days=4))
            archive.check([post.number for post in shown.values()])
        ended = {key: post.state for key, post in listed(archive).items()}
        assert ended["one.example", POSTS[0]] is State.GONE_UNATTRIBUTED
        assert ended["two.example", POSTS[0]] is State.GONE_UNCONFIRMED
        assert ended["one.example", POSTS[1]] is State.ALIVE
        assert archive.refold() == []


def test_a_server_that_is_down_voids_its_own_batches_only(tmp_path: Path) -> None:
    """The posts of the other one are looked at as ever."""
    world = World(down={"one.example"})
    article = embeds("one.example", POSTS[0]) + embeds("two.example", POSTS[1])
    with newsroom(tmp_path, world, MASTODON, article) as (archive, _):
        summary = archive.check()
        assert all("status" in why or "activity" in why for why in summary.void)
        ended = {key: post.state for key, post in listed(archive).items()}
        assert ended == {("one.example", POSTS[0]): State.UNKNOWN, ("two.example", POSTS[1]): State.ALIVE}


@pytest.mark.parametrize("count", [3, 11])
def test_many_ids_are_asked_for_in_one_request_controls_among_them(tmp_path: Path, count: int) -> None:
    """One exchange is kept for all; each look stands on it. The key goes to its host and is kept nowhere."""
    world = World()
    platforms = (
        f'[platforms.youtube.controls]\npresent = ["{VIDEOS[11]}"]\nabsent = ["AbCdEfGhIz4"]\n'
        '[platforms.youtube.credentials]\napi_key = "sample-key"\n'
    )
    world.gone.add(("youtube", "AbCdEfGhIz4"))
    article = "".join(f'<iframe src="https://www.youtube.com/embed/{each}"></iframe>' for each in VIDEOS[:count])
    with newsroom(tmp_path, world, platforms, article) as (archive, clock):
        archive.check()
        asked = [path for host, path in world.asked if host == "www.googleapis.com" and "/videos?" in path]
        assert len(asked) == 1
        assert all(video in asked[0] for video in (*VIDEOS[:count], VIDEOS[11], "AbCdEfGhIz4"))
        assert world.credentials == {"sample-key"}
        store = make_store(tmp_path, clock)
        with store.reading() as connection:
            looks = rows(connection, "observations", endpoint="api", subject_kind="post")
            exchanges = rows(connection, "exchanges", host="www.googleapis.com")
            [batch] = rows(connection, "batches", endpoint="api")
        assert batch.valid, batch.void_because
        assert {look.outcome for look in looks} == {"present"}
        assert len(looks) == count
        assert len([each for each in exchanges if each.observation]) == len({e.observation for e in exchanges})
        assert sum(look.basis is None for look in looks) <= 1
        assert b"sample-key" not in (tmp_path / "archive" / "archive.db").read_bytes()
        assert {post.state for post in archive.posts()} == {State.ALIVE}
        assert archive.refold() == []
