"""Reading again: newer rules over kept answers, the old reading beside the new one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.check import again
from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason
from archiver.model.verdict import State
from archiver.platforms.answers import words
from archiver.platforms.rules import Rule
from archiver.platforms.x import X
from tests.newsroom import Newsroom, assert_chain_whole, born, day

POST, GATED, SIBLING = born(10, 5), born(10, 6), born(10, 7)


def _empty_tombstone(exchange: Exchange, noun: Any) -> str | None:
    return "yes" if words(noun, "__typename") == "TweetTombstone" and not noun.get("tombstone") else None


class NewerX(X):
    """X with a rule more: an empty tombstone is read as age-gated."""

    version = "newer"
    places = {**X.places, "empty tombstone": _empty_tombstone}  # noqa: RUF012
    rules = (*X.rules, Rule("syndication", 200, "empty tombstone", "yes", Outcome.AGE_GATED, Reason.AGE_GATE))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        for native_id in (POST, GATED, SIBLING):
            opened.post(native_id, f"author_{native_id[-4:]}")
        opened.article("a.html", *map(opened.quote, (POST, GATED, SIBLING)))
        opened.archive.scan()
        opened.archive.check()
        opened.world.at(day(0.5)).age_gate(GATED, shown_as="empty")
        for _ in range(4):
            opened.clock.advance(timedelta(days=1))
            opened.look(POST, GATED, SIBLING)
        yield opened


def reread(room: Newsroom, adapter: X) -> again.Rereading:
    with room.store.run("reread") as run:
        return again.reread(room.store, [adapter], room.archive.config.rules, run, 20_000_000)


def test_the_same_rules_read_nothing_again(room: Newsroom) -> None:
    """Only what an older version read is read again."""
    told = reread(room, X())
    assert (told.looks, told.otherwise, told.given) == (0, 0, [])


def test_a_newer_rule_tells_what_an_older_one_could_not(room: Newsroom) -> None:
    """The gated post gets its state from the kept answers; the old readings stay, and so does every verdict given."""
    before = room.rows("observations")
    assert room.listed(GATED).state is State.ALIVE
    told = reread(room, NewerX())
    assert (told.otherwise, told.lost) == (4, 0)
    assert room.listed(GATED).state is State.AGE_GATED
    assert {room.listed(POST).state, room.listed(SIBLING).state} == {State.ALIVE}
    after = room.rows("observations")
    assert after[: len(before)] == before
    new = after[len(before) :]
    old = {row.id: row for row in before}
    assert {row.outcome for row in new} == {"age_gated"}
    assert all(row.received_at == old[row.basis].received_at for row in new)
    assert all(old[row.basis].outcome == "unknown" for row in new)
    assert {row.adapter_version for row in new} == {"newer"}
    assert [each.state for each in room.verdicts(room.listed(GATED).number)] == ["alive", "age_gated"]
    assert room.archive.refold() == []
    assert_chain_whole(room.rows("ledger"))


def test_what_was_read_again_is_not_read_a_third_time(room: Newsroom) -> None:
    """The command may be given as often as one likes."""
    adapter = NewerX()
    reread(room, adapter)
    count = len(room.rows("observations"))
    told = reread(room, adapter)
    assert told.otherwise == 0
    assert len(room.rows("observations")) == count


def test_reading_again_asks_nobody(room: Newsroom) -> None:
    """Not a request leaves the machine."""
    asked = len(room.far_end.log)
    reread(room, NewerX())
    assert len(room.far_end.log) == asked
