"""Status addresses of X in the bytes of a page: which a raw scan meets, and which belongs to a flattened post."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from archiver.embeds.page import Page
from archiver.embeds.places import Place
from archiver.embeds.readable import unescaped
from archiver.embeds.stretches import Window
from archiver.urls import unarchived, x_day, x_status

_ENDS = (b'"', b"'", b"<", b">", b" ", b"\n", b"\r", b"\t", b"\f")
_FORWARD = re.compile(rb"[^\s\"'<>]{0,300}")
_SHARE = re.compile(rb"share|follow|intent|button|reply|retweet|like|comment|timeline", re.IGNORECASE)


def address_at(page: Page, at: int) -> str:
    """The address that stands around a place in the source, character references undone."""
    before = page.source[max(at - 300, 0) : at]
    begun = max(before.rfind(end) for end in _ENDS) + 1
    rest = _FORWARD.match(page.source, at)
    written = before[begun:] + (rest[0] if rest else b"")
    return unarchived(unescaped(written.decode("utf-8", "replace")))


def names_post(page: Page, at: int) -> bool:
    """Whether the address there is a post's, in a tag that does not say that it shares or follows."""
    tag = page.source.rfind(b"<", max(at - 2000, 0), at)
    return x_status(address_at(page, at)) is not None and not _SHARE.search(page.source, tag, at)


class LinkedPost(NamedTuple):
    """A link to a post of X in the source of a page."""

    at: int
    address: str
    day: date | None
    """The day that its id tells."""


MOST_TRIED = 500
"""Links of one author that are compared with one flattened post: a hostile page has thousands."""


def linked_posts(page: Page) -> dict[str, list[LinkedPost]]:
    """The links of a page that lead to posts, by the handle in lower case, in order: read once, however many flattened
    posts there are."""
    found: dict[str, list[LinkedPost]] = {}
    for at in page.hints.linked:
        address = address_at(page, at)
        status = x_status(address)
        if status is not None and status.handle:
            found.setdefault(status.handle.lower(), []).append(LinkedPost(at, address, x_day(status.native_id)))
    return found


def with_link(place: Place, links: dict[str, list[LinkedPost]], window: Window) -> Place:
    """A flattened post with the address of the link that its attribution was in the markup: the words are made of text
    alone, and what the date leads to is lost there. Author and day must both be those of the link; each link is taken
    once, out of `links`."""
    sighting = place.seen[0]
    embed = sighting.embed
    if embed.form != "text" or embed.address or not embed.author_handle or embed.hint != "x":
        return place
    theirs = links.get(embed.author_handle.lower(), [])
    first = bisect_left(theirs, window.start, key=lambda link: link.at)
    tried = [link for link in theirs[first : first + MOST_TRIED] if link.at < window.end]
    near = next((link for link in tried if embed.published_on in (None, link.day)), None)
    # Pages print the day of the reader's place, ids hold that of Greenwich.
    near = near or next((link for link in tried if _is_next_day(link.day, embed.published_on)), None)
    if near is not None:
        theirs.remove(near)
        place.seen[0] = replace(sighting, embed=replace(embed, address=near.address))
    return place


def _is_next_day(given: date | None, printed: date | None) -> bool:
    return given is not None and printed is not None and abs(given - printed) <= timedelta(days=1)
