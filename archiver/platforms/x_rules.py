"""The allow-list of X's answers: everything that may be read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: verdicts.md "Outcomes of one look" and platforms.md 1.c.1–1.c.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import rows, table, title, words

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of answer, and what it says."""

    endpoint: str
    status_code: int | None
    """None: any."""
    where: str
    """Which words of the answer: "error code", "error", "title" (of a text/html page) or "tombstone"."""
    says: str
    """The whole of these words, as a regular expression."""
    outcome: Outcome
    reason: Reason
    strength: Strength | None = None


O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK
_P = "(?:Post|Tweet)"
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
)
# fmt: on


def rule_for(endpoint: str, exchange: Exchange, noun: Any) -> Rule | None:
    """The rule that an answer meets; `noun` is its body as JSON, None if it is none. None: no rule."""
    for rule in RULES:
        if rule.endpoint != endpoint or rule.status_code not in (None, exchange.status_code):
            continue
        found = _words(rule.where, exchange, noun)
        if found is not None and re.fullmatch(rule.says, found, re.ASCII | re.DOTALL):
            return rule
    return None


def _words(where: str, exchange: Exchange, noun: Any) -> str | None:
    if where == "title":
        kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
        return title(exchange.body) if kind == "text/html" else None
    if where == "tombstone":
        return tombstone(noun)
    if where == "error":
        return words(noun, "error")
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
