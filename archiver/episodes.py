"""The bookkeeping of a fold: what is counted while a post is not served.

Nothing here decides a state: `verdicts.py` says what follows from the counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Literal

from archiver.model.observation import Observation, SubjectKind
from archiver.model.outcome import Strength
from archiver.model.verdict import Rules

Grade = Literal["A", "B"]
LONGEST_AGE_SECONDS = 100 * 365 * 86400
"""A larger `Age` is read as this: older than every post, and no time overflows."""


def in_order(observations: Iterable[Observation]) -> list[Observation]:
    """The valid looks at the post and at its author, in the order in which they are judged, each once."""
    judged = (SubjectKind.POST, SubjectKind.AUTHOR)
    looks = [look for look in observations if look.valid and look.subject_kind in judged]
    looks.sort(key=lambda k: (k.closed_at, k.batch, k.received_at, k.id, k.endpoint, k.attempt, k.outcome))
    firsts: dict[tuple[object, ...], Observation] = {}
    for look in looks:
        firsts.setdefault(_twin(look), look)
    return list(firsts.values())


def _twin(k: Observation) -> tuple[object, ...]:
    """Looks that agree in this are one look, stored twice: the first counts."""
    return k.round, k.subject_kind, k.subject_key, k.endpoint, k.native_id, k.attempt, k.outcome, k.reason, k.strength


def seen_at(look: Observation) -> datetime:
    """The moment for which a sighting surely speaks: when it was asked for, less the answer's `Age`."""
    return min(look.sent_at, look.closed_at) - _age(look)


def taken_at(look: Observation) -> datetime:
    """The moment for which any other answer surely speaks: when it came, less its `Age`.

    Counts run from the receipt of one answer to this moment of the next: a cached answer served five times is one.
    """
    return min(look.received_at, look.closed_at) - _age(look)


def clocks_agree(first: Observation | None, look: Observation, rules: Rules) -> bool:
    """Rule 6: from `first` to `look`, wall and monotonic clock tell of the same span; True in different boots.

    Spans below the gap between rounds are never counted, and there a correction of a second would weigh too much.
    """
    if first is None or first.boot_id != look.boot_id:
        return True
    wall = (look.received_at - first.received_at).total_seconds()
    monotonic = look.received_monotonic - first.received_monotonic
    if max(abs(wall), abs(monotonic)) < rules.round_gap.total_seconds():
        return True
    least = rules.clock_agreement_percent / 100
    return wall >= least * monotonic and monotonic >= least * wall


def _age(look: Observation) -> timedelta:
    return timedelta(seconds=min(max(look.age_seconds, 0), LONGEST_AGE_SECONDS))


class Tally:
    """Rounds, at least a gap apart, in which the same was found: retries, duplicates and hurried rounds count once."""

    __slots__ = ("first", "last", "looks", "strong", "weak")

    def __init__(self) -> None:
        self.looks: dict[int, int] = {}
        """Round → number of the observation that counts for it."""
        self.first: Observation | None = None
        self.last: Observation | None = None
        self.strong = 0
        """Counted absents that were strong."""
        self.weak = False
        """Whether any absent was weak, counted or not."""

    @property
    def rounds(self) -> int:
        return len(self.looks)

    @property
    def span(self) -> timedelta:
        """From the first counted look to the last."""
        return taken_at(self.last) - self.first.received_at if self.first and self.last else timedelta(0)

    def add(self, look: Observation, gap: timedelta) -> bool:
        """Count the look if it stands in a new round, at least `gap` after the last; say whether it was counted."""
        hurried = self.last is not None and taken_at(look) - self.last.received_at < gap
        if hurried or look.round in self.looks:
            return False
        self.first = self.first or look
        self.last = look
        self.looks[look.round] = look.id
        return True


class Count:
    """What speaks for a disappearance: begun with each episode, and afresh wherever the count restarts."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._boots: dict[str, Observation] = {}
        self._ids: dict[tuple[int, str], dict[str | None, bool]] = {}
        self.overall = Tally()
        """Rounds that found the post absent, on whatever endpoint."""
        self.endpoints: dict[str, Tally] = {}
        self.accounts = Tally()
        """Rounds inside the episode that found the account public."""
        self.newest: Observation | None = None
        """The newest absent, counted or not."""
        self.newest_strong: Observation | None = None
        self.newest_account: Observation | None = None

    @property
    def strong(self) -> int:
        """Counted absents that were strong, on all endpoints."""
        return sum(tally.strong for tally in self.endpoints.values())

    @property
    def looks(self) -> set[int]:
        """Numbers of the observations that were counted."""
        tallies = (self.overall, self.accounts, *self.endpoints.values())
        newest = {self.newest_account.id} if self.newest_account else set()
        return newest | {number for tally in tallies for number in tally.looks.values()}

    def grade(self, whatever_strength: bool = False) -> Grade | None:
        """Rule 2, the evidence.

        A: at least 5 absents in 5 rounds an hour apart, over 72 h, on 2 endpoints with 2 each, and 2 of them strong.
        B: one endpoint, 7 rounds, 7 days, all strong.
        """
        rules, overall, endpoints = self._rules, self.overall, self.endpoints.values()
        if (
            overall.rounds >= rules.grade_a_rounds
            and overall.span >= rules.grade_a_span
            and sum(k.rounds >= rules.grade_a_looks_per_endpoint for k in endpoints) >= rules.grade_a_endpoints
            and (whatever_strength or self.strong >= rules.grade_a_strong)
        ):
            return "A"
        for one in endpoints:
            strong = whatever_strength or not one.weak
            if one.rounds >= rules.grade_b_rounds and one.span >= rules.grade_b_span and strong:
                return "B"
        return None

    def add_absent(self, look: Observation, native_id: str | None, chain: AbstractSet[str | None]) -> None:
        """Rule 4: an endpoint's absent counts when every id of the edit chain was absent there in that round.

        It is as strong as the weakest of them.
        """
        strong = look.strength is Strength.STRONG
        tally = self.endpoints.setdefault(look.endpoint, Tally())
        tally.weak = tally.weak or not strong
        ids = self._ids.setdefault((look.round, look.endpoint), {})
        ids[native_id] = strong and ids.get(native_id, True)
        if not ids.keys() >= chain:
            return
        strong = all(ids.values())
        self.newest = look
        self.newest_strong = look if strong else self.newest_strong
        if self.overall.add(look, self._rules.round_gap):
            self._boots.setdefault(look.boot_id, look)
        if tally.add(look, self._rules.round_gap):
            tally.strong += strong

    def add_account(self, look: Observation) -> None:
        """Count an `account_ok` that lies inside the episode."""
        begun = self.overall.first
        if begun is None or taken_at(look) < begun.received_at:
            return
        self.accounts.add(look, self._rules.round_gap)
        if self.newest_account is None or taken_at(look) > taken_at(self.newest_account):
            self.newest_account = look

    def clocks_agree(self, look: Observation) -> bool:
        """Rule 6, since the first counted absent of this boot."""
        return clocks_agree(self._boots.get(look.boot_id), look, self._rules)


class Rounds:
    """What the endpoints said in each round, and where one kept saying absent beside another's present."""

    def __init__(self) -> None:
        self._presents: dict[int, set[str]] = {}
        self._absents: dict[int, dict[str, Observation]] = {}
        self._contradicted: dict[str, tuple[Observation, Observation]] = {}

    def with_present(self, number: int) -> bool:
        """Whether that round has a valid sighting so far."""
        return number in self._presents

    def add_present(self, look: Observation) -> None:
        """A sighting: what its own endpoint said before is over, other endpoints' absents of its round contradict."""
        self._presents.setdefault(look.round, set()).add(look.endpoint)
        self._contradicted.pop(look.endpoint, None)
        for absent in self._absents.get(look.round, {}).values():
            self._contradict(absent)

    def add_absent(self, look: Observation) -> None:
        """An absent, which contradicts if its round has a sighting on another endpoint."""
        self._absents.setdefault(look.round, {}).setdefault(look.endpoint, look)
        self._contradict(look)

    def contradictions(self, after: timedelta) -> set[int]:
        """First and last observation of each endpoint that has contradicted the others for that long."""
        lasting = [k for k in self._contradicted.values() if taken_at(k[1]) - k[0].received_at >= after]
        return {look.id for pair in lasting for look in pair}

    def contradicted_since(self) -> datetime | None:
        """Since when an endpoint has contradicted the others; None where none does."""
        return min((first.received_at for first, _ in self._contradicted.values()), default=None)

    def agree(self) -> None:
        """The endpoints agreed after all: contradictions begin anew."""
        self._contradicted.clear()

    def _contradict(self, absent: Observation) -> None:
        present_on = self._presents.get(absent.round)
        if present_on and absent.endpoint not in present_on:
            first, _ = self._contradicted.get(absent.endpoint, (absent, absent))
            self._contradicted[absent.endpoint] = (first, absent)
