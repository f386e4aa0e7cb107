"""Contents: everything from outside, text and bytes alike, in one table.

Each row has a random nonce, a plain digest for finding equals, and a commitment `sha256(nonce ‖ bytes)`. Other tables
name a row by its number and the ledger names its commitment: a redaction removes what was said, breaks no chain,
and nobody can guess the words from what stays.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from archiver import digest
from archiver.errors import DataRefusedError
from archiver.store.tables import add_row, contents

# Below this a deflate stream is no smaller than what went in.
_SMALL = 64


@dataclass(frozen=True, slots=True)
class Content:
    """A row of the table, named."""

    id: int
    digest: str
    commitment: str


def put(connection: Connection, payload: bytes) -> Content:
    """Keep these bytes; equal bytes are kept once."""
    plain = digest.of_bytes(payload)
    known = connection.execute(select(contents.c.id, contents.c.commitment).where(contents.c.digest == plain)).first()
    if known:
        return Content(known.id, plain, known.commitment)
    nonce = digest.nonce()
    packed = zlib.compress(payload, 6) if len(payload) > _SMALL else payload
    codec = "deflate" if len(payload) > _SMALL else "plain"
    commitment = digest.commitment(nonce, payload)
    row = add_row(
        connection,
        contents,
        nonce=nonce,
        digest=plain,
        commitment=commitment,
        size=len(payload),
        codec=codec,
        packed=packed,
    )
    return Content(row, plain, commitment)


def put_json(connection: Connection, noun: dict[str, Any]) -> Content:
    """Keep a JSON value as its canonical bytes."""
    return put(connection, digest.canonical(noun))


def get(connection: Connection, content_id: int) -> bytes | None:
    """The bytes; None once they were redacted or thinned. Raises DataRefusedError if they are not what was kept."""
    row = connection.execute(select(contents).where(contents.c.id == content_id)).first()
    return None if row is None else _unpacked(row)


def get_json(connection: Connection, content_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The JSON values of these rows, by number; removed ones are left out."""
    wanted = sorted(set(content_ids))
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in connection.execute(select(contents).where(contents.c.id.in_(part))):
            found[row.id] = json.loads(_unpacked(row))
    return found


def _unpacked(row: Any) -> bytes:
    try:
        payload: bytes = zlib.decompress(row.packed) if row.codec == "deflate" else row.packed
    except zlib.error:
        payload = b""
    if len(payload) != row.size:
        raise DataRefusedError(f"content {row.id} is damaged: it does not unpack to its {row.size} bytes")
    return payload
