"""A stream that is open: a WebSocket, or the lines of an answer that does not end. What it gives, and how it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.web.failures import EXPECTED, failure
from archiver.web.wire import ATTEMPT, Attempt, WireError

LONGEST_MESSAGE = 1_000_000
"""Bytes; a longer message ends the stream."""
WAITING_SECONDS = 1.0
"""How long one `receive` of a WebSocket waits."""
ENDINGS: tuple[type[Exception], ...] = (*EXPECTED, WebSocketException, ValueError, EOFError)
"""What opening a stream and listening to it may raise."""


def silent_for(seconds: float) -> str:
    """What is told of a stream from which nothing came."""
    return f"nothing came for {seconds:g} seconds"


class OpenStream(Protocol):
    """A stream that is open. One thread receives; any may close it."""

    opening: Exchange
    """How it was opened: request and answer, without a body."""
    quiet_seconds: float
    """How old a sign of life may be when it is told."""

    def receive(self) -> bytes | Failure:
        """The next message; b"" for a sign of life; or why the stream has ended."""

    def say(self, text: str) -> Failure | None:
        """Send a message; or why that cannot be done."""

    def close(self) -> None:
        """End it; may be called twice."""


class WebSocket:
    """As OpenStream says. A host that falls silent is pinged, and has half the time to answer."""

    def __init__(
        self,
        opening: Exchange,
        silence_seconds: float,
        connection: ClientConnection,
        let_go: Callable[[], None],
        ended: Callable[[Exception | None], Failure],
    ) -> None:
        self.opening = opening
        self.quiet_seconds = silence_seconds
        self._connection = connection
        self._let_go = let_go
        self._ended = ended

    def receive(self) -> bytes | Failure:
        try:
            return self._connection.recv(timeout=WAITING_SECONDS, decode=False)
        except TimeoutError:
            return b""
        except ENDINGS as error:
            return self._ended(error)

    def say(self, text: str) -> Failure | None:
        try:
            self._connection.send(text)
        except ENDINGS as error:
            return self._ended(error)
        return None

    def close(self) -> None:
        with suppress(*ENDINGS):
            self._connection.close()
        self._let_go()


class Lines:
    """As OpenStream says, of an answer that does not end; an empty line is a sign of life."""

    quiet_seconds = 0.0

    def __init__(
        self,
        opening: Exchange,
        silence_seconds: float,
        response: httpx.Response,
        ended: Callable[[Exception | None], Failure],
    ) -> None:
        self.opening = opening
        self._silence_seconds = silence_seconds
        self._response = response
        self._chunks = response.iter_raw()
        self._ended = ended
        self._rest = bytearray()
        self._ready: deque[bytes] = deque()

    def receive(self) -> bytes | Failure:
        if self._ready:
            return self._ready.popleft()
        token = ATTEMPT.set(Attempt(self._silence_seconds))
        try:
            chunk = next(self._chunks, None)
        except WireError as error:
            is_late = error.reason is Reason.DEADLINE
            return failure(error.reason, silent_for(self._silence_seconds)) if is_late else self._ended(error)
        except ENDINGS as error:
            return self._ended(error)
        finally:
            ATTEMPT.reset(token)
        if chunk is None:
            return self._ended(None)
        *whole, rest = chunk.split(b"\n")
        if whole:
            whole[0] = bytes(self._rest) + whole[0]
            self._rest.clear()
        self._rest += rest
        if max(map(len, (self._rest, *whole))) > LONGEST_MESSAGE:
            return failure(Reason.TOO_LARGE, f"a message of more than {LONGEST_MESSAGE} bytes")
        self._ready.extend(line for each in whole if (line := each.strip()))
        return self._ready.popleft() if self._ready else b""

    def say(self, text: str) -> Failure | None:
        raise TypeError("nothing can be said to an answer")

    def close(self) -> None:
        with suppress(*ENDINGS):
            self._response.close()
