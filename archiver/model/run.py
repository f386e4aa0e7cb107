"""Run: one invocation of the program that may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation."""

    id: int
    kind: str
    """"scan", "check", "resolve", "witness", "make_due" …"""
    started_at: datetime
    ended_at: datetime | None
    """None while it goes on, or where it was killed."""
    version: str
    """The program's version."""
    summary: dict[str, int] | None
    """What it counted, by name; None until it ended."""
