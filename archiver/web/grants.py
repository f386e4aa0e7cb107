"""Tokens of hosts that give an app access for a while: OAuth 2's client credentials (RFC 6749, 4.4).

An app's id and secret are exchanged for a token at first need; it is sent until shortly before it ends, and asked for
anew once where the host refuses it. Tokens live in memory only: nothing of this is recorded or logged.
"""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from archiver.clock import Clock
from archiver.model.exchange import Failure
from archiver.model.outcome import Reason
from archiver.web.failures import failure

BODY = b"grant_type=client_credentials"
RENEW_BEFORE = timedelta(minutes=5)
"""A token is asked for anew that long before it ends, but not in the first half of its life."""
HOLD = timedelta(minutes=1)
"""After a token was refused, nobody asks again for so long: a wrong secret does not become right."""
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=1)
_TOKEN = re.compile(r"[!-~]{8,8000}")


@dataclass(frozen=True, slots=True)
class Grant:
    """How an app gets access to a host."""

    token_address: str
    """Where its id and secret are exchanged for a token."""
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


class Answer(Protocol):
    """What came of asking for a token."""

    status_code: int | None
    body: bytes
    failure: Failure | None


Ask = Callable[[str, Mapping[str, str], bytes], Answer]
"""Asks an address, with these headers and this body, by POST."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of one host's token."""

    token: str = field(repr=False)
    """"" where none was given."""
    until: datetime
    """When it is asked for anew."""
    since: float
    """Monotonic: when it came."""
    failure: Failure | None = None


class Tokens:
    """The tokens of all hosts that have a grant. Safe to share between threads: one asks, the others wait for it."""

    def __init__(self, grants: Mapping[str, Grant], clock: Clock, ask: Ask) -> None:
        self._grants = grants
        self._clock = clock
        self._ask = ask
        self._locks = {host: threading.Lock() for host in grants}
        self._held: dict[str, _Held] = {}

    def token(self, host: str) -> str | Failure | None:
        """The host's token; why there is none; or None for a host without a grant."""
        grant = self._grants.get(host)
        if grant is None:
            return None
        with self._locks[host]:
            held = self._held.get(host)
            if held is None or held.until <= self._clock.now():
                held = self._held[host] = self._fetched(grant)
        return held.failure or held.token

    def forget(self, host: str, sent_monotonic: float) -> bool:
        """Let go of a token that the host refused in an answer to a request sent then; False if it has no grant.

        One that came after that request was sent is another, and stays.
        """
        if host not in self._grants:
            return False
        with self._locks[host]:
            held = self._held.get(host)
            if held is not None and held.failure is None and held.since <= sent_monotonic:
                del self._held[host]
        return True

    def _fetched(self, grant: Grant) -> _Held:
        pair = b64encode(f"{grant.client_id}:{grant.client_secret}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._ask(grant.token_address, headers, BODY)
        now, monotonic = self._clock.now(), self._clock.monotonic()
        told = _refusal(answer)
        given = None if told else _given(answer.body)
        if given is None:
            told = told or failure(Reason.UNEXPECTED_SHAPE, "no access: the answer holds no token")
            return _Held("", now + HOLD, monotonic, told)
        token, life = given
        return _Held(token, now + max(life - RENEW_BEFORE, life / 2), monotonic)


def _refusal(answer: Answer) -> Failure | None:
    """Why there is no answer to read. Its body is never told: it may hold what is secret."""
    if answer.failure is not None:
        return failure(Reason(answer.failure.reason), f"no access: {answer.failure.message}")
    code = answer.status_code or 0
    if code == 200:
        return None
    if code == 429:
        reason = Reason.RATE_LIMITED
    elif code in (400, 401, 403):
        reason = Reason.REFUSED
    else:
        reason = Reason.SERVER_ERROR if code >= 500 else Reason.UNEXPECTED_STATUS
    return failure(reason, f"no access: asked for a token, the host answered {code}")


def _given(body: bytes) -> tuple[str, timedelta] | None:
    """The token in an answer, and how long it lives; None if there is none that can be sent."""
    try:
        noun = json.loads(body)
    except (ValueError, RecursionError):
        return None
    token = noun.get("access_token") if isinstance(noun, dict) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or str(noun.get("token_type")).lower() != "bearer":
        return None
    seconds = noun.get("expires_in")
    is_plain = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**9
    life = timedelta(seconds=seconds) if is_plain else timedelta(hours=1)
    return token, min(max(life, _SHORTEST), _LONGEST)
