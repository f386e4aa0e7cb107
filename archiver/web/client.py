"""The one door to the network.

    get(url) ── allowed? ── paused? ── pace ── detour? ── pool ── wire: look up once, refuse private, dial, TLS
      │                                                              └ total deadline on every read and write
      └ answer: headers counted, body capped, gzip bounded ── redirect to a host in `follow`? again ── Exchange

Never raises for the network: what went wrong is `Exchange.failure`. Nothing is tried twice here, but for a token that
a host refused: it is renewed once (`grants.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx

from archiver import digest
from archiver.clock import Clock
from archiver.model.exchange import Exchange, Failure, Headers
from archiver.model.outcome import Reason
from archiver.web import addresses, masks
from archiver.web.body import decoded, received
from archiver.web.failures import EXPECTED, failure, failure_of
from archiver.web.grants import Tokens
from archiver.web.pace import Pace
from archiver.web.settings import WebSettings
from archiver.web.transport import Pools
from archiver.web.wire import ATTEMPT, Attempt, Dialer, OpenSockets, printed

MAX_HEADERS = 100
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Both write full addresses, query and all, at INFO and DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(slots=True)
class _Answer:
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


class Client:
    """Asks hosts for addresses, politely and safely. Safe to share between threads.

    `resolve`, `blocked` and `ports` (None: any) say how names are looked up and what may be dialled.
    """

    def __init__(
        self,
        settings: WebSettings,
        clock: Clock,
        *,
        resolve: addresses.Resolve = addresses.resolve,
        blocked: Callable[[str], bool] = addresses.blocked,
        ports: Collection[int] | None = (80, 443),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sockets = OpenSockets()
        self._pace = Pace(clock, settings.pace_seconds, settings.pace_by_host, settings.per_day)
        dialer = Dialer(self._sockets, resolve=resolve, blocked=blocked, ports=ports)
        self._pools = Pools(settings, self._sockets, dialer)
        self._tokens = Tokens(settings.grants, clock, self._post)

    def get(
        self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = (), also: tuple[str, ...] = ()
    ) -> Exchange:
        """As `model.exchange.Get` says. `also` names hosts that may be asked beside those of the settings."""
        hops: list[Exchange] = []
        left = self._settings.deadline_seconds
        is_renewed = False
        while True:
            exchange, target, spent = self._ask(url, accept, left, also)
            left -= spent
            exchange = replace(exchange, hops=tuple(hops))
            if exchange.status_code == 401 and not is_renewed and self._forget_token(exchange):
                is_renewed = True
                hops.append(replace(exchange, hops=()))
                continue
            if target is None or not _may_follow(target, follow):
                return exchange
            if len(hops) == self._settings.max_redirects:
                over = failure(Reason.TOO_MANY_REDIRECTS, f"more than {len(hops)} redirects")
                return replace(exchange, failure=over)
            hops.append(replace(exchange, hops=()))
            url = str(target)

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone: until then every `get` for it fails at once with `skipped_paused`."""
        self._pace.pause(host, seconds)

    def spent(self, host: str, seconds_ago: float, requests: int) -> None:
        """So many requests were sent by another process so long ago; they count in the host's budget."""
        self._pace.spent(host, seconds_ago, requests)

    def paused_until(self, host: str) -> datetime | None:
        """When the pause of a host ends, UTC; None if it is not paused."""
        return self._pace.paused_until(host)

    def close(self) -> None:
        """Ask nothing more; requests under way in other threads end at once, as `interrupted`."""
        self._sockets.shut()
        self._pools.close()

    def _ask(
        self, url: str, accept: str, seconds: float, also: tuple[str, ...]
    ) -> tuple[Exchange, httpx.URL | None, float]:
        """One request: its exchange, where it redirects to, and the real seconds it took."""
        target, refusal = self._target(url, also)
        own, refusal = ({}, refusal) if target is None else self._own_headers(_host(target))
        if target is not None and refusal is None:
            refusal = self._turn(_host(target))
        target = None if refusal else target
        request = None if target is None else self._request(target, accept, own)
        attempt = Attempt(seconds)
        sent_at, sent_monotonic = self._clock.now(), self._clock.monotonic()
        answer = _Answer(failure=refusal)
        if target is not None and request is not None:
            self._send(request, target, attempt, answer)
        shown, masked_query = masks.masked_url(url, self._settings)
        secret = self._settings.masked_headers | {k.lower() for k in own}
        sent, masked_headers = masks.masked_headers(_text(request.headers.raw) if request else (), secret)
        exchange = Exchange(
            url=shown,
            detour=None if target is None else self._settings.detour_of(_host(target)),
            request_headers=sent,
            masked=masked_query + masked_headers,
            status_code=answer.status_code,
            http_version=answer.http_version,
            response_headers=masks.without(answer.headers, masks.secrets_of(url, self._settings, own)),
            payload=answer.payload,
            body=answer.body,
            truncated=answer.truncated,
            peer=answer.peer or attempt.peer,
            tls_digest=answer.tls_digest,
            sent_at=sent_at,
            received_at=self._clock.now(),
            sent_monotonic=sent_monotonic,
            received_monotonic=self._clock.monotonic(),
            reason_phrase=answer.reason_phrase,
            failure=answer.failure,
        )
        return exchange, _redirect(target, answer), attempt.spent()

    def _target(self, url: str, also: tuple[str, ...]) -> tuple[httpx.URL | None, Failure | None]:
        """The parsed address, or why it is not asked for."""
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            return None, failure_of(error)
        host = _host(target)
        if target.scheme not in ("http", "https") or not host or target.userinfo:
            return None, failure(Reason.BLOCKED_ADDRESS, "only plain http and https addresses are asked for")
        if not self._settings.allows(host) and host not in also:
            return None, failure(Reason.HOST_NOT_ALLOWED, f"{host} is not among the hosts that may be asked")
        refusal = self._held_back(host)
        return (None, refusal) if refusal else (target, None)

    def _held_back(self, host: str) -> Failure | None:
        if self._sockets.stop.is_set():
            return failure(Reason.INTERRUPTED, "the program is stopping")
        until = self._pace.paused_until(host)
        if until is not None:
            return failure(Reason.SKIPPED_PAUSED, f"{host} is left alone until {until:%Y-%m-%d %H:%M:%S} UTC")
        return None

    def _turn(self, host: str) -> Failure | None:
        """Wait for the host's turn, and take it; or why not: the host may have asked for a pause meanwhile."""
        self._pace.wait(host, self._sockets.stop)
        refusal = self._held_back(host)
        if refusal is None:
            self._pace.spent(host)
        return refusal

    def _own_headers(self, host: str) -> tuple[dict[str, str], Failure | None]:
        """What is sent to this host alone: its credentials, and the token of its grant; or why that cannot be had."""
        own = dict(self._settings.host_headers.get(host, {}))
        token = self._tokens.token(host)
        if isinstance(token, Failure):
            return own, token
        return (own if token is None else {**own, "Authorization": f"Bearer {token}"}), None

    def _forget_token(self, refused: Exchange) -> bool:
        return self._tokens.forget(_host(httpx.URL(refused.url)), refused.sent_monotonic)

    def _post(self, url: str, headers: Mapping[str, str], content: bytes) -> _Answer:
        """Ask for a token, by the same guarded way; nothing is followed, and nothing of it is recorded."""
        target, refusal = self._target(url, ())
        refusal = refusal if target is None else self._turn(_host(target))
        answer = _Answer(failure=refusal)
        if target is not None and refusal is None:
            request = self._request(target, "application/json", headers, content)
            self._send(request, target, Attempt(self._settings.deadline_seconds), answer)
        return answer

    def _request(
        self, target: httpx.URL, accept: str, own: Mapping[str, str], content: bytes | None = None
    ) -> httpx.Request:
        """Built anew for every hop, so that nothing sent to one host can reach another."""
        detour = self._settings.detour_of(_host(target))
        dialled = target if detour is None else httpx.URL(detour).copy_with(raw_path=target.raw_path)
        headers = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": self._settings.user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            **own,
        }
        return httpx.Request("GET" if content is None else "POST", dialled, headers=headers, content=content)

    def _send(self, request: httpx.Request, target: httpx.URL, attempt: Attempt, answer: _Answer) -> None:
        token = ATTEMPT.set(attempt)
        try:
            request.extensions = {"timeout": {"pool": attempt.left()}}
            transport = self._pools.transport(_host(target), self._settings.detour_of(_host(target)))
            response = transport.handle_request(request)
            try:
                self._read(response, answer)
            finally:
                response.close()
        except EXPECTED as error:
            answer.failure = failure_of(error)
        finally:
            ATTEMPT.reset(token)
        # A body that ends where its connection ends would look whole: whatever came while we stopped is not trusted.
        if self._sockets.stop.is_set():
            answer.failure = failure(Reason.INTERRUPTED, "the program is stopping")

    def _read(self, response: httpx.Response, answer: _Answer) -> None:
        headers = response.headers.raw
        answer.status_code = response.status_code
        answer.http_version = response.http_version
        answer.reason_phrase = response.reason_phrase or None
        answer.headers = _text(headers[:MAX_HEADERS])
        answer.peer, answer.tls_digest = _far_end(response.extensions.get("network_stream"))
        if len(headers) > MAX_HEADERS:
            answer.failure = failure(Reason.PROTOCOL, f"{len(headers)} headers, more than {MAX_HEADERS}")
            return
        came = received(response.iter_raw(), self._settings.raw_cap)
        answer.payload, answer.truncated, answer.failure = came.payload, came.truncated, came.failure
        encodings = [text for name, text in answer.headers if name.lower() == "content-encoding"]
        answer.body, broken = decoded(came.payload, encodings, self._settings.decoded_cap)
        answer.failure = answer.failure or broken


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as they stood on the wire; Latin-1 loses no byte."""
    return tuple((name.decode("latin-1"), text.decode("latin-1")) for name, text in headers)


def _far_end(stream: Any) -> tuple[str | None, str | None]:
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


def _redirect(target: httpx.URL | None, answer: _Answer) -> httpx.URL | None:
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


def _host(url: httpx.URL) -> str:
    """The host as it is dialled: lower case, ASCII."""
    return url.raw_host.decode("ascii")


def _may_follow(target: httpx.URL, follow: tuple[str, ...]) -> bool:
    return target.scheme == "https" and target.port is None and _host(target) in follow and not target.userinfo
