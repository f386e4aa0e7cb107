"""Posts that a site's name and a key tell: `data-media-site-id="twitter" data-media-key="ID"` (XenForo), the frames of
s9e, `https://s9e.github.io/iframe/2/twitter.min.html#ID`, of Kinja, `/ajax/inset/iframe?id=twitter-ID`, and of
Telegram, where their address was lost, `id="telegram-post-CHANNEL-ID"`, and, in text, `[MEDIA=twitter]ID[/MEDIA]`,
`{youtube}ID{/youtube}`, `@[tweet](ID)` and their kin.

A key is an id as the platform gives it, what follows its host in the post's address, or the whole address.
"""

from __future__ import annotations

import re

from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import attributes
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_address
from archiver.urls import unarchived

_ADDRESSES = {
    "x": ("https://x.com/i/status/{}", "https://x.com/{}"),
    "youtube": ("https://youtu.be/{}",),
    "instagram": ("https://www.instagram.com/p/{}", "https://www.instagram.com/{}"),
    "facebook": ("https://www.facebook.com/_/posts/{}", "https://www.facebook.com/{}"),
    "tiktok": ("https://www.tiktok.com/embed/{}", "https://www.tiktok.com/{}"),
    "reddit": ("https://www.reddit.com/r/{}", "https://www.reddit.com/{}"),
    "telegram": ("https://t.me/{}",),
    "threads": ("https://www.threads.net/t/{}",),
    "bluesky": (),
    "mastodon": (),
}
"""Where the key stands in the address of a post."""
_CALLED = {"twitter": "x", "tweet": "x", "toot": "mastodon", "yt": "youtube"}
_FRAME = re.compile(
    r"//s9e\.github\.io/iframe/(?:\d{1,2}/)?(?P<site>[a-z]{1,20})(?:\.min)?\.html#(?P<key>[^#\s\"'<>]{3,300})",
    re.IGNORECASE,
)
"""The first ones, of 2014, have no number in their address."""
_INSET = re.compile(r"/inset/iframe\?id=(?P<site>[a-z]{1,20})(?:-video|-post)?-(?P<key>[\w-]{5,60})")
_KEPT = re.compile(r"\sid\s?=\s?[\"']?telegram-post-(?P<channel>\w{4,32})-(?P<id>\d{1,12})(?=[\s\"'>])", re.IGNORECASE)
"""Of a frame that a browser saved beside the page."""
_KIND = re.compile(r"(?:[a-z]|post|video)(?=\d{5,25}$)")
"""Before the id of s9e's frames of Facebook: "p" of a post, "v" or "video" of a video."""
_TOOT = re.compile(r"(?P<name>\w{1,60})(?:@(?P<host>[\w.-]{3,253}))?/(?P<id>\d{1,20})", re.ASCII)
"""The key of s9e's frames of Mastodon; without a server it is the first one of all."""


def read(element: Element) -> Sighting | None:
    """The post in the frame or the box of a forum; None if it shows none."""
    if element.name in ("iframe", "amp-iframe"):
        frame = _FRAME.search(element.tag) if "s9e.g" in element.tag else None
        frame = _INSET.search(element.tag) if "/inset/" in element.tag else frame
        kept = _KEPT.search(element.tag) if "telegram-post-" in element.lowered and "//" not in element.tag else None
        site, key = (frame["site"], unescaped(frame["key"])) if frame else ("", "")
        site, key = ("telegram", f"{kept['channel']}/{kept['id']}") if kept else (site, key)
        embed = named("iframe" if element.name == "iframe" else "amp", site, key)
    else:
        found = attributes(element)
        embed = named("custom_element", found.get("data-media-site-id", ""), found.get("data-media-key", ""))
    return Sighting(element.start, element.end, embed) if embed else None


def named(form: str, site: str, key: str) -> Embed | None:
    """The post of that key at that site; None if none can have it."""
    platform = _CALLED.get(site.lower(), site.lower())
    if platform not in _ADDRESSES:
        return None
    key = unarchived(key)
    post = post_address(key)
    if post is not None:
        return Embed(0, form, hint=platform, address=key) if post.platform == platform else None
    if platform == "mastodon":
        toot = _TOOT.fullmatch(key)
        address = f"https://{toot['host'] or 'mastodon.social'}/@{toot['name']}/{toot['id']}" if toot else ""
        return Embed(0, form, hint=platform, address=address) if post_address(address) else None
    key = _KIND.sub("", key) if platform == "facebook" else key
    read = (post_address(address.format(key)) for address in _ADDRESSES[platform])
    native_id = next((post.native_id for post in read if post and post.platform == platform), None)
    return Embed(0, form, hint=platform, native_id=native_id) if native_id else None
