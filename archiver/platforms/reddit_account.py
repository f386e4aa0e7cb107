"""The look at an account of Reddit, for one thing: is its author still there in public?

Posts name their author by id, the account's own answer is had by name only, and names are never given twice: so the id
is asked for its name first, and what the name answers must have that id. A suspended account answers by its name alone.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef
from archiver.platforms.answers import age_seconds, table, unknown, words
from archiver.platforms.reddit_api import AUTHOR_ID, HOST

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


def can_be_asked(ref: AuthorRef) -> bool:
    """Whether there is an id or a name that Reddit can have given."""
    if ref.native_id is not None:
        return AUTHOR_ID.fullmatch(ref.native_id) is not None
    return ref.handle is not None and _NAME.fullmatch(ref.handle) is not None


def name_address(author_id: str) -> str:
    """Where to ask for the name of an account."""
    return f"https://{HOST}/api/user_data_by_account_ids?" + urlencode({"ids": author_id, "raw_json": "1"})


def name_of(noun: Any, author_id: str) -> str | None:
    """The name that the answer gives to this id; None if it gives none."""
    name = words(table(noun, author_id), "name")
    return name if name and _NAME.fullmatch(name) else None


def about_address(name: str) -> str:
    """Where to ask for an account by its name."""
    return f"https://{HOST}/user/{quote(name, safe='')}/about?raw_json=1"


def account(noun: Any, name: str) -> Any:
    """The account in an answer, if it is the one of that name; else None."""
    found = table(noun, "data") if words(noun, "kind") == "t2" else {}
    return found if (words(found, "name") or "").casefold() == name.casefold() else None


def read(found: Any, ref: AuthorRef, exchange: Exchange) -> Reading:
    """Read an account's own answer that no rule of the allow-list knows."""
    native_id = words(found, "id")
    if native_id is None or found.get("is_suspended") not in (None, False):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no account of that name with an id")
    author_id = f"t2_{native_id}"
    if ref.native_id not in (None, author_id):
        told = f"the author on file is {ref.native_id}, the account's id is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id[:40], message=told[:200])
    return Reading(
        Outcome.ACCOUNT_OK,
        Reason.SERVED,
        exchange,
        author_id=author_id,
        author_handle=words(found, "name"),
        age_seconds=age_seconds(exchange),
    )
