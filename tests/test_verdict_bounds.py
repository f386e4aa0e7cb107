"""Exactly as long as a rule asks for is long enough: the bounds of the fold, each met to the second.

Written against what the mutation of the rules by machine left standing (README, "For developers").
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from archiver.breaker import OpenIncident, ending
from archiver.model.incident import Incident
from archiver.model.verdict import State
from tests.histories import START, History

HOUR = timedelta(hours=1)


def at(history: History, hours: float) -> History:
    """Let it be so many hours after the start, on both clocks."""
    return history.wait(seconds=((START + hours * HOUR) - history.wall).total_seconds())


def absent_at(history: History, *hours: float, **said: str) -> History:
    """A round of absents at each of these hours, asked a second before so that the answers come at the full hour."""
    for hour in hours:
        for endpoint, saying in (said or {"oembed": "strong", "syndication": "strong"}).items():
            at(history, hour).wait(seconds=-1)
            history.round(**{endpoint: saying}) if endpoint == "oembed" else history.batch({endpoint: saying})
    return history


def vouched_at(history: History, hour: float) -> None:
    """A round of its own that finds the account public."""
    at(history, hour).round(timeline="ok")


@pytest.mark.parametrize(("last", "state"), [(24 + 72, State.DELETED), (24 + 71.99, State.GONE_UNCONFIRMED)])
def test_seventy_two_hours_to_the_second_are_enough_for_grade_a(last: float, state: State) -> None:
    """Rule 2, A."""
    history = absent_at(History().seen(), 24, 30, 40, 60)
    vouched_at(history, 60.1)
    vouched_at(history, last - 0.1)
    assert absent_at(history, last).verdict().state is state


@pytest.mark.parametrize(("last", "state"), [(24 + 168, State.DELETED), (24 + 167.99, State.GONE_UNCONFIRMED)])
def test_seven_days_to_the_second_are_enough_for_grade_b(last: float, state: State) -> None:
    """Rule 2, B."""
    history = absent_at(History().seen(), *(24 + 24 * number for number in range(6)), oembed="strong")
    vouched_at(history, 150)
    vouched_at(history, last - 0.1)
    assert absent_at(history, last, oembed="strong").verdict().state is state


def test_rounds_exactly_an_hour_apart_are_two() -> None:
    """Rule 2: five rounds, two of them no more than an hour apart."""
    history = absent_at(History().seen(), 24, 25, 40, 60)
    vouched_at(history, 60.1)
    vouched_at(history, 95.9)
    assert absent_at(history, 96).verdict().state is State.DELETED


@pytest.mark.parametrize(("late", "state"), [(0, State.DELETED), (1, State.GONE_UNCONFIRMED)])
def test_an_account_look_exactly_a_day_old_is_fresh(late: int, state: State) -> None:
    """Rule 3: from its receipt to the closing of the deciding batch."""
    history = absent_at(History().seen(), 24, 30, 40, 60)
    vouched_at(history, 62)
    vouched_at(history, 73)
    fresh_until = history.looks[-1].received_at + 24 * HOUR
    history.wait(seconds=(fresh_until - history.wall).total_seconds() - 2 + late).round(oembed="strong")
    assert history.looks[-1].closed_at == fresh_until + timedelta(seconds=late)
    assert history.verdict().state is state


@pytest.mark.parametrize(("late", "state"), [(0, State.GONE_UNCONFIRMED), (1, State.DELETED)])
def test_not_authorized_holds_back_to_the_last_second(late: int, state: State) -> None:
    """Rule 3: the batch that closes 72 hours after its own is still too early."""
    history = at(absent_at(History().seen(), 24), 27).round(oembed="not_authorized")
    hold_ends = history.wall + 72 * HOUR
    absent_at(history, 30, 40, 60)
    vouched_at(history, 61)
    vouched_at(history, 90)
    # A batch of one look closes two seconds after it is asked for.
    history.wait(seconds=(hold_ends - history.wall).total_seconds() - 2 + late).round(oembed="strong")
    assert history.looks[-1].closed_at == hold_ends + timedelta(seconds=late)
    assert history.verdict().state is state


@pytest.mark.parametrize("kind", ["gone", "unattributed"])
def test_an_incident_of_long_ago_is_no_hindrance(kind: str) -> None:
    """Rule 5 asks for the time of the batch, for posts that were never seen too."""
    history = History()
    history.incidents.append(Incident("x", START - 90 * HOUR, START - 20 * HOUR, True))
    if kind == "gone":
        assert history.gone(1, 6, 24, 24, 24).verdict().state is State.GONE_BEFORE_FIRST_LOOK
        verdict = history.verdict()
        assert verdict.interval is not None
        assert (verdict.interval.right, verdict.interval.right_observation) == (history.looks[0].received_at, 1)
    else:
        history.gone(*[24] * 32, account="unknown")
        assert history.verdict().state is State.GONE_UNATTRIBUTED


def test_an_incident_that_ends_as_a_batch_closes_has_ended() -> None:
    """Open up to its end, not at it; and a count begins anew with the batch that closes then."""
    history = absent_at(History().seen(), 24, 30, 40, 60)
    vouched_at(history, 60.1)
    vouched_at(history, 95.9)
    absent_at(history, 96)
    last = history.looks[-1].closed_at
    opened = history.looks[-1].sent_at - 2 * HOUR
    history.incidents.append(Incident("x", opened - HOUR, history.looks[-2].sent_at - HOUR, False))
    assert history.verdict().state is State.DELETED
    history.incidents[:] = [Incident("x", START + 20 * HOUR, last, True)]
    assert history.verdict().state is not State.DELETED


def test_a_state_found_again_in_one_disappearance_is_remembered_from_its_first_time() -> None:
    """The episode keeps when that state was given first."""
    history = History().seen()
    for _ in range(2):
        history.round(timeline="suspended").wait(hours=2)
    first = history.verdict().decided_at
    history.gone(2).wait(hours=2)
    for _ in range(2):
        history.round(timeline="suspended").wait(hours=2)
    assert history.verdict().state is State.ACCOUNT_SUSPENDED
    [episode] = history.round(syndication="present").verdict().episodes
    assert (episode.state, episode.decided_at) == (State.ACCOUNT_SUSPENDED, first)


@pytest.mark.parametrize(("back", "how"), [(3, None), (4, "recovered")])
def test_half_of_the_authors_back_end_an_incident(back: int, how: str | None) -> None:
    """Exactly half are enough."""
    assert ending(OpenIncident(1, START, 8, back), START + HOUR) == how
