"""Text whose lines end where they are full, as text browsers, mail and some converters write it: there a paragraph is a
line, and a line says nothing."""

from __future__ import annotations

import re

_WIDEST, _NARROWEST = 100, 50
"""Characters of the lines that programs break: 72 to 80 mostly."""
_FEWEST = 8
"""Lines of prose, and full ones among them, in a text that is broken so."""
_FULL_PERCENT, _WIDTH_PERCENT = 70, 97
_LONG_PERCENT = 10
"""Of the lines with something on them may be longer: those of tables and links."""
_MARKED = re.compile(r"\s*(?:[-*+•·—–>#|=_\[]|\d{1,3}[.)]\s)")
"""The beginning of a line that is one of its own: of an entry, a quotation, a heading, an attribution."""
_NO_PROSE = ("](", "://", "|")


def unwrapped(text: str) -> str:
    """The text with the ends of full lines made blanks, of the same length; as it is where its lines are not broken at
    a width."""
    lines = text.split("\n")
    sizes = [size for size in map(len, lines) if size]
    # Asked first, because most texts have many, and what follows looks at each line.
    if len(sizes) <= _FEWEST or 100 * len([size for size in sizes if size > _WIDEST]) > _LONG_PERCENT * len(sizes):
        return text
    prose = [at for at, line in enumerate(lines[:-1]) if _is_prose(line)]
    if len(prose) < _FEWEST:
        return text
    width = sorted(len(lines[at].rstrip()) for at in prose)[len(prose) * _WIDTH_PERCENT // 100]
    if not _NARROWEST <= width <= _WIDEST:
        return text
    within = [at for at in prose if lines[at + 1].strip()]
    full = sum(_is_full(lines, at, width) for at in within)
    if full < _FEWEST or 100 * full < _FULL_PERCENT * len(within):
        return text
    ends = [" " if _goes_on(lines, at, width) else "\n" for at in range(len(lines) - 1)]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _is_prose(line: str) -> bool:
    """Whether it has words enough to tell where lines are broken."""
    return line.strip().count(" ") >= _FEWEST and not any(sign in line for sign in _NO_PROSE)


def _is_full(lines: list[str], at: int, width: int) -> bool:
    """Whether the next line's first word would not have fit."""
    following = lines[at + 1].split(None, 1)
    return bool(following) and len(lines[at].rstrip()) + len(following[0]) >= width


def _goes_on(lines: list[str], at: int, width: int) -> bool:
    return bool(lines[at].strip()) and _is_full(lines, at, width) and _MARKED.match(lines[at + 1]) is None
