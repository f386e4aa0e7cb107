"""X's Activity API: which subscriptions it is told of, and what is read from its messages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.model.stream import StreamEvent
from archiver.platforms.x_stream import Activity
from tests.platforms.recorded import JSON

AT = datetime(2026, 3, 2, tzinfo=UTC)
POST, AUTHOR = "2080000000000000001", "1111111111111111111"


def told(**parts: Any) -> bytes:
    payload = {"id": POST, "author_id": AUTHOR, "includes": {}, **parts.pop("payload", {})}
    return json.dumps({"data": {"event_uuid": "-1", "event_type": "post.delete", "payload": payload, **parts}}).encode()


def test_a_deletion_names_post_and_author_and_no_time() -> None:
    """The message itself has none: the time of its coming is all there is."""
    message = Activity().read(told())
    assert (message.is_readable, message.cursor) == (True, None)
    assert message.event == StreamEvent(AUTHOR, POST, None)


@pytest.mark.parametrize(
    ("message", "is_readable"),
    [
        (told(event_type="post.create"), True),
        (told(event_type="profile.update.bio"), True),
        (b'{"errors": [{"title": "operational-disconnect"}]}', True),
        (told(payload={"id": "007"}), False),
        (told(payload={"id": 17}), False),
        (told(payload={"author_id": None}), False),
        (told(payload={"author_id": "sample"}), False),
        (b"{}", False),
        (b"[]", False),
        (b"<html>", False),
        (told()[:-3], False),
    ],
)
def test_every_other_message_is_no_event(message: bytes, is_readable: bool) -> None:
    """Other events, what the host says of itself, and what is no message of this stream."""
    read = Activity().read(message)
    assert (read.event, read.is_readable) == (None, is_readable)


@given(st.binary(max_size=300) | JSON.map(lambda noun: json.dumps(noun).encode()))
def test_junk_is_no_event(junk: bytes) -> None:
    """Nothing raises, and nothing is read out of it."""
    assert Activity().read(junk).event is None


@dataclass
class FarEnd:
    """X's side of the subscriptions, two a page."""

    on_file: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)
    """Number → (author, tag, kind of event)."""
    log: list[str] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    """Author or "list" → status."""
    down: bool = False

    def get(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        if "list" in self.refuse:
            return self._answer(url, self.refuse["list"], {})
        first = int(parse_qs(urlsplit(url).query).get("pagination_token", ["0"])[0])
        part = list(self.on_file.items())[first : first + 2]
        rows = [
            {"subscription_id": number, "event_type": kind, "filter": {"user_id": author}, "tag": tag}
            for number, (author, tag, kind) in part
        ]
        meta = {"next_token": str(first + 2)} if first + 2 < len(self.on_file) else {}
        return self._answer(url, 200, {"data": rows, "meta": meta})

    def send(
        self, url: str, *, method: str = "POST", content: bytes = b"", content_type: str = "", accept: str = "*/*"
    ) -> Exchange:
        if method == "DELETE":
            number = url.rpartition("/")[2]
            self.log.append(f"-{self.on_file.pop(number)[0]}")
            return self._answer(url, 200, {"data": {"deleted": True}})
        noun = json.loads(content)
        author = noun["filter"]["user_id"]
        self.log.append(f"+{author}")
        if author in self.refuse:
            return self._answer(url, self.refuse[author], {})
        self.on_file[f"9{author}"] = (author, noun["tag"], noun["event_type"])
        return self._answer(url, 200, {"data": [{}]})

    def _answer(self, url: str, status: int, noun: dict[str, Any]) -> Exchange:
        body = json.dumps(noun).encode()
        failure = Failure(Reason.CONNECT, "nobody there") if self.down else None
        return Exchange(
            url, None, (), (), status, "HTTP/1.1", (), body, body, None, None, None, AT, AT, 0.0, 0.0, failure=failure
        )


def test_subscriptions_are_brought_in_line_with_the_authors() -> None:
    """Ours that nobody wants go first, what is there stays, what is missing comes; others of the app are left alone."""
    far_end = FarEnd(
        {
            "1": ("11", "archiver", "post.delete"),
            "2": ("22", "archiver", "post.delete"),
            "3": ("33", "theirs", "post.delete"),
            "4": ("44", "theirs", "post.delete"),
            "5": ("55", "archiver", "post.create"),
        }
    )
    assert Activity().subscribe(["11", "33", "55", "66"], far_end.get, far_end.send) is None
    assert far_end.log == ["-22", "+55", "+66"]
    far_end.log.clear()
    assert Activity().subscribe(["11", "33", "55", "66"], far_end.get, far_end.send) is None
    assert far_end.log == []


def test_an_author_who_cannot_be_subscribed_to_stops_nobody() -> None:
    """A protected account is forbidden, one that is gone is a bad request; three in a row mean us."""
    far_end = FarEnd(refuse={"11": 403, "22": 400, "44": 403})
    assert Activity().subscribe(["11", "22", "33", "44"], far_end.get, far_end.send) is None
    assert [author for author, _, _ in far_end.on_file.values()] == ["33"]
    far_end = FarEnd(refuse=dict.fromkeys(("11", "22", "33"), 403))
    refused = Activity().subscribe(["11", "22", "33", "44"], far_end.get, far_end.send)
    assert refused is not None
    assert (refused.reason, far_end.log) == (Reason.REFUSED, ["+11", "+22", "+33"])


@pytest.mark.parametrize(
    ("status", "reason"), [(401, Reason.REFUSED), (429, Reason.RATE_LIMITED), (503, Reason.SERVER_ERROR)]
)
def test_a_host_that_refuses_is_asked_no_more(status: int, reason: Reason) -> None:
    """Neither in the list nor at an author."""
    far_end = FarEnd(refuse={"list": status})
    refused = Activity().subscribe(["11"], far_end.get, far_end.send)
    assert refused is not None
    assert (refused.reason, far_end.log) == (reason, [])
    far_end = FarEnd(refuse={"11": status})
    refused = Activity().subscribe(["11", "22"], far_end.get, far_end.send)
    assert refused is not None
    assert (refused.reason, far_end.log) == (reason, ["+11"])
    far_end = FarEnd(down=True)
    assert Activity().subscribe(["11"], far_end.get, far_end.send) == Failure(Reason.CONNECT, "nobody there")


def test_a_list_that_cannot_be_read_changes_nothing() -> None:
    """A status that is no refusal, and no JSON."""
    far_end = FarEnd(refuse={"list": 404})
    refused = Activity().subscribe(["11"], far_end.get, far_end.send)
    assert refused is not None
    assert (refused.reason, far_end.log) == (Reason.UNEXPECTED_SHAPE, [])
