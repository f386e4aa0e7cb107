"""What becomes of controls over weeks: retired, replaced, and those of restricted posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.check.controls import ControlIds, key
from archiver.check.enlisting import ROUNDS_ALIVE, in_force
from archiver.model.post import PostRef
from archiver.model.verdict import State
from tests.newsroom import CONTROL_AUTHORS, CONTROL_POSTS, NEVER_POSTS, Newsroom, born, day

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

POST, SIBLING, GATED = born(10, 5), born(10, 6), born(10, 7)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        yield opened


def filed(room: Newsroom, *native_ids: str) -> None:
    for number, native_id in enumerate(native_ids):
        room.post(native_id, f"wire_{number}")
    room.article("a.html", *map(room.quote, native_ids))


def events(room: Newsroom) -> list[tuple[str, str]]:
    return [(row.native_id, row.kind) for row in room.rows("control_events")]


def look_for_days(room: Newsroom, days: int) -> None:
    for _ in range(2 * days):
        room.clock.advance(timedelta(hours=12))
        room.look(POST, SIBLING)


def standing(room: Newsroom) -> set[str]:
    configured = ControlIds(tuple(PostRef("x", None, each) for each in CONTROL_POSTS))
    with room.store.run("test") as run, room.store.writing(run.id) as transaction:
        return {key(ref) for ref in in_force(transaction, "x", configured).present}


def test_a_control_that_is_really_deleted_is_retired_and_replaced(room: Newsroom) -> None:
    """Row 102: after three rounds in which it alone misread; a post seen alive in 20 rounds takes its place."""
    filed(room, POST, SIBLING)
    room.live(day(25), timedelta(hours=6))
    for _ in range(ROUNDS_ALIVE):
        room.clock.advance(timedelta(hours=6))
        room.look(POST, SIBLING)
    assert events(room) == []
    room.world.at(room.clock.now()).delete(CONTROL_POSTS[0])
    void_before = sum(not batch.valid for batch in room.rows("batches"))
    for _ in range(12):
        room.clock.advance(timedelta(hours=6))
        room.look(POST, SIBLING)
    told = events(room)
    assert (CONTROL_POSTS[0], "retired") in told
    assert [native_id for native_id, kind in told if kind == "enlisted"] == [POST]
    assert standing(room) == {*CONTROL_POSTS[1:], POST}
    rounds_void = {batch.round for batch in room.rows("batches") if not batch.valid}
    assert len(rounds_void) - void_before <= 6
    assert not any(batch.round in rounds_void for batch in room.rows("batches")[-6:])
    assert {room.listed(POST).state, room.listed(SIBLING).state} == {State.ALIVE}


def test_one_control_of_a_kind_stands_before_the_looks_and_after_them(tmp_path: Path) -> None:
    """Configured so, or left over when the others are retired: its second turn in a batch is an attempt of its own."""
    with Newsroom(tmp_path, present=CONTROL_POSTS[:1], absent=NEVER_POSTS[:1]) as room:
        filed(room, POST, SIBLING)
        room.world.at(day(2)).delete(POST)
        room.live(day(9))
        assert room.states() == {POST: State.DELETED, SIBLING: State.ALIVE}
        looks = room.rows("observations", subject_kind="control", subject_key=f"present:{CONTROL_POSTS[0]}")
        assert {look.attempt for look in looks if look.endpoint == "oembed"} == {1, 3}
        room.world.at(room.clock.now()).delete(CONTROL_POSTS[0])
        room.clock.advance(timedelta(hours=6))
        room.look(SIBLING)
        assert {batch.valid for batch in room.rows("batches")[-2:]} == {False}


def test_controls_that_misread_together_are_all_kept(room: Newsroom) -> None:
    """A platform out of order says nothing about a control."""
    filed(room, POST)
    room.live(day(1), timedelta(hours=6))
    room.world.outage(room.clock.now(), day(9), "404_for_all")
    for _ in range(8):
        room.clock.advance(timedelta(hours=6))
        room.look(POST)
    assert events(room) == []
    assert standing(room) == set(CONTROL_POSTS)


def test_events_of_controls_stand_in_the_ledger(room: Newsroom) -> None:
    """Whoever weighs a verdict can see which controls stood round its batches."""
    filed(room, POST)
    room.live(day(1), timedelta(hours=6))
    room.world.at(room.clock.now()).delete(CONTROL_POSTS[1])
    for _ in range(9):
        room.clock.advance(timedelta(hours=6))
        room.look(POST)
    [event] = room.rows("control_events", kind="retired", native_id=CONTROL_POSTS[1])
    assert {name for name, _ in events(room)} <= {CONTROL_POSTS[1], f"author {CONTROL_AUTHORS[1]}", POST}
    line = room.rows("ledger", number=event.ledger)[0].line
    assert '"kind":"control"' in line
    assert '"what":"retired"' in line
    assert "3 straight rounds" in event.because


@pytest.mark.parametrize("controlled", [False, True])
def test_a_post_once_age_gated_needs_a_control_of_its_kind(tmp_path: Path, controlled: bool) -> None:
    """The class rule: without a live age-gated post beside it, an absent of such a post never counts."""
    extra: dict[str, Any] = {"age_gated": [GATED]} if controlled else {}
    with Newsroom(tmp_path, **extra) as room:
        filed(room, POST, SIBLING)
        room.post(GATED, "gated_control")
        room.world.at(day(-1)).age_gate(GATED)
        room.live(day(2), timedelta(hours=6))
        room.world.at(day(2)).age_gate(POST)
        look_for_days(room, 2)
        assert room.listed(POST).state is State.AGE_GATED
        room.world.at(room.clock.now()).delete(POST)
        look_for_days(room, 12)
        assert room.archive.refold() == []
        classes = {row.outcome for row in room.rows("batch_classes")}
        assert classes == ({"age_gated"} if controlled else set())
        assert (room.listed(POST).state is State.DELETED) is controlled
