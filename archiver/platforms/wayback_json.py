"""Captures of X's JSON (platforms.md 12.5): by the post's own id, whatever address it was captured under.

stream_json        the streaming API and API 1.1: `id_str`, `text`, `user`
api_json           API v2: `data.text`, `includes.users`
syndication_json   `tweet-result`, as it is read when we ask for it ourselves
oembed_json        `publish.twitter.com/oembed`, likewise
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome
from archiver.model.post import PostRef
from archiver.model.snapshot import Snapshot
from archiver.platforms import x_api_posts, x_oembed, x_syndication
from archiver.platforms.answers import rows, table, words
from archiver.platforms.wayback_pages import Found
from archiver.platforms.x_ids import id_time, unescaped
from archiver.urls import unarchived, x_id


def read(noun: Any, native_id: str, exchange: Exchange) -> Found | None:
    """The post of that id in captured JSON; None where it does not hold its words."""
    if not isinstance(noun, dict):
        return None
    ref = PostRef("x", None, native_id)
    if "__typename" in noun:
        reading = x_syndication.read(noun, ref, exchange, None)
        form, snapshot = "syndication_json", reading.snapshot if reading.outcome is Outcome.PRESENT else None
    elif "html" in noun:
        reading = x_oembed.read(noun, ref, exchange)
        form, snapshot = "oembed_json", reading.snapshot if reading.outcome is Outcome.PRESENT else None
    elif "data" in noun:
        form, snapshot = "api_json", x_api_posts.captured(noun, native_id)
    else:
        form, snapshot = "stream_json", _of_stream(noun, native_id)
    if snapshot is None or not (snapshot.text or snapshot.media):
        return None
    return Found(form, _original(snapshot))


def _of_stream(noun: dict[str, Any], native_id: str) -> Snapshot | None:
    status = next((each for each in _statuses(noun) if words(each, "id_str") == native_id), None)
    if status is None:
        return None
    whole = table(status, "extended_tweet")
    text = words(whole, "full_text") or words(status, "full_text") or words(status, "text") or ""
    told, author = whole or status, table(status, "user")
    author_id = words(author, "id_str")
    return Snapshot(
        text=unescaped(text),
        links=x_syndication.links_of(table(told, "entities")),
        media=x_syndication.media_of(rows(table(told, "extended_entities"), "media")),
        author_id=author_id if author_id and x_id(author_id) else None,
        author_handle=words(author, "screen_name"),
        author_name=words(author, "name"),
        published_at=id_time(native_id) or _moment(status),
        language=words(status, "lang"),
        truncated=status.get("truncated") is True and not (words(whole, "full_text") or words(status, "full_text")),
    )


def _statuses(noun: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The status itself, and those that it repeats or quotes."""
    yield noun
    for key in ("retweeted_status", "quoted_status"):
        yield table(noun, key)


def _moment(status: dict[str, Any]) -> datetime | None:
    digits = words(status, "timestamp_ms") or ""
    if re.fullmatch(r"[0-9]{10,13}", digits):
        return datetime.fromtimestamp(int(digits) / 1000, UTC)
    try:
        return datetime.strptime(words(status, "created_at") or "", "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _original(snapshot: Snapshot) -> Snapshot:
    """The addresses in it as they were before the archive rewrote them."""
    links = tuple(
        replace(link, url=unarchived(link.url), expanded=unarchived(link.expanded) if link.expanded else None)
        for link in snapshot.links
    )
    media = tuple(replace(each, address=unarchived(each.address)) for each in snapshot.media)
    return replace(snapshot, links=links, media=media)
