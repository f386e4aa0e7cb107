"""Reading TikTok's oEmbed (platforms.md 8): the caption of a post, its author's handle and one still picture."""

from __future__ import annotations

import re
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.permalinks import post_address
from archiver.platforms.answers import age_seconds, unknown, words
from archiver.platforms.oembed import card
from archiver.platforms.pages import attribute, lasting, parsed
from archiver.platforms.tiktok_ids import id_time
from archiver.urls import split, within

_HANDLE = re.compile(r"/@([\w.-]{1,40})/?")


def read(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    shown = card(noun)
    named = _ids(noun, shown.html or "") if shown else set()
    if shown is None or not named:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no card of a post")
    if named != {ref.native_id}:
        told = f"asked for {ref.native_id}, got {' and '.join(sorted(named))}"
        return unknown(exchange, Reason.WRONG_ID, told[:200])
    picture, caption = lasting(words(noun, "thumbnail_url")), noun.get("title")
    if not isinstance(caption, str) or not (caption or picture):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither caption nor picture")
    handle = _handle(shown.author_url or "") or words(noun, "author_unique_id")
    snapshot = Snapshot(
        text=caption,
        links=(),
        media=(Media(picture, "photo", None),) if picture else (),
        author_id=None,
        author_handle=handle,
        author_name=shown.author_name,
        published_at=id_time(ref.native_id),
        language=None,
        truncated=False,
    )
    served, age = Reason.SERVED, age_seconds(exchange)
    return Reading(Outcome.PRESENT, served, exchange, snapshot=snapshot, author_handle=handle, age_seconds=age)


def _ids(noun: dict[str, Any], html: str) -> set[str]:
    """Every id that the card names for its post, by its own field and in its markup."""
    page = parsed(html.encode("utf-8", "replace"))
    quote = page.find("blockquote") if page else None
    cited = post_address(attribute(quote, "cite") or "") if quote else None
    named = (words(noun, "embed_product_id"), attribute(quote, "data-video-id"), cited.native_id if cited else None)
    return {native_id for native_id in named if native_id}


def _handle(address: str) -> str | None:
    parts = split(address)
    found = _HANDLE.fullmatch(parts.path) if parts and within(parts.netloc, "tiktok.com") else None
    return found[1] if found else None
