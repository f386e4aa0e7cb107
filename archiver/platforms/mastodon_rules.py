"""The allow-list of what Mastodon's language answers: all that is read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: platforms.md 3 and 11, and the server's own code (its controllers, and how it writes an account).

Why a 404 is weak: private posts, posts of suspended accounts and posts of nobody are answered in the same words.
Why a bare 410 is nothing: a Mastodon server never says it of a post. It says it of an account (of a suspended one
too, which may come back), and of everything once the whole server is being closed. A tombstone names the post.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import words
from archiver.platforms.rules import Place, Rule
from archiver.urls import split

VERSION = "1"

O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK

# fmt: off
API_RULES: tuple[Rule, ...] = (
    Rule("status", 404, "error", "Record not found", O.ABSENT, R.NOT_FOUND, WEAK),

    # A server says the same of an account that it suspended and of one that its owner deleted.
    Rule("account", 200, "restriction", "suspended", O.SUSPENDED, R.SUSPENDED),
    Rule("account", 200, "restriction", "limited|hidden", O.UNKNOWN, R.NOT_AUTHORIZED),
)
"""Those of every server that is asked through the API."""

MASTODON_RULES: tuple[Rule, ...] = (
    *API_RULES,
    # Asked by id only: a handle may be misprinted in the article.
    Rule("account", 404, "error, asked by id", "Record not found", O.ACCOUNT_GONE, R.ACCOUNT_GONE),

    Rule("activity", 410, "tombstone", "of the post", O.ABSENT, R.TOMBSTONE, STRONG),
    Rule("activity", 200, "tombstone", "of the post", O.ABSENT, R.TOMBSTONE, STRONG),
    Rule("activity", 404, "error", "Not Found", O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("activity", 410, "error", "Gone", O.UNKNOWN, R.UNKNOWN_TOMBSTONE),
)
"""Those of the servers that federate."""
# fmt: on


def is_asked_account(exchange: Exchange, noun: Any) -> bool:
    """Whether an account in an answer is the one that the address asked for, by id or by name."""
    parts = split(exchange.url)
    if parts is None:
        return False
    asked = parse_qs(parts.query).get("acct")
    if asked:
        return (words(noun, "username") or "").casefold() == asked[0].casefold()
    return words(noun, "id") == parts.path.rpartition("/")[2]


def names_post(address: str | None, host: str, native_id: str) -> bool:
    """Whether an address is of the post with that number at that server."""
    parts = split(address) if address else None
    return parts is not None and parts.netloc == host and parts.path.rstrip("/").rpartition("/")[2] == native_id


def _restriction(exchange: Exchange, noun: Any) -> str | None:
    """How the account that was asked for is restricted; None where it is not, or is another one."""
    if not isinstance(noun, dict) or not is_asked_account(exchange, noun):
        return None
    if noun.get("suspended") is True:
        return "suspended"
    if noun.get("limited") is True:
        return "limited"
    # Truth Social's: only people who are logged in may see it.
    return "hidden" if noun.get("unauth_visibility") is False else None


def _error_by_id(exchange: Exchange, noun: Any) -> str | None:
    return words(noun, "error") if "/lookup?" not in exchange.url else None


def _tombstone(exchange: Exchange, noun: Any) -> str | None:
    """ "of the post" where the tombstone's own address is that of the post that was asked for."""
    parts = split(exchange.url)
    if parts is None or words(noun, "type") != "Tombstone":
        return None
    is_own = names_post(words(noun, "id"), parts.netloc, parts.path.rpartition("/")[2])
    return "of the post" if is_own else None


PLACES: Mapping[str, Place] = {
    "restriction": _restriction,
    "error, asked by id": _error_by_id,
    "tombstone": _tombstone,
}
