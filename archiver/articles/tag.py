"""One tag of an HTML page, read where it stands in the page's bytes."""

from __future__ import annotations

import html
import re

LONGEST_TAG = 65_536

_NAME = re.compile(rb"<[A-Za-z0-9]++")
_ATTRIBUTE = re.compile(rb"""[\s/]*+(?:>|([^\s/>][^\s/>=]*+)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?)""")
# In an attribute "&copy=1" is a part of an address and no sign.
_REFERENCE_IN_TEXT = re.compile(r"&(?:#[0-9A-Za-z]{1,10};?|[A-Za-z][0-9A-Za-z]{0,32};?)")
_REFERENCE = re.compile(r"&(?:#[0-9A-Za-z]{1,10};?|[A-Za-z][0-9A-Za-z]{0,32}(?:;|(?![0-9A-Za-z=])))")


class Attributes(dict[bytes, bytes]):
    """A tag's attributes by their names in lower case, as they stand in the page; of one name the first."""

    def words(self, name: bytes) -> str:
        """What this attribute says, "" without it."""
        said = decoded(self.get(name, b""))
        return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), said) if "&" in said else said


def read_tag(page: bytes, place: int) -> tuple[Attributes, int]:
    """The attributes of the tag that begins at this place, and where it ends; LONGEST_TAG bytes are looked at."""
    attributes = Attributes()
    limit = min(len(page), place + LONGEST_TAG)
    name = _NAME.match(page, place)
    place = name.end() if name else limit
    while match := _ATTRIBUTE.match(page, place, limit):
        place = match.end()
        written, double, single, bare = match.groups()
        if written is None:
            break
        attributes.setdefault(written.lower(), double or single or bare or b"")
    return attributes, place


def decoded(written: bytes) -> str:
    """Bytes of a page as text; what is not UTF-8 and what HTML has no place for is U+FFFD."""
    return written.decode("utf-8", "replace").replace("\0", "\ufffd")


def unescaped(text: str) -> str:
    """Character references undone; what Python would refuse to read (a number of thousands of digits) stays."""
    return _REFERENCE_IN_TEXT.sub(lambda reference: html.unescape(reference[0]), text) if "&" in text else text
