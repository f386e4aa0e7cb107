"""The lines of flattened text, and how much of a post they would take up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.links import LAST_LINK, LINK, PICTURE, may_hold_links

DOUBLED_ON = date(2017, 11, 7)
"""The day on which X doubled the length of posts."""
LONG_POSTS_ON = date(2023, 2, 8)
"""The day from which subscribers may write posts of thousands of characters."""
SHORT_LIMIT, LONG_LIMIT = 140, 280
LINK_WEIGHT = 23
SLACK = 8
"""Extractors add blanks and cut links, so a post may seem a little longer than it was."""

_BEYOND = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_JOINED = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_HEAVY = re.compile(
    "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|[\U0001f1e6-\U0001f1ff]{2}"
    "|[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]"
    "(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\0-\u10ff])*"
)
"""What does not weigh 1: marks that only change the sign before them, flags, and all beyond Latin's neighbours."""
_WEIGHTLESS = "\ufe0e\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_REPLIES_TO = re.compile(r"(?:\.?@\w{1,15}\s{1,3}){1,50}")
_QUOTE_MARK = re.compile(r"(?:> ?){1,5}")
_BULLET = re.compile(r"[-•▪‣*+·o] +|\d{1,2}[.)] +(?=\S)")

_LINKED = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{1,600}\)")
"""A link of Markdown, of which a post has but the words."""


class Line(NamedTuple):
    """A line with something on it."""

    start: int
    """Where its words begin, behind blanks, quotation marks of mail (`>`) and a list's bullet."""
    end: int
    text: str
    """From `start` to `end`."""
    indent: int
    """Characters between the line's beginning and `start`."""
    gap: int
    """How many blank lines stand below it."""
    quoted: bool
    """Whether it begins with `>`."""
    bullet: bool
    """Whether it is the first line of an entry in a list."""

    @property
    def parted(self) -> bool:
        """Whether a blank line stands below it."""
        return self.gap > 0


def lines_up(text: str, low: int, high: int) -> Iterator[Line]:
    """The lines of text[low:high] with something on them, from the last one up."""
    gap, below = 0, False
    while high > low:
        begin = text.rfind("\n", low, high) + 1 or low
        line = _line(text, begin, high, gap if below else 0)
        if line is not None:
            yield line
            gap, below = 0, True
        else:
            gap += 1
        high = begin - 1


def _line(text: str, begin: int, end: int, gap: int) -> Line | None:
    raw = text[begin:end]
    words = raw.strip()
    if not words:
        return None
    at = raw.index(words)
    quote = _QUOTE_MARK.match(words) if words[0] == ">" else None
    if quote is not None:
        words, at = words[quote.end() :].lstrip(), at + quote.end()
        if not words:
            return None
        at = raw.index(words, at)
    bullet = _BULLET.match(words)
    if bullet is not None:
        words, at = words[bullet.end() :], at + bullet.end()
        inner = _QUOTE_MARK.match(words)
        if inner is not None and len(words) > inner.end():
            quote, words, at = inner, words[inner.end() :], at + inner.end()
    return Line(begin + at, begin + at + len(words), words, at, gap, quote is not None, bullet is not None)


def weight(text: str) -> int:
    """X's weighted length: links 23, pictures 0, Latin and its neighbours 1, all else 2, an emoji 2 however it is
    put together (docs.x.com, "Counting characters")."""
    links = 0
    if may_hold_links(text):
        text = _LINKED.sub(r"\1", text) if "](" in text else text
        pictures = len(PICTURE.findall(text)) if "pic." in text else 0
        text, links = LINK.subn("", text)
        links -= pictures
    if text.isascii():
        return len(text) + LINK_WEIGHT * links
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    beyond = len(_BEYOND.findall(text))
    # Most texts have none of these, and all that is joined has one.
    if not beyond or _JOINED.search(text) is None:
        return len(text) + beyond + LINK_WEIGHT * links
    heavy = _HEAVY.findall(text)
    lighter = sum(sign in _WEIGHTLESS for sign in heavy)
    return len(text) - sum(map(len, heavy)) + 2 * (len(heavy) - lighter) + LINK_WEIGHT * links


def weight_at_end(text: str) -> int:
    """The same of a post's last line, where a last link may be an attachment that weighs nothing."""
    text = _LINKED.sub(r"\1", text) if "](" in text else text
    last = LAST_LINK.search(text, max(len(text) - 60, 0)) if may_hold_links(text[-60:]) else None
    return weight(text[: last.start()] if last else text)


def weight_of_replies(text: str) -> int:
    """What mentions at a post's head would weigh: X does not count those of a reply."""
    replies = _REPLIES_TO.match(text) if text[:1] in "@." else None
    return replies.end() if replies else 0


def limit(day: date | None, words: str = "") -> int:
    """X's limit on that day, and a little slack; where the day is unknown, the longer one.

    `words`: of the post. Where most signs weigh 2 it has always been 140 of them: the others' limit was doubled.
    """
    is_short = day is not None and day < DOUBLED_ON and (words.isascii() or 2 * len(_HEAVY.findall(words)) < len(words))
    return (SHORT_LIMIT if is_short else LONG_LIMIT) + SLACK
