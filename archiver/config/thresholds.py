"""[schedule] and [verdicts]: when to look, and what it takes to conclude. Weaker only by `unsafe_` keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from archiver.config.section import Section
from archiver.config.sections import Whole
from archiver.config.units import Duration, duration_text
from archiver.model.verdict import Rules

STANDARD = Rules()
UNSAFE = "unsafe_"

Count = Annotated[Whole, Field(ge=1, le=100_000)]
Percent = Annotated[Whole, Field(ge=1, le=100)]


def as_written(threshold: Any) -> str:
    """A threshold as the configuration writes it."""
    return duration_text(threshold) if isinstance(threshold, timedelta) else str(threshold)


class Guarded(Section):
    """A section whose keys may be made stricter freely, and weaker only by the same key with `unsafe_` before it."""

    less_is_stricter: ClassVar[frozenset[str]] = frozenset()
    free: ClassVar[frozenset[str]] = frozenset()
    """Keys that make nothing weaker or stricter."""

    @field_validator("*", mode="after")
    @classmethod
    def _not_weaker(cls, given: Any, info: ValidationInfo) -> Any:
        key = info.field_name or ""
        if key.startswith(UNSAFE) or key in cls.free:
            return given
        standard = cls.model_fields[key].default
        if given > standard if key in cls.less_is_stricter else given < standard:
            raise ValueError(f'weaker than the standard, {as_written(standard)}; only "{UNSAFE}{key}" may say so')
        return given

    def chosen(self, key: str) -> Any:
        """The threshold in force: the `unsafe_` one where it is given."""
        unsafe = getattr(self, UNSAFE + key)
        return getattr(self, key) if unsafe is None else unsafe

    def unsafe_keys(self) -> dict[str, Any]:
        """The `unsafe_` keys that are given, with what they say."""
        given = {key: getattr(self, key) for key in type(self).model_fields if key.startswith(UNSAFE)}
        return {key: threshold for key, threshold in given.items() if threshold is not None}


class Schedule(Guarded):
    """[schedule]: how often the daemon does what."""

    less_is_stricter = frozenset({"longest_gap"})
    free = frozenset({"tick", "scan_every", "resolve_every", "jitter_percent", "early_percent"})

    tick: Duration = timedelta(minutes=1)
    """How often the daemon asks which posts are due."""
    scan_every: Duration = timedelta(hours=1)
    """How often the sources are scanned for new articles."""
    resolve_every: Duration = timedelta(hours=1)
    """How often short links without a known post are asked again."""
    longest_gap: Duration = timedelta(days=5)
    """Longest time between two looks at a live post; `gap` is the one in force."""
    unsafe_longest_gap: Duration | None = None
    jitter_percent: Annotated[Whole, Field(ge=0, le=50)] = 10
    """By how much a gap is varied, so that looks do not bunch."""
    early_percent: Annotated[Whole, Field(ge=0, le=50)] = 10
    """By how much of its gap a live post may be looked at early, where a round has room."""

    @property
    def gap(self) -> timedelta:
        """The longest gap in force."""
        gap: timedelta = self.chosen("longest_gap")
        return gap


class Verdicts(Guarded):
    """[verdicts]: the thresholds of model.verdict.Rules, each in its own words."""

    less_is_stricter = frozenset({"account_age", "disputed_after"})

    rounds: Count = STANDARD.grade_a_rounds
    """Grade A: rounds of looks that must find a post absent."""
    unsafe_rounds: Count | None = None
    hours: Count = STANDARD.grade_a_span // timedelta(hours=1)
    """Grade A: hours over which they must spread."""
    unsafe_hours: Count | None = None
    endpoints: Count = STANDARD.grade_a_endpoints
    """Grade A: independent endpoints that must agree."""
    unsafe_endpoints: Count | None = None
    looks_per_endpoint: Count = STANDARD.grade_a_looks_per_endpoint
    """Grade A: absents that each of them must give."""
    unsafe_looks_per_endpoint: Count | None = None
    strong: Count = STANDARD.grade_a_strong
    """Grade A: absents that must be strong."""
    unsafe_strong: Count | None = None
    grade_b_rounds: Count = STANDARD.grade_b_rounds
    """Grade B (a single endpoint): rounds."""
    unsafe_grade_b_rounds: Count | None = None
    grade_b_hours: Count = STANDARD.grade_b_span // timedelta(hours=1)
    """Grade B (a single endpoint): hours."""
    unsafe_grade_b_hours: Count | None = None
    round_gap: Duration = STANDARD.round_gap
    """Least time between two rounds that count."""
    unsafe_round_gap: Duration | None = None
    account_looks: Count = STANDARD.account_looks
    """Looks that must find the author's account public."""
    unsafe_account_looks: Count | None = None
    account_age: Duration = STANDARD.account_age
    """How old the newest of them may be."""
    unsafe_account_age: Duration | None = None
    not_authorized_hold: Duration = STANDARD.not_authorized_hold
    """How long one "not authorized" holds a deletion back."""
    unsafe_not_authorized_hold: Duration | None = None
    restriction_rounds: Count = STANDARD.restriction_rounds
    """Rounds that must agree that an account or post is restricted."""
    unsafe_restriction_rounds: Count | None = None
    unattributed_after: Duration = STANDARD.unattributed_after
    """After how long an absence that nothing explains is called unattributed."""
    unsafe_unattributed_after: Duration | None = None
    disputed_after: Duration = STANDARD.disputed_after
    """After how long endpoints that disagree are shown to a person."""
    unsafe_disputed_after: Duration | None = None
    wave_hold: Duration = STANDARD.wave_hold
    """How long a post that vanished with more others than usual is held before it may be called deleted."""
    unsafe_wave_hold: Duration | None = None
    clock_agreement_percent: Percent = STANDARD.clock_agreement_percent
    """How well wall and monotonic clock must agree."""
    unsafe_clock_agreement_percent: Percent | None = None

    def rules(self) -> Rules:
        """The rules in force. Where they are not the standard ones, their version says in what."""
        fields = {RULE_OF.get(key, key): self._in_rules(key) for key in type(self).model_fields if not _unsafe(key)}
        changes = {field: threshold for field, threshold in fields.items() if threshold != getattr(STANDARD, field)}
        if not changes:
            return STANDARD
        words = ",".join(f"{field}={as_written(threshold)}" for field, threshold in sorted(changes.items()))
        return Rules(version=f"{STANDARD.version}+{words}", **changes)

    def _in_rules(self, key: str) -> Any:
        chosen = self.chosen(key)
        return timedelta(hours=chosen) if key.endswith("hours") else chosen


def _unsafe(key: str) -> bool:
    return key.startswith(UNSAFE)


RULE_OF = {
    "rounds": "grade_a_rounds",
    "hours": "grade_a_span",
    "endpoints": "grade_a_endpoints",
    "looks_per_endpoint": "grade_a_looks_per_endpoint",
    "strong": "grade_a_strong",
    "grade_b_hours": "grade_b_span",
}
"""Keys whose name in Rules is another one."""
