"""What a wave holds back, and for how long: more authors than usual whose posts are missed in five days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archiver.model.incident import Incident
from archiver.model.verdict import Rules, State, Verdict
from tests.histories import History

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
MONTH = Rules().wave_hold


def wave(opened_at: datetime, days: float | None = 5) -> Incident:
    """It stops nothing and restarts nothing; None: it goes on."""
    closed_at = None if days is None else opened_at + timedelta(days=days)
    return Incident("x", opened_at, closed_at, False, 4, True, kind="wave")


def gone_daily(history: History, days: int) -> Verdict:
    """A round now and on each of so many days after."""
    return history.gone(*[24.0] * days).verdict()


def public_at(history: History) -> datetime:
    """When the account was seen public first."""
    return next(look.received_at for look in history.looks if look.endpoint == "timeline")


@pytest.mark.parametrize("days", [5, None])
def test_what_vanished_in_a_wave_is_held_for_a_month(days: float | None) -> None:
    """From when its author's account was seen public; whether the wave goes on by then or not."""
    history = History().seen()
    history.incidents = [wave(history.wall - HOUR, days)]
    verdict = gone_daily(history, 30)
    assert (verdict.state, verdict.held_by) == (State.GONE_UNCONFIRMED, 4)
    verdict = gone_daily(history.wait(hours=24), 3)
    assert (verdict.state, verdict.held_by) == (State.DELETED, None)
    assert verdict.decided_at
    assert MONTH <= verdict.decided_at - public_at(history) < MONTH + DAY


@pytest.mark.parametrize(("early", "state"), [(0, State.DELETED), (1, State.GONE_UNCONFIRMED)])
def test_the_month_is_over_to_the_second(early: int, state: State) -> None:
    """A batch that closes as it ends is judged."""
    history = History().seen()
    history.incidents = [wave(history.wall - HOUR)]
    gone_daily(history, 30)
    at = public_at(history) + MONTH - timedelta(seconds=4 + early)
    history.wait(seconds=(at - history.wall).total_seconds()).round(oembed="strong", syndication="weak")
    assert history.looks[-1].closed_at == public_at(history) + MONTH - timedelta(seconds=early)
    assert history.verdict().state is state


@pytest.mark.parametrize(
    ("hours", "held"),
    [(-120 - 1 / 3600, False), (-120, False), (-119.99, True), (0, True), (119, True), (121, False), (400, False)],
)
def test_a_wave_holds_what_vanished_in_it_or_in_the_five_days_before(hours: float, held: bool) -> None:
    """In which every live post is looked at once. `hours`: from the first absent to its opening."""
    history = History().seen()
    history.incidents = [wave(history.wall + SECOND + hours * HOUR)]
    verdict = gone_daily(history.gone().wait(hours=130), 4)
    assert (verdict.held_by == 4) is held
    assert verdict.state is (State.GONE_UNCONFIRMED if held else State.DELETED)


@pytest.mark.parametrize(("late", "held"), [(0, True), (1, False)])
def test_the_five_days_are_counted_to_the_second_from_when_the_account_was_public(late: int, held: bool) -> None:
    """Until then something else may have been why the post was not served."""
    history = History().seen().gone()
    history.incidents = [wave(public_at(history) + 5 * DAY + late * SECOND)]
    assert (gone_daily(history.wait(hours=130), 4).held_by == 4) is held


def test_a_wave_that_begins_after_the_verdict_holds_nothing() -> None:
    """What was decided stands."""
    history = History().deleted()
    history.incidents = [wave(history.wall + SECOND)]
    verdict = gone_daily(history.wait(hours=24), 3)
    assert (verdict.state, verdict.held_by) == (State.DELETED, None)


@pytest.mark.parametrize(("opens", "held"), [(0, 4), (1, None)])
def test_a_wave_holds_from_the_moment_at_which_it_opens(opens: int, held: int | None) -> None:
    """A batch that closes then is held; one that closed before was judged without it."""
    history = History().deleted()
    history.incidents = [wave(history.wall + opens * SECOND)]
    verdict = history.verdict()
    assert verdict.held_by == held
    assert (verdict.state is State.DELETED) is (held is None)


@pytest.mark.parametrize(("explained", "held"), [(True, True), (False, False)])
def test_a_not_authorized_puts_off_from_when_on_the_account_was_public(explained: bool, held: bool) -> None:
    """It may be why the post was gone until then; the first look after it that finds the account public counts."""
    history = History().seen().gone().wait(days=5)
    if explained:
        history.round(oembed="not_authorized", timeline="unknown")
    history.wait(hours=1).gone().wait(days=2)
    history.incidents = [wave(history.wall)]
    verdict = gone_daily(history.wait(days=2), 4)
    assert (verdict.held_by == 4) is held
    assert verdict.state is (State.GONE_UNCONFIRMED if held else State.DELETED)


def test_what_was_public_once_does_not_become_it_anew_at_every_look() -> None:
    """The first look counts, not the newest: else a wave would hold what it never struck."""
    history = History().seen().gone().wait(days=5).gone().wait(days=2)
    history.incidents = [wave(history.wall)]
    assert gone_daily(history.wait(hours=1), 4).state is State.DELETED


def test_a_wave_whose_authors_are_back_lets_go_and_counting_begins_from_zero() -> None:
    """At the batch that closes then, and at no later one: its own absents count."""
    history = History().seen()
    opened_at = history.wall - HOUR
    gone_daily(history, 10)
    batch = next(look for look in reversed(history.looks) if look.endpoint == "syndication")
    history.incidents = [replace(wave(opened_at), recovered_at=batch.closed_at)]
    verdict = history.verdict()
    assert (verdict.state, verdict.held_by) == (State.GONE_UNCONFIRMED, None)
    assert gone_daily(history.wait(hours=24), 2).state is State.GONE_UNCONFIRMED
    verdict = gone_daily(history.wait(hours=24), 0)
    assert verdict.state is State.DELETED, "four rounds and a half of one, over four days"


def test_a_wave_that_a_person_accepted_lets_go_at_once() -> None:
    """What was counted counts."""
    history = History().seen()
    opened_at = history.wall - HOUR
    gone_daily(history, 10)
    history.incidents = [replace(wave(opened_at), accepted_at=history.wall)]
    assert history.verdict().state is State.DELETED


@pytest.mark.parametrize(("seconds", "state"), [(0, State.GONE_UNATTRIBUTED), (1, State.GONE_UNCONFIRMED)])
def test_a_silent_month_is_over_to_the_second(seconds: int, state: State) -> None:
    """From the first absent's arrival to the closing of a batch."""
    history = History().seen()
    history.gone(*[24.0] * 30, account="unknown")
    first = next(look.received_at for look in history.looks if look.endpoint == "oembed" and look.round == 2)
    at = first + Rules().unattributed_after - timedelta(seconds=2 + seconds)
    history.wait(seconds=(at - history.wall).total_seconds()).round(oembed="strong")
    assert history.verdict().state is state
