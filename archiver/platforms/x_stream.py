"""X's Activity API: `post.delete`, told as it happens to an app that subscribed to the author (platforms.md 1.d.3).

It tells nothing again: whoever was not listening has missed it. A sign of life (an empty line) comes every 20 seconds.
The events are public, but those of protected accounts are not told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from archiver.model.exchange import Exchange, Failure, Get, Send
from archiver.model.outcome import Reason
from archiver.model.stream import StreamEvent, StreamMessage
from archiver.platforms import x_api
from archiver.platforms.answers import by_status, json_or_none, rows, table, words
from archiver.urls import x_id

EVENT = "post.delete"
TAG = "archiver"
"""Marks the subscriptions that are ours: others of the same app are left alone."""
SUBSCRIPTIONS = f"https://{x_api.HOST}/2/activity/subscriptions"
MOST_PAGES = 1000
MOST_FORBIDDEN = 3
JSON = "application/json"


class Activity:
    """As Stream says."""

    platform: str = "x"
    name: str = "activity_stream"
    version: str = "1"
    host: str = x_api.HOST
    credential: str | None = x_api.CREDENTIAL
    most_authors: int = 1500
    replays: timedelta = timedelta(0)
    sees: str = "deleted posts of public accounts, as they happen; evidence only: it makes a post due at once"
    limit: str = "1,500 authors (self-serve); nothing is told again"

    def address(self, cursor: int | None) -> str:
        return f"https://{self.host}/2/activity/stream"

    def cursor_at(self, moment: datetime) -> int | None:
        return None

    def hello(self, authors: Sequence[str]) -> str | None:
        return None

    def subscribe(self, authors: Sequence[str], get: Get, send: Send) -> Failure | None:
        """Those that are ours and no longer wanted go first: their number is limited."""
        ours: dict[str, str] = {}
        others: set[str] = set()
        for told in _subscriptions(get):
            if isinstance(told, Failure):
                return told
            author, number, tag = told
            if tag == TAG:
                ours[author] = number
            else:
                others.add(author)
        wanted = set(authors)
        for author in [author for author in ours if author not in wanted]:
            refused = _refusal(
                send(f"{SUBSCRIPTIONS}/{quote(ours.pop(author), safe='')}", method="DELETE", accept=JSON)
            )
            if refused is not None:
                return refused
        missing = [author for author in authors if author not in ours and author not in others]
        return _subscribe(missing, send)

    def author_of(self, native_id: str) -> str | None:
        return None

    def read(self, message: bytes) -> StreamMessage:
        noun = json_or_none(message)
        if not isinstance(noun, dict):
            return StreamMessage(False)
        told = table(noun, "data")
        if words(told, "event_type") != EVENT:
            return StreamMessage(bool(told) or "errors" in noun)
        payload = table(told, "payload")
        native_id, author_id = words(payload, "id"), words(payload, "author_id")
        if native_id is None or author_id is None or x_id(native_id) != native_id or x_id(author_id) != author_id:
            return StreamMessage(False)
        return StreamMessage(True, None, StreamEvent(author_id, native_id, None))


def _subscriptions(get: Get) -> Iterator[tuple[str, str, str | None] | Failure]:
    """(author, number, tag) of each subscription to deletions; a failure, as the last, where they cannot be read."""
    query = {"max_results": "100"}
    for _ in range(MOST_PAGES):
        exchange = get(f"{SUBSCRIPTIONS}?{urlencode(query)}", accept=JSON)
        noun = json_or_none(exchange.body)
        refused = _refusal(exchange) or by_status(exchange)
        if refused is not None or not isinstance(noun, dict):
            why = (
                refused
                if isinstance(refused, Failure)
                else Failure(Reason.UNEXPECTED_SHAPE, "no list of subscriptions")
            )
            yield why
            return
        for row in rows(noun, "data"):
            author, number = words(table(row, "filter"), "user_id"), words(row, "subscription_id")
            if words(row, "event_type") == EVENT and author and number:
                yield author, number, words(row, "tag")
        token = words(table(noun, "meta"), "next_token")
        if token is None:
            return
        query["pagination_token"] = token


def _subscribe(authors: Sequence[str], send: Send) -> Failure | None:
    forbidden = 0
    for author in authors:
        asked = json.dumps({"event_type": EVENT, "filter": {"user_id": author}, "tag": TAG}).encode()
        exchange = send(SUBSCRIPTIONS, content=asked, content_type=JSON, accept=JSON)
        # One author may be out of bounds (a protected account); several in a row mean us.
        forbidden = forbidden + 1 if exchange.status_code == 403 else 0
        refused = _refusal(exchange) if forbidden in (0, MOST_FORBIDDEN) else None
        if refused is not None:
            return refused
    return None


def _refusal(exchange: Exchange) -> Failure | None:
    """Why nothing more is to be asked for now. That one author cannot be subscribed to is no reason."""
    if exchange.failure is not None:
        return exchange.failure
    code = exchange.status_code or 0
    if code < 500 and code not in (401, 402, 403, 429):
        return None
    reason = {429: Reason.RATE_LIMITED}.get(code, Reason.SERVER_ERROR if code >= 500 else Reason.REFUSED)
    return Failure(reason, f"asked for subscriptions, the host answered {code}")
