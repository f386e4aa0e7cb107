"""Where a page was saved from, as the program that saved it notes in a comment."""

from __future__ import annotations

import re

LOOKED_AT = 16_384
"""Both stand before the head."""

# SingleFile: "<!--\n Page saved with SingleFile \n url: https://… \n saved date: …\n-->";
# browsers: "<!-- saved from url=(0030)https://… -->".
_NOTE = re.compile(
    rb"<!--\s{0,20}(?:Page saved with SingleFile\b[^<>]{0,200}?\burl:\s{0,9}|saved from url=\([0-9]{4,5}\))"
    rb"(https?://[^\s<>\"]{1,2048})",
    re.IGNORECASE,
)


def saved_from(page: bytes) -> str:
    """The address; "" where no program has noted one. When it was saved says nothing of when it was published."""
    match = _NOTE.search(page, 0, LOOKED_AT)
    return match[1].decode("utf-8", "replace") if match else ""
