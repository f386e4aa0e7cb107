"""Reading X's syndication `tweet-result` (platforms.md 1.c.2): the post itself, with its author's id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms.answers import age_seconds, rows, strings, table, unknown, words
from archiver.platforms.x_ids import edit_chain, id_time, moment, token, unescaped
from archiver.urls import x_id

HOST = "cdn.syndication.twimg.com"
EVERYWHERE = frozenset({"XX", "XY"})
"""In `withheld_in_countries`: all countries; and by a copyright claim."""
KINDS = {"photo": "photo", "video": "video", "animated_gif": "animation"}
"""Of media, in X's words and in ours."""


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
    handle, chain = words(user, "screen_name"), _edit_chain(noun, native_id)
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


def _edit_chain(noun: Any, native_id: str) -> tuple[str, ...]:
    control = table(noun, "edit_control")
    named = strings(control, "edit_tweet_ids") or strings(table(control, "edit_control_initial"), "edit_tweet_ids")
    return edit_chain(named, native_id)


def _withheld(noun: dict[str, Any], user: dict[str, Any], egress_country: str | None) -> bool:
    countries = {*strings(noun, "withheld_in_countries"), *strings(user, "withheld_in_countries")}
    ours = {egress_country.upper()} if egress_country else set()
    return bool({country.upper() for country in countries} & (EVERYWHERE | ours))


def _snapshot(noun: dict[str, Any], native_id: str, user: dict[str, Any], chain: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        text=unescaped(noun["text"]),
        links=links_of(table(noun, "entities")),
        media=media_of(rows(noun, "mediaDetails")),
        author_id=words(user, "id_str"),
        author_handle=words(user, "screen_name"),
        author_name=words(user, "name"),
        published_at=id_time(native_id) or moment(words(noun, "created_at")),
        language=words(noun, "lang"),
        truncated="note_tweet" in noun and noun["note_tweet"] is not None,
        edit_chain=chain,
    )


def links_of(entities: dict[str, Any]) -> tuple[PostLink, ...]:
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


def media_of(details: Sequence[dict[str, Any]]) -> tuple[Media, ...]:
    """The pictures and films that these describe."""
    found = []
    for detail in details:
        kind = KINDS.get(words(detail, "type") or "")
        address = _film(detail) or words(detail, "media_url_https")
        if kind and address:
            found.append(Media(address, kind, words(detail, "ext_alt_text")))
    return tuple(found)


def _film(detail: dict[str, Any]) -> str | None:
    """The address of a film; None for a picture."""
    return best_film(rows(table(detail, "video_info"), "variants"), "bitrate")


def best_film(variants: Sequence[dict[str, Any]], rate: str) -> str | None:
    """The address of the best MP4 by the number under the key `rate`; None without one."""

    def bits(variant: dict[str, Any]) -> int:
        found = variant.get(rate)
        return found if isinstance(found, int) else -1

    films = [variant for variant in variants if words(variant, "content_type") == "video/mp4"]
    return words(max(films, key=bits, default=None), "url")
