"""Reading Instagram's embed page (platforms.md 5): the caption, the first picture, the author and the author's id.

The page also says "may be broken, or … removed" of live posts: of private accounts, of those that forbid embedding, of
age-restricted ones. So it proves no deletion. It is asked as `/p/CODE/` for reels too: `/reel/CODE/embed/` is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.permalinks import post_address
from archiver.platforms.answers import not_json, unknown
from archiver.platforms.meta_ids import code_time
from archiver.platforms.meta_pages import (
    attribute,
    classed,
    line_of,
    of_another,
    outbound_links,
    page_of,
    picture_address,
    seen,
    words_of,
)
from archiver.platforms.rules import Place, Rule

HOST = "www.instagram.com"
_BROKEN = r"The link to this photo or video may be broken, or the post may have been removed\."

RULES: tuple[Rule, ...] = (
    Rule("embed", 200, "broken media", _BROKEN, Outcome.ABSENT, Reason.NOT_FOUND, Strength.WEAK),
)


def _broken_media(exchange: Exchange, noun: Any) -> str | None:
    """What stands in place of the post, where no post stands."""
    page = page_of(exchange) if b"EmbedBrokenMedia" in exchange.body else None
    if page is None or classed(page, "Embed") is not None:
        return None
    return line_of(classed(classed(page, "EmbedBrokenMedia"), "ebmMessage"))


PLACES: Mapping[str, Place] = {"broken media": _broken_media}


def address(ref: PostRef) -> str:
    """Where to ask for a post."""
    return f"https://{HOST}/p/{quote(ref.native_id, safe='')}/embed/captioned/"


def read(ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    page = page_of(exchange)
    frame = classed(page, "Embed")
    named = post_address(attribute(frame, "data-permalink") or "")
    author_id = attribute(frame, "data-owner-id")
    if classed(page, "EmbedBrokenMedia") is not None:
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, line_of(classed(page, "EmbedBrokenMedia")))
    if frame is None:
        return not_json(exchange)
    if named is None or named.platform != "instagram" or not re.fullmatch(r"[0-9]{1,25}", author_id or ""):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no post with an address and an author's id")
    if named.native_id != ref.native_id:
        return of_another(ref, named.native_id, exchange)
    caption = classed(frame, "Caption")
    for part in ("CaptionUsername", "CaptionComments"):
        # The caption begins with its author's handle and ends with a link to the comments.
        if (other := classed(caption, part)) is not None:
            other.decompose()
    picture = picture_address(classed(frame, "EmbeddedMediaImage"))
    # A film by its cover: its own address is another at every look.
    kind = "video" if attribute(frame, "data-media-type") == "GraphVideo" else "photo"
    snapshot = Snapshot(
        text=words_of(caption),
        links=outbound_links(caption),
        media=(Media(picture, kind, None),) if picture else (),
        author_id=author_id,
        author_handle=line_of(classed(frame, "UsernameText")),
        author_name=None,
        published_at=code_time(ref.native_id, not_before=2011),
        language=None,
        truncated=False,
    )
    return seen(ref, snapshot, exchange)
