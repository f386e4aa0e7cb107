"""The invariants of the fold, over histories that hypothesis makes up.

A few hundred histories in CI, the same every time. The full campaign, with fresh ones:

    ARCHIVER_HISTORIES=10000 pytest tests/test_verdict_properties.py
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from archiver.model.incident import Incident
from archiver.model.observation import Observation
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.verdict import Rules, State, Verdict
from archiver.verdicts import judge
from tests.histories import SAYINGS, START, History

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.no_cover,  # it takes more than twice as long; others cover the same
]

CAMPAIGN = os.environ.get("ARCHIVER_HISTORIES")
MANY = settings(
    max_examples=int(CAMPAIGN or 200),
    derandomize=not CAMPAIGN,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
RULES = Rules()
HOUR = timedelta(hours=1)
ENDS = (State.DELETED, State.GONE_BEFORE_FIRST_LOOK)
BAD_ACCOUNT = (Outcome.SUSPENDED, Outcome.ACCOUNT_GONE, Outcome.PROTECTED)

# What a round of each kind says on the two post endpoints and of the account.
KINDS = {
    "alive": ("present", "present", None),
    "alive, account asked": ("present", "present", "ok"),
    "gone": ("strong", "weak", "ok"),
    "gone, strongly": ("strong", "strong", "ok"),
    "gone, one endpoint": ("strong", "unknown", "ok"),
    "gone, weakly": ("unknown", "weak", "ok"),
    "gone, account silent": ("strong", "weak", "unknown"),
    "contradicted": ("present", "strong", "ok"),
    "suspended": ("weak", "strong", "suspended"),
    "account gone": ("strong", "strong", "account_gone"),
    "protected": ("not_authorized", "weak", "protected"),
    "withheld": ("present", "withheld", None),
    "age-gated": ("not_authorized", "age_gated", "ok"),
    "silent": ("unknown", "empty", "unknown"),
}
GONE = [kind for kind in KINDS if kind.startswith("gone")]


@dataclass(frozen=True)
class Chapter:
    """Rounds of one kind, with their oddities."""

    kind: str
    rounds: int
    gap: float
    """Hours between them."""
    account_first: bool
    """Whether the account is asked before the post."""
    one_batch: bool
    """Whether all endpoints share a batch."""
    odd: tuple[tuple[int, int, str], ...]
    """Rounds that say something else on an endpoint."""
    void: frozenset[int]
    """Rounds whose controls misread."""
    controlled: bool
    before: str
    """What happens to the clocks first."""
    incident: tuple[bool, float, bool, float | None] | None
    """Whether an incident opens first: restarting counts or not, for how many hours, whether it holds back what
    vanished in it, and after how many hours a person accepts it, if one does; negative: its authors are back then."""


chapters = st.builds(
    Chapter,
    kind=st.one_of(st.sampled_from(sorted(KINDS)), st.sampled_from(GONE)),
    rounds=st.integers(1, 8),
    gap=st.sampled_from([0.2, 1, 6, 24, 24, 24, 30, 120, 300]),
    account_first=st.booleans(),
    one_batch=st.booleans(),
    odd=st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 2), st.sampled_from(sorted(SAYINGS))), max_size=2
    ).map(tuple),
    void=st.one_of(st.just(frozenset()), st.frozensets(st.integers(0, 7), max_size=4)),
    controlled=st.sampled_from([True, True, True, True, True, False]),
    before=st.sampled_from(["", "", "", "", "", "", "reboot", "+30 h", "-3 h", "+1 h", "a month"]),
    incident=st.one_of(
        st.none(), st.none(), st.none(), st.none(),
        st.tuples(
            st.booleans(), st.sampled_from([2.0, 30.0, 72.0]), st.booleans(),
            st.sampled_from([None, 73.0, 100.0, 400.0, -73.0, -100.0, -400.0]),
        ),
    ),
)  # fmt: skip
histories_of_chapters = st.tuples(st.booleans(), st.lists(chapters, min_size=1, max_size=5))


def play(seen: bool, story: Sequence[Chapter]) -> History:
    """The history that a list of chapters tells."""
    history = History(told=(seen, story))
    if seen:
        history.seen()
    for chapter in story:
        if chapter.before == "reboot":
            history.reboot()
        if chapter.before == "a month":
            history.wait(days=31)
        if chapter.before.endswith(" h"):
            history.step_wall_clock(hours=float(chapter.before.removesuffix(" h")))
        if chapter.incident is not None:
            restart, hours, holds, accepted = chapter.incident
            number, closed_at = len(history.incidents) + 1, history.wall + hours * HOUR
            settled_at = history.wall + abs(accepted) * HOUR if accepted else None
            by_a_person, by_itself = (settled_at, None) if accepted and accepted > 0 else (None, settled_at)
            opened = Incident("x", history.wall, closed_at, restart, number, holds, by_a_person, recovered_at=by_itself)
            history.incidents.append(opened)
        for number in range(chapter.rounds):
            play_round(history, chapter, number)
            history.wait(hours=chapter.gap)
    return history


def play_round(history: History, chapter: Chapter, number: int) -> None:
    says = list(KINDS[chapter.kind])
    for odd_round, place, saying in chapter.odd:
        if odd_round == number and SAYINGS[saying][0] is not (Outcome.PRESENT if place == 2 else Outcome.ACCOUNT_OK):
            says[place] = saying
    said = {e: s for e, s in zip(("oembed", "syndication", "timeline"), says, strict=True) if s is not None}
    if chapter.account_first:
        said = dict(reversed(said.items()))
    history.valid, history.controlled = number not in chapter.void, chapter.controlled
    if chapter.one_batch:
        history.round().batch(said)
    else:
        history.round(**said)
    history.valid = history.controlled = True


histories = histories_of_chapters.map(lambda told: play(*told))


def walk(history: History) -> list[tuple[list[Observation], Verdict]]:
    """Each batch in the order of closing, with the verdict after it."""
    batches: dict[tuple[datetime, int], list[Observation]] = {}
    for look in history.looks:
        batches.setdefault((look.closed_at, look.batch), []).append(look)
    upto: list[Observation] = []
    steps: list[tuple[list[Observation], Verdict]] = []
    for key in sorted(batches):
        batch = batches[key]
        upto += batch
        steps.append((batch, judge(history.post, upto, history.incidents)))
    return steps


def sightings(looks: Sequence[Observation]) -> list[Observation]:
    return [look for look in looks if look.valid and look.outcome is Outcome.PRESENT]


@pytest.mark.parametrize("state", list(State))
def test_the_histories_reach_every_state(state: State) -> None:
    """The invariants below would hold of nothing otherwise."""
    wanted = settings(MANY, max_examples=5000, derandomize=True, phases=[Phase.generate])
    assert find(histories_of_chapters, lambda told: play(*told).verdict().state is state, settings=wanted)


@given(histories)
@MANY
def test_every_conclusion_is_proven_by_the_looks(history: History) -> None:
    """I2, I4, I5, I9, I12: a second, plain reading of the raw looks finds what the rules ask for."""
    for _, verdict in walk(history):
        if verdict.state in ENDS:
            assert_proven(history, verdict)
        for episode in verdict.episodes:
            assert episode.state is not State.DELETED or episode.interval.left_observation is not None


def assert_proven(history: History, verdict: Verdict) -> None:
    decided_at, interval = verdict.decided_at, verdict.interval
    assert decided_at is not None
    assert interval is not None
    looks = [look for look in history.looks if look.valid and look.closed_at <= decided_at]
    seen = sightings(looks)
    assert bool(seen) == (verdict.state is State.DELETED)
    right = next(look for look in looks if look.id == interval.right_observation)
    inside = [look for look in looks if (look.closed_at, look.batch) >= (right.closed_at, right.batch)]
    assert not sightings(inside)
    assert not [look for look in looks if look.outcome in (Outcome.WITHHELD, Outcome.AGE_GATED)]
    assert not [look for look in inside if look.outcome in BAD_ACCOUNT and look is not right]
    held = decided_at - RULES.not_authorized_hold
    assert not [look for look in looks if look.reason is Reason.NOT_AUTHORIZED and look.closed_at >= held]
    accounts = [k for k in inside if k.outcome is Outcome.ACCOUNT_OK and k.controlled]
    assert max(k.received_at for k in accounts) >= decided_at - RULES.account_age
    assert max(k.received_at for k in accounts) - min(k.received_at for k in accounts) >= HOUR
    assert len({k.round for k in accounts}) >= 2
    absents = [k for k in inside if k.outcome is Outcome.ABSENT and k.controlled]
    span = max(k.received_at for k in absents) - right.received_at
    rounds = {k.endpoint: {j.round for j in absents if j.endpoint == k.endpoint} for k in absents}
    if verdict.grade == "A":
        assert span >= timedelta(hours=72)
        assert len(set().union(*rounds.values())) >= 5
        assert sum(len(numbers) >= 2 for numbers in rounds.values()) >= 2
        assert sum(k.strength is Strength.STRONG for k in absents) >= 2
    else:
        assert span >= timedelta(days=7)
        assert max(len(numbers) for numbers in rounds.values()) >= 7
    assert not any(k.opened_at <= decided_at and decided_at < (k.closed_at or decided_at) for k in history.incidents)
    assert {k.round for k in looks if k.closed_at == decided_at} & {k.round for k in absents}
    assert not holding(history, looks, decided_at)


def holding(history: History, looks: Sequence[Observation], at: datetime) -> list[Incident]:
    """The incidents that hold the post back at that time, by a plain reading of its looks up to then."""
    in_order = sorted(looks, key=lambda k: (k.closed_at, k.batch, k.received_at, k.id))
    present_from: dict[int, tuple[datetime, int]] = {}
    for look in sightings(in_order):
        present_from.setdefault(look.round, (look.closed_at, look.batch))
    begun: datetime | None = None
    seen_at: datetime | None = None
    for look in in_order:
        beside = look.round in present_from and present_from[look.round] <= (look.closed_at, look.batch)
        if look.outcome is Outcome.PRESENT:
            begun, seen_at = None, look.sent_at
        elif look.outcome is Outcome.ABSENT and not beside:
            begun = begun or look.received_at
        elif look.outcome in (*BAD_ACCOUNT, Outcome.WITHHELD, Outcome.AGE_GATED) and not beside:
            begun = None
    assert begun is not None
    return [
        k
        for k in history.incidents
        if k.holds and k.closed_at and k.closed_at <= at
        if not any(told and told <= at for told in (k.accepted_at, k.recovered_at))
        if begun >= k.opened_at - 24 * HOUR and (begun < k.closed_at or (seen_at and seen_at < k.closed_at))
    ]


def _said(verdict: Verdict) -> Verdict:
    return replace(verdict, episode_started_at=None, vanished_at=None, missed_at=None, held_by=None)


@given(histories)
@MANY
def test_a_standing_verdict_never_changes(history: History) -> None:
    """I3, I10: its time, interval, grade and grounds stay; last_seen ≤ first absent; `deleted` ends by a sighting."""
    for (_, earlier), (batch, later) in pairwise([([], Verdict(State.UNKNOWN, None)), *walk(history)]):
        if earlier.state is later.state is not State.ALIVE:
            # The bookkeeping beside a verdict goes on: it is no part of what was said.
            assert _said(later) == _said(earlier)
        if earlier.state in ENDS and later.state is not earlier.state:
            assert sightings(batch)
            assert later.state is State.ALIVE
            assert later.flags >= {"restored"}
        assert later.episodes[: len(earlier.episodes)] == earlier.episodes
        assert (later.interval is None) == (later.state in (State.UNKNOWN, State.ALIVE))
        if later.state is not earlier.state:
            assert later.decided_at == batch[0].closed_at
        if later.interval and later.interval.left and later.last_seen_at:
            assert later.interval.left == later.last_seen_at
        if later.interval and later.interval.left:
            assert later.interval.left <= later.interval.right


@given(histories)
@MANY
def test_a_change_of_state_has_its_reason_in_the_batch(history: History) -> None:
    """I1, I13: a batch that is void, or tells nothing, changes no verdict."""
    for (_, earlier), (batch, later) in pairwise([([], Verdict(State.UNKNOWN, None)), *walk(history)]):
        telling = [look for look in batch if look.valid and look.outcome is not Outcome.UNKNOWN]
        if not telling:
            assert _said(later) == _said(earlier)
            assert later.vanished_at == earlier.vanished_at


@given(histories)
@MANY
def test_void_looks_are_inert(history: History) -> None:
    """I1: without them the verdict is the same, word for word."""
    verdict = history.verdict()
    history.looks = [look for look in history.looks if look.valid]
    assert history.verdict() == verdict


@given(histories, st.data())
@MANY
def test_unknown_looks_are_inert(history: History, draw: st.DataObject) -> None:
    """I1: more of them, anywhere, bring nothing nearer or farther."""
    verdict = history.verdict()
    chosen = draw.draw(st.lists(st.sampled_from(history.looks), max_size=6))
    apart = draw.draw(st.booleans())
    for number, look in enumerate(chosen):
        unknown = replace(
            look, id=10_000 + number, outcome=Outcome.UNKNOWN, reason=Reason.EMPTY_ANSWER, strength=None, valid=True
        )
        if apart:
            unknown = replace(unknown, batch=10_000 + number, closed_at=look.closed_at + timedelta(minutes=7))
        history.looks.append(unknown)
    assert _said(history.verdict()) == _said(verdict)


@given(histories, st.data())
@MANY
def test_not_authorized_only_ever_holds_back(history: History, draw: st.DataObject) -> None:
    """I1: with it a post is deleted only if it is without it, too."""
    without = history.verdict().state
    look = draw.draw(st.sampled_from(history.looks))
    outcome, reason, _ = SAYINGS["not_authorized"]
    history.looks.append(replace(look, id=10_000, outcome=outcome, reason=reason, strength=None, valid=True))
    assert history.verdict().state not in ENDS or without in ENDS


@given(histories, st.sampled_from(["oembed", "syndication"]), st.booleans())
@MANY
def test_one_valid_sighting_at_the_end_always_gives_alive(history: History, endpoint: str, controlled: bool) -> None:
    """I6: and keeps what had stood as an episode, word for word."""
    before = history.verdict()
    history.controlled = controlled
    history.wall = max(history.wall, *(look.closed_at for look in history.looks))
    verdict = history.wait(hours=1).round(**{endpoint: "present"}).verdict()
    assert verdict.state is State.ALIVE
    assert verdict.last_seen_at == history.looks[-1].sent_at
    assert verdict.interval is None
    assert verdict.flags >= before.flags - {"disputed"}
    if before.interval is None:
        assert verdict.episodes == before.episodes
        return
    *earlier, episode = verdict.episodes
    assert tuple(earlier) == before.episodes
    assert episode.ended_by == history.looks[-1].id
    if before.state in ENDS:
        kept = (episode.state, episode.grade, episode.interval, episode.decided_at)
        assert kept == (before.state, before.grade, before.interval, before.decided_at)
        assert verdict.flags >= {"restored"}


@given(histories, st.data())
@MANY
def test_order_of_arrival_and_duplicates_change_nothing(history: History, draw: st.DataObject) -> None:
    """I7, I8, I11: every permutation, with any looks twice, gives the same verdict."""
    verdict = history.verdict()
    history.looks += draw.draw(st.lists(st.sampled_from(history.looks), max_size=10))
    history.looks = draw.draw(st.permutations(history.looks))
    assert history.verdict() == verdict


@given(histories, st.data())
@MANY
def test_a_look_that_is_stored_twice_counts_once(history: History, draw: st.DataObject) -> None:
    """I8: the same round, subject, endpoint and attempt under another number is no second proof."""
    verdict = history.verdict()
    twice = draw.draw(st.lists(st.sampled_from(history.looks), max_size=10))
    history.looks += [replace(look, id=look.id + 10_000) for look in twice]
    assert history.verdict() == verdict


@given(histories, st.sampled_from(list(KINDS)))
@MANY
def test_sixty_days_of_void_batches_give_no_transition(history: History, kind: str) -> None:
    """I13: whatever they say."""
    verdict = history.verdict()
    history.wall = max(history.wall, *(look.closed_at for look in history.looks))
    chapter = Chapter(kind, 60, 24, False, False, (), frozenset(range(60)), True, "", None)
    for number in range(chapter.rounds):
        play_round(history, chapter, number)
        history.wait(hours=chapter.gap)
    assert history.verdict() == verdict


@given(st.integers(0, 6), st.integers(1, 12), st.sampled_from(list(KINDS)), st.booleans())
@MANY
def test_an_outage_changes_only_the_time_of_a_verdict(start: int, rounds: int, kind: str, seen: bool) -> None:
    """I14: rounds whose controls misread stand anywhere in a deletion; it is found all the same, and not earlier."""
    plain, disturbed = (History().seen(), History().seen()) if seen else (History(), History())
    for number in range(7):
        if number == start:
            chapter = Chapter(kind, rounds, 24, False, False, (), frozenset(range(rounds)), True, "", None)
            for void in range(rounds):
                play_round(disturbed, chapter, void)
                disturbed.wait(hours=24)
        plain.gone().wait(hours=24)
        disturbed.gone().wait(hours=24)
    one, other = plain.verdict(), disturbed.verdict()
    assert one.state is other.state is (State.DELETED if seen else State.GONE_BEFORE_FIRST_LOOK)
    assert one.decided_at is not None
    assert other.decided_at is not None
    assert one.decided_at <= other.decided_at


@given(histories)
@MANY
def test_without_controls_nothing_goes_past_unconfirmed(history: History) -> None:
    """Row 101, whatever the looks say, of the account too; only what a post itself is marked with is believed."""
    history.looks = [replace(look, controlled=False) for look in history.looks]
    believed = {State.UNKNOWN, State.ALIVE, State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK}
    believed |= {State.WITHHELD, State.AGE_GATED}
    verdict = history.verdict()
    assert {verdict.state, *(episode.state for episode in verdict.episodes)} <= believed


@given(histories)
@MANY
def test_an_acceptance_only_ever_sets_free(history: History) -> None:
    """Whoever accepts no incident deletes no more; and nothing is held by one that was accepted, or holds nothing."""
    verdict = history.verdict()
    last = max(look.closed_at for look in history.looks)
    told = {k.number: k.accepted_at or k.recovered_at for k in history.incidents if k.holds}
    free = {k.number for k in history.incidents if not k.holds or ((at := told[k.number]) and at <= last)}
    assert verdict.held_by not in free
    assert verdict.held_by is None or verdict.state in (State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK)
    history.incidents = [replace(each, accepted_at=None) for each in history.incidents]
    if not verdict.episodes and history.verdict().state in ENDS:
        assert verdict.state in ENDS


@given(histories, st.integers(0, 4))
@MANY
def test_stricter_rules_never_delete_more(history: History, which: int) -> None:
    """Each threshold of `deleted`, tightened alone, leaves fewer deletions.

    But where a silent month had said `gone_unattributed`, what says more must come in one round: stricter rules, which
    had not said even that, may then get to `deleted` first.
    """
    stricter = (
        Rules(grade_a_rounds=7, grade_b_rounds=9),
        Rules(grade_a_span=timedelta(hours=100), grade_b_span=timedelta(days=9)),
        Rules(account_looks=3),
        Rules(account_age=HOUR),
        Rules(not_authorized_hold=timedelta(days=9)),
    )[which]
    assume(not history.verdict().episodes)
    strict, plain = history.verdict(stricter), history.verdict()
    if strict.state is State.DELETED and plain.state is not State.DELETED:
        assert plain.state is State.GONE_UNATTRIBUTED
        assert plain.decided_at
        assert strict.decided_at
        assert plain.decided_at < strict.decided_at


@given(histories)
@MANY
def test_a_post_never_seen_has_no_interval_that_begins_with_a_sighting(history: History) -> None:
    """I9: drop every sighting, and nothing is deleted, nor ever was."""
    history.looks = [look for look in history.looks if look.outcome is not Outcome.PRESENT]
    assume(history.looks)
    verdict = history.verdict()
    assert verdict.state not in (State.ALIVE, State.DELETED, State.GONE_UNCONFIRMED)
    assert verdict.episodes == ()
    assert verdict.first_seen_at is None
    if verdict.interval:
        assert verdict.interval.left_observation is None
        assert verdict.interval.left is not None
        assert verdict.interval.left < START
