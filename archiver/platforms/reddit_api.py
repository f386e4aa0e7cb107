"""Reading Reddit's `api/info` (platforms.md 9): up to a hundred posts and comments in one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.model.snapshot import Media, PostLink, Snapshot
from archiver.platforms.answers import not_json, present, rows, table, unknown, words
from archiver.platforms.listings import sorted_out
from archiver.platforms.reddit_rules import DELETED, left

HOST = "oauth.reddit.com"
AT_ONCE = 100
AUTHOR_ID = re.compile(r"t2_[a-z0-9]{1,13}")
_ID = re.compile(r"([a-z0-9]{1,13})(?:/([a-z0-9]{1,13}))?")
_KINDS = {"t1": "comment", "t3": "post"}
_PICTURES = ("https://i.redd.it/", "https://preview.redd.it/")


def fullname(native_id: str) -> str | None:
    """`t3_POST` of a post's id, `t1_COMMENT` of a comment's, POST/COMMENT; None of what is neither."""
    found = _ID.fullmatch(native_id)
    if found is None:
        return None
    return f"t1_{found[2]}" if found[2] else f"t3_{found[1]}"


def address(names: Sequence[str]) -> str:
    """Where to ask for these full names. `raw_json`: else "&", "<" and ">" come escaped."""
    return f"https://{HOST}/api/info?" + urlencode({"id": ",".join(names), "raw_json": "1"}, safe=",")


def entries(noun: Any, wanted: Sequence[str], exchange: Exchange) -> dict[str, Any] | Reading:
    """What a whole and sound listing holds for each name, WITHOUT for what it leaves out; else `unknown` for all."""
    if not isinstance(noun, dict):
        return not_json(exchange)
    if noun == {}:
        return unknown(exchange, Reason.EMPTY_ANSWER)
    listing = table(noun, "data")
    children = listing.get("children")
    if words(noun, "kind") != "Listing" or not isinstance(children, list) or listing.get("after") is not None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no whole listing")
    posts = [table(child, "data") for child in rows(listing, "children") if words(child, "kind") in _KINDS]
    if len(posts) != len(children):
        return unknown(exchange, Reason.WRONG_ID, "the listing holds what is no post")
    return sorted_out(posts, "name", wanted, exchange)


def read(post: Any, ref: PostRef, exchange: Exchange) -> Reading:
    """Read one post or comment of a listing, whose full name is the one that was asked for."""
    if not isinstance(post, dict):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "left out")
    of, _, comment = ref.native_id.partition("/")
    doubt = _doubt(post, of if comment else None, ref.author_id, exchange)
    if doubt is not None:
        return doubt
    is_known = words(post, "author") != DELETED
    handle, author_id = (words(post, "author"), words(post, "author_fullname")) if is_known else (None, None)
    text = words(post, "body") if comment else _title_and_text(post)
    if text is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no words")
    snapshot = Snapshot(
        text=text,
        links=() if comment else _link(post),
        media=_media(post),
        author_id=author_id,
        author_handle=handle,
        author_name=None,
        published_at=_moment(post),
        language=None,
        truncated=False,
    )
    return present(exchange, snapshot)


def _doubt(post: dict[str, Any], of: str | None, on_file: str | None, exchange: Exchange) -> Reading | None:
    """`unknown` where a mark says that it is not served, or author or post are not those that they must be."""
    mark, handle, author_id = left(post), words(post, "author"), words(post, "author_fullname")
    if mark is not None or post.get("removed_by_category") is not None:
        return unknown(exchange, Reason.UNKNOWN_TOMBSTONE, (mark or "removed, by what is no word")[:200])
    if of is not None and words(post, "link_id") != f"t3_{of}":
        return unknown(exchange, Reason.WRONG_ID, f"a comment on {words(post, 'link_id')}, not on {of}"[:200])
    if handle == DELETED:
        # The account was deleted: whose post it is, nobody says any more. Of a link that was deleted, as much is left.
        is_shown = of is not None or post.get("is_robot_indexable") is True
        told = "without author, and kept from search engines"
        return None if is_shown else unknown(exchange, Reason.UNKNOWN_TOMBSTONE, told)
    if handle is None or author_id is None or not AUTHOR_ID.fullmatch(author_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no author with an id")
    if on_file not in (None, author_id):
        told = f"the author on file is {on_file}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told)
    return None


def _title_and_text(post: Any) -> str | None:
    """The title, an empty line, and the text where there is one; None without a title."""
    title, text = words(post, "title"), words(post, "selftext")
    return f"{title}\n\n{text}" if title and text else title


def _link(post: Any) -> tuple[PostLink, ...]:
    """Where a post leads whose words are a link's."""
    url = words(post, "url")
    return (PostLink(url, None, None),) if url and post.get("is_self") is False else ()


def _media(post: Any) -> tuple[Media, ...]:
    """Reddit's own pictures and films, without the queries, which are signatures that change."""
    film = words(table(table(post, "secure_media"), "reddit_video"), "fallback_url")
    if film:
        return (Media(film.partition("?")[0], "video", None),)
    url = words(post, "url") or ""
    if url.startswith(_PICTURES):
        return (Media(url.partition("?")[0], "photo", None),)
    stored = table(post, "media_metadata")
    named = [words(row, "media_id") or "" for row in rows(table(post, "gallery_data"), "items")]
    shown = (words(table(table(stored, name), "s"), "u") for name in named)
    return tuple(Media(found.partition("?")[0], "photo", None) for found in shown if found)


def _moment(post: Any) -> datetime | None:
    seconds = post.get("created_utc")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 8 * 10**9:
        return None
    return datetime.fromtimestamp(seconds, UTC)
