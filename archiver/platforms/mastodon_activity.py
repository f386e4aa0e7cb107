"""Reading a post as servers give it to each other: ActivityPub's JSON, or a tombstone in its place."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.platforms.answers import age_seconds, rows, strings, unknown, words
from archiver.platforms.mastodon_api import Server, edited_at, published_at
from archiver.platforms.mastodon_rules import names_post
from archiver.platforms.mastodon_words import words_of
from archiver.urls import split

ACCEPT = "application/activity+json"
_POSTS = ("Note", "Question", "Article")
_EVERYBODY = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_KINDS = {"image": "photo", "video": "video", "audio": "audio"}
_ACTOR = re.compile(r"/(?:users/(?P<name>[\w.-]{1,60})|ap/users/(?P<account>\d{1,20}))", re.ASCII)


def address(ref: PostRef, server: Server) -> str | None:
    """Where to ask for a post, by its author's name; None for a copy, which only its own server gives out."""
    name = None if server.has_copy(ref) else server.name(ref.author_handle)
    return f"https://{server.host}/users/{name}/statuses/{quote(ref.native_id, safe='')}" if name else None


def read(noun: dict[str, Any], ref: PostRef, exchange: Exchange, server: Server) -> Reading:
    """Read a body with status 200 that no rule of the allow-list knows."""
    kind, content = words(noun, "type"), noun.get("content")
    if kind == "Tombstone":
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, f"of {words(noun, 'id')}"[:200])
    if kind not in _POSTS or not isinstance(content, str):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"{kind!r} is no post"[:200])
    if not names_post(words(noun, "id"), server.host, ref.native_id):
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {words(noun, 'id')}"[:300])
    if not _EVERYBODY & {*_several(noun, "to"), *_several(noun, "cc")}:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a post that is not for everybody")
    actor = split(words(noun, "attributedTo") or "")
    named = _ACTOR.fullmatch(actor.path.rstrip("/")) if actor and actor.netloc == server.host else None
    if named is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a post by nobody of this server")
    return _of_author(noun, content, ref, exchange, server, named)


def _of_author(
    noun: dict[str, Any], content: str, ref: PostRef, exchange: Exchange, server: Server, actor: re.Match[str]
) -> Reading:
    """By the name, which the address has asked for; servers since 2025 may give the account's number in its place."""
    asked = server.name(ref.author_handle)
    author_id = server.author_id(actor["account"]) if actor["account"] else None
    is_other = actor["name"] and asked and actor["name"].casefold() != asked.casefold()
    if is_other or (author_id and ref.author_id and author_id != ref.author_id):
        told = f"the author on file is {ref.author_id or asked}, the answer's is {author_id or actor['name']}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told[:300])
    said, media = words_of(content, words(noun, "summary")), _media(rows(noun, "attachment"))
    if said is None or not (said.text or media):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    languages = noun.get("contentMap")
    handle = actor["name"] or asked
    snapshot = Snapshot(
        text=said.text,
        links=said.links,
        media=media,
        author_id=author_id,
        author_handle=handle,
        author_name=None,
        published_at=published_at(ref.native_id, words(noun, "published")),
        language=next(iter(languages)) if isinstance(languages, dict) and len(languages) == 1 else None,
        truncated=False,
        edited_at=edited_at(words(noun, "updated")),
    )
    served, age = Reason.SERVED, age_seconds(exchange)
    return Reading(
        Outcome.PRESENT,
        served,
        exchange,
        snapshot=snapshot,
        author_id=author_id,
        author_handle=handle,
        age_seconds=age,
    )


def _several(noun: dict[str, Any], key: str) -> tuple[str, ...]:
    """ActivityPub writes one without a list around it."""
    one = words(noun, key)
    return (one,) if one else strings(noun, key)


def _media(attachments: list[dict[str, Any]]) -> tuple[Media, ...]:
    found = []
    for row in attachments:
        kind = _KINDS.get((words(row, "mediaType") or "").partition("/")[0])
        url = words(row, "url")
        if kind and url:
            found.append(Media(url, kind, words(row, "name")))
    return tuple(found)
