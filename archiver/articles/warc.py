"""Articles in web archives: WARC files, plain or compressed, and WACZ, which are zips of them.

    frames.Records ─ record ─┬ response, resource: 200, a text by its Content-Type, encodings undone → StoredArticle
                             ├ revisit: its payload stands in an earlier record → Unchanged
                             ├ broken, cut, too long → Unread, and on with the next
                             └ anything else: passed over

An article's location is `FILE/OFFSET`, the offset as in a CDX index (`OFFSET.N` for the N-th further record of one
compressed frame). A revisit holds no payload, and its original may stand in another file: it is known, not read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.articles.container import SIZE_CAP_BYTES, Opened, Step, read_files
from archiver.articles.describe import http_address
from archiver.articles.frames import HEADER_BYTES, Broken, Records
from archiver.articles.source import Known
from archiver.articles.unpack import TooLargeError, reads_as_text, unpacked
from archiver.articles.wacz import READING_ERRORS, members
from archiver.model.article import Finding, Markup, Stamp, StoredArticle, Unchanged, Unread

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

SUFFIXES = (b".warc", b".warc.gz", b".warc.zst", b".wacz")
MISSING = "reading WARC needs the extra: pip install 'embed-archiver[warc]'"
PIECE_BYTES = 1 << 20

_MARKUPS: dict[str, Markup] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
}
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([^\s"';,]{1,40})""", re.IGNORECASE)
# Crawlers keep notes of their own as resource records: "urn:text:…", "metadata://…", "dns:…".
_PUBLISHED = re.compile(r"(?:https?|ftp|file):", re.IGNORECASE)

Found = StoredArticle | Unchanged | Unread | None


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
        yield from read_files(self.path, SUFFIXES, known, self._steps)

    def _steps(self, opened: Opened) -> Iterator[Step]:
        if opened.file.read(4) != b"PK\x03\x04":
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
        reading = _Reading(self.name, opened.location, opened.stamp, self.size_cap)
        for label, finding in Records(opened.file, reading.look).read(opened.position):
            place = f"{opened.location}/{label}"
            told = Unread(place, "unparsed", finding.message) if isinstance(finding, Broken) else finding
            yield Step(told, label)


class _Reading:
    """Makes articles of a container's records."""

    def __init__(self, source: str, container: str, stamp: Stamp, size_cap: int) -> None:
        self.source = source
        self.container = container
        self.stamp = stamp
        self.size_cap = size_cap

    def look(self, record: WarcRecord, label: str) -> Found:
        """What a record is; None for one that is no article. Raises OSError for one that cannot be read."""
        kind = str(record.record_type)
        target = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
        if kind not in ("response", "resource", "revisit") or not _PUBLISHED.match(target):
            return None
        content_type = record.headers.get("Content-Type") or ""
        if record.is_http:
            record.parse_http(max_header_len=HEADER_BYTES)
            content_type = record.http_headers.get("Content-Type") or ""
            if kind == "response" and record.http_headers.status_code != 200:
                return None
        elif kind == "response":
            # An answer of DNS or FTP.
            return None
        content_type = content_type or record.headers.get("WARC-Identified-Payload-Type") or ""
        markup, charset = _read_type(content_type)
        if content_type and markup is None:
            return None
        place = f"{self.container}/{label}"
        if kind == "revisit":
            return Unchanged(place) if markup else None
        return self._article(record, place, target, (markup, charset))

    def _article(self, record: WarcRecord, place: str, target: str, told: tuple[Markup | None, str | None]) -> Found:
        length = record.content_length
        if length > self.size_cap:
            return Unread(place, "too_large", f"{length} bytes, the cap is {self.size_cap}")
        raw = b"".join(iter(lambda: record.reader.read(PIECE_BYTES), b""))
        transfer, content = (_header(record, name) for name in ("Transfer-Encoding", "Content-Encoding"))
        try:
            payload, whole = unpacked(raw, transfer, content, self.size_cap)
        except TooLargeError as error:
            return Unread(place, "too_large", str(error))
        except ValueError as error:
            return Unread(place, "undecodable", str(error))
        markup, charset = told
        if markup is None and not reads_as_text(payload):
            return None
        cut = not whole or any(record.headers.get(name) for name in ("WARC-Truncated", "WARC-Segment-Number"))
        return StoredArticle(
            source=self.source,
            location=place,
            payload=payload,
            stamp=self.stamp,
            markup=markup,
            charset=charset,
            address=http_address(target),
            doubts=("truncated",) if cut else (),
        )


def _header(record: WarcRecord, name: str) -> str:
    return ", ".join(record.http_headers.get_multiple(name)) if record.is_http else ""


def _read_type(content_type: str) -> tuple[Markup | None, str | None]:
    """The markup and the charset that a Content-Type tells."""
    charset = _CHARSET.search(content_type)
    return _MARKUPS.get(content_type.partition(";")[0].strip().lower()), charset[1] if charset else None
