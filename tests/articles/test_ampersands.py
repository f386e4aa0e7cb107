"""Ampersands of XML that begin no reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.ampersands import Mender

CASES = [
    ("a & b &amp; c &#160; &#xA0; &lt;", "a &amp; b &amp; c &#160; &#xA0; &lt;"),
    ("<a>?a=1&b=2&nbsp;</a>", "<a>?a=1&amp;b=2&amp;nbsp;</a>"),
    ("<![CDATA[a & b &nbsp;]]> & <!-- & --> &", "<![CDATA[a & b &nbsp;]]> &amp; <!-- & --> &amp;"),
    ("<![CDATA[ & ]] & ]> & ]]>&", "<![CDATA[ & ]] & ]> & ]]>&amp;"),
    ("<!--- & --->&<!---->&", "<!--- & --->&amp;<!---->&amp;"),
    ("&#8; &#x1f; &#9; &#10; &#xD; &#0;", "\ufffd \ufffd &#9; &#10; &#xD; \ufffd"),
]


@pytest.mark.parametrize(("written", "read"), CASES)
@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_what_begins_no_reference_is_a_plain_sign(written: str, read: str, size: int) -> None:
    """Wherever the pieces end; in CDATA and comments everything stays."""
    mender = Mender()
    pieces = [mender.mended(written[at : at + size]) for at in range(0, len(written), size)]
    assert "".join([*pieces, mender.mended("", final=True)]) == read


@given(st.lists(st.text(alphabet="&<![CDATA]>-#x1;amp ") | st.text()))
def test_pieces_are_read_as_the_whole(pieces: list[str]) -> None:
    """Nothing is lost between them."""
    mender = Mender()
    read = "".join([*map(mender.mended, pieces), mender.mended("", final=True)])
    assert read == Mender().mended("".join(pieces), final=True)
    assert len(read) >= len("".join(pieces)) or "\ufffd" in read
