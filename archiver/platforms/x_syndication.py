"""Reading X's syndication `tweet-result` (platforms.md 1.c.2): the post itself, with its author's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms.answers import age_seconds, rows, strings, table, unknown, words
from archiver.platforms.x_ids import id_time, token
from archiver.urls import x_id

HOST = "cdn.syndication.twimg.com"
_EVERYWHERE = frozenset({"XX", "XY"})
"""In `withheld_in_countries`: all countries; and by a copyright claim."""
_KINDS = {"photo": "photo", "video": "video", "animated_gif": "animation"}


def address(ref: PostRef) -> str:
    """Where to ask for a post. Asked in English: tombstones are read by their English text."""
    query = urlencode({"id": ref.native_id, "token": token(ref.native_id), "lang": "en"})
    return f"https://{HOST}/tweet-result?{query}"


def read(noun: Any, ref: PostRef, exchange: Exchange, egress_country: str | None) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    kind = words(noun, "__typename")
    if kind == "TweetTombstone":
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, words(table(table(noun, "tombstone"), "text"), "text"))
    native_id, user = words(noun, "id_str"), table(noun, "user")
    author_id = words(user, "id_str")
    if kind != "Tweet" or native_id is None or author_id is None or x_id(author_id) is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no post with an id and an author's id")
    if native_id != ref.native_id:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {native_id}"[:200])
    handle, chain = words(user, "screen_name"), edit_chain(noun, native_id)
    if ref.author_id is not None and author_id != ref.author_id:
        told = f"the author on file is {ref.author_id}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    outcome, reason, snapshot = Outcome.PRESENT, Reason.SERVED, None
    if _withheld(noun, user, egress_country):
        outcome, reason = Outcome.WITHHELD, Reason.WITHHELD
    elif isinstance(noun.get("text"), str) and (noun["text"] or rows(noun, "mediaDetails")):
        snapshot = _snapshot(noun, native_id, user, chain)
    else:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    return Reading(
        outcome,
        reason,
        exchange,
        snapshot=snapshot,
        author_id=author_id,
        author_handle=handle,
        edit_chain=chain,
        age_seconds=age_seconds(exchange),
    )


def edit_chain(noun: Any, native_id: str) -> tuple[str, ...]:
    """Ids of all versions, oldest first; () for a post with one version, or a list that does not hold the post."""
    control = table(noun, "edit_control")
    named = strings(control, "edit_tweet_ids") or strings(table(control, "edit_control_initial"), "edit_tweet_ids")
    ids = sorted({n for n in named if x_id(n)}, key=int)
    return tuple(ids) if len(ids) > 1 and native_id in ids else ()


def _withheld(noun: dict[str, Any], user: dict[str, Any], egress_country: str | None) -> bool:
    countries = {*strings(noun, "withheld_in_countries"), *strings(user, "withheld_in_countries")}
    ours = {egress_country.upper()} if egress_country else set()
    return bool({country.upper() for country in countries} & (_EVERYWHERE | ours))


def _snapshot(noun: dict[str, Any], native_id: str, user: dict[str, Any], chain: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        text=_unescaped(noun["text"]),
        links=_links(table(noun, "entities")),
        media=_media(rows(noun, "mediaDetails")),
        author_id=words(user, "id_str"),
        author_handle=words(user, "screen_name"),
        author_name=words(user, "name"),
        published_at=id_time(native_id) or _moment(words(noun, "created_at")),
        language=words(noun, "lang"),
        truncated="note_tweet" in noun and noun["note_tweet"] is not None,
        edit_chain=chain,
    )


def _unescaped(text: str) -> str:
    """The endpoint escapes these three characters and no other."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _links(entities: dict[str, Any]) -> tuple[PostLink, ...]:
    """The links in the text, in its order, each once; the one that stands for the media is a link too."""
    found: dict[str, PostLink] = {}
    for row in sorted(rows(entities, "urls") + rows(entities, "media"), key=_place):
        url = words(row, "url")
        if url is not None:
            found.setdefault(url, PostLink(url, words(row, "expanded_url"), words(row, "display_url")))
    return tuple(found.values())


def _place(row: dict[str, Any]) -> int:
    indices = row.get("indices")
    first = indices[0] if isinstance(indices, list) and indices else None
    return first if isinstance(first, int) else 1_000_000


def _media(details: Sequence[dict[str, Any]]) -> tuple[Media, ...]:
    found = []
    for detail in details:
        kind = _KINDS.get(words(detail, "type") or "")
        address = _film(detail) or words(detail, "media_url_https")
        if kind and address:
            found.append(Media(address, kind, words(detail, "ext_alt_text")))
    return tuple(found)


def _film(detail: dict[str, Any]) -> str | None:
    """The address of a film's best MP4; None for a picture."""
    films = [row for row in rows(table(detail, "video_info"), "variants") if words(row, "content_type") == "video/mp4"]
    best = max(films, key=_bitrate, default=None)
    return words(best, "url")


def _bitrate(variant: dict[str, Any]) -> int:
    bitrate = variant.get("bitrate")
    return bitrate if isinstance(bitrate, int) else -1


def _moment(text: str | None) -> datetime | None:
    """`created_at` as syndication writes it, for ids that hold no time."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
