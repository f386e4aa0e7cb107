"""Reading YouTube's oEmbed (platforms.md 4): the title of a video, and the name of its channel."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.permalinks import post_address
from archiver.platforms.answers import present, unknown, words
from archiver.platforms.oembed import card
from archiver.platforms.pages import attribute, parsed
from archiver.urls import split, within

HOST = "www.youtube.com"
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")


def address(ref: PostRef) -> str:
    """Where to ask for a video."""
    query = urlencode({"url": f"https://www.youtube.com/watch?v={ref.native_id}", "format": "json"})
    return f"https://{HOST}/oembed?{query}"


def read(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    shown, title = card(noun), words(noun, "title")
    native_id = _framed(shown.html) if shown and shown.html else None
    if shown is None or title is None or native_id is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no card of a video with its title and frame")
    if native_id != ref.native_id:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {native_id}"[:200])
    author_id, handle = channel(shown.author_url)
    if author_id is not None and ref.author_id not in (None, author_id):
        return wrong_author(exchange, ref, author_id)
    picture = words(noun, "thumbnail_url")
    snapshot = Snapshot(
        text=title,
        links=(),
        media=(Media(picture, "photo", None),) if picture else (),
        author_id=author_id,
        author_handle=handle,
        author_name=shown.author_name,
        published_at=None,
        language=None,
        truncated=False,
    )
    return present(exchange, snapshot)


def wrong_author(exchange: Exchange, ref: PostRef, author_id: str) -> Reading:
    """`unknown`: the answer names another channel than the one on file."""
    told = f"the author on file is {ref.author_id}, the answer's is {author_id}"
    return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)


def channel(address: str | None) -> tuple[str | None, str | None]:
    """Id and handle in the address of a channel, which has one of them at most; older forms have neither."""
    parts = split(address or "")
    if parts is None or not within(parts.netloc, "youtube.com"):
        return None, None
    first, _, second = unquote(parts.path).strip("/").partition("/")
    if first == "channel" and CHANNEL.fullmatch(second):
        return second, None
    named = re.fullmatch(r"@([^\s/@]{1,60})", first)
    return None, named[1] if named and not second else None


def _framed(html: str) -> str | None:
    """The id of the video in the card's frame; titles stand in the card too, and may hold anything."""
    page = parsed(html.encode())
    source = attribute(page.find("iframe"), "src") if page else None
    found = post_address(source) if source else None
    return found.native_id if found and found.platform == "youtube" else None
