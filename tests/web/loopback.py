"""A far end on loopback that answers by script: whole answers, or bytes as rude as the test wants."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

Script = Callable[[socket.socket, str], None]


def answer(status: str = "200 OK", body: bytes = b"", *headers: str, length: bool = True, keep: bool = False) -> bytes:
    """The bytes of an HTTP/1.1 answer. Unless the connection is kept it says so: a client that sends its next request
    while the far end closes gets a reset, and rightly calls it one."""
    lines = [f"HTTP/1.1 {status}", *headers, *(() if keep else ("Connection: close",))]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(payload: bytes) -> Script:
    """Sends these bytes to every request."""

    def script(connection: socket.socket, _request: str) -> None:
        connection.sendall(payload)

    return script


class Loopback:
    """A server on 127.0.0.1; `script` gets the connection and the request's head, once a request."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None, keep: bool = False) -> None:
        self.requests: list[str] = []
        self.connections = 0
        self._script = script
        self._tls = tls
        self._keep = keep
        self._done = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Loopback:
        self._start(self._accept)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._done.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for connection in self._open:
            connection.close()

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._done.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while head := self._head(connection):
                self.requests.append(head)
                self._script(connection, head)
                if not self._keep:
                    break
            connection.close()

    def _head(self, connection: socket.socket) -> str:
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = connection.recv(65536)
            if not chunk:
                return ""
            received += chunk
        return received.decode("latin-1")

    def drip(self, connection: socket.socket, payload: bytes, gap_seconds: float) -> None:
        """Sends one byte at a time, until the other side or the test has enough."""
        with suppress(OSError):
            for byte in payload:
                connection.sendall(bytes((byte,)))
                if self._done.wait(gap_seconds):
                    return


def reset(connection: socket.socket, _request: str) -> None:
    """Ends the connection by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()
