"""Where the quotation of a flattened post begins.

A flattened post has no mark at its beginning: lines of prose and lines of the post look alike. The end is known (the
attribution, or the last picture link). From there we go up line by line, as long as the lines fit into a post
(X's weighted length, 140 before 7 November 2017, 280 since), and ask of each line above whether it belongs:
what has the marks of a post (hashtags, links, emoji, short lines without a full stop) does; what announces the post
(ends with ":", names its author) or reads like prose does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

DOUBLED_ON = date(2017, 11, 7)
"""The day on which X doubled the length of posts."""
SHORT_LIMIT, LONG_LIMIT = 140, 280
LINK_WEIGHT = 23
SLACK = 12
"""Extractors add blanks and cut links, so a post may seem a little longer than it was."""
LOOK_BACK = 3000
"""Characters: no quotation begins farther up."""

LINK = re.compile(r"https?://[^\s<>\"”]{3,200}|pic\.(?:twitter|x)\.com/\w{5,20}|(?<![\w/.@])t\.co/\w{5,20}")
PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/\w{5,20}")
_TAG = re.compile(r"(?<![\w/&])[#＃]\w{2}")
_MENTION = re.compile(r"(?<![\w/])@\w{2,15}\b")
_LEADING_MENTIONS = re.compile(r"\s{0,3}(?:\.?@\w{1,15}\s{1,3}){1,50}")
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]{0,2}\s{0,3}$")
_SENTENCES = re.compile(r"[.!?…][\"”’)]{0,2} {1,3}(?=[^\sa-z])|: {1,3}(?=\S)")


class Line(NamedTuple):
    """A line with something on it."""

    start: int
    end: int
    text: str
    """Without the blanks at either end."""
    indent: int
    gap: bool
    """Whether a blank line stands above it."""


def weight(text: str) -> int:
    """X's weighted length: links 23, Latin and its neighbours 1, all else 2."""
    text = unicodedata.normalize("NFC", text)
    bare = LINK.sub("", text)
    links = len(LINK.findall(text)) - len(PICTURE.findall(text))
    wide = sum(1 for c in bare if not _narrow(ord(c)))
    return len(bare) + wide + LINK_WEIGHT * links


def _narrow(code: int) -> bool:
    return code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037


def fits(text: str, day: date | None) -> bool:
    """Whether X would have taken `text` as one post on that day. Mentions at its head are free (replies)."""
    early = day is not None and day < DOUBLED_ON
    limit = SHORT_LIMIT if early else LONG_LIMIT
    text = _LEADING_MENTIONS.sub("", text, count=1)
    length = weight(text) if not early else min(weight(text), len(PICTURE.sub("", text)))
    return length <= limit + SLACK


def lines_of(text: str, low: int, high: int) -> list[Line]:
    """The lines of text[low:high] with something on them."""
    found: list[Line] = []
    at, gap = low, False
    for raw in text[low:high].split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            found.append(Line(at + indent, at + len(raw.rstrip()), stripped, indent, gap))
        gap = not stripped
        at += len(raw) + 1
    return found


def quotation_start(text: str, low: int, high: int, day: date | None, author: Sequence[str]) -> int:
    """Where the quotation that ends at `high` begins, at or after `low`. `author`: the words that name its author."""
    lines = lines_of(text, max(low, high - LOOK_BACK), high)
    if not lines:
        return high
    first = len(lines) - 1
    if not fits(lines[first].text, day):
        return _within_line(text, lines[first], day)
    while first > 0:
        above = lines[first - 1]
        joined = text[above.start : high]
        if not fits(joined, day) or not _belongs(lines, first - 1, author):
            break
        first -= 1
    return lines[first].start


def _within_line(text: str, line: Line, day: date | None) -> int:
    """A post run together with prose: the longest run of whole sentences at the line's end that fits."""
    starts = [m.end() + line.start for m in _SENTENCES.finditer(line.text)]
    for start in starts:
        if fits(text[start : line.end], day):
            return start
    return line.start


def _belongs(lines: list[Line], index: int, author: Sequence[str]) -> bool:
    """Whether the line belongs to the post whose lines follow it."""
    line, below = lines[index], lines[index + 1]
    return _marks(line.text) + _flow(line, below) - _prose(line, author) > 0


def _marks(text: str) -> int:
    return (
        2 * bool(_TAG.search(text)) + 2 * bool(LINK.search(text)) + bool(_MENTION.search(text)) + 2 * _pictograms(text)
    )


def _pictograms(text: str) -> bool:
    return any(unicodedata.category(c) == "So" for c in text)


def _flow(line: Line, below: Line) -> int:
    """How much the two lines read as one text."""
    return 0


def _prose(line: Line, author: Sequence[str]) -> int:
    return 1
