"""Instagram: the shortcode of a post is its media id in base 64 (platforms.md 5).

It can be seen that a post is there, who its author is and what it says; not that it was deleted (meta.py says why).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import PostRef
from archiver.platforms import instagram_embed, meta_oembed
from archiver.platforms.adapter import Credential, Endpoint
from archiver.platforms.meta import Meta
from archiver.platforms.meta_ids import code_time
from archiver.platforms.rules import Place, Rule

EMBED = Endpoint(
    "embed",
    instagram_embed.HOST,
    SubjectKind.POST,
    sees="caption, first picture, author and author's id; a live post may be called removed, too: every absent is weak",
)
OEMBED = Endpoint(
    "oembed",
    meta_oembed.HOST,
    SubjectKind.POST,
    credential=meta_oembed.ACCESS_TOKEN.name,
    sees="that a post may be embedded, a sighting only if the caption is with it; every absent is weak",
    limit=meta_oembed.LIMIT,
)


class Instagram(Meta):
    """Posts, reels and videos. No absent of theirs is strong: the strongest verdict is `gone_unattributed`."""

    platform: str = "instagram"
    examples: tuple[str, ...] = (
        "https://www.instagram.com/p/CYokA48AAAA/?utm_source=ig_embed",
        "https://www.instagram.com/sample.desk/reel/CYokA48AAAA/",
        "https://www.instagram.com/tv/CYokA48AAAA/embed/captioned/",
        "https://instagr.am/p/CYokA48AAAA",
        "https://www.instagram.com/share/reel/BAabcdefgh",
    )
    name: str = "instagram-public"
    media_hosts: tuple[str, ...] = ("*.cdninstagram.com", "*.fbcdn.net")
    version: str = "1"
    all_endpoints: tuple[Endpoint, ...] = (EMBED, OEMBED)
    rules: tuple[Rule, ...] = (*instagram_embed.RULES, *meta_oembed.RULES)
    places: Mapping[str, Place] = {**instagram_embed.PLACES, **meta_oembed.PLACES}
    credentials: tuple[Credential, ...] = (meta_oembed.ACCESS_TOKEN,)

    def permalink(self, ref: PostRef) -> str:
        """`https://www.instagram.com/p/SHORTCODE/`, where reels and videos are found, too."""
        return f"https://www.instagram.com/p/{ref.native_id}/"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond; None for the short codes of before 2011, when ids were counted up."""
        return code_time(native_id, not_before=2011)

    def _look(self, ref: PostRef, endpoint: Endpoint, get: Get) -> Reading:
        if endpoint.name == EMBED.name:
            return self._page(instagram_embed.address(ref), ref, endpoint, get, instagram_embed.read)
        return self._card(meta_oembed.address("instagram_oembed", self.permalink(ref)), ref, endpoint, get)
