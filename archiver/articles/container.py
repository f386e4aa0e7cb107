"""Files that hold many articles: found, opened, and read on from where the last scan stopped.

read_files ── walk ── open ── stamp as on file? ── Unchanged(below) ── complete? end
                                  └ else from the beginning
           └─ followed: Step after Step from the format's own reader, a Reached from time to time and at the end
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver import digest
from archiver.articles.source import Known
from archiver.articles.walk import FLAGS, Found, is_regular, not_regular, printable, raced, unread, walk
from archiver.model.article import Finding, Reached, Stamp, StoredArticle, Unchanged, Unread

SIZE_CAP_BYTES = 50_000_000
DEPTH = 16

REACHED_EVERY = 200
"""Findings between two Reached; a scan that is killed reads so many again at most."""
QUIET_STEPS = 5_000
"""The same for parts of a container that hold no article."""
KEY_CHARACTERS = 500
"""A longer key is cut in a location, with a digest of the whole behind it."""
UNREAD_CAP = 1_000
"""So many unreadable parts of one container are told one by one; then it is left until the next scan."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a container: what it is, and where reading goes on after it."""

    finding: StoredArticle | Unchanged | Unread | None
    """None for a part that is no article. `Unread` with the container's own location ends the reading of it."""
    position: str
    """As in Reached."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A container, opened."""

    location: str
    file: BinaryIO
    stamp: Stamp
    position: str
    """Where to go on; "" is the beginning."""


Reader = Callable[[Opened], Iterator[Step]]
"""Reads the steps of a container from its position on. What it raises as OSError makes the container unread."""


def read_files(
    path: Path,
    suffixes: tuple[bytes, ...],
    known: Known,
    reader: Reader,
    *,
    manner: str = "",
    is_window: bool = False,
) -> Iterator[Finding]:
    """The articles in a file, or in each file below a folder whose name ends with one of `suffixes` in any case.

    `path` itself may be a link, nothing below it. `manner` says how the source was told to read; with another one on
    file everything is read again. What leaves a container that is a window on something longer has not vanished.
    """
    try:
        root = os.open(path, FLAGS & ~os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        yield _named_by_user(error)
        return
    follower = _Follower(known, reader, manner, is_window)
    try:
        status = os.fstat(root)
        if not stat.S_ISDIR(status.st_mode):
            if is_regular(status):
                yield from follower.opened(root, printable(os.fsencode(path.name)))
            else:
                # Nothing that a person asked for by name is passed over in silence.
                yield Unread("", "not_regular", "neither a file nor a folder (a pipe, a socket or a device)")
            return
        for found in walk(root, "", DEPTH, lambda name: name.lower().endswith(suffixes)):
            yield from follower.found(found) if isinstance(found, Found) else iter((found,))
    finally:
        os.close(root)


def followed(
    location: str, stamp: Stamp, steps: Iterator[Step], stamps: Mapping[str, Stamp], manner: str = ""
) -> Iterator[Finding]:
    """What a container's steps hand over, with Reached between them. An article that is on file is not handed over."""
    position, findings, quiet, failures = "", 0, 0, 0
    for step in steps:
        finding, position = step.finding, step.position
        if finding is None:
            quiet += 1
        else:
            if isinstance(finding, StoredArticle) and stamps.get(finding.location) == stamp:
                finding = Unchanged(finding.location)
            findings += 1
            failures += isinstance(finding, Unread)
            yield finding
            if isinstance(finding, Unread) and finding.location == location:
                return
        if failures > UNREAD_CAP:
            yield Unread(location, "unparsed", f"more than {UNREAD_CAP} of its parts cannot be read; the rest waits")
            return
        if findings >= REACHED_EVERY or quiet >= QUIET_STEPS:
            yield Reached(location, stamp, manner + position, complete=False)
            findings = quiet = 0
    yield Reached(location, stamp, manner + position, complete=True)


def named(container: str, key: str) -> str:
    """The location of an article in a container, by a key that anybody may have written."""
    shown = printable(key.encode("utf-8", "surrogatepass"))
    if len(shown) > KEY_CHARACTERS:
        shown = f"{shown[: KEY_CHARACTERS - 64]}~{digest.of_bytes(shown.encode()).removeprefix('sha256:')[:32]}"
    return f"{container}/{shown}" if container else shown


def digest_number(payload: bytes) -> int:
    """The first 63 bits of a digest: what stands in a stamp where a file would have its number."""
    return int(digest.of_bytes(payload).removeprefix("sha256:")[:16], 16) >> 1


class _Follower:
    """Opens containers and reads those that are new, changed or not read to their end."""

    def __init__(self, known: Known, reader: Reader, manner: str, is_window: bool) -> None:
        self.known = known
        self.reader = reader
        self.manner = manner
        self.is_window = is_window
        self.outdated = set() if is_window else _outdated(known)

    def found(self, found: Found) -> Iterator[Finding]:
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
        status = os.fstat(descriptor)
        if not is_regular(status):
            yield not_regular(location)
            return
        stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ino)
        earlier = self.known.reached.get(location)
        same = earlier is not None and earlier.stamp == stamp
        stamps, position = self.known.stamps, ""
        if self.is_window and not same:
            yield Unchanged(location, below=True)
        if earlier is not None and same and earlier.position.startswith(self.manner):
            yield from self._standing(location, stamp)
            if earlier.complete:
                return
            position = earlier.position.removeprefix(self.manner)
        elif same:
            stamps = {}
        with os.fdopen(os.dup(descriptor), "rb") as file:
            steps = self.reader(Opened(location, file, stamp, position))
            try:
                yield from followed(location, stamp, steps, stamps, self.manner)
            except OSError as error:
                yield unread(location, error)

    def _standing(self, location: str, stamp: Stamp) -> Iterator[Unchanged]:
        """What was handed over before. Where the container has changed since, only what was met in its new state."""
        if location not in self.outdated:
            yield Unchanged(location, below=True)
            return
        for place, each in self.known.stamps.items():
            if each == stamp and place.startswith(location + "/"):
                yield Unchanged(place)


def _outdated(known: Known) -> set[str]:
    """The containers below which something on file was last met in another state of the container."""
    found = set()
    for place, stamp in known.stamps.items():
        for slash in re.finditer("/", place):
            reached = known.reached.get(place[: slash.start()])
            if reached is not None and reached.stamp != stamp:
                found.add(reached.location)
    return found


def _named_by_user(error: OSError | ValueError) -> Unread:
    if isinstance(error, ValueError):
        # A path with a NUL is nothing at all to the system.
        return Unread("", "missing", str(error))
    refusal = unread("", error)
    # It was followed; it leads round in a circle.
    return Unread("", "io" if refusal.reason == "symlink" else refusal.reason, error.strerror or str(error))
