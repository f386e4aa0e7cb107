"""The allow-list of X's answers: everything that may be read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: verdicts.md "Outcomes of one look" and platforms.md 1.c.1–1.c.3, 1.d.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import rows, table, words
from archiver.platforms.rules import Place, Rule

VERSION = "2"


O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK
_P = "(?:Post|Tweet)"
_NO_ACCESS = "Authorization Error: Sorry, you are not authorized to see the"
_LIMITS = rf"You're unable to view this {_P} because this account owner limits who can view their {_P}s\."

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("oembed", 404, "error code", "34", O.ABSENT, R.NOT_FOUND, STRONG),
    Rule("oembed", 403, "error", r"Sorry, you are not authorized to see this status\.?", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("oembed", 403, "error", r"User has been suspended\.?", O.SUSPENDED, R.SUSPENDED),
    Rule("oembed", None, "error code", "88", O.UNKNOWN, R.RATE_LIMITED),

    Rule("syndication", 404, "title", r"X / \?", O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("syndication", 200, "tombstone", rf"This {_P} was deleted by the {_P} author\.",
         O.ABSENT, R.TOMBSTONE, STRONG),
    Rule("syndication", 200, "tombstone", rf"This {_P} is from a suspended account\.", O.SUSPENDED, R.SUSPENDED),
    Rule("syndication", 200, "tombstone", rf"This {_P} is from an account that no longer exists\.",
         O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    Rule("syndication", 200, "tombstone", _LIMITS, O.PROTECTED, R.PROTECTED),
    Rule("syndication", 200, "tombstone", rf"This {_P} is from a private account\.", O.PROTECTED, R.PROTECTED),
    Rule("syndication", 200, "tombstone", r"Age-restricted adult content\..{0,400}", O.AGE_GATED, R.AGE_GATE),
    Rule("syndication", 200, "tombstone", rf"This {_P} from @\w{{1,20}} has been withheld\b.{{0,400}}",
         O.WITHHELD, R.WITHHELD),
    Rule("syndication", 200, "tombstone", r"@\w{1,20}(?:'s account)? has been withheld\b.{0,400}",
         O.WITHHELD, R.WITHHELD),
    Rule("syndication", None, "error code", "88", O.UNKNOWN, R.RATE_LIMITED),

    Rule("timeline", None, "error code", "88", O.UNKNOWN, R.RATE_LIMITED),

    # Weak: posts of a deactivated account are answered so too (x_api_posts.py).
    Rule("api", 200, "problem",
         r"Not Found Error: Could not find tweet with ids: \[\d{1,19}\]\. \(resource-not-found\)",
         O.ABSENT, R.NOT_FOUND, WEAK),
    # Of a protected or a suspended author; which of them, only the account look tells.
    Rule("api", 200, "problem", rf"{_NO_ACCESS} {_P} with ids: \[\d{{1,19}}\]\..{{0,100}}",
         O.UNKNOWN, R.NOT_AUTHORIZED),

    # By title and detail: the type of a suspension was recorded as resource-not-found.
    Rule("api_users", 200, "problem", r"Forbidden: User has been suspended: \[\w{1,20}\]\..{0,100}",
         O.SUSPENDED, R.SUSPENDED),
    Rule("api_users", 200, "problem",
         r"Not Found Error: Could not find user with ids: \[\d{1,19}\]\. \(resource-not-found\)",
         O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    # A handle that nobody has may have been given up by somebody who is still there.
    Rule("api_users", 200, "problem",
         r"Not Found Error: Could not find user with usernames: \[\w{1,20}\]\. \(resource-not-found\)",
         O.UNKNOWN, R.NOT_FOUND),
    Rule("api_users", 200, "problem", rf"{_NO_ACCESS} user with (?:ids|usernames): \[\w{{1,20}}\]\..{{0,100}}",
         O.UNKNOWN, R.NOT_AUTHORIZED),
)
# fmt: on


def _tombstone(exchange: Exchange, noun: Any) -> str | None:
    return tombstone(noun)


def _error_code(exchange: Exchange, noun: Any) -> str | None:
    errors = rows(noun, "errors")
    code = errors[0].get("code") if len(errors) == 1 else None
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None


def tombstone(noun: Any) -> str | None:
    """The text of a tombstone, apostrophes plain and the trailing "Learn more" dropped; None without text."""
    if words(noun, "__typename") != "TweetTombstone":
        return None
    text = words(table(table(noun, "tombstone"), "text"), "text")
    if text is None:
        return None
    text = text.replace("’", "'").strip().removesuffix("{learnmore}").removesuffix("Learn more")
    return " ".join(text.split())


def problem(noun: Any) -> str | None:
    """One of the API's errors in one line, "TITLE: DETAIL (TYPE)"; of the type's address, the last segment only.

    The host in it has changed from api.twitter.com to api.x.com.
    """
    title, detail, kind = words(noun, "title"), words(noun, "detail"), words(noun, "type")
    return f"{title}: {detail} ({(kind or '').rpartition('/')[2]})" if title and detail else None


def _problem(exchange: Exchange, noun: Any) -> str | None:
    """Here the noun is one of the errors, not the whole body: each is about one of the many ids."""
    return problem(noun)


PLACES: Mapping[str, Place] = {"tombstone": _tombstone, "error code": _error_code, "problem": _problem}
