"""Exchanges read back as they were kept, so that a look can be read again by newer rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select

from archiver.model.exchange import Exchange, Failure, Headers
from archiver.model.observation import Observation, SubjectKind
from archiver.model.outcome import Outcome
from archiver.store import contents
from archiver.store.numbers import Numbers
from archiver.store.observations import to_observation
from archiver.store.tables import batches, exchanges, observations


class Unread(NamedTuple):
    """A look that told nothing, by rules that have changed since."""

    observation: Observation
    platform: str
    adapter_version: str
    answered_by: int
    """The observation with which its answer was stored."""


def unknown_looks(connection: Connection, adapter: str, version: str, after: int, limit: int) -> list[Unread]:
    """Valid looks at posts and authors that an adapter read as unknown by another version than this one, and that were
    not read again by this one; those behind observation `after`, oldest first."""
    again = observations.alias("again")
    is_read_again = exists().where(
        again.c.round == observations.c.round,
        again.c.basis == observations.c.id,
        again.c.adapter_version == version,
    )
    rows = connection.execute(
        select(observations, batches.c.valid, batches.c.controlled, batches.c.closed_at, batches.c.platform)
        .join(batches, batches.c.id == observations.c.batch)
        .where(
            observations.c.id > after,
            observations.c.adapter == adapter,
            observations.c.adapter_version != version,
            observations.c.outcome == Outcome.UNKNOWN,
            observations.c.subject_kind.in_((SubjectKind.POST, SubjectKind.AUTHOR)),
            batches.c.valid,
            ~is_read_again,
        )
        .order_by(observations.c.id)
        .limit(limit)
    )
    return [Unread(to_observation(row), row.platform, row.adapter_version, row.basis or row.id) for row in rows]


def load(connection: Connection, observation: int) -> tuple[Exchange, ...]:
    """The exchanges that were stored with an observation, in order, with their decoded bodies left empty; () where
    nothing was asked, or a payload was thinned or redacted."""
    found = [*_load(connection, observation)]
    return () if any(each is None for each in found) else tuple(each for each in found if each is not None)


def place_of(connection: Connection, exchange: int) -> tuple[str, datetime]:
    """What an exchange asked for, and when; its address is "" where the request was redacted."""
    row = connection.execute(select(exchanges.c.request, exchanges.c.sent_at).where(exchanges.c.id == exchange)).one()
    request = contents.get_json(connection, [row.request]).get(row.request, {})
    return request.get("url", ""), row.sent_at


def repeated_payloads(connection: Connection, carried: Numbers) -> Numbers:
    """Payloads that more than one exchange of these observations has."""
    seen, again = Numbers(), Numbers()
    query = select(exchanges.c.observation, exchanges.c.payload).where(exchanges.c.payload.is_not(None))
    for observation, payload in connection.execute(query.execution_options(yield_per=1000)):
        if observation in carried and not seen.add(payload):
            again.add(payload)
    return again


def _load(connection: Connection, observation: int) -> Iterator[Exchange | None]:
    rows = connection.execute(
        select(exchanges).where(exchanges.c.observation == observation).order_by(exchanges.c.hop, exchanges.c.id)
    )
    for row in rows:
        named = [each for each in (row.request, row.response) if each is not None]
        said = contents.get_json(connection, named)
        payload = contents.get(connection, row.payload) if row.payload is not None else b""
        whole = payload is not None and len(said) == len(named)
        yield _exchange(row, said.get(row.request, {}), said.get(row.response, {}), payload or b"") if whole else None


def _exchange(row: Any, request: dict[str, Any], response: dict[str, Any], payload: bytes) -> Exchange:
    return Exchange(
        url=request["url"],
        detour=row.detour,
        request_headers=_headers(request),
        masked=tuple(row.masked or ()),
        status_code=row.status_code,
        http_version=row.http_version,
        response_headers=_headers(response),
        payload=payload,
        body=b"",
        truncated=row.truncated,
        peer=row.peer,
        tls_digest=row.tls_digest,
        sent_at=row.sent_at,
        received_at=row.received_at,
        sent_monotonic=row.sent_monotonic / 1e6,
        received_monotonic=row.received_monotonic / 1e6,
        method=request["method"],
        request_body=request.get("body", ""),
        reason_phrase=response.get("reason_phrase"),
        failure=Failure(row.failure_reason, row.failure_message or "") if row.failure_reason else None,
    )


def _headers(noun: dict[str, Any]) -> Headers:
    return tuple((name, said) for name, said in noun.get("headers", ()))
