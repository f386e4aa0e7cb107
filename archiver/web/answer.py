"""What is known of one request while it is under way, and what is read off an answer: status, headers, body, peer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from archiver import digest
from archiver.clock import Clock
from archiver.model.exchange import Exchange, Failure, Headers
from archiver.model.outcome import Reason
from archiver.web import masks
from archiver.web.body import decoded, received
from archiver.web.failures import failure
from archiver.web.settings import WebSettings
from archiver.web.wire import printed

MAX_HEADERS = 100
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Sent:
    """What was asked, or would have been."""

    url: str
    headers: Headers
    """() where nothing left."""
    own: Mapping[str, str] = field(repr=False)
    """Those of them that are secret."""
    detour: str | None
    at: datetime
    monotonic: float
    method: str = "GET"
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """What is known of one request so far."""

    status_code: int | None = None
    http_version: str | None = None
    reason_phrase: str | None = None
    headers: Headers = ()
    payload: bytes = b""
    body: bytes = b""
    truncated: str | None = None
    peer: str | None = None
    tls_digest: str | None = None
    failure: Failure | None = None


def begin(response: httpx.Response, answer: Answer) -> None:
    """Note all that stands before the body."""
    headers = response.headers.raw
    answer.status_code = response.status_code
    answer.http_version = response.http_version
    answer.reason_phrase = response.reason_phrase or None
    answer.headers = text_of(headers[:MAX_HEADERS])
    answer.peer, answer.tls_digest = far_end(response.extensions.get("network_stream"))
    if len(headers) > MAX_HEADERS:
        answer.failure = failure(Reason.PROTOCOL, f"{len(headers)} headers, more than {MAX_HEADERS}")


def read(response: httpx.Response, answer: Answer, settings: WebSettings) -> None:
    """Note the whole answer, its body up to the caps."""
    begin(response, answer)
    if answer.failure is not None:
        return
    came = received(response.iter_raw(), settings.raw_cap)
    answer.payload, answer.truncated, answer.failure = came.payload, came.truncated, came.failure
    encodings = [text for name, text in answer.headers if name.lower() == "content-encoding"]
    answer.body, broken = decoded(came.payload, encodings, settings.decoded_cap)
    answer.failure = answer.failure or broken


def recorded(sent: Sent, answer: Answer, clock: Clock, settings: WebSettings) -> Exchange:
    """Both as they are kept, secrets masked; received now."""
    shown, masked_query = masks.masked_url(sent.url, settings)
    secret = settings.masked_headers | {name.lower() for name in sent.own}
    headers, masked_headers = masks.masked_headers(sent.headers, secret)
    return Exchange(
        url=shown,
        detour=sent.detour,
        request_headers=headers,
        masked=masked_query + masked_headers,
        status_code=answer.status_code,
        http_version=answer.http_version,
        response_headers=masks.without(answer.headers, masks.secrets_of(sent.url, settings, sent.own)),
        payload=answer.payload,
        body=answer.body,
        truncated=answer.truncated,
        peer=answer.peer,
        tls_digest=answer.tls_digest,
        sent_at=sent.at,
        received_at=clock.now(),
        sent_monotonic=sent.monotonic,
        received_monotonic=clock.monotonic(),
        method=sent.method,
        request_body=sent.body.decode("utf-8", "replace"),
        reason_phrase=answer.reason_phrase,
        failure=answer.failure,
    )


def text_of(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as they stood on the wire; Latin-1 loses no byte."""
    return tuple((name.decode("latin-1"), text.decode("latin-1")) for name, text in headers)


def far_end(stream: Any) -> tuple[str | None, str | None]:
    """Address and port of the peer, and the labelled digest of its certificate."""
    if stream is None:
        return None, None
    peer = stream.get_extra_info("server_addr")
    tls = stream.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return (
        printed(str(peer[0]), int(peer[1])) if peer else None,
        digest.of_bytes(certificate) if certificate else None,
    )


def redirect_of(target: httpx.URL | None, answer: Answer) -> httpx.URL | None:
    """Where the answer leads, absolute; None if it does not redirect, or to nothing that can be read."""
    if target is None or answer.failure is not None or answer.status_code not in _REDIRECTS:
        return None
    location = next((text for name, text in answer.headers if name.lower() == "location"), None)
    if location is None:
        return None
    try:
        return target.join(location)
    except (httpx.InvalidURL, ValueError):
        return None


def host_of(url: httpx.URL) -> str:
    """The host as it is dialled: lower case, ASCII."""
    return url.raw_host.decode("ascii")


def may_follow(target: httpx.URL, follow: tuple[str, ...]) -> bool:
    """Whether a redirect may be followed: https, on its usual port, to one of these hosts."""
    return target.scheme == "https" and target.port is None and host_of(target) in follow and not target.userinfo
