"""Unread: a place of a source that could not be read, as it stands on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UnreadListing:
    """A place that could not be read when a scan met it last."""

    source: str
    """The source's name in the configuration."""
    location: str
    """As an article's; "" is the whole source."""
    reason: str
    """Why, in one word, as in `article.Unread`."""
    message: str
    """The same in one line for a person."""
    failed_at: datetime
    """Since when it cannot be read."""
    last_failed_at: datetime
    """When that was met last; what stands in a container is not met while the container stays as it is."""
