"""Telegram: a post of a public channel is CHANNEL/NUMBER (platforms.md 10). Private channels have no address."""

from __future__ import annotations

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed


class Telegram(Addressed):
    """Posts of public channels. The channel stands as printed: the platform's own widget prints its true case."""

    platform: str = "telegram"
    examples: tuple[str, ...] = (
        "https://t.me/sample_channel/123",
        "https://t.me/s/sample_channel/123",
        "https://t.me/sample_channel/123?embed=1&mode=tme",
        "https://telegram.me/sample_channel/123",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://t.me/CHANNEL/NUMBER`."""
        return f"https://t.me/{ref.native_id}"
