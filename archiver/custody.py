"""What may be taken out of the archive, and what may not: redactions, legal holds, retention."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from archiver.catalogue import Catalogue
from archiver.clock import Clock
from archiver.store import holds, redactions
from archiver.store.transaction import OpenRun

if TYPE_CHECKING:
    from archiver.audit.redaction import Plan, Progress
    from archiver.audit.retention import Retained
    from archiver.model.redaction import Hold, Redaction


class Custody(Catalogue):
    """The part of an archive that removes. Raises UsageError where a legal hold stands in the way."""

    clock: Clock

    if TYPE_CHECKING:

        def looking(self) -> contextlib.AbstractContextManager[None]: ...
        def _run(self, kind: str) -> contextlib.AbstractContextManager[OpenRun]: ...

    def plan_redaction(self, post: int, progress: Progress | None = None) -> Plan:
        """What `redact` would remove. Nothing is written."""
        from archiver.audit.redaction import plan

        return plan(self._store, post, progress)

    def redact(
        self, post: int, *, reason: str, authority: str, by: str, progress: Progress | None = None
    ) -> tuple[Plan, int]:
        """Remove what a post said, for one of `model.redaction.REASONS`. Returns what went, and how many bytes.

        Raises BusyError while another process looks at posts.
        """
        from archiver.audit.redaction import plan, redact

        with self.looking(), self._run("redact") as run:
            planned = plan(self._store, post, progress)
            return planned, redact(self._store, run, planned, reason=reason, authority=authority, by=by)

    def hold(self, post: int, *, reason: str, by: str) -> int:
        """Place a legal hold on a post. Returns its number."""
        with self._run("hold") as run, self._store.writing(run.id) as transaction:
            return holds.place(transaction, post, reason=reason, by=by)

    def release(self, post: int, *, reason: str, by: str) -> int:
        """End the holds on a post. Returns how many there were."""
        with self._run("release") as run, self._store.writing(run.id) as transaction:
            return holds.end(transaction, post, reason=reason, by=by)

    def holds(self) -> list[Hold]:
        """Every hold, those that ended too."""
        with self._store.reading() as connection:
            return holds.listed(connection)

    def redactions(self) -> list[Redaction]:
        """Every redaction, oldest first."""
        with self._store.reading() as connection:
            return redactions.listed(connection)

    def retain(self, *, dry_run: bool = False) -> Retained:
        """Apply `[retention]`: thin and redact what has had its time. `dry_run` only says what would go."""
        from archiver.audit.retention import Retained, retain

        policy = self.config.retention
        if dry_run:
            return retain(self._store, policy, self.clock.now(), None)
        if not policy.is_active:
            return Retained()
        with self.looking(), self._run("retain") as run:
            return retain(self._store, policy, self.clock.now(), run)
