"""What auditors get: the record as a bag, signed and ending with a checkpoint where the key is at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.evidence import Evidence
from archiver.model.listing import PostFilter

if TYPE_CHECKING:
    from archiver.audit.bag.order import Counted


class Bagging(Evidence):
    """The part of an archive that exports it whole."""

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
        known = self.signing_keys()
        signer = keys.load(self._database.folder, known[-1].fingerprint) if known else "the archive has no key yet"
        order = Order(wanted or PostFilter(), "public" if public else "auditor", self.config.unsafe)
        if isinstance(signer, str):
            order = replace(order, alarms=(f"the bag is not signed: {signer}",))
        else:
            order = replace(order, alarms=tuple(self.checkpoint().alarms), key=known[-1].fingerprint, sign=signer.sign)
        return write.write(self._store, target, order, progress or (lambda rows, name: None))
