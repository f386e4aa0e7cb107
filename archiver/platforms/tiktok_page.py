"""Reading the JSON in the page of a post of TikTok (platforms.md 8): the post itself, with its author's id."""

from __future__ import annotations

import re
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.platforms.answers import not_json, present, rows, strings, table, unknown, words
from archiver.platforms.pages import lasting, script_json
from archiver.platforms.tiktok_ids import id_time
from archiver.platforms.tiktok_rules import detail, status

SCRIPT_ID = "__UNIVERSAL_DATA_FOR_REHYDRATION__"


def page(body: bytes) -> Any:
    """The JSON value that the page was made from; None without one that can be read: puzzles for browsers have none."""
    return script_json(body, SCRIPT_ID)


def read(noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read a page with status 200 that no rule of the allow-list knows."""
    told = status(exchange, noun)
    if told is not None:
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, told[:200])
    said = detail(noun)
    if not said:
        return not_json(exchange)
    post = table(table(said, "itemInfo"), "itemStruct")
    native_id, author = words(post, "id"), table(post, "author")
    author_id, handle = words(author, "id"), words(author, "uniqueId")
    if said.get("statusCode") != 0 or native_id is None or not re.fullmatch(r"[1-9][0-9]{0,24}", author_id or ""):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no post with an id and an author's id")
    if native_id != ref.native_id:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {native_id}"[:200])
    if ref.author_id is not None and author_id != ref.author_id:
        told = f"the author on file is {ref.author_id}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    media, caption = _media(post), post.get("desc")
    if not isinstance(caption, str) or not (caption or media):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither caption nor media")
    snapshot = Snapshot(
        text=caption,
        links=(),
        media=media,
        author_id=author_id,
        author_handle=handle,
        author_name=words(author, "nickname"),
        published_at=id_time(native_id),
        language=_language(post),
        truncated=False,
    )
    return present(exchange, snapshot)


def _media(post: dict[str, Any]) -> tuple[Media, ...]:
    """The pictures of a photo post, or the film; its still picture where the film is kept back."""
    rows_of_pictures = rows(table(post, "imagePost"), "images")
    pictures = [lasting(next(iter(strings(table(row, "imageURL"), "urlList")), None)) for row in rows_of_pictures]
    if any(pictures):
        return tuple(Media(picture, "photo", None) for picture in pictures if picture)
    video = table(post, "video")
    film, still = lasting(words(video, "playAddr")), lasting(words(video, "originCover") or words(video, "cover"))
    if film:
        return (Media(film, "video", None),)
    return (Media(still, "photo", None),) if still else ()


def _language(post: dict[str, Any]) -> str | None:
    """As two or three letters; "un" is the platform's word for a language that it could not tell."""
    said = words(post, "textLanguage")
    return said if said and said != "un" and re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?", said) else None
