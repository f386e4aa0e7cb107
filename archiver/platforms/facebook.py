"""Facebook: a post, photo or video has a number, a newer post also a `pfbid…` (platforms.md 6).

A post may be known by both, and nothing in the two tells that they are one: without a look they stay two posts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from archiver.model.embed import Embed, Identification
from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed

_FILM = re.compile(r"/(?:watch|reels?|video)\b")


class Facebook(Addressed):
    """Posts, photos, videos and reels, of pages, people and groups."""

    platform: str = "facebook"
    examples: tuple[str, ...] = (
        "https://www.facebook.com/sample.page/posts/10156380423617911",
        "https://www.facebook.com/sample.page/posts/pfbid02AbCdEfGhIjKlMnOpQrStUvWxYz",
        "https://www.facebook.com/sample.page/videos/1321262654994930/",
        "https://www.facebook.com/sample.page/photos/a.182970021827953/1920722881385983/?type=3",
        "https://www.facebook.com/groups/sample.group/permalink/1920722881385983/",
        "https://www.facebook.com/permalink.php?story_fbid=1920722881385983&id=100000000000001",
        "https://m.facebook.com/story.php?story_fbid=1920722881385983&id=100000000000001",
        "https://www.facebook.com/photo.php?fbid=1920722881385983",
        "https://www.facebook.com/watch/?v=1321262654994930",
        "https://www.facebook.com/reel/1321262654994930",
        "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fsample.page%2Fposts%2F1920722881385983&width=500",
        "https://fb.watch/aBcDeFgHiJ/",
        "https://www.facebook.com/share/p/aBcDeFgHiJ/",
    )

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """As elsewhere; of a film without an author the permalink stays one for films."""
        found = super().identify(embed, now)
        if found is None or found.native_id is None or found.author_handle or not _FILM.search(embed.address or ""):
            return found
        return replace(found, permalink=f"https://www.facebook.com/watch/?v={found.native_id}")

    def permalink(self, ref: PostRef) -> str:
        """`https://www.facebook.com/HANDLE/posts/ID`; a photo's where the author is unknown: most such are photos."""
        if ref.author_handle:
            return f"https://www.facebook.com/{ref.author_handle}/posts/{ref.native_id}"
        return f"https://www.facebook.com/photo.php?fbid={ref.native_id}"
