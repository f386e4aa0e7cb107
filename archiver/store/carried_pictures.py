"""The exchanges in which pictures were fetched, as a bag's web archive carries them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archiver.store import carried, contents
from archiver.store.numbers import Numbers
from archiver.store.tables import media

PAGE = 2
"""Pictures have megabytes: few are in memory together."""


@dataclass(frozen=True, slots=True)
class PictureExchange:
    """An exchange of `media`, with the fields of one of `exchanges`."""

    id: str
    """"picture-5": the number that the picture has in `media`."""
    host: str
    request: int
    response: int | None
    payload: int | None
    status_code: int | None
    peer: str | None
    tls_digest: str | None
    detour: str | None
    truncated: str | None
    sent_at: datetime
    received_at: datetime
    hop: int = 0
    http_version: None = None
    failure_reason: None = None
    failure_message: None = None
    sent_monotonic: None = None
    received_monotonic: None = None
    masked: tuple[str, ...] = field(default=())


def exchanges(connection: Connection, posts: Numbers) -> Iterator[list[PictureExchange]]:
    """Those of these posts, and of those joined into them, some at a time, in order."""
    for part in posts.portions(100):
        names = [name for each in carried.names_of(connection, part).values() for name in each]
        rows = connection.execute(select(media).where(media.c.post.in_(sorted(names))).order_by(media.c.id)).all()
        for start in range(0, len(rows), PAGE):
            yield [_exchange(connection, row) for row in rows[start : start + PAGE]]


def _exchange(connection: Connection, row: Any) -> PictureExchange:
    same = ("request", "response", "payload", "status_code", "peer", "tls_digest", "detour", "truncated")
    told = {name: getattr(row, name) for name in (*same, "sent_at", "received_at")}
    address = contents.get(connection, row.address) or b"//(removed)/"
    host = address.decode().split("/", 3)[2].lower()
    return PictureExchange(f"picture-{row.id}", host, **told)
