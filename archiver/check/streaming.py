"""What streams told, written by the one thread that writes.

    news ─event of a post on file→ a look without controls (absent, strong) + the message as it came + the verdict,
                                   and the post is due now: one transaction
    news ─opened again→ was it down for longer than it tells again? a gap ─→ stream_gaps + ledger
    every minute, and with every event: the cursor, and up to when the stream was heard

No control can be run on a stream: by verdicts.md its absents lead to "gone, unconfirmed" and no further, and are none
of the endpoints that grades ask for. An event of a post that is not on file is not stored.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archiver.check.judging import judge_again
from archiver.check.listener import Heard, Listener, Opened
from archiver.check.summary import CheckSummary
from archiver.clock import Clock
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.stream import StreamGap, StreamState
from archiver.model.verdict import Rules
from archiver.platforms.stream import Stream
from archiver.store import observations, posts, streams
from archiver.store.transaction import OpenRun, Store, Transaction

SAVED_EVERY_SECONDS = 60.0
AUTHORS_EVERY_SECONDS = 600.0
AT_ONCE = 200
"""Events that are written in one turn; the next turn has the rest."""
CLOSING_SECONDS = 3.0


@dataclass(slots=True)
class _Progress:
    """One listener, and what stands on file of its stream."""

    listener: Listener
    state: StreamState | None
    left_out: int = 0
    authors: int = 0
    saved: float = float("-inf")
    followed: float = float("-inf")
    alarmed: str | None = None
    """The failure that was told last."""
    unreadable: int = 0
    errors: int = 0


@dataclass(slots=True)
class Streaming:
    """All streams that are listened to."""

    store: Store
    clock: Clock
    egress: str
    rules: Rules
    listeners: Sequence[Listener]
    follow: Sequence[str] = ()
    """As in Checker."""
    _progress: list[_Progress] = field(default_factory=list)

    def start(self) -> None:
        """Listen from now on, each from where it was left."""
        with self.store.reading() as connection:
            for listener in self.listeners:
                state = streams.find_state(connection, listener.stream.name)
                listener.cursor = state.cursor if state else None
                self._progress.append(_Progress(listener, state))
        self._follow_authors()
        for listener in self.listeners:
            listener.start()

    def write(self, run: OpenRun) -> CheckSummary:
        """Write what was heard since the last time."""
        summary = CheckSummary()
        self._follow_authors()
        for each in self._progress:
            self._write(run, each, summary)
            summary.alarms += _alarms(each)
            summary.errors += each.listener.errors - each.errors
            each.errors = each.listener.errors
        run.count("looks", summary.looks)
        run.count("posts", summary.posts)
        return summary

    def close(self, run: OpenRun) -> CheckSummary:
        """Listen no more, and write what is left, all of it."""
        self.hang_up()
        for each in self._progress:
            each.listener.join(CLOSING_SECONDS)
            each.saved = float("-inf")
        summary = self.write(run)
        while any(not each.listener.news.empty() for each in self._progress):
            summary += self.write(run)
        return summary

    def hang_up(self) -> None:
        """End every stream at once; any thread may say so."""
        for listener in self.listeners:
            listener.close()

    def _follow_authors(self) -> None:
        now = self.clock.monotonic()
        for each in self._progress:
            if now - each.followed < AUTHORS_EVERY_SECONDS:
                continue
            stream = each.listener.stream
            with self.store.reading() as connection:
                told = streams.authors(connection, stream.platform, self.follow)
            known = dict.fromkeys(author for author in (_author(stream, *pair) for pair in told) if author)
            listened_to = list(known)[: stream.most_authors]
            each.authors, each.left_out = len(listened_to), len(known) - len(listened_to)
            # Nobody yet: look again soon, a first check is about to tell some.
            each.followed = now if listened_to else float("-inf")
            each.listener.follow(sorted(listened_to))

    def _write(self, run: OpenRun, each: _Progress, summary: CheckSummary) -> None:
        # Read first: whatever was told up to then is in the queue by now.
        alive_at, news = each.listener.alive_at, _taken(each.listener)
        is_whole = each.listener.news.empty()
        is_time = alive_at is not None and self.clock.monotonic() - each.saved >= SAVED_EVERY_SECONDS
        if not news and not is_time:
            return
        with self.store.writing(run.id) as transaction:
            for one in news:
                if isinstance(one, Opened):
                    self._note_opening(transaction, each, one)
                else:
                    self._store(transaction, each, one, summary)
            if each.state is not None and alive_at is not None and is_whole:
                heard_until = max(each.state.alive_at, alive_at)
                each.state = replace(each.state, alive_at=heard_until, authors=each.authors, left_out=each.left_out)
            if each.state is not None:
                streams.keep_state(transaction, each.state)
        each.saved = self.clock.monotonic()

    def _note_opening(self, transaction: Transaction, each: _Progress, opened: Opened) -> None:
        """A gap, if what was told meanwhile is not told again."""
        stream = each.listener.stream
        heard_until = opened.lost_at or (each.state.alive_at if each.state else None)
        gap = _gap(stream, opened, heard_until)
        if gap is not None:
            streams.append_gap(transaction, gap)
        cursor = opened.cursor if opened.cursor is not None else stream.cursor_at(opened.at)
        # While it still tells the past again, only what came before is surely on file.
        alive_at = gap.until if gap else heard_until or opened.at
        each.state = StreamState(stream.platform, stream.name, cursor, alive_at, each.authors, each.left_out)

    def _store(self, transaction: Transaction, each: _Progress, heard: Heard, summary: CheckSummary) -> None:
        stream, event = each.listener.stream, heard.event
        if each.state is not None and heard.cursor is not None:
            each.state = replace(each.state, cursor=heard.cursor)
        look, due = _look(transaction, stream, heard, summary)
        key = (str(look.subject_kind), look.subject_key) if look else ("", "")
        if look is None or streams.is_kept(transaction.connection, stream.name, *key, heard.exchange.payload):
            return
        observations.append(transaction, self._batch(transaction, stream, look))
        if event.native_id is not None:
            judge_again(transaction, due, self.rules)
        posts.make_due(transaction, due)
        summary.looks += 1
        summary.posts += len(due)

    def _batch(self, transaction: Transaction, stream: Stream, look: Look) -> Batch:
        return Batch(
            platform=stream.platform,
            round=observations.open_round(transaction, stream.platform),
            endpoint=stream.name,
            adapter=stream.name,
            adapter_version=stream.version,
            started_at=look.received_at,
            closed_at=self.clock.now(),
            boot_id=self.clock.boot_id,
            started_monotonic=look.received_monotonic,
            closed_monotonic=self.clock.monotonic(),
            egress=self.egress,
            valid=True,
            controlled=False,
            void_because=None,
            looks=(look,),
        )


def _taken(listener: Listener) -> list[Opened | Heard]:
    taken: list[Opened | Heard] = []
    while len(taken) < AT_ONCE:
        try:
            taken.append(listener.news.get_nowait())
        except queue.Empty:
            break
    return taken


def _author(stream: Stream, author_id: str | None, native_id: str | None) -> str | None:
    return author_id or (stream.author_of(native_id) if native_id else None)


def _gap(stream: Stream, opened: Opened, heard_until: datetime | None) -> StreamGap | None:
    """The time that was not heard before this opening; None where all of it is told again."""
    if heard_until is None:
        return StreamGap(stream.platform, stream.name, None, opened.at, "begun")
    since, until = heard_until, max(opened.at, heard_until)
    if opened.skipped is not None:
        return StreamGap(stream.platform, stream.name, since, until, opened.skipped)
    if opened.cursor is None or not stream.replays:
        return StreamGap(stream.platform, stream.name, since, until, "no_replay")
    told_again_from = until - stream.replays
    if since >= told_again_from:
        return None
    return StreamGap(stream.platform, stream.name, since, told_again_from, "down_too_long")


def _look(
    transaction: Transaction, stream: Stream, heard: Heard, summary: CheckSummary
) -> tuple[Look | None, set[int]]:
    """The look that an event comes to, and the posts that are due by it; None where nothing on file is concerned."""
    event, exchange = heard.event, heard.exchange
    age = max(exchange.received_at - event.at, timedelta(0)) if event.at else timedelta(0)
    reading = Reading(
        Outcome.UNKNOWN, Reason.ANNOUNCED, exchange, author_id=event.author_id, age_seconds=int(age.total_seconds())
    )
    if event.native_id is None:
        key = f"id:{event.author_id}"
        told_of = posts.by_authors(transaction.connection, stream.platform, {key})
        due = streams.may_be_kept(transaction.connection, told_of)
        return (_made(SubjectKind.AUTHOR, key, None, reading) if due else None), due
    number = posts.find(transaction.connection, stream.platform, None, event.native_id)
    if number is None or not streams.may_be_kept(transaction.connection, [number]):
        return None, set()
    (post,) = posts.load(transaction.connection, [number])
    if post.author_id not in (None, event.author_id):
        told = f"the author on file is {post.author_id}, the stream's is {event.author_id}"
        summary.alarms.append(f"{stream.name}: p{number}: {told}")
        return _made(
            SubjectKind.POST, str(number), event.native_id, replace(reading, reason=Reason.WRONG_AUTHOR, message=told)
        ), {number}
    gone = replace(reading, outcome=Outcome.ABSENT, strength=Strength.STRONG)
    return _made(SubjectKind.POST, str(number), event.native_id, gone), {number}


def _made(kind: SubjectKind, key: str, native_id: str | None, reading: Reading) -> Look:
    """The look was made when the message came: when the stream was opened says nothing of it."""
    exchange = reading.exchange
    assert exchange is not None
    at, monotonic = exchange.received_at, exchange.received_monotonic
    return Look(kind, key, native_id, 1, reading, (exchange,), at, at, monotonic, monotonic)


def _alarms(each: _Progress) -> list[str]:
    """What a person should know: a stream that is down, told once, and messages that nobody could read."""
    told: list[str] = []
    listener = each.listener
    failure = listener.failure or listener.refusal
    message = failure.message if failure else None
    if message is not None and message != each.alarmed:
        what = "is not heard" if listener.failure else "has not all subscriptions"
        told.append(f"{listener.stream.name} {what}: {message}")
    each.alarmed = message
    if each.listener.unreadable > each.unreadable:
        told.append(f"{each.listener.stream.name}: {each.listener.unreadable} messages could not be read")
        each.unreadable = each.listener.unreadable
    return told
