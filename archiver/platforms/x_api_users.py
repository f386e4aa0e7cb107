"""Reading accounts from X's API v2, a hundred at once: open, protected, suspended or gone.

By id, for handles change hands. By handle only where no id is on file (the author of a post that was never seen); X
has another address for that, so refs of both kinds take two requests. Controls go by id. Of a handle, only what was
found is believed: that nobody has it says nothing, for its owner may have been renamed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.model.exchange import Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef
from archiver.platforms import x_api
from archiver.platforms.answers import age_seconds, unknown, words
from archiver.urls import x_id

NAME = "api_users"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
"""What X takes as a handle here; one that is longer gets the whole request refused."""
_QUERY = {"user.fields": "name,protected,username,withheld"}


def observe(refs: Sequence[AuthorRef], get: Get, egress_country: str | None) -> list[Reading]:
    """Look at all of them, by one request for those with an id and one for those without."""
    by_id = x_api.ask((ref.native_id for ref in refs if ref.native_id and x_id(ref.native_id)), _ids, get)
    by_handle = x_api.ask((handle for ref in refs if (handle := _handle(ref))), _handles, get)
    return [
        _read("username", handle, by_handle, egress_country)
        if (handle := _handle(ref))
        else _read("id", x_id(ref.native_id or ""), by_id, egress_country)
        for ref in refs
    ]


def _handle(ref: AuthorRef) -> str | None:
    """The handle by which to ask; None where there is an id, or no handle that can be."""
    if ref.native_id is not None or ref.handle is None:
        return None
    return ref.handle if _HANDLE.fullmatch(ref.handle) else None


def _ids(ids: Sequence[str]) -> str:
    return x_api.address("users", {"ids": ",".join(ids), **_QUERY})


def _handles(handles: Sequence[str]) -> str:
    return x_api.address("users/by", {"usernames": ",".join(handles), **_QUERY})


def _read(key: str, name: str | None, answer: x_api.Answer | None, egress_country: str | None) -> Reading:
    if answer is None or name is None:
        return x_api.unasked("not asked: neither an id nor a handle that X can have given")
    if answer.failed is not None:
        return answer.failed
    row, exchange = answer.row(key, name), answer.exchange
    if row is None:
        return answer.problem(NAME, name)
    author_id, handle, countries = words(row, "id"), words(row, "username"), x_api.withheld_in(row)
    if author_id is None or x_id(author_id) is None or handle is None or not isinstance(row.get("protected"), bool):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no account with id, handle and whether it is protected")
    outcome, reason = Outcome.ACCOUNT_OK, Reason.SERVED
    if row["protected"]:
        outcome, reason = Outcome.PROTECTED, Reason.PROTECTED
    elif x_api.withheld_here(countries, egress_country):
        # Not open where we look from: its posts would seem gone.
        outcome, reason = Outcome.WITHHELD, Reason.WITHHELD
    elif countries and egress_country is None:
        return unknown(exchange, Reason.WITHHELD, "withheld in some countries; ours is not configured")
    return Reading(
        outcome, reason, exchange, author_id=author_id, author_handle=handle, age_seconds=age_seconds(exchange)
    )
