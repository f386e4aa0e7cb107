"""Articles in web archives: WARC files, plain or compressed, and WACZ, which are zips of them.

    frames.Records ─ record ─┬ response, resource: 200, a text by its Content-Type, encodings undone → StoredArticle
                             ├ revisit of the same address → Unchanged; of another → StoredArticle, the payload of the
                             │     record that it refers to; that is in no file of the source → Unread
                             ├ broken, cut, too long → Unread, and on with the next
                             └ anything else: passed over

An article's location is `FILE/OFFSET`, the offset as in a CDX index (`OFFSET.N` for the N-th further record of one
compressed frame).
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from archiver.articles.container import SIZE_CAP_BYTES, Opened, Step
from archiver.articles.describe import http_address
from archiver.articles.files import each_file, read_files
from archiver.articles.frames import Broken, Records, read_label
from archiver.articles.names import WEB_ARCHIVES
from archiver.articles.records import Looking
from archiver.articles.revisits import Original, Originals, Revisit, looks_like_a_page
from archiver.articles.source import Known
from archiver.articles.wacz import READING_ERRORS, members
from archiver.model.article import Finding, Stamp, StoredArticle, Unchanged, Unread

MISSING = "reading WARC needs the extra: pip install 'embed-archiver[warc]'"

_NO_STAMP = Stamp(0, 0, 0)


class Warc:
    """The source of kind "warc": a .warc, .warc.gz, .warc.zst or .wacz file, or a folder of them."""

    def __init__(self, name: str, path: Path, size_cap: int = SIZE_CAP_BYTES) -> None:
        """A record longer than `size_cap` bytes, as stored or decoded, is not read."""
        self.name = name
        self.path = path
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it."""
        try:
            import fastwarc  # noqa: F401
        except ImportError:
            yield Unread("", "unparsed", MISSING)
            return
        with contextlib.closing(_Reading(self, known)) as reading:
            yield from read_files(self.path, WEB_ARCHIVES, known, reading.steps)


class _Reading:
    """One reading of the files."""

    def __init__(self, source: Warc, known: Known) -> None:
        self.source = source
        self.known = known
        self.originals = Originals()
        self.has_looked_on_file = False
        self.has_looked_everywhere = False
        self.parts = self._parts()
        self.container = ""
        self.file: BinaryIO | None = None

    def steps(self, opened: Opened) -> Iterator[Step]:
        """The steps of a container."""
        if not _is_zip(opened.file):
            yield from self._records(opened)
            return
        # The member that was being read, and the label in it.
        at, _, position = opened.position.partition("\n")
        for member in members(opened):
            if isinstance(member, Unread):
                yield Step(member, opened.position)
            elif not at or member.name == at:
                below = Opened(f"{opened.location}/{member.name}", member.file, opened.stamp, position)
                yield from self._member(below, member.name)
                at = position = ""

    def _member(self, below: Opened, name: str) -> Iterator[Step]:
        reached = below.position
        try:
            for step in self._records(below):
                reached = step.position
                yield Step(step.finding, f"{name}\n{reached}")
        except (OSError, *READING_ERRORS) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            yield Step(Unread(below.location, "unparsed", str(error) or "it breaks off"), f"{name}\n{reached}")

    def _records(self, opened: Opened) -> Iterator[Step]:
        looking = self._looking(opened.location, opened.stamp)
        for label, met in Records(opened.file, looking.look).read(opened.position, again=opened.grown):
            finding: StoredArticle | Unchanged | Unread | None
            if isinstance(met, Broken):
                finding = Unread(f"{opened.location}/{label}", "unparsed", met.message)
            else:
                finding = self._revisited(met, opened.stamp) if isinstance(met, Revisit) else met
            yield Step(finding, label, read_label(label).frame)
        if not opened.position:
            self.originals.whole.add(opened.location)

    def _looking(self, container: str, stamp: Stamp = _NO_STAMP) -> Looking:
        return Looking(self.source.name, container, stamp, self.source.size_cap, self.originals)

    def _revisited(self, revisit: Revisit, stamp: Stamp) -> StoredArticle | Unchanged | Unread | None:
        if not revisit.is_page and not looks_like_a_page(revisit.target):
            return None
        original = self._original(revisit)
        if original is None:
            where = f"{revisit.refers_to or revisit.target} {revisit.date}".rstrip()
            return Unread(revisit.place, "missing", f"a revisit; what it refers to is not in this source: {where}")
        if not original.is_article:
            return None
        if revisit.is_same_address:
            return Unchanged(revisit.place)
        article = self._fetched(original)
        if isinstance(article, Unread):
            return replace(article, location=revisit.place)
        address = http_address(revisit.target)
        if article is None or article.address == address or not self.originals.is_first(revisit):
            return Unchanged(revisit.place) if article else None
        return replace(article, location=revisit.place, address=address, stamp=stamp)

    def _original(self, revisit: Revisit) -> Original | None:
        """The record that a revisit refers to, in the files read before, else in those on file, else in any."""
        found = self.originals.find(revisit)
        if found is None and not self.has_looked_on_file:
            self.has_looked_on_file = True
            self._note_on_file()
            found = self.originals.find(revisit)
        if found is None and not self.has_looked_everywhere:
            self.has_looked_everywhere = True
            self._note_all()
            found = self.originals.find(revisit)
        return found

    def _note_on_file(self) -> None:
        """Go to each article on file: much less than to read all files again."""
        labels: dict[str, list[str]] = {}
        for place in self.known.stamps:
            container, _, label = place.rpartition("/")
            labels.setdefault(container, []).append(label)
        for container, file in self._parts():
            if container not in self.originals.whole and container in labels:
                with contextlib.suppress(OSError, *READING_ERRORS):
                    records = Records(file, self._looking(container).note)
                    for label in labels[container]:
                        records.at(label)

    def _note_all(self) -> None:
        for container, file in self._parts():
            if container not in self.originals.whole:
                # What is broken in it is told when it is read.
                with contextlib.suppress(OSError, *READING_ERRORS):
                    for _ in Records(file, self._looking(container).note).read():
                        pass

    def _fetched(self, original: Original) -> StoredArticle | Unread | None:
        """The article that the record holds; its file stays open for the next one."""
        if original.container != self.container:
            self.close()
            self.parts = self._parts()
            file = next((file for container, file in self.parts if container == original.container), None)
            self.container = original.container if file else ""
            self.file = file
        try:
            if self.file is None:
                raise OSError("the file that it refers to is gone")
            met = Records(self.file, self._looking(original.container).article).at(original.label)
        except (OSError, *READING_ERRORS) as error:
            met = Broken(str(error) or "it breaks off")
        return Unread(original.container, "unparsed", met.message) if isinstance(met, Broken) else met

    def close(self) -> None:
        """Leave the file that was fetched from."""
        self.parts.close()
        self.container, self.file = "", None

    def _parts(self) -> Generator[tuple[str, BinaryIO], None, None]:
        """Every WARC file of the source, opened anew."""
        for location, file in each_file(self.source.path, WEB_ARCHIVES):
            if not _is_zip(file):
                yield location, file
                continue
            for member in members(Opened(location, file, _NO_STAMP, "")):
                if not isinstance(member, Unread):
                    yield f"{location}/{member.name}", member.file


def _is_zip(file: BinaryIO) -> bool:
    return file.read(4) == b"PK\x03\x04"
