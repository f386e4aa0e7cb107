"""Contents: everything from outside, text and bytes alike, in one table.

Each row has a random nonce, a plain digest for finding equals, and a commitment `sha256(nonce ‖ bytes)`. Other tables
name a row by its number and the ledger names its commitment: a redaction removes what was said, breaks no chain,
and nobody can guess the words from what stays.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from archiver import digest
from archiver.errors import DataRefusedError
from archiver.store.columns import portions
from archiver.store.rows import add_rows, last_number
from archiver.store.tables import contents

REMOVED = "removed"
"""The codec of a row that was emptied."""

# Below this (what an article says of itself, a short quotation) a deflate stream saves less than it costs to make.
_SMALL = 400
# Words out of articles come by the hundred thousand and are deflated fast; payloads are large and deflated well.
_LARGE = 16_384


class Content(NamedTuple):
    """A row of the table, named."""

    id: int
    digest: str
    commitment: str


def put(connection: Connection, payload: bytes) -> Content:
    """Keep these bytes; equal bytes are kept once."""
    plain = digest.of_bytes(payload)
    return put_all(connection, {plain: payload})[plain]


def put_json(connection: Connection, noun: dict[str, Any]) -> Content:
    """Keep a JSON value as its canonical bytes."""
    return put(connection, digest.canonical(noun))


def put_all(connection: Connection, payloads: Mapping[str, bytes]) -> dict[str, Content]:
    """Keep these bytes, given and named by digest; those not on file are numbered in the order given."""
    kept = {found.digest: found for found in _on_file(connection, payloads)}
    last = last_number(connection, contents)
    rows: list[dict[str, Any]] = []
    for plain, payload in payloads.items():
        if plain not in kept:
            rows.append(_row(last + len(rows) + 1, plain, payload))
            kept[plain] = Content(last + len(rows), plain, rows[-1]["commitment"])
    add_rows(connection, contents, rows)
    return kept


def get(connection: Connection, content_id: int) -> bytes | None:
    """The bytes; None once they were redacted or thinned. Raises DataRefusedError if they are not what was kept."""
    row = connection.execute(select(contents).where(contents.c.id == content_id)).first()
    return None if row is None or row.codec == REMOVED else unpacked(row)


def get_json(connection: Connection, content_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The JSON values of these rows, by number; removed ones are left out."""
    found: dict[int, dict[str, Any]] = {}
    for part in portions(sorted(set(content_ids)), 500):
        for row in connection.execute(select(contents).where(contents.c.id.in_(part), contents.c.codec != REMOVED)):
            found[row.id] = json.loads(unpacked(row))
    return found


def portion(connection: Connection, after: int, size: int = 200) -> list[tuple[int, bytes]]:
    """The next contents behind number `after` that are still there, with their bytes; [] at the end."""
    rows = connection.execute(
        select(contents).where(contents.c.id > after, contents.c.codec != REMOVED).order_by(contents.c.id).limit(size)
    )
    return [(row.id, unpacked(row)) for row in rows]


def digests(connection: Connection, content_ids: Iterable[int]) -> dict[int, str]:
    """The plain digests of these rows, by number; removed ones are left out."""
    found: dict[int, str] = {}
    for part in portions(sorted(set(content_ids))):
        kept = select(contents.c.id, contents.c.digest).where(contents.c.id.in_(part), contents.c.codec != REMOVED)
        found |= {number: plain for number, plain in connection.execute(kept)}
    return found


def _on_file(connection: Connection, digests: Iterable[str]) -> Iterator[Content]:
    for part in portions(digests):
        rows = connection.execute(
            select(contents.c.id, contents.c.digest, contents.c.commitment)
            .where(contents.c.digest.in_(part))
            .order_by(contents.c.id.desc())
        )
        yield from (Content(*row) for row in rows)


def _row(number: int, plain: str, payload: bytes) -> dict[str, Any]:
    nonce = digest.nonce()
    deflated = len(payload) > _SMALL
    return {
        "id": number,
        "nonce": nonce,
        "digest": plain,
        "commitment": digest.commitment(nonce, payload),
        "size": len(payload),
        "codec": "deflate" if deflated else "plain",
        "packed": _deflated(payload) if deflated else payload,
    }


def _deflated(payload: bytes) -> bytes:
    """As zlib's stream, which says itself how it is to be read."""
    if len(payload) > _LARGE:
        return zlib.compress(payload, 6)
    # The usual memory of a quarter of a megabyte takes longer to lay out than such bytes to deflate.
    packer = zlib.compressobj(1, zlib.DEFLATED, 13, 5)
    return packer.compress(payload) + packer.flush()


def unpacked(row: Any) -> bytes:
    """The bytes of a row. Raises DataRefusedError if they are not so many as were kept."""
    try:
        payload: bytes = zlib.decompress(row.packed) if row.codec == "deflate" else row.packed
    except zlib.error:
        payload = b""
    if len(payload) != row.size:
        raise DataRefusedError(f"content {row.id} is damaged: it does not unpack to its {row.size} bytes")
    return payload
