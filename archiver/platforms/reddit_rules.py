"""The allow-list of Reddit's answers: everything that may be read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: platforms.md 9, recorded by praw's tests; the categories as Pyprohly/reddit-api-doc-notes lists them.

*Strong* is what the author's own deletion leaves behind: author and text both "[deleted]", or the category "deleted".
Everything else is weak. What moderators, filters or Reddit remove is still there for its author, and some of it waits
for approval only; posts of private and quarantined communities are left out of a listing, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import words
from archiver.platforms.listings import WITHOUT, listing
from archiver.platforms.rules import Place, Rule

VERSION = "1"

O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK
DELETED, REMOVED = "[deleted]", "[removed]"
_REMOVERS = (
    "moderator|automod_filtered|reddit|anti_evil_ops|community_ops|legal_operations|copyright_takedown"
    "|content_takedown|author|user"
)

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("api", 200, "what is left", "deleted by its author", O.ABSENT, R.TOMBSTONE, STRONG),
    Rule("api", 200, "what is left", rf"removed: (?:text|{_REMOVERS})", O.ABSENT, R.TOMBSTONE, WEAK),
    Rule("api", 200, "listing", WITHOUT, O.ABSENT, R.NOT_FOUND, WEAK),

    Rule("account", 200, "account", "suspended", O.SUSPENDED, R.SUSPENDED),
    # An account that was deleted, one that only its owner sees (a "shadow ban"), and one that never was.
    Rule("account", 404, "error code", "404", O.UNKNOWN, R.NOT_FOUND),
)
# fmt: on


def left(post: Any) -> str | None:
    """What is left of a post or comment that is not served any more; None for one that may be.

    An account that is deleted leaves its posts, with "[deleted]" for the author and their words as they were.
    """
    text = words(post, "selftext") or words(post, "body") or ""
    category = words(post, "removed_by_category")
    by_nobody = words(post, "author") == DELETED
    if by_nobody and (category == "deleted" or (category is None and text == DELETED)):
        return "deleted by its author"
    if category is not None:
        return f"removed: {category}"
    if text == REMOVED or text.lower().startswith("[ removed by reddit"):
        return "removed: text"
    return None


def _left(exchange: Exchange, noun: Any) -> str | None:
    return left(noun)


def _account(exchange: Exchange, noun: Any) -> str | None:
    """Whether an account's own answer says that it is suspended."""
    return "suspended" if isinstance(noun, dict) and noun.get("is_suspended") is True else None


def _error_code(exchange: Exchange, noun: Any) -> str | None:
    code = noun.get("error") if isinstance(noun, dict) else None
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None


PLACES: Mapping[str, Place] = {
    "what is left": _left,
    "listing": listing,
    "account": _account,
    "error code": _error_code,
}
