"""Streams: events come as they are sent, and whatever else a far end does is told as a value, in time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from archiver import digest
from archiver.clock import SystemClock
from archiver.model.exchange import Failure
from archiver.model.outcome import Reason
from archiver.web.open_stream import LONGEST_MESSAGE, OpenStream
from archiver.web.settings import WebSettings
from archiver.web.streams import Streams
from tests.web.loopback import Loopback, answer, says
from tests.web.test_web_addresses import CERTIFICATES, no_connection

HOST = "stream.example"
HERE = f"wss://{HOST}/subscribe?cursor=17"
LINES = f"https://{HOST}/activity"
Speak = Callable[[ServerConnection], None]


@contextmanager
def far_end(speak: Speak, **more: object) -> Iterator[int]:
    """A WebSocket server on loopback; its port. It stands still once the test has enough."""
    with serve(speak, "127.0.0.1", 0, **more) as server:  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.socket.getsockname()[1]
        finally:
            server.shutdown()
            thread.join(5)


def streams(port: int, silence_seconds: float = 5.0, **more: object) -> Streams:
    """What listens to that port in the host's place."""
    settings = WebSettings(
        user_agent="archiver-tests/1",
        connect_to={HOST: f"http://127.0.0.1:{port}"},
        allow_hosts=frozenset({HOST}),
        **more,  # type: ignore[arg-type]
    )
    return Streams(settings, SystemClock(), silence_seconds=silence_seconds)


def opened(door: Streams, url: str = HERE) -> OpenStream:
    found = door.open(url)
    assert not isinstance(found, Failure), found
    return found


def heard(stream: OpenStream, seconds: float = 10.0) -> bytes | Failure:
    """The next message or the end, signs of life left out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = stream.receive()
        if message != b"":
            return message
    raise AssertionError("nothing was heard")


def until_closed(connection: ServerConnection) -> None:
    with suppress(ConnectionClosed):
        for _ in connection:
            pass


def test_messages_come_as_they_were_sent_and_the_opening_is_recorded() -> None:
    """Text and bytes, in their order; what was asked and answered stands in the exchange, secrets masked."""

    def speak(connection: ServerConnection) -> None:
        connection.send('{"n": 1}')
        connection.send(b"\x00\xff")
        until_closed(connection)

    secret = {HOST: {"Authorization": "Bearer sample-secret-token"}}
    with far_end(speak) as port:
        door = streams(port, host_headers=secret)
        stream = opened(door)
        assert [heard(stream), heard(stream)] == [b'{"n": 1}', b"\x00\xff"]
        stream.close()
        stream.close()
        door.close()
    opening = stream.opening
    assert (opening.url, opening.status_code, opening.detour) == (HERE, 101, f"http://127.0.0.1:{port}")
    assert (opening.peer, opening.payload, opening.failure) == (f"127.0.0.1:{port}", b"", None)
    named = {name.lower(): text for name, text in opening.request_headers}
    assert (named["host"], named["user-agent"]) == (HOST, "archiver-tests/1")
    assert (named["authorization"], opening.masked) == ("***", ("Authorization",))
    assert opening.header("sec-websocket-accept")
    assert "sample-secret-token" not in repr(opening)


def test_what_is_said_reaches_the_host() -> None:
    """Long words too: the authors of an archive make some."""
    long = "x" * 400_000

    def speak(connection: ServerConnection) -> None:
        connection.send(str(len(connection.recv())))
        until_closed(connection)

    with far_end(speak, max_size=1_000_000) as port:
        door = streams(port)
        stream = opened(door)
        assert stream.say(long) is None
        assert heard(stream) == b"400000"
        stream.close()
        door.close()


def test_a_message_that_is_too_long_ends_the_stream() -> None:
    """It is not kept in memory, and the reason is told."""

    def speak(connection: ServerConnection) -> None:
        connection.send("x" * (LONGEST_MESSAGE + 1))
        until_closed(connection)

    with far_end(speak) as port:
        door = streams(port)
        stream = opened(door)
        ended = heard(stream)
        stream.close()
        door.close()
    assert isinstance(ended, Failure)
    assert ended.reason == Reason.TOO_LARGE


def test_a_host_that_ends_the_stream_is_told_and_nothing_more_can_be_said() -> None:
    """In order, and with what it says of why."""
    with far_end(lambda connection: connection.close(1001, "going\x1b away")) as port:
        door = streams(port)
        stream = opened(door)
        ended = heard(stream)
        said = stream.say("more")
        door.close()
    assert isinstance(ended, Failure)
    assert ended.reason == Reason.PROTOCOL
    assert "\x1b" not in ended.message
    assert isinstance(said, Failure)


def test_a_host_that_falls_silent_is_noticed_in_time() -> None:
    """It takes the handshake and then nothing, not even a ping."""

    def deaf(connection: socket.socket, request: str) -> None:
        accept = handshake(request)
        connection.sendall(accept)
        time.sleep(4)

    with Loopback(deaf) as server:
        door = streams(server.port, silence_seconds=1.0)
        began = time.monotonic()
        stream = opened(door)
        ended = heard(stream)
        assert time.monotonic() - began < 4
        stream.close()
        door.close()
    assert ended == Failure(Reason.DEADLINE, "nothing came for 1 seconds")


def handshake(request: str) -> bytes:
    """The answer to a WebSocket's opening, by hand."""
    from websockets.utils import accept_key

    key = next(line.partition(": ")[2] for line in request.splitlines() if line.lower().startswith("sec-websocket-key"))
    lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    return "\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept_key(key)}", "", "")).encode()


@pytest.mark.parametrize("url", [HERE, LINES])
def test_a_stream_that_is_closed_by_another_thread_ends_at_once(url: str) -> None:
    """Told to stop, nobody waits for the next message."""

    def quiet(connection: socket.socket, request: str) -> None:
        connection.sendall(handshake(request) if "websocket" in request.lower() else answer(length=False))
        connection.recv(1)

    with Loopback(quiet) as server:
        door = streams(server.port, silence_seconds=30)
        stream = opened(door, url)
        threading.Timer(0.3, door.close).start()
        began = time.monotonic()
        ended = heard(stream)
        assert time.monotonic() - began < 3
        stream.close()
        again = door.open(url)
    assert ended == Failure(Reason.INTERRUPTED, "the program is stopping")
    assert isinstance(again, Failure)
    assert again.reason == Reason.INTERRUPTED


@pytest.mark.parametrize("url", [HERE, LINES])
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", Reason.REFUSED),
        ("403 Forbidden", Reason.REFUSED),
        ("429 Too Many Requests", Reason.RATE_LIMITED),
        ("503 Service Unavailable", Reason.SERVER_ERROR),
        ("404 Not Found", Reason.UNEXPECTED_STATUS),
        ("302 Found", Reason.UNEXPECTED_STATUS),
    ],
)
def test_a_host_that_refuses_is_told_by_its_status(url: str, status: str, reason: Reason) -> None:
    """No redirect is followed, wherever it leads."""
    with Loopback(says(answer(status, b"", "Location: wss://elsewhere.example/"))) as server:
        door = streams(server.port)
        found = door.open(url)
        door.close()
    assert isinstance(found, Failure)
    assert found.reason in (reason, Reason.PROTOCOL) if status.startswith("302") else found.reason == reason
    assert server.connections == 1


@pytest.mark.parametrize("url", [HERE, LINES])
@pytest.mark.parametrize("junk", [b"", b"\x00\xff" * 100, b"HTTP/1.1 200 OK\r\n\r\nhello", b"HTTP/9.9 x\r\n\r\n"])
def test_junk_in_place_of_an_opening_raises_nothing(url: str, junk: bytes) -> None:
    """Whatever comes, it is a failure or ends as one."""
    with Loopback(says(junk)) as server:
        door = streams(server.port)
        found = door.open(url)
        ended = found if isinstance(found, Failure) else heard(found)
        door.close()
    assert isinstance(ended, Failure)
    assert ended.reason


def test_lines_of_an_answer_are_messages_and_empty_ones_are_signs_of_life() -> None:
    """However the bytes are cut; the rest that no newline ends is no message."""

    def drips(connection: socket.socket, _request: str) -> None:
        connection.sendall(answer(length=False))
        for part in (b"\r\n", b'{"a"', b": 1}\r\n{", b'"b": 2}\n\n{"c": 3}\n{"cut'):
            connection.sendall(part)
            time.sleep(0.05)

    with Loopback(drips) as server:
        door = streams(server.port, host_headers={HOST: {"authorization": "Bearer sample-secret-token"}})
        stream = opened(door, LINES)
        assert stream.receive() == b""
        assert [heard(stream) for _ in range(3)] == [b'{"a": 1}', b'{"b": 2}', b'{"c": 3}']
        ended = heard(stream)
        stream.close()
        door.close()
    assert isinstance(ended, Failure)
    assert ended.reason == Reason.PROTOCOL
    assert "authorization: Bearer sample-secret-token" in server.requests[0]
    assert "sample-secret-token" not in repr(stream.opening)
    assert stream.quiet_seconds == 0


def test_a_line_without_end_and_an_answer_that_falls_silent_are_ended() -> None:
    """The one by its length, the other by the clock."""

    def endless(connection: socket.socket, _request: str) -> None:
        connection.sendall(answer(length=False) + b"x" * (LONGEST_MESSAGE + 2))
        connection.recv(1)

    def silent(connection: socket.socket, _request: str) -> None:
        connection.sendall(answer(length=False) + b"\n")
        connection.recv(1)

    reasons = []
    for script in (endless, silent):
        with Loopback(script) as server:
            door = streams(server.port, silence_seconds=1.0)
            stream = opened(door, LINES)
            ended = heard(stream)
            reasons.append(ended.reason if isinstance(ended, Failure) else ended)
            stream.close()
            door.close()
    assert reasons == [Reason.TOO_LARGE, Reason.DEADLINE]


# the guards of the door


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ws://stream.example/", Reason.BLOCKED_ADDRESS),
        ("http://stream.example/", Reason.BLOCKED_ADDRESS),
        ("wss://user:word@stream.example/", Reason.BLOCKED_ADDRESS),
        ("wss://", Reason.BLOCKED_ADDRESS),
        ("wss://[::1", Reason.BLOCKED_ADDRESS),
        ("wss://elsewhere.example/", Reason.HOST_NOT_ALLOWED),
        ("wss://stream.example/", Reason.BLOCKED_ADDRESS),
        ("https://stream.example/", Reason.BLOCKED_ADDRESS),
        ("wss://stream.example:8443/", Reason.BLOCKED_ADDRESS),
    ],
)
def test_what_may_not_be_dialled_is_not(url: str, reason: Reason) -> None:
    """Other schemes, other hosts, other ports, and a name that leads to a private address: no socket is connected."""
    settings = WebSettings(user_agent="archiver-tests/1", allow_hosts=frozenset({HOST}))
    door = Streams(settings, SystemClock(), resolve=lambda host, port: ["127.0.0.1"])
    with no_connection():
        found = door.open(url)
    door.close()
    assert isinstance(found, Failure)
    assert found.reason == reason


def test_a_name_that_changes_between_look_ups_is_looked_up_once() -> None:
    """The address that was judged is the one that is dialled."""
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    settings = WebSettings(user_agent="archiver-tests/1", allow_hosts=frozenset({HOST}))
    door = Streams(settings, SystemClock(), resolve=rebinding)
    assert isinstance(door.open(HERE), Failure)
    door.close()
    assert asked == [HOST]


@pytest.mark.parametrize(("certificate", "is_good"), [("good", True), ("other", False), ("self_signed", False)])
def test_the_certificate_must_be_the_hosts_own(certificate: str, is_good: bool) -> None:
    """TLS verifies the true name; the digest of the certificate is recorded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    settings = WebSettings(user_agent="archiver-tests/1", ca_file=CERTIFICATES / "ca.pem")
    with far_end(until_closed, ssl=context) as port:
        door = Streams(
            settings, SystemClock(), resolve=lambda host, port: ["127.0.0.1"], blocked=lambda address: False, ports=None
        )
        found = door.open(f"wss://far-end.test:{port}/")
        if not isinstance(found, Failure):
            found.close()
        door.close()
    if is_good:
        assert not isinstance(found, Failure), found
        pem = (CERTIFICATES / "good.pem").read_text(encoding="ascii")
        der = ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----BEGIN PRIVATE KEY")])
        assert found.opening.tls_digest == digest.of_bytes(der)
    else:
        assert isinstance(found, Failure)
        assert found.reason == Reason.TLS


def test_a_proxy_is_asked_for_a_tunnel_and_told_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is configured, never one of the environment; what it refuses is told."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Loopback(says(answer("403 Forbidden"))) as server:
        settings = WebSettings(
            user_agent="archiver-tests/1",
            proxy=f"http://sample:word@127.0.0.1:{server.port}",
            allow_hosts=frozenset({HOST}),
        )
        door = Streams(settings, SystemClock())
        found = door.open(HERE)
        door.close()
    assert isinstance(found, Failure)
    assert (found.reason, found.message) == (Reason.CONNECT, "the proxy answered 403")
    assert server.requests[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n")
    assert "subscribe" not in server.requests[0]


def test_a_stream_goes_through_the_proxys_tunnel() -> None:
    """TLS is spoken with the host itself: the proxy sees a name, a port, and what it cannot read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "good.pem")

    def speak(connection: ServerConnection) -> None:
        connection.send("sample secret words")
        until_closed(connection)

    seen = bytearray()

    def tunnel(connection: socket.socket, head: str) -> None:
        port = int(head.split()[1].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as behind:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

            def back() -> None:
                with suppress(OSError):
                    while part := behind.recv(65536):
                        connection.sendall(part)

            thread = threading.Thread(target=back, daemon=True)
            thread.start()
            with suppress(OSError):
                while part := connection.recv(65536):
                    seen.extend(part)
                    behind.sendall(part)
            behind.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    with far_end(speak, ssl=context) as port, Loopback(tunnel) as proxy:
        settings = WebSettings(
            user_agent="archiver-tests/1",
            proxy=proxy.address,
            allow_hosts=frozenset({"far-end.test"}),
            ca_file=CERTIFICATES / "ca.pem",
        )
        door = Streams(settings, SystemClock())
        stream = opened(door, f"wss://far-end.test:{port}/subscribe?sample=1")
        assert heard(stream) == b"sample secret words"
        stream.close()
        door.close()
    assert proxy.requests[0].startswith(f"CONNECT far-end.test:{port} HTTP/1.1\r\n")
    assert b"subscribe" not in bytes(seen)
