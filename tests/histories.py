"""Histories of looks for the tests of the fold: a builder with verbs, on clocks that the test sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from archiver.model.incident import Incident
from archiver.model.observation import Observation, SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.verdict import PostFacts, Rules, Verdict
from archiver.verdicts import judge

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
AUTHOR = "7001"
POST = PostFacts(
    number=17,
    platform="x",
    native_id="900",
    id_time=datetime(2021, 8, 20, 9, 30, tzinfo=UTC),
    attribution_day=datetime(2021, 8, 20, tzinfo=UTC).date(),
)
ACCOUNT_ENDPOINT = "timeline"

SAYINGS: dict[str, tuple[Outcome, Reason, Strength | None]] = {
    "present": (Outcome.PRESENT, Reason.SERVED, None),
    "strong": (Outcome.ABSENT, Reason.NOT_FOUND, Strength.STRONG),
    "weak": (Outcome.ABSENT, Reason.NOT_FOUND, Strength.WEAK),
    "ok": (Outcome.ACCOUNT_OK, Reason.TIMELINE, None),
    "suspended": (Outcome.SUSPENDED, Reason.SUSPENDED, None),
    "account_gone": (Outcome.ACCOUNT_GONE, Reason.ACCOUNT_GONE, None),
    "protected": (Outcome.PROTECTED, Reason.PROTECTED, None),
    "withheld": (Outcome.WITHHELD, Reason.WITHHELD, None),
    "age_gated": (Outcome.AGE_GATED, Reason.AGE_GATE, None),
    "unknown": (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, None),
    "empty": (Outcome.UNKNOWN, Reason.EMPTY_ANSWER, None),
    "not_authorized": (Outcome.UNKNOWN, Reason.NOT_AUTHORIZED, None),
}


@dataclass
class History:
    """A clock and what was looked at so far. Looks take a second; a batch closes a second after its last look."""

    post: PostFacts = POST
    wall: datetime = START
    monotonic: float = 1000.0
    boot_id: str = "boot-1"
    valid: bool = True
    controlled: bool = True
    classes: tuple[str, ...] = ()
    """The kinds of restricted posts of which a control is alive beside the looks."""
    looks: list[Observation] = field(default_factory=list, repr=False)
    incidents: list[Incident] = field(default_factory=list)
    told: object = None
    """What it was played from, for a failing test to show."""
    rounds: int = 0
    batches: int = 0

    def wait(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> Self:
        """Let time pass on both clocks."""
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self.wall += span
        self.monotonic += span.total_seconds()
        return self

    def step_wall_clock(self, *, days: float = 0, hours: float = 0) -> Self:
        """Set the wall clock alone."""
        self.wall += timedelta(days=days, hours=hours)
        return self

    def reboot(self) -> Self:
        """Begin a new boot."""
        self.boot_id, self.monotonic = f"{self.boot_id}'", 10.0
        return self

    def round(self, **said: str) -> Self:
        """A new round: one batch for each endpoint, in the order given."""
        self.rounds += 1
        for endpoint, saying in said.items():
            self.batch({endpoint: saying})
        return self

    def batch(self, said: dict[str, str], *, attempt: int = 1, native_id: str | None = None, age: int = 0) -> Self:
        """One batch of the current round, with a look at each endpoint named."""
        self.batches += 1
        sent = []
        for endpoint, saying in said.items():
            sent.append((endpoint, saying, self.wall, self.monotonic))
            self.wait(seconds=1)
        self.wait(seconds=1)
        for endpoint, saying, wall, monotonic in sent:
            self.looks.append(self._look(endpoint, saying, wall, monotonic, attempt, native_id, age))
        return self

    def _look(
        self,
        endpoint: str,
        saying: str,
        wall: datetime,
        monotonic: float,
        attempt: int,
        native_id: str | None,
        age: int,
    ) -> Observation:
        outcome, reason, strength = SAYINGS[saying]
        of_author = endpoint == ACCOUNT_ENDPOINT
        return Observation(
            id=len(self.looks) + 1,
            round=self.rounds,
            batch=self.batches,
            subject_kind=SubjectKind.AUTHOR if of_author else SubjectKind.POST,
            subject_key="author-3" if of_author else str(self.post.number),
            endpoint=endpoint,
            attempt=attempt,
            outcome=outcome,
            reason=reason,
            strength=strength,
            valid=self.valid,
            controlled=self.controlled,
            classes=self.classes,
            sent_at=wall,
            received_at=wall + timedelta(seconds=1),
            closed_at=self.wall,
            boot_id=self.boot_id,
            sent_monotonic=monotonic,
            received_monotonic=monotonic + 1,
            age_seconds=age,
            native_id=None if of_author else native_id or self.post.native_id,
            author_id=AUTHOR if saying in ("present", "ok") and endpoint != "oembed" else None,
        )

    # Longer stories -------------------------------------------------------------------------------------------

    def seen(self) -> Self:
        """A round that finds the post alive on both endpoints, and a day."""
        return self.round(oembed="present", syndication="present").wait(days=1)

    def gone(self, *gaps: float, oembed: str = "strong", syndication: str = "weak", account: str = "ok") -> Self:
        """A round that finds it gone, and another after each gap (in hours)."""
        for gap in (0.0, *gaps):
            self.wait(hours=gap).round(oembed=oembed, syndication=syndication, timeline=account)
        return self

    def deleted(self) -> Self:
        """Seen, then gone until grade A is met."""
        return self.seen().gone(1, 6, 24, 24, 24)

    def verdict(self, rules: Rules = Rules()) -> Verdict:
        """The verdict on everything so far."""
        return judge(self.post, self.looks, self.incidents, rules)
