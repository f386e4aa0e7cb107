"""Mastodon, and what speaks its language: a post is a number at one server, the host (platforms.md 3).

The same post has another number at every server that shows it (`/@user@remote/NUMBER`): those are posts of their own
until a look tells their origin.
"""

from __future__ import annotations

from datetime import datetime

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed, moment


def flake_time(native_id: str) -> datetime | None:
    """The time in a number as Mastodon makes them: milliseconds since 1970, above 16 bits.

    None for numbers from before that (counted up), and where another program's numbers give no time that can be.
    """
    return moment((int(native_id) >> 16) * 1000, not_before=2016) if native_id.isdecimal() else None


class Mastodon(Addressed):
    """Posts of any server."""

    platform: str = "mastodon"
    examples: tuple[str, ...] = (
        "https://social.example/@sample_desk/109876543210987654",
        "https://social.example/@sample_desk@remote.example/109876543210987654",
        "https://social.example/@sample_desk/109876543210987654/embed",
        "https://social.example/users/sample_desk/statuses/109876543210987654",
    )
    named_by_id: bool = False

    def permalink(self, ref: PostRef) -> str:
        """`https://HOST/@HANDLE/NUMBER`."""
        return f"https://{ref.host}/@{ref.author_handle or '_'}/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond."""
        return flake_time(native_id)
