"""What of a Markdown source is no text that a reader sees as such: its front matter, and code, fenced or indented.

Where in doubt it is none: what is indented below an entry of a list or within HTML goes on there, and extractors indent
posts that they flattened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FRONT_MATTER = re.compile(rb"\s{0,100}(---|\+\+\+)[ \t]*\r?\n.*?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_LONGEST_FRONT_MATTER = 20_000
_FENCE = re.compile(rb"^[ \t]{0,12}(?P<fence>`{3,200}+|~{3,200}+)(?P<rest>[^\n]{0,200})$", re.MULTILINE)
_CODE = rb"(?P<code>(?: {4}|\t)[^\n]*+(?:\n(?:(?: {4}|\t)[^\n]*+|[ \t\r]*+(?=\n)))*+)"
_INDENTED_FIRST, _INDENTED = re.compile(_CODE), re.compile(rb"\n[ \t\r]*+\n" + _CODE)
"""At the very beginning, and behind an empty line: the latter begins with a plain sign, so that it is sought fast."""
_HOLDS_ON = re.compile(
    rb"^ {0,3}(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]{1,50}\]:)[ \t]|^ {0,3}[<:]"
    rb"|^ {0,3}(?:!!!|\?\?\?\+?|===[+!]?)[ \t]{1,3}[\"\w]",
    re.MULTILINE,
)
"""Begins an entry of a list, a note, a definition, HTML, or a box or a tab of MkDocs (`!!! note`, `=== "Tab"`), which
what is indented below may belong to."""
_FLATTENED = re.compile(rb"\(@\w|pic\.(?:twitter|x)\.com/")
_MODULE = re.compile(rb"\s{0,100}(?:import\s[^\n]{0,300}[\"']|export\s{1,9}(?:const|let|default|function)\s)")
"""As MDX begins, which has no indented code: it is indented as its elements lie in one another."""
_LOOK_BACK, _PARAGRAPHS = 4_000, 10
"""Bytes and paragraphs above what is indented."""


def hidden_in(source: bytes, *, is_mdx: bool = False) -> list[tuple[int, int]]:
    """Where they stand, as zones of a page, in order, none within another. `is_mdx`: the article's name says so."""
    front = _FRONT_MATTER.match(source[:_LONGEST_FRONT_MATTER])
    hidden = [(0, front.end())] if front is not None else []
    has_fences = (b"`" in source and b"```" in source) or (b"~" in source and b"~~~" in source)
    hidden += _fenced(source) if has_fences else ()
    may_indent = b"\n    " in source or (b"\t" in source and b"\n\t" in source) or source[:1] in (b" ", b"\t")
    if may_indent and not (is_mdx or _MODULE.match(source, front.end() if front is not None else 0)):
        hidden += _indented(source)
    kept: list[tuple[int, int]] = []
    for start, end in sorted(hidden):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _fenced(source: bytes) -> Iterator[tuple[int, int]]:
    """A fence is closed by one of the same signs, at least as long, with nothing behind it."""
    opened: re.Match[bytes] | None = None
    for fence in _FENCE.finditer(source):
        if opened is None:
            # In a line of its own: "```code```" is within one.
            opened = None if b"`" in fence["rest"] and fence["fence"][:1] == b"`" else fence
        elif fence["fence"].startswith(opened["fence"]) and not fence["rest"].strip():
            yield opened.start(), fence.end()
            opened = None


def _indented(source: bytes) -> Iterator[tuple[int, int]]:
    blank = b"\n\r\n" if b"\n\r\n" in source else b"\n\n"
    first = _INDENTED_FIRST.match(source)
    for found in (*filter(None, [first]), *_INDENTED.finditer(source, first.end() if first else 0)):
        code = found["code"]
        if _FLATTENED.search(code) and b"<blockquote" not in code:
            continue
        if not _holds_on(source, found.start(), blank):
            yield found.start("code"), found.end()


def _holds_on(source: bytes, at: int, blank: bytes) -> bool:
    """Whether the last paragraphs above `at`, up to one that is not indented, begin what holds the code below. `blank`:
    what stands between paragraphs."""
    low, end = max(at - _LOOK_BACK, 0), at
    for _ in range(_PARAGRAPHS):
        begun = max(source.rfind(blank, low, end), low)
        paragraph = source[begun:end].strip(b"\r\n")
        if _HOLDS_ON.search(paragraph) is not None:
            return True
        if paragraph and not paragraph.startswith((b"  ", b"\t")):
            return False
        if begun == low:
            return low > 0
        end = begun
    return True
