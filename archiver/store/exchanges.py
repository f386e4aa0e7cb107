"""Exchanges: each request and answer byte for byte, in rows of `contents`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from archiver.model.exchange import Exchange
from archiver.store import contents
from archiver.store.contents import Content
from archiver.store.draft import Draft
from archiver.store.tables import exchanges, observations


class Kept(NamedTuple):
    """Where the parts of an exchange are kept."""

    request: Content
    response: Content | None
    """None where no answer began."""
    payload: Content | None
    """As received, still encoded; None where no answer began, or its body is not kept."""

    @property
    def commitments(self) -> str:
        """To the request, the answer and the payload, as a line of the ledger names them."""
        return " ".join(part.commitment for part in self if part)


def microseconds(seconds: float) -> int:
    """How monotonic times are stored."""
    return round(seconds * 1_000_000)


def add(draft: Draft, observation: int, hop: int, exchange: Exchange) -> list[str]:
    """Have one exchange stored; returns the digests of its request, answer and payload."""
    request = draft.keep_json(_asked(exchange))
    response = payload = None
    if exchange.status_code is not None:
        response, payload = draft.keep_json(_answered(exchange)), draft.keep(exchange.payload)
    row = {
        "observation": observation,
        "hop": hop,
        "host": _host(exchange.url),
        "detour": exchange.detour,
        "request": request,
        "response": response,
        "payload": payload,
        "status_code": exchange.status_code,
        "http_version": exchange.http_version,
        "peer": exchange.peer,
        "tls_digest": exchange.tls_digest,
        "truncated": exchange.truncated,
        "failure_reason": exchange.failure.reason if exchange.failure else None,
        "failure_message": exchange.failure.message if exchange.failure else None,
        "masked": list(exchange.masked),
        "sent_at": exchange.sent_at,
        "received_at": exchange.received_at,
        "sent_monotonic": microseconds(exchange.sent_monotonic),
        "received_monotonic": microseconds(exchange.received_monotonic),
    }
    draft.add(exchanges, row)
    return [part for part in (request, response, payload) if part]


def keep(connection: Connection, exchange: Exchange, *, with_payload: bool = True) -> Kept:
    """Keep what was asked and answered as contents; the row that names them is the caller's."""
    request = contents.put_json(connection, _asked(exchange))
    if exchange.status_code is None:
        return Kept(request, None, None)
    response = contents.put_json(connection, _answered(exchange))
    return Kept(request, response, contents.put(connection, exchange.payload) if with_payload else None)


def _asked(exchange: Exchange) -> dict[str, Any]:
    asked = {"method": exchange.method, "url": exchange.url, "headers": _pairs(exchange.request_headers)}
    # Without one the key is left away, so that equal questions are equal bytes as ever.
    return asked | ({"body": exchange.request_body} if exchange.request_body else {})


def _answered(exchange: Exchange) -> dict[str, Any]:
    return {
        "status_code": exchange.status_code,
        "reason_phrase": exchange.reason_phrase,
        "headers": _pairs(exchange.response_headers),
    }


def _pairs(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[name, text] for name, text in headers]


def _host(url: str) -> str:
    return url.split("/", 3)[2].lower() if "//" in url else ""


def waits(connection: Connection, since: datetime) -> list[tuple[str, datetime]]:
    """(host, until when it asked to be left alone) of the answers received since then."""
    rows = connection.execute(
        select(exchanges.c.host, observations.c.received_at, observations.c.retry_after_seconds)
        .join(exchanges, exchanges.c.observation == observations.c.id)
        .where(observations.c.retry_after_seconds.is_not(None), observations.c.received_at >= since)
    )
    return [(row.host, row.received_at + timedelta(seconds=row.retry_after_seconds)) for row in rows]


def sent(connection: Connection, hosts: Collection[str], since: datetime) -> list[tuple[str, datetime, int]]:
    """(host, hour, how many requests) of these hosts since then."""
    hour = func.substr(exchanges.c.sent_at, 1, 13)
    rows = connection.execute(
        select(exchanges.c.host, func.min(exchanges.c.sent_at).label("first"), func.count().label("requests"))
        .where(exchanges.c.host.in_(hosts), exchanges.c.sent_at >= since, exchanges.c.status_code.is_not(None))
        .group_by(exchanges.c.host, hour)
    )
    return [(row.host, datetime.fromisoformat(str(row.first)), row.requests) for row in rows]
