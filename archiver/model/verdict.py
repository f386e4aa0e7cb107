"""Verdict: what we conclude from many looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """The verdict's word."""

    UNKNOWN = "unknown"
    ALIVE = "alive"
    GONE_UNCONFIRMED = "gone_unconfirmed"
    DELETED = "deleted"
    ABSENT_ON_FIRST_CHECK = "absent_on_first_check"
    GONE_BEFORE_FIRST_LOOK = "gone_before_first_look"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_GONE = "account_gone"
    PROTECTED = "protected"
    WITHHELD = "withheld"
    AGE_GATED = "age_gated"
    GONE_UNATTRIBUTED = "gone_unattributed"


Flag = Literal["restored", "disputed"]

RULES_VERSION = "2"
"""Of verdicts.md. 2: what disappeared in an incident that ended by the passing of time is held for a person, and what
disappeared in a wave, for a month."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of verdicts.md, with their version: a verdict names both."""

    version: str = RULES_VERSION
    grade_a_rounds: int = 5
    grade_a_span: timedelta = timedelta(hours=72)
    grade_a_endpoints: int = 2
    grade_a_looks_per_endpoint: int = 2
    grade_a_strong: int = 2
    grade_b_rounds: int = 7
    grade_b_span: timedelta = timedelta(days=7)
    round_gap: timedelta = timedelta(hours=1)
    account_looks: int = 2
    account_age: timedelta = timedelta(hours=24)
    not_authorized_hold: timedelta = timedelta(hours=72)
    restriction_rounds: int = 2
    unattributed_after: timedelta = timedelta(days=31)
    disputed_after: timedelta = timedelta(days=7)
    clock_agreement_percent: int = 90
    wave_hold: timedelta = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Interval:
    """When a post disappeared: after `left`, not later than `right`. Never a point."""

    left: datetime | None
    """Open end: the last valid sighting, or the best that is known for a post never seen; None if nothing is known."""
    right: datetime
    """Closed end: when the first answer that it was gone was received."""
    left_observation: int | None
    """The sighting that gives the left end; None where it is not a sighting of ours."""
    right_observation: int


@dataclass(frozen=True, slots=True)
class Episode:
    """One disappearance, from its first absent to its end, kept word for word."""

    state: State
    """The strongest state it reached."""
    grade: Literal["A", "B"] | None
    interval: Interval
    decided_at: datetime | None
    """When that state was given."""
    ended_at: datetime
    """The batch whose sighting ended it."""
    ended_by: int
    """That sighting."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we conclude about one post, and why."""

    state: State
    decided_at: datetime | None
    """Closing time of the batch that gave this state; None for `unknown` without looks."""
    interval: Interval | None = None
    """None while the post is alive or unknown."""
    grade: Literal["A", "B"] | None = None
    """For `deleted` and `gone_before_first_look` only."""
    flags: frozenset[Flag] = frozenset()
    rests_on: tuple[int, ...] = ()
    """Numbers of the observations that carry it, ascending."""
    episode_started_at: datetime | None = None
    """When the current episode's first absent was received; None outside an episode."""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    """The last valid sighting, less its Age; None if never seen."""
    episodes: tuple[Episode, ...] = ()
    """Earlier disappearances that a sighting ended, oldest first."""
    rules_version: str = RULES_VERSION
    vanished_at: datetime | None = None
    """When the first valid absent since the last sighting came, in an incident or not: what the breaker counts."""
    missed_at: datetime | None = None
    """The same, or of a post that is alive, since when one endpoint has said absent beside another's present."""
    held_by: int | None = None
    """Number of the incident that holds the verdict back; None where none does."""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What `judge` knows of a post beside the looks at it."""

    number: int
    platform: str
    native_id: str | None
    id_time: datetime | None
    """The time in the id; None without."""
    attribution_day: date | None
    """The day that an article prints, UTC."""
    archive_captures: tuple[datetime, ...] = ()
    """Valid captures by a web archive."""
    edit_chain: tuple[str, ...] = ()
    """Every id of the post; the looks at each carry theirs in `native_id`."""
    id_rounded: bool = False
    """Whether the id looks rounded: a post by that id may never have been."""
    id_confirmed_at: datetime | None = None
    """Since when a second article, or a capture in an archive, is known to name the same id; None if none is."""
