"""A long page without the pictures, fonts and style sheets that an archiver wrote into it, also into the documents of
its frames (SingleFile): ten posts' pictures are megabytes, and what is looked at of a page has its limits."""

from __future__ import annotations

import re

LONG = 1_000_000
"""Bytes of a page; what a shorter one holds is within the limits."""

# Both begin with letters that are sought fast.
_PICTURE = re.compile(
    rb"data:(?:image|font|audio|video|application/(?:x-)?font|application/octet)[\w/+.;=-]{0,80};base64,"
    rb"[A-Za-z0-9+/=]{500,}"
)
_STYLE = re.compile(rb"(<style(?:\s[^<>]{0,300})?>)[^<]{500,}(?=</style)")


def lightened(source: bytes) -> bytes:
    """The page, or what is left of it. Of what a reader sees as words nothing is taken."""
    if len(source) < LONG:
        return source
    return _STYLE.sub(rb"\1", _PICTURE.sub(b"data:,", source)) if b";base64," in source else source
