"""Time, as the one thing that everything else is handed: the system's, or one that tests and the demo set."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where the program learns what time it is, and how it waits."""

    @property
    def boot_id(self) -> str:
        """Names the boot within which monotonic times can be compared."""

    def now(self) -> datetime:
        """Wall time, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets; only differences within one boot mean anything."""

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        """Wait that long, or until `wake` is set."""


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        try:
            self._boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            # Elsewhere than on Linux each process is a boot of its own: spans across processes are not compared.
            self._boot_id = f"process-{time.time_ns():x}"

    @property
    def boot_id(self) -> str:
        return self._boot_id

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        if seconds > 0:
            (wake or threading.Event()).wait(seconds)


class SettableClock:
    """A clock that stands still until it is moved; to sleep on it is to move it.

    Safe to share between threads. `start` must be aware.
    """

    def __init__(self, start: datetime, boot_id: str = "settable") -> None:
        if start.tzinfo is None:
            raise ValueError("a SettableClock starts at an aware time")
        self._now = start.astimezone(UTC)
        self._monotonic = 0.0
        self._boot_id = boot_id
        self._lock = threading.Lock()

    @property
    def boot_id(self) -> str:
        return self._boot_id

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        if seconds > 0 and not (wake and wake.is_set()):
            self.advance(timedelta(seconds=seconds))

    def advance(self, span: timedelta) -> None:
        """Let `span` pass on both the wall and the monotonic clock."""
        with self._lock:
            self._now += span
            self._monotonic += span.total_seconds()

    def set(self, moment: datetime) -> None:
        """Step the wall clock alone, as an administrator or a bad time server would."""
        with self._lock:
            self._now = moment.astimezone(UTC)

    def reboot(self, boot_id: str) -> None:
        """Start a new boot: the monotonic clock begins again at 0."""
        with self._lock:
            self._boot_id = boot_id
            self._monotonic = 0.0


@lru_cache(256)
def utc_text(moment: datetime) -> str:
    """The archive's way to write a time, `2026-01-02T03:04:05.000006Z`. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("times in the archive are aware")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
