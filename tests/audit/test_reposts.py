"""A post that was published again with a word corrected is named beside the one that is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.audit.reposts import Repost
from archiver.cli.main import program
from archiver.demo.scenery import snowflake
from archiver.model.verdict import State
from tests.newsroom import Newsroom, born, day

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

WORDS = "Sample notice: the demo brigde is closed until noon. https://t.co/Smpl000001"
MENDED = "Sample notice: the demo bridge is closed until noon. https://t.co/Smpl000002"
OTHER = "Sample notice: the demo market opens on Sunday, with music."
GONE_AT = day(3)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        yield opened


def played(room: Newsroom, again: str, after: timedelta, by: str = "sample_wire") -> tuple[str, str]:
    """A post is deleted; another one is published so long after. Both stand in articles."""
    gone = room.post(born(11, 20), "sample_wire", WORDS)
    room.article("a.html", room.quote(gone))
    room.world.at(GONE_AT).delete(gone)
    room.live(GONE_AT + after)
    new = room.post(snowflake(GONE_AT + after), by, again)
    room.article("b.html", room.quote(new))
    room.live(day(16))
    assert room.listed(gone).state is State.DELETED
    assert room.listed(new).state is State.ALIVE
    return gone, new


def reposts(room: Newsroom, gone: str) -> list[Repost]:
    return room.archive.reposts(room.listed(gone))


def test_a_corrected_post_is_named_beside_the_deleted_one(room: Newsroom, tmp_path: Path) -> None:
    """In `show` and in the export; the verdict stays what it is."""
    gone, new = played(room, MENDED, timedelta(minutes=20))
    [repost] = reposts(room, gone)
    assert (repost.number, repost.alike >= 90) == (room.listed(new).number, True)
    shown = CliRunner().invoke(program, ["--config", str(room.config), "show", gone, "--format", "table"])
    assert f"re-posted as p{repost.number}, {repost.alike} of 100 alike" in shown.stdout
    room.archive.export(tmp_path / "gone.jsonl")
    record = json.loads((tmp_path / "gone.jsonl").read_text(encoding="utf-8"))
    assert record["record"] == "deleted"
    assert record["reposted_as"][0].startswith(f"p{repost.number}, published ")


def test_other_words_of_the_same_author_are_no_repost(room: Newsroom) -> None:
    """Somebody who goes on posting has not posted again."""
    gone, _ = played(room, OTHER, timedelta(minutes=20))
    assert reposts(room, gone) == []


def test_the_same_words_of_another_author_are_no_repost(room: Newsroom) -> None:
    """Who says it is part of what is said."""
    gone, _ = played(room, MENDED, timedelta(minutes=20), by="sample_echo")
    assert reposts(room, gone) == []


def test_the_same_words_a_week_later_are_no_repost(room: Newsroom) -> None:
    """More than an hour outside the interval it is another occasion."""
    gone, _ = played(room, MENDED, timedelta(days=7))
    assert reposts(room, gone) == []


def test_a_living_post_has_no_reposts(room: Newsroom) -> None:
    """Two posts alike, both there: nothing was posted again."""
    one = room.post(born(11, 20), "sample_wire", WORDS)
    two = room.post(born(11, 20, 11), "sample_wire", MENDED)
    room.article("a.html", room.quote(one), room.quote(two))
    room.live(day(2))
    assert reposts(room, one) == []
