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
from functools import lru_cache
from typing import Any

from archiver.embeds import blockquote, custom_element, declared, iframe, other
from archiver.embeds.hints import hints_in
from archiver.embeds.page import Element, page_of
from archiver.embeds.readable import unescaped
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import x_id

_FORMS = (blockquote.read, iframe.read, custom_element.read, other.read)
_CREATE = re.compile(r"\bcreate(?:Tweet|Video)\s{0,9}\(\s{0,9}[\"'](\d{1,19})[\"']")
_BEGINS = re.compile(r"\{\s{0,99}\"|(?<![\w$)\]])\[\s{0,99}[\[{\"\d]")
"""Of JSON that can hold a word, not of a block or an index of the program."""
_ELSEWHERE = re.compile(
    r"related|recommend|trending|popular|most_?read|latest|read_?(?:next|more|also)|more_?(?:stories|articles|news|from)"
    r"|next_?(?:article|story|post)|teasers?$|sidebar|footer",
    re.IGNORECASE,
)
"""Keys under which a page's state carries other articles."""
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\"'/\\bfnrt])")
_ESCAPED_QUOTE = re.compile(r"<[a-z][^<>]{0,500}=\\+[\"']", re.IGNORECASE)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_SHOWS_MARKUP = (
    *("blockquote", "iframe", "instagram-media", "fb-post", "oembed", "social_embed"),
    *('"embed"', '"tweet"', '"role"'),
)
"""A script without any of these, or of X's names beside a status, carries no embed, whatever addresses it carries."""
_TWEET_ID = re.compile(r"\"tweet_?id\\?\"")
_SAYS_TWITTER = ('"twitter"', '"x"')
_SHORTEST = 20
_LONGEST = 5_000_000
"""Characters of a script that is read at all."""
MAX_FAILURES = 60
MAX_NODES = 200_000
MAX_POSTS = 1_000
DEEPEST = 3
"""JSON in a string in JSON, at most."""
Group = tuple[list[Embed], bool]
"""The posts of one text, and whether that stands among what the page says of other articles."""


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
    left = MAX_POSTS
    for group, elsewhere in _in_values(content, doubts):
        yield [Sighting(start, end, replace(embed, form="json"), elsewhere=elsewhere) for embed in group]
        left -= len(group)
        if left < 0:
            doubts.append("unparsed")
            return


def _may_hold(lowered: str) -> bool:
    if any(word in lowered for word in _SHOWS_MARKUP) or ("tweet" in lowered and _TWEET_ID.search(lowered)):
        return True
    return "status" in lowered and any(word in lowered for word in _SAYS_TWITTER)


def _in_values(content: str, doubts: list[str]) -> Iterator[Group]:
    """The posts of the JSON that a script assigns, hands on or is, and of the strings between."""
    rest: list[str] = []
    at, is_first = 0, True
    for begin, end, node in _values(content):
        piece = content[begin:end] if end - begin > _SHORTEST else ""
        # Walking through all of a program's settings would cost more than all else; most hint at nothing.
        if piece and _may_hold(piece.lower()) and (is_first or hints_in(piece.encode("utf-8", "replace"))):
            yield from _in_nodes(node, 0, doubts)
        is_first = is_first and not piece
        rest.append(content[at:begin])
        at = end
    between = " ".join([*rest, content[at:]]) if rest else content
    if not rest or (_may_hold(between.lower()) and _hints_at_element(between)):
        yield _in_markup(_unescaped(between), doubts), False


def _hints_at_element(text: str) -> bool:
    hints = hints_in(text.encode("utf-8", "replace"))
    return hints is not None and bool(hints.marked or hints.linked)


def _values(content: str) -> Iterator[tuple[int, int, Any]]:
    """The pieces of JSON in a script, in order: where each begins and ends, and what it says. A program begins with
    small ones of its own (`window.Fusion=window.Fusion||{};Fusion.globalContent={"content_elements":…}`)."""
    decoder = json.JSONDecoder()
    at, failed = 0, 0
    while failed < MAX_FAILURES and (begin := _BEGINS.search(content, at)) is not None:
        try:
            node, at = decoder.raw_decode(content, begin.start())
        except (ValueError, RecursionError):
            failed, at = failed + 1, begin.start() + 1
        else:
            yield begin.start(), at, node


def _parsed(content: str) -> Any:
    return next((node for _, _, node in _values(content)), None)


def _in_nodes(root: Any, depth: int, doubts: list[str]) -> Iterator[Group]:
    stack: list[tuple[Any, bool]] = [(root, False)] if isinstance(root, dict | list | str) else []
    for _ in range(MAX_NODES):
        if not stack:
            return
        node, elsewhere = stack.pop()
        kind = type(node)
        if kind is dict:
            embed = declared.embed_of(node)
            if embed is not None:
                yield [embed], elsewhere
            for key, child in reversed(node.items()):
                if _is_worth_a_look(child):
                    stack.append((child, elsewhere or _is_elsewhere(key)))
        elif kind is list:
            stack.extend([(each, elsewhere) for each in reversed(node) if _is_worth_a_look(each)])
        else:
            yield from ((group, elsewhere or told) for group, told in _in_string(node, depth, doubts))
    doubts.append("unparsed")


def _is_worth_a_look(node: Any) -> bool:
    kind = type(node)
    return (len(node) > _SHORTEST and _may_be_markup(node)) if kind is str else kind is dict or kind is list


@lru_cache(maxsize=4096)
def _is_elsewhere(key: str) -> bool:
    return len(key) < 60 and _ELSEWHERE.search(key) is not None


def _may_be_markup(text: str) -> bool:
    """Whether markup can stand in a string, escaped in whatever way, or another piece of JSON."""
    return "<" in text or "&lt;" in text or "\\u003" in text or "\\x3" in text or text.lstrip()[:1] in ("{", "[")


def _in_string(text: str, depth: int, doubts: list[str]) -> Iterator[Group]:
    if hints_in(text.encode("utf-8", "replace")) is None:
        return
    if text.lstrip()[:1] in ("{", "[") and depth < DEEPEST and (node := _parsed(text)) is not None:
        yield from _in_nodes(node, depth + 1, doubts)
    else:
        yield _in_markup(text, doubts), False


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
    parts = _ESCAPE.split(text)
    parts[1::2] = map(_CHARACTERS.__getitem__, parts[1::2])
    text = "".join(parts)
    # Characters beyond the first plane come as two halves.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Characters(dict[str, str]):
    """What an escape stands for, by what stands behind its backslash; those met are remembered."""

    def __missing__(self, escape: str) -> str:
        character = self[escape] = chr(int(escape[1:], 16)) if len(escape) > 1 else _CONTROLS.get(escape, escape)
        return character


_CHARACTERS = _Characters()
