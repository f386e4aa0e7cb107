"""Exchange: one request and its answer, kept so that a stranger can see what was asked and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an answer could not be had, or cannot be read: an expected failure, as a value."""

    reason: str
    """One of observation.Reason, as its string."""
    message: str
    """One line for a person, without secrets."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, or how far it came."""

    url: str
    """The true address that was asked for."""
    detour: str | None
    """The base address that was dialled instead (`[web] connect_to`); None where there was no detour."""
    request_headers: Headers
    """What was sent, secrets masked."""
    masked: tuple[str, ...]
    """Names of the headers and query keys whose values were masked."""
    status_code: int | None
    """None where no answer began."""
    http_version: str | None
    """"HTTP/1.1" …; None where no answer began."""
    response_headers: Headers
    """As received, in order."""
    payload: bytes
    """Raw bytes of the body as received (still encoded), up to the cap."""
    body: bytes
    """The decoded body, up to the cap; b"" where it could not be decoded."""
    truncated: str | None
    """As in WARC-Truncated: "length" or "time"; None for a whole body."""
    peer: str | None
    """Address and port that was dialled."""
    tls_digest: str | None
    """Labelled digest of the server's leaf certificate (DER); None without TLS."""
    sent_at: datetime
    received_at: datetime
    """When the last byte came, or the failure."""
    sent_monotonic: float
    received_monotonic: float
    method: str = "GET"
    """What was asked."""
    request_body: str = ""
    """What was sent with it; "" for nothing."""
    reason_phrase: str | None = None
    """The words after the status code; None where the protocol has none."""
    failure: Failure | None = None
    """None for a whole answer, whatever its status code."""
    hops: tuple[Exchange, ...] = ()
    """The exchanges that led to this one, first to last: redirects, and an access token that was refused."""

    @classmethod
    def never_made(cls, url: str, failure: Failure, at: datetime, monotonic: float) -> Exchange:
        """What stands for a request that was not made, and why; `at` and `monotonic`: when it would have been."""
        return cls(
            url=url,
            detour=None,
            request_headers=(),
            masked=(),
            status_code=None,
            http_version=None,
            response_headers=(),
            payload=b"",
            body=b"",
            truncated=None,
            peer=None,
            tls_digest=None,
            sent_at=at,
            received_at=at,
            sent_monotonic=monotonic,
            received_monotonic=monotonic,
            failure=failure,
        )

    def header(self, name: str) -> str | None:
        """The first value of a response header, by name in any case; None if absent."""
        wanted = name.lower()
        return next((value for key, value in self.response_headers if key.lower() == wanted), None)


class Get(Protocol):
    """How adapters reach the network: never by themselves."""

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        """Ask for `url`; follow redirects to the hosts in `follow` only (https, at most 5 hops).

        Never raises for the network: what went wrong is `Exchange.failure`.
        A redirect that is not followed is a whole answer with its 3xx status code.
        """


class Send(Protocol):
    """How something is asked of a service that takes it down: a form, a subscription."""

    def __call__(
        self, url: str, *, method: str = "POST", content: bytes = b"", content_type: str = "", accept: str = "*/*"
    ) -> Exchange:
        """Send `content` to `url`. Never raises for the network; no redirect is followed, and nothing is sent twice."""
