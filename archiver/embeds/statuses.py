"""Status addresses of X in the bytes of a page: which a raw scan meets, and which belongs to a flattened post."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from archiver.embeds.places import Place
from archiver.embeds.reading.page import Page
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.reading.stretches import Window
from archiver.urls import unarchived, x_day, x_status

_ENDS = (b'"', b"'", b"<", b">", b" ", b"\n", b"\r", b"\t", b"\f")
_NAME = re.compile(rb"^[a-z][\w:-]{0,30}=(?=https?:|/)", re.IGNORECASE)
_FORWARD = re.compile(rb"[^\s\"'<>]{0,300}")
_SHARE = re.compile(rb"share|follow|intent|button|reply|retweet|like|comment|timeline", re.IGNORECASE)


def address_at(page: Page, at: int) -> str:
    """The address that stands around a place in the source, character references undone."""
    before = page.source[max(at - 300, 0) : at]
    begun = max(before.rfind(end) for end in _ENDS) + 1
    rest = _FORWARD.match(page.source, at)
    # In no quotation marks its attribute's name stands before it (minified pages).
    written = _NAME.sub(b"", before[begun:]) + (rest[0] if rest else b"")
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


class LinkedPosts:
    """The links of a page that lead to posts, each to be taken once: read once, however many flattened posts there are,
    and sought by author and day, however many links of one author."""

    def __init__(self, page: Page) -> None:
        self._of_day: dict[tuple[str, date | None], list[LinkedPost]] = {}
        self._of_author: dict[str, list[LinkedPost]] = {}
        for at in page.hints.linked:
            address = address_at(page, at)
            status = x_status(address)
            if status is not None and status.handle:
                link = LinkedPost(at, address, x_day(status.native_id))
                self._of_day.setdefault((status.handle.lower(), link.day), []).append(link)
                self._of_author.setdefault(status.handle.lower(), []).append(link)

    def take(self, handle: str, day: date | None, start: int, end: int) -> LinkedPost | None:
        """The first link in source[start:end] to a post of that author and day, where the day is known; None without
        one. Pages print the day of the reader's place, ids hold that of Greenwich: the next day is the second best."""
        handle = handle.lower()
        if day is None:
            return self._taken(handle, [self._of_author.get(handle, [])], start, end)
        on_day, beside = self._of_day.get((handle, day), []), timedelta(days=1)
        near = [self._of_day.get((handle, day + days), []) for days in (-beside, beside)]
        return self._taken(handle, [on_day], start, end) or self._taken(handle, near, start, end)

    def _taken(self, handle: str, lists: list[list[LinkedPost]], start: int, end: int) -> LinkedPost | None:
        first = [links[index] for links in lists if (index := _index(links, start)) < len(links)]
        link = min(first, default=None)
        if link is None or link.at >= end:
            return None
        for links in (self._of_day[handle, link.day], self._of_author[handle]):
            del links[_index(links, link.at)]
        return link


def _index(links: list[LinkedPost], at: int) -> int:
    return bisect_left(links, at, key=lambda link: link.at)


def with_link(place: Place, links: LinkedPosts, window: Window) -> Place:
    """A flattened post with the address of the link that its attribution was in the markup: the words are made of text
    alone, and what the date leads to is lost there."""
    sighting = place.seen[0]
    embed = sighting.embed
    if embed.form != "text" or embed.address or not embed.author_handle or embed.hint != "x":
        return place
    link = links.take(embed.author_handle, embed.published_on, window.start, window.end)
    if link is not None:
        place.seen[0] = sighting._replace(embed=replace(embed, address=link.address))
    return place
