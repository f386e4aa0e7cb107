"""The breaker: many authors vanishing in a day is the platform's failure, not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.breaker import LEAST_AUTHORS, LONGEST, RECHECK, OpenIncident, ending, swells, trips, weight
from archiver.model.verdict import State
from tests.newsroom import START, Newsroom, born, day

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

AUTHORS = 40


@pytest.mark.parametrize(
    ("vanished", "followed", "opens"),
    [(6, 10, False), (7, 10, True), (7, 1400, False), (8, 1400, True), (50, 10_000, False), (51, 10_000, True)],
)
def test_more_than_six_authors_and_half_a_percent_trip_it(vanished: int, followed: int, opens: bool) -> None:
    """max(6, 0.5 %) is still a day like others."""
    assert trips(vanished, followed) is opens


@pytest.mark.parametrize(
    ("missed", "followed", "swells_so"),
    [(6, 10, False), (6.5, 10, True), (7, 466, True), (7, 467, False), (150, 10_000, False), (150.5, 10_000, True)],
)
def test_more_than_six_authors_and_one_and_a_half_percent_are_a_wave(
    missed: float, followed: int, swells_so: bool
) -> None:
    """Of five days, weighed: max(6, 1.5 %) are still days like others."""
    assert swells(missed, followed) is swells_so


@given(st.integers(1, 500), st.integers(0, 500), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_an_incident_ends_by_recovery_or_after_72_hours(authors: int, back: int, lasted: timedelta) -> None:
    """I15: whatever happens, no later than the first batch after 72 hours."""
    how = ending(OpenIncident(1, START, authors, back), START + lasted)
    assert how == ("recovered" if 2 * back >= authors else "expired" if lasted >= LONGEST else None)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        yield opened


def write_posts(room: Newsroom, count: int, author: str | None = None) -> list[str]:
    """Posts of so many authors, or of one, seen alive for five days."""
    ids = [born(11, 1 + number // 20, 10, number % 20) for number in range(count)]
    for number, native_id in enumerate(ids):
        room.post(native_id, author or f"author_{number}")
    room.article("many.html", *map(room.quote, ids))
    room.live(day(5))
    return ids


def incidents(room: Newsroom, kind: str = "outage") -> list[tuple[datetime, datetime | None, str | None]]:
    ends = {row.incident: row for row in room.rows("incident_ends")}
    rows = room.rows("incidents", kind=kind)
    return [(row.opened_at, *((ends[row.id].closed_at, ends[row.id].how) if row.id in ends else (None, None)))
            for row in rows]  # fmt: skip


def told(room: Newsroom) -> set[str]:
    return {row.state for row in room.rows("verdicts")}


def test_forty_authors_that_vanish_in_an_hour_open_an_incident(room: Newsroom) -> None:
    """Row 46: no verdict while it is open; they come back, it closes, and nothing was said of anybody."""
    ids = write_posts(room, AUTHORS)
    for number, native_id in enumerate(ids):
        room.world.at(day(6) + timedelta(minutes=number)).delete(native_id, tombstone=False)
        room.world.at(day(11)).restore(native_id)
    room.live(day(16))
    # Authors who vanish while one is open may open another when it closes: that holds verdicts back a little longer.
    opened, closed, how = zip(*incidents(room), strict=True)
    assert day(6) < min(opened)
    assert how[-1] == "recovered"
    assert max(closed) <= day(11) + 2 * RECHECK + timedelta(hours=2)
    assert told(room) <= {"alive", "gone_unconfirmed"}
    assert set(room.states().values()) == {"alive"}


def test_an_incident_does_not_open_again_on_the_posts_it_held(room: Newsroom) -> None:
    """A real purge: it closes after 72 hours, and once a person accepts it the deletions are told, not before."""
    ids = write_posts(room, AUTHORS)
    for native_id in ids:
        room.world.at(day(6)).delete(native_id)
    room.live(day(20))
    # Each post is looked at within five days: those found missing after the first incident open another, once.
    for opened_at, closed_at, how in incidents(room):
        assert how == "expired"
        assert closed_at is not None
        assert LONGEST <= closed_at - opened_at <= LONGEST + RECHECK + timedelta(hours=2)
    assert len(incidents(room)) <= 2
    assert {room.listed(native_id).state for native_id in ids} == {State.GONE_UNCONFIRMED}
    assert all(room.listed(native_id).held_by for native_id in ids)
    assert room.archive.refold() == []
    for each in room.archive.incidents():
        room.archive.accept_incident(each.number, reason="sample: the platform announced it", by="A. Sample")
    assert room.archive.refold() == [], "nothing is judged otherwise before the next look"
    accepted_at = room.clock.now()
    room.live(day(22))
    assert {room.listed(native_id).state for native_id in ids} == {State.DELETED}
    assert {room.listed(native_id).held_by for native_id in ids} == {None}
    deleted = [row for row in room.rows("verdicts") if row.state == State.DELETED]
    assert min(row.decided_at for row in deleted) >= accepted_at
    assert room.archive.refold() == []


def test_after_a_long_outage_what_is_gone_is_told_and_nothing_else(room: Newsroom) -> None:
    """Its incident ended by time; when half of the authors are back, what is still gone is judged as ever."""
    ids = write_posts(room, AUTHORS)
    for native_id in ids:
        room.world.at(day(6)).delete(native_id, tombstone=False)
    for native_id in ids[1:]:
        room.world.at(day(17)).restore(native_id)
    room.live(day(16))
    assert "expired" in [how for _, _, how in incidents(room)]
    room.live(day(34))
    assert {row.incident for row in room.rows("incident_recoveries")} >= {
        row.id for row in room.rows("incidents", kind="outage")
    } - {row.incident for row in room.rows("incident_ends", how="recovered")}
    assert [native_id for native_id in ids if room.listed(native_id).state == State.DELETED] == ids[:1]
    assert {room.listed(native_id).state for native_id in ids[1:]} == {State.ALIVE}
    assert room.archive.refold() == []


def test_what_was_deleted_in_weeks_of_blindness_is_told_when_we_see_again(room: Newsroom) -> None:
    """Nothing can be read for three weeks; then nine authors are missed in a day: as usual, for three weeks."""
    ids = write_posts(room, AUTHORS)
    room.world.outage(day(6), day(28), "503")
    for number, native_id in enumerate(ids[:9]):
        room.world.at(day(8 + 2 * number)).delete(native_id)
    room.live(day(45))
    assert [how for _, _, how in incidents(room)] == ["caught_up"]
    assert incidents(room, "wave") == []
    assert [native_id for native_id in ids if room.listed(native_id).state == State.DELETED] == ids[:9]
    assert room.archive.refold() == []


@pytest.mark.parametrize(
    ("days", "authors"),
    [((1,), 1), ((5, 5), 2), ((10,), 0.5), ((25, 25, 25, 25), 0.8), ((0, 50), 1.1)],
)
def test_an_author_unseen_for_long_counts_for_less(days: tuple[int, ...], authors: float) -> None:
    """Five days are the longest in which a post is not looked at; of more, the share that five days are."""
    told = ((f"author_{number}", timedelta(days=span)) for number, span in enumerate(days))
    assert weight(told) == pytest.approx(authors)


def test_an_author_counts_once_and_by_the_post_that_was_unseen_for_the_shortest_time() -> None:
    """Whichever is told first."""
    spans = [("author_1", timedelta(days=25)), ("author_1", timedelta(days=10)), ("author_2", timedelta(days=50))]
    assert weight(spans) == weight(spans[::-1]) == pytest.approx(0.6)


def test_living_posts_that_are_not_served_for_weeks_are_never_called_deleted(room: Newsroom) -> None:
    """Every endpoint answers 404 for them, while all controls and accounts are served: out of a cache, say."""
    ids = write_posts(room, AUTHORS)
    for native_id in ids:
        room.world.at(day(6)).delete(native_id, tombstone=False)
        room.world.at(day(31)).restore(native_id)
    room.live(day(40))
    assert told(room) == {"alive", "gone_unconfirmed"}
    assert set(room.states().values()) == {"alive"}
    assert {how for _, _, how in incidents(room)} == {"expired"}
    assert room.archive.refold() == []


def test_one_author_with_forty_embeds_does_not_trip_it(room: Newsroom) -> None:
    """Row 47: the account is gone, and that is the verdict on each."""
    ids = write_posts(room, AUTHORS, author="prolific")
    room.world.at(day(5.1)).deactivate("prolific")
    room.live(day(14))
    assert incidents(room) == []
    assert {room.listed(native_id).state for native_id in ids} == {State.ACCOUNT_GONE}


def test_posts_never_seen_alive_do_not_trip_it(room: Newsroom) -> None:
    """Old articles cite many posts that are long gone: that is no news of today."""
    ids = [born(2, 1, 10, number) for number in range(AUTHORS)]
    for number, native_id in enumerate(ids):
        room.post(native_id, f"author_{number}")
        room.world.at(day(-9)).delete(native_id)
    room.article("old.html", *map(room.quote, ids))
    room.live(day(8))
    assert incidents(room) == []
    assert LEAST_AUTHORS < AUTHORS
    assert {room.listed(native_id).state for native_id in ids} == {State.GONE_BEFORE_FIRST_LOOK}


def test_a_refold_knows_the_incidents(room: Newsroom) -> None:
    """I11: every state follows from the stored looks and incidents."""
    for native_id in write_posts(room, 40):
        room.world.at(day(6)).delete(native_id)
    room.live(day(12))
    assert incidents(room)
    assert incidents(room, "wave")
    assert room.archive.refold() == []
