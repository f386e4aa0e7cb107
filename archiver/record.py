"""The verdict on a post as it stands in a fold, and the disappearances that sightings ended.

Nothing here decides a state: `verdicts.py` does, and has it recorded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from archiver.episodes import Grade, Rounds, seen_at
from archiver.model.observation import Observation
from archiver.model.verdict import Episode, Flag, Interval, PostFacts, Rules, State, Verdict

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

    def verdict(self, episode: Observation | None, rounds: Rounds, rules: Rules, held_by: int | None) -> Verdict:
        """The standing verdict with all that is known beside it."""
        contradictions = rounds.contradictions(rules.disputed_after)
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
            rules_version=rules.version,
            vanished_at=self.vanished_at,
            missed_at=self.vanished_at or rounds.contradicted_since(),
            held_by=held_by,
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
