"""The day's budget of a host: what is beyond it waits, whichever process sent the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archiver.clock import SettableClock
from archiver.web.pace import Pace

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "posts.example"


def pace(per_day: int) -> tuple[Pace, SettableClock]:
    clock = SettableClock(START)
    return Pace(clock, 0, {}, {HOST: per_day}), clock


def test_a_host_is_left_alone_once_its_budget_is_spent() -> None:
    """Three a day are three; other hosts have none and are asked on."""
    held, clock = pace(3)
    for _ in range(3):
        assert held.paused_until(HOST) is None
        held.spent(HOST)
    until = held.paused_until(HOST)
    assert until is not None
    assert timedelta(hours=23) <= until - clock.now() <= timedelta(hours=24)
    held.spent("other.example")
    assert held.paused_until("other.example") is None
    clock.advance(until - clock.now())
    assert held.paused_until(HOST) is None


def test_what_another_process_sent_counts() -> None:
    """The budget is the host's, and a restart gives no new one."""
    held, clock = pace(100)
    held.spent(HOST, 20 * 3600, 60)
    held.spent(HOST, 3600, 40)
    until = held.paused_until(HOST)
    assert until is not None
    assert timedelta(hours=3) <= until - clock.now() <= timedelta(hours=5)


@given(st.integers(1, 30), st.lists(st.integers(0, 3 * 3600), min_size=1, max_size=120))
def test_no_day_has_more_than_the_budget(per_day: int, gaps: list[int]) -> None:
    """Whatever the rhythm: in any 24 hours no more are sent than the budget allows."""
    held, clock = pace(per_day)
    sent: list[datetime] = []
    for gap in gaps:
        clock.advance(timedelta(seconds=gap))
        if held.paused_until(HOST) is None:
            held.spent(HOST)
            sent.append(clock.now())
    for at in sent:
        assert sum(at - timedelta(hours=23) < each <= at for each in sent) <= per_day
