"""Capture: what a web archive kept of a post. It is the archive's word, never a sighting of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.model.snapshot import Snapshot


def provenance(archive: str, captured_at: datetime) -> str:
    """Names whose capture it is: "wayback/20190908182104"."""
    return f"{archive}/{captured_at:%Y%m%d%H%M%S}"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture that was read: it holds the words of the post under the post's own id."""

    archive: str
    """"wayback"."""
    captured_at: datetime
    """When the archive says that it was made (`Memento-Datetime`), UTC."""
    address: str
    """The address that was captured, as the archive names it."""
    form: str
    """How the post stands in it: "legacy_page", "microdata_page", "preview_page", "stream_json" …"""
    snapshot: Snapshot
    age_seconds: int = 0
    """The HTTP `Age` of the answer that was captured: how old it may have been then."""

    @property
    def speaks_for(self) -> datetime:
        """The moment for which it surely speaks: when it was made, less the answer's age."""
        return self.captured_at - timedelta(seconds=self.age_seconds)


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture on file."""

    number: int
    post: int
    archive: str
    captured_at: datetime
    speaks_for: datetime
    """As in Capture."""
    form: str
    address: str
    """As in Capture; "" once it was redacted."""
    snapshot: int
    """Number of the snapshot that holds its words."""
    observation: int
    """The look at the archive in which it was found."""

    @property
    def provenance(self) -> str:
        """Names whose capture it is."""
        return provenance(self.archive, self.captured_at)
