"""The allow-list of YouTube's answers: everything that may be read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: platforms.md 4; statuses and texts of the player as NewPipeExtractor recorded them in 2025.

One answer only is *strong*: "removed by the uploader". oEmbed says 404 for deleted, never given, and closed accounts
alike, and no such answer was ever recorded whole; the bare "Video unavailable" is shown for never given, for deleted a
while ago, and under restricted mode; the API leaves out private videos as it leaves out deleted ones. A removal by
YouTube is weak too: the uploader still has the video and may get it back, and it says nothing of a deletion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import rows, strings, table, words
from archiver.platforms.listings import WITHOUT, listing
from archiver.platforms.rules import Place, Rule

VERSION = "1"

O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK
_GONE = r"(?:ERROR|UNPLAYABLE): (?:Video unavailable: )?"
_CLOSED = r"This video is no longer available because the"
_QUOTA = "quotaExceeded|dailyLimitExceeded|rateLimitExceeded|userRateLimitExceeded"
_KEY = "keyInvalid|keyExpired|badRequest"

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("oembed", 404, "body", "Not Found", O.ABSENT, R.NOT_FOUND, WEAK),
    # Embedding is disabled, or the video is private: either way it is there.
    Rule("oembed", 401, "body", "Unauthorized", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("oembed", 403, "body", "Forbidden", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("oembed", 200, "body", "Forbidden", O.UNKNOWN, R.NOT_AUTHORIZED),

    Rule("watch", 200, "playability", _GONE + r"This video has been removed by the uploader\.?",
         O.ABSENT, R.TOMBSTONE, STRONG),
    Rule("watch", 200, "playability", r"ERROR: (?:Video unavailable|This video is unavailable)"
         r"(?:: This video isn't available anymore\.?)?", O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("watch", 200, "playability", _GONE + r"This video has been removed for violating YouTube's .{1,300}",
         O.ABSENT, R.TOMBSTONE, WEAK),
    Rule("watch", 200, "playability", _GONE + r"This video is no longer available due to a copyright claim by .{1,300}",
         O.ABSENT, R.TOMBSTONE, WEAK),
    # "Terminated" is said of accounts that YouTube ended, and of some that their owners did.
    Rule("watch", 200, "playability", _GONE + _CLOSED + r" uploader has closed their YouTube account\.?",
         O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    Rule("watch", 200, "playability",
         _GONE + _CLOSED + r" YouTube account associated with this video has been (?:closed|terminated)\b.{0,300}",
         O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    Rule("watch", 200, "playability", _GONE + r".{0,300}\b(?:in your country|on this country domain)\b.{0,300}",
         O.WITHHELD, R.WITHHELD),
    Rule("watch", 200, "playability", r"[A-Z_]{1,40}: .{0,300}\b(?:confirm your age|age-restricted)\b.{0,300}",
         O.AGE_GATED, R.AGE_GATE),
    Rule("watch", 200, "playability", r"LOGIN_REQUIRED: (?:Private video|This is a private video|This video is private)"
         r"\b.{0,300}", O.UNKNOWN, R.NOT_AUTHORIZED),
    Rule("watch", 200, "playability", r"UNPLAYABLE: .{0,300}\b(?:members-only|Music Premium|requires payment)\b"
         r".{0,300}", O.UNKNOWN, R.NOT_AUTHORIZED),
    # So it is shown to addresses that asked too often, of any video; else it would read like a video that is gone.
    Rule("watch", 200, "playability", _GONE + r"This content isn't available, try again later\b.{0,300}",
         O.UNKNOWN, R.RATE_LIMITED),
    Rule("watch", 200, "playability", r"LOGIN_REQUIRED: Sign in to confirm (?:that )?you're not a bot\b.{0,300}",
         O.UNKNOWN, R.LOGIN_WALL),
    Rule("watch", 200, "title", r"Before you continue to YouTube\b.{0,100}", O.UNKNOWN, R.LOGIN_WALL),

    Rule("api", 200, "listing", WITHOUT, O.ABSENT, R.NOT_FOUND, WEAK),
    Rule("api", 403, "problem", _QUOTA, O.UNKNOWN, R.RATE_LIMITED),
    Rule("api", 400, "problem", _KEY, O.UNKNOWN, R.REFUSED),

    # A channel that is left out was closed or ended, or never was: which, nobody says.
    Rule("channels", 200, "listing", WITHOUT, O.UNKNOWN, R.NOT_FOUND),
    Rule("channels", 403, "problem", _QUOTA, O.UNKNOWN, R.RATE_LIMITED),
    Rule("channels", 400, "problem", _KEY, O.UNKNOWN, R.REFUSED),
)
# fmt: on


def playability(player: Any) -> str | None:
    """`STATUS: reason: details` of a player's answer, apostrophes plain; None where it has no status.

    Where the answer describes the video all the same, that is said behind it: no answer that a video is gone has it.
    """
    told = table(player, "playabilityStatus")
    status = words(told, "status")
    if status is None:
        return None
    screen = table(table(told, "errorScreen"), "playerErrorMessageRenderer")
    messages = strings(told, "messages")
    reason = words(told, "reason") or _text(table(screen, "reason")) or (messages[0] if messages else "")
    details = _text(table(screen, "subreason"))
    parts = (reason, details if details != reason else "", "with the video" if table(player, "videoDetails") else "")
    return " ".join(f"{status}: {': '.join(part for part in parts if part)}".replace("’", "'").split())


def _text(noun: dict[str, Any]) -> str:
    """A text as YouTube writes it: in one piece, or in runs."""
    return words(noun, "simpleText") or "".join(words(run, "text") or "" for run in rows(noun, "runs"))


def _playability(exchange: Exchange, noun: Any) -> str | None:
    return playability(noun)


def _problem(exchange: Exchange, noun: Any) -> str | None:
    """The reason in an error of the Data API; None where there is none, or several."""
    errors = rows(table(noun, "error"), "errors")
    return words(errors[0], "reason") if len(errors) == 1 else None


PLACES: Mapping[str, Place] = {"playability": _playability, "listing": listing, "problem": _problem}
