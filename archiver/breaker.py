"""The breaker: when is a platform as a whole not to be trusted? (verdicts.md, "Breaker"). Pure.

Many authors do not delete posts in one day: where they seem to, it is the platform that fails. An incident then opens:
no verdicts, posts that seem gone are looked at every 6 hours, and what was counted counts no more. It closes once half
of the authors are back, or after 72 hours, when counting begins from zero.

An author counts once for each disappearance, by the first absent since the last sighting: a first design counted the
posts that an incident had held back again when it closed, and so never closed for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WINDOW = timedelta(hours=24)
"""Disappearances that began in this time count together."""
LEAST_AUTHORS = 6
"""More authors than this, and …"""
SHARE_OF_FOLLOWED = 0.005
"""… more than this share of all authors of posts that were seen alive."""
LONGEST = timedelta(hours=72)
RECHECK = timedelta(hours=6)

Ending = Literal["recovered", "expired"]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that has not ended yet."""

    number: int
    opened_at: datetime
    authors: int
    """How many vanished when it opened."""
    back: int
    """Of how many of these a post was seen again since."""


def trips(vanished_authors: int, followed_authors: int) -> bool:
    """Whether so many authors, in one WINDOW, of so many of whom posts were seen alive, open an incident."""
    return vanished_authors > max(LEAST_AUTHORS, SHARE_OF_FOLLOWED * followed_authors)


def ending(incident: OpenIncident, at: datetime) -> Ending | None:
    """How an incident ends at this time; None while it goes on."""
    if 2 * incident.back >= incident.authors:
        return "recovered"
    return "expired" if at - incident.opened_at >= LONGEST else None
