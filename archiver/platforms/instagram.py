"""Instagram: the shortcode of a post is its media id in base 64 (platforms.md 5).

The time in a media id: 41 bits of milliseconds since 1314220021721, above 13 bits of shard and 10 of sequence
(Instagram Engineering, "Sharding & IDs at Instagram", 2012). Tried on thirteen saved embeds of 2016 to 2019 that print
the time beside the shortcode: all agree to the second.
"""

from __future__ import annotations

from datetime import datetime

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed, moment

_EPOCH_MS = 1314220021721
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_OF_MEDIA_ID = 11
"""Letters that hold the media id; the codes of posts in private accounts go on behind them."""


class Instagram(Addressed):
    """Posts, reels and videos."""

    platform: str = "instagram"
    examples: tuple[str, ...] = (
        "https://www.instagram.com/p/CYokA48AAAA/?utm_source=ig_embed",
        "https://www.instagram.com/sample.desk/reel/CYokA48AAAA/",
        "https://www.instagram.com/tv/CYokA48AAAA/embed/captioned/",
        "https://instagr.am/p/CYokA48AAAA",
        "https://www.instagram.com/share/reel/BAabcdefgh",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://www.instagram.com/p/SHORTCODE/`, where reels and videos are found, too."""
        return f"https://www.instagram.com/p/{ref.native_id}/"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond; None for the short codes of before 2011, when ids were counted up."""
        letters = native_id[:_OF_MEDIA_ID]
        if len(letters) < _OF_MEDIA_ID - 1 or not all(letter in _LETTERS for letter in letters):
            return None
        media_id = 0
        for letter in letters:
            media_id = media_id * 64 + _LETTERS.index(letter)
        return moment(((media_id >> 23) + _EPOCH_MS) * 1000, not_before=2011)
