"""Markup that waits until the reader consents or scrolls, in an attribute (`srcdoc`, `data-embed-content` …), in JSON
there (`data-block-json`, also of a script: Naver's `data-module`), in Base64 there or in a script
(`<script type="text/template">PGlmcm…`), or percent-encoded there (`data-content="%3Cblockquote…"`, `src="data:…"`).

Its form is that of the markup inside, unescaped once by the parser of attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from archiver.embeds.elements import blockquote, custom_element, iframe, other
from archiver.embeds.prefilter import in_base64
from archiver.embeds.reading.page import Element, page_of
from archiver.embeds.reading.pieces import attributes
from archiver.embeds.sighting import Sighting

_INSIDE = (blockquote.read, iframe.read, custom_element.read, other.read)
_HINTS = ("<blockquote", "<iframe", "<amp-")
_WORTH = re.compile(
    r"(?:<|%3c|&lt;|&#60;|&#x3c;|\\u003c)(?:blockquote|iframe|amp-)|PGJsb2Nrc|PGlmcmFtZ|PGRpd|PHNjcmlwd"
    r"|labs-cookie-content=",
    re.IGNORECASE,
)
_NO_HOLDERS = ("button", "article")
"""What stands in a button is to be copied; in an article's own tag, the film of what it leads to."""
_ENCODED = re.compile(r"\s*((?:P[E-H]|Cjx|DQo8)[A-Za-z0-9+/\s]{20,})={0,2}\s*")
"""Base64 of what begins with a tag, on a line of its own or not; Borlabs keeps there whatever an editor wrote."""


def read(element: Element) -> Sighting | None:
    """The first post in markup that an attribute of the element holds; None if there is none."""
    stated: Iterable[str]
    if element.name in _NO_HOLDERS:
        return None
    if _may_wait(element.lowered[len(element.name) + 1 :]) and _WORTH.search(element.tag, 1):
        stated = attributes(element).values()
    elif element.name == "script":
        stated = (element.source[len(element.tag) :].partition("<")[0],)
    else:
        return None
    for markup in (markup for each in stated for markup in _markup_in(each)):
        found = _first(markup)
        if found is not None:
            return found._replace(start=element.start, end=element.end)
    return None


def _may_wait(lowered: str) -> bool:
    """Plain searches first, behind the element's own name, which may be one of these: to search by the pattern, which
    folds the case of each letter, takes ten times as long."""
    if "pgjsb2nrc" in lowered or "pglmcmftz" in lowered or "pgrpd" in lowered or "phnjcmlwd" in lowered:
        return True
    if "labs-cookie-content=" in lowered:
        return True
    is_escaped = "<" in lowered or "&" in lowered or "u003c" in lowered or "%3c" in lowered
    return is_escaped and ("blockquote" in lowered or "iframe" in lowered or "amp-" in lowered)


def _markup_in(stated: str) -> Iterator[str]:
    """The pieces of markup that a value is or holds."""
    if stated[:9].lower() == "data:text":
        # A page that a frame has in its address.
        stated = stated.partition(",")[2]
    if "%3C" in stated or "%3c" in stated:
        stated = unquote(stated)
    encoded = _ENCODED.fullmatch(stated)
    if encoded is not None:
        yield in_base64.decoded(encoded[1].encode()).decode("utf-8", "replace")
    elif stated.lstrip()[:1] in ("{", "["):
        yield from _strings(stated)
    elif any(hint in stated.lower() for hint in _HINTS):
        yield stated


def _strings(stated: str) -> Iterator[str]:
    try:
        stack = [json.loads(stated)]
    except (ValueError, RecursionError):
        return
    while stack:
        node = stack.pop()
        if isinstance(node, dict | list):
            stack.extend(reversed(list(node.values()) if isinstance(node, dict) else node))
        elif isinstance(node, str) and any(hint in node.lower() for hint in _HINTS):
            yield node


def _first(markup: str) -> Sighting | None:
    page = page_of(markup)
    for inner in page.elements[:20] if page else ():
        for form in _INSIDE:
            sighting = form(inner)
            if sighting is not None:
                return sighting
    return None
