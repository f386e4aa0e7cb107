"""Links as the words of a flattened post print them."""

from __future__ import annotations

import re

from archiver.model.embed import Link

_CODE = r"[A-Za-z0-9]{5,10}"
"""X's short codes have ten letters and digits, older ones fewer; extractors glue the next word to them."""
PICTURE = re.compile(rf"pic\.(?:twitter|x)\.com/{_CODE}")
"""This and LINK begin with plain letters, because such patterns are sought many times as fast."""
LINK = re.compile(
    rf"https?://(?:pic\.(?:twitter|x)\.com/{_CODE}|t\.co/{_CODE}"
    r"|(?!t\.co/)[^\s<>\"”“’—)\]]{4,300}?(?=pic\.(?:twitter|x)\.com/|https?://|[\s<>\"”“’—)\]]|$))"
    rf"|pic\.(?:twitter|x)\.com/{_CODE}|t\.co/(?<![\w/.@-]t\.co/){_CODE}"
)
LAST_LINK = re.compile(rf"\s{{0,9}}(?:(?:https?://)?pic\.(?:twitter|x)\.com/|https?://t\.co/){_CODE}$")
"""A short link at the very end: a picture, a film or a quoted post, which X has not counted since September 2016."""


def may_hold_links(text: str) -> bool:
    """False where `LINK` finds nothing for certain; a few times faster than to look."""
    return "://" in text or "pic." in text or "t.co/" in text


def links_in(text: str) -> tuple[Link, ...]:
    """The links in `text`, in order; short ones without a scheme get https."""
    if not may_hold_links(text):
        return ()
    return tuple(Link(_absolute(m.group()), m.group()) for m in LINK.finditer(text))


def _absolute(printed: str) -> str:
    return printed if printed.startswith(("http://", "https://")) else "https://" + printed
