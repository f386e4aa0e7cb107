"""Stream: what a platform tells by itself, while somebody listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """What one message says of a post or an account. Evidence beside the looks, never instead of them."""

    author_id: str
    """The platform's id of the account that it is about."""
    native_id: str | None
    """The post that was deleted; None where the account itself has changed."""
    at: datetime | None
    """When the platform passed it on, UTC: no earlier than it happened. None where the message has no time."""


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """One message, read."""

    is_readable: bool
    """False for what is no message of this stream at all."""
    cursor: int | None = None
    """From where the stream goes on behind it; None where the platform has no such thing."""
    event: StreamEvent | None = None
    """None for most messages: of other things, or of nothing."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far a stream was listened to."""

    platform: str
    endpoint: str
    """The stream's name."""
    cursor: int | None
    alive_at: datetime
    """Up to then everything that the stream told is on file, but for its gaps."""
    authors: int
    """Whom it was listened to for, …"""
    left_out: int
    """… and how many more there are than the platform lets one listen to."""


@dataclass(frozen=True, slots=True)
class StreamGap:
    """A time in which a stream was not heard, and that it does not tell again."""

    platform: str
    endpoint: str
    since: datetime | None
    """None for all the time before somebody first listened."""
    until: datetime
    why: str
    """"begun", "no_replay", "down_too_long", "too_large" or "crashed"."""
