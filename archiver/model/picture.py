"""Picture: an image of a post, fetched once when the post was first seen, or why it could not be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archiver.model.exchange import Exchange
from archiver.model.outcome import Reason

PictureType = Literal["image/png", "image/jpeg", "image/gif", "image/webp"]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture that a snapshot names and that was never asked for."""

    post: int
    host: str | None
    """The post's own host on a federated platform."""
    snapshot: int
    """Number of the snapshot that names it."""
    address: str


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """What came of asking for one, before it is stored."""

    shown: ShownPicture
    exchange: Exchange
    type: PictureType | None
    """By its first bytes; None where it was not had, or is no picture that we keep."""
    reason: Reason
    """SERVED for one that is kept, else why not."""
    message: str
    """One line for a person; "" for one that is kept."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture on file, or the record that it could not be had."""

    number: int
    post: int
    snapshot: int
    address: str
    """"" once it was redacted."""
    content: int | None
    """Number of the content that holds it; None where it was not had."""
    type: PictureType | None
    reason: Reason
    digest: str | None
    """Labelled digest of the picture; None where it was not had, or was removed."""
    commitment: str | None
    """As of every content; it stays when the picture is removed. None where it was not had."""
    size: int | None
    """Bytes; None with `digest`."""
    taken_at: datetime
    ledger: int
