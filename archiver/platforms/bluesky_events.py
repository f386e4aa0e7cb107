"""Reading Bluesky's event stream (Jetstream): lines that say that a post was deleted, or what became of an account.

Pure: a line in, an event or None out. An event is evidence beside the looks, never instead of them: the stream may
say a thing twice, and whoever was not listening missed it. An account that is deleted is one event, its posts none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from archiver.platforms.addressed import moment
from archiver.platforms.answers import json_or_none, table, words
from archiver.platforms.bluesky_names import COLLECTION, is_did, is_key

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no event that is read here."""


class EventKind(StrEnum):
    POST_DELETED = "post_deleted"
    ACCOUNT_OK = "account_ok"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_GONE = "account_gone"
    """Deactivated, which is reversible, or deleted."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one line says."""

    did: str
    """The repository, which is the author's id."""
    key: str | None
    """Of the post, which is DID/KEY in our ids; None for an account."""
    kind: EventKind
    at: datetime
    """When the stream passed it on, UTC: no earlier than it happened."""


_INACTIVE = {
    "takendown": EventKind.ACCOUNT_SUSPENDED,
    "suspended": EventKind.ACCOUNT_SUSPENDED,
    "deactivated": EventKind.ACCOUNT_GONE,
    "deleted": EventKind.ACCOUNT_GONE,
}


def event(line: bytes) -> Event | None:
    """What a line says; None for everything but a deleted post and a changed account, and for what cannot be read."""
    noun = json_or_none(line) if len(line) <= LONGEST_LINE else None
    did, sent = words(noun, "did"), noun.get("time_us") if isinstance(noun, dict) else None
    at = moment(sent, not_before=2022) if isinstance(sent, int) and not isinstance(sent, bool) else None
    if did is None or at is None or not is_did(did):
        return None
    kind = words(noun, "kind")
    if kind == "commit":
        return _deleted(did, table(noun, "commit"), at)
    return _account(did, table(noun, "account"), at) if kind == "account" else None


def _deleted(did: str, commit: dict[str, Any], at: datetime) -> Event | None:
    key = words(commit, "rkey")
    is_deleted = words(commit, "operation") == "delete" and words(commit, "collection") == COLLECTION
    return Event(did, key, EventKind.POST_DELETED, at) if is_deleted and key is not None and is_key(key) else None


def _account(did: str, account: dict[str, Any], at: datetime) -> Event | None:
    """Other states ("throttled", "desynchronized") say nothing of whether the account is open."""
    if words(account, "did") != did:
        return None
    if account.get("active") is True:
        return Event(did, None, EventKind.ACCOUNT_OK, at)
    kind = _INACTIVE.get(words(account, "status") or "") if account.get("active") is False else None
    return Event(did, None, kind, at) if kind else None
