"""What auditors get: a bag, signed and ending with a checkpoint where the key is at hand; or a report alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.evidence import Evidence
from archiver.model.listing import PostFilter
from archiver.store import history
from archiver.store.transaction import Reader

if TYPE_CHECKING:
    from archiver.audit.bag.order import Counted
    from archiver.audit.report import Stated

EPOCH = datetime.fromtimestamp(0, UTC)
"""As of when an archive stands in which nothing was ever written."""


class Bagging(Evidence):
    """The part of an archive that hands it over."""

    def export_bag(
        self,
        target: Path,
        wanted: PostFilter | None = None,
        *,
        public: bool = False,
        progress: Callable[[int, str], None] | None = None,
    ) -> Counted:
        """Make a bag of the record in the new folder `target`; `public` leaves out what somebody wrote, and names.

        It ends with a checkpoint over the whole ledger and is signed; without the key it ends at the newest checkpoint
        there is, and says so. Raises UsageError where the folder exists; nothing is left where it cannot be made.
        """
        from archiver.audit.bag import files, write
        from archiver.audit.bag.order import Order
        from archiver.store import keys

        files.refuse_existing(target)
        known, asked = self.signing_keys(), wanted or PostFilter()
        signer = keys.load(self._database.folder, known[-1].fingerprint) if known else "the archive has no key yet"
        report = partial(self._report_in_bag, wanted=asked, public=public)
        order = Order(asked, report, "public" if public else "auditor", self.config.unsafe)
        if isinstance(signer, str):
            order = replace(order, alarms=(f"the bag is not signed: {signer}",))
        else:
            order = replace(order, alarms=tuple(self.checkpoint().alarms), key=known[-1].fingerprint, sign=signer.sign)
        return write.write(self._store, target, order, progress or (lambda rows, name: None))

    def report(self, target: Path, wanted: PostFilter | None = None, *, public: bool = False) -> int:
        """Write the record of disappearances as one HTML file. Returns how many posts have a card in it.

        Raises UsageError for another suffix than .html, StorageError where the disk refuses.
        """
        from archiver.audit import report

        if target.suffix.lower() not in (".html", ".htm"):
            raise UsageError(f"{target}: a report ends in .html")
        with self._store.reading() as connection:
            stated = self._stated(connection, public=public)
            return report.write_of(connection, target, wanted or PostFilter(), stated=stated)

    def _report_in_bag(
        self, connection: Reader, path: Path, counted: Counted, *, wanted: PostFilter, public: bool
    ) -> None:
        from archiver.audit import report

        stated = replace(self._stated(connection, public=public), as_of=counted.as_of, in_bag=True)
        report.write_of(connection, path, wanted, stated=stated)

    def _stated(self, connection: Reader, *, public: bool) -> Stated:
        from archiver.audit.report import Stated

        vouched = self._vouched(connection)
        return Stated(
            as_of=history.newest_line_at(connection) or EPOCH,
            origin=vouched.origin,
            fingerprint=vouched.key,
            held_outside=tuple(f"{sink} (up to line {lines})" for sink, (lines, _) in sorted(vouched.copies.items())),
            retention="; ".join(self.config.retention.stated()) or None,
            weaker_rules=self.config.unsafe,
            rules=self.config.rules,
            follow=self.config.follow.authors,
            public=public,
        )
