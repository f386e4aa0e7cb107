"""A post of Bluesky known by a handle, and the same known by its author's DID, are one once a sighting tells so."""

from __future__ import annotations

import json
import re
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archiver.model.verdict import State
from tests.check.test_check_platforms import newsroom
from tests.newsroom import make_store, rows
from tests.web.loopback import answer

DID = "did:plc:abcdefghijklmnopqrstuvwx"
HANDLE = "sample.bsky.social"
KEYS = CONTROL, NEVER, GONE, POST = ("3ku5tt4oiks22", "3ku5tt4oiks23", "3ku5tt4oiks24", "3ku5tt4oiks25")
BLUESKY = f"""
[platforms.bluesky.controls]
present = ["{DID}/{CONTROL}"]
absent = ["{DID}/{NEVER}"]
absent_author = "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"
"""


class AppView:
    """One author under one handle, and posts that are there until they are gone. Hosts of records are down."""

    def __init__(self) -> None:
        self.gone = {NEVER, GONE}
        self.asked: list[str] = []

    def __call__(self, connection: socket.socket, request: str) -> None:
        target = request.split(" ", 2)[1]
        self.asked.append(target)
        status, noun = self._answer(re.sub(r".*\.", "", urlsplit(target).path), parse_qs(urlsplit(target).query))
        connection.sendall(answer(status, json.dumps(noun).encode(), "Content-Type: application/json; charset=utf-8"))

    def _answer(self, method: str, query: dict[str, list[str]]) -> tuple[str, Any]:
        author = {"did": DID, "handle": HANDLE, "displayName": "Sample"}
        if method == "getProfiles":
            return "200 OK", {"profiles": [author] if {DID, HANDLE} & set(query["actors"]) else []}
        if method == "getProfile" and query["actor"] in ([DID], [HANDLE]):
            return "200 OK", author
        if method == "getProfile":
            return "400 Bad Request", {"error": "InvalidRequest", "message": "Profile not found"}
        if method == "getPosts":
            served = [uri for uri in query["uris"] if uri.rpartition("/")[2] not in self.gone]
            return "200 OK", {"posts": [{"uri": uri, "author": author, "record": _record(uri)} for uri in served]}
        return "503 Service Unavailable", {}


def _record(uri: str) -> dict[str, str]:
    return {"$type": "app.bsky.feed.post", "text": f"Sample words of {uri[-13:]}", "createdAt": "2024-06-01T00:00:00Z"}


def link(repository: str, key: str) -> str:
    """As an article embeds it."""
    uri = f"at://{repository}/app.bsky.feed.post/{key}"
    return f'<blockquote class="bluesky-embed" data-bluesky-uri="{uri}"><p>Sample</p></blockquote>'


def test_a_post_known_by_handle_is_known_by_did_once_it_was_seen(tmp_path: Path) -> None:
    """Its looks stay one history, its handle stays on file; and it is found by either name's sightings."""
    world = AppView()
    with newsroom(tmp_path, world, BLUESKY, link(HANDLE, POST)) as (archive, clock):
        [before] = archive.posts()
        assert before.native_id == f"{HANDLE}/{POST}"
        archive.check()
        [post] = archive.posts()
        assert (post.number, post.native_id, post.state) == (before.number, f"{DID}/{POST}", State.ALIVE)
        assert post.permalink == f"https://bsky.app/profile/{DID}/post/{POST}"
        assert (post.author_id, post.author_handle) == (DID, HANDLE)
        assert archive.refold() == []
        _, _, events = archive.show(post.number)
        assert [each.title for each in events if each.kind == "identification"][-1] == (
            f"identified as bluesky {DID}/{POST}, by a sighting (bluesky-public/appview)"
        )
        world.gone.add(POST)
        for _ in range(12):
            clock.advance(timedelta(days=1))
            archive.check([post.number])
        [ended] = archive.posts()
        # The AppView alone proves no deletion: what it leaves out is weakly absent.
        assert ended.state is State.GONE_UNCONFIRMED
        assert ended.gone_after == ended.first_seen_at, "the sighting by handle was a sighting of this post"
        assert archive.refold() == []


def test_two_posts_that_are_found_to_be_one_are_joined(tmp_path: Path) -> None:
    """One article names the handle, another the DID; both numbers lead to one post for ever."""
    with newsroom(tmp_path, AppView(), BLUESKY, f"{link(HANDLE, POST)}<p>Prose.</p>{link(DID, POST)}") as (
        archive,
        clock,
    ):
        by_id = {post.native_id: post.number for post in archive.posts()}
        archive.check()
        [post] = archive.posts()
        assert post.number == by_id[f"{DID}/{POST}"]
        assert archive.show(by_id[f"{HANDLE}/{POST}"])[0].number == post.number
        assert len(archive.show(post.number)[1]) == 2
        with make_store(tmp_path, clock).reading() as connection:
            joined = [(row.post, row.into) for row in rows(connection, "aliases")]
        assert joined == [(by_id[f"{HANDLE}/{POST}"], post.number)]
        clock.advance(timedelta(days=9))
        archive.check()
        assert [each.state for each in archive.posts()] == [State.ALIVE]
        assert archive.refold() == []


def test_the_account_of_a_post_never_seen_is_asked_for_by_the_did_in_its_id(tmp_path: Path) -> None:
    """No handle is printed, and none is needed: the id holds the author's."""
    world = AppView()
    with newsroom(tmp_path, world, BLUESKY, link(DID, GONE)) as (archive, clock):
        for _ in range(12):
            archive.check([1])
            clock.advance(timedelta(days=1))
        [post] = archive.posts()
        assert (post.author_id, post.state) == (DID, State.ABSENT_ON_FIRST_CHECK)
        with make_store(tmp_path, clock).reading() as connection:
            looks = rows(connection, "observations", subject_kind="author", subject_key=f"id:{DID}")
        assert "account_ok" in {look.outcome for look in looks}
        assert archive.refold() == []
