"""HTML that was escaped once too often: `&lt;p&gt;Sample text&lt;/p&gt;`."""

from __future__ import annotations

import html
import re

_BEGINNING = re.compile(r"\s*+&lt;(?:[a-z][a-z0-9]{0,15}(?=[\s/&])|!--|!doctype)", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)


def unescaped_once(text: str) -> str:
    """The HTML, where a text begins with an escaped tag and has no tag that is not escaped; else the text."""
    return html.unescape(text) if _BEGINNING.match(text) and _TAG.search(text) is None else text
