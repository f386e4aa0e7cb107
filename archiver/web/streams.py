"""Streams: connections that stay open, over which a host tells what happens. The same door as the client's.

    open(url) ── allowed? ── look up once, refuse private, dial, TLS ── a WebSocket, or the lines of a long answer
      └ receive() ── a message, a sign of life, or why it has ended

Of a WebSocket the connection is ours from the look-up to the handshake of TLS; only then does the library speak over
it, so that it dials nothing, follows no redirect and reads no proxy from the environment. Nothing is opened again here:
when to, and from where on, is for the caller to say.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable, Collection

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from archiver.clock import Clock
from archiver.model.exchange import Failure
from archiver.model.outcome import Reason
from archiver.web import addresses
from archiver.web.answer import Answer, Sent, begin, far_end, host_of, recorded, text_of
from archiver.web.failures import EXPECTED, failure, failure_of
from archiver.web.open_stream import ENDINGS, LONGEST_MESSAGE, Lines, OpenStream, WebSocket, silent_for
from archiver.web.settings import WebSettings
from archiver.web.transport import Pools
from archiver.web.wire import ATTEMPT, Attempt, Dialer, OpenSockets

SILENCE_SECONDS = 40.0
"""A stream from which nothing came for so long, neither a message nor a sign of life, has ended."""
OPENING_SECONDS = 15.0
"""Longest time until a stream is open."""
_TOO_BIG, _GONE_SILENT = 1009, 1011

# It writes what it sends and receives at DEBUG; its own errors are told as values here.
logging.getLogger("websockets").setLevel(logging.CRITICAL)


class Streams:
    """Opens streams. `resolve`, `blocked` and `ports` as in `Client`."""

    def __init__(
        self,
        settings: WebSettings,
        clock: Clock,
        *,
        silence_seconds: float = SILENCE_SECONDS,
        resolve: addresses.Resolve = addresses.resolve,
        blocked: Callable[[str], bool] = addresses.blocked,
        ports: Collection[int] | None = (80, 443),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._silence_seconds = silence_seconds
        self._sockets = OpenSockets()
        dialer = Dialer(self._sockets, resolve=resolve, blocked=blocked, ports=ports)
        self._pools = Pools(settings, self._sockets, dialer)

    def open(self, url: str) -> OpenStream | Failure:
        """Open the stream at a wss:// or https:// address; or why it cannot be had. Raises nothing for the network."""
        token = ATTEMPT.set(Attempt(OPENING_SECONDS))
        try:
            target = httpx.URL(url)
            if target.scheme not in ("wss", "https") or not target.host or target.userinfo:
                return failure(Reason.BLOCKED_ADDRESS, "only plain wss and https addresses are listened to")
            if not self._settings.allows(host_of(target)):
                told = f"{host_of(target)} is not among the hosts that may be asked"
                return failure(Reason.HOST_NOT_ALLOWED, told)
            return self._websocket(target) if target.scheme == "wss" else self._lines(target)
        except InvalidStatus as error:
            return by_status(error.response.status_code)
        except ENDINGS as error:
            return self.ended(error)
        finally:
            ATTEMPT.reset(token)

    def close(self) -> None:
        """Open nothing more; streams that are open end at once, also in other threads."""
        self._sockets.shut()
        self._pools.close()

    def ended(self, error: Exception | None) -> Failure:
        """Why a stream has ended; None where the other side ended it in order."""
        if self._sockets.stop.is_set():
            return failure(Reason.INTERRUPTED, "the program is stopping")
        if error is None:
            return failure(Reason.PROTOCOL, "the other side ended the stream")
        if isinstance(error, EXPECTED):
            return failure_of(error)
        if not isinstance(error, ConnectionClosed):
            return failure(Reason.PROTOCOL, str(error) or type(error).__name__)
        code = error.sent.code if error.sent else 0
        if code == _TOO_BIG:
            return failure(Reason.TOO_LARGE, f"a message of more than {LONGEST_MESSAGE} bytes")
        if code == _GONE_SILENT:
            return failure(Reason.DEADLINE, silent_for(self._silence_seconds))
        return failure(Reason.PROTOCOL, f"the stream has ended: {error}")

    def _websocket(self, target: httpx.URL) -> OpenStream:
        host = host_of(target)
        attempt, detour = ATTEMPT.get(), self._settings.detour_of(host)
        own = self._settings.own_headers(host, target.path)
        at, monotonic = self._clock.now(), self._clock.monotonic()
        wire = self._pools.wire(host, target.port or 443, detour)
        try:
            connection = connect(
                # The wire is secured already: to the library it is a plain one.
                str(target.copy_with(scheme="ws")),
                sock=_unhurried(wire.get_extra_info("socket"), self._silence_seconds),
                proxy=None,
                compression=None,
                additional_headers=own,
                user_agent_header=self._settings.user_agent,
                open_timeout=attempt.left(),
                ping_interval=self._silence_seconds / 2,
                ping_timeout=self._silence_seconds / 2,
                close_timeout=1.0,
                max_size=LONGEST_MESSAGE,
                legacy=True,
            )
        except BaseException:
            wire.close()
            raise
        answer = _handshake(connection)
        answer.peer, answer.tls_digest = far_end(wire)
        asked = tuple(connection.request.headers.raw_items()) if connection.request else ()
        sent = Sent(str(target), asked, own, detour, at, monotonic)
        opening = recorded(sent, answer, self._clock, self._settings)
        return WebSocket(opening, self._silence_seconds, connection, wire.close, self.ended)

    def _lines(self, target: httpx.URL) -> OpenStream | Failure:
        host = host_of(target)
        detour = self._settings.detour_of(host)
        own = self._settings.own_headers(host, target.path)
        dialled = target if detour is None else httpx.URL(detour).copy_with(raw_path=target.raw_path)
        named = {"Host": host, "User-Agent": self._settings.user_agent, "Accept": "application/json"}
        request = httpx.Request("GET", dialled, headers={**named, "Accept-Encoding": "identity", **own})
        request.extensions = {"timeout": {"pool": ATTEMPT.get().left()}}
        sent = Sent(str(target), text_of(request.headers.raw), own, detour, self._clock.now(), self._clock.monotonic())
        response = self._pools.transport(host, detour).handle_request(request)
        answer = Answer()
        begin(response, answer)
        if answer.failure is not None or answer.status_code != 200:
            response.close()
            return answer.failure or by_status(answer.status_code or 0)
        opening = recorded(sent, answer, self._clock, self._settings)
        return Lines(opening, self._silence_seconds, response, self.ended)


def by_status(status_code: int) -> Failure:
    """Why a host that answered so did not open the stream."""
    by = {401: Reason.REFUSED, 402: Reason.REFUSED, 403: Reason.REFUSED, 429: Reason.RATE_LIMITED}
    other = Reason.SERVER_ERROR if status_code >= 500 else Reason.UNEXPECTED_STATUS
    return failure(by.get(status_code, other), f"the host answered {status_code}")


def _handshake(connection: ClientConnection) -> Answer:
    response = connection.response
    assert response is not None, "a connection that is open was answered"
    return Answer(
        status_code=response.status_code,
        http_version="HTTP/1.1",
        reason_phrase=response.reason_phrase,
        headers=tuple(response.headers.raw_items()),
    )


def _unhurried(connection: socket.socket, send_seconds: float) -> socket.socket:
    """The socket as the library wants it, without a time limit; yet a host that never reads holds nobody for ever."""
    connection.settimeout(None)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(send_seconds) + 1, 0))
    return connection
