"""What whoever makes a report knows beside the archive's own record, and the report prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archiver.model.verdict import Rules


@dataclass(frozen=True, slots=True)
class Stated:
    """The circumstances of a report. Nothing in it is read from a clock."""

    as_of: datetime
    """UTC: the time of the checkpoint that the report goes with, else of the newest line of the ledger."""
    origin: str | None = None
    """The archive's name in its checkpoints; None where it has none."""
    fingerprint: str | None = None
    """Labelled digest of the key that signs the checkpoints; None where there is no key."""
    held_outside: tuple[str, ...] = ()
    """Who took a copy of a checkpoint, and of how many lines. Empty: nobody, and the report says so."""
    retention: str | None = None
    """Which policy of retention is active, in one line; None for none."""
    weaker_rules: tuple[str, ...] = ()
    """As `Config.unsafe`: thresholds below the standard ones, in force."""
    rules: Rules = field(default_factory=Rules)
    """The thresholds in force."""
    follow: tuple[str, ...] = ()
    """Authors to whom looking is limited; empty means everyone."""
    public: bool = False
    """True: no text, name, handle, picture, address or digest of what somebody wrote stands in the report."""
    in_bag: bool = False
    """True where the report lies in an export beside the verifiers."""
