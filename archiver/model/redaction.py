"""Redaction: our own removal of what a post said, on somebody's order; and the hold that forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

REASONS = ("court_order", "author_request", "platform_terms", "personal_data", "safety", "other")
"""The codes that an operator may give; a retention policy's own is "policy"."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A post's redaction."""

    number: int
    post: int
    reason: str
    """One of REASONS."""
    authority: str
    """On whose order, in the operator's words."""
    by: str
    redacted_at: datetime
    ledger: int
    """The number of the ledger line that records it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on a post: nothing of it is redacted or thinned while one stands."""

    number: int
    post: int
    reason: str
    by: str
    placed_at: datetime
    ended_at: datetime | None
    """None while it stands."""
