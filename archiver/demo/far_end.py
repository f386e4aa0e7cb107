"""The simulated far end: X on a loopback port, answered out of a `World`.

    world = World(clock)
    world.account("river_gauge", "1700000000000000001", "River Gauge")
    world.post(post_id, "river_gauge", "Sample text.")
    world.at(later).delete(post_id)
    with FarEnd(world) as far_end:
        ...  # [web] connect_to = {"*" = far_end.address}

Which host is meant, it learns from the Host header, as a proxy does: the program under test keeps its true addresses.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from archiver.demo.answers import answer
from archiver.demo.shapes import Answer, Asked
from archiver.demo.world import World

LOG_LENGTH = 100_000
IDLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the request log."""

    time: datetime
    """By the world's clock."""
    host: str
    path: str
    """Path and query."""
    status_code: int
    """What was answered; 0 for a connection that was torn down."""


class FarEnd:
    """The server. `log` holds the newest LOG_LENGTH requests, oldest first."""

    between: Callable[[Asked, Answer], Answer]
    """What stands between X and whoever asks, and may answer in its place: a cache, a proxy, another server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.between = lambda asked, answered: answered
        self.log: deque[Request] = deque(maxlen=LOG_LENGTH)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The loopback port it listens on; only while it runs."""
        if self._server is None:
            raise RuntimeError("the far end is not running")
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """For `[web] connect_to`."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> FarEnd:
        """Listen on a free port of 127.0.0.1, in a thread of its own."""
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True, name="far-end")
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop, and tear down every connection that is still open. May be called twice."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.tear_down()
        self._server.server_close()
        if self._thread:
            self._thread.join(timeout=IDLE_SECONDS)
        self._server = self._thread = None

    def __enter__(self) -> FarEnd:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, far_end: FarEnd) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.far_end = far_end
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""

    def track(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def tear_down(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "tsa_f"
    sys_version = ""
    timeout = IDLE_SECONDS
    # Without these two a kept connection waits 40 ms for each answer: small writes and delayed acknowledgements.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.track(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def do_GET(self) -> None:
        """Answer a GET; the log line stands before the answer leaves."""
        far_end = self.server.far_end
        asked = Asked(
            host=(self.headers.get("Host") or "").partition(":")[0].lower(),
            target=self.path,
            user_agent=self.headers.get("User-Agent") or "",
            accept_language=self.headers.get("Accept-Language") or "",
        )
        answered = far_end.between(asked, answer(far_end.world, asked))
        far_end.log.append(Request(far_end.world.clock.now(), asked.host, self.path, answered.status_code))
        self._reset() if answered.reset else self._send(answered)

    def _send(self, answered: Answer) -> None:
        self.send_response(answered.status_code)
        for name, text in (("content-type", answered.content_type), *answered.headers):
            self.send_header(name, text)
        self.send_header("content-length", str(len(answered.body)))
        self.end_headers()
        self.wfile.write(answered.body)

    def _reset(self) -> None:
        self.close_connection = True
        self.server.forget(self.connection)
        # To linger for no time makes the closing a reset.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header tells the world's time, not the machine's."""
        return format_datetime(self.server.far_end.world.clock.now(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the request log is `FarEnd.log`."""
