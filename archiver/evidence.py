"""What vouches for the archive: its key, its checkpoints, its anchor, and looking whether all is as it was written."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from archiver.catalogue import Catalogue
from archiver.clock import Clock
from archiver.errors import ArchiverError, DataRefusedError, StorageError, UsageError
from archiver.store import anchor, files
from archiver.store.engine import Database
from archiver.store.transaction import OpenRun, Reader

if TYPE_CHECKING:
    from archiver.audit.sealing import Sealed
    from archiver.audit.verify_archive import Progress, Step
    from archiver.checkpoints import PrivateKey
    from archiver.store.fixity import FixityCheck
    from archiver.store.keys import Key


class Alarming(Protocol):
    """A summary of what a run did."""

    alarms: list[str]


S = TypeVar("S", bound=Alarming)
LINES_AT_START = 1000
"""So many of the newest lines are verified when a daemon starts."""
KEY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Vouched:
    """What stands for the archive's record at this moment."""

    origin: str | None
    """What it is called in its checkpoints; None while it has no id."""
    key: str | None
    """Fingerprint of the key that signs."""
    lines: int
    """How many lines the ledger has."""
    sealed_lines: int
    """How many of them the newest checkpoint covers."""
    sealed_at: datetime | None
    copies: dict[str, tuple[int, datetime]]
    """By sink: how many lines the newest checkpoint covers that it took, and when it did."""
    stamped_lines: int | None
    """How many lines the newest checkpoint covers that has a time-stamp; None where none has one."""
    verified: FixityCheck | None
    """The last recorded look through the archive; None before the first."""


class Evidence(Catalogue):
    """The part of an archive that vouches for it."""

    clock: Clock
    stop: threading.Event
    print_note: Callable[[str], None]
    """Where sinks of kind "print" print."""
    _database: Database

    if TYPE_CHECKING:

        def _bring_up_to_date(self) -> None: ...
        def _held(self, name: str, seconds: float) -> contextlib.AbstractContextManager[None]: ...
        def _run(self, kind: str) -> contextlib.AbstractContextManager[OpenRun]: ...

    # keys

    def signing_keys(self) -> list[Key]:
        """All keys that sign or signed, the one that signs last."""
        from archiver.store import keys

        with self._store.reading() as connection:
            return keys.listed(connection)

    def make_key(self) -> Key:
        """Make the archive's first key. Raises UsageError where it has one, StorageError where it cannot be kept."""
        self._bring_up_to_date()
        if known := self.signing_keys():
            raise UsageError(f"the archive has its key, {known[-1].fingerprint}; `archiver key rotate` makes another")
        return self._make_key()

    def rotate_key(self, *, lost: bool = False) -> Key:
        """Let a new key follow; the old one signs for it, unless it was lost. Raises StorageError, UsageError."""
        from archiver import checkpoints
        from archiver.store import keys

        self._bring_up_to_date()
        known = self.signing_keys()
        if not known:
            raise UsageError("the archive has no key yet; `archiver key create` makes one")
        with self._held("key", KEY_SECONDS):
            old = keys.load(self._database.folder, known[-1].fingerprint)
            if isinstance(old, str) != lost:
                raise StorageError(old) if isinstance(old, str) else UsageError("the key is there: leave --lost away")
            new, pem = checkpoints.make_key()
            with _as_ours():
                keys.write(self._database.folder, pem, keys.NEXT_NAME)
            made = self._bring_in(new, None if isinstance(old, str) else old)
            with _as_ours():
                keys.replace(self._database.folder)
        return made

    def _ensure_key(self) -> None:
        """Give an archive its id and its first key, when it is made or comes from an older program."""
        with self._store.reading() as connection:
            known = connection.exec_driver_sql("SELECT 1 FROM signing_keys LIMIT 1").first()
        # Another account of the group's would make a key that the daemon may not read.
        if known is None and self._database.path.stat().st_uid == os.geteuid():
            self._make_key()

    def _make_key(self) -> Key:
        from archiver import checkpoints
        from archiver.store import keys

        with self._held("key", KEY_SECONDS):
            if known := self.signing_keys():
                return known[-1]
            # One that is there was made by a process that was killed before the archive heard of it.
            found = keys.read(self._database.folder / keys.FILE_NAME)
            if isinstance(found, str):
                if (self._database.folder / keys.FILE_NAME).exists():
                    raise StorageError(found)
                found, pem = checkpoints.make_key()
                with _as_ours():
                    keys.write(self._database.folder, pem)
            return self._bring_in(found, None)

    def _bring_in(self, new: PrivateKey, old: PrivateKey | None) -> Key:
        from archiver.store import keys

        with self._run("key") as run, self._store.writing(run.id) as transaction:
            keys.name_archive(transaction)
            named = self.config.evidence.origin or keys.origin(transaction.connection) or ""
            return keys.append(transaction, new, old, named)

    # checkpoints

    def checkpoint(self) -> Sealed:
        """Make a checkpoint, if the ledger says anything that the newest one does not cover; hand it to the sinks."""
        from archiver.audit.sealing import Sealed
        from archiver.store import checkpoints
        from archiver.wiring import sealing, sender

        self._bring_up_to_date()
        with self._store.reading() as connection:
            if not checkpoints.has_grown(connection):
                return Sealed(checkpoints.newest(connection))
        with sender(self.config, self.clock) as send, self._run("checkpoint") as run:
            return sealing(self.config, self._store, send, self.print_note).seal(run.id)

    def _sealed_after(self, run: OpenRun, summary: S) -> S:
        """Make a checkpoint if the run gave a verdict. Returns the summary, with what a person should look at."""
        from archiver.store import checkpoints

        with self._store.reading() as connection:
            is_wanted = checkpoints.gave_verdict(connection, run.id)
        if is_wanted:
            summary.alarms += self.checkpoint().alarms
        return summary

    def checkpoint_is_due(self) -> bool:
        """Whether the newest checkpoint is as old as `[evidence] checkpoint_every`."""
        from archiver.store import checkpoints

        with self._store.reading() as connection:
            newest = checkpoints.newest(connection)
        return newest is None or self.clock.now() - newest.made_at >= self.config.evidence.checkpoint_every

    def vouched(self) -> Vouched:
        """What stands for the record at this moment."""
        with self._store.reading() as connection:
            return self._vouched(connection)

    def _vouched(self, connection: Reader) -> Vouched:
        from archiver.store import checkpoints, fixity, keys

        newest, known = checkpoints.newest(connection), keys.listed(connection)
        return Vouched(
            origin=self.config.evidence.origin or keys.origin(connection),
            key=known[-1].fingerprint if known else None,
            lines=anchor.end(connection).lines,
            sealed_lines=newest.lines if newest else 0,
            sealed_at=newest.made_at if newest else None,
            copies=checkpoints.last_taken(connection),
            stamped_lines=checkpoints.last_stamped(connection),
            verified=fixity.newest(connection),
        )

    # looking whether all is as it was written

    def verify(
        self, *, trust: str | None = None, held: bytes | None = None, progress: Progress | None = None
    ) -> Iterator[Step]:
        """Every step of `archiver.audit.verify_archive`, up to the first that fails. Nothing is written."""
        from archiver.audit.verify_archive import verify_archive

        yield from verify_archive(
            self._store, self.refold, trust=trust, held=held, progress=progress, stopped=self.stop.is_set
        )

    def check_fixity(self) -> FixityCheck:
        """The same, noted in the archive: that it began, and how it ended. Raises BusyError when told to stop."""
        from archiver.store import fixity
        from archiver.store.fixity import FixityCheck
        from archiver.store.verifying import Kept

        with self._run("verify") as run:
            with self._store.reading() as connection:
                lines, contents = anchor.end(connection).lines, Kept(connection).counts()["contents"]

            def note(outcome: fixity.Outcome, failed: Step | None = None) -> FixityCheck:
                step, found = (failed.name, failed.found) if failed else (None, None)
                check = FixityCheck(outcome, self.clock.now(), step, found, lines, contents)
                with self._store.writing(run.id) as transaction:
                    fixity.append(transaction, check)
                return check

            note("started")
            failed = next((step for step in self.verify() if step.passed is False), None)
            return note("failed" if failed else "passed", failed)

    def fixity_is_due(self) -> bool:
        """Whether `[evidence] verify_every` is over since the last recorded look through the archive ended, or since
        it was made; one that was broken off is due at once."""
        from archiver.store import fixity, keys

        with self._store.reading() as connection:
            last, known = fixity.newest(connection), keys.listed(connection)
        if last is not None and last.outcome == "started":
            return True
        since = last.happened_at if last else known[0].made_at if known else None
        return since is None or self.clock.now() - since >= self.config.evidence.verify_every

    def look_before_start(self) -> None:
        """What a daemon looks at before it starts: the file's structure, and the newest lines of the ledger.

        Raises DataRefusedError: nothing is to be added to what is broken.
        """
        from archiver.audit import chain
        from archiver.store.verifying import Kept

        with self._store.reading() as connection:
            kept = Kept(connection)
            if broken := kept.breaks():
                raise DataRefusedError(f"{self._database.path}: {broken}; it is left as it is")
            after = max(0, anchor.end(connection).lines - LINES_AT_START)
            before = chain.Line(after, {}, kept.head(after) or chain.GENESIS)
            stored = list(kept.ledger_lines(after))
            try:
                heads = [line.head for line in chain.walk((each.line for each in stored), before)]
            except ArchiverError as error:
                raise DataRefusedError(f"{self._database.path}: {error}; it is left as it is") from None
            if heads != [each.head for each in stored]:
                raise DataRefusedError(f"{self._database.path}: the heads of the ledger's lines are not their digests")

    def acknowledge_rollback(self, reason: str) -> None:
        """Go on without what the anchor saw and the ledger lacks, and note why. UsageError where nothing is lost."""
        from archiver.store import fixity
        from archiver.store.migrate import bring_up_to_date

        bring_up_to_date(self._database)
        with self._store.reading() as connection:
            stands = anchor.end(connection)
            try:
                seen = anchor.read(self._database)
                is_lost = seen is not None and anchor.is_behind(connection, seen)
            except DataRefusedError:
                seen, is_lost = None, True
        if not is_lost:
            raise UsageError("nothing to acknowledge: the ledger has all that its anchor saw")
        # In the run's first transaction: the anchor is written anew with it.
        with self._store.run("rollback", also=lambda each: fixity.acknowledge(each, seen, stands, reason)):
            pass

    def _refuse_rollback(self) -> None:
        with self._store.reading() as connection:
            anchor.refuse_rollback(self._database, connection)
        files.sweep(self._database.folder)


@contextlib.contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror or error}") from error
