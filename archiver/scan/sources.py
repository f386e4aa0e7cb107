"""Scanning: stored articles go in, embeds and posts come out.

    Source.read ─Article→ embeds.find ─Embed→ platforms.identify ─Identification→ store.articles.save
          ├─Unchanged: its stamp is the one on file; nothing is read or written
          ├─Unread: kept as a failure and counted; the scan goes on
          └─(end): what is on file, was not met and lies below nothing unread has vanished: its embeds are closed

Articles are written a chunk at a time, each chunk in one transaction: a killed scan loses nothing that was stored and
reads the rest next time. What no adapter identifies is kept as an unidentified embed, never dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from archiver.articles.source import Source
from archiver.clock import Clock
from archiver.embeds.find import find
from archiver.model.article import Article, Unchanged, Unread
from archiver.model.embed import Embed, Identification
from archiver.platforms import registry
from archiver.store import articles
from archiver.store.transaction import OpenRun, Store, Transaction

CHUNK_ARTICLES = 200

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
    doubtful: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Locations of articles of which a person should know something, and what."""
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        """Whether something was found wrong: a file unread, an article unparsed."""
        unread = any(not each.harmless for each in self.unread)
        return unread or any("unparsed" in doubts for _, doubts in self.doubtful)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One article with what was found in it, not yet stored."""

    article: Article
    found: tuple[tuple[Embed, Identification | None], ...]
    doubts: tuple[str, ...]


def look_through(article: Article, clock: Clock) -> Scanned:
    """The embeds of one article, each with what an adapter makes of it. Touches no archive."""
    embeds = find(article)
    now = clock.now()
    found = tuple((embed, registry.identify(embed, now)) for embed in embeds.embeds)
    return Scanned(article, found, (*article.doubts, *embeds.doubts))


def scan(
    store: Store,
    sources: Sequence[Source],
    clock: Clock,
    run: OpenRun,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> ScanSummary:
    """Scan every source into the archive."""
    summary = ScanSummary()
    for source in sources:
        if stop is not None and stop.is_set():
            summary.interrupted = True
            break
        _scan_source(store, source, clock, run, summary, progress, stop)
    for name in ("read", "unchanged", "vanished", "embeds", "unidentified"):
        run.count(name, getattr(summary, name))
    run.count("unread", sum(not each.harmless for each in summary.unread))
    return summary


def _scan_source(
    store: Store,
    source: Source,
    clock: Clock,
    run: OpenRun,
    summary: ScanSummary,
    progress: Progress | None,
    stop: threading.Event | None,
) -> None:
    with store.reading() as connection:
        known = articles.stamps(connection, source.name)
    missing = dict.fromkeys(known)
    waiting: list[Scanned | Unread] = []
    for met, finding in enumerate(source.read(known), 1):
        if stop is not None and stop.is_set():
            summary.interrupted = True
            break
        missing.pop(finding.location, None)
        if isinstance(finding, Unchanged):
            summary.unchanged += 1
        else:
            waiting.append(_take(finding, clock, summary))
        if len(waiting) >= CHUNK_ARTICLES:
            _write(store, source.name, run, waiting)
        if progress:
            progress(met, finding.location)
    _write(store, source.name, run, waiting)
    if not summary.interrupted:
        gone = list(_vanished(missing, summary.unread))
        summary.vanished += len(gone)
        _write_vanished(store, source.name, run, gone)


def _take(finding: Article | Unread, clock: Clock, summary: ScanSummary) -> Scanned | Unread:
    if isinstance(finding, Unread):
        summary.unread.append(finding)
        return finding
    scanned = look_through(finding, clock)
    summary.read += 1
    summary.embeds += len(scanned.found)
    summary.unidentified += sum(identification is None for _, identification in scanned.found)
    if scanned.doubts:
        summary.doubtful.append((finding.location, scanned.doubts))
    return scanned


def _write(store: Store, source: str, run: OpenRun, waiting: list[Scanned | Unread]) -> None:
    if not waiting:
        return
    with store.writing(run.id) as transaction:
        for each in waiting:
            _write_one(transaction, source, each)
    waiting.clear()


def _write_one(transaction: Transaction, source: str, each: Scanned | Unread) -> None:
    if isinstance(each, Scanned):
        articles.save(transaction, each.article, each.found, each.doubts)
    elif not each.harmless:
        articles.save_failure(transaction, source, each)


def _vanished(missing: dict[str, None], unread: Sequence[Unread]) -> Iterator[str]:
    """Of the locations that were not met, those that are really gone: nothing unread stands above them."""
    above = [each.location for each in unread if not each.harmless]
    for location in missing:
        if not any(location == place or not place or location.startswith(place.rstrip("/") + "/") for place in above):
            yield location


def _write_vanished(store: Store, source: str, run: OpenRun, locations: Sequence[str]) -> None:
    for start in range(0, len(locations), CHUNK_ARTICLES):
        with store.writing(run.id) as transaction:
            for location in locations[start : start + CHUNK_ARTICLES]:
                articles.vanish(transaction, source, location)
