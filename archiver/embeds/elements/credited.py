"""Form "blockquote": a post's words in quotation marks, credited to a post by the word "tweet" and a link.

`<blockquote>“WORDS,” the <a href="https://x.com/HANDLE">tweet</a> said.</blockquote>`: a reader sees the words of a
post and whose it is; which post, only where the link leads there. Only where the credit is no more than that, behind
words that are quoted whole: in any other sentence such a link speaks about a post.
"""

from __future__ import annotations

import re

from archiver.embeds.elements.copied import profile_of
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Running, parse, running
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed, Link
from archiver.urls import x_status

FORM = "blockquote"
_CREDIT = re.compile(r">(?:\s|&nbsp;){0,9}tweet(?:ed)?\s{0,9}</a>", re.IGNORECASE)
_WHOLE = re.compile(r"\s*[“\"„«](?P<words>[^“”\"„«»]{20,1000})[”\"“»][,.]?(?P<lead>[^“”\"„«»]{0,30})$")
_MOST_BEHIND = 15
"""Characters behind the link ("said.")."""


def read(element: Element) -> Sighting | None:
    """The quotation that a link to the post or to its author's profile credits; None if there is none."""
    if element.name != "blockquote" or not _CREDIT.search(element.source):
        return None
    piece = parse(element)
    flow = running(piece) if piece is not None else Running()
    text = flow.text
    credit = next((a for a in flow.anchors if text[a.start : a.end].strip().lower() in ("tweet", "tweeted")), None)
    if credit is None or len(text[credit.end :].strip()) > _MOST_BEHIND:
        return None
    status = x_status(credit.href)
    handle = status.handle if status is not None else profile_of(credit.href)
    if handle is None:
        return None
    whole = _WHOLE.match(text[: credit.start])
    if whole is None:
        return None
    start, end = whole.span("words")
    inside = (anchor for anchor in flow.anchors if start <= anchor.start and anchor.end <= end)
    links = tuple(Link(anchor.href, text[anchor.start : anchor.end].strip()) for anchor in inside)
    words = whole["words"].strip().removesuffix(",")
    address = credit.href if status is not None else None
    embed = Embed(0, FORM, hint="x", address=address, author_handle=handle, quotation=words, links=links)
    return Sighting(element.start, element.end, embed, marked=False)
