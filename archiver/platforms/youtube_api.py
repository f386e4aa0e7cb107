"""Reading YouTube's Data API v3 (platforms.md 4): up to fifty videos, or channels, in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.platforms.answers import age_seconds, not_json, rows, table, unknown, words
from archiver.platforms.listings import sorted_out
from archiver.platforms.youtube_oembed import CHANNEL, wrong_author
from archiver.platforms.youtube_watch import moment, title_and_description

HOST = "www.googleapis.com"
AT_ONCE = 50
KINDS = {"videos": "youtube#videoListResponse", "channels": "youtube#channelListResponse"}
_PARTS = {"videos": "snippet,status", "channels": "snippet,statistics,status"}


def address(path: str, ids: Sequence[str]) -> str:
    """Where to ask for these videos ("videos") or channels ("channels")."""
    query = urlencode({"part": _PARTS[path], "id": ",".join(ids)}, safe=",")
    return f"https://{HOST}/youtube/v3/{path}?{query}"


def entries(path: str, noun: Any, wanted: Sequence[str], exchange: Exchange) -> dict[str, Any] | Reading:
    """What a whole and sound listing holds for each id, WITHOUT for what it leaves out; else `unknown` for all."""
    if not isinstance(noun, dict):
        return not_json(exchange)
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    # Where nothing was found, "items" may be missing as a whole.
    listed, total = rows(noun, "items"), table(noun, "pageInfo").get("totalResults")
    is_whole = isinstance(noun.get("items", []), list) and total == len(listed) and "nextPageToken" not in noun
    if words(noun, "kind") != KINDS[path] or not is_whole or isinstance(total, bool):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no whole listing")
    return sorted_out(listed, "id", wanted, exchange)


def read_video(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read one video of a listing."""
    snippet, status = table(noun, "snippet"), table(noun, "status")
    author_id, title = words(snippet, "channelId"), words(snippet, "title")
    privacy, upload = words(status, "privacyStatus"), words(status, "uploadStatus")
    if privacy == "private":
        return unknown(exchange, Reason.NOT_AUTHORIZED, "private")
    if privacy not in ("public", "unlisted") or upload not in ("processed", "uploaded"):
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, f"{upload}, {privacy}"[:200])
    if title is None or author_id is None or not CHANNEL.fullmatch(author_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no video with title and channel")
    if ref.author_id not in (None, author_id):
        return wrong_author(exchange, ref, author_id)
    picture = words(table(table(snippet, "thumbnails"), "high"), "url")
    snapshot = Snapshot(
        text=title_and_description(title, words(snippet, "description")),
        links=(),
        media=(Media(picture, "photo", None),) if picture else (),
        author_id=author_id,
        author_handle=None,
        author_name=words(snippet, "channelTitle"),
        published_at=moment(words(snippet, "publishedAt")),
        language=words(snippet, "defaultLanguage"),
        truncated=False,
    )
    served, age = Reason.SERVED, age_seconds(exchange)
    return Reading(Outcome.PRESENT, served, exchange, snapshot=snapshot, author_id=author_id, age_seconds=age)


def read_channel(noun: Any, ref: AuthorRef, exchange: Exchange) -> Reading:
    """`account_ok` for a public channel that still has a video; everything else is `unknown`.

    What the API says of a channel that was ended is not known for sure: its videos would be gone too.
    """
    title, privacy = words(table(noun, "snippet"), "title"), words(table(noun, "status"), "privacyStatus")
    count = words(table(noun, "statistics"), "videoCount") or "0"
    if title is None or privacy != "public" or not (count.isascii() and count.isdigit()) or not count.strip("0"):
        return unknown(exchange, Reason.EMPTY_ANSWER, "no public channel with a video")
    handle = (words(table(noun, "snippet"), "customUrl") or "").removeprefix("@") or None
    return Reading(
        Outcome.ACCOUNT_OK,
        Reason.SERVED,
        exchange,
        author_id=ref.native_id,
        author_handle=handle,
        age_seconds=age_seconds(exchange),
    )
