"""Names as locations."""

from __future__ import annotations

import os
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.walk import is_empty, printable

TRICKY = [b"\\", b"x0a", b"\\x0a", b"\n", b"\xff", b"\xc2\x80", b"\xc2", b"\x80", "é".encode(), b"\x7f", b"a", b"/"]
names = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(TRICKY)).map(b"".join),
)


def as_bytes(location: str) -> bytes:
    """The name behind a location: what an archivist would do to find the file again."""
    parts = re.split(r"(\\\\|\\x[0-9a-f]{2})", location)
    return b"".join(
        b"\\" if part == "\\\\" else bytes.fromhex(part[2:]) if part.startswith("\\x") else part.encode()
        for part in parts
    )


@given(names)
def test_a_location_leads_back_to_the_one_name_it_was_made_of(name: bytes) -> None:
    """So no two names have the same location."""
    assert as_bytes(printable(name)) == name


@given(names)
def test_a_location_is_one_printable_line_of_utf8(name: bytes) -> None:
    """No control character, no line separator, no marker of direction, no half character."""
    location = printable(name)
    location.encode("utf-8")
    assert len(location.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", location)


def test_names_of_persian_files_stay_as_they_are() -> None:
    """The zero-width non-joiner is part of the spelling."""
    assert printable("می\u200cخواهم.html".encode()) == "می\u200cخواهم.html"


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """A stale mount: whoever walks it tells what is wrong."""
    (tmp_path / "a.html").write_text("<p>Sample</p>")
    for place, expected in ((tmp_path / "a.html", False), (tmp_path, False)):
        opened = os.open(place, os.O_RDONLY)
        try:
            assert is_empty(opened) is expected
        finally:
            os.close(opened)
