"""The sockets: a dialler that looks a name up once and dials what it found, and a stream with a total deadline.

httpx's own time limits are per read, so a server that drips bytes never meets them. Here each connect, handshake,
read and write gets what is left of the attempt's time, and no more.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

import httpcore

from archiver.model.outcome import Reason
from archiver.web import addresses

CONNECT_SECONDS = 10.0
"""Longest wait for one address of a host, so that a dead first address leaves time for the second."""


class WireError(Exception):
    """A connection could not be had or kept; `reason` says why."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class Attempt:
    """One request under way in this thread: when it must end (real seconds), and whom it dialled."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.started = time.monotonic()
        self.peer: str | None = None

    def spent(self) -> float:
        return time.monotonic() - self.started

    def left(self) -> float:
        """Seconds that are left, more than 0. Raises WireError when the time is over."""
        left = self.seconds - self.spent()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> WireError:
        return WireError(Reason.DEADLINE, f"no whole answer within {self.seconds:g} seconds")


ATTEMPT: ContextVar[Attempt] = ContextVar("attempt")
"""The attempt of the running thread; the client sets it before it asks the pool."""


class OpenSockets:
    """Every socket in use, so that another thread can end them all."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def add(self, connection: socket.socket) -> None:
        """Keep track of it. Raises WireError once `shut` was called."""
        with self._lock:
            if self.stop.is_set():
                connection.close()
                raise WireError(Reason.INTERRUPTED, "the program is stopping")
            self._open.add(connection)

    def discard(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def shut(self) -> None:
        """End every read and write that waits on one of them, at once, and let no further one be opened."""
        with self._lock:
            self.stop.set()
            for connection in self._open:
                # Not SSLSocket.shutdown: it would take the TLS state from under the thread that reads.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Wire(httpcore.NetworkStream):
    """A connected socket whose every move is bounded by the running attempt; httpcore's own timeouts are ignored."""

    def __init__(self, connection: socket.socket, sockets: OpenSockets) -> None:
        self._socket = connection
        self._sockets = sockets

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        attempt = ATTEMPT.get()
        self._socket.settimeout(attempt.left())
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise attempt.over() from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        attempt = ATTEMPT.get()
        while buffer:
            self._socket.settimeout(attempt.left())
            try:
                buffer = buffer[self._socket.send(buffer) :]
            except TimeoutError:
                raise attempt.over() from None
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._sockets.discard(self._socket)
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        attempt = ATTEMPT.get()
        try:
            self._socket.settimeout(attempt.left())
            # Two steps, so that the handshake's socket too can be ended by another thread.
            secured = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._sockets.discard(self._socket)
            self._socket = secured
            self._sockets.add(secured)
            secured.do_handshake()
        except TimeoutError:
            self.close()
            raise attempt.over() from None
        except (OSError, ValueError) as error:
            self.close()
            raise WireError(Reason.TLS, f"TLS: {error}") from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        if info == "is_readable":
            return self._readable()
        with contextlib.suppress(OSError):
            if info == "client_addr":
                return self._socket.getsockname()
            if info == "server_addr":
                return self._socket.getpeername()
        return self._socket if info == "socket" else None

    def _readable(self) -> bool:
        if self._socket.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))


def printed(address: str, port: int) -> str:
    """`192.0.2.1:443`, `[2001:db8::1]:443`."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


class Dialer(httpcore.NetworkBackend):
    """Looks a host up once, refuses it if any answer is blocked, dials one of those answers, and checks the peer."""

    def __init__(
        self,
        sockets: OpenSockets,
        *,
        resolve: addresses.Resolve = addresses.resolve,
        blocked: Callable[[str], bool] = addresses.blocked,
        ports: Collection[int] | None = (80, 443),
    ) -> None:
        self._sockets = sockets
        self._resolve = resolve
        self._blocked = blocked
        self._ports = ports

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if self._ports is not None and port not in self._ports:
            raise WireError(Reason.BLOCKED_ADDRESS, f"port {port} of {host} is not dialled: only 80 and 443 are")
        last: OSError | None = None
        for address in self._addresses(host, port):
            try:
                return self._dial(address, port)
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise WireError(Reason.TIMEOUT, f"{host} did not take the connection in time")
        raise WireError(Reason.CONNECT, f"{host} could not be connected to: {last}")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        raise WireError(Reason.BLOCKED_ADDRESS, "unix sockets are never dialled")

    def _addresses(self, host: str, port: int) -> list[str]:
        attempt = ATTEMPT.get()
        try:
            found = addresses.within_time(self._resolve, host, port, attempt.left(), self._sockets.stop)
        except TimeoutError:
            raise WireError(Reason.DNS, f"{host} was not found in time: the name server did not answer") from None
        except OSError as error:
            raise WireError(Reason.DNS, f"{host} was not found: {error.strerror or error}") from error
        refused = next((address for address in found if self._blocked(address)), None)
        if refused is not None:
            raise WireError(Reason.BLOCKED_ADDRESS, f"{host} leads to {refused}, which is not a public address")
        if not found:
            raise WireError(Reason.DNS, f"{host} has no address")
        return found

    def _dial(self, address: str, port: int) -> Wire:
        attempt = ATTEMPT.get()
        attempt.peer = printed(address, port)
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self._sockets.add(connection)
        try:
            connection.settimeout(min(attempt.left(), CONNECT_SECONDS))
            connection.connect((address, port))
            peer = str(connection.getpeername()[0])
            if ip_address(peer) != ip_address(address) or self._blocked(peer):
                raise WireError(Reason.BLOCKED_ADDRESS, f"{address} was dialled, but {peer} answered")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            self._sockets.discard(connection)
            connection.close()
            raise
        return Wire(connection, self._sockets)
