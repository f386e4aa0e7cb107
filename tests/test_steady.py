"""What a look leaves as it was: the short way to a verdict against the whole fold, over made-up histories.

A few hundred in CI; the full campaign: ARCHIVER_HISTORIES=10000 pytest tests/test_steady.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from archiver.model.incident import Incident
from archiver.model.observation import Observation
from archiver.model.outcome import Outcome, Reason
from archiver.model.verdict import Flag, Interval, PostFacts, State, Verdict
from archiver.steady import carried_on
from archiver.verdicts import judge
from tests.histories import START, History
from tests.test_verdict_properties import MANY, histories

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

UNKNOWN = Verdict(State.UNKNOWN, None)
OTHER_ID, OTHER_AUTHOR = "901", "7002"

oddities = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["cached", "edited", "other id", "again", "other author"])),
    max_size=4,
)


def disturb(history: History, odd: Sequence[tuple[int, str]]) -> History:
    """Let some looks be odd: out of a cache, naming an edit, at another id of the post, a retry, of another author."""
    for place, oddity in odd:
        look = history.looks[place % len(history.looks)]
        if oddity == "cached":
            history.looks[place % len(history.looks)] = replace(look, age_seconds=7200)
        if oddity == "edited" and look.outcome is Outcome.PRESENT:
            history.looks[place % len(history.looks)] = replace(look, edit_chain=("900", OTHER_ID))
        if oddity == "other id" and look.native_id:
            history.looks.append(replace(look, id=len(history.looks) + 1, native_id=OTHER_ID))
        if oddity == "again":
            history.looks.append(replace(look, id=len(history.looks) + 1, attempt=2))
        if oddity == "other author" and look.author_id:
            history.looks[place % len(history.looks)] = replace(look, author_id=OTHER_AUTHOR)
    return history


@dataclass
class OnFile:
    """What the archive keeps between two batches, and how it goes on from there; as `check.judging` has it."""

    post: PostFacts
    verdict: Verdict = UNKNOWN
    folded_to: datetime | None = None
    facts: tuple[object, ...] = ()
    known: tuple[Incident, ...] = ()
    steady: int = 0
    """Batches that needed no fold."""

    def step(self, upto: Sequence[Observation], batch: Sequence[Observation], incidents: Sequence[Incident]) -> None:
        """One batch, stored after those before it: the short way is as good as the whole fold, where it may be gone."""
        closed_at = batch[0].closed_at
        self._learn(upto, incidents)
        whole = judge(self.post, upto, self.known)
        may = self.folded_to is not None and self.folded_to <= closed_at
        carried = carried_on(self.verdict, batch) if may else None
        if carried is not None:
            self.steady += 1
            assert kept(carried) == kept(whole)
            if any(k.valid and k.outcome is Outcome.PRESENT for k in batch):
                assert (carried.vanished_at, whole.vanished_at) == (None, None)
        self.verdict = kept(whole)
        self.folded_to = max(look.closed_at for look in upto)

    def _learn(self, upto: Sequence[Observation], incidents: Sequence[Incident]) -> None:
        seen = [look for look in upto if look.valid and look.outcome is Outcome.PRESENT]
        chain = tuple(dict.fromkeys(each for look in seen for each in look.edit_chain))
        authors = [look.author_id for look in seen if look.author_id]
        facts = (authors[-1:], chain)
        # What is on file stays there when the clock is set back.
        latest = max(look.closed_at for look in upto)
        known = tuple(told_by(latest, each) for each in incidents if each.opened_at <= latest)
        news = [at for each in set(known) - set(self.known) for at in (each.closed_at or each.opened_at,)]
        if facts != self.facts or (self.folded_to and any(self.folded_to >= at for at in news)):
            self.folded_to = None
        self.post, self.facts, self.known = replace(self.post, edit_chain=chain), facts, known


def told_by(moment: datetime, incident: Incident) -> Incident:
    """What is known of an incident at that time."""
    if incident.closed_at is None or incident.closed_at <= moment:
        return incident
    return replace(incident, closed_at=None, counts_restart=False)


def kept(verdict: Verdict) -> Verdict:
    """What is on file of a verdict, in the post's state."""
    held = verdict.interval
    return Verdict(
        verdict.state, verdict.decided_at, Interval(held.left, held.right, None, 0) if held else None, verdict.grade,
        verdict.flags, first_seen_at=verdict.first_seen_at, last_seen_at=verdict.last_seen_at,
    )  # fmt: skip


def live_through(history: History) -> OnFile:
    """Batch after batch, in the order in which they were stored."""
    on_file, upto = OnFile(history.post), list[Observation]()
    for batch in batches(history):
        upto += batch
        on_file.step(upto, batch, history.incidents)
    return on_file


def batches(history: History) -> Iterator[list[Observation]]:
    by_number: dict[int, list[Observation]] = {}
    for look in history.looks:
        by_number.setdefault(look.batch, []).append(look)
    return iter([by_number[number] for number in sorted(by_number)])


@given(histories, oddities)
@MANY
def test_the_short_way_is_the_whole_fold(history: History, odd: Sequence[tuple[int, str]]) -> None:
    """I11, whatever happened before: incidents, reboots, set clocks, void batches, edits, contradictions."""
    live_through(disturb(history, odd))


def test_the_short_way_is_gone_in_made_up_histories() -> None:
    """The test above would hold of nothing otherwise."""
    wanted = settings(MANY, max_examples=2000, derandomize=True, phases=[Phase.generate])
    assert find(histories, lambda history: live_through(history).steady >= 8, settings=wanted)


def test_a_year_of_sightings_needs_one_fold() -> None:
    """The first look is folded, and none after it."""
    history = History()
    for _ in range(75):
        history.round(oembed="present", syndication="present").wait(days=4.8)
    # The second endpoint is the first to tell the author: another fact.
    assert live_through(history).steady == 148


NOW = History().round(oembed="present").looks[0]
ALIVE = Verdict(State.ALIVE, START, first_seen_at=START, last_seen_at=START)


@pytest.mark.parametrize(
    ("saying", "state", "flags", "is_folded"),
    [
        ("present", State.ALIVE, (), False),
        ("present", State.ALIVE, ("restored",), False),
        ("present", State.ALIVE, ("disputed",), True),
        ("present", State.DELETED, (), True),
        ("present", State.UNKNOWN, (), True),
        ("ok", State.ALIVE, (), False),
        ("ok", State.GONE_UNCONFIRMED, (), True),
        ("strong", State.ALIVE, (), True),
        ("suspended", State.ALIVE, (), True),
        ("unknown", State.ALIVE, (), False),
        ("unknown", State.GONE_UNCONFIRMED, (), False),
        ("not_authorized", State.ALIVE, (), True),
        ("not_authorized", State.GONE_UNCONFIRMED, (), True),
    ],
)
def test_what_may_change_a_verdict_is_folded(
    saying: str, state: State, flags: tuple[Flag, ...], is_folded: bool
) -> None:
    """An absent always is; a sighting is where it ends something."""
    endpoint = "timeline" if saying in ("ok", "suspended") else "oembed"
    (look,) = History().round(**{endpoint: saying}).looks
    before = replace(ALIVE, state=state, flags=frozenset(flags))
    assert (carried_on(before, [look]) is None) == is_folded
    assert carried_on(before, [replace(look, valid=False)]) == before


def test_the_newest_of_several_sightings_is_the_last() -> None:
    """A retry beside a look that told nothing, and an edit's other id: the one that was received last."""
    late = replace(NOW, id=7, received_at=NOW.received_at.replace(second=30), sent_at=NOW.sent_at.replace(second=29))
    late = replace(late, closed_at=late.received_at)
    told_nothing = replace(NOW, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT)
    carried = carried_on(ALIVE, [late, told_nothing, NOW])
    assert carried is not None
    assert carried.last_seen_at == late.sent_at
