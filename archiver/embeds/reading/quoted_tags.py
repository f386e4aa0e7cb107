"""Links in Markdown's quotations that a converter (pandoc, where they have more than an address) left as HTML, with
tags broken where a line was full:

    > <a
    > href="https://www.instagram.com/p/CODE/?utm_source=ig_embed"
    > target="_blank">A post shared by Sample Name (@sample)</a>

as the links that other converters make of them. Where a platform's own box stands in a quotation, the boxes are left.
In its own Markdown pandoc has attributes behind links, `[@sample](https://…){target="_blank"}`, and boxes between
colons, `:::`.
"""

from __future__ import annotations

import re

_BEGUN = b"\n> <"
_BROKEN = re.compile(
    rb"^>[ >]{0,6}(?:[^<>\n]{0,300})<(?:a|div|span|p)(?:[ \t][^<>\n]{0,900})?(?:\n>[ >]{0,6}+[^<>\n]{1,900}+){1,8}+>",
    re.MULTILINE,
)
"""What could be read in two ways, blanks of a mark or of what it marks, is read in one: eight lines of them would have
five million."""
_LINE_BREAK = re.compile(rb"\n>[ >]{0,6}")
_ANCHOR = re.compile(
    rb"<a\s(?:[^<>\n]{0,500}\s)?href=\"(?P<address>https?://[^\s\"<>()]{5,900})\"[^<>\n]{0,900}>"
    rb"(?P<words>(?:[^<>\[\]\n]|\n>[ >]{0,6}(?=[^\s>])){0,300})</a>"
)
_BOX = re.compile(rb"^>[ >]{0,6}</?(?:div|section|figure)(?:[ \t][^<>\n]{0,900})?>[ \t]*$", re.MULTILINE)
_OF_PLATFORM = re.compile(rb"^>[ >]{0,6}<(?:div|section|figure)[ \t][^<>\n]{0,900}(?:twitter-|fb-)", re.MULTILINE)
"""A box that a platform's own program fills, which an author has put in a quotation."""
_ATTRIBUTES = re.compile(rb"\)\{[^{}\n]{0,300}(?:\n>[ >]{0,6}[^{}\n]{0,300})?\}")
_FENCE = re.compile(rb"^>[ >]{0,6}:::[^\n]{0,300}$", re.MULTILINE)
_HANDLE = re.compile(rb"(?<=[\[ ])\\@")


def linked(source: bytes) -> bytes:
    """A source in Markdown with these as Markdown's own."""
    if b"\n> :::" in source:
        source = _HANDLE.sub(b"@", _ATTRIBUTES.sub(b")", _FENCE.sub(b">", source)))
    if _BEGUN not in source:
        return source
    source = _BROKEN.sub(lambda found: _LINE_BREAK.sub(b" ", found[0]), source)
    if _OF_PLATFORM.search(source) is None:
        source = _BOX.sub(b">", source)
    parts = re.split(rb"(\n(?!>)[^\n]*)", source)
    return b"".join(part if part[:2] != b"\n>" and part[:1] != b">" else _ANCHOR.sub(_as_link, part) for part in parts)


def _as_link(found: re.Match[bytes]) -> bytes:
    address = found["address"].replace(b"&amp;", b"&")
    return b"[%b](%b)" % (_LINE_BREAK.sub(b" ", found["words"]), address)
