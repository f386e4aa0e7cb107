"""Form "iframe": X's own frame, live or as a saved page keeps it, and frames of others around an address of X.

`platform.twitter.com/embed/Tweet.html?…&id=ID` (also platform.x.com, index.html), `data-tweet-id` where the address
was lost, an address of X itself, or an address of X as a parameter of a go-between (embedly, iframely, twitframe).
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.embeds.elements.documents import kept_status
from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import attributes
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import split, unarchived, x_id, x_status

FORM = "iframe"
PLATFORM_HOSTS = ("platform.twitter.com", "platform.x.com", "syndication.twitter.com")
SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-cmp-src", "data-cookieblock-src", "data-url")


def read(element: Element) -> Sighting | None:
    """The post of X in the frame; None if it shows none."""
    if element.name not in ("iframe", "amp-iframe"):
        return None
    if not _may_name_x(element.lowered):
        return None
    found = attributes(element)
    native_id = x_id(found.get("data-tweet-id", "")) or x_id(found.get("data-tweetid", "")) or kept_status(found)
    address = None
    # Consent and lazy-loading scripts have dozens of names for it: any attribute may hold the address.
    for source in (found[name] for name in (*SOURCES, *found) if len(found.get(name, "")) > 10):
        native_id = native_id or platform_id(source)
        address = address or _address(source)
    if native_id is None and address is None:
        return None
    return Sighting(
        element.start,
        element.end,
        Embed(0, FORM if element.name == FORM else "amp", hint="x", address=address, native_id=native_id),
    )


def _may_name_x(lowered: str) -> bool:
    """What tells a frame of X from the many others, before its attributes are read."""
    return "tweet" in lowered or "twitter" in lowered or "x.com" in lowered or "status" in lowered


def plain(stated: str) -> str:
    """An address as it is meant: Zenn's and Qiita's frames and Tumblr's boxes have it encoded as a whole."""
    return unquote(stated) if stated[:8].lower() in ("https%3a", "http%3a%") else stated


def platform_id(source: str) -> str | None:
    """The id of the post that X's own frame shows, by the frame's address; None of any other address."""
    parts = split(unarchived(source))
    if parts is None or parts.netloc not in PLATFORM_HOSTS or not parts.path.startswith("/embed/"):
        return None
    return next((x_id(value) for key, value in _query(source) if key == "id"), None)


def _address(source: str) -> str | None:
    source = unarchived(plain(source))
    if x_status(source):
        return source
    return next((unarchived(value) for value in handed_on(source) if x_status(value)), None)


def handed_on(source: str) -> list[str]:
    """The addresses that a go-between's address holds."""
    return [value for key, value in _query(source) if key in ("url", "src")]


def _query(source: str) -> list[tuple[str, str]]:
    try:
        # Content systems escape "&" twice.
        return parse_qsl(urlsplit(source.strip()).query.replace("&amp;", "&"), max_num_fields=200)
    except ValueError:
        return []
