"""MDX: what JSX writes otherwise than HTML, as HTML has it.

    <blockquote className="twitter-tweet">      the attribute's name
    WORDS{" "}                                  a blank at a line's end, as formatters write it
    <iframe src={"https://…"} />                a string as a value
    {/* <blockquote …> */}                      a comment, which no reader sees

In capitals or not, other attributes (`frameBorder`, `charSet`) are the same to HTML.
"""

from __future__ import annotations

import re

_CLASS = re.compile(rb"(<[a-z][a-z0-9]{0,15}\s(?:[^<>]{0,2000}?\s)?)className(?==)")
_IN_BRACES = re.compile(rb"\{(?:/\*|[\"'`])")
_BLANK = re.compile(rb"\{(?:\" \"|' ')\}")
_STRING = re.compile(rb"=\{([\"'`])([^\"'`{}\n]{0,2000})\1\}")
_COMMENT = re.compile(rb"^([ \t]{0,99})\{/\*((?:(?!\{/\*|\*/).){0,9000})\*/\}", re.DOTALL | re.MULTILINE)
"""On a line of its own: in code it is only named."""


def as_html(source: bytes) -> bytes:
    """A source in Markdown with JSX's own ways of writing turned into HTML's; one that has none as it is."""
    if b"className=" in source:
        source = _CLASS.sub(rb"\1class", source)
    if _IN_BRACES.search(source) is None:
        return source
    source = _STRING.sub(rb'="\2"', _BLANK.sub(b" ", source))
    return _COMMENT.sub(rb"\1<!--\2-->", source)
