"""What happened to whole platforms, as a bag carries it: incidents and how they ended, gaps in streams, controls.

A bag has those of every platform of which it holds a batch: each of them may be why a verdict waited.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select

from archiver.store.carrying import Carrier, Record, told
from archiver.store.numbers import Numbers
from archiver.store.tables import (
    batches,
    control_events,
    incident_acceptances,
    incident_ends,
    incident_recoveries,
    incidents,
    stream_gaps,
)

PAGE = 400


def event_records(carrier: Carrier, batch_numbers: Numbers) -> Iterator[Record]:
    """In the order of the ledger."""
    platforms = _platforms(carrier, batch_numbers)
    rows = [row for query in _of(platforms) for row in carrier.connection.execute(query)]
    lines = carrier.lines(row.ledger for row in rows)
    said = carrier.said(getattr(row, "words", None) for row in rows)
    for row in sorted(rows, key=lambda each: each.ledger):
        words = said.of(row.words) if hasattr(row, "words") else {}
        named = carrier.private(told(row, "host", "native_id")) if hasattr(row, "native_id") else {}
        yield lines.of(row.ledger) | words | named


def _platforms(carrier: Carrier, batch_numbers: Numbers) -> list[str]:
    found: set[str] = set()
    for part in batch_numbers.portions(PAGE):
        query = select(batches.c.platform).where(batches.c.id.in_(part)).distinct()
        found.update(carrier.connection.execute(query).scalars())
    return sorted(found)


def _of(platforms: list[str]) -> Iterator[Select[Any]]:
    for table in (incidents, stream_gaps, control_events):
        yield select(table).where(table.c.platform.in_(platforms))
    for table in (incident_ends, incident_recoveries, incident_acceptances):
        of_incident = select(table).join(incidents, incidents.c.id == table.c.incident)
        yield of_incident.where(incidents.c.platform.in_(platforms))
