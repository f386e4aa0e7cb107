"""Reading a video's own page at YouTube (platforms.md 4), by the answer for the player that stands in its script.

The page comes with status 200 whatever became of the video; what the player is told decides. Pages without it, like the
one that asks for consent, tell nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.platforms.answers import json_in_script, not_json, present, rows, table, unknown, words
from archiver.platforms.youtube_oembed import CHANNEL, HOST, channel, wrong_author
from archiver.platforms.youtube_rules import playability

# Inside the script's JSON "<" is written \u003c, and outside scripts it is escaped: no title can look like this.
_OPENING = re.compile(rb"<script[^<>]{0,200}>\s{0,20}var ytInitialPlayerResponse\s{0,5}=\s{0,5}(?=\{)")
_SERVED = ("OK", "LIVE_STREAM_OFFLINE", "CONTENT_CHECK_REQUIRED")
"""Statuses of a video that anybody can see, though perhaps not yet, or after a warning."""


def address(ref: PostRef) -> str:
    """Where to ask for a video. Asked in English: what became of it is read by its English text."""
    return f"https://{HOST}/watch?v={ref.native_id}&hl=en"


def player(body: bytes) -> Any:
    """What the player is told; None if the page holds nothing of it that can be read."""
    return json_in_script(body, _OPENING)


def other_video(noun: Any, ref: PostRef, exchange: Exchange) -> Reading | None:
    """`unknown` where the player is told of another video; asked before any rule of the allow-list."""
    shown = words(table(noun, "videoDetails"), "videoId")
    if exchange.failure is not None or exchange.status_code != 200 or shown in (None, ref.native_id):
        return None
    return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {shown}"[:200])


def read(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a page with status 200 that no rule of the allow-list knows."""
    if not isinstance(noun, dict):
        return not_json(exchange)
    details, status = table(noun, "videoDetails"), words(table(noun, "playabilityStatus"), "status")
    if status not in _SERVED:
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, (playability(noun) or "no status")[:200])
    native_id, author_id, title = (words(details, key) for key in ("videoId", "channelId", "title"))
    if native_id is None or title is None or author_id is None or not CHANNEL.fullmatch(author_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no video with id, title and channel")
    if ref.author_id not in (None, author_id):
        return wrong_author(exchange, ref, author_id)
    about = table(table(noun, "microformat"), "playerMicroformatRenderer")
    handle = channel(words(about, "ownerProfileUrl"))[1]
    snapshot = Snapshot(
        text=title_and_description(title, words(details, "shortDescription")),
        links=(),
        media=_picture(about),
        author_id=author_id,
        author_handle=handle,
        author_name=words(details, "author"),
        published_at=moment(words(about, "publishDate")),
        language=None,
        truncated=False,
    )
    return present(exchange, snapshot)


def title_and_description(title: str, description: str | None) -> str:
    """The words of a video: its title, an empty line, its description."""
    return f"{title}\n\n{description}" if description else title


def moment(text: str | None) -> datetime | None:
    """A time as YouTube writes it, in UTC; None for a day without a time, or none at all."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _picture(about: dict[str, Any]) -> tuple[Media, ...]:
    """Its still, without the query, which is a signature that changes."""
    pictures = rows(table(about, "thumbnail"), "thumbnails")
    found = words(pictures[0], "url") if pictures else None
    return (Media(found.partition("?")[0], "photo", None),) if found else ()
