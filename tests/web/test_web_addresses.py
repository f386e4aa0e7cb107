"""Private addresses are refused when they are dialled, however they are spelled; nothing is sent to them."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import digest
from archiver.clock import SystemClock
from archiver.model.exchange import Exchange
from archiver.model.outcome import Reason
from archiver.web import addresses
from archiver.web.client import Client
from archiver.web.settings import WebSettings
from archiver.web.wire import ATTEMPT, Attempt, Dialer, OpenSockets, WireError
from tests.web.loopback import Loopback, answer, says

QUICK = WebSettings(user_agent="archiver-tests/1", deadline_seconds=5, pace_seconds=0)
CERTIFICATES = Path(__file__).parent / "certificates"
_connects: list[object] = []
_watching = False


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        _connects.append(arguments)


sys.addaudithook(_audit)


@contextmanager
def no_connection() -> Iterator[None]:
    """Python itself reports every connect; none may happen within."""
    global _watching
    _connects.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _connects == []


def reason(exchange: Exchange) -> str | None:
    return exchange.failure.reason if exchange.failure else None


_PRIVATE = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 017700000001 0177.0.0.1 127.255.255.254 0.0.0.0 0
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.254
192.0.0.9 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 localhost localhost. LOCALHOST [::1] [::] [::127.0.0.1]
[::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::]
[2001::1] [2001:db8::1] [3fff::1] [5f00::1] [fc00::1] [fd12:3456::1] [fe80::1] [fec0::1] [ff02::1] [100::1]
[2001:20::1]
"""
PRIVATE_HOSTS = _PRIVATE.split()
ODD_ADDRESSES = (
    *(f"https://{host}{path}" for host in PRIVATE_HOSTS for path in ("/", "/latest/meta-data?x=1")),
    "http://127.0.0.1:80/",
    "https://posts.example\\@127.0.0.1/",
    "https://posts.example@127.0.0.1/",
    "https://127.0.0.1#@posts.example/",
    "https://127.0.0.1?@posts.example/",
    "https:///127.0.0.1/",
    "https:127.0.0.1/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "file:///etc/hostname",
    "FILE:///etc/hostname",
    "gopher://127.0.0.1:6379/_PING",
    "ftp://127.0.0.1/",
    "unix:///run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/",
    "//127.0.0.1/",
    "127.0.0.1",
    "",
    "https://",
    "https://%31%32%37.0.0.1/",
)


@pytest.mark.parametrize("url", ODD_ADDRESSES)
def test_no_spelling_of_a_private_address_is_dialled(url: str) -> None:
    """More than a hundred addresses: a failure each, and no socket is connected."""
    client = Client(QUICK, SystemClock(), resolve=_numbers_only)
    with no_connection():
        exchange = client.get(url)
    client.close()
    assert reason(exchange) in {Reason.BLOCKED_ADDRESS, Reason.DNS}
    assert exchange.status_code is None


def _numbers_only(host: str, port: int) -> list[str]:
    """The system's own reading of numbers and of its hosts file, without a question to any name server."""
    if host.rstrip(".").lower() == "localhost":
        return ["127.0.0.1", "::1"]
    if any(character.isalpha() for character in host) and not host.startswith("0x") and ":" not in host:
        raise socket.gaierror(socket.EAI_NONAME, "not in this test")
    return addresses.resolve(host, port)


def test_the_table_is_long_enough() -> None:
    """The bar of security.md: at least 100 addresses."""
    assert len(ODD_ADDRESSES) >= 100


@given(st.sampled_from(addresses.NETWORKS), st.data())
def test_every_address_of_a_listed_network_is_blocked(network: object, data: st.DataObject) -> None:
    """First, last and any between."""
    found = ip_network(str(network))
    offset = data.draw(st.integers(0, found.num_addresses - 1))
    assert addresses.blocked(str(found[offset]))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "104.244.42.1", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_public_addresses_may_be_dialled(address: str) -> None:
    """The predicate is no wall."""
    assert not addresses.blocked(address)


@pytest.mark.parametrize("text", ["", "posts.example", "1.2.3", "fe80::1%eth0", "::ffff:8.8.8.8", "999.1.1.1"])
def test_what_is_no_plain_public_address_is_blocked(text: str) -> None:
    """In doubt, refused."""
    assert addresses.blocked(text)


@pytest.mark.parametrize("answers", [["8.8.8.8", "127.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"]])
def test_a_host_with_one_private_answer_is_refused(answers: list[str]) -> None:
    """Row 33: public and private together are refused, and nothing is dialled."""
    client = Client(QUICK, SystemClock(), resolve=lambda _host, _port: answers)
    with no_connection():
        exchange = client.get("https://posts.example/")
    client.close()
    assert reason(exchange) == Reason.BLOCKED_ADDRESS


def test_a_name_is_looked_up_once_and_what_was_checked_is_dialled() -> None:
    """Row 34: a name that turns private at the second look-up has no second look-up to turn at."""
    lookups: list[str] = []

    def rebinds(host: str, _port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.2"] if len(lookups) == 1 else ["127.0.0.1"]

    with Loopback(says(answer("200 OK", b"x"))) as far_end:
        dialer = Dialer(OpenSockets(), resolve=rebinds, blocked=lambda ip: ip != "127.0.0.2", ports=None)
        ATTEMPT.set(Attempt(5))
        with pytest.raises(WireError):
            dialer.connect_tcp("posts.example", far_end.port)
    assert (len(lookups), far_end.connections) == (1, 0)


def test_a_second_look_up_that_turns_private_is_refused() -> None:
    """Row 34: each connection is checked by what its own look-up said."""
    found = iter([["8.8.8.8", "10.0.0.1"], ["127.0.0.1"]])
    client = Client(QUICK, SystemClock(), resolve=lambda _host, _port: next(found))
    with no_connection():
        reasons = [reason(client.get("https://posts.example/")) for _ in range(2)]
    client.close()
    assert reasons == [Reason.BLOCKED_ADDRESS, Reason.BLOCKED_ADDRESS]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 8443])
def test_only_the_ports_of_the_web_are_dialled(port: int) -> None:
    """80 and 443, also at public addresses."""
    client = Client(QUICK, SystemClock(), resolve=lambda _host, _port: ["8.8.8.8"])
    with no_connection():
        exchange = client.get(f"https://posts.example:{port}/")
    client.close()
    assert reason(exchange) == Reason.BLOCKED_ADDRESS


def test_unix_sockets_are_refused() -> None:
    """No path of the network leads to a socket file."""
    with pytest.raises(WireError) as caught:
        Dialer(OpenSockets()).connect_unix_socket("/run/any.sock")
    assert caught.value.reason == Reason.BLOCKED_ADDRESS


def test_a_redirect_to_a_followed_host_that_is_private_is_refused() -> None:
    """The second hop goes through the same guard."""
    with Loopback(says(answer("302 Found", b"", "Location: https://old.example/"))) as far_end:
        detoured = replace(QUICK, connect_to={"posts.example": far_end.address})
        client = Client(detoured, SystemClock(), resolve=lambda _host, _port: ["169.254.169.254"])
        exchange = client.get("https://posts.example/", follow=("old.example",))
        client.close()
    assert (reason(exchange), exchange.url, len(exchange.hops)) == (Reason.BLOCKED_ADDRESS, "https://old.example/", 1)


def _unknown(_host: str, _port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize("resolve", [_unknown, lambda _host, _port: []])
def test_a_name_that_is_not_found_is_a_dns_failure(resolve: addresses.Resolve) -> None:
    """Row 35."""
    client = Client(QUICK, SystemClock(), resolve=resolve)
    assert reason(client.get("https://posts.example/")) == Reason.DNS
    client.close()


def test_a_name_server_that_does_not_answer_meets_the_deadline() -> None:
    """The system's resolver may hang for long; the look does not."""
    hang = threading.Event()
    client = Client(
        replace(QUICK, deadline_seconds=0.6), SystemClock(), resolve=lambda _h, _p: ["8.8.8.8"] * hang.wait(10)
    )
    started = time.monotonic()
    exchange = client.get("https://posts.example/")
    assert time.monotonic() - started < 2
    hang.set()
    client.close()
    assert reason(exchange) == Reason.DNS


def test_a_refused_connection_is_a_connect_failure() -> None:
    """Nobody listens: the peer that was dialled is on record."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Client(replace(QUICK, connect_to={"*": f"http://127.0.0.1:{port}"}), SystemClock())
    exchange = client.get("https://posts.example/")
    client.close()
    assert (reason(exchange), exchange.peer) == (Reason.CONNECT, f"127.0.0.1:{port}")


def _loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def _nothing(_address: str) -> bool:
    return False


@contextmanager
def tls_far_end(certificate: str) -> Iterator[tuple[Loopback, Client]]:
    """A TLS far end, and a client that may dial it: the same path as in the wild, but for the two guards."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    with Loopback(says(answer("200 OK", b"secret path")), tls=tls) as far_end:
        trusting = replace(QUICK, ca_file=CERTIFICATES / "ca.pem")
        client = Client(trusting, SystemClock(), resolve=_loopback, blocked=_nothing, ports=None)
        yield far_end, client
        client.close()


def test_the_certificate_of_the_far_end_is_on_record() -> None:
    """The exchange holds the labelled digest of the leaf certificate and the address that was dialled."""
    with tls_far_end("good") as (far_end, client):
        exchange = client.get(f"https://far-end.test:{far_end.port}/")
    pem = (CERTIFICATES / "good.pem").read_text(encoding="ascii")
    der = ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----BEGIN PRIVATE KEY")])
    assert (exchange.failure, exchange.body) == (None, b"secret path")
    assert exchange.tls_digest == digest.of_bytes(der)
    assert exchange.peer == f"127.0.0.1:{far_end.port}"


@pytest.mark.parametrize("certificate", ["expired", "other", "self_signed"])
def test_a_bad_certificate_is_a_tls_failure(certificate: str) -> None:
    """Row 36: expired, for another host, self-signed; nothing was asked."""
    with tls_far_end(certificate) as (far_end, client):
        exchange = client.get(f"https://far-end.test:{far_end.port}/")
    assert (reason(exchange), exchange.status_code) == (Reason.TLS, None)
    assert far_end.requests == []


def test_a_server_that_speaks_no_tls_is_a_tls_failure() -> None:
    """Plain text where TLS is due is never taken for an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            connection, _ = listener.accept()
            connection.recv(100)
            connection.sendall(answer("200 OK", b"plain"))
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        client = Client(QUICK, SystemClock(), resolve=_loopback, blocked=_nothing, ports=None)
        exchange = client.get(f"https://far-end.test:{port}/")
        client.close()
        thread.join(5)
    assert reason(exchange) == Reason.TLS
