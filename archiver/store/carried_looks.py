"""Looks and batches as a bag carries them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from archiver.model.observation import SubjectKind
from archiver.store.carrying import Carrier, Record, told
from archiver.store.numbers import Numbers
from archiver.store.tables import batch_classes, batches, exchanges, observations

PAGE = 200


def batch_records(carrier: Carrier, numbers: Numbers) -> Iterator[Record]:
    """Batches: whether looks count, and why not."""
    for part in numbers.portions(PAGE):
        rows = carrier.connection.execute(select(batches).where(batches.c.id.in_(part)).order_by(batches.c.id)).all()
        lines = carrier.lines_of("batch", part)
        alive: dict[int, list[str]] = {}
        for each in carrier.connection.execute(select(batch_classes).where(batch_classes.c.batch.in_(part))):
            alive.setdefault(each.batch, []).append(each.outcome)
        for row in rows:
            yield (
                lines.of(row.id)
                | told(row, "started_at", "closed_at", "boot_id", "started_monotonic", "closed_monotonic")
                | {"batch": row.id, "classes": sorted(alive.get(row.id, []))}
                | carrier.private(told(row, "void_because"))
            )


def look_records(carrier: Carrier, numbers: Numbers) -> Iterator[tuple[Record, list[Any]]]:
    """Looks with their exchanges: each as a record, and the rows of `exchanges`."""
    for part in numbers.portions(PAGE):
        query = select(observations, batches.c.platform).join(batches, batches.c.id == observations.c.batch)
        rows = carrier.connection.execute(query.where(observations.c.id.in_(part)).order_by(observations.c.id)).all()
        lines = carrier.lines(row.ledger for row in rows)
        said = carrier.said(row.remark for row in rows)
        asked = _exchanges(carrier, part)
        subjects = carrier.opened(row.subject_key.encode() for row in rows if row.subject_kind != SubjectKind.POST)
        for row in rows:
            line = lines.of(row.ledger)
            remark = {"remark": said.of(row.remark)} if row.remark is not None else {}
            named = subjects.of(line, "subject")
            record = (
                line
                | told(row, "run", "round", "edit_chain", "received_at", "received_monotonic")
                | told(row, "retry_after_seconds")
                | carrier.shown_id(row.platform, row.native_id)
                | {"observation": row.id, "exchanges": [_exchange(carrier, each) for each in asked.get(row.id, [])]}
                | ({} if named is None else {"subject_content": named})
                | remark
                | carrier.private(told(row, "subject_key", "author_id", "egress"))
            )
            yield record, asked.get(row.id, [])


def contents_of(exchange: Any) -> list[int]:
    """The contents of an exchange, as the ledger names them: request, answer, payload."""
    return [each for each in (exchange.request, exchange.response, exchange.payload) if each is not None]


def _exchange(carrier: Carrier, row: Any) -> Record:
    carrier.contents.update(contents_of(row))
    shown = ("hop", "host", "status_code", "http_version", "truncated", "failure_reason", "sent_at", "received_at")
    return (
        told(row, *shown, "sent_monotonic", "received_monotonic")
        | {"exchange": row.id, "contents": contents_of(row)}
        | carrier.private(told(row, "detour", "peer", "tls_digest", "masked", "failure_message"))
    )


def _exchanges(carrier: Carrier, numbers: list[int]) -> dict[int, list[Any]]:
    """In the order in which a look's line names them."""
    query = select(exchanges).where(exchanges.c.observation.in_(numbers))
    found: dict[int, list[Any]] = {}
    for row in carrier.connection.execute(query.order_by(exchanges.c.observation, exchanges.c.hop, exchanges.c.id)):
        found.setdefault(row.observation, []).append(row)
    return found
