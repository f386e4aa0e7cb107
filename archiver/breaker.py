"""The breaker: when is a platform as a whole not to be trusted? (verdicts.md, "Breaker"). Pure.

Many authors do not delete posts in one day: where they seem to, it is the platform that fails. An incident then opens:
no verdicts, posts that seem gone are looked at every 6 hours, and what was counted counts no more. It closes once half
of the authors are back, or after 72 hours, when counting begins from zero. But where it closed because time was up,
nobody knows whether those whom it struck are gone: they are held until half of the authors are back after all (and then
counting begins from zero once more), or a person says so.

An author counts once for each disappearance, by the first absent since the last sighting: a first design counted the
posts that an incident had held back again when it closed, and so never closed for good.

After weeks in which nothing could be seen, what authors delete in weeks is found in one day. So where it is asked what
to hold, an author counts the less, the longer the post was unseen: one beyond five days as a part of one.

A platform may also fail for a few only, or so slowly that no day stands out: each live post is looked at once in five
days. More authors than usual in that time, of posts that are gone or of which one endpoint says so, are a wave. It
stops nothing and restarts nothing; what vanished in it is held for a month, which no known failure lasted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from archiver.model.incident import Incident
from archiver.model.observation import Observation

WINDOW = timedelta(hours=24)
"""Disappearances that began in this time count together."""
LEAST_AUTHORS = 6
"""More authors than this, and …"""
SHARE_OF_FOLLOWED = 0.005
"""… more than this share of all authors of posts that were seen alive."""
LONGEST = timedelta(hours=72)
RECHECK = timedelta(hours=6)
WAVE_WINDOW = timedelta(days=5)
"""In which every live post is looked at once."""
WAVE_LEAST_AUTHORS = 6
WAVE_SHARE_OF_FOLLOWED = 0.015

Ending = Literal["recovered", "expired", "caught_up", "ebbed"]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that has not ended yet."""

    number: int
    opened_at: datetime
    authors: int
    """How many vanished when it opened."""
    back: int
    """Of how many of these a post was seen again since."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Since when a post seems gone."""

    seen_at: datetime | None
    """The last sighting; None for a post never seen."""
    began_at: datetime
    """The first absent that no restriction followed."""
    public_at: datetime
    """From when on it was known beside that the author's account is public, and no `not_authorized` came after: until
    then these may be why. Later, never earlier: what speaks against deletion sets nothing free."""

    @property
    def since(self) -> datetime:
        """It may have begun right after this."""
        return min(self.seen_at, self.began_at) if self.seen_at else self.began_at


def weight(unseen: Iterable[tuple[str, timedelta]]) -> float:
    """Of how many authors posts vanished, each with how long it was unseen before: beyond WAVE_WINDOW an author counts
    for the share of that time which one window is."""
    shares: dict[str, float] = {}
    for author, span in unseen:
        shares[author] = max(shares.get(author, 0.0), min(1.0, WAVE_WINDOW / max(span, WINDOW)))
    return sum(shares.values())


def trips(vanished_authors: float, followed_authors: int) -> bool:
    """Whether so many authors, in one WINDOW, of so many of whom posts were seen alive, open an incident."""
    return vanished_authors > max(LEAST_AUTHORS, SHARE_OF_FOLLOWED * followed_authors)


def has_recovered(incident: OpenIncident) -> bool:
    """Whether half of its authors are back."""
    return 2 * incident.back >= incident.authors


def swells(missed_authors: float, followed_authors: int) -> bool:
    """Whether so many authors, in one WAVE_WINDOW, are a wave; one that is open ebbs when they no longer are."""
    return missed_authors > max(WAVE_LEAST_AUTHORS, WAVE_SHARE_OF_FOLLOWED * followed_authors)


def ending(incident: OpenIncident, at: datetime) -> Ending | None:
    """How an incident that stops verdicts ends at this time; None while it goes on."""
    if has_recovered(incident):
        return "recovered"
    return "expired" if at - incident.opened_at >= LONGEST else None


class Incidents:
    """When the platform as a whole could not be trusted."""

    def __init__(self, platform: str, incidents: Iterable[Incident]) -> None:
        here = [incident for incident in incidents if incident.platform == platform]
        self._outages = [incident for incident in here if incident.kind == "outage"]
        self._waves = [incident for incident in here if incident.kind == "wave"]

    def open_at(self, moment: datetime) -> bool:
        """Whether an outage was open at that time."""
        return any(_touches(each, moment, moment) for each in self._outages)

    def cover(self, look: Observation) -> bool:
        """Whether one was open at any time between asking and the closing of the look's batch."""
        return any(_touches(each, min(look.sent_at, look.closed_at), look.closed_at) for each in self._outages)

    def restart(self, since: datetime, until: datetime) -> bool:
        """Whether one ended in that time after which counts begin from zero."""
        return any(k.counts_restart and k.closed_at and since < k.closed_at <= until for k in self._outages)

    def frees(self, absence: Absence, since: datetime, until: datetime) -> bool:
        """Whether one that may have struck the post recovered in that time, after its end: it counts from zero then."""
        struck = (*self._outages_upon(absence), *self._waves_upon(absence))
        return any(k.recovered_at is not None and since < k.recovered_at <= until for k in struck)

    def holding(self, absence: Absence, moment: datetime, wave_hold: timedelta) -> int | None:
        """Number of the incident that holds back, at that moment, what seems gone; None where none does."""
        outages = [each for each in self._outages_upon(absence) if each.holds and each.is_over(moment)]
        waves = [k for k in self._waves_upon(absence) if k.opened_at <= moment < absence.public_at + wave_hold]
        return next((k.number for k in (*outages, *waves) if not _is_settled(k, moment)), None)

    def _outages_upon(self, absence: Absence) -> list[Incident]:
        # Who was last seen before the end of an outage may have been struck, too, though found missing only after it.
        return [each for each in self._outages if _touches(each, absence.since, absence.public_at + WINDOW)]

    def _waves_upon(self, absence: Absence) -> list[Incident]:
        return [each for each in self._waves if _touches(each, absence.began_at, absence.public_at + WAVE_WINDOW)]


def _is_settled(incident: Incident, moment: datetime) -> bool:
    """Whether by then a person had accepted it, or its authors had come back."""
    return any(at is not None and at <= moment for at in (incident.accepted_at, incident.recovered_at))


def _touches(incident: Incident, since: datetime, until: datetime) -> bool:
    """Whether it was open at any time from the one to the other, both included."""
    return incident.opened_at <= until and not incident.is_over(since)
