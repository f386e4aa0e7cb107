"""Embeds of other platforms, found by their obvious markers and kept with a hint until an adapter knows them.

Sources: platforms.md 2 to 11. Forms are named as for X; nothing but hint, address and id is read here.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from archiver.embeds.page import Element
from archiver.embeds.pieces import attributes
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import post_hint, unarchived

_CLASSES = {
    "instagram-media": "instagram",
    "tiktok-embed": "tiktok",
    "mastodon-embed": "mastodon",
    "bluesky-embed": "bluesky",
    "text-post-media": "threads",
    "reddit-embed": "reddit",
    "reddit-embed-bq": "reddit",
    "reddit-card": "reddit",
    "fb-post": "facebook",
    "fb-video": "facebook",
}
_TYPES = ("instagram", "facebook", "youtube", "tiktok", "threads", "bluesky", "mastodon", "reddit", "telegram")
_ADDRESSES = (
    "src",
    "data-src",
    "data-lazy-src",
    "data-cmp-src",
    "data-original",
    "data-instgrm-permalink",
    "data-text-post-permalink",
    "data-embed-url",
    "data-href",
    "data-url",
    "cite",
    "href",
    "data",
)
_IDS = ("data-embed-id", "data-video-id", "data-videoid", "data-shortcode", "data-bluesky-uri", "data-telegram-post")
LOOK_INTO = 20_000
_WORTH = re.compile(
    r"instag|faceb|fb-|fb\.|youtu|tiktok|threads|text-post|bsky|bluesky|mastod|reddit|t\.me|telegram|truthsoc|/@",
    re.IGNORECASE,
)
_HREF = re.compile(r"(?:href|value)\s{0,3}=\s{0,3}[\"']?([^\s\"'<>]{10,500})", re.IGNORECASE)


def read(element: Element) -> Sighting | None:
    """The post of another platform that the element shows; None if it shows none."""
    if not _WORTH.search(element.source[:LOOK_INTO]):
        return None
    found = attributes(element)
    address = _address(found)
    hint = _hint(element, found) or (post_hint(address) if address else None)
    if hint is None or hint == "x":
        return None
    native_id = next((found[name] for name in _IDS if found.get(name)), None)
    if address is None and element.name in ("blockquote", "object"):
        inner = (unarchived(m[1].replace("&amp;", "&")) for m in _HREF.finditer(element.source[:LOOK_INTO]))
        address = next((each for each in inner if post_hint(each) == hint), None)
    if address is None and native_id is None:
        return None
    form = "amp" if element.name.startswith("amp-") else element.name
    form = form if form in ("amp", "blockquote", "iframe", "object") else "custom_element"
    return Sighting(element.start, element.end, Embed(0, form, hint=hint, address=address, native_id=native_id))


def _hint(element: Element, found: dict[str, str]) -> str | None:
    if element.name.startswith("amp-"):
        name = element.name.removeprefix("amp-")
        return name if name in _TYPES else None
    if element.name == "script":
        return "telegram" if "data-telegram-post" in found else None
    for word in found.get("class", "").lower().split():
        if word in _CLASSES:
            return _CLASSES[word]
    if element.name == "object":
        inner = _HREF.findall(element.source[:5000])
        return next((hint for hint in map(post_hint, inner) if hint), None)
    declared = found.get("data-embed-type", found.get("data-social-embedded", "")).lower()
    return declared if declared in _TYPES and element.name not in ("iframe", "blockquote") else None


def _address(found: dict[str, str]) -> str | None:
    """The address of a post among the attributes, also as a parameter of a frame's address (Facebook's plugins)."""
    for name in _ADDRESSES:
        address = unarchived(found.get(name, ""))
        if post_hint(address) is None:
            continue
        inner = [value for key, value in _query(address) if key in ("href", "url", "src") and post_hint(value)]
        return unarchived(inner[0]) if inner else address
    return None


def _query(address: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(address).query, max_num_fields=200)
    except ValueError:
        return []
