"""The contract of a stream: how a platform is listened to, where it tells by itself that posts were deleted.

A stream knows no socket: it says where to listen, what to say first and what a message means. What it tells is kept as
looks without controls, for none can be run on it: by itself it leads to no verdict beyond "gone, unconfirmed", and
counts as no endpoint. It makes a post due at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from archiver.model.exchange import Failure, Get, Send
from archiver.model.stream import StreamMessage


class Stream(Protocol):
    """One platform's stream."""

    platform: str
    name: str
    """Short and stable: the endpoint of the observations that come of it."""
    version: str
    """Version of its reading rules."""
    host: str
    credential: str | None
    """Which of the platform's credentials it needs; None where anybody may listen."""
    most_authors: int
    """How many accounts one may listen to."""
    replays: timedelta
    """How much of the past it tells again to whoever comes back with a cursor; 0 where it tells nothing again."""
    sees: str
    limit: str
    """For people, as in Endpoint."""

    def address(self, cursor: int | None) -> str:
        """Where to listen, wss:// or https://; from the cursor on, or from now on."""

    def cursor_at(self, moment: datetime) -> int | None:
        """The cursor of a moment; None where the platform has none."""

    def hello(self, authors: Sequence[str]) -> str | None:
        """What is said at first, and again when the authors change; None where `subscribe` is the way."""

    def subscribe(self, authors: Sequence[str], get: Get, send: Send) -> Failure | None:
        """Bring what the platform has on file of our subscriptions in line with these authors; or why not."""

    def author_of(self, native_id: str) -> str | None:
        """The author's id where a post's own id holds it."""

    def read(self, message: bytes) -> StreamMessage:
        """What a message says."""
