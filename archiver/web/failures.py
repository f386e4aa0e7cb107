"""What can go wrong with a request, as a table: a foreign exception in, a Failure out. A bug is not in the table."""

from __future__ import annotations

import ssl
import zlib

import httpcore
import httpx

from archiver.model.exchange import Failure
from archiver.model.outcome import Reason
from archiver.web.wire import WireError

REASONS: dict[type[Exception], Reason] = {
    httpx.HTTPError: Reason.PROTOCOL,
    httpx.HTTPStatusError: Reason.UNEXPECTED_STATUS,
    httpx.RequestError: Reason.PROTOCOL,
    httpx.TransportError: Reason.PROTOCOL,
    httpx.TimeoutException: Reason.TIMEOUT,
    httpx.ConnectTimeout: Reason.TIMEOUT,
    httpx.ReadTimeout: Reason.TIMEOUT,
    httpx.WriteTimeout: Reason.TIMEOUT,
    httpx.PoolTimeout: Reason.DEADLINE,
    httpx.NetworkError: Reason.PROTOCOL,
    httpx.ConnectError: Reason.CONNECT,
    httpx.ReadError: Reason.PROTOCOL,
    httpx.WriteError: Reason.PROTOCOL,
    httpx.CloseError: Reason.PROTOCOL,
    httpx.ProxyError: Reason.CONNECT,
    httpx.ProtocolError: Reason.PROTOCOL,
    httpx.LocalProtocolError: Reason.PROTOCOL,
    httpx.RemoteProtocolError: Reason.PROTOCOL,
    httpx.UnsupportedProtocol: Reason.BLOCKED_ADDRESS,
    httpx.DecodingError: Reason.UNDECODABLE,
    httpx.TooManyRedirects: Reason.TOO_MANY_REDIRECTS,
    httpx.InvalidURL: Reason.BLOCKED_ADDRESS,
    httpcore.TimeoutException: Reason.TIMEOUT,
    httpcore.ConnectTimeout: Reason.TIMEOUT,
    httpcore.ReadTimeout: Reason.TIMEOUT,
    httpcore.WriteTimeout: Reason.TIMEOUT,
    httpcore.PoolTimeout: Reason.DEADLINE,
    httpcore.NetworkError: Reason.PROTOCOL,
    httpcore.ConnectError: Reason.CONNECT,
    httpcore.ReadError: Reason.PROTOCOL,
    httpcore.WriteError: Reason.PROTOCOL,
    httpcore.ProxyError: Reason.CONNECT,
    httpcore.ProtocolError: Reason.PROTOCOL,
    httpcore.LocalProtocolError: Reason.PROTOCOL,
    httpcore.RemoteProtocolError: Reason.PROTOCOL,
    httpcore.UnsupportedProtocol: Reason.BLOCKED_ADDRESS,
    httpcore.ConnectionNotAvailable: Reason.CONNECT,
    ssl.SSLError: Reason.TLS,
    zlib.error: Reason.UNDECODABLE,
    OSError: Reason.CONNECT,
}
"""A subclass that is not here counts as its nearest ancestor that is."""

BUGS: tuple[type[Exception], ...] = (
    httpx.StreamError,
    httpx.StreamConsumed,
    httpx.StreamClosed,
    httpx.ResponseNotRead,
    httpx.RequestNotRead,
    httpx.CookieConflict,
)
"""Of httpx's exceptions, those that only a mistake of ours can raise: they are let through."""

EXPECTED: tuple[type[Exception], ...] = (WireError, *REASONS)
"""What the client catches."""


def failure_of(error: Exception) -> Failure:
    """The Failure that an expected exception stands for."""
    if isinstance(error, WireError):
        return failure(error.reason, str(error))
    reason = next(REASONS[kind] for kind in type(error).__mro__ if kind in REASONS)
    return failure(reason, str(error) or type(error).__name__)


def failure(reason: Reason, message: str) -> Failure:
    """A Failure with its message in one printable line of at most 300 characters."""
    line = "".join(character if character.isprintable() else " " for character in message)
    return Failure(reason.value, " ".join(line.split())[:300])
