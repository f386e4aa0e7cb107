"""The body of an answer: collected up to a cap, and unpacked up to another."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archiver.model.exchange import Failure
from archiver.model.outcome import Reason
from archiver.web.failures import EXPECTED, failure, failure_of

_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a body."""

    payload: bytes
    """As received, still encoded."""
    truncated: Literal["length", "time"] | None
    failure: Failure | None


def received(chunks: Iterable[bytes], cap: int) -> Received:
    """Collect the raw body, at most `cap` bytes of it; never raises for the network."""
    kept = bytearray()
    try:
        for chunk in chunks:
            kept += chunk
            if len(kept) > cap:
                return Received(bytes(kept[:cap]), "length", failure(Reason.TOO_LARGE, f"more than {cap} bytes"))
    except EXPECTED as error:
        broken = failure_of(error)
        return Received(bytes(kept), "time" if broken.reason == Reason.DEADLINE else None, broken)
    return Received(bytes(kept), None, None)


def decoded(payload: bytes, encodings: list[str], cap: int) -> tuple[bytes, Failure | None]:
    """Undo `Content-Encoding` (the values of all such headers): gzip alone, at most `cap` bytes of it.

    br and zstd were not asked for, and their libraries unpack a gigabyte before any cap could look: undecodable.
    """
    named = [name.strip().lower() for line in encodings for name in line.split(",")]
    named = [name for name in named if name not in ("", "identity")]
    if not named:
        return payload[:cap], failure(Reason.TOO_LARGE, f"more than {cap} bytes") if len(payload) > cap else None
    if named not in (["gzip"], ["x-gzip"]):
        return b"", failure(Reason.UNDECODABLE, f"content encoding {', '.join(named)} was not asked for")
    if not payload:
        return b"", None
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(payload, cap + 1)
    except zlib.error as error:
        return b"", failure(Reason.UNDECODABLE, f"gzip: {error}")
    if len(body) > cap:
        return body[:cap], failure(Reason.TOO_LARGE, f"unpacks to more than {cap} bytes")
    if not unpacker.eof or unpacker.unused_data:
        return body, failure(Reason.UNDECODABLE, "gzip: cut short, or followed by something else")
    return body, None
