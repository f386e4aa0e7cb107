"""Revisit records of web archives: a page was asked for again, and what came stands in an earlier record.

WARC 1.1 names that record by its address and date or by the digest of its payload. A revisit of the very same address
says that an article did not change. One of another address (a print or mobile page, a tracking parameter) is an article
of its own, with the payload of that record, which may stand in another file of the source.
"""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from archiver.articles.container import digest_number
from archiver.articles.frames import Label, read_label

if TYPE_CHECKING:
    from fastwarc.warc import HeaderMap

KEYS = 500_000
"""So many are kept, some 70 MB; beyond that the oldest are forgotten."""

_NO_ARTICLE = -1
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
# Python's own list: a machine's may call everything something.
_TYPES = mimetypes.MimeTypes()
_FURTHER_BITS = 24
_FRAME_BITS = 56


class Revisit(NamedTuple):
    """What a revisit record says."""

    place: str
    """Its own location."""
    target: str
    """The address that was asked for."""
    refers_to: str
    """The address of the record that it refers to; "" where it is not said."""
    date: str
    """The date of that record; "" likewise."""
    payload_digest: str
    """As written; "" without one."""
    is_page: bool
    """Whether its own headers say that it is an article; if not, they say nothing."""

    @property
    def is_same_address(self) -> bool:
        """Whether it says that it is of the address that it refers to."""
        return self.refers_to == self.target


class Original(NamedTuple):
    """Where the record stands that a revisit refers to."""

    container: str
    """The location of its file."""
    label: str
    is_article: bool


def address_in(headers: HeaderMap, name: str) -> str:
    """An address as a header of a record gives it; some writers put it between angle brackets."""
    return (headers.get(name) or "").strip().strip("<>")


def read_revisit(headers: HeaderMap, place: str, is_page: bool) -> Revisit:
    """What the headers of a revisit record say."""
    return Revisit(
        place=place,
        target=address_in(headers, "WARC-Target-URI"),
        refers_to=address_in(headers, "WARC-Refers-To-Target-URI"),
        date=(headers.get("WARC-Refers-To-Date") or "").strip(),
        payload_digest=(headers.get("WARC-Payload-Digest") or "").strip(),
        is_page=is_page,
    )


def looks_like_a_page(target: str) -> bool:
    """Whether nothing in an address says that it is a picture, a script or the like."""
    try:
        guessed, _ = _TYPES.guess_type(urlsplit(target).path)
    except ValueError:
        return False
    return guessed in (None, *_PAGES)


class Originals:
    """The records that were met, by what a revisit can call them. Numbers stand for words: a crawl has many."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._containers: list[str] = []
        self._first: dict[int, int] = {}
        self.whole: set[str] = set()
        """The files all of whose records were met."""

    def note(self, headers: HeaderMap, container: str, label: str, is_article: bool) -> None:
        """Remember a record that is no revisit."""
        place = _NO_ARTICLE
        if is_article:
            if not self._containers or self._containers[-1] != container:
                self._containers.append(container)
            at = read_label(label)
            place = (len(self._containers) - 1 << _FRAME_BITS | at.frame) << _FURTHER_BITS | at.further
        payload_digest = (headers.get("WARC-Payload-Digest") or "").strip()
        target = address_in(headers, "WARC-Target-URI")
        self._keep(_by_date(target, headers.get("WARC-Date") or ""), place)
        if payload_digest:
            self._keep(_by_digest(payload_digest), place)
        if is_article:
            self._keep(_by_address(target), place)

    def find(self, revisit: Revisit) -> Original | None:
        """The record that it refers to; None if it was not met."""
        place = None
        address = revisit.refers_to or revisit.target
        if revisit.date:
            place = self._places.get(_by_date(address, revisit.date))
        if place is None and revisit.payload_digest:
            place = self._places.get(_by_digest(revisit.payload_digest))
        if place is None and not revisit.date and not revisit.payload_digest:
            # Old crawlers say no more than that the server answered "not modified".
            place = self._places.get(_by_address(address))
        if place is None:
            return None
        if place == _NO_ARTICLE:
            return Original("", "", is_article=False)
        container, at = divmod(place >> _FURTHER_BITS, 1 << _FRAME_BITS)
        label = str(Label(at, place % (1 << _FURTHER_BITS)))
        return Original(self._containers[container], label, is_article=True)

    def is_first(self, revisit: Revisit) -> bool:
        """Whether no other revisit of this address that was met is of the same payload; it is remembered."""
        told = revisit.payload_digest.casefold() or f"{revisit.refers_to} {revisit.date}"
        place = _number("place", revisit.place)
        return self._first.setdefault(_number("revisit", revisit.target, told), place) == place

    def _keep(self, key: int, place: int) -> None:
        self._places.setdefault(key, place)
        if len(self._places) > KEYS:
            del self._places[next(iter(self._places))]


def _by_date(target: str, date: str) -> int:
    # Some write fractions of a second in one of the two places only.
    return _number("date", target, date.strip()[:19])


def _by_digest(payload_digest: str) -> int:
    return _number("digest", payload_digest.casefold())


def _by_address(target: str) -> int:
    return _number("address", target)


def _number(*words: str) -> int:
    return digest_number("\0".join(words).encode("utf-8", "surrogatepass"))
