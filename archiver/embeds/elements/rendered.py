"""Form "custom_element": a post that react-tweet has rendered, as a saved or a prebuilt page keeps it.

`<div class="react-tweet-theme …"><article>`: links of the author's, all to the post or to the profile; the words in the
first `<p>`; the day in `<time datetime>`; X's buttons. A quoted post comes behind the words, so the first link to a
post is the post's own, unless the page is so old that name and picture lead to the profile: then the buttons tell it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from archiver.embeds.elements import printed
from archiver.embeds.elements.copied import profile_of
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Piece, Running, attributes, parse, running
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import x_id, x_status

FORM = "custom_element"
_CLASS = "react-tweet-theme"
_BUTTON = re.compile(r"/intent/\w{1,20}\?(?:[^#]{0,200}&)?(?:tweet_id|in_reply_to)=(?P<id>\d{1,19})(?!\d)")


def read(element: Element) -> Sighting | None:
    """The post that the element shows; None if it is no such element, or is still loading."""
    if _CLASS not in element.tag or _CLASS not in attributes(element).get("class", "").split():
        return None
    piece = parse(element)
    if piece is None:
        return None
    flow = running(piece)
    buttons = (_BUTTON.search(anchor.href) for anchor in flow.anchors)
    told = next((x_id(button["id"]) for button in buttons if button), None)
    links = [
        anchor.href for anchor in flow.anchors if (status := x_status(anchor.href)) and told in (None, status.native_id)
    ]
    if not links and told is None:
        return None
    status = x_status(links[0]) if links else None
    embed = Embed(
        0,
        FORM,
        hint="x",
        address=links[0] if links else None,
        native_id=None if links else told,
        author_handle=status.handle if status else None,
        author_name=_name(flow, status.handle if status else None),
        published_on=_day(piece),
    )
    words = printed.words_of(piece, "x")
    words = {field: words[field] for field in ("quotation", "links", "language") if field in words}
    return Sighting(element.start, element.end, replace(embed, **words))


def _name(flow: Running, handle: str | None) -> str | None:
    """The words of the first of the author's links that has any."""
    text = flow.text
    for anchor in flow.anchors:
        status = x_status(anchor.href)
        words = text[anchor.start : anchor.end].strip()
        if words and handle is not None and handle in (status.handle if status else None, profile_of(anchor.href)):
            return None if words.startswith("@") else words
    return None


def _day(piece: Piece) -> date | None:
    time = piece.first("time", lambda stated: bool(stated.get("datetime")))
    try:
        return date.fromisoformat(time.attributes["datetime"][:10]) if time else None
    except ValueError:
        return None
