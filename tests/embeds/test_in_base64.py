"""Base64 as pages hold it, and as damaged pages do."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archiver.embeds.prefilter.in_base64 import decoded


@pytest.mark.parametrize("between", [b"", b"\n", b"=", b"%", b" \xff-"])
@pytest.mark.parametrize("pads", [True, False])
def test_signs_that_say_nothing_are_passed_over(between: bytes, *, pads: bool) -> None:
    """Breaks of lines, padding within, and what is not of Base64 at all."""
    written = b64encode(b"Sample words of a page").rstrip(b"=" * (not pads))
    assert decoded(written[:7] + between + written[7:]) == b"Sample words of a page"


@given(some.binary())
def test_nothing_makes_it_fail(written: bytes) -> None:
    """A form that fails takes what it would have found with it."""
    decoded(written)
