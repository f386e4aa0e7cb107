"""How long a platform asks us to wait, by whichever of its headers says so."""

from __future__ import annotations

import pytest

from archiver.model.outcome import Reason
from archiver.platforms.answers import wait_seconds
from tests.platforms.recorded import RECEIVED_AT, exchange

NOW = int(RECEIVED_AT.timestamp())


@pytest.mark.parametrize(
    ("header", "told", "seconds"),
    [
        ("x-rate-limit-reset", str(NOW + 420), 420),
        ("X-Rate-Limit-Reset", f" {NOW + 420} ", 420),
        ("ratelimit-reset", str(NOW + 420), 420),
        ("x-ratelimit-reset", "42", 42),
        ("x-ratelimit-reset", "41.5", 42),
        ("x-ratelimit-reset", "2026-01-06T00:07:00.000000Z", 420),
        ("x-ratelimit-reset", "2026-01-06T00:07:00", 900),
        ("x-rate-limit-reset", str(NOW), 900),
        ("x-rate-limit-reset", str(NOW - 1), 900),
        ("x-rate-limit-reset", str(NOW + 86400), 3600),
        ("x-rate-limit-reset", "0", 900),
        ("x-rate-limit-reset", "-5", 900),
        ("x-rate-limit-reset", "", 900),
        ("x-rate-limit-reset", "9" * 40, 900),
        ("x-rate-limit-reset", "١٢٣", 900),
        ("x-rate-limit-reset", "soon", 900),
    ],
)
def test_a_rate_limit_lasts_until_its_reset(header: str, told: str, seconds: int) -> None:
    """A moment, seconds left, or a date; 15 minutes where it is past or makes no sense, an hour at most."""
    assert wait_seconds(exchange(headers=((header, told),)), Reason.RATE_LIMITED) == seconds


@pytest.mark.parametrize("reason", [Reason.SERVER_ERROR, Reason.REFUSED, Reason.UNEXPECTED_SHAPE, Reason.NOT_FOUND])
def test_a_reset_is_no_wait_where_no_rate_limit_was_read(reason: Reason) -> None:
    """Good answers carry it too."""
    assert wait_seconds(exchange(headers=(("x-rate-limit-reset", str(NOW + 420)),)), reason) is None


def test_what_is_asked_outright_goes_before_the_reset() -> None:
    """`Retry-After` means this request; the reset is the limit's."""
    headers = (("x-rate-limit-reset", str(NOW + 420)), ("retry-after", "60"))
    assert wait_seconds(exchange(headers=headers), Reason.RATE_LIMITED) == 60
