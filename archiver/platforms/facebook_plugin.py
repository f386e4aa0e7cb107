"""Reading Facebook's post plugin (platforms.md 6): words, pictures, time and the author's name, not the author's id.

The plugin says "no longer available" of live posts, too: of private ones, of every post in a group, of addresses with
a title or a tracking parameter in them, and of a number that is asked for as what it is not. So it proves no deletion.
Its page names the post by number only: of a post that is known by a `pfbid…` it cannot be told that it is the one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.permalinks import PostAddress, post_address
from archiver.platforms.answers import not_json, unknown
from archiver.platforms.meta_pages import (
    attribute,
    line_of,
    of_another,
    outbound_links,
    page_of,
    picture_address,
    seen,
    words_of,
)
from archiver.platforms.rules import Place, Rule

if TYPE_CHECKING:
    from bs4 import Tag

HOST = "www.facebook.com"
_FILM = re.compile(r"facebook\.com/(?:[^/?]{1,100}/videos|reel)/")
_OWN_LINKS = 500
"""So many of a page are looked at; those that are known have some tens."""
_GONE = (
    r"This Facebook post is no longer available\. "
    r"It may have been removed or the privacy settings of the post may have changed\."
)

RULES: tuple[Rule, ...] = (Rule("plugin", 200, "feed text", _GONE, Outcome.ABSENT, Reason.NOT_FOUND, Strength.WEAK),)


def _feed_text(exchange: Exchange, noun: Any) -> str | None:
    """The one paragraph of a feed without a post."""
    page = page_of(exchange) if b"no longer available" in exchange.body else None
    feed = page.find(True, {"role": "feed"}) if page is not None else None
    if feed is None or _message(feed) is not None or feed.find("abbr") is not None:
        return None
    paragraphs = feed.find_all("p")
    return line_of(paragraphs[0]) if len(paragraphs) == 1 else None


PLACES: Mapping[str, Place] = {"feed text": _feed_text}


def address(post: str) -> str:
    """Where to ask for a post. Asked in English: what is unavailable is read by its English text."""
    return f"https://{HOST}/plugins/post.php?" + urlencode({"href": post, "locale": "en_US"})


def read(ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    page = page_of(exchange)
    feed = page.find(True, {"role": "feed"}) if page is not None else None
    if feed is None:
        return not_json(exchange)
    named = _named(feed)
    if not named:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, line_of(feed.find("p")) or "no post with an address")
    if not re.fullmatch("[0-9]+", ref.native_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "the page has a number, and the post on file has none")
    if ref.native_id not in [each.native_id for each in named]:
        return of_another(ref, named[0].native_id, exchange)
    message = _message(feed)
    snapshot = Snapshot(
        text=_text(message),
        links=outbound_links(message),
        media=_media(feed),
        author_id=None,
        author_handle=next((each.handle for each in named if each.handle), None),
        author_name=_author_name(feed),
        published_at=_published_at(feed),
        language=None,
        truncated=False,
    )
    return seen(ref, snapshot, exchange)


def _message(feed: Tag) -> Tag | None:
    return feed.find(True, {"data-testid": "post_message"})


def _named(feed: Tag) -> list[PostAddress]:
    """The posts that the page's own links name: above the card, at the time, at the pictures, at the comments.

    Not those in the words, which may lead to any other post.
    """
    message = _message(feed)
    in_words = {id(link) for link in message.find_all("a")} if message is not None else set()
    found = []
    for link in feed.find_all("a", href=True, limit=_OWN_LINKS):
        own = "_29bd" in (link.get("class") or ()) or link.find("abbr") or not link.get_text(strip=True)
        if not own or id(link) in in_words:
            continue
        named = post_address(urljoin(f"https://{HOST}/", attribute(link, "href") or ""))
        if named is not None and named.platform == "facebook" and named.native_id is not None:
            found.append(named)
    return found


def _text(message: Tag | None) -> str:
    """The whole text: the part behind "See more" is on the page, and what stands for it meanwhile is left out."""
    if message is None:
        return ""
    for stopgap in message.find_all(class_="text_exposed_hide"):
        stopgap.decompose()
    paragraphs = message.find_all("p")
    return "\n\n".join(words_of(each) for each in paragraphs) if paragraphs else words_of(message)


def _media(feed: Tag) -> tuple[Media, ...]:
    """Its pictures: those without a label, which authors' portraits have. A film by its cover."""
    own = [attribute(link, "href") or "" for link in feed.find_all("a", class_="_29bd")]
    kind = "video" if any(_FILM.search(href) for href in own) else "photo"
    found = []
    for image in feed.find_all("img"):
        place = picture_address(image)
        if place is not None and image.get("aria-label") is None:
            found.append(Media(place, kind, None))
    return tuple(dict.fromkeys(found))


def _author_name(feed: Tag) -> str | None:
    """The label of the first portrait."""
    portrait = feed.find("img", attrs={"aria-label": True})
    return attribute(portrait, "aria-label")


def _published_at(feed: Tag) -> datetime | None:
    """Films have none."""
    seconds = attribute(feed.find("abbr"), "data-utime") or ""
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch("[0-9]{1,10}", seconds) else None
