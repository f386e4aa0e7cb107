"""The archive: the one place that wires the rooms together. Everything a command does can be called from here.

with Archive.open("config.toml") as archive:
    archive.scan()
    archive.check()
    for post in archive.posts(PostFilter(verdict=(State.DELETED,))):
        print(post.permalink, post.gone_after, post.gone_by)
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from archiver import digest
from archiver.bagging import Bagging
from archiver.clock import Clock, SystemClock
from archiver.config import Config
from archiver.configured import load_config
from archiver.custody import Custody
from archiver.errors import BusyError
from archiver.store import posts
from archiver.store.engine import Database
from archiver.store.transaction import OpenRun, Store

if TYPE_CHECKING:
    from archiver.check.again import Rereading
    from archiver.check.controls import ControlReading
    from archiver.check.judging import Given
    from archiver.check.planning import PlannedRequest
    from archiver.check.rounds import Checker
    from archiver.check.streaming import Streaming
    from archiver.check.summary import CheckSummary
    from archiver.model.exchange import Get
    from archiver.scan.sources import Progress, ScanSummary

LOCK_SECONDS = 10.0


class Archive(Custody, Bagging):
    """One archive, as a configuration describes it. Not to be shared between threads.

    Reading needs an archive that exists; whatever writes makes it, or brings an older schema up to date.
    Methods raise the errors of `archiver.errors`; a network or an article that fails is told in a summary.
    """

    def __init__(self, config: Config, *, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.stop = threading.Event()
        """Set it to end a scan or a check early: what is in flight is kept, the rest is left for the next."""
        self.print_note = lambda note: None
        self._database = Database(config.store.path, group=config.store.group)
        self._store = Store(self._database, self.clock)
        self._checker: Checker | None = None
        self._listening: tuple[Streaming, OpenRun, contextlib.ExitStack] | None = None
        self._is_current = False

    @classmethod
    def open(cls, path: str | Path, *, clock: Clock | None = None) -> Archive:
        """The archive of a configuration file. Raises ConfigurationError."""
        return cls(load_config(path), clock=clock)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and the network."""
        try:
            self.stop_listening()
        finally:
            if self._checker is not None:
                self._checker.tools.client.close()
                self._checker = None
            self._database.close()

    # writing

    def init(self) -> bool:
        """Make the archive, or bring it up to date. True if anything was done."""
        from archiver.store.migrate import bring_up_to_date

        made = bring_up_to_date(self._database)
        if not self._is_current:
            self._refuse_rollback()
            self._is_current = True
            self._ensure_key()
        return made

    def scan(self, progress: Progress | None = None, *, again: bool = False) -> ScanSummary:
        """Scan every source for embeds. `again`: also what did not change, as a newer archiver may find more."""
        from archiver.articles import registry
        from archiver.scan.sources import scan

        processes = self.config.scan.processes
        with self._feed_reader() as get, self._run("scan") as run:
            sources = [registry.open_source(name, settings, get) for name, settings in self.config.sources.items()]
            return scan(
                self._store,
                sources,
                self.clock,
                run,
                progress=progress,
                stop=self.stop,
                processes=processes,
                again=again,
            )

    def _feed_reader(self) -> contextlib.AbstractContextManager[Get | None]:
        if not any(source.kind == "feed" for source in self.config.sources.values()):
            return contextlib.nullcontext()
        from archiver.wiring import feed_reader

        return feed_reader(self.config, self.clock)

    def check(self, numbers: Collection[int] | None = None, within: timedelta | None = None) -> CheckSummary:
        """Look at these posts, or at all that are due; after the time `within`, no further round begins.

        Raises BusyError while another process looks.
        """
        return self._look("check", numbers, within)

    def plan(self, numbers: Collection[int] | None = None) -> list[PlannedRequest]:
        """What `check` would ask for, where and when. Nothing is asked, nothing is written."""
        return list(self._looker().plan(numbers))

    def resolve(self, numbers: Collection[int] | None = None) -> CheckSummary:
        """Seek the ids of these posts, or of all for which it is time. Raises BusyError while another looks."""
        return self._look("resolve", numbers)

    def ask_archives(self) -> CheckSummary:
        """Ask web archives about posts that we never saw, and to save the pages of those that we did, where that is
        configured: of each, those whose turn it is. Raises BusyError while another looks.

        What they show is kept as theirs; an id that they tell is the post's from then on.
        """
        from archiver.check.summary import CheckSummary
        from archiver.wiring import saving, witnesses

        with self.looking():
            asking, keeping = witnesses(self.config, self._looker()), saving(self.config, self._looker())
            is_asked, is_kept = asking is not None and asking.has_due(), keeping is not None and keeping.has_due()
            if not (is_asked or is_kept):
                return CheckSummary()
            with self._run("witness") as run:
                told = asking.ask(run) if asking and is_asked else CheckSummary()
                told = told + keeping.save(run) if keeping and is_kept else told
            return self._sealed_after(run, told)

    def listen(self) -> CheckSummary:
        """Write what the platforms' streams told since the last time; the first call begins to listen."""
        from archiver.check.summary import CheckSummary

        if self._listening is None:
            from archiver.wiring import streaming

            self._bring_up_to_date()
            found = streaming(self.config, self._looker())
            if found is None:
                return CheckSummary()
            with contextlib.ExitStack() as stack:
                run = stack.enter_context(self._run("listen"))
                found.start()
                self._listening = (found, run, stack.pop_all())
        opened, run, _ = self._listening
        return opened.write(run)

    def hang_up(self) -> None:
        """End every stream at once; any thread may say so. What was heard is written by `stop_listening`."""
        if self._listening is not None:
            self._listening[0].hang_up()

    def stop_listening(self) -> CheckSummary:
        """End every stream, and write what is left of what they told."""
        from archiver.check.summary import CheckSummary

        if self._listening is None:
            return CheckSummary()
        opened, run, stack = self._listening
        self._listening = None
        with stack:
            return opened.close(run)

    def make_due(self, numbers: Collection[int]) -> None:
        """Let a running daemon look at these posts at its next tick."""
        with self._run("make_due") as run, self._store.writing(run.id) as transaction:
            posts.make_due(transaction, numbers)

    def reread(self) -> Rereading:
        """Apply today's reading rules to the kept answers of looks that told nothing by older ones."""
        from archiver.check.again import reread

        with self.looking(), self._run("reread") as run:
            adapters = [platform.adapter for platform in self._looker().platforms]
            told = reread(self._store, adapters, self.config.rules, run, self.config.web.decoded_cap)
        return self._sealed_after(run, told)

    def accept_incident(self, number: int, *, reason: str, by: str) -> list[int]:
        """A person takes what disappeared in an incident for real. Returns the posts that it held: they are due now.

        They are judged at their next looks. Raises UsageError for an incident that holds nothing back, and BusyError.
        """
        from archiver.check.accepting import accept

        with self.looking():
            return accept(self._store, self._run, number, reason, by)

    def renew(self) -> list[Given]:
        """Judge what other rules than today's have judged again. What was said stays on file; returns what is new."""
        from archiver.check.again import renew

        with self.looking(), self._run("renew") as run:
            return renew(self._store, self.config.rules, run)

    def check_controls(self) -> list[ControlReading]:
        """Look at every control of every platform that is looked at, on every endpoint of posts. Raises BusyError."""
        with self.looking(), self._run("controls") as run:
            return self._looker().check_controls(run)

    # locks

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Hold the lock under which posts are looked at. Raises BusyError."""
        with self.lock("looks", LOCK_SECONDS):
            yield

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float = 0.0) -> Iterator[None]:
        """Hold a lock of the archive's folder; it falls with the process. Raises BusyError after `seconds`."""
        self._bring_up_to_date()
        with self._held(name, seconds):
            yield

    def daemon_runs(self) -> bool:
        """Whether a daemon runs on this archive. Waits for no writer, and makes no archive."""
        if not self._database.exists():
            return False
        try:
            with self._held("daemon", 0.0):
                return False
        except BusyError:
            return True

    @contextlib.contextmanager
    def _held(self, name: str, seconds: float) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self._database.lock_path(name), mode=0o660 if self._group else 0o600)
        try:
            # Told to stop, nobody goes on waiting for another process.
            held = lock.acquire(timeout=seconds, cancel_check=self.stop.is_set)
        except Timeout:
            raise BusyError(f"{self._database.folder}: another process holds the {name} lock") from None
        with held:
            yield

    @property
    def _group(self) -> str:
        return self.config.store.group

    def _bring_up_to_date(self) -> None:
        if not self._is_current:
            self.init()

    @contextlib.contextmanager
    def _run(self, kind: str) -> Iterator[OpenRun]:
        self._bring_up_to_date()
        with self._store.run(kind, digest.of_json(digest.without_floats(self.config.masked()))) as run:
            yield run

    def _look(
        self, kind: Literal["check", "resolve"], numbers: Collection[int] | None, within: timedelta | None = None
    ) -> CheckSummary:
        from archiver.check.summary import CheckSummary

        with self.looking():
            looker = self._looker()
            # A tick that finds nothing due is no run: it writes nothing.
            if numbers is None and not looker.has_due(identified=kind == "check"):
                return CheckSummary()
            with self._run(kind) as run:
                summary = looker.check(run, numbers, within) if kind == "check" else looker.resolve(run, numbers)
            return self._sealed_after(run, summary)

    def _looker(self) -> Checker:
        if self._checker is None:
            from archiver.wiring import checker

            self._checker = checker(self.config, self._store, self.clock, self.stop)
        return self._checker
