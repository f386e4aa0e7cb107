"""What is asked of a bag, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from archiver.model.listing import PostFilter
from archiver.store.transaction import Reader

Profile = Literal["auditor", "public"]
PROFILES: tuple[Profile, ...] = ("auditor", "public")

Progress = Callable[[int, str], None]
"""Called with how many rows of a file were written so far, and the file's name."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked."""

    wanted: PostFilter
    report: Callable[[Reader, Path, Counted], object]
    """Writes report.html, of the same state of the archive."""
    profile: Profile = "auditor"
    unsafe: tuple[str, ...] = ()
    """Weaker rules that are in force."""
    key: str | None = None
    """Fingerprint of the key that signs the manifest; None where nobody signs."""
    sign: Callable[[bytes], bytes] | None = None
    """Makes its 64 raw bytes over the manifest; None with `key`."""
    alarms: tuple[str, ...] = ()
    """What a person should know of how it is signed, a line each."""

    @property
    def words(self) -> bool:
        """Whether the bag holds what somebody wrote, and names persons."""
        return self.profile == "auditor"


@dataclass(slots=True)
class Counted:
    """What a bag holds."""

    as_of: datetime
    """The time of its newest checkpoint; where there is none, of the ledger's last line."""
    origin: str = ""
    """Of the archive, as checkpoints name it; "" before its first checkpoint."""
    lines: int = 0
    """Of the ledger."""
    covered: int = 0
    """How many of them the newest checkpoint covers."""
    head: str = ""
    """Labelled digest of the last line that it covers; "" without one."""
    archived: dict[str, int] = field(default_factory=dict)
    """Posts in the archive, by verdict."""
    posts: dict[str, int] = field(default_factory=dict)
    """Posts in the bag, by verdict."""
    files: dict[str, int] = field(default_factory=dict)
    """Rows by file."""
    signed_by: str | None = None
    """Fingerprint of the key that signed its manifest."""
    alarms: tuple[str, ...] = ()
    """As in Order."""
