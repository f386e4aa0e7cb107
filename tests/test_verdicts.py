"""When may a post be called deleted? Each rule with the one fact missing, each way to be fooled as a script."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import pytest

from archiver.model.incident import Incident
from archiver.model.observation import SubjectKind
from archiver.model.verdict import Episode, Rules, State, Verdict
from archiver.verdicts import judge
from tests.histories import POST, START, History

HOUR = timedelta(hours=1)


def states(history: History) -> list[State]:
    """The states that a post went through, batch by batch."""
    closings = sorted({(look.closed_at, look.batch) for look in history.looks})
    gone_through: list[State] = []
    for closed_at, batch in closings:
        upto = [look for look in history.looks if (look.closed_at, look.batch) <= (closed_at, batch)]
        state = judge(history.post, upto, history.incidents).state
        if not gone_through or gone_through[-1] is not state:
            gone_through.append(state)
    return gone_through


def incident(start: datetime, hours: float | None, *, counts_restart: bool, platform: str = "x") -> Incident:
    return Incident(platform, start, start + hours * HOUR if hours is not None else None, counts_restart)


# The states ---------------------------------------------------------------------------------------------------


def test_a_post_without_looks_is_unknown() -> None:
    """No look, no verdict, no time."""
    assert History().verdict() == Verdict(State.UNKNOWN, None)


def test_unknown_looks_leave_a_post_unknown() -> None:
    """Nothing that cannot be read says anything."""
    history = History().round(oembed="unknown", syndication="empty", timeline="unknown")
    assert history.verdict() == Verdict(State.UNKNOWN, None)


def test_one_sighting_makes_a_post_alive() -> None:
    """Alive rests on its newest sighting, and keeps the time at which it was first found so."""
    history = History().seen().round(syndication="present")
    verdict = history.verdict()
    assert verdict.state is State.ALIVE
    assert verdict.decided_at == history.looks[0].closed_at
    assert verdict.rests_on == (3,)
    assert verdict.first_seen_at == START
    assert verdict.last_seen_at == history.looks[-1].sent_at
    assert verdict.interval is None
    assert verdict.episode_started_at is None


def test_a_deletion_is_found_and_says_all_that_it_rests_on() -> None:
    """Grade A: the interval, the times and the observations are exactly those of the looks."""
    history = History().deleted()
    verdict = history.verdict()
    last_sighting, first_absent, decider = history.looks[1], history.looks[2], history.looks[-1]
    assert verdict.state is State.DELETED
    assert verdict.grade == "A"
    assert verdict.decided_at == decider.closed_at
    assert verdict.interval is not None
    assert verdict.interval.left == last_sighting.sent_at
    assert verdict.interval.right == first_absent.received_at
    assert verdict.interval.left_observation == last_sighting.id
    assert verdict.interval.right_observation == first_absent.id
    assert verdict.episode_started_at == first_absent.received_at
    assert verdict.rests_on == tuple(range(2, 21))
    assert states(history) == [State.ALIVE, State.GONE_UNCONFIRMED, State.DELETED]


def test_the_verdict_names_the_rules_it_was_given_by() -> None:
    """Other thresholds carry another version."""
    assert History().seen().verdict(Rules(version="1+rounds=9")).rules_version == "1+rounds=9"


def test_a_post_never_seen_is_gone_before_the_first_look_and_never_deleted() -> None:
    """Row 49: confirmed like a deletion, under its own name, from the id's time on."""
    history = History().gone(1, 6, 24, 24)
    assert history.verdict().state is State.ABSENT_ON_FIRST_CHECK
    history.gone(24)
    verdict = history.wait(hours=24).gone().verdict()
    assert verdict.state is State.GONE_BEFORE_FIRST_LOOK
    assert verdict.grade == "A"
    assert verdict.interval is not None
    assert verdict.interval.left == POST.id_time
    assert verdict.interval.left_observation is None
    assert verdict.first_seen_at is None


@pytest.mark.parametrize(
    ("id_time", "day", "captures", "left"),
    [
        (None, None, (), None),
        (None, date(2021, 8, 20), (), datetime(2021, 8, 20, tzinfo=UTC)),
        (datetime(2021, 8, 20, 9, tzinfo=UTC), date(2021, 8, 20), (), datetime(2021, 8, 20, 9, tzinfo=UTC)),
        (None, date(2021, 8, 20), (datetime(2022, 1, 1, tzinfo=UTC), datetime(2021, 9, 1, tzinfo=UTC)),
         datetime(2022, 1, 1, tzinfo=UTC)),
        (None, date(2021, 8, 20), (datetime(2030, 1, 1, tzinfo=UTC),), datetime(2021, 8, 20, tzinfo=UTC)),
        (datetime(2031, 1, 1, tzinfo=UTC), None, (), None),
    ],
)  # fmt: skip
def test_the_left_end_of_a_post_never_seen_is_the_best_that_is_known(
    id_time: datetime | None, day: date | None, captures: tuple[datetime, ...], left: datetime | None
) -> None:
    """The latest of id time, start of the attribution's day and last capture that does not lie after the right end."""
    post = replace(POST, id_time=id_time, attribution_day=day, archive_captures=captures)
    interval = History(post).gone().verdict().interval
    assert interval is not None
    assert interval.left == left


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("suspended", State.ACCOUNT_SUSPENDED),
        ("account_gone", State.ACCOUNT_GONE),
        ("protected", State.PROTECTED),
        ("withheld", State.WITHHELD),
        ("age_gated", State.AGE_GATED),
    ],
)
def test_a_restriction_found_twice_an_hour_apart_gives_its_state(said: str, state: State) -> None:
    """Row 44 and its kin: the second time gives the state, from the first such outcome on."""
    history = History().seen().round(syndication=said)
    first = history.looks[-1]
    assert history.verdict().state is State.ALIVE
    history.round(syndication=said)
    assert history.verdict().state is State.ALIVE, "a second time within the hour"
    verdict = history.wait(hours=1).round(syndication=said).verdict()
    assert verdict.state is state
    assert verdict.interval is not None
    assert verdict.interval.left == history.looks[1].sent_at
    assert verdict.interval.right == first.received_at
    assert verdict.rests_on == (2, first.id, history.looks[-1].id)
    assert verdict.episode_started_at is None


def test_a_restriction_found_twice_in_one_round_counts_once() -> None:
    """Two endpoints, or a slow retry, are one round."""
    history = History().seen().round(oembed="suspended", timeline="suspended").wait(hours=2)
    history.batch({"timeline": "suspended"}, attempt=2)
    assert history.verdict().state is State.ALIVE


def test_different_restrictions_do_not_add_up() -> None:
    """Once suspended and once protected is neither."""
    history = History().seen().round(timeline="suspended").wait(hours=2).round(timeline="protected")
    assert history.verdict().state is State.ALIVE


def test_a_public_account_clears_an_earlier_bad_outcome() -> None:
    """Suspended, public, suspended: the second begins anew; but the account says nothing of an age gate."""
    history = History().seen().round(timeline="suspended").wait(hours=2).round(timeline="ok").wait(hours=2)
    assert history.round(timeline="suspended").verdict().state is State.ALIVE
    history = History().seen().round(oembed="age_gated").wait(hours=2).round(timeline="ok").wait(hours=2)
    assert history.round(oembed="age_gated").verdict().state is State.AGE_GATED


def test_a_sighting_clears_an_earlier_restriction() -> None:
    """Suspended, seen, suspended: once."""
    history = History().seen().round(timeline="suspended").wait(hours=2).seen()
    assert history.round(timeline="suspended").verdict().state is State.ALIVE
    verdict = history.wait(hours=2).round(timeline="suspended").verdict()
    assert verdict.interval is not None
    assert verdict.interval.right_observation == history.looks[-2].id


def test_a_restriction_found_again_after_a_reboot_counts() -> None:
    """Clocks of two boots are not compared."""
    history = History().seen().round(timeline="suspended").wait(hours=2).reboot().round(timeline="suspended")
    assert history.verdict().state is State.ACCOUNT_SUSPENDED


def test_the_right_end_of_an_account_state_is_an_earlier_absent() -> None:
    """What was first not served bounds the disappearance, whatever it was called later."""
    history = History().seen().gone(account="suspended").gone(2, account="suspended")
    verdict = history.verdict()
    assert verdict.state is State.ACCOUNT_SUSPENDED
    assert verdict.interval is not None
    assert verdict.interval.right_observation == history.looks[2].id
    assert set(verdict.rests_on) >= {2, 3, 5}


def test_one_state_of_an_account_follows_another() -> None:
    """Suspended, then gone: two rounds are needed each time; the first stands until then."""
    history = History().seen().round(timeline="suspended").wait(hours=2).round(timeline="suspended").wait(hours=2)
    assert history.round(timeline="account_gone").verdict().state is State.ACCOUNT_SUSPENDED
    verdict = history.wait(hours=2).round(timeline="account_gone").verdict()
    assert verdict.state is State.ACCOUNT_GONE
    assert verdict.interval is not None
    assert verdict.interval.right_observation == history.looks[-2].id


def test_restrictions_that_contradict_one_another_take_turns_only_after_two_rounds() -> None:
    """What was said before a state was given does not bring the other back at once."""
    history = History().seen().gone(2, account="account_gone")
    for _ in range(2):
        history.wait(hours=2).round().batch({"syndication": "account_gone", "timeline": "protected"})
    given = history.verdict()
    assert given.state is State.PROTECTED
    assert history.wait(hours=2).round(timeline="account_gone").verdict() == given
    assert history.wait(hours=2).round(timeline="account_gone").verdict().state is State.ACCOUNT_GONE


@pytest.mark.parametrize("seen", [True, False])
def test_back_from_an_account_state_by_a_public_account_and_a_strong_absent(seen: bool) -> None:
    """Both in one round: then the post is waited for again, and counted from there."""
    history = History()
    if seen:
        history.seen()
    history.gone(2, account="suspended")
    assert history.verdict().state is State.ACCOUNT_SUSPENDED
    history.wait(hours=24).gone(oembed="weak")
    assert history.verdict().state is State.ACCOUNT_SUSPENDED, "no strong absent"
    history.wait(hours=24).gone(account="unknown").wait(hours=24).round(timeline="ok")
    assert history.verdict().state is State.ACCOUNT_SUSPENDED, "not in one round"
    verdict = history.wait(hours=24).gone().verdict()
    assert verdict.state is (State.GONE_UNCONFIRMED if seen else State.ABSENT_ON_FIRST_CHECK)
    verdict = history.gone(24, 24, 24, 24).verdict()
    assert verdict.state is (State.DELETED if seen else State.GONE_BEFORE_FIRST_LOOK)


def test_a_weak_absent_that_a_retry_makes_strong_brings_nothing_back() -> None:
    """As strong as the weakest look of the round."""
    history = History().seen().gone(2, account="suspended").wait(hours=24).round(oembed="weak")
    history.batch({"oembed": "strong"}, attempt=2).batch({"timeline": "ok"})
    assert history.verdict().state is State.ACCOUNT_SUSPENDED


def test_an_episode_that_a_sighting_of_its_last_round_ends_is_kept_from_its_first() -> None:
    """Suspended, then absent and seen in one round: the suspension was an episode."""
    history = History().seen().gone(2, account="suspended").wait(hours=24).round(oembed="strong", timeline="ok")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    episodes = history.batch({"syndication": "present"}).verdict().episodes
    assert [episode.state for episode in episodes] == [State.ACCOUNT_SUSPENDED]


def test_an_absence_that_nothing_explains_is_unattributed_after_31_days() -> None:
    """Absents enough, but the account never answered."""
    history = History().seen().gone(*[24] * 30, account="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    verdict = history.wait(hours=24).gone(account="unknown").verdict()
    assert verdict.state is State.GONE_UNATTRIBUTED
    assert verdict.grade is None
    assert verdict.interval is not None
    assert verdict.interval.right_observation == history.looks[2].id


def test_weak_absents_alone_are_unattributed_after_31_days_even_with_a_public_account() -> None:
    """Row 43: weak ones alone never lead to `deleted`."""
    history = History().seen().gone(*[24] * 30, oembed="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone(oembed="unknown").verdict().state is State.GONE_UNATTRIBUTED


def test_one_strong_absent_among_weak_ones_is_not_only_weak() -> None:
    """Even one that came too soon after another round to be counted."""
    history = History().seen().gone(*[24] * 29, oembed="unknown").wait(minutes=9)
    history.gone(oembed="unknown", syndication="strong")
    assert history.gone(24, 24, 24, oembed="unknown").verdict().state is State.GONE_UNCONFIRMED


def test_too_few_absents_are_never_unattributed() -> None:
    """Rule 2 asks for rounds, not for time alone."""
    history = History().seen().gone(24 * 20, 24 * 20, 24 * 20, account="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_a_public_account_of_long_ago_does_not_explain_an_absence() -> None:
    """The account's last outcome is more than 31 days old: unattributed; at 31 days and less, not yet."""
    history = History().seen().gone().gone(*[24] * 30, account="unknown")
    history.wait(hours=23).gone(account="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=1).gone(account="unknown").verdict().state is State.GONE_UNATTRIBUTED


def test_an_unattributed_post_comes_back_into_waiting_and_is_then_deleted() -> None:
    """`account_ok` and strong absent: gone_unconfirmed; the second account look completes rule 3."""
    history = History().seen().gone(*[24] * 31, account="unknown")
    assert history.verdict().state is State.GONE_UNATTRIBUTED
    assert history.wait(hours=1).gone().verdict().state is State.GONE_UNCONFIRMED
    verdict = history.wait(hours=1).gone().verdict()
    assert verdict.state is State.DELETED


def test_a_later_suspension_does_not_rename_a_deletion() -> None:
    """`deleted` ends only by a sighting."""
    history = History().deleted()
    before = history.verdict()
    for said in ("suspended", "account_gone", "protected", "withheld", "age_gated"):
        history.wait(days=7).gone(2, account=said)
    assert history.verdict() == before


def test_a_sighting_ends_any_state_and_keeps_the_old_episode_word_for_word() -> None:
    """Row 48: eight months later present: alive, restored for ever, and the old claim still legible."""
    history = History().deleted()
    old = history.verdict()
    history.wait(days=240).round(syndication="present")
    sighting = history.looks[-1]
    verdict = history.verdict()
    assert verdict.state is State.ALIVE
    assert verdict.flags == {"restored"}
    assert old.interval is not None
    episode = Episode(State.DELETED, "A", old.interval, old.decided_at, sighting.closed_at, sighting.id)
    assert verdict.episodes == (episode,)
    again = history.wait(days=1).gone(1, 6, 24, 24, 24).verdict()
    assert again.state is State.DELETED
    assert again.flags == {"restored"}
    assert again.interval is not None
    assert again.interval.left == sighting.sent_at
    assert again.episodes == (episode,)


def test_restored_is_kept_for_ever() -> None:
    """A lesser disappearance afterwards does not take it away."""
    history = History().deleted().wait(days=9).seen().gone().wait(days=1).seen()
    verdict = history.verdict()
    assert [episode.state for episode in verdict.episodes] == [State.DELETED, State.GONE_UNCONFIRMED]
    assert verdict.flags == {"restored"}


def test_a_post_gone_before_the_first_look_can_come_back() -> None:
    """Restored, too."""
    history = History().gone(1, 6, 24, 24, 24).wait(days=7).seen()
    verdict = history.verdict()
    assert verdict.flags == {"restored"}
    assert [episode.state for episode in verdict.episodes] == [State.GONE_BEFORE_FIRST_LOOK]


def test_a_suspension_that_ends_is_no_restoration() -> None:
    """Only deleted, gone before the first look and account gone are restored from."""
    verdict = History().seen().gone(2, account="suspended").wait(days=3).seen().verdict()
    assert verdict.flags == frozenset()
    assert [episode.state for episode in verdict.episodes] == [State.ACCOUNT_SUSPENDED]


def test_an_account_gone_for_29_days_and_back_was_never_deleted() -> None:
    """Row 45: account_gone, then alive and restored."""
    history = History().seen().gone(*[24] * 29, account="account_gone").wait(days=1).seen()
    assert states(history) == [State.ALIVE, State.GONE_UNCONFIRMED, State.ACCOUNT_GONE, State.ALIVE]
    assert history.verdict().flags == {"restored"}


def test_an_ended_episode_is_remembered_by_its_strongest_state() -> None:
    """Account gone, then back to waiting, then seen: remembered as account gone, and restored."""
    history = History().seen().gone(2, account="account_gone").wait(days=2).gone()
    assert history.verdict().state is State.GONE_UNCONFIRMED
    verdict = history.wait(days=1).seen().verdict()
    assert [episode.state for episode in verdict.episodes] == [State.ACCOUNT_GONE]
    assert verdict.flags == {"restored"}


# The rules of `deleted`, each with the one fact missing -----------------------------------------------------------


def test_rule_1_a_post_of_another_id_was_seen() -> None:
    """The sighting must be of the id that is absent."""
    history = History().round().batch({"syndication": "present"}, native_id="899").wait(days=1)
    assert history.gone(1, 6, 24, 24, 24, 24).verdict().state is State.GONE_UNCONFIRMED


def test_rule_1_the_author_of_the_sightings_changed() -> None:
    """Two author ids on file: whose post it was is not known."""
    history = History().seen().seen()
    history.looks[1] = replace(history.looks[1], author_id="6666")
    assert history.gone(1, 6, 24, 24, 24, 24).verdict().state is State.GONE_UNCONFIRMED


def test_rule_1_no_sighting_told_the_authors_id() -> None:
    """The account can then be asked by handle only, which is enough for a post never seen, and for no other."""
    history = History().round(oembed="present").wait(days=1).gone(1, 6, 24, 24, 24, 24)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_2_four_rounds_are_too_few() -> None:
    """Row 1: one of many is not many."""
    assert History().seen().gone(24, 24, 24).verdict().state is State.GONE_UNCONFIRMED
    assert History().seen().gone(24, 24, 24, 24).verdict().state is State.DELETED


def test_rule_2_absents_within_ten_minutes_count_as_one() -> None:
    """Row 41: five looks in a hurry are one round; so are four rounds and a hurried fifth."""
    history = History().seen().gone(*[0.03] * 4)
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.gone(24, 24, 24).verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone().verdict().state is State.DELETED


def test_rule_2_retries_and_later_looks_of_one_round_count_once() -> None:
    """The round, not the look, is counted."""
    history = History().seen().gone(24, 24, 24)
    for attempt in (2, 3):
        for endpoint in ("oembed", "syndication"):
            history.wait(hours=2).batch({endpoint: "strong"}, attempt=attempt)
        history.batch({"timeline": "ok"}, attempt=attempt)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_2_a_look_stored_again_in_a_later_batch_counts_once() -> None:
    """The same round, subject, endpoint and attempt under another number and batch, days later, is no second proof."""
    history = History().seen().gone(24, 24, 24)
    verdict = history.verdict()
    for look in history.looks[-3:]:
        later = replace(look, id=look.id + 100, batch=look.batch + 100, closed_at=look.closed_at + 24 * HOUR)
        history.looks.append(replace(later, received_at=later.closed_at))
    assert history.verdict() == verdict
    assert history.wait(hours=12).gone().verdict().state is State.DELETED


def test_rule_2_a_slow_retry_does_not_double_a_strong_absent() -> None:
    """One strong look and its retry two hours later, among weak ones."""
    history = History().seen().gone(24, 24, 24, 24, oembed="weak").wait(hours=24).gone(oembed="strong")
    history.wait(hours=2).batch({"oembed": "strong"}, attempt=2)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_2_a_fifth_round_out_of_a_cache_is_as_early_as_its_age_says() -> None:
    """Half an hour after the fourth, or an hour short of the 72."""
    for gaps, last, age in (((24, 24, 24), 24, 23.5), ((18, 18, 18), 19, 2)):
        history = History().seen().gone(*gaps).wait(hours=last).round()
        for endpoint in ("oembed", "syndication"):
            history.batch({endpoint: "strong"}, age=int(age * 3600))
        assert history.batch({"timeline": "ok"}).verdict().state is State.GONE_UNCONFIRMED


def test_rule_2_less_than_72_hours_is_too_short() -> None:
    """From the first counted absent to the last."""
    history = History().seen().gone(12, 12, 12, 12, 12)
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=12).gone().verdict().state is State.DELETED


def test_rule_2_one_endpoint_is_not_enough_for_grade_a() -> None:
    """Row 43: on one endpoint, seven rounds over seven days, all strong: grade B."""
    history = History().seen().gone(1, 6, 24, 24, 24, 24, 24, 24, syndication="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED, "not yet seven days"
    verdict = history.wait(hours=24).gone(syndication="unknown").verdict()
    assert verdict.state is State.DELETED
    assert verdict.grade == "B"


def test_rule_2_grade_b_asks_for_seven_rounds() -> None:
    """Seven days with six rounds are not enough."""
    history = History().seen().gone(48, 48, 48, 48, 20, syndication="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=20).gone(syndication="unknown").verdict().grade == "B"


def test_rule_2_a_single_weak_absent_spoils_grade_b() -> None:
    """All strong means all."""
    history = History().seen().gone(oembed="weak", syndication="unknown").gone(*[24] * 12, syndication="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_2_a_second_endpoint_must_say_it_twice() -> None:
    """One absent of it is not agreement; two are."""
    history = History().seen().gone().gone(24, 24, 24, 24, syndication="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone().verdict().grade == "A"


def test_rule_2_one_strong_absent_is_too_few() -> None:
    """Two endpoints that agree weakly, and once strongly."""
    history = History().seen().gone(24, 24, 24, 24, oembed="weak").wait(hours=24).gone()
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone().verdict().state is State.DELETED


def test_rule_2_grade_b_asks_for_seven_days() -> None:
    """Eight rounds an hour short of a week are not enough."""
    history = History().seen().gone(*[23.8] * 7, syndication="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=2).gone(syndication="unknown").verdict().grade == "B"


def test_rule_3_no_account_look() -> None:
    """Row 42: five absents over 72 h and no account look stay unconfirmed."""
    history = History().seen().gone(24, 24, 24, 24, 24, account="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_3_one_account_look_is_too_few() -> None:
    """Two, in rounds an hour apart."""
    history = History().seen().gone(24, 24, 24, 24, account="unknown").wait(hours=24).gone()
    assert history.verdict().state is State.GONE_UNCONFIRMED
    history.wait(minutes=30).gone()
    assert history.verdict().state is State.GONE_UNCONFIRMED, "within the hour"
    assert history.wait(hours=1).gone().verdict().state is State.DELETED


def test_rule_3_account_looks_before_the_episode_do_not_count() -> None:
    """That the account was public while the post was alive proves nothing."""
    history = History().seen().round(timeline="ok").wait(hours=2).round(timeline="ok").wait(hours=2)
    history.gone(24, 24, 24, account="unknown").wait(hours=24).gone()
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_3_the_newest_account_look_is_too_old() -> None:
    """At most 24 h before the verdict."""
    history = History().seen().gone(24, 24).gone(24, 24, 24, account="unknown")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=2).gone().verdict().state is State.DELETED


def test_rule_3_an_account_look_of_the_last_24_hours_is_fresh_enough() -> None:
    """Where this round's account look failed, the one of 23 hours ago serves."""
    history = History().seen().gone(24, 24, 24).wait(hours=23).gone(account="unknown")
    assert history.verdict().state is State.DELETED


def test_rule_3_an_account_answer_out_of_a_cache_is_as_old_as_it_says() -> None:
    """A day of `Age` makes a fresh look stale."""
    history = History().seen().gone(24, 24, 24)
    history.wait(hours=24).round(oembed="strong", syndication="weak").batch({"timeline": "ok"}, age=86400)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_3_an_account_answer_from_before_the_episode_does_not_count() -> None:
    """Out of a cache that is older than the first absent."""
    history = History().seen().gone(24, 24, account="unknown").wait(hours=24)
    history.round(oembed="strong", syndication="weak").batch({"timeline": "ok"}, age=80 * 3600)
    assert history.wait(hours=24).gone().verdict().state is State.GONE_UNCONFIRMED


def test_rule_3_an_account_look_dated_in_the_future_does_not_stay_fresh() -> None:
    """The wall clock was a month ahead while it was asked, and set right before its batch closed."""
    history = History().seen().gone(24)
    late = history.looks[-1]
    history.looks[-1] = replace(late, received_at=late.received_at + timedelta(days=30))
    assert history.gone(24, 24, 24, account="unknown").verdict().state is State.GONE_UNCONFIRMED


def test_rule_3_a_bad_account_outcome_starts_everything_again() -> None:
    """Suspended once, just before the end: the episode begins after it."""
    history = History().seen().gone(24, 24, 24).wait(hours=1).round(timeline="suspended")
    assert history.wait(hours=24).gone().verdict().state is State.GONE_UNCONFIRMED
    verdict = history.gone(24, 24, 24).verdict()
    assert verdict.state is State.GONE_UNCONFIRMED
    verdict = history.wait(hours=24).gone().verdict()
    assert verdict.state is State.DELETED
    assert verdict.interval is not None
    assert verdict.interval.right > history.looks[-1].received_at - timedelta(days=5)


def test_rule_3_a_public_account_in_the_same_batch_does_not_outweigh_a_bad_one() -> None:
    """What speaks against a deletion is folded last."""
    history = History().seen().gone(24, 24, 24).wait(hours=24).round()
    history.batch({"oembed": "strong", "syndication": "suspended", "timeline": "ok"})
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.verdict().episode_started_at is None


@pytest.mark.parametrize("endpoint", ["oembed", "syndication", "timeline"])
def test_rule_3_not_authorized_holds_a_deletion_back_for_72_hours(endpoint: str) -> None:
    """On any endpoint; after the hold it may come."""
    history = History().seen().gone(24, 24, 24).round(**{endpoint: "not_authorized"})
    for _ in range(2):
        assert history.wait(hours=24).gone().verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=23).gone().verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=2).gone().verdict().state is State.DELETED


def test_rule_3_not_authorized_in_a_void_batch_is_inert() -> None:
    """Void looks hold nothing back."""
    history = History().seen().gone(24, 24, 24)
    history.valid = False
    history.round(oembed="not_authorized")
    history.valid = True
    assert history.wait(hours=24).gone().verdict().state is State.DELETED


def test_rule_3_another_account_of_the_same_handle_is_not_the_author() -> None:
    """A handle that changed hands: its new owner's page is no `account_ok`."""
    history = History().deleted()
    history.looks = [replace(k, author_id="6666") if k.endpoint == "timeline" else k for k in history.looks]
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_4_every_id_of_the_edit_chain_must_be_absent() -> None:
    """An id that is not looked at holds the deletion back; on each endpoint and in each round."""
    history = History(replace(POST, edit_chain=("900", "901"))).deleted()
    assert history.verdict().state is State.GONE_UNCONFIRMED
    newer = [replace(k, id=k.id + 100, native_id="901") for k in history.looks if k.native_id]
    history.looks += [k for k in newer if k.endpoint == "oembed" or k.round < 3]
    assert history.verdict().state is State.GONE_UNCONFIRMED, "looked at on one endpoint"
    history.looks += newer
    assert history.verdict().state is State.DELETED


def edited(second: str) -> History:
    """A post whose sighting names a newer id, and rounds that look at both ids."""
    history = History().round(syndication="present").wait(days=1)
    history.looks[0] = replace(history.looks[0], edit_chain=("900", "901"))
    for _ in range(6):
        history.round(oembed="strong", syndication="strong", timeline="ok")
        for endpoint in ("oembed", "syndication"):
            history.batch({endpoint: second}, native_id="901")
        history.batch({"timeline": "ok"}, attempt=2).wait(hours=24)
    return history


def test_rule_4_an_edited_post_is_deleted_when_both_ids_are_absent() -> None:
    """An edit makes a new id; the one named by a sighting belongs to the post from then on."""
    assert edited("strong").verdict().state is State.DELETED
    assert edited("unknown").verdict().state is State.GONE_UNCONFIRMED
    assert edited("present").verdict().state is State.ALIVE


def test_rule_4_a_weak_absent_of_one_id_makes_the_whole_weak() -> None:
    """As strong as the weakest of the ids."""
    assert edited("weak").verdict().state is State.GONE_UNCONFIRMED


def test_rule_4_an_edit_found_at_a_restoration_does_not_rewrite_the_past() -> None:
    """A refold with the longer chain gives the old episode again."""
    history = History().deleted()
    old = history.verdict()
    history.wait(days=9).round(syndication="present")
    history.looks[-1] = replace(history.looks[-1], edit_chain=("900", "901"))
    history.post = replace(POST, edit_chain=("900", "901"))
    assert [(k.state, k.decided_at) for k in history.verdict().episodes] == [(State.DELETED, old.decided_at)]


def test_absents_of_a_foreign_id_say_nothing() -> None:
    """A post that was identified anew: what was asked under the wrong id does not count."""
    history = History().seen()
    for _ in range(6):
        history.round().batch({"oembed": "strong"}, native_id="55").batch({"syndication": "weak"}, native_id="55")
        history.batch({"timeline": "ok"}).wait(hours=24)
    assert history.verdict().state is State.ALIVE


def test_rule_5_no_verdict_while_an_incident_is_open() -> None:
    """Row 46: 40 authors vanish in an hour, the breaker is open, and nothing is concluded; sightings still count."""
    history = History().seen().gone(24, 24, 24)
    history.incidents.append(incident(history.wall, None, counts_restart=True))
    assert history.wait(hours=24).gone().verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).seen().verdict().state is State.ALIVE
    history.wait(hours=24).gone(2, account="suspended")
    assert history.verdict().state is State.ALIVE


def test_rule_5_an_incident_of_another_platform_changes_nothing() -> None:
    """Platforms fail one by one."""
    history = History().seen().gone(24, 24, 24)
    history.incidents.append(incident(history.wall, None, counts_restart=True, platform="bluesky"))
    assert history.wait(hours=24).gone().verdict().state is State.DELETED


@pytest.mark.parametrize(("counts_restart", "state"), [(True, State.GONE_UNCONFIRMED), (False, State.DELETED)])
def test_rule_5_after_an_incident_counts_restart_where_it_says_so(counts_restart: bool, state: State) -> None:
    """Closed by recovery, what came before stands; closed after 72 h, it does not. What lies inside never counts."""
    history = History().seen().gone(24, 24)
    history.incidents.append(incident(history.wall + HOUR, 70, counts_restart=counts_restart))
    history.wait(hours=24).gone(24, 20).wait(hours=6)
    assert history.gone().verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone().verdict().state is state
    restarted = history.gone(24, 24, 24).verdict()
    assert restarted.state is State.DELETED


def test_rule_5_a_look_that_overlaps_an_incident_does_not_count() -> None:
    """Asked while it was open, closed a second after its end."""
    history = History().seen().gone(24, 24, 24).wait(hours=24)
    history.incidents.append(Incident("x", history.wall - HOUR, history.wall + timedelta(seconds=0.5), False))
    history.round(oembed="strong", timeline="ok")
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_5_an_account_look_in_an_incident_does_not_count() -> None:
    """A page that is public in a bad hour is no proof."""
    history = History().seen().gone(24, 24, account="unknown").wait(hours=24).gone()
    history.incidents.append(incident(history.wall, 2, counts_restart=False))
    history.wait(hours=1.5).round(timeline="ok").wait(hours=20)
    assert history.gone(account="unknown").verdict().state is State.GONE_UNCONFIRMED


def test_rule_5_an_incident_that_opens_within_the_deciding_round_stops_it() -> None:
    """The hold of a `not_authorized` ends after the incident has opened: the absents of this round were before."""
    history = History().seen().gone(24).round(oembed="not_authorized").wait(hours=24).gone(24, 12).wait(hours=11.99)
    history.round(oembed="strong", syndication="strong").wait(seconds=1)
    opened_at = history.wall
    history.wait(minutes=1).batch({"timeline": "ok"})
    assert history.verdict().state is State.DELETED
    for opened, closed in ((opened_at, None), (history.wall, None), (opened_at, history.wall + HOUR)):
        history.incidents = [Incident("x", opened, closed, counts_restart=False)]
        assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_5_a_deletion_decided_before_an_incident_stands() -> None:
    """`deleted` ends only by a sighting."""
    history = History().deleted()
    old = history.verdict()
    history.incidents.append(incident(history.wait(seconds=1).wall, 72, counts_restart=True))
    assert history.wait(days=7).gone().verdict() == old


@pytest.mark.parametrize(("hours", "state"), [
    (None, State.ABSENT_ON_FIRST_CHECK), (0.001, State.ABSENT_ON_FIRST_CHECK),
    (0, State.GONE_BEFORE_FIRST_LOOK), (-90, State.GONE_BEFORE_FIRST_LOOK),
])  # fmt: skip
def test_a_rounded_id_is_no_post_until_something_else_names_it(hours: float | None, state: State) -> None:
    """A spreadsheet turns an id into one that never was: that nothing is found there says nothing of a post."""
    history = History().gone(1, 6, 24, 24, 24)
    confirmed_at = None if hours is None else history.wall + hours * HOUR
    history.post = replace(POST, id_rounded=True, id_confirmed_at=confirmed_at)
    assert history.verdict().state is state


def test_a_rounded_id_under_which_a_post_was_seen_is_an_id_like_others() -> None:
    """One true id in a hundred ends so."""
    assert History(replace(POST, id_rounded=True)).deleted().verdict().state is State.DELETED


# Held until a person accepts the incident ------------------------------------------------------------------------


def expired(opened_at: datetime, accepted_at: datetime | None = None, *, holds: bool = True) -> Incident:
    """An incident of 72 hours, after which counts restart."""
    return Incident("x", opened_at, opened_at + 72 * HOUR, True, 3, holds, accepted_at)


def gone_through_an_incident(history: History) -> History:
    """Found gone on every day from now on, for eight days."""
    for _ in range(8):
        history.gone().wait(hours=24)
    return history.gone()


@pytest.mark.parametrize("seen", [True, False])
def test_what_vanished_in_an_incident_that_expired_is_held(seen: bool) -> None:
    """Living posts are answered 404 for weeks while every control is served: no look can tell that from a deletion."""
    history = History().seen() if seen else History()
    history.incidents = [expired(history.wall - HOUR)]
    verdict = gone_through_an_incident(history).verdict()
    assert verdict.state is (State.GONE_UNCONFIRMED if seen else State.ABSENT_ON_FIRST_CHECK)
    assert verdict.held_by == 3
    assert history.wait(days=90).gone().verdict().held_by == 3
    history.incidents = [expired(history.incidents[0].opened_at, holds=False)]
    assert history.verdict().state is (State.DELETED if seen else State.GONE_BEFORE_FIRST_LOOK)
    assert history.verdict().held_by is None


def test_an_accepted_incident_lets_its_posts_be_judged_at_the_next_batch() -> None:
    """By the looks since its end; the batch that closed before the acceptance is not judged otherwise by it."""
    history = History().seen()
    opened_at = history.wall - HOUR
    gone_through_an_incident(history)
    history.incidents = [expired(opened_at, history.wall)]
    assert history.looks[-1].closed_at == history.wall
    assert history.verdict().state is State.DELETED, "accepted as the batch closed"
    assert history.verdict().decided_at == history.wall
    history.incidents = [expired(opened_at, history.wall + timedelta(microseconds=1))]
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.verdict().held_by == 3
    verdict = history.wait(hours=24).gone().verdict()
    assert verdict.state is State.DELETED
    assert verdict.held_by is None
    assert verdict.interval is not None
    assert verdict.interval.right >= opened_at + 72 * HOUR, "what was found in the incident bounds nothing"


def test_what_is_still_gone_when_the_others_are_back_is_counted_from_then_on() -> None:
    """An outage of weeks ends its incident by time; once half of its authors are back, it is known for one."""
    history = History().seen()
    opened_at = history.wall - HOUR
    gone_through_an_incident(history)
    history.incidents = [replace(expired(opened_at), recovered_at=history.wall)]
    verdict = history.verdict()
    assert (verdict.state, verdict.held_by) == (State.GONE_UNCONFIRMED, None)
    assert history.gone(24, 24).verdict().state is State.GONE_UNCONFIRMED, "what was counted before counts no more"
    assert history.gone(24, 24, 24).verdict().state is State.DELETED
    assert replace(history, incidents=[expired(opened_at)]).verdict().held_by == 3


@pytest.mark.parametrize(
    ("hours", "held"),
    [(-72.001, True), (-71, True), (-48, True), (0, True), (23.999, True), (24.01, False), (90, False)],
)
def test_what_is_held_vanished_in_the_incident_or_in_the_day_before(hours: float, held: bool) -> None:
    """The breaker counts a day: those who tripped it vanished in it. `hours`: from the first absent to its opening."""
    history = History().seen().wait(days=3)
    history.incidents = [expired(history.wall + timedelta(seconds=1) + hours * HOUR)]
    history.gone()
    verdict = gone_through_an_incident(gone_through_an_incident(history.wait(hours=1))).verdict()
    assert (verdict.held_by == 3) is held, "in the first row last seen before its end, found missing after it"
    assert (verdict.state is State.DELETED) is not held


def test_a_post_last_seen_after_the_incident_is_not_held() -> None:
    """Nor one that was first looked at after it."""
    history = History().seen()
    history.incidents = [expired(history.wall)]
    assert gone_through_an_incident(history.wait(hours=72).seen()).verdict().state is State.DELETED
    history = History(incidents=[expired(START)]).wait(hours=72)
    assert gone_through_an_incident(history).verdict().state is State.GONE_BEFORE_FIRST_LOOK


def test_an_absence_that_a_restriction_ended_is_not_what_is_held() -> None:
    """Gone for a day long ago, protected for weeks, public in the incident: what counts is the absence since then."""
    history = History().seen().gone(24)
    history.gone(24, 2, account="protected").wait(days=20)
    history.incidents = [expired(history.wall - HOUR)]
    verdict = gone_through_an_incident(history).verdict()
    assert verdict.state is State.PROTECTED or verdict.held_by == 3
    assert history.wait(hours=24).gone(24, 24, 24, 24).verdict().held_by == 3


def test_a_held_post_may_yet_be_found_restricted_or_unattributed_or_alive() -> None:
    """Only what the platform's failure can pretend is held."""
    history = History().seen()
    history.incidents = [expired(history.wall - HOUR)]
    gone_through_an_incident(history)
    looks = list(history.looks)
    assert history.wait(hours=24).gone(2, account="suspended").verdict().state is State.ACCOUNT_SUSPENDED
    assert history.verdict().held_by is None
    history.looks = looks
    assert history.wait(hours=24).seen().verdict().state is State.ALIVE
    assert history.verdict().held_by is None
    silent = History().seen()
    silent.incidents = [expired(silent.wall - HOUR)]
    for _ in range(40):
        silent.gone(account="unknown").wait(hours=24)
    assert silent.verdict().state is State.GONE_UNATTRIBUTED


@pytest.mark.parametrize("said", ["age_gated", "withheld"])
@pytest.mark.parametrize("seen", [True, False])
def test_rule_5_a_post_once_hidden_from_some_is_never_concluded(said: str, seen: bool) -> None:
    """It would need a control of its class; even a later sighting does not take that away."""
    history = History().round(oembed=said).wait(hours=2)
    if seen:
        history.seen()
    for account in ("ok", "unknown"):
        history.gone(*[24] * 40, syndication="strong", account=account)
        assert history.verdict().state is (State.GONE_UNCONFIRMED if seen else State.ABSENT_ON_FIRST_CHECK)


@pytest.mark.parametrize("days", [-1, 3650])
def test_rule_6_a_jump_of_the_wall_clock_brings_no_verdict(days: float) -> None:
    """Row 83: -1 d and +10 y; the count restarts, and ends in due time by the monotonic clock."""
    history = History().seen().gone(1, 1).step_wall_clock(days=days).gone(1, 1)
    assert history.verdict().state is State.GONE_UNCONFIRMED
    history.looks = [look for look in history.looks if days > 0 or look.round > 1 or look.outcome == "present"]
    assert history.gone(12, 12, 12, 12).verdict().state is State.GONE_UNCONFIRMED


def test_rule_6_the_count_begins_at_the_jump() -> None:
    """Five rounds over 72 h after it are a deletion, whose interval ends at the first look that counts."""
    history = History().seen().gone(24, 24, 24).step_wall_clock(days=30).gone()
    first = history.looks[-3]
    assert history.gone(24, 24, 24).verdict().state is State.GONE_UNCONFIRMED
    verdict = history.wait(hours=24).gone().verdict()
    assert verdict.state is State.DELETED
    assert verdict.interval is not None
    assert verdict.interval.right == first.received_at


def test_rule_6_a_small_correction_is_no_jump() -> None:
    """A wall clock set by 10 minutes in three days agrees to more than 0.9; one set by 10 hours does not."""
    history = History().seen().gone(24, 24).step_wall_clock(hours=0.15).gone(24, 24)
    assert history.verdict().state is State.DELETED
    history = History().seen().gone(24, 24).step_wall_clock(hours=10).gone(24)
    assert history.verdict().state is State.GONE_UNCONFIRMED
    history = History().seen().gone(24, 24).step_wall_clock(hours=-10).gone(24, 24)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_rule_6_a_clock_set_back_to_the_first_absent_restarts_the_count() -> None:
    """Half an hour by the wall clock, two hours by the monotonic one."""
    history = History().seen().gone().wait(hours=2).step_wall_clock(hours=-1.5).gone()
    assert history.verdict().episode_started_at == history.looks[-3].received_at


def test_rule_6_a_reboot_alone_restarts_nothing() -> None:
    """Monotonic times of two boots are not compared."""
    history = History().seen().gone(24, 24).reboot().gone(24).reboot().gone(24)
    assert history.verdict().state is State.DELETED


def test_rule_6_a_jump_gives_no_account_state_either() -> None:
    """Suspended, the clock set a day ahead, suspended again a minute later: that is once."""
    history = History().seen().round(timeline="suspended").step_wall_clock(days=1).wait(minutes=1)
    history.round(timeline="suspended")
    assert history.verdict().state is State.ALIVE
    assert history.wait(hours=1).round(timeline="suspended").verdict().state is State.ACCOUNT_SUSPENDED


def test_the_deciding_round_itself_finds_the_post_absent() -> None:
    """Absents of long ago and two fresh account looks decide nothing."""
    history = History().seen().gone(24, 24, 24, 24, account="unknown").wait(days=200)
    history.round(timeline="ok").wait(hours=2).round(timeline="ok")
    assert history.verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=2).gone().verdict().state is State.DELETED


# Controls -----------------------------------------------------------------------------------------------------


def test_without_controls_absents_never_go_past_unconfirmed() -> None:
    """Row 101, for months; a sighting counts."""
    for seen in (True, False):
        history = History(controlled=False)
        if seen:
            history.seen()
            assert history.verdict().state is State.ALIVE
        history.gone(*[24] * 60)
        assert history.verdict().state is (State.GONE_UNCONFIRMED if seen else State.ABSENT_ON_FIRST_CHECK)


@pytest.mark.parametrize("endpoint", ["oembed", "timeline"])
def test_absents_and_account_looks_each_need_their_controls(endpoint: str) -> None:
    """One endpoint without controls is as good as silent."""
    history = History().deleted()
    assert history.verdict().state is State.DELETED
    history.looks = [replace(k, controlled=k.endpoint != endpoint) for k in history.looks]
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_void_rounds_are_inert() -> None:
    """Rows 2, 3 and 103: a batch whose controls misread, or that took too long, changes nothing at all."""
    history = History().seen()
    before = history.verdict()
    history.valid = False
    history.gone(*[24] * 60).gone(24, account="suspended").seen()
    assert history.verdict() == before


def test_looks_at_controls_are_not_looks_at_the_post() -> None:
    """Row 102: a control that reads absent says nothing of the post."""
    history = History().seen()
    before = history.verdict()
    history.gone(24, 24, 24, 24)
    control = SubjectKind.CONTROL
    history.looks[2:] = [replace(k, subject_kind=control, subject_key="absent:1") for k in history.looks[2:]]
    assert history.verdict() == before


@pytest.mark.parametrize("said", ["age_gated", "withheld"])
@pytest.mark.parametrize("seen", [True, False])
def test_rule_5_a_post_once_hidden_from_some_is_concluded_beside_a_control_of_its_class(said: str, seen: bool) -> None:
    """The absents count, from the first one on that has such a control beside it; those without it never do."""
    history = History().seen() if seen else History()
    history.round(syndication=said).wait(hours=2).round(syndication=said).wait(hours=2)
    history.gone(1, 6, 24, 24, 24)
    assert history.verdict().state is not State.DELETED
    history.classes = ("age_gated", "withheld")
    first = history.wait(hours=24).looks[-1].id + 1
    history.gone(1, 6, 24, 24, 24)
    verdict = history.verdict()
    assert verdict.state is (State.DELETED if seen else State.GONE_BEFORE_FIRST_LOOK)
    assert verdict.interval is not None
    assert first <= min(number for number in verdict.rests_on if number > 3)


def test_rule_5_a_control_of_another_class_is_none() -> None:
    """A post that was withheld and age-gated needs both."""
    history = History().seen()
    for said in ("age_gated", "age_gated", "withheld", "withheld"):
        history.wait(hours=2).round(syndication=said)
    history.classes = ("withheld",)
    history.wait(hours=2).gone(1, 6, 24, 24, 24)
    assert history.verdict().state is State.WITHHELD


def test_rule_5_a_void_restriction_asks_for_no_control() -> None:
    """What was seen in a void batch is inert here too."""
    history = History().seen()
    history.valid = False
    history.round(syndication="age_gated")
    history.valid = True
    assert history.wait(hours=2).gone(1, 6, 24, 24, 24).verdict().state is State.DELETED


# What the breaker counts --------------------------------------------------------------------------------------


def test_a_post_vanished_at_its_first_absent_since_the_last_sighting() -> None:
    """It stays there until the post is seen again, whatever else is found of it, and then begins anew."""
    history = History().seen()
    assert history.verdict().vanished_at is None
    first = history.gone(1).looks[2]
    assert history.verdict().vanished_at == first.received_at
    history.wait(hours=2).round(timeline="suspended").wait(hours=2).round(timeline="suspended").wait(hours=2).gone(1)
    assert history.verdict().vanished_at == first.received_at
    history.wait(hours=2).round(syndication="present")
    assert history.verdict().vanished_at is None
    history.wait(hours=2).gone()
    assert history.verdict().vanished_at == history.looks[-3].received_at


def test_a_post_vanished_also_in_an_incident_and_without_controls() -> None:
    """Else an incident would end the count of those that it was opened for."""
    history = History().seen()
    history.incidents.append(incident(history.wall - HOUR, 72, counts_restart=True))
    history.controlled = False
    verdict = history.gone().verdict()
    assert verdict.vanished_at == history.looks[3 - 1].received_at
    assert verdict.state is State.ALIVE


@pytest.mark.parametrize("order", [("present", "strong"), ("strong", "present")])
def test_an_absent_beside_a_sighting_of_its_round_is_no_vanishing(order: tuple[str, str]) -> None:
    """It feeds `disputed` and nothing else."""
    history = History().seen().round(oembed=order[0], syndication=order[1])
    assert history.verdict().vanished_at is None


def test_a_void_absent_is_no_vanishing() -> None:
    """Void looks are inert."""
    history = History().seen()
    history.valid = False
    assert history.gone().verdict().vanished_at is None


# One sighting beats any number of negatives -------------------------------------------------------------------


@pytest.mark.parametrize("order", [("oembed", "syndication"), ("syndication", "oembed")])
def test_present_on_one_endpoint_and_absent_on_the_other_is_alive(order: tuple[str, str]) -> None:
    """Row 39, whichever answered first; such an absent is no disappearance."""
    said = {"oembed": "present", "syndication": "strong"}
    history = History().seen().round(**{endpoint: said[endpoint] for endpoint in order})
    verdict = history.verdict()
    assert verdict.state is State.ALIVE
    assert verdict.flags == frozenset()
    assert verdict.episodes == ()
    assert verdict.episode_started_at is None


@pytest.mark.parametrize("order", [("oembed", "syndication"), ("syndication", "oembed")])
def test_endpoints_that_disagree_for_seven_days_are_shown_to_a_person(order: tuple[str, str]) -> None:
    """Row 40: alive and disputed; it ends when the endpoint serves the post again."""
    said = {"oembed": "present", "syndication": "strong"}
    history = History().seen()
    for days in (1, 1, 1, 1, 1, 1.9, 0.1):
        history.round(**{endpoint: said[endpoint] for endpoint in order}).wait(days=days)
        assert history.verdict().flags == frozenset()
    history.wait(minutes=1).round(**{endpoint: said[endpoint] for endpoint in order})
    verdict = history.verdict()
    assert verdict.state is State.ALIVE
    assert verdict.flags == {"disputed"}
    assert len(verdict.rests_on) == 3
    assert history.wait(days=1).seen().verdict().flags == frozenset()


def test_a_retry_that_serves_the_post_disputes_nothing() -> None:
    """Absent, then present on the same endpoint in the same round, for weeks."""
    history = History().seen()
    for _ in range(10):
        history.round(oembed="present", syndication="strong").batch({"syndication": "present"}, attempt=2).wait(days=8)
    assert history.verdict().flags == frozenset()
    assert history.round(oembed="present", syndication="strong").verdict().flags == frozenset()


def test_a_dispute_before_a_deletion_is_not_held_against_a_restored_post() -> None:
    """The endpoints agreed in between."""
    history = History().seen().round(oembed="present", syndication="strong").wait(days=1)
    history.gone(24, 24, 24, 24).wait(days=9).round(oembed="present", syndication="weak")
    assert history.verdict().flags == {"restored"}


def test_a_restriction_in_a_round_with_a_sighting_counts_for_nothing() -> None:
    """ "Suspended" for a live account: the post itself is served."""
    history = History().seen()
    for _ in range(3):
        history.round(syndication="present", timeline="suspended").wait(hours=12)
    assert history.round(timeline="suspended").verdict().state is State.ALIVE


# The interval -------------------------------------------------------------------------------------------------


def test_a_sighting_out_of_a_cache_moves_the_left_end_back() -> None:
    """Row 38: `Age: 86400` is a day."""
    history = History().round().batch({"syndication": "present"}, age=86400).wait(days=3).gone()
    verdict = history.verdict()
    assert verdict.interval is not None
    assert verdict.interval.left == START - timedelta(days=1)
    assert verdict.last_seen_at == START - timedelta(days=1)


@pytest.mark.parametrize("age", [-5, 10**30])
def test_an_absurd_age_breaks_nothing(age: int) -> None:
    """Negative is none; an immense one is a century."""
    interval = History().round().batch({"oembed": "present"}, age=age).wait(days=1).gone().verdict().interval
    assert interval is not None
    assert interval.left == (START if age < 0 else START - timedelta(days=36500))


def test_the_interval_never_ends_before_it_begins() -> None:
    """The wall clock was set back within a batch: the batch's closing is the right end."""
    history = History().seen().round(oembed="strong")
    late = history.looks[-1]
    history.looks[-1] = replace(late, sent_at=START - 9 * HOUR, received_at=START - 8 * HOUR)
    interval = history.verdict().interval
    assert interval is not None
    assert interval.right == late.closed_at


def test_a_sighting_sent_after_its_closing_counts_from_the_closing() -> None:
    """The wall clock was set back between asking and closing."""
    history = History().round(oembed="present")
    history.looks[0] = replace(history.looks[0], sent_at=START + timedelta(days=1))
    assert history.verdict().last_seen_at == history.looks[0].closed_at


# Ways to be fooled --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["unknown", "empty"])
def test_weeks_of_unreadable_answers_change_nothing(said: str) -> None:
    """Endpoint renamed, `{}`, captive portal, login wall, localised tombstone: the adapter reads unknown."""
    history = History().seen()
    before = history.verdict()
    history.gone(*[24] * 40, oembed=said, syndication=said)
    assert history.verdict() == before


def test_the_platforms_own_404_incident_of_eight_hours_deletes_nothing() -> None:
    """Everything reads absent, strongly, with the account public; then it is back."""
    history = History().seen().gone(1, 1, 1, 1, 1, 1, 1, syndication="strong").wait(hours=1).seen()
    assert states(history) == [State.ALIVE, State.GONE_UNCONFIRMED, State.ALIVE]
    assert history.verdict().flags == frozenset()


def test_a_cached_negative_answer_is_one_look_however_often_it_is_served() -> None:
    """Stale caches: `Age` grows with every round, and the moment it speaks for stays the same."""
    history = History().seen()
    for day in range(9):
        history.round()
        for endpoint in ("oembed", "syndication"):
            history.batch({endpoint: "strong"}, age=day * 86400)
        history.batch({"timeline": "ok"}).wait(days=1)
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_a_negative_answer_from_before_the_last_sighting_does_not_count() -> None:
    """A cache holds what was true before the post was seen."""
    history = History().seen()
    for day in range(6):
        history.round()
        for endpoint in ("oembed", "syndication"):
            history.batch({endpoint: "strong"}, age=3 * 86400 if day < 2 else 0)
        history.batch({"timeline": "ok"}).wait(days=1)
    verdict = history.verdict()
    assert verdict.state is State.GONE_UNCONFIRMED
    assert verdict.interval is not None
    assert verdict.interval.left is not None
    assert verdict.interval.left <= verdict.interval.right
    assert history.gone().verdict().state is State.DELETED


def test_a_stale_positive_answer_only_delays_a_deletion() -> None:
    """A cache that serves a deleted post makes it alive; the next episode is counted from zero."""
    history = History().seen().gone(24, 24, 24).wait(hours=24)
    history.round().batch({"syndication": "present"}, age=5 * 86400).wait(hours=1)
    assert history.gone(24, 24, 24).verdict().state is State.GONE_UNCONFIRMED
    assert history.wait(hours=24).gone().verdict().state is State.DELETED


@pytest.mark.parametrize("said", ["age_gated", "withheld", "protected"])
def test_a_restriction_shown_as_a_bare_404_elsewhere_is_no_deletion(said: str) -> None:
    """One endpoint answers 404, the other tells why."""
    history = History().seen().gone(*[24] * 20, syndication=said, account="unknown")
    assert states(history) == [State.ALIVE, State.GONE_UNCONFIRMED, State(said)]


def test_an_age_gate_shown_as_404_and_not_authorized_is_no_deletion() -> None:
    """Without credentials: syndication a bare 404, oEmbed "not authorized", the account public."""
    history = History().seen().gone(*[24] * 30, oembed="not_authorized", syndication="weak")
    assert history.verdict().state is State.GONE_UNCONFIRMED


def test_protected_and_public_again_after_three_days_was_never_deleted() -> None:
    """5.9 % of missing posts were back after three days."""
    history = History().seen().gone(1, 6, 24, 24, oembed="not_authorized", account="protected").wait(hours=24).seen()
    assert states(history) == [State.ALIVE, State.GONE_UNCONFIRMED, State.PROTECTED, State.ALIVE]


def test_one_author_who_deletes_the_account_gives_account_gone() -> None:
    """Row 47: forty embeds of one author; each is account_gone, none is deleted."""
    for number in range(40):
        history = History(replace(POST, number=number, native_id=str(1000 + number))).seen()
        assert history.gone(1, 6, 24, 24, 24, account="account_gone").verdict().state is State.ACCOUNT_GONE


def test_a_session_that_alone_sees_404_loses_against_one_sighting() -> None:
    """Absent by one egress for days, served to another once."""
    history = History().seen().gone(24, 24, 24).wait(hours=23).round(oembed="strong", syndication="present")
    assert history.verdict().state is State.ALIVE


def test_the_cost_of_judging_grows_no_faster_than_the_looks() -> None:
    """Four times the looks, some four times the calls (sixteen, if each look were held against each other)."""

    def calls(rounds: int) -> int:
        history = History().seen()
        for _ in range(rounds):
            history.wait(hours=3).round(oembed="strong", syndication="weak", timeline="unknown")
        count = 0

        def note(frame: FrameType, event: str, arg: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            verdict = history.verdict()
        finally:
            sys.setprofile(None)
        assert verdict.state is State.GONE_UNATTRIBUTED
        return count

    assert calls(2400) < 6 * calls(600)
