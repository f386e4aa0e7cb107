"""Containers that are files: found, opened, and read on from where the last scan stopped.

read_files ── walk ── open ── stamp as on file? ── Unchanged(below) ── complete? end
                                  │                       └ else from where it stopped
                                  ├ begins as it did? ── Unchanged(below) ── from where it stopped
                                  └ else from the beginning
           └─ followed: Step after Step from the format's own reader, a Reached from time to time and at the end
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from archiver.articles.container import Opened, Reader, Step, followed
from archiver.articles.growth import Beginning, Mark, read_mark
from archiver.articles.names import Names
from archiver.articles.source import Known
from archiver.articles.stamps import within_64_bits
from archiver.articles.walk import (
    FLAGS,
    Found,
    is_empty,
    is_regular,
    not_mounted,
    not_regular,
    printable,
    raced,
    unread,
    walk,
)
from archiver.model.article import Finding, Stamp, Unchanged, Unread

DEPTH = 16


def read_files(
    path: Path,
    suffixes: tuple[bytes, ...],
    known: Known,
    reader: Reader,
    *,
    manner: str = "",
    by_content: bool = False,
    is_window: bool = False,
) -> Iterator[Finding]:
    """The articles in a file, or in each file below a folder whose name ends with one of `suffixes` in any case.

    `path` itself may be a link, nothing below it. Files of other names are counted. The rest is told to the Follower.
    """
    try:
        root = os.open(path, FLAGS & ~os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        yield _named_by_user(error)
        return
    follower = Follower(known, reader, manner=manner, by_content=by_content, is_window=is_window)
    try:
        status = os.fstat(root)
        if not stat.S_ISDIR(status.st_mode):
            if is_regular(status):
                yield from follower.opened(root, printable(os.fsencode(path.name)))
            else:
                # Nothing that a person asked for by name is passed over in silence.
                yield Unread("", "not_regular", "neither a file nor a folder (a pipe, a socket or a device)")
            return
        if known.stamps and is_empty(root):
            yield not_mounted(len(known.stamps))
            return
        names = Names()
        for found in walk(root, "", DEPTH, lambda name: names.is_container(name, suffixes), names.pass_over_hidden):
            yield from follower.found(found) if isinstance(found, Found) else iter((found,))
        yield from names.told()
    finally:
        os.close(root)


def each_file(path: Path, suffixes: tuple[bytes, ...]) -> Iterator[tuple[str, BinaryIO]]:
    """The same files once more, each by its location and open until the next is asked for; none that cannot be."""
    try:
        root = os.open(path, FLAGS & ~os.O_NOFOLLOW)
    except (OSError, ValueError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(root).st_mode):
            yield from _open(printable(os.fsencode(path.name)), os.dup(root))
            return
        for found in walk(root, "", DEPTH, lambda name: name.lower().endswith(suffixes)):
            if isinstance(found, Found):
                with contextlib.suppress(OSError):
                    yield from _open(found.location, os.open(found.name, FLAGS, dir_fd=found.folder))
    finally:
        os.close(root)


def _open(location: str, descriptor: int) -> Iterator[tuple[str, BinaryIO]]:
    with os.fdopen(descriptor, "rb") as file:
        if is_regular(os.fstat(descriptor)):
            yield location, file


class Follower:
    """Opens containers and reads those that are new, changed or not read to their end."""

    def __init__(
        self, known: Known, reader: Reader, *, manner: str = "", by_content: bool = False, is_window: bool = False
    ) -> None:
        """`manner` says how the source was told to read; with another one on file everything is read again.

        `by_content`: every article has a stamp of what it says, a Reached counts the articles that stand before it, and
        what is not complete is read from its beginning. What leaves a container that is a window on something longer
        has not vanished.
        """
        self.known = known
        self.reader = reader
        self.manner = manner
        self.by_content = by_content
        self.is_window = is_window
        outdated = _fewer_than_on_file if by_content else _outdated
        self.outdated = set() if is_window else outdated(known, manner)

    def found(self, found: Found) -> Iterator[Finding]:
        """What stands in a file that a walk met."""
        try:
            file = os.open(found.name, FLAGS, dir_fd=found.folder)
        except OSError as error:
            yield raced(found.location, error)
            return
        try:
            yield from self.opened(file, found.location)
        finally:
            os.close(file)

    def opened(self, descriptor: int, location: str) -> Iterator[Finding]:
        """What stands in an open file."""
        status = os.fstat(descriptor)
        if not is_regular(status):
            yield not_regular(location)
            return
        stamp = Stamp(status.st_size, within_64_bits(status.st_mtime_ns), within_64_bits(status.st_ino))
        if not stamp.size and (number := self._lost(location)):
            # As a full disk leaves it, or a copy that broke off.
            yield Unread(location, "missing", f"empty, where {number} articles were")
            return
        try:
            start = self._start(location, stamp, Beginning(descriptor))
            yield from self._before(location, start)
            if start.is_done:
                return
            with os.fdopen(os.dup(descriptor), "rb") as file:
                opened = Opened(location, file, start.stamp, start.position, status.st_size, start.has_grown)
                yield from followed(location, stamp, self.reader(opened), start.stamps, self._writer(start, stamp))
        except OSError as error:
            yield unread(location, error)

    def _lost(self, location: str) -> int:
        """How many articles are on file of a container that is empty now."""
        earlier = self.known.reached.get(location)
        if earlier is None or not earlier.stamp.size:
            return 0
        return sum(place.startswith(location + "/") for place in self.known.stamps)

    def _start(self, location: str, stamp: Stamp, beginning: Beginning) -> _Start:
        earlier = self.known.reached.get(location)
        same = earlier is not None and earlier.stamp == stamp
        fresh = _Start(beginning, stamp, self.known.stamps)
        if earlier is None or not earlier.position.startswith(self.manner):
            # Told to read otherwise: what is on file was read in another way.
            return replace(fresh, stamps={}) if same else fresh
        if self.by_content:
            return replace(fresh, is_done=same and earlier.complete and location not in self.outdated)
        mark, position = read_mark(earlier.position.removeprefix(self.manner))
        if same:
            of_articles = mark.stamp if mark else stamp
            return replace(fresh, stamp=of_articles, position=position, mark=mark, is_done=earlier.complete)
        if mark is None or mark.covered > stamp.size or beginning.up_to(mark.covered) != mark.digest:
            return fresh
        # What was handed over behind that point, and has not been covered, may be other words now.
        stamps = self.known.stamps if earlier.complete else {}
        return replace(fresh, stamp=mark.stamp, stamps=stamps, position=position, mark=mark, has_grown=True)

    def _before(self, location: str, start: _Start) -> Iterator[Unchanged]:
        """What was handed over before. Where the container has changed since, only what was met in its new state."""
        if self.by_content:
            if start.is_done or self.is_window:
                yield Unchanged(location, below=True, anew=not start.is_done)
        elif start.position or start.is_done:
            if location not in self.outdated:
                yield Unchanged(location, below=True)
                return
            for place, each in self.known.stamps.items():
                if each == start.stamp and place.startswith(location + "/"):
                    yield Unchanged(place)

    def _writer(self, start: _Start, stamp: Stamp) -> Callable[[Step, bool], str]:
        def written(step: Step, at_end: bool) -> str:
            if not step.position:
                # There was no step: it ends where it ended before.
                step = replace(step, position=start.position, covered=start.mark.covered if start.mark else None)
            if step.covered is None:
                return self.manner + step.position
            covered = max(step.covered, start.beginning.length, stamp.size if at_end else 0)
            return f"{self.manner}{Mark(start.beginning.up_to(covered), covered, start.stamp)}{step.position}"

        return written


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the reading of a container begins this time."""

    beginning: Beginning
    stamp: Stamp
    """As in Opened."""
    stamps: Mapping[str, Stamp]
    """What need not be handed over."""
    position: str = ""
    mark: Mark | None = None
    is_done: bool = False
    """Whether it was read to its end."""
    has_grown: bool = False


def _outdated(known: Known, manner: str) -> set[str]:
    """The containers below which something on file was last met in another state of the container."""
    states = {}
    for place, reached in known.reached.items():
        mark, _ = read_mark(reached.position.removeprefix(manner))
        states[place] = mark.stamp if mark else reached.stamp
    return {above for place, stamp in known.stamps.items() for above in _above(place, states) if states[above] != stamp}


def _fewer_than_on_file(known: Known, _: str) -> set[str]:
    """The containers that hold fewer articles than are on file: a scan was stopped before it told what has vanished."""
    counts = Counter(above for place in known.stamps for above in _above(place, known.reached))
    return {place for place, reached in known.reached.items() if counts[place] > _number(reached.position)}


def _number(position: str) -> int:
    return int(position) if position.isdecimal() else 0


def _above(place: str, containers: Collection[str]) -> Iterator[str]:
    """The containers that an article stands below."""
    if containers:
        for slash in re.finditer("/", place):
            if (above := place[: slash.start()]) in containers:
                yield above


def _named_by_user(error: OSError | ValueError) -> Unread:
    if isinstance(error, ValueError):
        # A path with a NUL is nothing at all to the system.
        return Unread("", "missing", str(error))
    refusal = unread("", error)
    # It was followed; it leads round in a circle.
    return Unread("", "io" if refusal.reason == "symlink" else refusal.reason, error.strerror or str(error))
