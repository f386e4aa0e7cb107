"""Markup that waits in an attribute until the reader consents or scrolls: `srcdoc`, `data-embed-content` …

Its form is that of the markup inside, unescaped once by the parser of attributes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from archiver.embeds import blockquote, custom_element, iframe, other
from archiver.embeds.page import Element, page_of
from archiver.embeds.pieces import attributes
from archiver.embeds.sighting import Sighting

_INSIDE = (blockquote.read, iframe.read, custom_element.read, other.read)
_HINTS = ("<blockquote", "<iframe", "<amp-")
_WORTH = re.compile(r"(?:<|&lt;|&#60;|&#x3c;)(?:blockquote|iframe|amp-)", re.IGNORECASE)


def read(element: Element) -> Sighting | None:
    """The first post in markup that an attribute of the element holds; None if there is none."""
    if not ("<" in element.tag[1:] or "&" in element.tag) or not _WORTH.search(element.tag):
        return None
    for value in attributes(element).values():
        if any(hint in value.lower() for hint in _HINTS):
            found = _first(value)
            if found is not None:
                return replace(found, start=element.start, end=element.end)
    return None


def _first(markup: str) -> Sighting | None:
    page = page_of(markup)
    for inner in page.elements[:20] if page else ():
        for form in _INSIDE:
            sighting = form(inner)
            if sighting is not None:
                return sighting
    return None
