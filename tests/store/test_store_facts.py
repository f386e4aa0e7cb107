"""What confirms a rounded id: a second article, or a capture in a web archive; and since when it does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archiver.model.verdict import State
from archiver.urls import x_rounded
from tests.newsroom import Newsroom, day


@pytest.mark.parametrize(
    ("native_id", "rounded"),
    [
        ("1428869455672246271", False),
        ("1428869455672246300", True),
        ("1428869455672240000", True),
        ("1428869455672246272", False),  # the double itself, printed whole: no different from a true id
        ("1428869455672246528", True),  # the next one
        ("1428869455672246529", False),
        (str((1428869455672246271 >> 12) << 12), False),  # the first id of its millisecond, as every third is
        ("14288694556722400", True),
        ("1428869455672200", False),  # 16 digits: a double holds them all
        ("20", False),
    ],
)
def test_a_rounded_id_is_told_from_most_others(native_id: str, rounded: bool) -> None:
    """What JavaScript and spreadsheets make of an id, and what a double holds."""
    assert x_rounded(native_id) is rounded


def test_a_post_never_seen_under_a_rounded_id_is_not_called_gone(tmp_path: Path) -> None:
    """Nothing was ever published under it. Once a second article names the same id, it may have been a post."""
    mangled = "1428869455672246300"
    with Newsroom(tmp_path) as room:
        room.post(mangled, "sample_one")
        room.world.at(day(-9)).delete(mangled)
        quoted = room.quote(mangled)
        room.article("one.html", quoted, quoted)
        room.live(day(20), timedelta(hours=6))
        post = room.listed(mangled)
        assert post.state is State.ABSENT_ON_FIRST_CHECK
        assert "id_rounded" in post.doubts
        assert post.last_checked_at is not None
        assert room.clock.now() - post.last_checked_at < timedelta(days=2), "it is looked at like any other"
        room.article("two.html", quoted)
        room.archive.scan()
        assert room.archive.refold() == [], "what is learnt today changes nothing that was judged before"
        room.live(day(22), timedelta(hours=6))
        assert room.listed(mangled).state is State.GONE_BEFORE_FIRST_LOOK
        assert room.archive.refold() == []
