"""Exchanges: each request and answer byte for byte, in rows of `contents`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from archiver.model.exchange import Exchange
from archiver.store import contents
from archiver.store.contents import Content
from archiver.store.tables import add_row, exchanges, observations
from archiver.store.transaction import Transaction


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


def append(transaction: Transaction, observation: int, hop: int, exchange: Exchange) -> str:
    """Store one exchange; returns a commitment to its request, answer and payload."""
    connection = transaction.connection
    kept = keep(connection, exchange)
    add_row(
        connection,
        exchanges,
        observation=observation,
        hop=hop,
        host=_host(exchange.url),
        detour=exchange.detour,
        request=kept.request.id,
        response=kept.response.id if kept.response else None,
        payload=kept.payload.id if kept.payload else None,
        status_code=exchange.status_code,
        http_version=exchange.http_version,
        peer=exchange.peer,
        tls_digest=exchange.tls_digest,
        truncated=exchange.truncated,
        failure_reason=exchange.failure.reason if exchange.failure else None,
        failure_message=exchange.failure.message if exchange.failure else None,
        masked=list(exchange.masked),
        sent_at=exchange.sent_at,
        received_at=exchange.received_at,
        sent_monotonic=microseconds(exchange.sent_monotonic),
        received_monotonic=microseconds(exchange.received_monotonic),
    )
    return kept.commitments


def keep(connection: Connection, exchange: Exchange, *, with_payload: bool = True) -> Kept:
    """Keep what was asked and answered as contents; the row that names them is the caller's."""
    asked = {"method": exchange.method, "url": exchange.url, "headers": _pairs(exchange.request_headers)}
    # Without one the key is left away, so that equal questions are equal bytes as ever.
    asked |= {"body": exchange.request_body} if exchange.request_body else {}
    request = contents.put_json(connection, asked)
    if exchange.status_code is None:
        return Kept(request, None, None)
    response = contents.put_json(
        connection,
        {
            "status_code": exchange.status_code,
            "reason_phrase": exchange.reason_phrase,
            "headers": _pairs(exchange.response_headers),
        },
    )
    return Kept(request, response, contents.put(connection, exchange.payload) if with_payload else None)


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
