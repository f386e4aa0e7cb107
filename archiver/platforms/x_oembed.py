"""Reading X's oEmbed (platforms.md 1.c.1): the words of the post as HTML, and its author's handle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import PostLink, Snapshot
from archiver.platforms.answers import age_seconds, unknown
from archiver.platforms.oembed import Card, card
from archiver.platforms.pages import elements
from archiver.platforms.x_ids import id_time
from archiver.urls import X_HOSTS, host, split, x_status

if TYPE_CHECKING:
    from bs4 import Tag

HOST = "publish.x.com"
OLD_HOST = "publish.twitter.com"
MAX_HTML = 262_144
"""Characters; a longer card is no card."""
_NEARLY_ALL = 265
"""Of 280 that a post shows; a text this long that ends in "…" was cut."""


def address(ref: PostRef) -> str:
    """Where to ask for a post: the twitter.com form, for the x.com form was answered 404 in 2023.

    Without the handle, which X ignores: one that was given up since cannot make a live post look gone.
    """
    post = f"https://twitter.com/i/status/{ref.native_id}"
    return f"https://{HOST}/oembed?" + urlencode({"url": post, "omit_script": "1", "dnt": "1", "lang": "en"})


def read(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    shown = card(noun)
    named = x_status(shown.url) if shown and shown.url else None
    if shown is None or named is None or shown.html is None or len(shown.html) > MAX_HTML:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no card of a post")
    soup = elements(shown.html)
    if soup is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a card whose HTML cannot be parsed")
    quote = soup.find("blockquote")
    last = _last_status(quote) if quote else None
    paragraph = quote.find("p") if quote else None
    if last is None or paragraph is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a card without the post's words and address")
    if {last, named.native_id} != {ref.native_id}:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {last} and {named.native_id}")
    text, links = _words(paragraph)
    if not text:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a card without words")
    handle = _handle(shown)
    snapshot = Snapshot(
        text=text,
        links=links,
        media=(),
        author_id=None,
        author_handle=handle,
        author_name=shown.author_name,
        published_at=id_time(ref.native_id),
        language=_attribute(paragraph, "lang"),
        truncated=_cut(text),
    )
    served, age = Reason.SERVED, age_seconds(exchange)
    return Reading(Outcome.PRESENT, served, exchange, snapshot=snapshot, author_handle=handle, age_seconds=age)


def _last_status(quote: Tag) -> str | None:
    """The id in the blockquote's last link to a post, which is the post's own."""
    found = [x_status(_attribute(link, "href") or "") for link in quote.find_all("a")]
    return next((status.native_id for status in reversed(found) if status), None)


def _words(paragraph: Tag) -> tuple[str, tuple[PostLink, ...]]:
    """The words as a reader sees them, and the short links among them."""
    for line_break in paragraph.find_all("br"):
        line_break.replace_with("\n")
    links = []
    for link in paragraph.find_all("a"):
        url = _attribute(link, "href")
        # Names and tags are links in the card only; what the author linked goes through t.co.
        if url and host(url) == "t.co":
            links.append(PostLink(url, None, link.get_text() or None))
    return paragraph.get_text(), tuple(dict.fromkeys(links))


def _attribute(tag: Tag, name: str) -> str | None:
    found = tag.get(name)
    return found if isinstance(found, str) and found else None


def _handle(shown: Card) -> str | None:
    """The author's handle, from `author_url`."""
    parts = split(shown.author_url or "")
    found = re.fullmatch(r"/([A-Za-z0-9_]{1,20})/?", parts.path) if parts and parts.netloc in X_HOSTS else None
    return found[1] if found else None


def _cut(text: str) -> bool:
    """Whether the endpoint cut a long post: a full-length text that ends in "…" (a link may follow)."""
    body = re.sub(r"\s*https?://t\.co/\w{1,20}\s*\Z", "", text)
    weight = sum(1 if _single(ord(character)) else 2 for character in text)
    return body.endswith("…") and weight >= _NEARLY_ALL


def _single(code: int) -> bool:
    """Whether X counts a character once; it counts all others twice."""
    return code <= 4351 or 8192 <= code <= 8205 or 8208 <= code <= 8223 or 8242 <= code <= 8247
