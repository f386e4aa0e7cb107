"""What was removed on purpose is in no report, and the report says that it was removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archiver.archive import Archive
from archiver.demo.scenery import Picture
from archiver.demo.shapes import Answer, Asked
from archiver.store import media
from tests.newsroom import Newsroom, born, day

GONE, OTHER = born(10, 5), born(10, 6)
OWN, SHARED = (
    b"\x89PNG\r\n\x1a\n" + name for name in (b"lantern picture of its own", b"a picture that two posts show")
)
ORDER: Any = {"reason": "court_order", "authority": "Sample Court, 12 C 34/26", "by": "J. Doe"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A deleted post with two pictures, one of which another post shows too; and pictures are kept."""
    with Newsroom(tmp_path, tables='[media]\nkeep = "images"\n') as opened:
        shown = (Picture("SmplOwnP01", alternative_text="A lantern, described"), Picture("SmplBoth01"))
        opened.post(GONE, "lantern_keeper", "The lantern keeper counts seventeen sample herons.", media=shown)
        opened.post(OTHER, "sample_desk", "Other sample words about a river.", media=(Picture("SmplBoth02"),))

        def between(asked: Asked, answered: Answer) -> Answer:
            if asked.host != "pbs.twimg.com":
                return answered
            return Answer(200, "image/png", SHARED if "Both" in asked.path else OWN)

        opened.far_end.between = between
        opened.world.at(day(4)).delete(GONE)
        opened.article("a.html", opened.quote(GONE), opened.quote(OTHER))
        opened.live(day(14), timedelta(hours=12))
        yield opened


def kept(room: Newsroom) -> dict[str, list[str | None]]:
    """By post, the digests of its pictures; None for one that was removed."""
    with room.store.reading() as connection:
        found = media.of_posts(connection, [room.listed(post).number for post in (GONE, OTHER)])
    return {post: [each.digest for each in found[room.listed(post).number]] for post in (GONE, OTHER)}


def bytes_on_file(room: Newsroom, sought: bytes) -> list[str]:
    room.archive.close()
    room.store.database.close()
    folder = room.folder / "archive"
    return [path.name for path in folder.rglob("*") if path.is_file() and sought in path.read_bytes()]


def test_a_redaction_takes_the_pictures_along(room: Newsroom) -> None:
    """Bytes, address and description go; what another post shows as well stays with that one."""
    assert bytes_on_file(room, OWN)
    room.archive.redact(room.listed(GONE).number, **ORDER)
    assert bytes_on_file(room, OWN) == []
    assert bytes_on_file(room, b"SmplOwnP01") == []
    assert bytes_on_file(room, b"A lantern, described") == []
    own, both = kept(room)[GONE]
    assert own is None
    assert kept(room)[OTHER] == [both]
    assert room.archive.refold() == []


def test_the_report_of_a_redacted_post_says_so_and_tells_nothing(room: Newsroom) -> None:
    """Numbers, times, verdict and the lines of the ledger stay."""
    number = room.listed(GONE).number
    room.archive.redact(number, **ORDER)
    path = room.folder / "report.html"
    room.archive.report(path)
    text = path.read_text(encoding="utf-8")
    card = " ".join(html.document_fromstring(text).get_element_by_id(f"p{number}").text_content().split())
    assert "Redacted. What this post said was removed from the archive" in card
    line = next(row.number for row in room.rows("ledger") if json.loads(row.line)["kind"] == "redaction")
    assert f"removed: redaction, ledger line {line}" in card
    assert f"Post p{number}, seen publicly at" in card
    for words in ("lantern", "herons", "SmplOwnP01", "Sample Court"):
        assert words not in text
    assert "redaction: " in text


def test_a_policy_that_honours_deletions_takes_pictures_too(room: Newsroom) -> None:
    """They were told of by the endpoint through which the words came."""
    path = room.folder / "policy.toml"
    policy = '[retention.sources.syndication]\ndeleted = "redact"\n'
    path.write_text(room.config.read_text(encoding="utf-8") + policy, encoding="utf-8")
    with Archive.open(path, clock=room.clock) as archive:
        archive.retain()
        archive.report(room.folder / "report.html")
    own, both = kept(room)[GONE]
    assert own is None
    assert kept(room)[OTHER] == [both] != [None]
    text = (room.folder / "report.html").read_text(encoding="utf-8")
    assert "words obtained through syndication are removed once the post is found deleted or gone" in text
    assert "picture not kept any more: it was removed" not in text or "data:image" not in text
