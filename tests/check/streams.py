"""Far ends that tell by themselves what is deleted: X's Activity API and Bluesky's Jetstream, on loopback."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.web.loopback import Loopback, answer

PATIENCE = 20.0


def until(met: Callable[[], object], what: str) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} did not come within {PATIENCE} s"
        time.sleep(0.02)


class Activity:
    """X: subscriptions, and a stream of lines. Whatever else is asked of its host has no answer today."""

    def __init__(self) -> None:
        self.lines: queue.Queue[bytes | None] = queue.Queue()
        """None ends the stream that is open."""
        self.subscribed: list[str] = []
        self.opened = 0
        self.refuses: bytes | None = None
        """What every opening is answered with instead."""
        self.never: str | None = None
        """The account that never existed; all others are there. None: of accounts too nothing is answered today."""
        self._server = Loopback(self._script)

    @property
    def address(self) -> str:
        return self._server.address

    def tell(self, native_id: str, author_id: str, **more: Any) -> bytes:
        """Let it tell a deletion. Returns the message."""
        payload = {"id": native_id, "author_id": author_id}
        line = json.dumps({"data": {"event_type": "post.delete", "payload": payload, **more}}).encode()
        self.lines.put(line)
        return line

    def hang_up(self) -> None:
        """End the stream that is open."""
        self.lines.put(None)

    def _script(self, connection: socket.socket, head: str) -> None:
        verb, path, _ = head.split(" ", 2)
        if path.startswith("/2/activity/stream"):
            self._stream(connection)
        elif path.startswith("/2/activity/subscriptions") and verb == "GET":
            connection.sendall(answer("200 OK", b'{"data": [], "meta": {}}', "Connection: close"))
        elif path.startswith("/2/activity/subscriptions"):
            self.subscribed.append(
                json.loads(head.partition("\r\n\r\n")[2] or connection.recv(9999))["filter"]["user_id"]
            )
            connection.sendall(answer("200 OK", b"{}", "Connection: close"))
        elif path.startswith("/2/users?") and self.never:
            connection.sendall(answer("200 OK", json.dumps(self._accounts(path)).encode(), "Connection: close"))
        else:
            connection.sendall(answer("503 Service Unavailable", b"", "Connection: close"))

    def _accounts(self, path: str) -> dict[str, Any]:
        ids = parse_qs(urlsplit(path).query)["ids"][0].split(",")
        there = [
            {"id": each, "username": f"u{each[-9:]}", "name": "Sample", "protected": False}
            for each in ids
            if each != self.never
        ]
        detail = f"Could not find user with ids: [{self.never}]."
        kind = "https://api.x.com/2/problems/resource-not-found"
        missing = {"value": self.never, "detail": detail, "title": "Not Found Error", "resource_type": "user",
                   "parameter": "ids", "resource_id": self.never, "type": kind}  # fmt: skip
        return {"data": there, **({"errors": [missing]} if self.never in ids else {})}

    def _stream(self, connection: socket.socket) -> None:
        if self.refuses:
            connection.sendall(self.refuses)
            return
        self.opened += 1
        connection.sendall(answer(length=False) + b"\r\n")
        while (line := self.lines.get()) is not None:
            connection.sendall(line + b"\r\n")

    def __enter__(self) -> Activity:
        self._server.__enter__()
        return self

    def __exit__(self, *ended: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.lines.put(None)
        self._server.__exit__(*ended)


class Jetstream:
    """Bluesky: tells again what was told since the cursor, to those who say whom they want."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []
        self.openings: list[int | None] = []
        """The cursor of each."""
        self.wanted: list[list[str]] = []
        """The authors of each hello."""
        self._open: list[ServerConnection] = []
        self._lock = threading.Lock()
        self._server = serve(self._speak, "127.0.0.1", 0, max_size=10_000_000)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def tell(self, noun: dict[str, Any], time_us: int) -> str:
        """Let it tell something, to all who listen."""
        return self.tell_words(json.dumps({"time_us": time_us, **noun}), time_us)

    def tell_words(self, words: str, time_us: int) -> str:
        with self._lock:
            self.told.append((time_us, words))
            for connection in self._open:
                with suppress(ConnectionClosed):
                    connection.send(words)
        return words

    def hang_up(self) -> None:
        """End every stream that is open."""
        with self._lock:
            connections, self._open = self._open, []
        for connection in connections:
            connection.close(1001)

    def _speak(self, connection: ServerConnection) -> None:
        assert connection.request
        query = parse_qs(urlsplit(connection.request.path).query)
        cursor = int(query["cursor"][0]) if "cursor" in query else None
        with suppress(ConnectionClosed):
            self.wanted.append(json.loads(connection.recv())["payload"]["wantedDids"])
            with self._lock:
                self.openings.append(cursor)
                for time_us, words in self.told if cursor is not None else ():
                    if time_us >= (cursor or 0):
                        connection.send(words)
                self._open.append(connection)
            for message in connection:
                self.wanted.append(json.loads(message)["payload"]["wantedDids"])

    def __enter__(self) -> Jetstream:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join(5)
