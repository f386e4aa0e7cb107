"""Every exception that the libraries can raise for the network is a Failure, and the list is complete."""

from __future__ import annotations

import socket
import ssl
import zlib
from types import ModuleType

import httpcore
import httpx
import pytest

from archiver.model.outcome import Reason
from archiver.web.failures import BUGS, EXPECTED, REASONS, failure, failure_of
from archiver.web.wire import WireError


def exceptions_of(library: ModuleType) -> list[type[Exception]]:
    """Every exception class that a library exports."""
    exported = (getattr(library, name) for name in library.__all__)
    return [kind for kind in exported if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("library", [httpx, httpcore])
def test_every_exception_of_the_libraries_is_in_the_table_or_a_bug_of_ours(library: ModuleType) -> None:
    """A new version with a new exception fails here first."""
    missing = [kind.__name__ for kind in exceptions_of(library) if kind not in REASONS and kind not in BUGS]
    assert missing == []


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLCertVerificationError(1, "certificate verify failed"),
        ssl.SSLEOFError(8, "EOF occurred"),
        zlib.error("invalid"),
        socket.gaierror(-2, "Name or service not known"),
        ConnectionResetError(104, "reset"),
        TimeoutError(),
        WireError(Reason.DEADLINE, "late"),
    ],
)
def test_every_other_exception_of_the_network_has_a_reason(error: Exception) -> None:
    """TLS, zlib and the operating system."""
    assert isinstance(error, EXPECTED)
    assert failure_of(error).reason in {reason.value for reason in Reason}


def test_a_bug_is_not_swallowed() -> None:
    """What only our own mistake can raise is let through."""
    assert not any(issubclass(bug, EXPECTED) for bug in BUGS)
    assert not issubclass(ValueError, EXPECTED)


def test_a_failure_is_one_printable_line() -> None:
    """A server's own words cannot break a log or a terminal."""
    told = failure(Reason.PROTOCOL, "bad line: \x1b]52;c;x\x07\r\nINFO fake\u202e" + "x" * 1000)
    assert told.message.isprintable()
    assert len(told.message) <= 300
