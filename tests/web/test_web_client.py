"""The one door to the network, against far ends on loopback."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.clock import SettableClock, SystemClock
from archiver.model.exchange import Exchange
from archiver.model.outcome import Reason
from archiver.web.client import Client
from archiver.web.settings import WebSettings
from tests.web.loopback import Loopback, Script, answer, reset, says

QUICK = WebSettings(user_agent="archiver-tests/1 (+https://example.org/contact)", deadline_seconds=5, pace_seconds=0)


def client_to(far_end: Loopback, **changes: Any) -> Client:
    return Client(replace(QUICK, connect_to={"*": far_end.address}, **changes), SystemClock())


def asked(script: Script, **changes: Any) -> Exchange:
    """One request to a far end that answers by `script`."""
    with Loopback(script) as far_end:
        client = client_to(far_end, **changes)
        try:
            return client.get("https://posts.example/one?id=7", accept="application/json")
        finally:
            client.close()


def reason(exchange: Exchange) -> str | None:
    return exchange.failure.reason if exchange.failure else None


def test_a_whole_answer_is_recorded_with_its_detour() -> None:
    """The exchange names the true address, the base that was dialled, and everything that was said."""
    with Loopback(says(answer("200 OK", b'{"a":1}', "Content-Type: application/json", "X-Two: 1", "X-Two: 2"))) as end:
        client = client_to(end)
        exchange = client.get("https://posts.example/one?id=7", accept="application/json")
        client.close()
    assert exchange.failure is None
    assert exchange.url == "https://posts.example/one?id=7"
    assert exchange.detour == end.address
    assert exchange.peer == f"127.0.0.1:{end.port}"
    assert (exchange.status_code, exchange.http_version, exchange.body) == (200, "HTTP/1.1", b'{"a":1}')
    assert [text for name, text in exchange.response_headers if name == "X-Two"] == ["1", "2"]
    assert exchange.header("content-type") == "application/json"
    assert exchange.tls_digest is None
    assert exchange.sent_at <= exchange.received_at
    head = end.requests[0].splitlines()
    assert head[0] == "GET /one?id=7 HTTP/1.1"
    assert "Host: posts.example" in head
    assert f"User-Agent: {QUICK.user_agent}" in head
    assert "Accept-Encoding: gzip" in head
    assert "Accept: application/json" in head


def test_connections_to_one_host_are_kept_alive() -> None:
    """Ten requests, one connection."""
    with Loopback(says(answer("200 OK", b"x", keep=True)), keep=True) as far_end:
        client = client_to(far_end)
        assert all(client.get("https://posts.example/").body == b"x" for _ in range(10))
        client.close()
    assert (far_end.connections, len(far_end.requests)) == (1, 10)


def test_cookies_are_never_kept() -> None:
    """What a server sets is recorded and never sent back."""
    with Loopback(says(answer("200 OK", b"x", "Set-Cookie: guest=1; Path=/")), keep=True) as far_end:
        client = client_to(far_end)
        first = client.get("https://posts.example/")
        client.get("https://posts.example/")
        client.close()
    assert first.header("set-cookie") == "guest=1; Path=/"
    assert not any("cookie" in head.lower() for head in far_end.requests)


def test_gzip_is_unpacked_and_the_raw_bytes_are_kept() -> None:
    """Both what came and what it means are kept."""
    packed = gzip.compress("نمونه متن".encode())
    exchange = asked(says(answer("200 OK", packed, "Content-Encoding: gzip")))
    assert (exchange.failure, exchange.payload, exchange.body.decode()) == (None, packed, "نمونه متن")


def endless(connection: socket.socket, _request: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(200):
        connection.sendall(b"x" * 65536)


def test_an_endless_body_is_cut_at_the_raw_cap() -> None:
    """Row 23: cut at the cap, unknown, WARC-Truncated: length."""
    exchange = asked(endless, raw_cap=1_000_000)
    assert (reason(exchange), exchange.truncated, len(exchange.payload)) == (Reason.TOO_LARGE, "length", 1_000_000)


def test_a_gzip_bomb_is_cut_at_the_decoded_cap() -> None:
    """Row 24: a megabyte that unpacks to a gibibyte costs 20 MB, less than 64 MB of memory, and no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    with Loopback(says(answer("200 OK", packed, "Content-Encoding: gzip"))) as far_end:
        client = client_to(far_end)
        tracemalloc.start()
        started = time.monotonic()
        exchange = client.get("https://posts.example/")
        took = time.monotonic() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        client.close()
    assert (reason(exchange), len(exchange.body), exchange.payload) == (Reason.TOO_LARGE, 20_000_000, packed)
    assert took < 2
    assert peak < 64 * 2**20


DEFLATED = zlib.compress(b"x")
PACKED = gzip.compress(b"sample" * 100, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        ("br", b"\x0b\x02\x80sample\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("gzip, gzip", gzip.compress(PACKED, mtime=0)),
        ("deflate", DEFLATED),
        ("gzip", PACKED[:-8] + b"\0" * 8),
        ("gzip", PACKED[:-20]),
        ("gzip", b"no gzip at all"),
        ("gzip", PACKED + b"something else"),
        ("compress", b"x"),
    ],
    ids=["br", "zstd", "twice", "deflate", "crc", "cut", "garbage", "trailing", "compress"],
)
def test_an_encoding_that_was_not_asked_for_or_is_broken_is_undecodable(encoding: str, payload: bytes) -> None:
    """Rows 25 and 26: unknown, and the raw bytes are kept."""
    exchange = asked(says(answer("200 OK", payload, f"Content-Encoding: {encoding}")))
    assert (reason(exchange), exchange.payload) == (Reason.UNDECODABLE, payload)


def test_two_encoding_headers_count_together() -> None:
    """Row 25: gzip twice, by two headers."""
    exchange = asked(says(answer("200 OK", b"x", "Content-Encoding: gzip", "Content-Encoding: gzip")))
    assert reason(exchange) == Reason.UNDECODABLE


def drips(payload: bytes) -> Script:
    def script(connection: socket.socket, _request: str) -> None:
        for byte in payload:
            try:
                connection.sendall(bytes((byte,)))
            except OSError:
                return
            time.sleep(0.1)

    return script


@pytest.mark.parametrize(
    "payload",
    [answer("200 OK", b"x" * 500), b"HTTP/1.1 100 Continue\r\n\r\n" * 50, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99],
    ids=["body", "informational", "header"],
)
def test_a_server_that_drips_bytes_meets_the_total_deadline(payload: bytes) -> None:
    """Row 27: a byte every 0.1 s never trips a limit per read; the total deadline does, within a second."""
    started = time.monotonic()
    exchange = asked(drips(payload), deadline_seconds=1.0)
    assert reason(exchange) == Reason.DEADLINE
    assert 0.9 < time.monotonic() - started < 2.5


def test_a_body_cut_by_the_deadline_is_marked_so() -> None:
    """WARC-Truncated: time, and what came is kept."""
    exchange = asked(drips(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500), deadline_seconds=3.0)
    assert (reason(exchange), exchange.truncated, exchange.status_code) == (Reason.DEADLINE, "time", 200)
    assert exchange.payload.startswith(b"x")


BROKEN = "rst silence fin garbage status header headers 101 lengths negative chunk short"


@pytest.mark.parametrize(
    "script",
    [
        reset,
        says(b""),
        says(b"HTTP/1.1 200 OK\r\nContent-"),
        says(b"\x00\xff\xfe garbage\r\n\r\n"),
        says(b"HTTP/9.9 abc\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10_000 + b"\r\n"),
        says(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nxy"),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
    ],
    ids=BROKEN.split(),
)
def test_a_broken_answer_is_a_protocol_failure(script: Script) -> None:
    """Rows 28 to 30: RST, FIN in headers, garbage, header bombs, two lengths, bad chunks, a short body."""
    assert reason(asked(script)) == Reason.PROTOCOL


def test_what_came_before_a_break_is_kept() -> None:
    """A short body keeps its bytes beside its failure."""
    exchange = asked(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"))
    assert (exchange.status_code, exchange.payload) == (200, b"short")


class Maze:
    """Answers by host and path; what it does not know is a 404."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers

    def __call__(self, connection: socket.socket, request: str) -> None:
        lines = request.split("\r\n")
        host = next(line[6:] for line in lines if line.startswith("Host: "))
        connection.sendall(self.answers.get(host + lines[0].split()[1], answer("404 Not Found")))


def redirect(location: str, status: str = "302 Found", *headers: str) -> bytes:
    return answer(status, b"", f"Location: {location}", *headers)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_to_a_named_host_is_followed(status: str) -> None:
    """The last answer carries its hops, first to last."""
    maze = Maze(
        {
            "posts.example/": redirect("https://old.example/x?a=1", status),
            "old.example/x?a=1": answer("200 OK", b"there"),
        }
    )
    with Loopback(maze, keep=True) as far_end:
        client = client_to(far_end)
        exchange = client.get("https://posts.example/", follow=("old.example",))
        client.close()
    assert (exchange.url, exchange.body) == ("https://old.example/x?a=1", b"there")
    assert [hop.url for hop in exchange.hops] == ["https://posts.example/"]
    assert exchange.hops[0].header("location") == "https://old.example/x?a=1"


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/",
        "http://old.example/",
        "https://old.example:8443/",
        "https://user@old.example/",
        "https://old.example.evil.example/",
        "file:///etc/hostname",
        "ftp://old.example/",
        "http://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "//elsewhere.example/",
        "https://[/",
        "javascript:alert(1)",
        "",
    ],
)
def test_any_other_redirect_is_a_whole_answer_and_is_not_followed(location: str) -> None:
    """Rows 7 and 32: the answer is kept with its 3xx, and nothing more is asked."""
    with Loopback(says(redirect(location)), keep=True) as far_end:
        client = client_to(far_end)
        exchange = client.get("https://posts.example/", follow=("old.example",))
        client.close()
    assert (exchange.status_code, exchange.failure, exchange.hops) == (302, None, ())
    assert len(far_end.requests) == 1


def test_the_sixth_redirect_is_too_many() -> None:
    """Row 31: a loop ends after five hops."""
    with Loopback(says(redirect("https://posts.example/again")), keep=True) as far_end:
        client = client_to(far_end)
        exchange = client.get("https://posts.example/", follow=("posts.example",))
        client.close()
    assert (reason(exchange), len(exchange.hops)) == (Reason.TOO_MANY_REDIRECTS, 5)
    assert len(far_end.requests) == 6


def test_the_deadline_spans_all_hops() -> None:
    """Slow redirects share one deadline."""

    def slow(connection: socket.socket, _request: str) -> None:
        time.sleep(0.4)
        connection.sendall(redirect("https://posts.example/again"))

    with Loopback(slow, keep=True) as far_end:
        client = client_to(far_end, deadline_seconds=1.0)
        started = time.monotonic()
        exchange = client.get("https://posts.example/", follow=("posts.example",))
        client.close()
    assert reason(exchange) == Reason.DEADLINE
    assert time.monotonic() - started < 2


def test_credentials_go_to_their_host_alone_and_are_masked_in_the_record() -> None:
    """Nothing that was sent to one host reaches the next, and no secret is recorded."""
    maze = Maze(
        {
            "posts.example/a?access_token=s3cret&id=1": redirect("https://old.example/?echo=s3cret"),
            "old.example/?echo=s3cret": answer("200 OK", b"x"),
        }
    )
    own = {"posts.example": {"Authorization": "Bearer s3cret", "x-guest-token": "s3cret", "X-Own": "s3cret"}}
    with Loopback(maze, keep=True) as far_end:
        client = client_to(far_end, host_headers=own)
        exchange = client.get("https://posts.example/a?access_token=s3cret&id=1", follow=("old.example",))
        client.close()
    first = exchange.hops[0]
    assert "Bearer s3cret" in far_end.requests[0]
    assert "Bearer" not in far_end.requests[1]
    assert "x-guest-token" not in far_end.requests[1].lower()
    assert first.url == "https://posts.example/a?access_token=***&id=1"
    assert set(first.masked) == {"access_token", "Authorization", "x-guest-token", "X-Own"}
    assert "s3cret" not in repr(first)


def test_the_token_of_x_is_no_secret() -> None:
    """It is computed from the id, and a stranger needs it to ask again; elsewhere a token is masked."""
    with Loopback(says(answer("200 OK", b"{}"))) as far_end:
        client = client_to(far_end)
        plain = client.get("https://cdn.syndication.twimg.com/tweet-result?id=20&token=6dq1a2xwd93")
        secret = client.get("https://posts.example/?token=6dq1a2xwd93")
        client.close()
    assert plain.url.endswith("token=6dq1a2xwd93")
    assert plain.masked == ()
    assert (secret.url, secret.masked) == ("https://posts.example/?token=***", ("token",))


def test_a_host_outside_the_allow_list_is_not_asked() -> None:
    """Neither at first nor by a redirect."""
    with Loopback(says(redirect("https://old.example/")), keep=True) as far_end:
        client = client_to(far_end, allow_hosts=frozenset({"posts.example"}))
        refused = client.get("https://other.example/")
        hop = client.get("https://posts.example/", follow=("old.example",))
        client.close()
    assert (reason(refused), refused.status_code) == (Reason.HOST_NOT_ALLOWED, None)
    assert (reason(hop), len(hop.hops)) == (Reason.HOST_NOT_ALLOWED, 1)
    assert len(far_end.requests) == 1


def test_a_star_allows_the_hosts_below_a_name_and_no_other() -> None:
    """By whole labels: neither the name itself nor one that only ends alike."""
    settings = replace(QUICK, allow_hosts=frozenset({"*.host.example", "posts.example"}))
    allowed = [name for name in ("a.host.example", "b.a.host.example", "posts.example") if settings.allows(name)]
    assert len(allowed) == 3
    refused = ("host.example", "evilhost.example", "a.host.example.evil.example", "a.posts.example", "example", "")
    assert not [name for name in refused if settings.allows(name)]


def test_pace_is_held_for_each_host_and_seen_on_the_clock() -> None:
    """Five requests to one host take four gaps; another host has a gap of its own."""
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    with Loopback(says(answer("200 OK", b"x")), keep=True) as far_end:
        quick = replace(QUICK, connect_to={"*": far_end.address}, pace_seconds=2.0, pace_by_host={"slow.example": 60.0})
        client = Client(quick, clock)
        sent = [client.get("https://posts.example/").sent_monotonic for _ in range(5)]
        assert sent == [0.0, 2.0, 4.0, 6.0, 8.0]
        assert client.get("https://slow.example/").sent_monotonic == 8.0
        assert client.get("https://slow.example/").sent_monotonic == 68.0
        client.close()


def test_pace_is_held_between_threads() -> None:
    """However many threads ask, no two requests to one host are nearer than the gap."""
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    sent: list[float] = []
    with Loopback(says(answer("200 OK", b"x"))) as far_end:
        client = Client(replace(QUICK, connect_to={"*": far_end.address}, pace_seconds=1.0), clock)
        threads = [
            threading.Thread(target=lambda: sent.append(client.get("https://posts.example/").sent_monotonic))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        client.close()
    assert len(sent) == 12
    assert max(sent) >= 11.0


def test_a_paused_host_is_not_asked_until_the_pause_is_over() -> None:
    """Retry-After obeyed: a look in the pause costs no request."""
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    with Loopback(says(answer("200 OK", b"x"))) as far_end:
        client = Client(replace(QUICK, connect_to={"*": far_end.address}), clock)
        client.pause("posts.example", 900)
        client.pause("posts.example", 5)
        assert client.paused_until("posts.example") == datetime(2026, 1, 1, 0, 15, tzinfo=UTC)
        assert reason(client.get("https://posts.example/")) == Reason.SKIPPED_PAUSED
        assert client.get("https://other.example/").body == b"x"
        clock.sleep(900)
        assert client.paused_until("posts.example") is None
        assert client.get("https://posts.example/").body == b"x"
        client.close()
    assert len(far_end.requests) == 2


def test_a_reboot_forgets_what_the_old_monotonic_clock_said() -> None:
    """Monotonic times of two boots are not compared: no endless wait after a reboot."""
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.sleep(1_000_000)
    with Loopback(says(answer("200 OK", b"x"))) as far_end:
        client = Client(replace(QUICK, connect_to={"*": far_end.address}, pace_seconds=5), clock)
        client.get("https://posts.example/")
        client.pause("other.example", 3600)
        clock.reboot("second")
        assert client.get("https://posts.example/").sent_monotonic == 0.0
        assert client.paused_until("other.example") is None
        client.close()


def test_closing_ends_the_requests_under_way() -> None:
    """A stop does not wait for a deadline of 30 s: what was under way is `interrupted` at once."""
    arrived = threading.Event()
    release = threading.Event()

    def hangs(connection: socket.socket, _request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        arrived.set()
        release.wait(20)

    came: list[Exchange] = []
    with Loopback(hangs) as far_end:
        client = client_to(far_end, deadline_seconds=30.0)
        thread = threading.Thread(target=lambda: came.append(client.get("https://posts.example/")))
        thread.start()
        assert arrived.wait(5)
        started = time.monotonic()
        client.close()
        thread.join(5)
        assert time.monotonic() - started < 2
        release.set()
        assert reason(client.get("https://posts.example/")) == Reason.INTERRUPTED
    assert [reason(exchange) for exchange in came] == [Reason.INTERRUPTED]


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Row 100: HTTP_PROXY, SSL_CERT_FILE and SSLKEYLOGFILE change nothing."""
    with Loopback(says(answer("500 No", b"proxy"))) as proxy, Loopback(says(answer("200 OK", b"x"))) as far_end:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
        client = client_to(far_end)
        assert client.get("https://posts.example/").body == b"x"
        client.close()
    assert proxy.connections == 0
    assert not (tmp_path / "keys.log").exists()


def test_a_proxy_is_asked_to_connect_and_itself_may_be_private() -> None:
    """`[web] proxy` names one CONNECT proxy; its refusal is a failure of ours to connect."""
    with Loopback(says(answer("403 Forbidden"))) as proxy:
        proxied = replace(QUICK, proxy=proxy.address, allow_hosts=frozenset({"posts.example"}))
        client = Client(proxied, SystemClock())
        exchange = client.get("https://posts.example/")
        client.close()
    assert proxy.requests[0].startswith("CONNECT posts.example:443 HTTP/1.1")
    assert (reason(exchange), exchange.peer) == (Reason.CONNECT, f"127.0.0.1:{proxy.port}")


def test_the_libraries_log_no_addresses(caplog: pytest.LogCaptureFixture) -> None:
    """httpx logs whole addresses at INFO: both loggers are held at WARNING."""
    with caplog.at_level(logging.DEBUG):
        asked(says(answer("200 OK", b"x")))
    assert "posts.example" not in caplog.text


@given(url=st.one_of(st.text(max_size=80), st.text(max_size=60).map(lambda rest: "https://" + rest)))
@settings(max_examples=300, deadline=None)
def test_no_address_makes_the_client_raise(url: str) -> None:
    """Whatever stands in an article, `get` gives a value."""
    client = _never_connects()
    assert reason(client.get(url)) in {Reason.BLOCKED_ADDRESS, Reason.HOST_NOT_ALLOWED}


_CLIENTS: list[Client] = []


def _never_connects() -> Client:
    if not _CLIENTS:
        _CLIENTS.append(Client(replace(QUICK, allow_hosts=frozenset()), SystemClock()))
    return _CLIENTS[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"user_agent": ""},
        {"user_agent": "two\nlines"},
        {"user_agent": "آرشیو"},
        {"deadline_seconds": 0},
        {"raw_cap": -1},
        {"pace_seconds": -1},
        {"pace_by_host": {"posts.example": -1}},
        {"connect_to": {"posts.example": "https://127.0.0.1:1"}},
        {"connect_to": {"posts.example": "127.0.0.1:1"}},
        {"connect_to": {"posts.example": "http://127.0.0.1:1/path"}},
        {"connect_to": {"posts.example": "http://user@127.0.0.1:1"}},
        {"proxy": "http://127.0.0.1:3128"},
        {"proxy": "socks5://127.0.0.1:1", "allow_hosts": frozenset({"posts.example"})},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changes: dict[str, Any]) -> None:
    """One clear line each."""
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        replace(QUICK, **changes)
