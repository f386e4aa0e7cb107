"""Making a checkpoint, having it stamped, and handing it to others.

    sign ── one transaction: the checkpoint, and the line that records it
      └─→ stamp, hand over ── another: what came of each; what was not taken is tried again at the next checkpoint

A key that cannot be used stops no look and no scan: it stops checkpoints, and is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from archiver.audit.sinks import Sink
from archiver.audit.stamping import stamp
from archiver.model.exchange import Send
from archiver.store import checkpoints, keys
from archiver.store.checkpoints import Stored
from archiver.store.transaction import Store

TRIES = 10
"""So many checkpoints that a sink or the authority did not take are tried again at once, oldest first."""


@dataclass(slots=True)
class Sealed:
    """What came of making a checkpoint."""

    checkpoint: Stored | None = None
    """The newest one; None where there is none yet."""
    is_new: bool = False
    alarms: list[str] = field(default_factory=list)
    """What a person should look at."""

    @property
    def failed(self) -> bool:
        """Whether a checkpoint was wanted and could not be made."""
        return self.checkpoint is None or (not self.is_new and bool(self.alarms))


@dataclass(frozen=True, slots=True)
class Sealing:
    """How this archive makes checkpoints."""

    store: Store
    folder: Path
    """Where the key is."""
    origin: str
    """What the archive is called; "" for its own name."""
    sinks: Sequence[Sink] = ()
    send: Send | None = None
    """How the authority is asked."""
    authority: str = ""
    """Its address; "" for none."""

    def seal(self, run: int) -> Sealed:
        """Make a checkpoint, if the ledger says anything that the last one does not cover."""
        sealed = self._sign(run)
        if sealed.is_new and sealed.checkpoint is not None:
            self._stamp(run, sealed.checkpoint, sealed)
            for sink in self.sinks:
                self._hand(run, sink, sealed.checkpoint, sealed)
        return sealed

    def _sign(self, run: int) -> Sealed:
        with self.store.writing(run) as transaction:
            connection = transaction.connection
            sealed = Sealed(checkpoints.newest(connection))
            if not checkpoints.has_grown(connection):
                return sealed
            known, named = keys.listed(connection), self.origin or keys.origin(connection)
            signer = keys.load(self.folder, known[-1].fingerprint) if known else "the archive has no key yet"
            if isinstance(signer, str) or not named:
                sealed.alarms.append(f"no checkpoint: {signer}")
                return sealed
            return Sealed(checkpoints.append(transaction, signer, named), is_new=True)

    def _stamp(self, run: int, made: Stored, sealed: Sealed) -> None:
        if not self.authority or self.send is None:
            return
        host = urlsplit(self.authority).hostname or ""
        with self.store.reading() as connection:
            waiting = checkpoints.not_stamped(connection)[:TRIES]
        # The newest first: where it fails, the others would too.
        for each in (made, *waiting):
            token, refusal = stamp(self.send, self.authority, each.note.encode())
            with self.store.writing(run) as transaction:
                checkpoints.append_timestamp(transaction, each.number, host, token, refusal)
            if refusal is not None:
                sealed.alarms.append(f"{host} gave no time-stamp of the checkpoint of {each.lines} lines: {refusal}")
                return

    def _hand(self, run: int, sink: Sink, made: Stored, sealed: Sealed) -> None:
        with self.store.reading() as connection:
            waiting = checkpoints.not_taken(connection, sink.name)[:TRIES]
        for each in (made, *waiting):
            refusal = sink.hand(each.lines, each.note.encode())
            with self.store.writing(run) as transaction:
                checkpoints.append_handover(transaction, each.number, sink.name, sink.kind, refusal)
            if refusal is not None:
                sealed.alarms.append(f"sink {sink.name} did not take the checkpoint of {each.lines} lines: {refusal}")
                return
