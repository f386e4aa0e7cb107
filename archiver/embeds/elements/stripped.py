"""Form "blockquote" without its marker: quotations of other platforms than X, as feeds keep them, and cards.

`<blockquote><p>TEXT</p>— NAME (@handle) <a href="…/post/KEY">DAY</a></blockquote>`: a sanitiser takes the class, and
what is left says by its words where it comes from. Without such words a quotation that ends in a link is prose.
"""

from __future__ import annotations

import re
from dataclasses import replace

from archiver.embeds.elements import printed
from archiver.embeds.flattened import placeholders, sounds
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.flattened.shared_by import shows_this, whose
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Anchor, Running, attributes, parse, running
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint

FORM = "blockquote"
_WORTH = re.compile(
    r"instagram\.com/|bsky\.app/|threads\.|facebook\.com/|reddit\.com/|embedly-card|View on Mastodon|[?&;]refer=embed",
    re.IGNORECASE,
)
_CARD = "embedly-card"
_OF_TIKTOK = "refer=embed"
_SIGNED = re.compile(r"\(\s?@[\w.@-]{3,100}\s?\)\s*$|\bPosted by [^\n]{1,120}\bon\s*$")
"""Right before the link whose words are the day."""
_SAYS = re.compile(
    r"View this post on Instagram|A (?:post|photo|video|reel) (?:shared|posted) by|View on Threads|Post by @"
)
_BY = re.compile(r"\s*(?:\n\s*)?by\s*u/[\w-]{1,40}")
_TRAILING = 3


def read(element: Element) -> Sighting | None:
    """The post of another platform that a quotation without its marker shows; None if it shows none."""
    if element.name != "blockquote" or _WORTH.search(element.source) is None:
        return None
    piece = parse(element)
    if piece is None or piece.first("blockquote") is not None:
        return None
    flow = running(piece)
    is_card = _CARD in attributes(element).get("class", "")
    address = _of_card(flow) if is_card else _signed(flow)
    hint = post_hint(address) if address else None
    if hint is None:
        return _of_sound(element, flow)
    embed = Embed(0, FORM, hint=hint, address=address)
    words = {} if is_card else printed.words_of(piece, hint)
    return Sighting(element.start, element.end, replace(embed, **words), is_card)


def _of_sound(element: Element, flow: Running) -> Sighting | None:
    """TikTok's, of which the class and the attributes told the post: what is left are links to author and sound."""
    seen = next(sounds.read(flow.text), None) if _OF_TIKTOK in element.source else None
    return (
        Sighting(element.start, element.end, replace(seen.embed, form=FORM, cut=None, confidence=None), False)
        if seen
        else None
    )


def _of_card(flow: Running) -> str | None:
    """A card's heading is the link that it is made of."""
    return next((anchor.href for anchor in flow.anchors if post_hint(anchor.href)), None)


def _signed(flow: Running) -> str | None:
    posts = [anchor for anchor in flow.anchors if post_hint(anchor.href) not in (None, "x")]
    if not posts:
        return None
    text, first, last = flow.text, posts[0], posts[-1]
    hint = post_hint(last.href)
    if post_hint(first.href) == "reddit" and not text[: first.start].strip() and _BY.match(text, first.end):
        return first.href
    if hint == "instagram" and _shared(text, last.end):
        return last.href
    if placeholders.is_one(text, hint):
        return last.href
    if len(text[last.end :].strip()) > _TRAILING:
        return None
    if hint == "facebook" and _is_day(text[last.start : last.end]) and _names_page(flow, last):
        return last.href
    is_signed = _SIGNED.search(text, max(last.start - 250, 0), last.start)
    return last.href if is_signed or _SAYS.search(text[first.start : last.end]) else None


def _shared(text: str, end: int) -> bool:
    """Whether Instagram says so in one of its languages: in the last line, of which a link may be a part, or in a
    placeholder where nothing stands behind the last link, which ends at `end`."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if whose(lines[-1]) is not None:
        return True
    return len(text[end:].strip()) <= _TRAILING and any(shows_this(line) for line in lines)


def _is_day(words: str) -> bool:
    """Whether they are a day and no more, be it with its name before it."""
    words = words.strip()
    read = ((part, read_day(part)) for part in (words, words.partition(" ")[2]))
    return any(day is not None and day.length == len(part) for part, day in read)


def _names_page(flow: Running, day: Anchor) -> bool:
    """Whether the link before is that to a page of Facebook, in whatever language its author is named."""
    before = [anchor for anchor in flow.anchors if anchor.end <= day.start]
    return bool(before) and "facebook.com/" in before[-1].href and post_hint(before[-1].href) is None
