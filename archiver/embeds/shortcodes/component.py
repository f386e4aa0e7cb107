"""Form "shortcode" in Markdown: components that name a post, `<Tweet id="ID" />` and its kin, "images" of one, and what
some generators make a player of.

Seen: react-tweet and astro-embed (`id`, an id or an address), mdx-embed (`tweetLink="U/status/ID"`, `youTubeId`),
react-social-media-embed (`<XEmbed url>`), react-twitter-embed (`tweetId={'ID'}`), `<ReactPlayer url>`, and each site's
own (`<YoutubeVideo videoId>`); Obsidian and plugins of markdown-it show the post whose address stands where an image's
would: `![](https://x.com/U/status/ID)`; gatsby-remark-embed-video a line of code, `youtube: ID`; Hatena Blog
`[https://x.com/U/status/ID:embed]`. Only Markdown has them: in HTML the same signs can be read only where a page shows
how they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.shortcodes.kinds import platform_of
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id, x_status

FORM = "shortcode"

_COMPONENT = re.compile(
    r"<(?P<name>[A-Z][A-Za-z]{0,30})(?:(?P<words>\s[^<>]{1,600}?)/?>|>\s{0,9}(?P<inside>https?://[^\s<>]{8,600})\s{0,9}</)"
)
_LINE_OF_CODE = re.compile(
    r"`(?P<name>youtube|video|instagram|twitter|oembed): {0,3}(?P<word>[^\s`]{5,600}) {0,3}`(?=[ \t\r]{0,9}(?:\n|$))"
)
_HATENA = re.compile(r"\[(?P<address>https?://[^\s\[\]<>]{8,600}?):(?:embed|detail|movie)(?::[\w=]{1,20}){0,3}\]")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#]|$)|/media/?\?", re.IGNORECASE)
"""The address of a picture after all, be it that of a post's."""
_IMAGE = re.compile(
    r"!\[[^\[\]\n]{0,200}\]\(<?(?P<address>https?://[^\s()<>]{8,600})>?(?:\s{1,9}[\"'(][^\n]{0,200}?[\"')])?\s{0,9}\)"
)
_VALUE = re.compile(
    r"(?P<key>[A-Za-z]{2,20})\s{0,3}=\s{0,3}(?:\{\s{0,3})?(?:\"([^\"\n]{1,500})\"|'([^'\n]{1,500})'|`([^`\n]{1,500})`)"
)
_KEYS = frozenset(
    (
        *("id", "tweetid", "tweetlink", "url", "posturl", "src", "youtubeid", "videoid", "instagramid", "link", "href"),
        *("tweet", "tweeturl", "videourl", "video", "embedid", "ytid", "source"),
    )
)
_IDS = {
    "youtube": re.compile(r"[\w-]{11}"),
    "instagram": re.compile(r"[\w-]{5,40}"),
    "tiktok": re.compile(r"\d{15,20}"),
}
_NOT_SHOWN = ("`", "/*", "<!--")
"""Right before a component: inline code, and comments."""
_LOOK_BACK = 20


def read(text: str) -> Iterator[Sighting]:
    """The posts that components, images and the like in a Markdown source name."""
    for found in _COMPONENT.finditer(text) if "<" in text else ():
        platform = platform_of(found["name"])
        embed = _embed(platform, found["words"] or f'url="{found["inside"]}"') if platform else None
        if embed is not None and is_shown(text, found.start()):
            yield Sighting(found.start(), found.end(), embed)
    for found in _IMAGE.finditer(text) if "[" in text and "![" in text else ():
        embed = None if _PICTURE.search(found["address"]) else _of_address(found["address"])
        if embed is not None and is_shown(text, found.start()):
            yield Sighting(found.start(), found.end(), embed)
    for found in _LINE_OF_CODE.finditer(text) if "`" in text else ():
        is_first = before_on_line(text, found.start()) == ""
        embed = _of_word(platform_of(found["name"]) or "any", found["word"]) if is_first else None
        if embed is not None:
            yield Sighting(found.start(), found.end(), embed)
    for found in _HATENA.finditer(text) if "[" in text else ():
        embed = _of_address(found["address"])
        if embed is not None and is_shown(text, found.start()):
            yield Sighting(found.start(), found.end(), embed)


def before_on_line(text: str, at: int) -> str | None:
    """What stands before a place on its line, without blanks; None if that takes more than _LOOK_BACK characters."""
    before = text[max(at - _LOOK_BACK, 0) : at]
    return before.rpartition("\n")[2].strip(" \t") if at <= _LOOK_BACK or "\n" in before else None


def is_shown(text: str, at: int) -> bool:
    """Whether what begins there is no example of itself."""
    return not text[max(at - _LOOK_BACK, 0) : at].rstrip(" ").endswith(_NOT_SHOWN)


def _embed(platform: str, words: str) -> Embed | None:
    for value in _VALUE.finditer(words):
        if value["key"].lower() not in _KEYS:
            continue
        stated = (value[2] or value[3] or value[4]).strip()
        linked = f"https://x.com/{stated}" if value["key"] == "tweetLink" else ""
        embed = _of_word(platform, linked if x_status(linked) else stated)
        if embed is not None:
            return embed
    return None


def _of_word(platform: str, word: str) -> Embed | None:
    """The post that a word names: its address, or the id of a platform's that is known."""
    embed = _of_address(word)
    if embed is not None:
        return embed if platform in ("any", embed.hint) else None
    if x_id(word) if platform == "x" else platform in _IDS and _IDS[platform].fullmatch(word):
        return Embed(0, FORM, hint=platform, native_id=word)
    return None


def _of_address(address: str) -> Embed | None:
    hint = post_hint(address)
    return Embed(0, FORM, hint=hint, address=unarchived(address)) if hint else None
