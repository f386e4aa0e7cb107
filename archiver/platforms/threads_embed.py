"""Reading Threads' embed page (platforms.md 7): the words, pictures and handle of a post, not its author's id.

"Thread not available" is said of posts that were deleted or never were, of private and sensitive ones, and of the old
code of a post that its author edited: editing gives a new code. So it proves no deletion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
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

if TYPE_CHECKING:
    from bs4 import Tag

HOST = "www.threads.com"
SINCE = 2023
"""The platform began in July of that year."""
_MEDIA = ("SoloMediaContainer", "MediaScrollContainer")

RULES: tuple[Rule, ...] = (
    Rule("embed", 200, "error text", "Thread not available", Outcome.ABSENT, Reason.NOT_FOUND, Strength.WEAK),
)


def _error_text(exchange: Exchange, noun: Any) -> str | None:
    """What stands in place of the post, where no post stands."""
    page = page_of(exchange) if b"ErrorText" in exchange.body else None
    if page is None or classed(page, "OuterContainer") is not None:
        return None
    return line_of(classed(classed(page, "EmbedError"), "ErrorText"))


PLACES: Mapping[str, Place] = {"error text": _error_text}


def address(ref: PostRef) -> str:
    """Where to ask for a post: without the handle, so that a renamed author's post is found, too."""
    return f"https://{HOST}/t/{quote(ref.native_id, safe='')}/embed"


def read(ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    page = page_of(exchange)
    if (error := classed(page, "ErrorText")) is not None:
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, line_of(error))
    link = classed(page, "LinkContainer")
    # A reply stands below the post that it answers, and a quoted post inside: the last block outside is the post.
    for quoted in page.find_all(class_="QuotePostContainer") if page is not None else ():
        quoted.decompose()
    blocks = page.find_all(class_="OuterContainer") if page is not None else []
    if link is None or not blocks:
        return not_json(exchange)
    named = post_address(attribute(link.find("a"), "href") or "")
    handle = line_of(classed(blocks[-1], "HeaderLink"))
    if named is None or named.platform != "threads" or handle is None or handle != named.handle:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no post with an address and its author's handle")
    if named.native_id != ref.native_id:
        return of_another(ref, named.native_id, exchange)
    body = classed(blocks[-1], "BodyTextContainer")
    snapshot = Snapshot(
        text=words_of(body),
        links=outbound_links(body),
        media=_media(blocks[-1], f"https://{HOST}/@{handle}/post/{ref.native_id}"),
        author_id=None,
        author_handle=handle,
        author_name=None,
        published_at=code_time(ref.native_id, SINCE),
        language=None,
        truncated=False,
    )
    return seen(ref, snapshot, exchange)


def _media(block: Tag, permalink: str) -> tuple[Media, ...]:
    found = []
    for frame in block.find_all(class_=_MEDIA):
        for shown in frame.find_all(["img", "video"]):
            # A film has no cover here, and its own address is another at every look: the post's stands for it.
            is_film = shown.name == "video"
            place = permalink if is_film else picture_address(shown)
            if place is not None:
                found.append(Media(place, "video" if is_film else "photo", None))
    return tuple(dict.fromkeys(found))
