"""Base64, in which pages keep their state (`__APOLLO_STATE__ = "eyJOZXdz…"`) and what they are to show later."""

from __future__ import annotations

import re
from base64 import b64decode
from string import ascii_letters, digits

_JSON = re.compile(rb"[\"']((?:ey[IJ]|W3si|W1t7)[A-Za-z0-9+/]{100,}+)={0,2}[\"']")
"""Of an object, or a list of some. A token (JWT) has points in it."""

_OTHERS = bytes({*range(256)} - {*(ascii_letters + digits + "+/").encode()})


def decoded(written: bytes) -> bytes:
    """What is written in Base64, padded or not, on one line or several; other signs in it say nothing."""
    written = written.translate(None, _OTHERS)
    whole = written[: -1 if len(written) % 4 == 1 else None]
    return b64decode(whole + b"=" * (-len(whole) % 4))


def json_at(source: bytes, start: int) -> bytes | None:
    """The JSON that stands in Base64 in the string that begins at a place; None if there is none."""
    found = _JSON.match(source, start)
    return decoded(found[1]) if found else None
