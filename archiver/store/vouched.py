"""What vouches for the ledger, as a bag carries it: all checkpoints, and their time-stamps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from archiver.store import contents
from archiver.store.tables import checkpoints, timestamps


class Vouched(NamedTuple):
    """A checkpoint."""

    number: int
    lines: int
    """Of the ledger, that it covers."""
    head: str
    """Labelled digest of the last of them."""
    made_at: datetime
    note: str
    """The signed note, whole."""


def checkpoints_of(connection: Connection) -> Iterator[Vouched]:
    """Every checkpoint, oldest first."""
    told = (checkpoints.c.id, checkpoints.c.lines, checkpoints.c.head, checkpoints.c.made_at, checkpoints.c.note)
    query = select(*told).order_by(checkpoints.c.id)
    yield from (Vouched(*row) for row in connection.execute(query.execution_options(yield_per=1000)))


def timestamps_of(connection: Connection, checkpoint: int) -> Iterator[tuple[int, bytes]]:
    """(number, token) of every time-stamp that was taken of a checkpoint."""
    query = select(timestamps.c.id, timestamps.c.content).where(timestamps.c.checkpoint == checkpoint)
    for number, content in connection.execute(query.where(timestamps.c.content.is_not(None)).order_by(timestamps.c.id)):
        token = contents.get(connection, content)
        if token is not None:
            yield number, token
