"""Whose turn it is: rounds as full as can be, the latest first, and nobody waits for the end of a long check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from archiver.archive import Archive
from archiver.check.turns import ROUNDS_A_TURN, Turns
from archiver.clock import SettableClock
from archiver.model.verdict import State
from archiver.schedule import AFTER_ABSENT, Timetable
from archiver.store import articles
from archiver.store.rows import update_rows
from archiver.store.tables import post_states
from archiver.store.transaction import Store
from tests.builders import NOON, make_store, name_post, print_embed, write_article
from tests.newsroom import Newsroom, born, day

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIZE = 4


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        yield opened


def filed(room: Newsroom, count: int) -> list[str]:
    """So many posts in one article, looked at once."""
    ids = [born(10, 5, minute=minute) for minute in range(count)]
    for native_id in ids:
        room.post(native_id, "sample_wire")
    room.article("a.html", *map(room.quote, ids))
    room.archive.scan()
    room.archive.check()
    return ids


def looked_at(room: Newsroom) -> dict[str, int]:
    """How often each post was looked at."""
    return {post.native_id: post.checks for post in room.archive.posts() if post.native_id}


# at the seam


def test_a_round_that_has_room_takes_along_what_is_due_soon(tmp_path: Path) -> None:
    """Twelve live posts are due within half a day: the first of them makes the round, and it holds them all."""
    with Newsroom(tmp_path, jitter=0) as room:
        filed(room, 6)
        room.clock.advance(timedelta(hours=6))
        later = [room.post(born(10, 6, minute=minute), "sample_wire") for minute in range(6)]
        room.article("b.html", *map(room.quote, later))
        room.archive.scan()
        room.archive.check()
        due = sorted(post.next_check_at for post in room.archive.posts() if post.next_check_at)
        assert due[0] < due[-1]
        room.clock.set(due[0])
        assert room.archive.check().posts == 12
        assert room.archive.check().posts == 0


def test_nothing_is_taken_along_where_it_is_told_so(tmp_path: Path) -> None:
    """With `early_percent = 0` each comes at its own time."""
    with Newsroom(tmp_path) as room:
        filed(room, 12)
        text = room.config.read_text(encoding="utf-8").replace("[schedule]\n", "[schedule]\nearly_percent = 0\n")
        room.config.write_text(text, encoding="utf-8")
        due = sorted(post.next_check_at for post in room.archive.posts() if post.next_check_at)
        room.clock.set(due[0])
        with Archive.open(room.config, clock=room.clock) as exact:
            assert exact.check().posts == 1


def test_a_post_that_was_found_absent_keeps_its_times(room: Newsroom) -> None:
    """Its rounds stand an hour and more apart, whatever round has room before."""
    ids = filed(room, 6)
    room.world.at(day(1)).delete(ids[0])
    room.clock.set(day(2))
    room.look(ids[0])
    due = room.listed(ids[0]).next_check_at
    assert room.listed(ids[0]).state is State.GONE_UNCONFIRMED
    assert due
    assert due - day(2) >= HOUR
    room.archive.make_due([room.listed(ids[1]).number])
    room.clock.set(due - timedelta(minutes=1))
    room.archive.check()
    assert looked_at(room)[ids[0]] == 2
    room.clock.set(due)
    room.archive.check()
    assert looked_at(room)[ids[0]] == 3


def test_a_check_ends_when_its_time_is_over_and_the_next_goes_on(room: Newsroom) -> None:
    """No further round begins; what was not looked at stays due."""
    ids = [born(10, 5, minute=minute) for minute in range(45)]
    for native_id in ids:
        room.post(native_id, "sample_wire")
    room.article("a.html", *map(room.quote, ids))
    room.archive.scan()
    assert room.archive.check(within=timedelta(seconds=1)).posts == 20
    assert room.archive.check(within=timedelta(hours=1)).posts == 25
    assert set(looked_at(room).values()) == {1}


def test_the_plan_is_what_the_check_then_takes(room: Newsroom) -> None:
    """Those that are taken along, too; and each once, though nothing is written between."""
    filed(room, 12)
    room.clock.advance(timedelta(days=4.7))
    planned = {number for request in room.archive.plan() for number in request.posts}
    assert len(planned) == 12
    assert room.archive.check().posts == 12


# the order


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return fill(tmp_path / "archive", ROUNDS_A_TURN * SIZE + 10)


def fill(folder: Path, count: int, due_at: datetime | None = None, gap: timedelta = 5 * DAY) -> Store:
    """A store of so many live posts, all due at the same time."""
    made = make_store(folder)
    embeds = [print_embed(str(100 + place), position=place) for place in range(count)]
    known = {"state": State.ALIVE, "next_check_at": due_at, "last_checked_at": due_at and due_at - gap}
    with made.run("scan") as run, made.writing(run.id) as transaction:
        found = [(embed, name_post(embed)) for embed in embeds]
        articles.save(transaction, "sample", [(write_article(), found, ())])
        transaction.connection.execute(update(post_states).values(**(known if due_at else {"next_check_at": None})))
    return made


def put(store: Store, number: int, due_at: datetime | None, gap: timedelta | None, state: State = State.ALIVE) -> None:
    """A post that is due then, so long after its last look."""
    last = due_at - gap if due_at and gap else None
    row: dict[str, Any] = {"post": number, "next_check_at": due_at, "last_checked_at": last, "state": state}
    with store.writing(1) as transaction:
        update_rows(transaction.connection, post_states, "post", [row])


def turns(store: Store, clock: SettableClock | None = None, early_percent: int = 10) -> Turns:
    return Turns(store, clock or SettableClock(NOON), Timetable(early_percent=early_percent), "x", SIZE)


def test_the_latest_in_proportion_to_its_gap_comes_first(store: Store) -> None:
    """One that was found absent an hour ago does not wait behind those that are late by hours on a gap of days."""
    put(store, 1, NOON - 30 * HOUR, 5 * DAY)
    put(store, 2, NOON - HOUR, HOUR, State.GONE_UNCONFIRMED)
    put(store, 3, NOON - 10 * HOUR, None, State.UNKNOWN)
    put(store, 4, NOON - 2 * HOUR, 6 * HOUR, State.GONE_UNCONFIRMED)
    assert list(turns(store).rounds()) == [[2, 3, 4, 1]]


def test_only_live_posts_within_the_share_of_their_gap_are_taken_along(store: Store) -> None:
    """A tenth of five days is twelve hours; a younger post's share is shorter; what never was looked at waits not."""
    put(store, 1, NOON - HOUR, 5 * DAY)
    put(store, 2, NOON + 11 * HOUR, 5 * DAY)
    put(store, 3, NOON + 3 * HOUR, DAY)
    put(store, 4, NOON + 2 * HOUR, DAY)
    put(store, 5, NOON + HOUR, 5 * DAY, State.GONE_UNCONFIRMED)
    put(store, 6, NOON + 13 * HOUR, 5 * DAY)
    assert list(turns(store).rounds()) == [[1, 4, 2]]
    assert list(turns(store, early_percent=20).rounds()) == [[1, 4, 3, 2]]
    assert list(turns(store, early_percent=0).rounds()) == [[1]]


def test_a_full_round_takes_nobody_along(store: Store) -> None:
    """They are for the room that is left."""
    for number in range(1, 5):
        put(store, number, NOON - HOUR, 5 * DAY)
    put(store, 5, NOON + HOUR, 5 * DAY)
    assert list(turns(store).rounds()) == [[1, 2, 3, 4]]


def test_what_becomes_due_in_a_long_check_has_its_turn_in_it(store: Store) -> None:
    """After ten rounds what is due is read anew, and who was looked at is not due any more."""
    everyone = range(1, ROUNDS_A_TURN * SIZE + 11)
    for number in everyone:
        put(store, number, NOON - HOUR, 5 * DAY)
    clock, met = SettableClock(NOON), list[int]()
    for part in turns(store, clock).rounds():
        clock.advance(timedelta(minutes=10))
        for number in part:
            put(store, number, clock.now() + 5 * DAY, 5 * DAY)
        if not met:
            put(store, 1, clock.now() + HOUR, HOUR, State.GONE_UNCONFIRMED)
        met += part
    assert sorted(met) == sorted([*everyone, 1])
    assert met.index(1) == 0
    assert met.index(1, 1) == ROUNDS_A_TURN * SIZE


def test_a_post_that_stays_due_is_not_taken_again_and_again(store: Store) -> None:
    """Whatever kept it from being looked at, a check ends."""
    put(store, 1, NOON - HOUR, DAY)
    assert list(turns(store).rounds()) == [[1]]


def test_of_thousands_that_are_due_at_once_none_starves(tmp_path: Path) -> None:
    """Row 104: each has its turn once, in the time that the pace needs for all, and who is absent waits for nobody."""
    count, size, took = 2_000, 20, timedelta(minutes=5)
    store, clock = fill(tmp_path / "archive", count, NOON - HOUR), SettableClock(NOON)
    looked: dict[int, list[datetime]] = {}
    due_at, late = dict[int, datetime](), list[timedelta]()
    for part in Turns(store, clock, Timetable(early_percent=0), "x", size).rounds():
        clock.advance(took)
        at, rows = clock.now(), []
        for number in part:
            rounds = looked.setdefault(number, [])
            late += [at - due_at[number]] if rounds else []
            rounds.append(at)
            absent = number % 20 == 0 and len(rounds) <= len(AFTER_ABSENT)
            due_at[number] = at + (AFTER_ABSENT[len(rounds) - 1] if absent else 5 * DAY)
            state = State.GONE_UNCONFIRMED if absent else State.ALIVE
            rows.append({"post": number, "state": state, "next_check_at": due_at[number], "last_checked_at": at})
        with store.writing(1) as transaction:
            update_rows(transaction.connection, post_states, "post", rows)
    first = sorted(rounds[0] for rounds in looked.values())
    again = sum(len(rounds) - 1 for rounds in looked.values())
    assert len(looked) == count
    assert again > count // 20
    assert first[-1] - NOON <= took * ((count + again) / size + 1)
    assert max(late) <= took * (ROUNDS_A_TURN + 1)
