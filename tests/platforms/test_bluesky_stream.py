"""What is read from Bluesky's event stream: deleted posts, changed accounts, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.model.stream import StreamEvent, StreamMessage
from archiver.platforms.bluesky_stream import LONGEST, Jetstream
from tests.platforms.recorded import JSON

DID = "did:plc:sampleauthor234567abcdef"
KEY = "3kzsample2222"
SENT = 1_767_657_600_000_001
AT = datetime(2026, 1, 6, 0, 0, 0, 1, UTC)


def line(**parts: Any) -> bytes:
    return json.dumps({"did": DID, "time_us": SENT, **parts}).encode()


def commit(operation: str = "delete", collection: str = "app.bsky.feed.post", rkey: Any = KEY) -> bytes:
    told = {"rev": "3kzsamplerev2", "operation": operation, "collection": collection, "rkey": rkey}
    return line(kind="commit", commit=told)


def account(**parts: Any) -> bytes:
    return line(kind="account", account={"did": DID, "seq": 1, "time": "2026-01-06T00:00:00.000Z", **parts})


def event(message: bytes) -> StreamEvent | None:
    return Jetstream().read(message).event


def test_a_deleted_post_is_told_by_author_key_and_time() -> None:
    """The event has no record: who, which, and when the stream passed it on; from there the stream goes on."""
    told = StreamEvent(DID, f"{DID}/{KEY}", AT)
    assert Jetstream().read(commit()) == StreamMessage(True, SENT, told)


@pytest.mark.parametrize(
    "parts",
    [
        {"active": True},
        *({"active": False, "status": status} for status in ("takendown", "suspended", "deactivated", "deleted")),
    ],
)
def test_a_changed_account_is_told(parts: dict[str, Any]) -> None:
    """One event stands for all posts of the account."""
    assert event(account(**parts)) == StreamEvent(DID, None, AT)


def test_what_is_asked_for_fits_any_number_of_authors() -> None:
    """The address has no names; they are said first, with the posts alone and nothing longer than an event is."""
    stream = Jetstream()
    assert stream.address(None) == "wss://jetstream2.us-east.bsky.network/subscribe?requireHello=true"
    assert stream.address(SENT).endswith(f"&cursor={SENT - 60_000_000}")
    assert stream.cursor_at(AT) == SENT
    told = json.loads(stream.hello([DID] * stream.most_authors) or "")
    assert told["type"] == "options_update"
    assert told["payload"]["wantedCollections"] == ["app.bsky.feed.post"]
    assert len(told["payload"]["wantedDids"]) == 10_000
    assert 0 < told["payload"]["maxMessageSizeBytes"] <= LONGEST
    assert stream.author_of(f"{DID}/{KEY}") == DID
    assert stream.author_of(f"sample-desk.example/{KEY}") is None


@pytest.mark.parametrize(
    "other",
    [
        commit(operation="create"),
        commit(operation="update"),
        commit(collection="app.bsky.graph.follow"),
        commit(rkey=None),
        commit(rkey="a b"),
        commit(rkey=".."),
        account(active=False),
        account(active=False, status="throttled"),
        account(active=False, status="desynchronized"),
        account(active="true"),
        account(active=1),
        account(active=True, did="did:plc:otherauthor234567abcdefg"),
        line(kind="identity", identity={"did": DID, "handle": "sample-desk.example"}),
        line(kind="commit", account={"did": DID, "active": True}),
        commit().replace(str(SENT).encode(), b'"' + str(SENT).encode() + b'"'),
        commit().replace(str(SENT).encode(), b"true"),
        commit().replace(str(SENT).encode(), b"1e15"),
        commit().replace(str(SENT).encode(), b"-1"),
        commit().replace(str(SENT).encode(), b"0"),
        commit().replace(str(SENT).encode(), b"9" * 40),
        commit().replace(DID.encode(), b"sample-desk.example"),
        commit()[:-1],
        commit() + commit(),
        b'{"a": 1, "a": 2}',
        b"",
        b"{}",
        b"[]",
        b" " * (LONGEST + 1) + commit(),
    ],
)
def test_every_other_line_is_no_event(other: bytes) -> None:
    """Likes, new posts, renamed authors, states that say nothing, and what is cut, doubled or no event at all."""
    assert event(other) is None


@given(st.binary(max_size=300) | JSON.map(lambda noun: json.dumps(noun).encode()))
def test_junk_is_no_event(junk: bytes) -> None:
    """Nothing raises, and nothing is read out of it."""
    assert event(junk) is None


PART = JSON | st.sampled_from([DID, KEY, "commit", "account", "delete", "app.bsky.feed.post", "deleted", SENT, True])
TABLE = st.dictionaries(
    st.sampled_from(["did", "active", "status", "operation", "collection", "rkey", "seq"]), PART, max_size=7
)
LINE = st.fixed_dictionaries(
    {},
    optional={"did": PART, "time_us": PART, "kind": PART, "commit": TABLE | PART, "account": TABLE | PART},
)


@given(LINE)
@settings(max_examples=1000)
def test_what_is_nearly_an_event_is_one_only_where_every_part_is_right(noun: dict[str, Any]) -> None:
    """Whatever is read names an account and a time, and a post where one is deleted."""
    found = event(json.dumps(noun).encode())
    if found is not None:
        assert noun["did"] == found.author_id
        assert noun["kind"] == ("account" if found.native_id is None else "commit")
        assert found.at is not None
        assert 2022 <= found.at.year < 2200
