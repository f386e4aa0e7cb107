"""When is a post due again? The table of `schedule.py`, and a simulation of real deletions that follow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.model.verdict import Rules, State, Verdict
from archiver.schedule import Timetable, lateness, may_be_early, next_check
from tests.histories import START, History

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAST = datetime(2024, 5, 1, 12, tzinfo=UTC)
EXACT = Timetable(jitter_percent=0)
ALIVE = Verdict(State.ALIVE, LAST)
CONCLUDED = [state for state in State if state not in (State.ALIVE, State.UNKNOWN) and not state.startswith("gone_unc")]
CONCLUDED.remove(State.ABSENT_ON_FIRST_CHECK)


def gap(verdict: Verdict, looks: int = 1, age: timedelta | None = 400 * DAY, **more: int | None) -> timedelta:
    """How long after the last look the post is due, without jitter."""
    published_at = None if age is None else LAST - age
    return next_check(17, published_at, verdict, looks, LAST, timetable=EXACT, **more) - LAST


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), HOUR),
        (6 * HOUR - timedelta(seconds=1), HOUR),
        (6 * HOUR, 6 * HOUR),
        (2 * DAY - timedelta(seconds=1), 6 * HOUR),
        (2 * DAY, DAY),
        (14 * DAY - timedelta(seconds=1), DAY),
        (14 * DAY, 3 * DAY),
        (30 * DAY - timedelta(seconds=1), 3 * DAY),
        (30 * DAY, 5 * DAY),
        (4000 * DAY, 5 * DAY),
        (-DAY, HOUR),
    ],
)
def test_a_live_post_is_due_by_its_age(age: timedelta, expected: timedelta) -> None:
    """1 h, 6 h, 1 d, 3 d, then 5 d; a post from the future is a new one."""
    assert gap(ALIVE, age=age) == expected


def test_a_live_post_of_unknown_age_is_as_old_as_our_first_sight_of_it() -> None:
    """It begins with short gaps and ends with the longest."""
    assert gap(Verdict(State.ALIVE, LAST, first_seen_at=LAST), age=None) == HOUR
    assert gap(Verdict(State.ALIVE, LAST, first_seen_at=LAST - 90 * DAY), age=None) == 5 * DAY
    assert gap(ALIVE, age=None) == HOUR


def test_no_gap_of_a_live_post_is_longer_than_the_longest() -> None:
    """`longest_gap` holds for younger posts, too."""
    short = Timetable(longest_gap=2 * HOUR, jitter_percent=0)
    for age in (HOUR, DAY, 10 * DAY, 20 * DAY, 400 * DAY):
        assert next_check(1, LAST - age, ALIVE, 1, LAST, timetable=short) - LAST <= 2 * HOUR


@pytest.mark.parametrize(("looks", "hours"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (5000, 24)])
def test_a_post_never_read_is_tried_again_in_doubling_gaps(looks: int, hours: int) -> None:
    """1 h doubling to 1 d, and then every day for ever."""
    assert gap(Verdict(State.UNKNOWN, None), looks) == hours * HOUR


@pytest.mark.parametrize("state", [State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK])
@pytest.mark.parametrize(("looks", "hours"), [(0, 1), (1, 1), (2, 6), (3, 17), (4, 24), (400, 24)])
def test_after_a_first_absent_looks_come_close(state: State, looks: int, hours: int) -> None:
    """1, 7 and 24 h after it, then every 24 h, however old the post is."""
    assert gap(Verdict(state, LAST), looks) == hours * HOUR


def test_the_sixth_round_after_a_first_absent_completes_the_three_days_of_a_verdict() -> None:
    """And not an hour more: what is deleted is called so as soon as it may be."""
    last, missed = LAST, Verdict(State.GONE_UNCONFIRMED, LAST)
    for looks in range(1, 6):
        last = next_check(17, None, missed, looks, last)
    assert last - LAST == Rules().grade_a_span


@pytest.mark.parametrize("state", CONCLUDED)
def test_after_a_verdict_looks_come_rarely_and_never_end(state: State) -> None:
    """7, 30 and 90 days after the verdict, then every year, whatever the verdict was."""
    decided_at, last, due = LAST, LAST, []
    for _ in range(6):
        last = next_check(17, None, Verdict(state, decided_at), 9, last) + timedelta(minutes=3)
        due.append((last - decided_at).days)
    assert due == [7, 30, 90, 365, 730, 1095]


def test_a_look_of_its_own_does_not_move_the_tail() -> None:
    """Counted from the verdict, not from the last look."""
    deleted = Verdict(State.DELETED, LAST)
    assert next_check(17, None, deleted, 2, LAST + 3 * DAY) == LAST + 7 * DAY
    assert next_check(17, None, deleted, 2, LAST + 7 * DAY) == LAST + 30 * DAY
    assert next_check(17, None, deleted, 2, LAST + 365 * DAY) == LAST + 730 * DAY


@pytest.mark.parametrize(("seconds", "minutes"), [(None, 60), (0, 60), (-1, 60), (900, 60), (3600, 60), (10**30, 60)])
def test_retry_after_never_shortens_a_gap_and_is_capped(seconds: int | None, minutes: int) -> None:
    """An hour at most, and an hour is the shortest gap."""
    assert gap(ALIVE, age=HOUR, retry_after_seconds=seconds) == timedelta(minutes=minutes)


def test_retry_after_is_obeyed_where_the_gap_is_shorter() -> None:
    """A configured gap of five minutes gives way, up to an hour."""
    eager = Timetable(longest_gap=timedelta(minutes=5), jitter_percent=0)
    for seconds, expected in ((None, 300), (900, 900), (3600, 3600), (7200, 3600), (10, 300)):
        assert next_check(1, None, ALIVE, 1, LAST, seconds, eager) == LAST + timedelta(seconds=expected)


def test_jitter_spreads_young_posts_and_is_always_the_same_for_one() -> None:
    """Drawn from the post's number and the last look: shorter by up to the percentage, never longer."""
    due = [next_check(number, LAST - 20 * DAY, ALIVE, 1, LAST) - LAST for number in range(1000)]
    assert due == [next_check(number, LAST - 20 * DAY, ALIVE, 1, LAST) - LAST for number in range(1000)]
    assert 2.7 * DAY <= min(due) < 2.71 * DAY
    assert 2.99 * DAY < max(due) <= 3 * DAY
    assert abs(sum(due, timedelta()) / len(due) - 2.85 * DAY) < HOUR
    assert next_check(1, LAST - 20 * DAY, ALIVE, 1, LAST + DAY) - DAY != LAST + due[1]


def test_old_posts_of_one_scan_are_soon_looked_at_evenly() -> None:
    """Each has a beat of its own within the longest gap: no day has more than its share, and no post more looks."""
    days = [0] * 31
    for number in range(500):
        last, looks = LAST, 0
        while (last := next_check(number, LAST - 400 * DAY, ALIVE, 2, last)) < LAST + 31 * DAY:
            days[(last - LAST).days] += 1
            looks += 1
        assert 6 <= looks <= 9
    assert all(80 <= posts <= 160 for posts in days[1:]), days


@given(
    number=st.integers(1, 10**6),
    last=st.timedeltas(timedelta(0), 4000 * DAY).map(lambda span: LAST + span),
    percent=st.integers(0, 50),
    days=st.integers(1, 40),
)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_a_beat_is_kept_and_never_longer_than_the_longest_gap(
    number: int, last: datetime, percent: int, days: int
) -> None:
    """A look that comes late, or as early as a round with room takes it, does not move the beat; and no gap is longer
    than the longest."""
    timetable = Timetable(days * DAY, percent)
    due = next_check(number, last - 4000 * DAY, ALIVE, 3, last, timetable=timetable)
    assert last + HOUR <= due <= last + days * DAY
    late = due + timedelta(minutes=min(days * percent, 30))
    again = next_check(number, last - 4000 * DAY, ALIVE, 4, late, timetable=timetable)
    beat = days * DAY * (1 - percent / 200 - timetable.early_percent / 100)
    if due > last + HOUR:
        assert abs(again - due - beat) < timedelta(seconds=1) or percent == 0
    assert again <= late + days * DAY
    early = due - (due - last) * timetable.early_percent / 100
    after = next_check(number, last - 4000 * DAY, ALIVE, 4, early, timetable=timetable)
    assert early + days * DAY >= after
    assert after - due > beat / 2 or percent == 0 or due <= last + HOUR


@given(
    number=st.integers(1, 10**6),
    age=st.one_of(st.none(), st.timedeltas(-DAY, 5000 * DAY)),
    state=st.sampled_from(list(State)),
    decided=st.timedeltas(timedelta(0), 5000 * DAY),
    looks=st.integers(0, 10**6),
    retry=st.one_of(st.none(), st.integers(-(10**40), 10**40)),
)
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
def test_a_post_is_always_due_again(
    number: int, age: timedelta | None, state: State, decided: timedelta, looks: int, retry: int | None
) -> None:
    """Never dropped, never at once, never later than a year."""
    published_at = None if age is None else LAST - age
    due = next_check(number, published_at, Verdict(state, LAST - decided), looks, LAST, retry)
    assert LAST < due <= LAST + 365 * DAY
    assert due.tzinfo is UTC


def test_lateness_is_told_in_gaps() -> None:
    """An hour late on a gap of an hour is as late as a day on a gap of a day; never looked at counts as daily."""
    assert lateness(LAST, LAST - HOUR, LAST - 2 * HOUR) == lateness(LAST, LAST - DAY, LAST - 2 * DAY) == 1
    assert lateness(LAST, LAST - DAY, None) == 1
    assert lateness(LAST, LAST - HOUR, LAST - 5 * DAY - HOUR) < 0.01
    # A clock that was set back, and a post made due at once.
    assert lateness(LAST, LAST - HOUR, LAST) == lateness(LAST, LAST - HOUR, LAST - HOUR) == 3600


@pytest.mark.parametrize(("hours", "may"), [(12, True), (12.1, False), (0, True), (-1, True)])
def test_a_live_post_may_come_a_tenth_of_its_gap_early(hours: float, may: bool) -> None:
    """Not one that was never looked at: it is due already."""
    due = LAST + hours * HOUR
    assert may_be_early(LAST, due, due - 5 * DAY, Timetable()) is may
    assert may_be_early(LAST, due, None, Timetable()) is False


# A simulation: rounds where the timetable puts them ------------------------------------------------------------


def follow(history: History, deleted_at: datetime, until: datetime, **said_when_gone: str) -> Verdict:
    """Look whenever the post is due, as the far end has it then; ask the account while the post is not served."""
    gone = {"oembed": "strong", "syndication": "weak", "timeline": "ok"} | said_when_gone
    verdict, in_state = history.verdict(), 0
    while history.wall < until and verdict.state is not State.DELETED:
        served = history.wall < deleted_at
        history.round(**{"oembed": "present", "syndication": "present"} if served else gone)
        before, verdict = verdict.state, history.verdict()
        in_state = in_state + 1 if verdict.state is before else 1
        published_at = START - 400 * DAY
        due = next_check(history.rounds, published_at, verdict, in_state, history.wall)
        history.wait(seconds=(due - history.wall).total_seconds())
    return verdict


def test_a_real_deletion_of_an_old_post_is_found_within_nine_days_and_in_six_on_average() -> None:
    """Up to 5 d until the first absent, then six rounds over 79 h, each with its look at the account."""
    delays = []
    for number in range(60):
        deleted_at = START + 10 * DAY + number * 2 * HOUR
        verdict = follow(History(), deleted_at, START + 60 * DAY)
        assert verdict.state is State.DELETED
        assert verdict.grade == "A"
        assert verdict.decided_at is not None
        assert verdict.interval is not None
        assert verdict.interval.left is not None
        assert verdict.interval.left < deleted_at <= verdict.interval.right
        assert verdict.interval.right - verdict.interval.left <= 5 * DAY + HOUR
        delays.append((verdict.decided_at - deleted_at) / DAY)
    assert min(delays) > 3
    assert max(delays) < 9
    assert 4 < mean(delays) < 6


def test_a_deletion_that_one_endpoint_shows_takes_a_week_more() -> None:
    """Grade B by the same timetable: 7 days after the first absent."""
    verdict = follow(History(), START + 10 * DAY, START + 60 * DAY, syndication="unknown")
    assert verdict.grade == "B"
    assert verdict.decided_at is not None
    assert verdict.interval is not None
    assert 7 * DAY <= verdict.decided_at - verdict.interval.right < 8 * DAY + 8 * HOUR


def test_a_deletion_without_account_looks_is_looked_at_daily_until_it_is_unattributed() -> None:
    """31 days, and then 7, 30, 90 days and every year."""
    history = History()
    verdict = follow(history, START + 10 * DAY, START + 500 * DAY, timeline="unknown")
    assert verdict.state is State.GONE_UNATTRIBUTED
    assert verdict.decided_at is not None
    later = {(look.received_at - verdict.decided_at).days for look in history.looks}
    assert sorted(days for days in later if days > 0) == [7, 30, 90, 365]
