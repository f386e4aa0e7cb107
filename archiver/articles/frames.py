"""The records of a WARC file, one by one, also where the file is broken in places.

A record counts only when it is as long as it says and the next one begins where it ends. Where that is not so, reading
goes on at the next place that begins like a record.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Generic, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from fastwarc.stream_io import WarcReader
    from fastwarc.warc import WarcRecord

from archiver.articles.unpack import GZIP

HEADER_BYTES = 1 << 18
PIECE_BYTES = 1 << 20
DICTIONARY_BYTES = 1 << 24
FALSE_BEGINNINGS = 1_000
_EVERYTHING = 1 << 62

_BEGINNING = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n")
_LONGEST_BEGINNING = 10
_LENGTH = re.compile(rb"\nContent-Length:[ \t]*([0-9]{1,18})[ \t]*\r?\n", re.IGNORECASE)
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"

T = TypeVar("T")


class Label(NamedTuple):
    """Where a record begins: the offset of its frame in the file, and how many records stand before it in the frame."""

    frame: int
    further: int

    def __str__(self) -> str:
        return f"{self.frame}.{self.further}" if self.further else str(self.frame)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the file that cannot be read, in one line for a person."""

    message: str


class Records(Generic[T]):
    """Goes through a file. `look` reads what it wants of a record; where it raises OSError the record is broken."""

    def __init__(self, file: BinaryIO, look: Callable[[WarcRecord, str], T]) -> None:
        """Raises OSError for a file that is neither empty nor begins like a WARC file."""
        self._file = file
        self._look = look
        self._first = _first_bytes(file)
        self._size = file.seek(0, io.SEEK_END)
        self._dictionary = _dictionary(file) if self._first == _ZSTD_DICTIONARY else None
        if self._size and not self._first.startswith((b"WARC", GZIP, _ZSTD, _ZSTD_DICTIONARY)):
            raise OSError("it does not begin like a WARC file")
        self._last: Label | None = None
        self._torn: Broken | None = None
        self._is_told = True

    def read(self, after: str = "", *, again: bool = False) -> Iterator[tuple[str, T | Broken]]:
        """What `look` made of each record, with its label, in the file's order; `after` is the label to go on behind,
        or to begin with `again`.

        A stretch between two records that is none is labelled "after-LABEL". Raises OSError where the file cannot be
        read on.
        """
        done = read_label(after) if after else Label(0, -1)
        done = done._replace(further=done.further - 1) if again else done
        begin: int | None = done.frame
        damage: tuple[str, Broken] | None = None
        misses = 0
        while begin is not None:
            for each in self._run(begin, done):
                if damage is not None:
                    yield damage
                    damage = None
                yield each
            if self._torn is None:
                break
            if not self._is_told:
                place = str(begin) if self._last is None else f"after-{self._last}"
                # One stretch of damage may hold many places that only look like a beginning.
                damage = damage if damage and self._last is None else (place, self._torn)
            misses = misses + 1 if self._last is None else 0
            if misses > FALSE_BEGINNINGS:
                raise OSError(f"no record in {FALSE_BEGINNINGS} places that begin like one")
            begin = self._beginning_from((self._last.frame if self._last else begin) + 1)
        if damage is not None:
            yield damage

    def at(self, label: str) -> T | Broken | None:
        """What `look` makes of one record; None where none begins there."""
        wanted = read_label(label)
        try:
            for each, record in self._labelled(wanted.frame):
                if each >= wanted:
                    return self._looked(record, each) if each == wanted else None
        except OSError as error:
            return Broken(str(error))
        return None

    def _run(self, begin: int, done: Label) -> Iterator[tuple[str, T | Broken]]:
        """Records from a frame on up to the first damage; `_torn` says what that was, `_is_told` if it was yielded."""
        held: tuple[str, T | Broken] | None = None
        self._last, self._torn, self._is_told = None, None, False
        try:
            for label, record in self._labelled(begin):
                if held is not None:
                    yield held
                held = None
                self._last = label
                if label > done:
                    each = self._looked(record, label)
                    held = (str(label), each)
                    if isinstance(each, Broken):
                        self._torn, self._is_told = each, True
                        break
        except OSError as error:
            self._torn = Broken(str(error))
            if held is not None and not self._ends_well(held[0]):
                self._is_told = True
                held = (held[0], Broken("its length is not what it says"))
        if held is not None:
            yield held

    def _labelled(self, begin: int) -> Iterator[tuple[Label, WarcRecord]]:
        from fastwarc.warc import ArchiveIterator

        stream = self._stream(begin)
        frame, further = begin, -1
        for record in ArchiveIterator(stream, parse_http=False, max_header_len=HEADER_BYTES):
            start = record.stream_pos if stream is self._file else cast("WarcReader", stream).frame_start_position()
            further = further + 1 if start == frame else 0
            frame = start or 0
            yield Label(frame, further), record

    def _looked(self, record: WarcRecord, label: Label) -> T | Broken:
        if record.headers.get("Content-Length") is None:
            # Its header is cut, or none: what it held cannot be told from what follows.
            return Broken("it does not say how long it is")
        length = record.content_length
        if self._first == b"WARC" and length > self._size - label.frame:
            return Broken(f"it says {length} bytes, the file ends before")
        try:
            looked = self._look(record, str(label))
            record.reader.consume(_EVERYTHING)
        except OSError as error:
            return Broken(str(error))
        # After the headers of HTTP are read, both count from their end.
        if record.reader.tell() != record.content_length:
            return Broken(f"it says {length} bytes and is cut")
        return looked

    def _stream(self, begin: int) -> BinaryIO | WarcReader:
        from fastwarc.stream_io import GzipReader, ZstdReader

        self._file.seek(begin)
        if self._first.startswith(GZIP):
            return GzipReader(self._file)
        if self._first in (_ZSTD, _ZSTD_DICTIONARY):
            return ZstdReader(self._file, dictionary=self._dictionary)
        return self._file

    def _ends_well(self, label: str) -> bool:
        """Whether a record that was read is followed by the two empty lines that end one."""
        place = read_label(label)
        if place.further:
            # Within a frame of many records nobody can tell.
            return True
        try:
            return _is_followed_well(self._stream(place.frame))
        except OSError:
            # What follows in the file is broken, and was read together with its end.
            return True

    def _beginning_from(self, offset: int) -> int | None:
        """The next place that begins like a record, at this offset or behind it."""
        mark = GZIP if self._first.startswith(GZIP) else _ZSTD
        wanted = _BEGINNING if self._first == b"WARC" else re.compile(re.escape(mark))
        while True:
            self._file.seek(offset)
            piece = self._file.read(PIECE_BYTES)
            for match in wanted.finditer(piece):
                if wanted is _BEGINNING or self._holds_record(offset + match.start()):
                    return offset + match.start()
            if len(piece) < PIECE_BYTES:
                return None
            offset += len(piece) - _LONGEST_BEGINNING

    def _holds_record(self, offset: int) -> bool:
        """Whether a compressed frame that seems to begin here begins a record."""
        self._file.seek(offset)
        piece = self._file.read(1 << 16)
        try:
            if self._first.startswith(GZIP):
                return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(piece, 16).startswith(b"WARC/")
            from fastwarc.stream_io import ZstdReader

            return ZstdReader(io.BytesIO(piece), dictionary=self._dictionary).read(16).startswith(b"WARC/")
        except (OSError, zlib.error):
            return False


def _is_followed_well(stream: BinaryIO | WarcReader) -> bool:
    """Whether the record that a stream begins with ends, by its own length, before an empty line, another or none."""
    head = stream.read(HEADER_BYTES)
    end = re.search(rb"\r?\n\r?\n", head)
    length = _LENGTH.search(head[: end.end()]) if end else None
    if end is None or length is None:
        return False
    left = end.end() + int(length[1]) - len(head)
    tail = head[left:] if left < 0 else b""
    while left > 0 and (piece := stream.read(min(left, PIECE_BYTES))):
        left -= len(piece)
    tail = tail or stream.read(4)
    return left <= 0 and (not tail or tail.startswith((b"\r\n\r\n", b"\n\n", b"\r\nWARC/", b"WARC")))


def read_label(text: str) -> Label:
    """The label of a record, or of what a stretch stands behind, as it is written."""
    frame, _, further = text.removeprefix("after-").partition(".")
    return Label(int(frame), int(further or 0))


def _first_bytes(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(4)


def _dictionary(file: BinaryIO) -> bytes:
    """The dictionary that a .warc.zst begins with, in a frame that other readers skip."""
    from fastwarc.stream_io import ZstdReader

    file.seek(4)
    length = int.from_bytes(file.read(4), "little")
    if length > DICTIONARY_BYTES:
        raise OSError(f"its dictionary is {length} bytes long")
    stored = file.read(length)
    return ZstdReader(io.BytesIO(stored)).read(DICTIONARY_BYTES) if stored.startswith(_ZSTD) else stored
