"""Tokens for apps: asked for at first need, sent to one host, renewed once after a refusal, never recorded."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.clock import SettableClock
from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.web.client import Client
from archiver.web.grants import Grant, Tokens
from archiver.web.settings import WebSettings
from tests.web.loopback import Loopback, answer

START = datetime(2026, 1, 6, tzinfo=UTC)
SECRET = "s3cret-of-the-app"
GRANT = Grant("https://www.posts.example/api/token", "id-of-the-app", SECRET)
SETTINGS = WebSettings(
    user_agent="archiver-tests/1",
    deadline_seconds=5,
    pace_seconds=0,
    grants={"oauth.posts.example": GRANT},
    allow_hosts=frozenset({"oauth.posts.example", "www.posts.example", "other.example"}),
)
POST_URL = "https://oauth.posts.example/api/info?id=t3_abc123"


class Issuer:
    """A host that gives tokens ("token-1-…", "token-2-…") and another that takes only those that it was told to."""

    def __init__(self) -> None:
        self.given = 0
        self.bodies: list[bytes] = []
        self.refused: set[int] = set()
        self.say: bytes | None = None
        """What is answered to everybody who asks for a token; None for a token."""
        self.expires_in: Any = 86400

    def __call__(self, connection: socket.socket, head: str) -> None:
        if head.startswith("POST "):
            self._give(connection, head)
            return
        number = next((n for n in range(1, self.given + 1) if f"Bearer {token(n)}" in head), 0)
        good = number and number not in self.refused
        echo = f"X-Echo: {token(number)}"
        connection.sendall(answer("200 OK", b'{"ok":1}', echo) if good else answer("401 Unauthorized", b"{}"))

    def _give(self, connection: socket.socket, head: str) -> None:
        body = head.partition("\r\n\r\n")[2].encode()
        while len(body) < 29:
            body += connection.recv(100)
        self.bodies.append(body)
        self.given += 1
        told = {"access_token": token(self.given), "token_type": "bearer", "expires_in": self.expires_in, "scope": "*"}
        connection.sendall(self.say or answer("200 OK", json.dumps(told).encode()))


def token(number: int) -> str:
    return f"token-{number}-that-nobody-may-see"


class Stage:
    """The issuer, and a client that reaches it by a detour."""

    def __init__(self, far_end: Loopback, issuer: Issuer, clock: SettableClock, **changes: Any) -> None:
        self.far_end, self.issuer, self.clock = far_end, issuer, clock
        self.settings = replace(SETTINGS, connect_to={"*": far_end.address}, **changes)
        self.client = Client(self.settings, clock)

    def get(self, url: str = POST_URL) -> Exchange:
        return self.client.get(url, accept="application/json")

    @property
    def posts(self) -> int:
        """How often a token was asked for."""
        return sum(head.startswith("POST ") for head in self.far_end.requests)


@pytest.fixture
def stage() -> Iterator[Stage]:
    issuer = Issuer()
    with Loopback(issuer, keep=True) as far_end:
        made = Stage(far_end, issuer, SettableClock(START))
        yield made
        made.client.close()


def test_a_token_is_asked_for_at_first_need_and_kept(stage: Stage) -> None:
    """Basic authentication, the grant's own body, and one token for ten requests."""
    assert stage.posts == 0
    assert all(stage.get().status_code == 200 for _ in range(10))
    assert stage.posts == 1
    asked = stage.far_end.requests[0]
    assert asked.startswith("POST /api/token HTTP/1.1\r\n")
    assert "Host: www.posts.example\r\n" in asked
    assert "Authorization: Basic aWQtb2YtdGhlLWFwcDpzM2NyZXQtb2YtdGhlLWFwcA==\r\n" in asked
    assert "Content-Type: application/x-www-form-urlencoded\r\n" in asked
    assert f"User-Agent: {SETTINGS.user_agent}\r\n" in asked
    assert stage.issuer.bodies == [b"grant_type=client_credentials"]


def test_a_token_goes_to_its_host_alone(stage: Stage) -> None:
    """Another host gets none, and none is asked for on its account."""
    stage.get("https://other.example/")
    assert (stage.posts, "uthorization" in stage.far_end.requests[0]) == (0, False)


def test_a_token_is_renewed_before_it_ends(stage: Stage) -> None:
    """After a day less five minutes; one that lives two minutes, after one."""
    stage.get()
    stage.clock.sleep(86400 - 301)
    stage.get()
    assert stage.posts == 1
    stage.clock.sleep(2)
    stage.issuer.expires_in = 120
    stage.get()
    assert stage.posts == 2
    stage.clock.sleep(61)
    assert stage.get().status_code == 200
    assert stage.posts == 3


def test_a_refused_token_is_renewed_once(stage: Stage) -> None:
    """The refusal is kept as evidence before the answer that came of it."""
    stage.get()
    stage.issuer.refused = {1}
    stage.clock.sleep(1)
    exchange = stage.get()
    assert (exchange.status_code, [hop.status_code for hop in exchange.hops]) == (200, [401])
    assert stage.posts == 2
    stage.issuer.refused = {1, 2, 3}
    stage.clock.sleep(1)
    exchange = stage.get()
    assert (exchange.status_code, [hop.status_code for hop in exchange.hops]) == (401, [401])
    assert (exchange.failure, stage.posts) == (None, 3)


def test_a_refusal_by_a_host_without_grant_is_an_answer(stage: Stage) -> None:
    """Nothing is renewed, and nothing tried twice."""
    exchange = stage.get("https://other.example/")
    assert (exchange.status_code, exchange.hops, len(stage.far_end.requests)) == (401, (), 1)


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (answer("401 Unauthorized", b'{"message": "Unauthorized", "error": 401}'), Reason.REFUSED),
        (answer("400 Bad Request", b"{}"), Reason.REFUSED),
        (answer("403 Blocked", b"<title>blocked</title>"), Reason.REFUSED),
        (answer("429 Too Many Requests", b"{}"), Reason.RATE_LIMITED),
        (answer("503 Service Unavailable"), Reason.SERVER_ERROR),
        (answer("302 Found", b"", "Location: https://other.example/"), Reason.UNEXPECTED_STATUS),
        (answer("200 OK", b'{"error": "invalid_grant"}'), Reason.UNEXPECTED_SHAPE),
        (answer("200 OK", b'{"access_token": "with a space in it", "token_type": "bearer"}'), Reason.UNEXPECTED_SHAPE),
        (answer("200 OK", b'{"access_token": "a-good-one-of-its-kind"}'), Reason.UNEXPECTED_SHAPE),
        (answer("200 OK", b'{"access_token": "a-good-one-of-its-kind", "token_type": "mac"}'), Reason.UNEXPECTED_SHAPE),
        (answer("200 OK", b"[" * 100_000), Reason.UNEXPECTED_SHAPE),
        (answer("200 OK", b""), Reason.UNEXPECTED_SHAPE),
        (b"", Reason.PROTOCOL),
    ],
    ids=["401", "400", "403", "429", "503", "302", "error", "space", "untyped", "mac", "deep", "empty", "nothing"],
)
def test_without_a_token_nothing_is_asked_and_the_reason_told(stage: Stage, say: bytes, reason: Reason) -> None:
    """A failure as a value; for a minute nobody asks again, then somebody does."""
    stage.issuer.say = say or b"garbage\r\n\r\n"
    exchange = stage.get()
    assert exchange.failure is not None
    assert (exchange.failure.reason, exchange.status_code) == (reason, None)
    assert exchange.failure.message.startswith("no access: ")
    assert stage.get().failure == exchange.failure
    assert (stage.posts, len(stage.far_end.requests)) == (1, 1)
    stage.issuer.say = None
    stage.clock.sleep(61)
    assert stage.get().status_code == 200


def test_a_host_of_tokens_outside_the_allow_list_is_not_asked() -> None:
    """The list holds for this request too."""
    with Loopback(Issuer(), keep=True) as far_end:
        stage = Stage(far_end, Issuer(), SettableClock(START), allow_hosts=frozenset({"oauth.posts.example"}))
        exchange = stage.get()
        stage.client.close()
    assert exchange.failure is not None
    assert (exchange.failure.reason, far_end.requests) == (Reason.HOST_NOT_ALLOWED, [])


def test_neither_secret_nor_token_is_recorded_or_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Not in an exchange, its hops or headers, a log line, the settings or a failure."""
    caplog.set_level(logging.DEBUG)
    stage.get()
    stage.issuer.refused = {1}
    stage.clock.sleep(1)
    renewed = stage.get()
    stage.issuer.say = answer("401 Unauthorized", f'{{"echo": "{SECRET}"}}'.encode())
    stage.issuer.refused = {1, 2}
    stage.clock.sleep(1)
    failed = stage.get()
    assert "Authorization" in renewed.masked
    assert dict(renewed.request_headers)["Authorization"] == "***"
    assert renewed.header("x-echo") == "***"
    told = repr((renewed, failed, stage.settings, vars(stage.client))) + caplog.text
    told += repr(vars(stage.client._tokens))
    for secret in (SECRET, "id-of-the-app", "aWQtb2Yt", token(1), token(2)):
        assert secret not in told


def test_threads_ask_for_one_token_together(stage: Stage) -> None:
    """One asks; the others wait for what it gets."""
    seen: list[int | None] = []
    threads = [threading.Thread(target=lambda: seen.append(stage.get().status_code)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (seen, stage.posts) == ([200] * 6, 1)


class Spoken:
    """An answer for a token as the client hands it over."""

    def __init__(self, status_code: int | None, body: bytes, failure: Failure | None = None) -> None:
        self.status_code, self.body, self.failure = status_code, body, failure


@given(
    body=st.binary(max_size=60)
    | st.fixed_dictionaries(
        {"access_token": st.text(max_size=20) | st.integers(), "token_type": st.sampled_from(["bearer", "Bearer", 7])},
        optional={"expires_in": st.integers() | st.floats() | st.text(max_size=3) | st.booleans() | st.none()},
    ).map(lambda noun: json.dumps(noun).encode()),
    status_code=st.sampled_from([None, 200, 204, 301, 401, 404, 429, 500]),
)
def test_no_answer_for_a_token_raises(body: bytes, status_code: int | None) -> None:
    """A token that can be sent in a header, or a failure; and it is asked for again within a day."""
    clock = SettableClock(START)
    asked: list[str] = []

    def ask(url: str, headers: Any, content: bytes) -> Spoken:
        asked.append(url)
        return Spoken(status_code, body)

    tokens = Tokens({"oauth.posts.example": GRANT}, clock, ask)
    got = tokens.token("oauth.posts.example")
    assert isinstance(got, Failure) or (status_code == 200 and got and got.isascii() and " " not in got)
    clock.sleep(86400)
    tokens.token("oauth.posts.example")
    assert len(asked) == 2
