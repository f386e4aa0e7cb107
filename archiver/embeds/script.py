"""Forms "script" and "json": posts that a page names only in its scripts, or there as well.

`twttr.widgets.createTweet('ID', …)`; and the article's own text as content systems carry it in JSON (Next.js, Arc and
Fusion, JSON-LD, Apple News): objects that say they are an embed, and strings that hold its markup, escaped once or
twice. A bare address in JSON is none: pages carry those of all their links. Sources: platforms.md 1.a.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from archiver.embeds import blockquote, custom_element, iframe, other
from archiver.embeds.hints import hints_in
from archiver.embeds.page import Element, page_of
from archiver.embeds.readable import unescaped
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_id

_FORMS = (blockquote.read, iframe.read, custom_element.read, other.read)
_CREATE = re.compile(r"\bcreate(?:Tweet|Video)\s{0,9}\(\s{0,9}[\"'](\d{1,19})[\"']")
_BEGINS = re.compile(r"[{\[]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'/\\bfnrt]))")
_ESCAPED_QUOTE = re.compile(r"<[a-z][^<>]{0,500}=\\+[\"']", re.IGNORECASE)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_SAYS_EMBED = re.compile(
    r"(?:social|oembed|rich|external|third_?party)?[_-]?(?:embed|oembed)(?:[_-]?response)?|tweet|twitter|x|x_post"
    r"|twitter_?tweet|instagram|facebook_post|tiktok|bluesky|mastodon|youtube|threads|telegram|reddit|embedwebvideo",
    re.IGNORECASE,
)
_KINDS = ("type", "role", "subtype", "name", "source", "provider", "provider_name", "__typename")
_SHOWS_MARKUP = (
    *("blockquote", "iframe", "instagram-media", "fb-post", "oembed", "social_embed"),
    *('"embed"', '"tweet"', '"role"'),
)
"""A script without any of these, or of X's names beside a status, carries no embed, whatever addresses it carries."""
_SAYS_TWITTER = ('"twitter"', '"x"')
_ADDRESSES = ("url", "URL", "href", "canonical_url", "source_url", "embed_url", "permalink")
_KEYS = frozenset(_ADDRESSES)
_LONGEST = 5_000_000
"""Characters of a script that is read at all."""
MAX_NODES = 200_000
MAX_POSTS = 1_000
DEEPEST = 3
"""JSON in a string in JSON, at most."""


def read(content: str, start: int, end: int, doubts: list[str]) -> Iterator[list[Sighting]]:
    """The posts that a script holds, those of one text together. `start` and `end`: where it stands.

    What is more than is looked at adds "unparsed" to `doubts`.
    """
    calls = "createTweet" in content or "createVideo" in content
    for found in _CREATE.finditer(content) if calls else ():
        native_id = x_id(found[1])
        if native_id:
            yield [Sighting(start, end, Embed(0, "script", hint="x", native_id=native_id))]
    if not _may_hold(content.lower()):
        return
    if len(content) > _LONGEST:
        doubts.append("unparsed")
        content = content[:_LONGEST]
    node = _parsed(content)
    left = MAX_POSTS
    for group in [_in_markup(_unescaped(content), doubts)] if node is None else _in_nodes(node, 0, doubts):
        yield [Sighting(start, end, replace(embed, form="json")) for embed in group]
        left -= len(group)
        if left < 0:
            doubts.append("unparsed")
            return


def _may_hold(lowered: str) -> bool:
    if any(word in lowered for word in _SHOWS_MARKUP):
        return True
    return "status" in lowered and any(word in lowered for word in _SAYS_TWITTER)


def _parsed(content: str) -> Any:
    for begin in _BEGINS.finditer(content[:2000]):
        try:
            return json.JSONDecoder().raw_decode(content, begin.start())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _in_nodes(root: Any, depth: int, doubts: list[str]) -> Iterator[list[Embed]]:
    stack = [root]
    for _ in range(MAX_NODES):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, dict):
            embed = _declared(node)
            if embed is not None:
                yield [embed]
            stack.extend(reversed(node.values()))
        elif isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, str) and len(node) > 20 and _may_be_markup(node):
            yield from _in_string(node, depth, doubts)
    doubts.append("unparsed")


def _declared(node: dict[str, Any]) -> Embed | None:
    """The post of an object that says it is an embed and gives the address."""
    if _KEYS.isdisjoint(node):
        return None
    kinds = (node.get(key) for key in _KINDS)
    if not any(isinstance(kind, str) and _SAYS_EMBED.fullmatch(kind) for kind in kinds):
        return None
    for key in _ADDRESSES:
        address = node.get(key)
        hint = post_hint(address) if isinstance(address, str) else None
        if hint and isinstance(address, str):
            return Embed(0, "json", hint=hint, address=unarchived(address))
    return None


def _may_be_markup(text: str) -> bool:
    """Whether markup can stand in a string, escaped in whatever way, or another piece of JSON."""
    return "<" in text or "&lt;" in text or "\\u003" in text or "\\x3" in text or text.lstrip()[:1] in ("{", "[")


def _in_string(text: str, depth: int, doubts: list[str]) -> Iterator[list[Embed]]:
    if hints_in(text.encode("utf-8", "replace")) is None:
        return
    if text.lstrip()[:1] in ("{", "[") and depth < DEEPEST and (node := _parsed(text)) is not None:
        yield from _in_nodes(node, depth + 1, doubts)
    else:
        yield _in_markup(text, doubts)


def _in_markup(text: str, doubts: list[str]) -> list[Embed]:
    """The posts in markup that a string holds, as it stands or escaped once more."""
    for _ in range(DEEPEST):
        # Where its attributes' quotation marks are escaped, so are their values.
        page = None if _ESCAPED_QUOTE.search(text) else page_of(text)
        elements = page.elements if page else []
        if page is not None and page.crowded:
            doubts.append("unparsed")
        found = [sighting.embed for element in elements if (sighting := _first(element)) is not None]
        again = unescaped(_unescaped(text))
        if found or again == text:
            return found
        text = again
    return []


def _first(element: Element) -> Sighting | None:
    return next((sighting for form in _FORMS if (sighting := form(element)) is not None), None)


def _unescaped(text: str) -> str:
    """The text with the escapes of a JSON string undone, wherever they stand."""
    if "\\" not in text:
        return text
    # Characters beyond the first plane come as two halves.
    halves = _ESCAPE.sub(_character, text)
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    if escape[3]:
        return _CONTROLS.get(escape[3], escape[3])
    return chr(int(escape[1] or escape[2], 16))
