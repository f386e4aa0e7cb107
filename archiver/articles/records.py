"""What one record of a web archive is: an article, a revisit of one, or nothing to us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archiver.articles.describe import http_address
from archiver.articles.frames import HEADER_BYTES
from archiver.articles.revisits import Originals, Revisit, address_in, read_revisit
from archiver.articles.unpack import TooLargeError, reads_as_text, unpacked
from archiver.model.article import Markup, Stamp, StoredArticle, Unread

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

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

Met = StoredArticle | Revisit | Unread | None


class _Told(NamedTuple):
    """What the headers of a record say that was published."""

    kind: str
    target: str
    markup: Markup | None
    charset: str | None
    is_article: bool
    """Whether it may be one: it came with status 200, as a text, or nobody says as what."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks at the records of a container, and notes what a revisit may refer to."""

    source: str
    container: str
    stamp: Stamp
    size_cap: int
    originals: Originals

    def look(self, record: WarcRecord, label: str) -> Met:
        """What a record is; None for one that is no article. Raises OSError for one that cannot be read."""
        told = _told(record)
        if told is None:
            return None
        if told.kind == "revisit":
            place = f"{self.container}/{label}"
            return read_revisit(record.headers, place, told.markup is not None) if told.is_article else None
        self.originals.note(record.headers, self.container, label, told.is_article)
        return self._article(record, label, told) if told.is_article else None

    def note(self, record: WarcRecord, label: str) -> None:
        """Only remember it."""
        told = _told(record)
        if told is not None and told.kind == "revisit":
            self.originals.is_first(read_revisit(record.headers, f"{self.container}/{label}", told.is_article))
        elif told is not None:
            self.originals.note(record.headers, self.container, label, told.is_article)

    def article(self, record: WarcRecord, label: str) -> StoredArticle | Unread | None:
        """The article that a record is, nothing noted."""
        told = _told(record)
        return self._article(record, label, told) if told is not None and told.is_article else None

    def _article(self, record: WarcRecord, label: str, told: _Told) -> StoredArticle | Unread | None:
        place = f"{self.container}/{label}"
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
        if told.markup is None and not reads_as_text(payload):
            return None
        cut = not whole or any(record.headers.get(name) for name in ("WARC-Truncated", "WARC-Segment-Number"))
        return StoredArticle(
            source=self.source,
            location=place,
            payload=payload,
            stamp=self.stamp,
            markup=told.markup,
            charset=told.charset,
            address=http_address(told.target),
            doubts=("truncated",) if cut else (),
        )


def _told(record: WarcRecord) -> _Told | None:
    kind = str(record.record_type)
    target = address_in(record.headers, "WARC-Target-URI")
    if kind not in ("response", "resource", "revisit") or not _PUBLISHED.match(target):
        return None
    content_type, is_answer = "", True
    if record.is_http:
        record.parse_http(max_header_len=HEADER_BYTES)
        content_type = record.http_headers.get("Content-Type") or ""
        status = record.http_headers.status_code
        # A revisit may have been answered with "not modified", or keep no headers.
        is_answer = status in (200, 304, None) if kind == "revisit" else kind == "resource" or status == 200
    elif kind == "response":
        # An answer of DNS or FTP.
        return None
    elif kind == "resource":
        content_type = record.headers.get("Content-Type") or ""
    content_type = content_type or record.headers.get("WARC-Identified-Payload-Type") or ""
    charset = _CHARSET.search(content_type)
    markup = _MARKUPS.get(content_type.partition(";")[0].strip().lower())
    is_article = is_answer and (markup is not None or not content_type)
    return _Told(kind, target, markup, charset[1] if charset else None, is_article)


def _header(record: WarcRecord, name: str) -> str:
    return ", ".join(record.http_headers.get_multiple(name)) if record.is_http else ""
