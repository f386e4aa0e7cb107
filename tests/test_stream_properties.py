"""What a stream tells, among the looks: it never brings a verdict that the looks alone would not have brought.

ARCHIVER_HISTORIES=10000 pytest tests/test_stream_properties.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from archiver.model.observation import Observation
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.verdict import State, Verdict
from archiver.verdicts import judge
from tests.histories import History
from tests.test_verdict_properties import ENDS, MANY, assert_proven, histories, histories_of_chapters, play

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.no_cover,  # it takes more than twice as long; others cover the same
]

STREAM = "activity_stream"
UNCONFIRMED = (State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK)
HALF_A_SECOND = timedelta(milliseconds=500)


def told(history: History, places: Sequence[float], ages: Sequence[int]) -> list[Observation]:
    """Deletions that a stream told right behind some of the looks, as they are stored: a round and a batch each."""
    found = []
    for number, place in enumerate(places, 1):
        beside = history.looks[int(place * len(history.looks))]
        at = beside.closed_at + HALF_A_SECOND
        look = replace(
            beside,
            id=10_000 + number,
            round=10_000 + number,
            batch=10_000 + number,
            subject_kind=history.looks[0].subject_kind,
            subject_key=str(history.post.number),
            endpoint=STREAM,
            attempt=1,
            outcome=Outcome.ABSENT,
            reason=Reason.ANNOUNCED,
            strength=Strength.STRONG,
            valid=True,
            controlled=False,
            classes=(),
            sent_at=at,
            received_at=at,
            closed_at=at,
            sent_monotonic=beside.received_monotonic + 1.5,
            received_monotonic=beside.received_monotonic + 1.5,
            age_seconds=ages[number % len(ages)],
            native_id=history.post.native_id,
        )
        found.append(look)
    return found


places = st.lists(st.floats(0, 0.999), min_size=1, max_size=12)
ages = st.lists(st.sampled_from([0, 0, 0, 5, 3600, 10**6]), min_size=1, max_size=4)


def both(history: History, stream: Sequence[Observation]) -> tuple[Verdict, Verdict]:
    """The verdict of the looks alone, and with what the stream told."""
    alone = judge(history.post, history.looks, history.incidents)
    return alone, judge(history.post, [*history.looks, *stream], history.incidents)


@given(histories, places, ages)
@MANY
def test_every_conclusion_is_proven_by_our_own_looks(history: History, places: list[float], ages: list[int]) -> None:
    """Grades, rounds and endpoints are met by looks between controls; no message of a stream is among the grounds."""
    stream = told(history, places, ages)
    _, verdict = both(history, stream)
    if verdict.state in ENDS:
        assert_proven(history, verdict)
        assert not {look.id for look in stream} & set(verdict.rests_on)


@given(histories_of_chapters.filter(lambda told: not any(each.before.endswith(" h") for each in told[1])), places, ages)
@MANY
def test_a_stream_leads_to_unconfirmed_and_no_further(
    chapters: tuple[bool, list[object]], places: list[float], ages: list[int]
) -> None:
    """Whatever else is concluded is what the looks alone conclude, at the same time and on the same grounds."""
    history = play(*chapters)  # type: ignore[arg-type]
    alone, verdict = both(history, told(history, places, ages))
    if verdict.state not in UNCONFIRMED:
        assert verdict.state is alone.state
    if alone.state not in (State.UNKNOWN, State.ALIVE):
        assert verdict.state is alone.state
    if verdict.state in ENDS:
        same = ("state", "grade", "decided_at", "interval", "rests_on")
        assert [getattr(verdict, name) for name in same] == [getattr(alone, name) for name in same]


@given(places, ages, st.booleans())
@settings(max_examples=50, derandomize=True, deadline=None)
def test_a_stream_alone_says_unconfirmed(places: list[float], ages: list[int], seen: bool) -> None:
    """However often and for however long it says so."""
    history = History()
    if seen:
        history.seen()
    else:
        history.round(oembed="unknown", syndication="empty").wait(days=1)
    for _ in range(40):
        history.round(timeline="ok").wait(days=1)
    _, verdict = both(history, told(history, [0.9, *places], ages))
    assert verdict.state is (State.GONE_UNCONFIRMED if seen else State.ABSENT_ON_FIRST_CHECK)


def test_the_histories_reach_deletions_beside_a_stream() -> None:
    """The properties would hold of nothing otherwise."""
    wanted = settings(MANY, max_examples=5000, derandomize=True, phases=[Phase.generate])

    def is_deleted(chapters: tuple[bool, list[object]]) -> bool:
        history = play(*chapters)  # type: ignore[arg-type]
        return both(history, told(history, [0.1, 0.5, 0.9], [0]))[1].state is State.DELETED

    assert find(histories_of_chapters, is_deleted, settings=wanted)


def test_a_sighting_after_what_was_told_is_alive() -> None:
    """One look of ours beats any number of messages; the stream's word leaves an episode and no flag."""
    history = History().seen()
    stream = told(history, [0.99], [0])
    history.round(oembed="present", syndication="present")
    _, verdict = both(history, stream)
    assert (verdict.state, verdict.flags) == (State.ALIVE, frozenset())
    assert [each.state for each in verdict.episodes] == [State.GONE_UNCONFIRMED]
