"""Where the quotation of a flattened post begins.

A flattened post has no mark at its beginning: lines of prose and lines of the post look alike. The end is known (the
attribution, or the last picture link). From there we go up line by line, as long as the lines fit into a post
(X's weighted length, 140 before 7 November 2017, 280 since), and ask of each line above whether it belongs:
what has the marks of a post (hashtags, mentions, emoji) does; what announces the post (ends with ":") or is a
heading, a number or the end of another post does not. The rules were weighed on 248 flattened texts of real articles.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from archiver.embeds.links import LINK, PICTURE

DOUBLED_ON = date(2017, 11, 7)
"""The day on which X doubled the length of posts."""
SHORT_LIMIT, LONG_LIMIT = 140, 280
LINK_WEIGHT = 23
SLACK = 8
"""Extractors add blanks and cut links, so a post may seem a little longer than it was."""
LOOK_BACK = 3000
"""Characters: no quotation begins farther up."""

_TAG = re.compile(r"(?<![\w/&])[#＃]\w{2}")
_MENTION = re.compile(r"(?<![\w/])@\w{2,15}\b")
_REPLIES_TO = re.compile(r"\s{0,3}(?:\.?@\w{1,15}\s{1,3}){1,50}")
_NUMBER = re.compile(r"[\d\s.:,/()#-]{1,20}")
_ENTRY = re.compile(r"[-•▪‣*+·o] ")
_ENDS_IN_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/\w{5,10}$")
_UNDATED = re.compile(r"[—–-].{1,90}\(@\w{1,15}\)$")
_SENTENCES = re.compile(r"[.!?…][\"”’)]{0,2} {1,3}(?=[^\sa-z])|: {1,3}(?=\S)")

COLONS = (":", "：")

# Points for and against a line; a line belongs if the sum is above zero. The sizes matter little, the order does.
PLAIN = 1
"""A line that fits and shows nothing: about as many belong as not, but the end of a post is lost for good."""
TAGGED = 4
"""A hashtag, a mention or an emoji: rare in prose."""
RUNS_ON = 4
"""It begins with a small letter, and no blank line parts it from the rest."""
FOLLOWED_BY_SMALL = 2
"""The line below begins with a small letter."""
WITHOUT_GAP = 5
"""No blank line below it, where blank lines part all else."""
ANNOUNCES = -8
"""It ends with a colon, or is but a number (of a list, of a clock)."""
ENDS_A_POST = -6
"""It ends with a picture link, as posts do, or is another's attribution."""
TRAILS_OFF = -2
"""It ends with an ellipsis: prose that leads up to the post."""
SHORT_LINE, SHORT, SHORT_ENTRY = 30, -2, -7
"""A short line is a heading or a label; one of a list is navigation."""
BEGINS_BELOW = -3
"""The line below begins with a hashtag or an emoji, as posts do."""
PARTED = -1
"""A blank line stands below it, and nothing above announces it: prose, more often than a post's own paragraph."""


class Line(NamedTuple):
    """A line with something on it."""

    start: int
    end: int
    text: str
    """Without the blanks at either end."""
    gap: bool
    """Whether a blank line stands above it."""


def weight(text: str) -> int:
    """X's weighted length: links 23, Latin and its neighbours 1, all else 2, an emoji 2 whatever it is made of."""
    bare, links = LINK.subn("", unicodedata.normalize("NFC", text))
    links -= len(PICTURE.findall(text))
    return sum(_weight_of(ord(character)) for character in bare) + LINK_WEIGHT * links


def _weight_of(code: int) -> int:
    if code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037:
        return 1
    if code == 0xFE0F or 0x1F3FB <= code <= 0x1F3FF:
        return 0
    return 1 if 0x1F1E6 <= code <= 0x1F1FF else 2


def fits(text: str, day: date | None) -> bool:
    """Whether X would have taken `text` as one post on that day. Mentions at its head are free (replies)."""
    replies = _REPLIES_TO.match(text)
    text = text[replies.end() :] if replies else text
    if day is not None and day < DOUBLED_ON:
        return min(weight(text), len(PICTURE.sub("", text))) <= SHORT_LIMIT + SLACK
    return weight(text) <= LONG_LIMIT + SLACK


def lines_of(text: str, low: int, high: int) -> list[Line]:
    """The lines of text[low:high] with something on them."""
    found: list[Line] = []
    at, gap = low, False
    for raw in text[low:high].split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            found.append(Line(at + indent, at + len(raw.rstrip()), stripped, gap))
        gap = not stripped
        at += len(raw) + 1
    return found


def has_pictograms(text: str) -> bool:
    """Whether there is an emoji or another pictorial sign in it."""
    return any(unicodedata.category(c) == "So" for c in text)


def quotation_start(text: str, low: int, high: int, day: date | None) -> int:
    """Where the quotation that ends at `high` begins, at or after `low`. `day`: when it was published, if known."""
    lines = lines_of(text, max(low, high - LOOK_BACK), high)
    if not lines:
        return high
    first = len(lines) - 1
    if not fits(lines[first].text, day):
        return _within_line(text, lines[first], day)
    words = lines[first].text
    while first > 0 and not _ENTRY.match(lines[first].text):
        longer = lines[first - 1].text + "\n" + words
        if not fits(longer, day) or _points(lines, first - 1) <= 0:
            break
        first, words = first - 1, longer
    entry = _ENTRY.match(lines[first].text)
    return lines[first].start + (entry.end() if entry else 0)


def _within_line(text: str, line: Line, day: date | None) -> int:
    """A post run together with prose: the longest run of whole sentences at the line's end that fits."""
    starts = [m.end() + line.start for m in _SENTENCES.finditer(line.text)]
    for start in starts:
        if fits(text[start : line.end], day):
            return start
    return line.start


def _points(lines: list[Line], index: int) -> int:
    """How much speaks for the line at `index` being part of the post that goes on below it."""
    line, below = lines[index], lines[index + 1]
    points = PLAIN + _marks_of_a_post(line.text, parted=below.gap) + _marks_of_prose(line.text) + _flow(below.text)
    spaced = sum(each.gap for each in lines) * 3 >= len(lines)
    announced = index > 0 and lines[index - 1].text.endswith(COLONS)
    points += PARTED * (below.gap and not announced)
    return points + WITHOUT_GAP * (spaced and line.gap and not below.gap)


def _marks_of_a_post(text: str, *, parted: bool) -> int:
    tagged = bool(_TAG.search(text)) or bool(_MENTION.search(text)) or has_pictograms(text)
    return TAGGED * tagged + RUNS_ON * (text[:1].islower() and not parted)


def _marks_of_prose(text: str) -> int:
    points = ANNOUNCES * (text.endswith(COLONS) or _NUMBER.fullmatch(text) is not None)
    points += ENDS_A_POST * (_ENDS_IN_PICTURE.search(text) is not None or _UNDATED.fullmatch(text) is not None)
    points += TRAILS_OFF * text.endswith(("…", "..."))
    if weight(text) < SHORT_LINE:
        points += SHORT_ENTRY if _ENTRY.match(text) else SHORT
    return points


def _flow(below: str) -> int:
    begins = below[:1] in "#＃" or (has_pictograms(below[:2]) and len(below) > 4)
    return FOLLOWED_BY_SMALL * below[:1].islower() + BEGINS_BELOW * begins
