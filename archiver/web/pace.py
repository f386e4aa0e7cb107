"""Politeness: a least gap between two requests to one host, and hosts that are left alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from archiver.clock import Clock


class Pace:
    """Hands out the times at which hosts may be asked. Safe to share between threads.

    `gap_seconds` is the least time between two requests to one host; `gaps` overrides it by host.
    """

    def __init__(self, clock: Clock, gap_seconds: float, gaps: Mapping[str, float]) -> None:
        self._clock = clock
        self._gap_seconds = gap_seconds
        self._gaps = gaps
        self._lock = threading.Lock()
        self._boot_id = clock.boot_id
        self._free_at: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}

    def wait(self, host: str, wake: threading.Event | None = None) -> None:
        """Take the host's next free moment, and sleep until it comes (or `wake` is set)."""
        with self._lock:
            now = self._now()
            moment = max(now, self._free_at.get(host, now))
            self._free_at[host] = moment + self._gaps.get(host, self._gap_seconds)
        # Again after each sleep: on a settable clock another thread's sleep may have moved the time already.
        while (rest := moment - self._clock.monotonic()) > 0 and not (wake and wake.is_set()):
            self._clock.sleep(rest, wake)

    def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for that long; a longer pause that already runs stays."""
        with self._lock:
            until = self._now() + seconds
            self._paused_until[host] = max(until, self._paused_until.get(host, until))

    def paused_until(self, host: str) -> datetime | None:
        """When the host's pause ends, wall time in UTC; None if it is not paused."""
        with self._lock:
            left = self._paused_until.get(host, 0.0) - self._now()
            if left <= 0:
                self._paused_until.pop(host, None)
                return None
            return self._clock.now() + timedelta(seconds=left)

    def _now(self) -> float:
        """Monotonic time; what an earlier boot's clock said is forgotten, for it cannot be compared."""
        if self._clock.boot_id != self._boot_id:
            self._boot_id = self._clock.boot_id
            self._free_at.clear()
            self._paused_until.clear()
        return self._clock.monotonic()
