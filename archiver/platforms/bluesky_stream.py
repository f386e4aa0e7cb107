"""Bluesky's event stream (Jetstream): deleted posts, and what became of accounts (platforms.md 2).

It tells again the last 36 hours to whoever comes back with a cursor (microseconds since 1970), and moves an older one
forward without a word. It may say a thing twice. An account that is deleted is one event, its posts none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Failure, Get, Send
from archiver.model.stream import StreamEvent, StreamMessage
from archiver.platforms.addressed import moment
from archiver.platforms.answers import json_or_none, table, words
from archiver.platforms.bluesky_names import COLLECTION, is_did, is_key

LONGEST = 500_000
"""Bytes; the host is asked to leave longer messages out. A deletion has about 250."""
REWIND = timedelta(minutes=1)
"""How far behind the cursor we go on: each host counts by a clock of its own, and ours is another."""
_INACTIVE = frozenset({"takendown", "suspended", "deactivated", "deleted"})
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Jetstream:
    """As Stream says."""

    platform: str = "bluesky"
    name: str = "jetstream"
    version: str = "1"
    host: str = "jetstream2.us-east.bsky.network"
    credential: str | None = None
    most_authors: int = 10_000
    # An hour less than the host's 36: what it has dropped by then is a gap, and must be told as one.
    replays: timedelta = timedelta(hours=35)
    sees: str = "deleted posts and changed accounts, as they happen; evidence only: it makes a post due at once"
    limit: str = "10,000 authors; the last 36 hours are told again"

    def address(self, cursor: int | None) -> str:
        """The filter is said over the connection: ten thousand authors fit in no address."""
        query = {"requireHello": "true"}
        if cursor is not None:
            query["cursor"] = str(max(cursor - REWIND // _MICROSECOND, 0))
        return f"wss://{self.host}/subscribe?{urlencode(query)}"

    def cursor_at(self, moment: datetime) -> int | None:
        return (moment - _1970) // _MICROSECOND

    def hello(self, authors: Sequence[str]) -> str | None:
        wanted = {"wantedCollections": [COLLECTION], "wantedDids": list(authors), "maxMessageSizeBytes": LONGEST}
        return json.dumps({"type": "options_update", "payload": wanted})

    def subscribe(self, authors: Sequence[str], get: Get, send: Send) -> Failure | None:
        """Nothing: it is said at first."""
        return None

    def author_of(self, native_id: str) -> str | None:
        repository = native_id.rpartition("/")[0]
        return repository if is_did(repository) else None

    def read(self, message: bytes) -> StreamMessage:
        noun = json_or_none(message) if len(message) <= LONGEST else None
        did, sent = words(noun, "did"), noun.get("time_us") if isinstance(noun, dict) else None
        at = moment(sent, not_before=2022) if isinstance(sent, int) and not isinstance(sent, bool) else None
        if did is None or at is None or not is_did(did):
            return StreamMessage(False)
        kind = words(noun, "kind")
        event = None
        if kind == "commit":
            event = _deleted(did, table(noun, "commit"), at)
        elif kind == "account":
            event = _changed(did, table(noun, "account"), at)
        return StreamMessage(True, self.cursor_at(at), event)


def _deleted(did: str, commit: dict[str, Any], at: datetime) -> StreamEvent | None:
    key = words(commit, "rkey")
    is_deleted = words(commit, "operation") == "delete" and words(commit, "collection") == COLLECTION
    return StreamEvent(did, f"{did}/{key}", at) if is_deleted and key is not None and is_key(key) else None


def _changed(did: str, account: dict[str, Any], at: datetime) -> StreamEvent | None:
    """Other states ("throttled", "desynchronized") say nothing of whether the account is open."""
    is_open, status = account.get("active"), words(account, "status")
    is_told = is_open is True or (is_open is False and status in _INACTIVE)
    return StreamEvent(did, None, at) if is_told and words(account, "did") == did else None
