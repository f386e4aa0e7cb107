"""What a report reads beside listings: what was followed, the looks that carry a verdict, what a post said and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.snapshot import Snapshot
from archiver.model.verdict import State


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many posts have a verdict."""

    state: State
    held: int
    """In the whole archive."""
    shown: int
    """Of those that pass the filter."""


@dataclass(frozen=True, slots=True)
class EndpointLooks:
    """The looks at posts and accounts on one endpoint; controls are not counted."""

    platform: str
    endpoint: str
    looks: int
    valid: int
    """Those in batches that closed valid."""
    unreachable: int
    """Those that no answer came to, or that were not asked because none would."""
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """What an archive has followed, in numbers."""

    sources: tuple[tuple[str, int], ...]
    """Name and number of articles, by name."""
    platforms: tuple[tuple[str, int], ...]
    """Name and number of posts, the most first."""
    articles: int
    vanished_articles: int
    embeds: int
    unidentified: int
    """Embeds that no adapter identified."""
    posts: int
    snapshots: int
    captures: int
    pictures: int
    removals: tuple[tuple[str, int], ...]
    """Kind and number of contents that were removed on purpose."""
    rounds: int
    batches: int
    void_batches: int
    stream_gaps: int
    """Times in which a stream of deletions was not heard."""
    ledger_lines: int
    ledger_head: str | None
    """Digest of the last line; None for an empty ledger."""


@dataclass(frozen=True, slots=True)
class LookListing:
    """A look that a verdict rests on."""

    number: int
    at: datetime
    endpoint: str
    about: str
    """"post", "author" or "control"."""
    outcome: Outcome
    reason: Reason
    strength: Strength | None
    round: int
    batch: int
    valid: bool
    controlled: bool
    ledger: int
    controls_served: int = 0
    """Controls known to be alive that were served in its batch."""
    controls_absent: int = 0
    """Controls that never existed and were not served in its batch."""


@dataclass(frozen=True, slots=True)
class SnapshotListing:
    """A snapshot as it is listed."""

    number: int
    endpoint: str
    kind: str
    taken_at: datetime
    provenance: str
    said: Snapshot | None
    """None once it was removed."""
    digest: str | None
    """Labelled digest of its canonical bytes; None once it was removed."""
    commitment: str | None
    """It stays when the words are removed."""
    removal: tuple[str, int] | None
    """Why it was removed, and the line of the ledger that says so; None while it stands."""
