"""Listening to one stream, in a thread of its own: open, read, and open again. It never touches the database.

    authors (from the writing thread) ─→ open, with the cursor ─→ messages ─read→ events ─→ `news`, a bounded queue
      ended? ─→ wait, longer each time ─→ open again, from the cursor on

Where nobody takes the news, nothing more is read: the host keeps it, or ends the stream, and that is told as a gap.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.clock import Clock
from archiver.model.exchange import Exchange, Failure, Get, Send
from archiver.model.outcome import Reason
from archiver.model.stream import StreamEvent
from archiver.platforms.stream import Stream
from archiver.web.open_stream import OpenStream
from archiver.web.streams import Streams

MOST_WAITING = 10_000
"""Events that wait to be written."""
SETTLED_SECONDS = 60.0
"""A stream that stayed open for so long counts as one that works: the next wait is short again."""
CATCH_UP_SECONDS = 60.0
"""What a host tells again has come by then."""
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream is open."""

    at: datetime
    lost_at: datetime | None
    """When this listener last heard it before; None at its first opening."""
    cursor: int | None
    """From where on; None for from now on."""
    skipped: str | None = None
    """Why it goes on behind a message that ended it before, and would again: "too_large" or "crashed"; else None."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event, and the message as it came."""

    event: StreamEvent
    cursor: int | None
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Ways:
    """How a listener reaches the network."""

    streams: Streams
    get: Get
    send: Send


class Listener:
    """Listens to a stream until it is closed. `cursor` says from where on, None for from now on."""

    def __init__(self, stream: Stream, ways: Ways, clock: Clock, cursor: int | None = None) -> None:
        self.stream = stream
        self.news: queue.Queue[Opened | Heard] = queue.Queue(MOST_WAITING)
        self.alive_at: datetime | None = None
        """Everything that was told up to then is in `news`, or was taken from there; None while it was never open."""
        self.failure: Failure | None = None
        """Why it is not open; None while it is, or before the first try."""
        self.refusal: Failure | None = None
        """Why the subscriptions that stand on file at the platform are not in line; None while they are."""
        self.unreadable = 0
        """Messages that were none of this stream."""
        self.errors = 0
        """Exceptions inside the stream's rules: a bug."""
        self.cursor = cursor
        self._authors: tuple[str, ...] = ()
        self._skipped: str | None = None
        self._ways = ways
        self._clock = clock
        self._changed = threading.Event()
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=target, name=f"{stream.name}-{target.__name__}", daemon=True)
            for target in (self.listen, self.subscribe)
        ]

    def start(self) -> None:
        """Begin to listen."""
        for thread in self._threads:
            thread.start()

    def follow(self, authors: Sequence[str]) -> None:
        """Listen to these from now on."""
        if tuple(authors) != self._authors:
            self._authors = tuple(authors)
            self._changed.set()

    def close(self) -> None:
        """Listen no more. What was heard stays in `news`."""
        self._closing.set()
        self._changed.set()
        self._ways.streams.close()

    def join(self, seconds: float) -> None:
        """Wait for the end of its threads."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(seconds)

    def listen(self) -> None:
        """Keep the stream open while there is anybody to listen to."""
        failures = 0
        while not self._closing.is_set():
            if not self._authors:
                self._closing.wait(_POLL_SECONDS)
                continue
            began = self._clock.monotonic()
            try:
                ended = self._listen_once()
            except Exception as error:
                # A bug of ours ends this opening, not the listening; the message that it met is told as a gap.
                ended = self._crashed(error)
                self._skipped, self.cursor = "crashed", None
            if self._closing.is_set():
                return
            self.failure = ended
            failures = 1 if self._clock.monotonic() - began >= SETTLED_SECONDS else failures + 1
            self._clock.sleep(wait_seconds(Reason(ended.reason), failures), self._closing)

    def subscribe(self) -> None:
        """Where subscriptions stand on file at the platform, keep them in line with the authors."""
        failures = 0
        while not self._closing.is_set():
            self._changed.wait()
            authors = self._authors
            if self._closing.is_set() or self.stream.hello(()) is not None:
                return
            self._changed.clear()
            try:
                refused = self.stream.subscribe(authors, self._ways.get, self._ways.send)
            except Exception as error:
                refused = self._crashed(error)
            self.refusal = refused
            if refused is None:
                failures = 0
                continue
            failures += 1
            self._clock.sleep(wait_seconds(Reason(refused.reason), failures), self._closing)
            self._changed.set()

    def _crashed(self, error: Exception) -> Failure:
        self.errors += 1
        return Failure(Reason.ADAPTER_ERROR, f"{type(error).__name__} inside {self.stream.name}: {error}")

    def _listen_once(self) -> Failure:
        authors, lost_at = self._authors, self.alive_at
        opened = self._ways.streams.open(self.stream.address(self.cursor))
        if isinstance(opened, Failure):
            return opened
        try:
            hello = self.stream.hello(authors)
            refused = opened.say(hello) if hello is not None else None
            if refused is not None:
                return refused
            at = self._clock.now()
            self._tell(Opened(at, lost_at, self.cursor, self._skipped))
            is_told_again = self.cursor is not None and bool(self.stream.replays)
            if not is_told_again:
                self.cursor, self.alive_at = self.stream.cursor_at(at), at
            self.failure = self._skipped = None
            return self._read(opened, authors, CATCH_UP_SECONDS if is_told_again else 0.0)
        finally:
            opened.close()

    def _read(self, opened: OpenStream, authors: Sequence[str], catch_up_seconds: float) -> Failure:
        """Read until it ends. Returns why it did."""
        quiet, began = timedelta(seconds=opened.quiet_seconds), self._clock.monotonic()
        while not self._closing.is_set():
            message = opened.receive()
            if isinstance(message, Failure):
                if message.reason == Reason.TOO_LARGE:
                    self._skipped, self.cursor = "too_large", None
                return message
            heard_until = self._clock.now() - (timedelta(0) if message else quiet)
            if message and not self._take(message, opened.opening):
                break
            is_caught_up = self._clock.monotonic() - began >= catch_up_seconds
            if is_caught_up and (self.alive_at is None or heard_until > self.alive_at):
                self.alive_at = heard_until
            hello = self.stream.hello(self._authors) if authors != self._authors else None
            authors = self._authors
            refused = opened.say(hello) if hello is not None else None
            if refused is not None:
                return refused
        return Failure(Reason.INTERRUPTED, "the program is stopping")

    def _take(self, message: bytes, opening: Exchange) -> bool:
        """Read a message and tell what it says; False if that was no longer possible."""
        at, monotonic = self._clock.now(), self._clock.monotonic()
        told = self.stream.read(message)
        self.unreadable += not told.is_readable
        if told.event is not None:
            exchange = replace(opening, payload=message, body=message, received_at=at, received_monotonic=monotonic)
            if not self._tell(Heard(told.event, told.cursor, exchange)):
                return False
        self.cursor = told.cursor if told.cursor is not None else self.cursor
        return True

    def _tell(self, news: Opened | Heard) -> bool:
        """Put it where the writing thread takes it; False if it was closed before there was room."""
        while not self._closing.is_set():
            try:
                self.news.put(news, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False


def wait_seconds(reason: Reason, failures: int) -> float:
    """How long to leave the host alone after so many failures in a row, at least 1."""
    first, longest = {
        Reason.RATE_LIMITED: (60.0, 3600.0),
        Reason.REFUSED: (60.0, 3600.0),
        Reason.SERVER_ERROR: (5.0, 320.0),
        Reason.UNEXPECTED_STATUS: (60.0, 3600.0),
        Reason.ADAPTER_ERROR: (60.0, 3600.0),
    }.get(reason, (1.0, 60.0))
    return min(first * 2.0 ** min(failures - 1, 20), longest)
