"""The allow-list of Bluesky's answers: everything that may be read as more than `unknown`, apart from `present`.

To change it is to change VERSION: every observation names the version that it was read by.
Sources: platforms.md 2; the published code of the AppView, the repository hosts and the directory of did:plc.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from archiver.model.exchange import Exchange
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import words
from archiver.platforms.rules import Place, Rule

VERSION = "1"

O, R = Outcome, Reason  # noqa: E741
STRONG, WEAK = Strength.STRONG, Strength.WEAK

# fmt: off
LEFT_OUT = Rule("appview", 200, "posts", "one is left out", O.ABSENT, R.NOT_FOUND, WEAK)
"""Weak: the AppView has been seen to lack posts that their host served (social-app#7241, bridgy-fed#1272), and leaves
out what its moderators hide. Read only of posts whose author it serves in the same look."""

MISSING = Rule("record", 400, "refusal", r"RecordNotFound: Could not locate record: at://[!-~]{1,900}",
               O.ABSENT, R.NOT_FOUND, STRONG)
"""Strong from the author's own host alone, and only where that says that it has the repository and that it is active:
for any other, a host passes on what the AppView says, which is "RecordNotFound" as well (ATProtoKit#318).
Weak where the key or the repository may not be the one that was meant. What the host's moderators took down is
answered so too: it is gone from the public, and who removed it is not observed."""

TOMBSTONE = Rule("record", None, "message", r"DID not available: did:plc:[a-z2-7]{24}", O.ACCOUNT_GONE, R.ACCOUNT_GONE)
"""The directory's answer for a DID that was ended by its owner (404 in older versions, 410 in newer)."""

STATES = (
    Rule("record", 200, "repository", "takendown|suspended", O.SUSPENDED, R.SUSPENDED),
    Rule("record", 200, "repository", "deactivated|deleted", O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    Rule("record", 400, "refusal", r"RepoNotFound: Could not find repo for DID: did:[!-~]{1,300}",
         O.ACCOUNT_GONE, R.ACCOUNT_GONE),
)

PROFILES = (
    Rule("profile", 400, "refusal", r"AccountTakedown: .{0,300}", O.SUSPENDED, R.SUSPENDED),
    Rule("profile", 400, "refusal", r"AccountDeactivated: .{0,300}", O.ACCOUNT_GONE, R.ACCOUNT_GONE),
    # Of a DID only: a handle is given up, or another's, while its author lives on under a new one.
    Rule("profile", 400, "refusal", "InvalidRequest: Profile not found", O.ACCOUNT_GONE, R.ACCOUNT_GONE),
)
# fmt: on

RULES: tuple[Rule, ...] = (LEFT_OUT, MISSING, TOMBSTONE, *STATES, *PROFILES)


def _refusal(exchange: Exchange, noun: Any) -> str | None:
    """The name of an error and what is said of it."""
    return f"{name}: {words(noun, 'message') or ''}" if (name := words(noun, "error")) else None


def _message(exchange: Exchange, noun: Any) -> str | None:
    return words(noun, "message")


def _repository(exchange: Exchange, noun: Any) -> str | None:
    """The state of a repository, as its host tells it."""
    active = noun.get("active") if isinstance(noun, dict) and words(noun, "did") else None
    if not isinstance(active, bool):
        return None
    return "active" if active else words(noun, "status")


def _posts(exchange: Exchange, noun: Any) -> str | None:
    """Whether a post that was asked for is missing from a list of posts."""
    shown = served(noun)
    return None if shown is None or not asked(exchange) - shown.keys() else "one is left out"


def asked(exchange: Exchange) -> frozenset[str]:
    """The addresses of the posts that were asked for. Read from what was sent: a kept answer that is read again for one
    post was the answer about many, and tells nothing of a post that was not among them."""
    return frozenset(text for name, text in parse_qsl(urlsplit(exchange.url).query) if name == "uris")


def served(noun: Any) -> dict[str, dict[str, Any]] | None:
    """The posts that were served, by address; None where the answer is no list of posts, and what it lacks tells
    nothing."""
    posts = noun.get("posts") if isinstance(noun, dict) else None
    if not isinstance(posts, list):
        return None
    found = {words(post, "uri"): post for post in posts}
    return None if None in found else {uri: post for uri, post in found.items() if uri is not None}


PLACES: Mapping[str, Place] = {
    "refusal": _refusal,
    "message": _message,
    "repository": _repository,
    "posts": _posts,
}
