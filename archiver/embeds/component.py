"""Form "shortcode" in Markdown: components that name a post, `<Tweet id="ID" />` and its kin, and "images" of one.

Seen: react-tweet and astro-embed (`id`, an id or an address), mdx-embed (`tweetLink="U/status/ID"`, `youTubeId`),
react-social-media-embed (`<XEmbed url>`), react-twitter-embed (`tweetId={'ID'}`), `<ReactPlayer url>`; Obsidian and
plugins of markdown-it show the post whose address stands where an image's would: `![](https://x.com/U/status/ID)`. Only
Markdown has them: in HTML the same signs can be read only where a page shows how they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id, x_status

FORM = "shortcode"

_COMPONENT = re.compile(
    r"<(?P<name>(?:Static|Embedded)?Tweet|Twitter(?:Tweet)?Embed|XEmbed|(?:Lite)?You[Tt]ube(?:Embed)?|Instagram(?:Embed|Post)?"
    r"|TikTok(?:Embed)?|FacebookEmbed|BlueskyPost|BlueskyEmbed|ThreadsEmbed|MastodonEmbed|ReactPlayer)(?P<words>\s[^<>]{1,600}?)/?>"
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#]|$)|/media/?\?", re.IGNORECASE)
"""The address of a picture after all, be it that of a post's."""
_IMAGE = re.compile(
    r"!\[[^\[\]\n]{0,200}\]\(<?(?P<address>https?://[^\s()<>]{8,600})>?(?:\s{1,9}[\"'(][^\n]{0,200}?[\"')])?\s{0,9}\)"
)
_VALUE = re.compile(
    r"(?P<key>[A-Za-z]{2,20})\s{0,3}=\s{0,3}(?:\{\s{0,3})?(?:\"([^\"\n]{1,500})\"|'([^'\n]{1,500})'|`([^`\n]{1,500})`)"
)
_KEYS = frozenset(("id", "tweetid", "tweetlink", "url", "posturl", "src", "youtubeid", "videoid", "instagramid"))
_IDS = {
    "youtube": re.compile(r"[\w-]{11}"),
    "instagram": re.compile(r"[\w-]{5,40}"),
    "tiktok": re.compile(r"\d{15,20}"),
}
_NOT_SHOWN = ("`", "/*", "<!--")
"""Right before a component: inline code, and comments."""


def read(text: str) -> Iterator[Sighting]:
    """The posts that components and images in a Markdown source name."""
    for found in _COMPONENT.finditer(text) if "<" in text else ():
        embed = _embed(_platform(found["name"]), found["words"])
        if embed is not None and is_shown(text, found.start()):
            yield Sighting(found.start(), found.end(), embed)
    for found in _IMAGE.finditer(text) if "![" in text else ():
        hint = None if _PICTURE.search(found["address"]) else post_hint(found["address"])
        if hint is not None and is_shown(text, found.start()):
            yield Sighting(found.start(), found.end(), Embed(0, FORM, hint=hint, address=unarchived(found["address"])))


def is_shown(text: str, at: int) -> bool:
    """Whether what begins there is no example of itself."""
    return not text[max(at - 20, 0) : at].rstrip(" ").endswith(_NOT_SHOWN)


def _platform(name: str) -> str | None:
    """Of a player that plays whatever it is given, None."""
    if name == "ReactPlayer":
        return None
    lowered = name.lower()
    named = ("youtube", "instagram", "tiktok", "facebook", "bluesky", "threads", "mastodon")
    return next((platform for platform in named if platform in lowered), "x")


def _embed(platform: str | None, words: str) -> Embed | None:
    for value in _VALUE.finditer(words):
        if value["key"].lower() not in _KEYS:
            continue
        stated = (value[2] or value[3] or value[4]).strip()
        address = (
            f"https://x.com/{stated}" if value["key"] == "tweetLink" and x_status(f"https://x.com/{stated}") else stated
        )
        hint = post_hint(address)
        if hint is not None and platform in (hint, None):
            return Embed(0, FORM, hint=hint, address=unarchived(address))
        if x_id(stated) if platform == "x" else platform in _IDS and _IDS[platform].fullmatch(stated):
            return Embed(0, FORM, hint=platform, native_id=stated)
    return None
