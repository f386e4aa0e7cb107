"""Politeness: a least gap between two requests to one host, a budget a day, and hosts left alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from archiver.clock import Clock

HOUR, DAY_HOURS = 3600, 24


class Pace:
    """Hands out the times at which hosts may be asked. Safe to share between threads.

    `gap_seconds` is the least time between two requests to one host; `gaps` overrides it by host. `per_day` is the
    most requests to a host in a day, counted by the hour; a host whose budget is spent is paused.
    """

    def __init__(
        self,
        clock: Clock,
        gap_seconds: float,
        gaps: Mapping[str, float],
        per_day: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._clock = clock
        self._gap_seconds = gap_seconds
        self._gaps = gaps
        self._per_day = per_day
        self._lock = threading.Lock()
        self._boot_id = clock.boot_id
        self._free_at: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}
        self._spent: dict[str, dict[int, int]] = {}
        """Requests by host and hour of the monotonic clock."""

    def wait(self, host: str, wake: threading.Event | None = None, places: Iterable[str] = ()) -> None:
        """Take the next moment that is free for the host, and for each of these places of it that have a gap of their
        own, and sleep until it comes (or `wake` is set)."""
        with self._lock:
            now = self._now()
            names = (host, *places)
            moment = max(now, *(self._free_at.get(name, now) for name in names))
            for name in names:
                self._free_at[name] = moment + self._gaps.get(name, self._gap_seconds)
        # Again after each sleep: on a settable clock another thread's sleep may have moved the time already.
        while (rest := moment - self._clock.monotonic()) > 0 and not (wake and wake.is_set()):
            self._clock.sleep(rest, wake)

    def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for that long; a longer pause that already runs stays."""
        with self._lock:
            until = self._now() + seconds
            self._paused_until[host] = max(until, self._paused_until.get(host, until))

    def spent(self, host: str, seconds_ago: float = 0.0, requests: int = 1) -> None:
        """So many requests were sent so long ago, by whichever process: they are of the same day's budget."""
        with self._lock:
            self._count(host, self._now() - seconds_ago, requests)

    def paused_until(self, host: str) -> datetime | None:
        """When the host's pause ends, wall time in UTC; None if it is not paused."""
        with self._lock:
            now = self._now()
            left = max(self._paused_until.get(host, 0.0), self._spent_until(host, now)) - now
            if left <= 0:
                self._paused_until.pop(host, None)
                return None
            return self._clock.now() + timedelta(seconds=left)

    def _count(self, host: str, moment: float, requests: int) -> None:
        if host in self._per_day:
            hours = self._spent.setdefault(host, {})
            hour = int(moment // HOUR)
            hours[hour] = hours.get(hour, 0) + requests

    def _spent_until(self, host: str, now: float) -> float:
        """When the budget of a host has room again; 0 where it has some now."""
        hours = self._spent.get(host, {})
        for hour in [hour for hour in hours if hour <= int(now // HOUR) - DAY_HOURS]:
            del hours[hour]
        over = sum(hours.values()) - self._per_day.get(host, 0)
        if not hours or over < 0:
            return 0.0
        for hour in sorted(hours):
            over -= hours[hour]
            if over < 0:
                return float((hour + DAY_HOURS) * HOUR)
        return float((max(hours) + DAY_HOURS) * HOUR)

    def _now(self) -> float:
        """Monotonic time; what an earlier boot's clock said is forgotten, for it cannot be compared."""
        if self._clock.boot_id != self._boot_id:
            self._boot_id = self._clock.boot_id
            self._free_at.clear()
            self._paused_until.clear()
            self._spent.clear()
        return self._clock.monotonic()
