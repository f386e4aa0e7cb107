"""The bookkeeping of a fold: what is counted while a post is not served, and the verdict as it stands.

Nothing here decides a state: `verdicts.py` says what follows from the counts, and has it recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from archiver.model.observation import Observation
from archiver.model.outcome import Strength
from archiver.model.verdict import Episode, Flag, Incident, Interval, PostFacts, Rules, State, Verdict

Grade = Literal["A", "B"]
STRONGER_LATER = (
    State.ABSENT_ON_FIRST_CHECK,
    State.GONE_UNCONFIRMED,
    State.GONE_UNATTRIBUTED,
    State.AGE_GATED,
    State.WITHHELD,
    State.PROTECTED,
    State.ACCOUNT_SUSPENDED,
    State.ACCOUNT_GONE,
    State.GONE_BEFORE_FIRST_LOOK,
    State.DELETED,
)
"""A disappearance that went through several states is remembered by the strongest."""
RESTORED_FROM = frozenset({State.DELETED, State.GONE_BEFORE_FIRST_LOOK, State.ACCOUNT_GONE})

LONGEST_AGE_SECONDS = 100 * 365 * 86400
"""A larger `Age` is read as this: older than every post, and no time overflows."""


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

    def agree(self) -> None:
        """The endpoints agreed after all: contradictions begin anew."""
        self._contradicted.clear()

    def _contradict(self, absent: Observation) -> None:
        present_on = self._presents.get(absent.round)
        if present_on and absent.endpoint not in present_on:
            first, _ = self._contradicted.get(absent.endpoint, (absent, absent))
            self._contradicted[absent.endpoint] = (first, absent)


class Incidents:
    """When the platform as a whole could not be trusted."""

    def __init__(self, platform: str, incidents: Iterable[Incident]) -> None:
        self._incidents = [incident for incident in incidents if incident.platform == platform]

    def open_at(self, moment: datetime) -> bool:
        """Whether one was open at that time."""
        return any(k.opened_at <= moment and (k.closed_at is None or moment < k.closed_at) for k in self._incidents)

    def cover(self, look: Observation) -> bool:
        """Whether one was open at any time between asking and the closing of the look's batch."""
        return any(
            k.opened_at <= look.closed_at and (k.closed_at is None or min(look.sent_at, look.closed_at) < k.closed_at)
            for k in self._incidents
        )

    def restart(self, since: datetime, until: datetime) -> bool:
        """Whether one ended in that time after which counts begin from zero."""
        return any(k.counts_restart and k.closed_at and since < k.closed_at <= until for k in self._incidents)


class Record:
    """The verdict as it stands, the sightings, and the disappearances that sightings ended."""

    def __init__(self, post: PostFacts) -> None:
        self._post = post
        self._standing = Verdict(State.UNKNOWN, None)
        self._strongest: Verdict | None = None
        self._first_right: Observation | None = None
        self._episodes: tuple[Episode, ...] = ()
        self._restored = False
        self._first_seen: Observation | None = None
        self.last_seen: Observation | None = None
        self.vanished_at: datetime | None = None

    @property
    def state(self) -> State:
        """The state that stands."""
        return self._standing.state

    def sighting(self, look: Observation, closed_at: datetime) -> None:
        """Alive. The disappearance that this ends is kept word for word, unless it began in this very round."""
        past = self._strongest
        if past and past.interval and self._first_right and self._first_right.round != look.round:
            self._restored |= past.state in RESTORED_FROM
            ended = Episode(past.state, past.grade, past.interval, past.decided_at, closed_at, look.id)
            self._episodes = (*self._episodes, ended)
        if self.state is not State.ALIVE:
            self._standing = Verdict(State.ALIVE, closed_at)
        self._strongest = self._first_right = self.vanished_at = None
        self._first_seen, self.last_seen = self._first_seen or look, look

    def enter(
        self, state: State, closed_at: datetime, right: Observation, carried: set[int], grade: Grade | None = None
    ) -> None:
        """A new verdict, given at that closing time; its interval stays while it stands."""
        sighting = {self.last_seen.id} if self.last_seen else set()
        rests_on = tuple(sorted(carried | sighting | {right.id}))
        self._standing = Verdict(state, closed_at, self._interval(right), grade, rests_on=rests_on)
        self._first_right = self._first_right or right
        if self._strongest is None or STRONGER_LATER.index(state) > STRONGER_LATER.index(self._strongest.state):
            self._strongest = self._standing

    def verdict(self, episode: Observation | None, contradictions: set[int], rules_version: str) -> Verdict:
        """The standing verdict with all that is known beside it."""
        flags: set[Flag] = {"restored"} if self._restored else set()
        standing = self._standing
        if standing.state is State.ALIVE and self.last_seen:
            flags |= {"disputed"} if contradictions else set()
            standing = replace(standing, rests_on=tuple(sorted({self.last_seen.id} | contradictions)))
        return replace(
            standing,
            flags=frozenset(flags),
            episode_started_at=episode.received_at if episode else None,
            first_seen_at=seen_at(self._first_seen) if self._first_seen else None,
            last_seen_at=seen_at(self.last_seen) if self.last_seen else None,
            episodes=self._episodes,
            rules_version=rules_version,
            vanished_at=self.vanished_at,
        )

    def _interval(self, right: Observation) -> Interval:
        """(last valid sighting sent, less its Age; `right` received]; never seen: from the best that is known."""
        if self.last_seen:
            left = seen_at(self.last_seen)
            # Where the wall clock was set during the batch, its closing is the end that cannot lie before the left one.
            end = right.received_at if right.received_at >= left else right.closed_at
            return Interval(left, end, self.last_seen.id, right.id)
        day = self._post.attribution_day
        known = [self._post.id_time, datetime.combine(day, time(), UTC) if day else None, *self._post.archive_captures]
        lefts = [moment for moment in known if moment and moment <= right.received_at]
        return Interval(max(lefts, default=None), right.received_at, None, right.id)
