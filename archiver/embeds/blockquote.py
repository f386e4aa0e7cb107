"""Form "blockquote": X's official markup and its kin.

`<blockquote class="twitter-tweet"><p lang dir>TEXT</p>— NAME (@HANDLE) <a href="…/status/ID">Month D, YYYY</a>`
and what content systems make of it (platforms.md 1.a.1): other classes or none, paragraphs added, the text lost,
only a link left. The last status link is the post's own: a quoted post comes first.
"""

from __future__ import annotations

import re
from datetime import date

from archiver.embeds.attribution import Attribution, last_attribution
from archiver.embeds.page import Element
from archiver.embeds.pieces import Anchor, Running, attributes_of, parse, parse_again, running
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed, Link
from archiver.urls import x_id, x_status

FORM = "blockquote"

_MARKED = re.compile(r"twitter-(?:tweet|video)(?![\w-])|data-tweet-?id", re.IGNORECASE)
_STATUS = re.compile(r"/status(?:es)?/\d|/statuses/\d", re.IGNORECASE)
_HOLDERS = ("blockquote", "div", "section", "figure", "p", "article", "aside")
_TRAILING = 3
"""Characters that may follow the last link of a quotation without a marker (a bracket, a full stop)."""


def read(element: Element) -> Sighting | None:
    """The post that the element shows; None if it shows none of X."""
    marked = _MARKED.search(element.tag) is not None and "twitter-timeline" not in element.tag
    if element.name not in _HOLDERS or not (marked or element.name == "blockquote"):
        return None
    if not _STATUS.search(element.source) and not (marked and "(@" in element.source):
        return None
    if not marked and _MARKED.search(element.source):
        return None
    return _parsed(element, marked)


def _parsed(element: Element, marked: bool) -> Sighting | None:
    root = parse(element)
    doubts: tuple[str, ...] = ()
    flow = _flow(root, element) if root is not None else None
    if _STATUS.search(element.source) and (flow is None or not _statuses(flow)):
        root = parse_again(element) or root
        flow = _flow(root, element) if root is not None else None
        doubts = ("parser_disagreement",) if _lost(element, flow) else ()
    if root is None or flow is None:
        return None
    embed = _embed(flow, attributes_of(root), marked)
    if embed is None:
        return None
    paragraph = root.find(attrs={"lang": True})
    language = str(paragraph["lang"]) if paragraph is not None and paragraph.name == "p" else None  # type: ignore[index,union-attr]
    embed = Embed(**{**_fields(embed), "language": language or None})
    return Sighting(element.start, element.end, embed, marked, doubts)


def _flow(root: object, element: Element) -> Running:
    raise NotImplementedError
