"""Facebook: a post, photo or video has a number, a newer post also a `pfbid…` (platforms.md 6).

A post may be known by both, and nothing in the two tells that they are one: without a look they stay two posts.
It can be seen that a post is there, who wrote it and what it says; not that it was deleted (meta.py says why).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from archiver.model.embed import Embed, Identification
from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.platforms import facebook_plugin, meta_oembed
from archiver.platforms.adapter import Credential, Endpoint
from archiver.platforms.meta import Meta
from archiver.platforms.rules import Place, Rule

_FILM = re.compile(r"/(?:watch|reels?|video)\b")
PLUGIN = Endpoint(
    "plugin",
    facebook_plugin.HOST,
    SubjectKind.POST,
    batch_looks=10,  # a look may be three requests
    sees="words, pictures, time and author's name; a live post may be called unavailable: every absent is weak, and "
    "none is read of a pfbid or without a page's name",
)
OEMBED = Endpoint(
    "oembed",
    meta_oembed.HOST,
    SubjectKind.POST,
    batch_looks=10,
    credential=meta_oembed.ACCESS_TOKEN.name,
    sees="that a post may be embedded, a sighting only if its words are with it; every absent is weak",
    limit=meta_oembed.LIMIT,
)


class Facebook(Meta):
    """Posts, photos, videos and reels, of pages, people and groups.

    No absent of theirs is strong: the strongest verdict is `gone_unattributed`.
    """

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
    name: str = "facebook-public"
    media_hosts: tuple[str, ...] = ("*.fbcdn.net",)
    version: str = "1"
    all_endpoints: tuple[Endpoint, ...] = (PLUGIN, OEMBED)
    rules: tuple[Rule, ...] = (*facebook_plugin.RULES, *meta_oembed.RULES)
    places: Mapping[str, Place] = {**facebook_plugin.PLACES, **meta_oembed.PLACES}
    credentials: tuple[Credential, ...] = (meta_oembed.ACCESS_TOKEN,)

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

    def _look(self, ref: PostRef, endpoint: Endpoint, get: Get) -> Reading:
        """Ask for it as each kind of thing that it may be, until one answer is not "absent"."""
        for edge, address in addresses(ref):
            if endpoint.name == PLUGIN.name:
                reading = self._page(facebook_plugin.address(address), ref, endpoint, get, facebook_plugin.read)
            else:
                reading = self._card(meta_oembed.address(edge, address), ref, endpoint, get)
            if reading.outcome is not Outcome.ABSENT:
                return reading
        return reading if may_be_absent(ref) else _untold(reading)


def addresses(ref: PostRef) -> tuple[tuple[str, str], ...]:
    """Where a post may be, each with the edge of oEmbed that knows such: as a post, as a film, as a photo.

    A number does not tell which of them it is, and asked for as another it is called unavailable although it is there.
    """
    handle, native_id = ref.author_handle, ref.native_id
    found = []
    if handle and handle.isdigit():
        found.append(("oembed_post", f"https://www.facebook.com/permalink.php?story_fbid={native_id}&id={handle}"))
    elif handle:
        found.append(("oembed_post", f"https://www.facebook.com/{handle}/posts/{native_id}"))
    if native_id.isdigit() or not handle:
        found.append(("oembed_video", f"https://www.facebook.com/watch/?v={native_id}"))
        found.append(("oembed_post", f"https://www.facebook.com/photo.php?fbid={native_id}"))
    return tuple(found)


def may_be_absent(ref: PostRef) -> bool:
    """Whether a post that is not found at its addresses may be read as absent.

    Not without a page's name, for it may be in a group: such posts are never shown. Not with a `pfbid…` either: its
    presence could not be read, and absents that no sighting can contradict would add up.
    """
    return ref.author_handle is not None and ref.native_id.isdigit()


def _untold(reading: Reading) -> Reading:
    told = "the same is said of live posts in groups, and of a pfbid"
    return replace(reading, outcome=Outcome.UNKNOWN, reason=Reason.UNKNOWN_TOMBSTONE, strength=None, message=told)
