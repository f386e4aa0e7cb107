"""What Datasette is given: every description names a table, and every query answers on a real archive."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver import browse
from archiver.browse.plugins import hosts, unpacked
from archiver.store.tables import metadata
from tests.newsroom import Newsroom, born, day

POST = born(10, 5)
GIVEN: dict[str, Any] = json.loads(browse.METADATA.read_text(encoding="utf-8"))["databases"]["archive"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each query says of an archive with one deleted post."""
    folder = tmp_path_factory.mktemp("browse")
    with Newsroom(folder) as room:
        room.post(POST, "sample_wire", "Sample words about seventeen herons.")
        room.world.at(day(4)).delete(POST)
        room.article("a.html", room.quote(POST))
        room.live(day(14))
        room.archive.hold(1, reason="sample", by="J. Doe")
    with closing(sqlite3.connect(f"{(folder / 'archive' / 'archive.db').as_uri()}?mode=ro", uri=True)) as connection:
        unpacked.prepare_connection(connection)
        connection.row_factory = sqlite3.Row
        return {
            name: [dict(row) for row in connection.execute(query["sql"], {"post": "1"})]
            for name, query in GIVEN["queries"].items()
        }


def test_every_table_that_is_described_exists() -> None:
    """A renamed table is renamed there too."""
    assert set(GIVEN["tables"]) <= set(metadata.tables)


def test_the_queries_tell_what_an_auditor_asks(answers: dict[str, list[dict[str, Any]]]) -> None:
    """The deleted post with its words, its looks, its grounds, its article and the controls beside it."""
    (deleted,) = answers["deleted_posts"]
    assert (deleted["post"], deleted["text"]) == ("p1", "Sample words about seventeen herons.")
    assert deleted["after"] < "2026-03-06T09" < deleted["until"]
    assert {row["outcome"] for row in answers["looks_at_a_post"]} >= {"present", "absent"}
    assert {row["state"] for row in answers["grounds_of_a_post"]} >= {"alive", "deleted"}
    assert [row["quotation"] for row in answers["articles_that_show_a_post"]] == [deleted["text"]]
    assert {row["outcome"] for row in answers["controls"]} >= {"present", "absent"}
    assert answers["posts_by_verdict"][0]["posts"] == 1
    assert answers["gone_before_first_look"] == answers["removals"] == []


def test_only_the_queries_of_a_post_ask_for_a_number() -> None:
    """Datasette shows a field for each parameter."""
    asked = {name: set(re.findall(r":(\w+)", query["sql"])) for name, query in GIVEN["queries"].items()}
    assert {name for name, named in asked.items() if named == {"post"}} == {
        "looks_at_a_post",
        "grounds_of_a_post",
        "articles_that_show_a_post",
    }
    assert set().union(*asked.values()) == {"post"}


def test_a_content_is_shown_as_text_where_it_is_text() -> None:
    """Bytes stay bytes, and what was removed is nothing."""
    assert unpacked.unpacked("نمونه".encode(), "plain") == "نمونه"
    assert unpacked.unpacked(b"\xff\xd8", "plain") == b"\xff\xd8"
    assert unpacked.unpacked(b"", "removed") is None


def test_the_words_of_the_command_keep_it_on_this_machine() -> None:
    """Loopback, no download of the file."""
    words = browse.words(Path("/srv/a b/archive.db"), 8123)
    assert words[:6] == ["serve", "/srv/a b/archive.db", "--host", "127.0.0.1", "--port", "8123"]
    assert words[-3:] == ["--setting", "allow_download", "off"]


@pytest.mark.parametrize(
    ("names", "is_own"),
    [
        (["127.0.0.1:8001"], True),
        (["localhost"], True),
        (["[::1]:8001"], True),
        (["archive.example:8001"], False),
        (["127.0.0.1.example"], False),
        (["127.0.0.1:8001", "archive.example"], False),
        ([], False),
    ],
)
def test_only_this_machine_s_own_names_are_answered(names: list[str], is_own: bool) -> None:
    """A page elsewhere whose name leads to 127.0.0.1 is told 421, and Datasette never hears of it."""
    heard, sent = [], []

    async def app(scope: hosts.Scope, receive: hosts.Receive, send: hosts.Send) -> None:
        heard.append(scope["path"])

    async def receive() -> hosts.Scope:
        return {}

    async def send(message: hosts.Scope) -> None:
        sent.append(message.get("status"))

    async def ask() -> None:
        headers = [(b"host", name.encode()) for name in names]
        await hosts.asgi_wrapper()(app)({"type": "http", "path": "/", "headers": headers}, receive, send)

    asyncio.run(ask())
    assert (heard, sent) == ((["/"], []) if is_own else ([], [421, None]))
