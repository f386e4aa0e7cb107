"""What the embed pages of Instagram, Facebook and Threads share: markup, words, outbound links, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlunsplit

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import PostLink, Snapshot
from archiver.platforms.answers import present, unknown
from archiver.platforms.pages import elements
from archiver.urls import split, within

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_PAGE = 1_000_000
"""Bytes of a page, or characters of a card; the pages that are known have at most 280,000."""
MAX_TAGS = 8_000
"""So many, nested in each other, are still searched in seconds; the pages that are known have some hundreds."""
_PICTURES = "scontent.cdninstagram.com"
_ASSETS = "/rsrc.php/"
_OUTBOUND = ("l.facebook.com", "l.instagram.com", "l.threads.com", "l.threads.net")


def page_of(exchange: Exchange) -> BeautifulSoup | None:
    """The page of an answer; None if it is no page of HTML, too large, or cannot be parsed."""
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
    return markup(exchange.body) if kind == "text/html" else None


def markup(html: bytes | str) -> BeautifulSoup | None:
    """HTML as elements; None if it is none, too large, or cannot be parsed."""
    # Bytes are UTF-8 on all three; left to guess, the parser would take broken ones for another script.
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else html
    if len(html) > MAX_PAGE or not 0 < text.count("<") <= MAX_TAGS or text.lstrip().startswith("<?xml"):
        return None
    return elements(text)


def attribute(tag: Tag | None, name: str) -> str | None:
    """The value of an attribute; None without one, or with an empty one."""
    found = tag.get(name) if tag is not None else None
    return found if isinstance(found, str) and found else None


def classed(tag: Tag | None, name: str) -> Tag | None:
    """The first element inside with that class."""
    return tag.find(class_=name) if tag is not None else None


def line_of(tag: Tag | None) -> str | None:
    """The words of an element on one line; None without any."""
    return " ".join(tag.get_text().split()) or None if tag is not None else None


def words_of(tag: Tag | None) -> str:
    """The words of an element as a reader sees them, line breaks kept; "" without any. Changes the element."""
    if tag is None:
        return ""
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    return tag.get_text().strip()


def outbound_links(tag: Tag | None) -> tuple[PostLink, ...]:
    """What the author linked: such links go through a redirector that carries the target; names and tags do not."""
    found = []
    for link in tag.find_all("a") if tag is not None else ():
        target = _target(attribute(link, "href") or "")
        if target is not None:
            found.append(PostLink(target, None, link.get_text().strip() or None))
    return tuple(dict.fromkeys(found))


def _target(address: str) -> str | None:
    """Where an outbound link leads, without the click's own mark: both differ at every look."""
    outer = split(address)
    if outer is None or outer.netloc not in _OUTBOUND:
        return None
    target = dict(parse_qsl(outer.query)).get("u") or ""
    parts = split(target)
    if parts is None or "fbclid" not in parts.query:
        return target if parts else None
    kept = [(key, part) for key, part in parse_qsl(parts.query, keep_blank_values=True) if key != "fbclid"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def picture_address(image: Tag | None) -> str | None:
    """A picture's address, the same at every look; None for the page's own ornaments.

    The host names a cache near us and the query is a signature for some days: only the path names the picture.
    """
    parts = split(attribute(image, "src") or "")
    if parts is None or not (within(parts.netloc, "cdninstagram.com") or within(parts.netloc, "fbcdn.net")):
        return None
    return None if parts.path.startswith(_ASSETS) or parts.path == "/" else f"https://{_PICTURES}{parts.path}"


def seen(ref: PostRef, snapshot: Snapshot, exchange: Exchange) -> Reading:
    """`present`, unless the author is another than the one on file, or there are neither words nor pictures."""
    author_id = snapshot.author_id
    if author_id is not None and ref.author_id not in (None, author_id):
        told = f"the author on file is {ref.author_id}, the answer's is {author_id}"[:200]
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    if not (snapshot.text or snapshot.media):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither the post's words nor a picture")
    return present(exchange, snapshot)


def of_another(ref: PostRef, named: str | None, exchange: Exchange) -> Reading:
    """`unknown`: the answer is about another post."""
    return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {named}"[:200])
