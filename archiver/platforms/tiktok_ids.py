"""TikTok's ids: the upper 32 bits are seconds since 1970 (platforms.md 8)."""

from __future__ import annotations

from datetime import datetime

from archiver.platforms.addressed import moment


def id_time(native_id: str) -> datetime | None:
    """The second in an id; None for ids from before TikTok (2014)."""
    if not native_id.isdecimal() or len(native_id) > 25:
        return None
    return moment((int(native_id) >> 32) * 1_000_000, not_before=2014)
