"""Truth Social: one server that speaks Mastodon's language, and gives its numbers (platforms.md 11)."""

from __future__ import annotations

from datetime import datetime

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed
from archiver.platforms.mastodon import flake_time


class TruthSocial(Addressed):
    """Posts."""

    platform: str = "truthsocial"
    examples: tuple[str, ...] = (
        "https://truthsocial.com/@sample_desk/posts/109876543210987654",
        "https://truthsocial.com/@sample_desk/109876543210987654/embed",
        "https://truthsocial.com/users/sample_desk/statuses/109876543210987654",
    )
    named_by_id: bool = False

    def permalink(self, ref: PostRef) -> str:
        """`https://truthsocial.com/@HANDLE/posts/NUMBER`."""
        return f"https://truthsocial.com/@{ref.author_handle or '_'}/posts/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond."""
        return flake_time(native_id)
