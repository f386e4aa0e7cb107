"""The daemon: APScheduler only ticks; what is due is a column of the archive, and the archive's lock keeps it alone.

    tick_check    what is due is looked at                         every [schedule] tick
    tick_scan     the sources are scanned                          every [schedule] scan_every
    tick_resolve  ids of posts without one are sought              every [schedule] resolve_every
    tick_witness  web archives are asked of posts never seen,      every [witnesses.wayback] every
                  and to save the pages of those that were
    tick_retain   what has had its time by [retention] is removed  every day, where there is a policy
    tick_listen   what streams told is written                     every 5 seconds, where a stream is configured
    tick_checkpoint, tick_verify: the record is signed, and the    looks every hour whether it is time, by [evidence]
                  archive verified                                 checkpoint_every and verify_every

The same functions are called by `archiver run --once` and, over simulated weeks, by the demo and the tests.
A watchdog on the monotonic clock fires a tick that did not come: a wall clock set back stops APScheduler for as long.
"""

from __future__ import annotations

import platform
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archiver import __version__
from archiver.archive import Archive
from archiver.audit.retention import Retained
from archiver.check.summary import CheckSummary
from archiver.errors import ArchiverError, BusyError
from archiver.scan.sources import ScanSummary

Report = Callable[[str, dict[str, object]], None]
"""Called with an event's name and its figures; the door decides how they are logged."""

LISTEN_EVERY = timedelta(seconds=5)
LONGEST_CHECK = timedelta(minutes=30)
"""Where thousands of posts are due, a check goes on with the next tick, so that sources are scanned in between."""
LOOK_EVERY = timedelta(hours=1)
"""How often the daemon asks whether a checkpoint or a look through the archive is due; when they were is on file."""
LATE_TICKS = 2
"""After so many intervals without a tick the watchdog fires one."""


def tick_scan(archive: Archive) -> ScanSummary:
    """Scan every source."""
    return archive.scan()


def tick_resolve(archive: Archive) -> CheckSummary:
    """Seek the ids for which it is time."""
    return archive.resolve()


def tick_check(archive: Archive, within: timedelta | None = None) -> CheckSummary:
    """Look at the posts that are due; after the time `within`, no further round begins."""
    return archive.check(within=within)


def tick_witness(archive: Archive) -> CheckSummary:
    """Ask web archives about the posts whose turn it is."""
    return archive.ask_archives()


def tick_retain(archive: Archive) -> Retained:
    """Apply the retention policy."""
    return archive.retain()


def tick_listen(archive: Archive) -> CheckSummary:
    """Write what the platforms' streams told."""
    return archive.listen()


@dataclass(frozen=True, slots=True)
class Vouching:
    """What a tick did for the record."""

    failed: bool = False
    figures: dict[str, object] = field(default_factory=dict)


def tick_checkpoint(archive: Archive) -> Vouching:
    """Make a checkpoint, where the last one is old."""
    if not archive.checkpoint_is_due():
        return Vouching()
    sealed = archive.checkpoint()
    lines = sealed.checkpoint.lines if sealed.checkpoint else 0
    return Vouching(sealed.failed, {"lines": lines, "new": sealed.is_new, "alarms": sealed.alarms})


def tick_verify(archive: Archive) -> Vouching:
    """Verify the archive, where the last time is long ago."""
    if not archive.fixity_is_due():
        return Vouching()
    check = archive.check_fixity()
    told = {"outcome": check.outcome, "step": check.step, "found": check.message}
    return Vouching(check.outcome != "passed", told | {"lines": check.lines, "contents": check.contents})


Summary = ScanSummary | CheckSummary | Retained | Vouching


@dataclass(slots=True)
class Ticked:
    """One kind of tick: how often, and when it last ended by the monotonic clock."""

    name: str
    every: timedelta
    call: Callable[[Archive], Summary]
    last: float
    quiet: bool = False
    """Whether it is told only where it has anything to tell."""


class Daemon:
    """Runs until it is told to stop. All ticks run in one thread, one after the other: one writer."""

    def __init__(self, archive: Archive, report: Report) -> None:
        self._archive = archive
        self._report = report
        self._turn = threading.Lock()
        schedule, now = archive.config.schedule, archive.clock.monotonic()
        # A restart scans and seeks at once: the first tick of each is due now.
        self._ticks: tuple[Ticked, ...] = (
            Ticked("scan", schedule.scan_every, tick_scan, now),
            Ticked("resolve", schedule.resolve_every, tick_resolve, now),
            Ticked("check", schedule.tick, partial(tick_check, within=LONGEST_CHECK), now),
        )
        if archive.config.witnesses.wayback.enabled:
            self._ticks += (Ticked("witness", archive.config.witnesses.wayback.every, tick_witness, now),)
        if archive.config.retention.is_active:
            self._ticks += (Ticked("retain", timedelta(days=1), tick_retain, now),)
        if archive.config.platforms.are_listened_to:
            self._ticks += (Ticked("listen", LISTEN_EVERY, tick_listen, now, quiet=True),)

        self._ticks += (
            Ticked("checkpoint", LOOK_EVERY, tick_checkpoint, now, quiet=True),
            Ticked("verify", LOOK_EVERY, tick_verify, now, quiet=True),
        )
        archive.print_note = lambda note: report("checkpoint_note", {"note": note})
        self._failed = False
        self._wall_less_monotonic = archive.clock.now().timestamp() - now

    def run(self) -> bool:
        """Hold the archive's lock and tick until `archive.stop` is set. True if every tick went well.

        Raises BusyError at once if another daemon holds the archive, DataRefusedError if it is broken at first sight.
        """
        with self._archive.lock("daemon"):
            self._archive.look_before_start()
            scheduler = self._scheduler()
            self._report("daemon_started", {"version": __version__, "python": platform.python_version()})
            scheduler.start()
            try:
                while not self._archive.stop.wait(1.0):
                    self._watch()
            finally:
                # At once, that nobody waits for a stream; what they told is written when the last tick has ended.
                self._archive.hang_up()
                scheduler.shutdown(wait=True)
                self._stop_listening()
            self._report("daemon_stopped", {})
        return not self._failed

    def _stop_listening(self) -> None:
        try:
            summary = self._archive.stop_listening()
        except ArchiverError as error:
            self._failed = True
            self._report("listen_failed", {"why": str(error)})
            return
        self._failed |= summary.failed
        if _tells_anything(summary):
            self._report("listen", figures(summary))

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the daemon: looks in flight have 8 s, the rest is recorded as unknown."""

        def stop(number: int, frame: FrameType | None) -> None:
            self._archive.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        for place, tick in enumerate(self._ticks):
            # In the order of the tuple: what a scan finds is sought and looked at in the same start.
            first = datetime.now(UTC) + timedelta(milliseconds=10 * place)
            scheduler.add_job(
                self._tick, "interval", [tick], seconds=tick.every.total_seconds(), next_run_time=first, id=tick.name
            )
        return scheduler

    def _tick(self, tick: Ticked) -> None:
        if self._archive.stop.is_set():
            return
        with self._turn:
            try:
                summary = tick.call(self._archive)
                self._failed |= not isinstance(summary, Retained) and summary.failed
                if not tick.quiet or _tells_anything(summary):
                    self._report(tick.name, figures(summary))
            except BusyError as error:
                # Somebody looks by hand: the next tick takes what is left.
                self._report(f"{tick.name}_put_off", {"why": str(error)})
            except ArchiverError as error:
                self._failed = True
                self._report(f"{tick.name}_failed", {"why": str(error)})
            except Exception as error:
                # A bug of ours: it is told, and the next tick goes on with what is due.
                self._failed = True
                self._report(f"{tick.name}_crashed", {"why": repr(error), "where": traceback.format_exc()})
            finally:
                tick.last = self._archive.clock.monotonic()

    def _watch(self) -> None:
        """Fire ticks that are late by the monotonic clock, and tell when the wall clock was set."""
        now = self._archive.clock.monotonic()
        step = self._archive.clock.now().timestamp() - now - self._wall_less_monotonic
        if abs(step) > 5:
            self._report("clock_step", {"seconds": round(step)})
            self._wall_less_monotonic += step
        for tick in self._ticks:
            if now - tick.last > LATE_TICKS * tick.every.total_seconds() and not self._turn.locked():
                self._report("tick_late", {"tick": tick.name})
                self._tick(tick)


def _tells_anything(summary: Summary) -> bool:
    if isinstance(summary, Vouching):
        return bool(summary.figures)
    return not isinstance(summary, CheckSummary) or bool(summary.looks or summary.alarms or summary.errors)


def run_once(archive: Archive, progress: Callable[[int, str], None] | None = None) -> tuple[ScanSummary, CheckSummary]:
    """One scan, one search for ids, one check of what is due, one turn of asking archives, without the daemon."""
    scanned = archive.scan(progress)
    sought = tick_resolve(archive)
    checked = tick_check(archive)
    told = tick_witness(archive)
    for other in (sought, told):
        checked.identified += other.identified
        checked.captured += other.captured
        checked.saved += other.saved
        checked.errors += other.errors
        checked.unreachable |= other.unreachable
    checked.alarms = [*sought.alarms, *checked.alarms, *told.alarms]
    return scanned, checked


def figures(summary: Summary) -> dict[str, object]:
    """What a tick counted, for a log line."""
    if isinstance(summary, Vouching):
        return summary.figures
    if isinstance(summary, Retained):
        return {"thinned": summary.thinned, "redacted": summary.redacted, "held": summary.held}
    if isinstance(summary, ScanSummary):
        names = ("read", "unchanged", "vanished", "embeds", "unidentified", "still_unread")
        return {name: getattr(summary, name) for name in names} | {
            "unread": [
                {"source": each.source, "location": each.location, "message": each.message}
                for each in summary.unread
                if not each.harmless
            ],
            "passed_over": dict(summary.passed_over.most_common()),
        }
    return {
        "posts": summary.posts,
        "looks": summary.looks,
        "identified": summary.identified,
        "captured": summary.captured,
        "saved": summary.saved,
        "pictures": summary.pictures,
        "pictures_not_kept": summary.not_kept,
        "verdicts": [f"p{each.post}: {each.verdict.state}" for each in summary.given],
        "void": summary.void,
        "unreachable": sorted(summary.unreachable),
        "alarms": summary.alarms,
        "adapter_errors": summary.errors,
    }
