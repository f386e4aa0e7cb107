"""Status addresses of X in the bytes of a page: which a raw scan meets, and which belongs to a flattened post."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

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


def with_link(place: Place, page: Page, window: Window, taken: set[int]) -> Place:
    """A flattened post with the address of the link that its attribution was in the markup: the words are made of text
    alone, and what the date leads to is lost there. Author and day must both be those of the link; each link is
    `taken` once."""
    sighting = place.seen[0]
    embed = sighting.embed
    if embed.form != "text" or embed.address or not embed.author_handle or embed.hint != "x":
        return place
    near: tuple[int, str] | None = None
    for at in page.hints.linked:
        if at in taken or not window.start <= at < window.end:
            continue
        address = address_at(page, at)
        status = x_status(address)
        if status is None or (status.handle or "").lower() != embed.author_handle.lower():
            continue
        given = x_day(status.native_id)
        if embed.published_on in (None, given):
            near = at, address
            break
        # Pages print the day of the reader's place, ids hold that of Greenwich.
        if near is None and given is not None and abs(given - embed.published_on) <= timedelta(days=1):
            near = at, address
    if near is not None:
        taken.add(near[0])
        place.seen[0] = replace(sighting, embed=replace(embed, address=near[1]))
    return place
