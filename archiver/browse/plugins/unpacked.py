"""For Datasette: the SQL function `unpacked(packed, codec)`, which shows what a row of `contents` holds."""

from __future__ import annotations

import sqlite3
import zlib

from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")


def unpacked(packed: bytes, codec: str) -> str | bytes | None:
    """The bytes of a content: as text where they are UTF-8; None once they were removed."""
    if codec == "removed" or packed is None:
        return None
    payload = zlib.decompress(packed) if codec == "deflate" else packed
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Datasette calls it for each connection."""
    conn.create_function("unpacked", 2, unpacked, deterministic=True)
