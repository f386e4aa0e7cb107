"""Looking through articles in several processes, in order, while one process reads them and writes what was found.

    findings ─chunks→ workers ─Scanned→ in the order of the findings
                         └ a worker dies: its chunk is looked through again, alone; what kills twice is told

Few articles are looked through here: to start the workers costs as long as some hundred articles take. Workers are
started fresh (forkserver), never forked from a process that has threads and an open database.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archiver.model.article import Finding, Reached, StoredArticle, Unchanged, Unread
from archiver.scan.look import Scanned, look_through_all
from archiver.scan.pool import Pool

CHUNK_ARTICLES = 16
"""More a chunk gain nothing, fewer cost more than they save (performance.md)."""
CHUNK_BYTES = 2_000_000
BYTES_IN_FLIGHT = 24_000_000
STARTS_AFTER = 300
"""Articles that are looked through in this process before others are started."""

_BROKEN = (BrokenProcessPool, EOFError, OSError)
"""What a pool raises whose workers, or the server that starts them, were killed."""

Looked = Scanned | Unchanged | Reached | Unread
Start = Callable[[int], Executor]


def processes_here() -> int:
    """As many as this process may use cores, at most eight: beyond that one writer is the limit."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8)


def start(processes: int) -> Executor:
    """Workers that have loaded all they need before the first article comes."""
    # One more than can be under way: a slot is free a moment after its answer is there.
    return Pool(processes, slots=_most_waiting(processes) + 2)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """While a worker may be started: it would run the program's main module again, and a script without a guard would
    scan twice. Workers need nothing of it."""
    main = sys.modules["__main__"]
    hidden: dict[str, Any] = {
        name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in main.__dict__
    }
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(hidden)


@dataclass(slots=True)
class _Chunk:
    """Articles to be looked through together, and what came between them."""

    findings: list[Finding] = field(default_factory=list)
    articles: int = 0
    size: int = 0
    future: Future[list[Scanned | Unread]] | None = None

    def add(self, finding: Finding) -> None:
        self.findings.append(finding)
        if isinstance(finding, StoredArticle):
            self.articles += 1
            self.size += len(finding.payload)

    @property
    def is_full(self) -> bool:
        return self.articles >= CHUNK_ARTICLES or self.size >= CHUNK_BYTES or len(self.findings) >= 20 * CHUNK_ARTICLES

    @property
    def stored(self) -> list[StoredArticle]:
        return [each for each in self.findings if isinstance(each, StoredArticle)]


class Workers:
    """Looks through what a source hands over. To be closed."""

    def __init__(self, now: Callable[[], datetime], processes: int, start: Start = start, after: int = STARTS_AFTER):
        """`now`: the time that a look is of. With one process all is done in this one."""
        self._now = now
        self._processes = processes
        self._start = start
        self._after = after
        self._executor: Executor | None = None
        self._looked_through = 0
        self._can_start = True
        self._probes: list[Future[list[Scanned | Unread]]] = []
        self._ready = False

    def close(self) -> None:
        """End the workers."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def through(self, findings: Iterable[Finding]) -> Iterator[Looked]:
        """Each article looked through, all else as it came, in order."""
        waiting: deque[_Chunk] = deque()
        filling = _Chunk()
        for finding in findings:
            if not isinstance(finding, StoredArticle) and not (waiting or filling.findings):
                yield finding
                continue
            if not self._are_ready():
                yield from self._here(finding)
                continue
            filling.add(finding)
            if filling.is_full:
                self._submit(filling)
                waiting.append(filling)
                filling = _Chunk()
            while _is_enough(waiting, self._processes):
                yield from self._finished(waiting)
        if filling.findings:
            self._submit(filling)
            waiting.append(filling)
        while waiting:
            yield from self._finished(waiting)

    def _are_ready(self) -> bool:
        """Whether the workers are at work. They are started once a scan turns out to be long, and until they have
        loaded what they need this process goes on alone."""
        if self._ready or self._processes < 2 or not self._can_start or self._looked_through < self._after:
            return self._ready
        if not self._probes:
            self._begin()
        if self._probes and all(probe.done() for probe in self._probes):
            self._ready = self._confirmed()
        return self._ready

    def _here(self, finding: Finding) -> list[Looked]:
        if not isinstance(finding, StoredArticle):
            return [finding]
        self._looked_through += 1
        return [*look_through_all([finding], self._now())]

    def _submit(self, chunk: _Chunk) -> None:
        if not chunk.articles:
            return
        for _ in range(2):
            try:
                executor = self._executor = self._executor or self._started()
                if executor is not None:
                    with _without_main():
                        chunk.future = executor.submit(look_through_all, chunk.stored, self._now())
                return
            except _BROKEN:
                self._restart()

    def _started(self) -> Executor | None:
        """New workers that were seen to work; None, for ever, where none can be had."""
        if self._can_start:
            self._begin()
        return self._executor if self._probes and self._confirmed() else None

    def _begin(self) -> None:
        try:
            self._executor = self._start(self._processes)
            with _without_main():
                # One for each: the pool starts a worker only when there is work for it.
                self._probes = [
                    self._executor.submit(look_through_all, [], self._now()) for _ in range(self._processes)
                ]
        except _BROKEN:
            self._give_up()

    def _confirmed(self) -> bool:
        try:
            return all(probe.result() == [] for probe in self._probes)
        except _BROKEN:
            self._give_up()
            return False

    def _give_up(self) -> None:
        self._restart()
        self._can_start = False

    def _finished(self, waiting: deque[_Chunk]) -> list[Looked]:
        """What came of the first chunk. Where its worker died, all that were under way are handed out again."""
        chunk = waiting.popleft()
        looked: list[Scanned | Unread] = []
        if chunk.future is None:
            looked = look_through_all(chunk.stored, self._now())
        else:
            try:
                looked = chunk.future.result()
            except _BROKEN:
                self._restart()
                looked = self._alone(chunk.stored)
                for other in waiting:
                    self._submit(other)
        told = iter(looked)
        return [next(told) if isinstance(each, StoredArticle) else each for each in chunk.findings]

    def _alone(self, stored: list[StoredArticle]) -> list[Scanned | Unread]:
        """These with nothing else under way, so that what kills a worker is found among them, or is not."""
        chunk = _Chunk([*stored], len(stored))
        self._submit(chunk)
        try:
            return look_through_all(stored, self._now()) if chunk.future is None else chunk.future.result()
        except _BROKEN:
            self._restart()
        if len(stored) > 1:
            return [looked for each in stored for looked in self._alone([each])]
        return [Unread(stored[0].location, "unparsed", "a worker process died over it, twice")]

    def _restart(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor, self._probes = None, []


def _most_waiting(processes: int) -> int:
    """Chunks that keep the workers busy."""
    return 2 * processes + 1


def _is_enough(waiting: deque[_Chunk], processes: int) -> bool:
    """Whether as much is under way as keeps the workers busy and the memory small."""
    return len(waiting) > _most_waiting(processes) or (
        len(waiting) > 1 and sum(c.size for c in waiting) > BYTES_IN_FLIGHT
    )
