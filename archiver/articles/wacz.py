"""The WARC files in a WACZ, read where they stand: nothing is extracted, no name of the zip is ever a path of ours."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from archiver.articles.container import Opened
from archiver.articles.unpack import RATIO
from archiver.model.article import Unread

DIRECTORY_BYTES = 2_000_000
"""Longest table of contents: some 20,000 members."""

READING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError)
"""What reading a damaged member raises beside OSError."""

_OPENING_ERRORS = (*READING_ERRORS, NotImplementedError, RuntimeError, ValueError, OverflowError, struct.error)
_ENCRYPTED = 1
_MEMBER = re.compile(r"archive/[^/\\\x00-\x1f\x7f]{1,200}\.warc(?:\.gz|\.zst)?", re.IGNORECASE)
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass(frozen=True, slots=True)
class Member:
    """A WARC file in a WACZ."""

    name: str
    """Its name in the zip, "archive/…"."""
    file: BinaryIO


def members(opened: Opened) -> Iterator[Member | Unread]:
    """The WARC files of a WACZ, by name; one that is not to be trusted is Unread, and so is a broken zip as a whole."""
    try:
        archive = zipfile.ZipFile(_Careful(opened.file))
    except _OPENING_ERRORS as error:
        yield Unread(opened.location, "unparsed", f"no zip that can be read: {error}")
        return
    with archive:
        by_name = {each.filename: each for each in archive.infolist() if _MEMBER.fullmatch(each.filename)}
        for name, each in sorted(by_name.items()):
            place = f"{opened.location}/{name}"
            try:
                _refuse(each)
                # The standard wants them stored; one that is deflated is read through from its beginning.
                stored = each.compress_type == zipfile.ZIP_STORED
                yield Member(name, _stored(opened.file, each) if stored else cast(BinaryIO, archive.open(each)))
            except _OPENING_ERRORS as error:
                yield Unread(place, "unparsed", str(error) or "it breaks off")


class _Careful(io.BufferedIOBase):
    """A file of which nobody can ask for more at once than a table of contents may be long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"its table of contents is {size} bytes long, the cap is {DIRECTORY_BYTES}")
        return self._file.read(DIRECTORY_BYTES if size is None or size < 0 else size)


class _Window(io.RawIOBase):
    """A stretch of a file as a file of its own, so that one can go to any place in it at once."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._length)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        piece = self._file.read(max(0, min(len(buffer), self._length - self._at)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _refuse(member: zipfile.ZipInfo) -> None:
    """Raises ValueError for a member that is encrypted or shrank by more than a compressed file can."""
    if member.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted")
    if member.file_size > RATIO * max(1, member.compress_size):
        raise ValueError(f"{member.file_size} bytes from {member.compress_size}: no honest member")


def _stored(file: BinaryIO, member: zipfile.ZipInfo) -> BinaryIO:
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("its header is not where the table of contents says")
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    return io.BufferedReader(_Window(file, start, member.compress_size))
