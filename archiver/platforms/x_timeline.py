"""Reading X's profile timeline, for one thing only: is the author's account open? (verdicts.md, "Account look")"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef
from archiver.platforms.answers import UnreadableError, age_seconds, json_of, not_json, rows, table, unknown, words

HOST = "syndication.twitter.com"
_OPENING = re.compile(rb"<script[^<>]{0,200}\bid=\"__NEXT_DATA__\"[^<>]{0,200}>")


def address(ref: AuthorRef) -> str:
    """Where to ask for an author: by id where one is on file, else by handle. Raises ValueError without either."""
    if ref.native_id is not None:
        return f"https://{HOST}/srv/timeline-profile/user-id/{quote(ref.native_id, safe='')}"
    if ref.handle is None:
        raise ValueError("an author without id and handle cannot be looked at")
    return f"https://{HOST}/srv/timeline-profile/screen-name/{quote(ref.handle, safe='')}"


def read(ref: AuthorRef, exchange: Exchange) -> Reading:
    """`account_ok` if the page holds a post of that author; everything else, an empty page too, is `unknown`."""
    noun = page(exchange.body)
    if noun is None:
        return not_json(exchange)
    props = table(table(noun, "props"), "pageProps")
    if table(props, "contextProvider").get("hasResults") is not True:
        return unknown(exchange, Reason.EMPTY_ANSWER, "no posts are shown")
    for entry in rows(table(props, "timeline"), "entries"):
        user = table(table(table(entry, "content"), "tweet"), "user")
        author_id, handle = words(user, "id_str"), words(user, "screen_name")
        if author_id is not None and _same(ref, author_id, handle):
            return Reading(
                Outcome.ACCOUNT_OK,
                Reason.TIMELINE,
                exchange,
                author_id=author_id,
                author_handle=handle,
                age_seconds=age_seconds(exchange),
            )
    return unknown(exchange, Reason.WRONG_AUTHOR, "no post of that author is shown")


def page(body: bytes) -> Any:
    """The JSON value of the page's `__NEXT_DATA__`; None if it has none that can be read."""
    opening = _OPENING.search(body)
    end = body.find(b"</script", opening.end()) if opening else -1
    if opening is None or end < 0:
        return None
    try:
        return json_of(body[opening.end() : end])
    except UnreadableError:
        return None


def _same(ref: AuthorRef, author_id: str, handle: str | None) -> bool:
    if ref.native_id is not None:
        return author_id == ref.native_id
    return handle is not None and ref.handle is not None and handle.casefold() == ref.handle.casefold()
