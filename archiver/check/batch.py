"""One batch: looks on one endpoint between the same controls, closed valid or void.

Controls stand before and after the looks: posts known to be alive and ids that never existed, over the same code path,
headers and egress. One that did not run or misread voids the batch: it is kept as evidence and never folded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.check.recorder import Recorder
from archiver.clock import Clock
from archiver.model.exchange import Exchange
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.outcome import UNREACHABLE, Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.web.client import Client

DEADLINE_SECONDS = 300.0
"""A batch that took longer than its pace and this, by the monotonic clock, says little about one moment and is void."""
HOST_DOWN_AFTER = 2
"""Unreachable answers in a row after which the rest of a batch is not asked for."""
TRANSIENT = frozenset({Reason.TIMEOUT, Reason.PROTOCOL, Reason.SERVER_ERROR})
"""Reasons for which a look is tried once more at once."""
TRIES = 2
"""How often a look is tried on one occasion."""
RETRY_AFTER_SECONDS = 2.0
CLASSES = (Outcome.AGE_GATED.value, Outcome.WITHHELD.value)
"""Kinds of restricted posts that have controls of their own."""

Ref = PostRef | AuthorRef


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a look is about."""

    kind: SubjectKind
    key: str
    """As in Observation."""
    ref: Ref | None
    """None for a post whose id is still sought."""

    @property
    def native_id(self) -> str | None:
        """The post id that is asked for."""
        return self.ref.native_id if isinstance(self.ref, PostRef) else None


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of one batch."""

    configured: bool
    """False: nothing is probed beside the looks, and absents prove little."""
    before: tuple[Subject, ...] = ()
    after: tuple[Subject, ...] = ()
    missing: str | None = None
    """Why configured controls cannot run; None where they can. Such a batch is void."""
    of_classes: tuple[Subject, ...] = ()
    """Live posts that are age-gated or withheld, one of each kind: beside them alone an absent of such a post counts.
    What they read voids nothing."""


NO_CONTROLS = Controls(configured=False)

Ask = Callable[[Subject, Recorder], Reading]
"""One look: reads an answer about the subject."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every look is made with."""

    client: Client
    clock: Clock
    egress: str
    """How looks leave: "direct", or the proxy or detour that is configured."""
    stop: threading.Event
    """Set once we were told to stop."""
    gap_seconds: Callable[[str], float] = lambda host: 0.0
    """The pace: least seconds between two requests to a host."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """When something was, by both clocks."""

    at: datetime
    monotonic: float
    boot_id: str


@dataclass(slots=True)
class OpenBatch:
    """A batch that is being looked through: `run` in a worker thread, `close` from the writing one."""

    adapter: Adapter
    endpoint: Endpoint
    round: int
    subjects: Sequence[Subject]
    controls: Controls
    tools: Tools
    ask: Ask | None = None
    """How a subject is looked at; None for the adapter's `observe`."""
    host: str = ""
    """Where the subjects are asked for; "" for the endpoint's own host."""
    deadline_seconds: float = DEADLINE_SECONDS
    _looks: list[Look] = field(default_factory=list)
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _started: _Moment = field(init=False)
    _down: int = 0
    errors: int = 0
    """Exceptions inside the adapter."""

    def __post_init__(self) -> None:
        self.host = self.host or self.endpoint.host
        self._begin()

    def _begin(self) -> None:
        clock = self.tools.clock
        self._started = _Moment(clock.now(), clock.monotonic(), clock.boot_id)

    def run(self) -> None:
        """Look at the controls, the subjects and the controls again; all in one request where the endpoint can."""
        # Anew: it may have waited for another batch of its endpoint.
        self._begin()
        everyone = asked_in(self.endpoint, self.controls, self.subjects)
        at_once = max(self.endpoint.ids_per_request, 1)
        met: set[str] = set()
        for start in range(0, len(everyone), at_once):
            asked = everyone[start : start + at_once]
            # A lone control of its kind stands before and after: its second occasion has attempts of its own.
            earlier = TRIES if asked[0].kind is SubjectKind.CONTROL and asked[0].key in met else 0
            met |= {subject.key for subject in asked}
            for attempt in range(earlier + 1, earlier + TRIES + 1):
                if self.tools.stop.is_set() or self._closed:
                    return
                looks = self._look(asked, attempt)
                self._keep(looks)
                if looks[-1].reading.reason not in TRANSIENT or self.tools.stop.is_set():
                    break
                self.tools.clock.sleep(RETRY_AFTER_SECONDS, self.tools.stop)

    def close(self) -> Batch:
        """The batch as it stands now: what was not looked at is recorded as unknown, and later answers are dropped."""
        with self._lock:
            self._closed = True
            looks = list(self._looks)
        met = {(look.subject_kind, look.subject_key, look.native_id) for look in looks}
        for subject in self.subjects:
            if (subject.kind, subject.key, subject.native_id) not in met:
                looks.append(self._unasked(subject, Reason.INTERRUPTED))
        closed_monotonic = self.tools.clock.monotonic()
        batch = Batch(
            platform=self.adapter.platform,
            round=self.round,
            endpoint=self.endpoint.name,
            adapter=self.adapter.name,
            adapter_version=self.adapter.version,
            started_at=self._started.at,
            closed_at=self.tools.clock.now(),
            boot_id=self._started.boot_id,
            started_monotonic=self._started.monotonic,
            closed_monotonic=closed_monotonic,
            egress=self.tools.egress,
            valid=True,
            controlled=self.controls.configured,
            void_because=None,
            looks=tuple(looks),
            classes=_classes_alive(looks),
        )
        reason = self._void_because(batch)
        return replace(batch, valid=reason is None, void_because=reason)

    def _look(self, asked: Sequence[Subject], attempt: int) -> list[Look]:
        """One look at each, all from the same exchanges."""
        if self._down >= HOST_DOWN_AFTER:
            return [self._unasked(subject, Reason.SKIPPED_HOST_DOWN, attempt) for subject in asked]
        seen: list[Exchange] = []
        sent_at, sent_monotonic = self.tools.clock.now(), self.tools.clock.monotonic()
        readings = self._ask(asked, seen)
        self._down = self._down + 1 if readings[-1].reason in UNREACHABLE else 0
        if wait := max(reading.retry_after_seconds or 0 for reading in readings):
            self.tools.client.pause(self.host, wait)
        return [
            Look(
                subject_kind=subject.kind,
                subject_key=subject.key,
                native_id=subject.native_id,
                attempt=attempt,
                reading=reading,
                exchanges=tuple(seen),
                sent_at=seen[0].sent_at if seen else sent_at,
                received_at=seen[-1].received_at if seen else self.tools.clock.now(),
                sent_monotonic=seen[0].sent_monotonic if seen else sent_monotonic,
                received_monotonic=seen[-1].received_monotonic if seen else self.tools.clock.monotonic(),
            )
            for subject, reading in zip(asked, readings, strict=True)
        ]

    def _ask(self, asked: Sequence[Subject], seen: list[Exchange]) -> list[Reading]:
        """Ask the adapter, recording every exchange. The one place where an adapter's exception is caught."""
        also = (self.host,) if self.endpoint.federated else ()
        get = Recorder(self.tools.client, seen, also)

        try:
            if self.ask is not None:
                return [self.ask(subject, get) for subject in asked]
            refs = [subject.ref for subject in asked if subject.ref is not None]
            readings = self.adapter.observe(refs, self.endpoint, get)
            if len(readings) != len(asked):
                raise ValueError(f"{len(readings)} readings of {len(asked)} refs")
            return readings
        except Exception as error:
            self.errors += 1
            words = f"{type(error).__name__} inside the adapter {self.adapter.name}: {error}"
            last = seen[-1] if seen else None
            return [Reading(Outcome.UNKNOWN, Reason.ADAPTER_ERROR, last, message=words) for _ in asked]

    def _unasked(self, subject: Subject, reason: Reason, attempt: int = 1) -> Look:
        now, monotonic = self.tools.clock.now(), self.tools.clock.monotonic()
        reading = Reading(Outcome.UNKNOWN, reason)
        return Look(subject.kind, subject.key, subject.native_id, attempt, reading, (), now, now, monotonic, monotonic)

    def _keep(self, looks: Sequence[Look]) -> None:
        with self._lock:
            if not self._closed:
                self._looks.extend(looks)

    def _void_because(self, batch: Batch) -> str | None:
        took = batch.closed_monotonic - batch.started_monotonic
        allowed = self.deadline_seconds + len(batch.looks) * self.tools.gap_seconds(self.host)
        if batch.boot_id != self.tools.clock.boot_id:
            return "the machine was started anew during the batch"
        if took > allowed:
            return f"the batch took {took:.0f} s, more than {allowed:.0f} s"
        if not self.controls.configured:
            return None
        if self.controls.missing:
            return self.controls.missing
        asked = [look for look in batch.looks if look.subject_kind is SubjectKind.CONTROL and not _class_of(look)]
        everyone = asked_in(self.endpoint, self.controls, ())
        last = _last_attempts(asked, len(everyone) - len(self.controls.of_classes))
        if last is None:
            return "a control did not run"
        return next((problem for look in last if (problem := misreading(look))), None)


def _class_of(look: Look) -> str | None:
    """Of a control of restricted posts, the outcome that it stands for; None for every other look."""
    kind = look.subject_key.partition(":")[0]
    return kind if look.subject_kind is SubjectKind.CONTROL and kind in CLASSES else None


def _classes_alive(looks: Sequence[Look]) -> tuple[str, ...]:
    """The kinds of restricted posts of which a control was seen to be alive."""
    seen = {kind for look in looks if (kind := _class_of(look)) and look.reading.outcome in (kind, Outcome.PRESENT)}
    return tuple(sorted(seen))


def misreading(look: Look) -> str | None:
    """What is wrong with a control's look; None if it read as it must."""
    kind, _, name = look.subject_key.partition(":")
    outcome = look.reading.outcome
    if not misreads(look.subject_key, look.native_id, outcome):
        return None
    return f"control {kind} {name} read {outcome} ({look.reading.reason})"


def misreads(key: str, native_id: str | None, outcome: Outcome) -> bool:
    """Whether this is not what the control of that key must read; one without a post's id is an account."""
    is_alive = key.startswith("present:")
    if native_id is None:
        return (outcome is Outcome.ACCOUNT_OK) != is_alive
    return outcome is not (Outcome.PRESENT if is_alive else Outcome.ABSENT)


def asked_in(endpoint: Endpoint, controls: Controls, subjects: Sequence[Subject]) -> Sequence[Subject]:
    """Whom a batch looks at, in order. A request that names many has no before and after, and no control twice."""
    everyone = (*controls.before, *controls.of_classes, *subjects, *controls.after)
    if endpoint.ids_per_request == 1:
        return everyone
    return list({(subject.kind, subject.key, subject.native_id): subject for subject in everyone}.values())


def _last_attempts(asked: Sequence[Look], wanted: int) -> list[Look] | None:
    """The last attempt at each control on each occasion; None if not so many ran."""
    last = {(look.subject_key, (look.attempt - 1) // TRIES): look for look in asked}
    return list(last.values()) if len(last) == wanted else None
