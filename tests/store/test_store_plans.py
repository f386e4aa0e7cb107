"""What SQLite goes through: a look, a card, a page of posts must not cost more because the archive holds more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from archiver.daemon import tick_check, tick_scan
from archiver.demo.scenery import OutageKind
from tests.newsroom import Newsroom, born, day

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

GROW = "articles|article_states|embeds|post_states|observations|verdicts|contents|snapshots|exchanges|batches|captures"
"""Tables with a row for each of what an archive gathers for years."""
_WHOLE = re.compile(rf"SCAN (?:{GROW})\b|SEARCH post_states USING (?:COVERING )?INDEX \w+ \(platform=\?\)")
_NEWEST = re.compile(r"ORDER BY \w+\.id DESC\s+LIMIT")
"""Read from the end, and no further."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Forty posts of nine authors, some of them gone at different times. What a test does there only adds to it."""
    with Newsroom(tmp_path_factory.mktemp("room")) as opened:
        ids = [born(11, 1 + number // 20, 10, number % 20) for number in range(40)]
        for number, native_id in enumerate(ids):
            opened.post(native_id, f"author_{number % 9}")
        opened.article("a.html", *map(opened.quote, ids))
        for native_id in ids[:3]:
            opened.world.at(day(2)).delete(native_id)
        for native_id in ids[3:5]:
            opened.world.at(day(9)).delete(native_id)
        opened.live(day(12), timedelta(hours=6))
        opened.article("b.html", *map(opened.quote, ids[5:9]))
        yield opened


def whole(room: Newsroom, act: Callable[[], object]) -> Counter[str]:
    """The statements by which an act goes through the whole of such a table, and how often each ran."""
    ran: Counter[str] = Counter()
    given: dict[str, Any] = {}

    def note(connection: object, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        ran[statement] += 1
        given[statement] = parameters[0] if many else parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    asked = [each for each in ran if each.startswith(("SELECT", "UPDATE", "DELETE")) and "temp." not in each]
    with room.store.reading() as connection:
        plans = {each: connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given[each]).all() for each in asked}
    through = [each for each, plan in plans.items() if any(_WHOLE.search(step.detail) for step in plan)]
    return Counter({each: ran[each] for each in through if not _NEWEST.search(each)})


def test_no_look_goes_through_what_years_have_gathered(room: Newsroom) -> None:
    """Neither at those who live nor at those who are gone, their authors, and what is concluded."""
    for hours in (1, 7, 24, 120):
        room.clock.advance(timedelta(hours=hours))
        assert whole(room, lambda: tick_check(room.archive)) == {}


def test_no_article_that_is_read_goes_through_it(room: Newsroom) -> None:
    """A new one among those that did not change."""
    assert whole(room, lambda: tick_scan(room.archive)) == {}


def test_no_page_of_posts_and_no_post_that_is_shown_goes_through_it(room: Newsroom) -> None:
    """Listed, searched for, and each by itself."""
    assert whole(room, lambda: list(room.archive.posts(limit=5))) == {}
    assert whole(room, lambda: list(room.archive.search("sample", limit=5))) == {}
    assert whole(room, lambda: room.archive.show(1)) == {}


@pytest.mark.parametrize("write", ["report", "bag"])
def test_a_report_goes_through_it_for_its_counts_and_for_no_card(write: str, room: Newsroom, tmp_path: Path) -> None:
    """However many posts it shows; a bag lists what it holds once more, and has a report of its own."""
    acts = {
        "report": lambda: room.archive.report(tmp_path / "r.html"),
        "bag": lambda: room.archive.export_bag(tmp_path / "bag"),
    }
    assert set(whole(room, acts[write]).values()) <= ({1} if write == "report" else {1, 2})


def steps(act: Callable[[], object]) -> dict[str, float]:
    """How many tens of steps SQLite's machine takes for each statement of an act, whenever it runs, and for each row it
    is given; unlike its time they are the same on every machine."""
    taken, ran = Counter[str](), Counter[str]()
    counted: set[Any] = set()

    def count(connection: object, cursor: Any, statement: str, given: Any, context: object, many: bool) -> None:
        def step() -> None:
            taken[statement] += 1

        ran[statement] += len(given) if many else 1
        cursor.connection.set_progress_handler(step, 10)
        counted.add(cursor.connection)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        for connection in counted:
            connection.set_progress_handler(None, 0)
    return {statement: taken[statement] / ran[statement] for statement in ran}


@pytest.mark.parametrize(("outage", "deletes"), [(None, False), (None, True), ("404_for_all", False), ("503", False)])
def test_no_look_takes_more_steps_because_it_comes_later(
    outage: OutageKind | None, deletes: bool, tmp_path: Path
) -> None:
    """Also where many posts go at once; and in an outage, in which controls misread in every batch and what they read
    before is looked up."""
    with Newsroom(tmp_path) as room:
        ids = [room.post(born(11, 1, 10, number), f"author_{number}") for number in range(8)]
        room.article("a.html", *map(room.quote, ids))
        taken = []
        for passed in (10, 60):
            room.live(day(passed), timedelta(days=1))
            if deletes:
                for native_id in ids[passed // 10 :: 4]:
                    room.world.at(room.clock.now()).delete(native_id)
                room.live(day(passed + 6), timedelta(hours=12))
            if outage is not None:
                room.world.outage(day(passed), day(passed + 1), outage)
            room.clock.advance(timedelta(hours=13))
            taken.append(steps(lambda: tick_check(room.archive)))
    # How many rows a statement reads depends on how many looks a batch holds, and that on which thread was first: some
    # more is no growth. Six times the days are. What writes is counted by row.
    most = {each: (2 * few if each.startswith("SELECT") else few) + 5 for each, few in taken[0].items()}
    grown = {each: (taken[0][each], taken[1][each]) for each in most if taken[1].get(each, 0) > most[each]}
    assert grown == {}
