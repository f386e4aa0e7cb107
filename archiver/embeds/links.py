"""Links as the words of a flattened post print them."""

from __future__ import annotations

import re

from archiver.model.embed import Link

_CODE = r"[A-Za-z0-9]{5,10}"
"""X's short codes have ten letters and digits, older ones fewer; extractors glue the next word to them."""
PICTURE = re.compile(rf"(?:https?://)?pic\.(?:twitter|x)\.com/{_CODE}")
LINK = re.compile(
    rf"(?:https?://)?pic\.(?:twitter|x)\.com/{_CODE}|(?:https?://|(?<![\w/.@-]))t\.co/{_CODE}"
    r"|https?://(?!t\.co/)[^\s<>\"”“’—)\]]{4,300}?(?=pic\.(?:twitter|x)\.com/|https?://|[\s<>\"”“’—)\]]|$)"
)


def links_in(text: str) -> tuple[Link, ...]:
    """The links in `text`, in order; short ones without a scheme get https."""
    return tuple(Link(_absolute(m.group()), m.group()) for m in LINK.finditer(text))


def _absolute(printed: str) -> str:
    return printed if printed.startswith(("http://", "https://")) else "https://" + printed
