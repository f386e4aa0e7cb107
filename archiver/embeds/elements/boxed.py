"""Form "custom_element": posts that content systems of old printed themselves, in a box of their own making.

Blackbird Pie, X's first embed (2010 to 2012), and the plugins named after it: `<div class="bbpBox123">
<p class="bbpTweet">WORDS <a title="… +0000 2011" href="…/status/123">`; Hatena's `<div class="twitter-detail-tweet">`
(2010 to 2014); Osnova's `<div class="andropov_tweet">`; Discourse's `<aside class="onebox twitterstatus">`, of which
only the later ones say the address (`data-onebox-src`); the cards that sites without scripts print, and what they print
while a script has not come, `<div class="tweet-embed">`. Their words stand before the link to the post, whose own words
are an hour or a day; a link that a handle makes leads to what the post answers, and X's buttons lead nowhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from archiver.embeds.elements.copied import byline_above
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Anchor, Piece, Running, attributes, parse, running
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed, Link
from archiver.urls import x_status

FORM = "custom_element"
_BOX = re.compile(r"(?:^|\s)(?:bbpBox[\d_]{0,25}|twitter-detail-tweet|andropov_tweet)(?=\s|$)", re.IGNORECASE)
_CARD = re.compile(
    r"(?:^|\s)(?:(?:tweet|twitter)-embed(?:ded|ding)?(?:[_-]{1,2}(?:box|card|container|inner|wrap|wrapper))?"
    r"|embed--?twitter)(?=\s|$)",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"<(?:blockquote|iframe|script|template)(?![\w-])|twitter-tweet", re.IGNORECASE)
"""What says more than the card around it."""
_ONEBOX = re.compile(r"(?:^|\s)twitterstatus(?=\s|$)")
"""It leads to its post first, and to the one that it quotes."""
_WORDS = re.compile(r"(?:^|\s)andropov_tweet__text(?=\s|$)")
"""Of the part that holds the words, where more than the author stands before the link."""
_IN_UTC = re.compile(r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d) [\d:]{8} \+0000 (?P<year>\d{4})")


def read(element: Element) -> Sighting | None:
    """The post that the box shows; None if the element is none, or leads to no post."""
    if element.name not in ("div", "aside"):
        return None
    found = attributes(element)
    classes = found.get("class", "")
    is_onebox = _ONEBOX.search(classes) is not None and "data-onebox-src" not in found
    is_card = _CARD.search(classes) is not None and not _HOLDS.search(element.source)
    if not (is_onebox or is_card) and _BOX.search(classes) is None:
        return None
    piece = parse(element)
    flow = running(piece) if piece is not None else Running()
    anchors = flow.anchors if is_onebox else flow.anchors[::-1]
    own = next((anchor for anchor in anchors if _is_own(flow, anchor)), None)
    status = x_status(own.href) if own is not None else None
    if piece is None or own is None or status is None or (is_card and _shows_more(flow)):
        return None
    embed = Embed(0, FORM, hint="x", address=own.href, author_handle=status.handle, published_on=_day(own))
    if is_onebox or (is_card and byline_above(flow, status.handle or "") is None):
        # Where the words begin, is not said.
        return Sighting(element.start, element.end, embed)
    return Sighting(element.start, element.end, _with_words(embed, piece, flow, own))


def _shows_more(flow: Running) -> bool:
    """Whether it leads to several posts: a card of a thread, or with the post that it quotes, tells not which is it."""
    return len({shown.native_id for each in flow.anchors if (shown := x_status(each.href)) is not None}) > 1


def _is_own(flow: Running, anchor: Anchor) -> bool:
    status = x_status(anchor.href)
    words = flow.text[anchor.start : anchor.end].strip().lower()
    return status is not None and words.removeprefix("@") != (status.handle or "").lower()


def _with_words(embed: Embed, piece: Piece, flow: Running, own: Anchor) -> Embed:
    part = piece.part(lambda stated: _WORDS.search(stated.get("class", "")) is not None)
    said = running(part) if part is not None else flow
    above = byline_above(flow, embed.author_handle) if part is None and embed.author_handle else None
    begun, end = above.end if above else 0, own.start if part is None else len(said.text)
    links = tuple(
        Link(each.href, said.text[each.start : each.end].strip())
        for each in said.anchors
        if begun <= each.start and each.end <= end
    )
    quotation = said.text[begun:end].strip()
    name = above.name.splitlines()[0] if above else None
    return replace(embed, author_name=name, quotation=quotation or None, links=links if quotation else ())


def _day(own: Anchor) -> date | None:
    """The day in the link's title; its words are of the clock at the author's or the reader's place."""
    told = _IN_UTC.search(own.attributes.get("title", ""))
    printed = read_day(f"{told['month']} {told['day']}, {told['year']}") if told else None
    return printed.day if printed else None
