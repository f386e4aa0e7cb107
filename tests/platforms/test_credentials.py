"""Credentials from the configuration to the wire: each to its one host, and no platform is asked that cannot answer."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver import wiring
from archiver.check.rounds import Checker
from archiver.clock import SettableClock
from archiver.configured import load_config
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms import reddit, youtube
from tests.newsroom import START, configure, make_store
from tests.platforms.recorded import cases
from tests.web.loopback import Loopback, answer

SECRETS = """
[platforms.youtube.credentials]
api_key = "key-of-the-project"

[platforms.reddit.credentials]
client_id = "id-of-the-app"
client_secret = "s3cret-of-the-app"
"""
RECORDED = {case.exchange.url: case.exchange.body for name in ("youtube", "reddit") for case in cases(name)}
TOKEN = "token-that-nobody-may-see"


def host_of(head: str) -> str:
    return next(line[6:] for line in head.split("\r\n") if line.startswith("Host: "))


def far_end(connection: socket.socket, head: str) -> None:
    """Gives a token to whoever posts, else what is recorded for the address."""
    line, _, rest = head.partition("\r\n")
    if line.startswith("POST "):
        received = len(rest.partition("\r\n\r\n")[2])
        while received < 29:
            received += len(connection.recv(29))
        told = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400}
        connection.sendall(answer("200 OK", json.dumps(told).encode()))
        return
    connection.sendall(answer("200 OK", RECORDED[f"https://{host_of(head)}{line.split()[1]}"]))


@pytest.fixture
def end() -> Iterator[Loopback]:
    with Loopback(far_end, keep=True) as running:
        yield running


def checker(folder: Path, end: Loopback, secrets: str) -> Checker:
    path = configure(folder, end.address)
    path.write_text(path.read_text(encoding="utf-8") + secrets, encoding="utf-8")
    path.chmod(0o600)
    clock = SettableClock(START)
    return wiring.checker(load_config(path), make_store(folder, clock), clock, threading.Event())


def test_each_credential_reaches_its_one_host(tmp_path: Path, end: Loopback) -> None:
    """The key goes to the Data API, the app's secret to the host of tokens, the token to the API; nothing elsewhere."""
    made = checker(tmp_path, end, SECRETS)
    get = made.tools.client.get
    adapters = {each.adapter.platform: each.adapter for each in made.platforms}
    video, post = PostRef("youtube", None, "AbCdEfGhIj4"), PostRef("reddit", None, "abc123")
    author = AuthorRef("reddit", None, "t2_5ampl3", None)
    asked = [
        *adapters["youtube"].observe([video], youtube.OEMBED, get),
        *adapters["youtube"].observe([video], youtube.API, get),
        *adapters["reddit"].observe([post], reddit.API, get),
        *adapters["reddit"].observe([author], reddit.ACCOUNT, get),
    ]
    made.tools.client.close()
    sent: dict[str, str] = {}
    for head in end.requests:
        sent[host_of(head)] = sent.get(host_of(head), "") + head
    assert all(reading.exchange is not None and reading.exchange.failure is None for reading in asked)
    assert set(sent) == {"www.youtube.com", "www.googleapis.com", "www.reddit.com", "oauth.reddit.com"}
    assert [host for host, heads in sent.items() if "key-of-the-project" in heads] == ["www.googleapis.com"]
    assert [host for host, heads in sent.items() if "Authorization: Basic " in heads] == ["www.reddit.com"]
    assert [host for host, heads in sent.items() if f"Authorization: Bearer {TOKEN}" in heads] == ["oauth.reddit.com"]
    assert sum(head.startswith("POST ") for head in end.requests) == 1
    for secret in ("key-of-the-project", "s3cret-of-the-app", "id-of-the-app", TOKEN):
        assert secret not in repr(asked)


def test_without_credentials_nobody_asks_reddit_and_no_api_is_asked(tmp_path: Path, end: Loopback) -> None:
    """Its posts are kept; a round that could ask nobody is never opened."""
    made = checker(tmp_path, end, "")
    made.tools.client.close()
    adapters = {each.adapter.platform: each.adapter for each in made.platforms}
    assert "reddit" not in adapters
    assert adapters["youtube"].endpoints == (youtube.OEMBED, youtube.WATCH)


@pytest.mark.parametrize("only", ['client_id = "id-of-the-app"', 'client_secret = "s3cret-of-the-app"'])
def test_half_of_an_apps_credentials_are_none(tmp_path: Path, end: Loopback, only: str) -> None:
    """Id and secret belong together."""
    made = checker(tmp_path, end, f"\n[platforms.reddit.credentials]\n{only}\n")
    made.tools.client.close()
    assert "reddit" not in {each.adapter.platform for each in made.platforms}
