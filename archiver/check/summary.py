"""What is looked at, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from archiver.check.controls import ControlIds
from archiver.check.judging import Given
from archiver.model.exchange import Exchange
from archiver.model.observation import Batch, SubjectKind
from archiver.model.outcome import UNREACHABLE, Reason
from archiver.platforms.adapter import Adapter

ROUND_POSTS = 20
CLOCKS_DIFFER = timedelta(days=1)
"""A host's clock that differs by more is told."""
ALARMING = {
    Reason.WRONG_ID: "the answer was about another post",
    Reason.WRONG_AUTHOR: "the answer named another author than the one on file",
    Reason.TLS: "the host's certificate could not be trusted",
}


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """One platform that is looked at."""

    adapter: Adapter
    controls: ControlIds

    @property
    def round_posts(self) -> int:
        """How many posts one round looks at: as many as fill the largest request, beside four controls."""
        at_once = max((e.ids_per_request for e in self.adapter.endpoints if e.subject is SubjectKind.POST), default=1)
        return max(ROUND_POSTS, at_once - 4)


@dataclass(slots=True)
class CheckSummary:
    """What a check did."""

    posts: int = 0
    """Posts that were looked at, or of which the id was sought."""
    looks: int = 0
    identified: int = 0
    captured: int = 0
    """Captures of a web archive that were read."""
    saved: int = 0
    """Pages that a web archive saved because we asked it to."""
    pictures: int = 0
    """Pictures of posts that were fetched and kept."""
    not_kept: list[str] = field(default_factory=list)
    """For each picture that could not be kept: whose, and why."""
    void: list[str] = field(default_factory=list)
    """For each void batch: endpoint and why."""
    unreachable: set[str] = field(default_factory=set)
    """Hosts that could not be reached."""
    given: list[Given] = field(default_factory=list)
    """Verdicts that were given."""
    alarms: list[str] = field(default_factory=list)
    """What a person should look at: an answer about another post or by another author, a bad certificate."""
    errors: int = 0
    """Exceptions inside adapters: a bug, and the exit code says so."""
    uncontrolled: bool = False
    """Whether looks were made without controls: their absents prove little."""
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        return self.errors > 0

    def __add__(self, other: CheckSummary) -> CheckSummary:
        """Both as one."""
        return CheckSummary(
            self.posts + other.posts,
            self.looks + other.looks,
            self.identified + other.identified,
            self.captured + other.captured,
            self.saved + other.saved,
            self.pictures + other.pictures,
            self.not_kept + other.not_kept,
            self.void + other.void,
            self.unreachable | other.unreachable,
            self.given + other.given,
            self.alarms + other.alarms,
            self.errors + other.errors,
            self.uncontrolled or other.uncontrolled,
            self.interrupted or other.interrupted,
        )


def alarms(batch: Batch) -> list[str]:
    """Answers that a person should look at: they are unknown, and may mean that somebody stands between."""
    return [
        f"{batch.endpoint}: {look.subject_kind} {look.subject_key}: {ALARMING[look.reading.reason]}"
        for look in batch.looks
        if look.reading.reason in ALARMING
    ]


def clock_alarms(batch: Batch) -> list[str]:
    """A line where a host's clock and ours differ by more than a day: one of them is wrong. Nothing else follows."""
    for look in batch.looks:
        for exchange in look.exchanges:
            said_at = _date(exchange)
            if said_at is not None and abs(said_at - exchange.received_at) > CLOCKS_DIFFER:
                ours = f"{exchange.received_at:%Y-%m-%d %H:%M}"
                return [f"{batch.endpoint}: by its host's clock it is {said_at:%Y-%m-%d %H:%M} UTC, by ours {ours}"]
    return []


def _date(exchange: Exchange) -> datetime | None:
    """When the host gave the answer, by its own clock; None where it does not tell, or a cache gave it."""
    told = exchange.header("date")
    if not told or exchange.header("age"):
        return None
    try:
        said_at = parsedate_to_datetime(told)
    except ValueError:
        return None
    return said_at if said_at.tzinfo else None


def unreachable_hosts(batch: Batch, host: str) -> set[str]:
    """The host, if it could not be reached."""
    return {host} if any(look.reading.reason in UNREACHABLE for look in batch.looks) else set()
