"""The one door to the network.

    get(url) ── allowed? ── paused? ── pace ── detour? ── pool ── wire: look up once, refuse private, dial, TLS
      │                                                              └ total deadline on every read and write
      └ answer: headers counted, body capped, gzip bounded ── redirect to a host in `follow`? again ── Exchange

`send` is the same for what is told to a service (a form, a subscription), by POST or DELETE; it follows nothing.
Never raises for the network: what went wrong is `Exchange.failure`. Nothing is tried twice here, but for a token that
a host refused: it is renewed once (`grants.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from archiver.clock import Clock
from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.web import addresses
from archiver.web.answer import Answer, Sent, host_of, may_follow, read, recorded, redirect_of, text_of
from archiver.web.failures import EXPECTED, failure, failure_of
from archiver.web.grants import Tokens
from archiver.web.pace import Pace
from archiver.web.settings import WebSettings
from archiver.web.transport import Pools
from archiver.web.wire import ATTEMPT, Attempt, Dialer, OpenSockets

# Both write full addresses, query and all, at INFO and DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, wherever redirects lead."""

    accept: str
    also: tuple[str, ...] = ()
    """As in `Client.get`."""
    method: str = "GET"
    content: bytes | None = None
    content_type: str = ""


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
        question = _Question(accept, also)
        hops: list[Exchange] = []
        left = self._settings.deadline_seconds
        is_renewed = False
        while True:
            exchange, target, spent = self._ask(url, question, left)
            left -= spent
            exchange = replace(exchange, hops=tuple(hops))
            if exchange.status_code == 401 and not is_renewed and self._forget_token(exchange):
                is_renewed = True
                hops.append(replace(exchange, hops=()))
                continue
            if target is None or not may_follow(target, follow):
                return exchange
            if len(hops) == self._settings.max_redirects:
                over = failure(Reason.TOO_MANY_REDIRECTS, f"more than {len(hops)} redirects")
                return replace(exchange, failure=over)
            hops.append(replace(exchange, hops=()))
            url = str(target)

    def send(
        self, url: str, *, method: str = "POST", content: bytes = b"", content_type: str = "", accept: str = "*/*"
    ) -> Exchange:
        """As `model.exchange.Send` says."""
        question = _Question(accept, method=method, content=content, content_type=content_type)
        return self._ask(url, question, self._settings.deadline_seconds)[0]

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

    def _ask(self, url: str, question: _Question, seconds: float) -> tuple[Exchange, httpx.URL | None, float]:
        """One request: its exchange, where it redirects to, and the real seconds it took."""
        target, refusal = self._target(url, question.also)
        own, refusal = ({}, refusal) if target is None else self._own_headers(target)
        if target is not None and refusal is None:
            refusal = self._turn(target)
        target = None if refusal else target
        request = None if target is None else self._request(target, question, own)
        attempt = Attempt(seconds)
        sent_at, sent_monotonic = self._clock.now(), self._clock.monotonic()
        answer = Answer(failure=refusal)
        if target is not None and request is not None:
            self._send(request, target, attempt, answer)
        answer.peer = answer.peer or attempt.peer
        sent = Sent(
            url,
            text_of(request.headers.raw) if request else (),
            own,
            None if target is None else self._settings.detour_of(host_of(target)),
            sent_at,
            sent_monotonic,
            question.method,
            question.content or b"",
        )
        exchange = recorded(sent, answer, self._clock, self._settings)
        return exchange, redirect_of(target, answer), attempt.spent()

    def _target(self, url: str, also: tuple[str, ...]) -> tuple[httpx.URL | None, Failure | None]:
        """The parsed address, or why it is not asked for."""
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            return None, failure_of(error)
        host = host_of(target)
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

    def _turn(self, target: httpx.URL) -> Failure | None:
        """Wait for the host's turn, and take it; or why not: the host may have asked for a pause meanwhile."""
        host = host_of(target)
        self._pace.wait(host, self._sockets.stop, self._settings.slower_places(host, target.path))
        refusal = self._held_back(host)
        if refusal is None:
            self._pace.spent(host)
        return refusal

    def _own_headers(self, target: httpx.URL) -> tuple[dict[str, str], Failure | None]:
        """What is sent to this host alone: its credentials, and the token of its grant; or why that cannot be had."""
        own = self._settings.own_headers(host_of(target), target.path)
        token = self._tokens.token(host_of(target))
        if isinstance(token, Failure):
            return own, token
        return (own if token is None else {**own, "Authorization": f"Bearer {token}"}), None

    def _forget_token(self, refused: Exchange) -> bool:
        return self._tokens.forget(host_of(httpx.URL(refused.url)), refused.sent_monotonic)

    def _post(self, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Ask for a token, by the same guarded way; nothing is followed, and nothing of it is recorded."""
        target, refusal = self._target(url, ())
        refusal = refusal if target is None else self._turn(target)
        answer = Answer(failure=refusal)
        if target is not None and refusal is None:
            request = self._request(target, _Question("application/json", (), "POST", content), headers)
            self._send(request, target, Attempt(self._settings.deadline_seconds), answer)
        return answer

    def _request(self, target: httpx.URL, question: _Question, own: Mapping[str, str]) -> httpx.Request:
        """Built anew for every hop, so that nothing sent to one host can reach another."""
        detour = self._settings.detour_of(host_of(target))
        dialled = target if detour is None else httpx.URL(detour).copy_with(raw_path=target.raw_path)
        headers = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": self._settings.user_agent,
            "Accept": question.accept,
            "Accept-Encoding": "gzip",
            **({"Content-Type": question.content_type} if question.content_type else {}),
            **own,
        }
        return httpx.Request(question.method, dialled, headers=headers, content=question.content)

    def _send(self, request: httpx.Request, target: httpx.URL, attempt: Attempt, answer: Answer) -> None:
        token = ATTEMPT.set(attempt)
        try:
            request.extensions = {"timeout": {"pool": attempt.left()}}
            transport = self._pools.transport(host_of(target), self._settings.detour_of(host_of(target)))
            response = transport.handle_request(request)
            try:
                read(response, answer, self._settings)
            finally:
                response.close()
        except EXPECTED as error:
            answer.failure = failure_of(error)
        finally:
            ATTEMPT.reset(token)
        # A body that ends where its connection ends would look whole: whatever came while we stopped is not trusted.
        if self._sockets.stop.is_set():
            answer.failure = failure(Reason.INTERRUPTED, "the program is stopping")
