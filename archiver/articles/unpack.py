"""Undoing transfer and content encodings of a stored HTTP body, within bounds.

A header may lie: many crawlers keep the header and store the body already decoded. So what cannot be undone as the
headers say is tried without the transfer encoding, and taken as it is where it reads as text.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastwarc.stream_io import WarcReader

RATIO = 200
"""No honest page shrinks by more than this."""
SMALL_BYTES = 1_000_000
"""What is not longer than this may shrink by more."""
# What a reader had undone of a piece is lost where the piece breaks off.
PIECE_BYTES = 1 << 12

# What the WHATWG's MIME sniffing calls binary data bytes.
GZIP = b"\x1f\x8b\x08"
"""What a gzip file begins with."""
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 1445
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class TooLargeError(ValueError):
    """The body is longer than may be, or shrank by more than a page does."""


def reads_as_text(payload: bytes) -> bool:
    """Whether nothing at its beginning says that it is a picture, an archive or the like."""
    return payload.startswith(_WIDE_MARKS) or not _BINARY.search(payload[:_LOOKED_AT])


def unpacked(raw: bytes, transfer: str, content: str, cap: int) -> tuple[bytes, bool]:
    """The body with the encodings of these two headers undone ("chunked", "gzip, br" …; "" for none).

    False beside it where it breaks off: what could be undone is given then. Raises TooLargeError above `cap` bytes or
    RATIO, ValueError for what cannot be read at all.
    """
    layers = [*_names(transfer), *_names(content)]
    limit = min(cap, max(RATIO * len(raw), SMALL_BYTES))
    broken_off = b""
    for names in [layers, _names(content), []] if layers else [[]]:
        body, whole = _undone(raw, names, limit)
        if len(body) > limit:
            raise TooLargeError(f"more than {limit} bytes from {len(raw)} encoded ones")
        if whole and (names or not layers or reads_as_text(body)):
            return body, True
        if names and reads_as_text(body):
            broken_off = broken_off or body
    if not broken_off:
        raise ValueError(f"its encoding cannot be undone: {', '.join(layers)}")
    return broken_off, False


def gunzipped(raw: bytes, cap: int) -> bytes | str:
    """What a gzip file holds, all its members; or why it cannot be told, in one line for a person."""
    limit = min(cap, max(RATIO * len(raw), SMALL_BYTES))
    pieces, room = [], limit
    while raw:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            pieces.append(member.decompress(raw, room + 1))
        except zlib.error as error:
            return f"its compression is broken: {error}"
        room -= len(pieces[-1])
        if room < 0:
            return f"more than {limit} bytes when unpacked"
        if not member.eof:
            return "its compression breaks off"
        raw = member.unused_data.lstrip(b"\0")
    return b"".join(pieces)


def _names(header: str) -> list[str]:
    """The encodings in the order in which they are to be undone."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in reversed(names) if name not in ("", "identity", "none", "utf-8")]


def _undone(raw: bytes, names: list[str], limit: int) -> tuple[bytes, bool]:
    """At most a little more than `limit` bytes, and whether nothing was wrong with them."""
    pieces, length = [], 0
    try:
        if names == ["deflate"] and not _is_zlib(raw):
            # Old servers left out zlib's frame.
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, limit + 1), True
        reader: io.BytesIO | WarcReader = io.BytesIO(raw)
        for name in names:
            reader = _reader(reader, name)
        while length <= limit and (piece := reader.read(PIECE_BYTES)):
            pieces.append(piece)
            length += len(piece)
    except (OSError, zlib.error):
        return b"".join(pieces), False
    body = b"".join(pieces)
    return body, not _is_cut(raw, names, body)


def _is_cut(raw: bytes, names: list[str], body: bytes) -> bool:
    """Whether gzip's or zlib's trailer is not that of the body; the reader takes an early end for the end."""
    match names:
        case ["gzip" | "x-gzip"] if raw:
            return raw[-4:] != (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
        case ["deflate"] if raw:
            return raw[-4:] != zlib.adler32(body).to_bytes(4, "big")
    return False


def _is_zlib(raw: bytes) -> bool:
    return len(raw) >= 2 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0


def _reader(inner: io.BytesIO | WarcReader, name: str) -> WarcReader:
    from fastwarc import stream_io

    match name:
        case "chunked":
            return stream_io.ChunkedReader(inner)
        case "gzip" | "x-gzip":
            return stream_io.GzipReader(inner)
        case "deflate":
            return stream_io.GzipReader(inner, zlib=True)
        case "br":
            return stream_io.BrotliReader(inner)
        case "zstd":
            return stream_io.ZstdReader(inner)
    raise OSError(f"an unknown encoding: {name}")
