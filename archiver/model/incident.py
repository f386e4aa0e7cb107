"""Incident: a time in which a platform as a whole could not be trusted, or in which more vanished than usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["outage", "wave"]
"""An outage stops all verdicts while it is open. A wave is a lesser crowd: what vanished in it is judged later."""
HOLDING = frozenset({"expired", "ebbed"})
"""An incident that ended so holds back what disappeared in it."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What `judge` knows of one."""

    platform: str
    opened_at: datetime
    closed_at: datetime | None
    """None while it is open."""
    counts_restart: bool
    """True where what was counted before its end does not count, as after every incident of the breaker."""
    number: int = 0
    """Row number in the archive; 0 before it is stored."""
    holds: bool = False
    """True where it ended though hardly anybody had come back: what disappeared in it is held until it is accepted."""
    accepted_at: datetime | None = None
    """When a person took what disappeared in it for real; None while nobody has."""
    kind: Kind = "outage"
    recovered_at: datetime | None = None
    """When, after its end, half of its authors had been seen again: it holds nothing from then on, and what was counted
    before counts no more. None while they are away."""

    def is_over(self, moment: datetime) -> bool:
        """Whether it had ended by then."""
        return self.closed_at is not None and self.closed_at <= moment


@dataclass(frozen=True, slots=True)
class IncidentListing:
    """The same as it is listed for persons."""

    number: int
    kind: Kind
    platform: str
    opened_at: datetime
    closed_at: datetime | None
    """None while it is open; `how` is then None too."""
    how: str | None
    """"recovered" (half of the authors were seen again), "expired" (time was up), "caught_up" (the same, but they are
    no more than usual for the time in which nothing was seen); a wave has "ebbed"."""
    authors: int
    """How many had vanished when it opened."""
    followed: int
    """Of how many a post had been seen."""
    held: int
    """Posts whose verdict it holds back now."""
    accepted_at: datetime | None
    """When a person took it for real; None while nobody has. So `accepted_by` and `reason`."""
    accepted_by: str | None
    reason: str | None
    recovered_at: datetime | None = None
    """When, after its end, half of its authors had been seen again; None while they are away."""

    @property
    def holds(self) -> bool:
        """Whether it holds back what disappeared in it, or would had nobody accepted it."""
        return self.kind == "wave" or self.how in HOLDING
