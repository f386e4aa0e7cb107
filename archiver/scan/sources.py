"""Scanning: stored articles go in, embeds and posts come out.

    Source.read ─StoredArticle→ workers: look_through ─Article, (Embed, Identification)s→ store.articles.save
          ├─Unchanged: its stamp is the one on file; nothing is read or written
          ├─PassedOver: counted by the endings of names, for the summary
          ├─Unread: kept as a failure and counted, and on file as such until it can be read; the scan goes on
          ├─Reached: how far a container was read, stored together with the articles before that point
          └─(end): what is on file, was not met and lies below nothing unread has vanished: its embeds are closed

Articles are written a chunk at a time, every second or sooner, each chunk in one transaction: a killed scan loses
nothing that was stored and reads the rest next time. What no adapter identifies is kept as an unidentified embed, never
dropped.
"""

from __future__ import annotations

import gc
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archiver.articles.source import Known, Source
from archiver.clock import Clock
from archiver.errors import ArchiverError
from archiver.model.article import PassedOver, Reached, Unchanged, Unread
from archiver.scan.look import Scanned, rarely_collecting
from archiver.scan.workers import Workers, processes_here
from archiver.store import articles, unread
from archiver.store.transaction import OpenRun, Store, Transaction

CHUNK_ARTICLES = 500
CHUNK_SECONDS = 1.0
"""What was looked through is written after so long at the latest: a scan that is killed loses no more."""

Progress = Callable[[int, str], None]
"""Called with the number of articles met so far and the place where the scan is."""


@dataclass(slots=True)
class ScanSummary:
    """What a scan met and stored."""

    read: int = 0
    unchanged: int = 0
    vanished: int = 0
    embeds: int = 0
    unidentified: int = 0
    unread: list[Unread] = field(default_factory=list)
    """Places that could not be read, those skipped by rule too."""
    still_unread: int = 0
    """Places on file as unread that this scan had no reason to try again."""
    doubtful: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Locations of articles of which a person should know something, and what."""
    suspicious: int = 0
    """Articles that a person should look at: with such doubts, or with an embed that no adapter knows."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Files not opened because of their names, by what these end with."""
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        """Whether something was found wrong: a file unread, an article unparsed."""
        unread = any(not each.harmless for each in self.unread)
        return unread or any("unparsed" in doubts for _, doubts in self.doubtful)


def scan(
    store: Store,
    sources: Sequence[Source],
    clock: Clock,
    run: OpenRun,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    processes: int = 0,
    again: bool = False,
) -> ScanSummary:
    """Scan every source into the archive, on so many processes; 0 for one a core. `again`: also what did not change.

    A bug that ends one source is raised when the others have been read.
    """
    summary = ScanSummary()
    bugs: list[Exception] = []
    workers = Workers(clock.now, processes or processes_here())
    try:
        with rarely_collecting():
            for source in sources:
                if stop is not None and stop.is_set():
                    summary.interrupted = True
                    break
                try:
                    _Pass(store, source, clock, run, summary, progress, stop).go(workers, again=again)
                except (ArchiverError, OSError):
                    raise
                except Exception as error:  # a bug of ours: it must not keep the other sources from being read
                    bugs.append(error)
    finally:
        workers.close()
    for name in ("read", "unchanged", "vanished", "embeds", "unidentified"):
        run.count(name, getattr(summary, name))
    run.count("unread", sum(not each.harmless for each in summary.unread))
    if bugs:
        raise bugs[0]
    return summary


class _Pass:
    """One source, from its beginning to its end."""

    def __init__(
        self,
        store: Store,
        source: Source,
        clock: Clock,
        run: OpenRun,
        summary: ScanSummary,
        progress: Progress | None,
        stop: threading.Event | None,
    ) -> None:
        self.store = store
        self.source = source
        self.clock = clock
        self.run = run
        self.summary = summary
        self.progress = progress
        self.stop = stop
        self.waiting: list[Scanned | Reached | Unread] = []
        self.unchanged_below: list[str] = []
        self.reached_now: dict[str, Reached] = {}
        self.reached_before: Mapping[str, Reached] = {}
        self.unread_before: Sequence[str] = ()
        self.windows: set[str] = set()
        """Of `unchanged_below`, what is read from its beginning all the same."""
        self.written_at = clock.monotonic()

    def go(self, workers: Workers, *, again: bool) -> None:
        with self.store.reading() as connection:
            stamps, reached = articles.known(connection, self.source.name)
            self.unread_before = unread.standing(connection, self.source.name)
        self.reached_before = {} if again else reached
        missing = dict.fromkeys(stamps)
        told = len(self.summary.unread)
        known = Known() if again else Known(stamps, reached)
        for met, looked in enumerate(workers.through(self.source.read(known)), 1):
            if self.stop is not None and self.stop.is_set():
                self.summary.interrupted = True
                break
            if isinstance(looked, Unchanged):
                location = self._pass_over(looked)
            elif isinstance(looked, PassedOver):
                self.summary.passed_over.update(looked.endings)
                continue
            else:
                location = self._take(looked)
            missing.pop(location, None)
            if self.progress:
                self.progress(met, location)
        self._write()
        if self.summary.interrupted:
            return
        above = [each.location for each in self.summary.unread[told:] if not each.harmless]
        kept = [*above, *self.unchanged_below]
        # What stands in a container that did not change was not met one by one.
        self.summary.unchanged += len(missing) - sum(1 for _ in _vanished(missing, self.unchanged_below))
        # What is read again is asked for as if nothing were known, which tells nothing of what has vanished.
        if not again:
            self._write_vanished(list(_vanished(missing, kept)))
            self._forget_containers([*reached], kept)
        self._settle_unread(above)

    def _pass_over(self, unchanged: Unchanged) -> str:
        self.summary.unchanged += not unchanged.below
        if unchanged.below:
            self.unchanged_below.append(unchanged.location)
            if unchanged.anew:
                self.windows.add(unchanged.location)
        return unchanged.location

    def _take(self, looked: Scanned | Reached | Unread) -> str:
        """Count it and put it by to be written; returns its location."""
        summary = self.summary
        looked = replace(looked, source=self.source.name) if isinstance(looked, Unread) else looked
        self.waiting.append(looked)
        if isinstance(looked, Scanned):
            summary.read += 1
            summary.embeds += len(looked.found)
            unidentified = sum(identification is None for _, identification in looked.found)
            summary.unidentified += unidentified
            summary.suspicious += bool(unidentified or looked.doubts)
            if looked.doubts:
                summary.doubtful.append((looked.article.location, looked.doubts))
        elif isinstance(looked, Unread):
            summary.unread.append(looked)
        else:
            self.reached_now[looked.location] = looked
        if len(self.waiting) >= CHUNK_ARTICLES or self.clock.monotonic() - self.written_at >= CHUNK_SECONDS:
            self._write()
        return looked.article.location if isinstance(looked, Scanned) else looked.location

    def _write(self) -> None:
        if not self.waiting:
            return
        with self.store.writing(self.run.id) as transaction:
            scanned = [each for each in self.waiting if isinstance(each, Scanned)]
            articles.save(transaction, self.source.name, scanned)
            for each in self.waiting:
                self._write_rest(transaction, each)
        self.waiting.clear()
        # Statements are cycles that hold all that was asked for by them: half a megabyte a chunk.
        gc.collect(1)
        self.written_at = self.clock.monotonic()

    def _write_rest(self, transaction: Transaction, each: Scanned | Reached | Unread) -> None:
        if isinstance(each, Reached):
            articles.save_reached(transaction, self.source.name, each)
            if not self._was_resumed(each):
                # Read from its beginning: what could not be read in an older state of it is void at once, as the next
                # scan may go on from here.
                void = {place for place in self.unread_before if place.startswith(f"{each.location}/")}
                unread.forget(transaction, self.source.name, sorted(void - self._met_unread()))
        elif isinstance(each, Unread) and not each.harmless:
            unread.save(transaction, self.source.name, each)

    def _write_vanished(self, locations: Sequence[str]) -> None:
        self.summary.vanished += len(locations)
        for start in range(0, len(locations), CHUNK_ARTICLES):
            with self.store.writing(self.run.id) as transaction:
                articles.vanish(transaction, self.source.name, locations[start : start + CHUNK_ARTICLES])

    def _forget_containers(self, locations: Sequence[str], still: Sequence[str]) -> None:
        """Containers that are no longer there: should they come back, they are read from the beginning."""
        gone = [each for each in _vanished(dict.fromkeys(locations), still) if each not in self.reached_now]
        if gone:
            with self.store.writing(self.run.id) as transaction:
                articles.forget_reached(transaction, self.source.name, gone)

    def _settle_unread(self, above: Sequence[str]) -> None:
        """Take those off the file that can be read now, or are gone; the summary counts what was not met again."""
        before, met = self.unread_before, self._met_unread()
        resumed = [each.location for each in self.reached_now.values() if self._was_resumed(each)]
        unchanged = [each for each in self.unchanged_below if each not in self.windows]
        over = set(_vanished(dict.fromkeys(before), [*above, *unchanged, *resumed]))
        # What stands below a container that did not change is not met again; the container itself was opened.
        over.update([*self.unchanged_below, *resumed])
        # Where one has grown, its last part is read again, which may only now be whole.
        grown = [self.reached_before[each] for each in self.reached_now if each in self.reached_before]
        over.update(place for place in before if any(_was_last(place, each) for each in grown))
        over = over.intersection(before) - met
        if over:
            with self.store.writing(self.run.id) as transaction:
                unread.forget(transaction, self.source.name, sorted(over))
        self.summary.still_unread += len({*before} - over - met)

    def _met_unread(self) -> set[str]:
        """What could not be read in this scan."""
        mine = (each for each in self.summary.unread if each.source == self.source.name)
        return {each.location for each in mine if not each.harmless}

    def _was_resumed(self, reached: Reached) -> bool:
        """Whether a container was read on from where an earlier scan had stopped."""
        if reached.location in self.unchanged_below:
            return reached.location not in self.windows
        earlier = self.reached_before.get(reached.location)
        return earlier is not None and not earlier.complete and earlier.stamp == reached.stamp


def _was_last(place: str, reached: Reached) -> bool:
    """Whether a place is the part of a container up to which that was read."""
    label = place.removeprefix(f"{reached.location}/")
    return label != place and re.search(rf"(?<!\d){re.escape(label.lstrip('@'))}\Z", reached.position) is not None


def _vanished(missing: dict[str, None], kept: Sequence[str]) -> Iterator[str]:
    """Of the locations that were not met, those that are really gone: nothing unread or unchanged stands above them."""
    above = frozenset(place.rstrip("/") for place in kept)
    for location in missing:
        ends = [at for at, letter in enumerate(location) if letter == "/"]
        if "" not in above and not any(location[:end] in above for end in (*ends, len(location))):
            yield location
