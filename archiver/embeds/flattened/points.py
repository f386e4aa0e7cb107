"""How much speaks for a line being part of the post that goes on below it.

The points were set by hand, from what posts and prose are, and then drawn towards what fits 46 real articles (114
posts, flattened by three extractors with and without blank lines; a log-linear model with the hand-set points as its
prior). Weighed on one half of the articles they cut 0.93 of the other half's quotations exactly, as hand-set 0.93.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from archiver.embeds.flattened.leads import COLONS, names_twitter, quotes
from archiver.embeds.flattened.lines import Line
from archiver.embeds.flattened.links import LINK, may_hold_links

# Points for and against a line (the sum over a post's lines counts, so a line alone decides little).
PLAIN = 1
"""A line that fits and shows nothing: about as many belong as not, but the end of a post is lost for good."""
TAGGED = 13
"""A hashtag, a mention or an emoji: rare in prose."""
RUNS_ON = 12
"""It begins with a small letter, and no blank line parts it from the rest."""
FOLLOWED_BY_SMALL = 9
"""The line below begins with a small letter."""
BROKEN = 6
"""No blank line below it, where blank lines part all else: `<br>` becomes a line break, a paragraph a blank line."""
FIRST_BROKEN = 10
"""On top of that, a blank line stands above it."""
PARTED = -2
"""A blank line stands below it, and nothing above announces it."""
ANNOUNCES = -28
"""It ends with a colon."""
NUMBER = -32
"""It is but a number: of a list, of a clock."""
TRAILS_OFF = -9
"""It ends with an ellipsis: prose that leads up to the post."""
SHORT_LINE, SHORT, SHORT_ENTRY = 30, -6, -20
"""A short line is a heading or a label; one of a list is navigation."""
BEGINS_BELOW = -8
"""The line below begins with a hashtag, a mention or an emoji, as posts do, and this one does not."""
ENTRY_BELOW = -24
"""The line below begins an entry of a list."""
ENTRY = -4
"""It begins an entry itself."""
OTHER_SCRIPT = -16
TOP_OF_SCRIPT = 28
"""It is of the same script as the post, and what stands above it is of another: prose in Cyrillic, a post in Latin."""
OTHER_LANGUAGE = -13
"""As far as letters show: one side of the line break has accents, and much of the other has none."""
INDENTED_LESS, INDENTED_MORE = -16, -4
"""Than the line below it."""
LEVEL = 10
"""As far indented as the post's last line, where what stands above is not."""
NAMES_AUTHOR = -8
"""The author's name, or the handle without "@": who quotes a post says whose it is."""
NAMES_TWITTER = -8
OWN_VOICE = 4
"""I, we, you: in news seldom, but in what it quotes."""
UNFINISHED_LINE, UNFINISHED = 45, 2
"""So long, and yet without a full stop: prose ends with one, posts need not."""
STATEMENT, STATES = 40, -5
"""So long and with a full stop, in nobody's voice and with nothing of what posts have, right above a single line that
is as long: prose and a post, more often than a post of two lines."""
REPEATED = -12
"""It begins with the same words as the line below: a headline, and the post of the same headline."""
PARALLEL = 6
"""Only its first word is that of the line below: a list inside a post."""
NUMBERED = -24
"""It begins with the number of a list and its sign ("#3: …"): no hashtag is but a number."""
BETWEEN_POSTS, HEADS = 4, -6
"""It stands right behind another post, and is no sentence that goes on there; and where something stands above each
post of the article, it is what leads up to this one."""
WIDE_GAP, WIDE = 3, 16
"""So many blank lines below it: two `<br>` within a post, where one parts paragraphs."""
QUOTES = -24
"""It quotes what stands below it, or has all of that: prose that tells of the post."""
OVERLONG = -4
"""With it the post is longer than the limit, if not by much."""
FILLED = 12
"""The post ends with an ellipsis, as X cuts longer posts, and with this line it is as long as a cut one."""

ANNOUNCED = 24
"""All that stands below a line that announces the post, if it fits."""

_TAG = re.compile(r"(?<![\w/&])[#＃]\w{2}|(?<![\w/])@\w{2,15}\b")
_NUMBER = re.compile(r"[\d\s.:,/()#’'-]{1,20}")
_NUMBERED = re.compile(r"[#＃]\d{1,3}(?:[:.)]|\s)")
_SENTENCE_END = re.compile(r"[.!?…।۔؟。！？:：][\"”’»)\]]{0,2}$")
_FULL_STOP = re.compile(r"[.।۔。][\"”’»)\]]{0,2}$")
_OWN_VOICE = re.compile(r"\b(?:I|[Mm]y|me|[Ww]e|[Oo]ur|us|[Yy]ou|[Yy]our|[Ii]ch|[Ww]ir|[Mm]ein|[Яя]|[Мм]ы)\b")
_SPEECH = re.compile(r"“[^”]{1,300}”|\"[^\"]{1,300}\"|„[^“”]{1,300}[“”]|«[^»]{1,300}»")
_FIRST_WORD = re.compile(r"\w+")
_SAME_WORDS = 20
_NOT_LATIN = re.compile(r"[^\W\d_\0-\u024f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_JAPANESE = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "HALFWIDTH")


class Post(NamedTuple):
    """What is known of the post."""

    last: Line
    room: int
    author: Sequence[str]
    at_low: bool
    """Whether the window's beginning is the end of another post."""
    headed: bool
    """Whether something stands above each of the article's posts."""


def points(line: Line, size: int, below: Sequence[Line], above: Line | None, post: Post) -> int:
    """How much speaks for `line` being part of the post that goes on in `below` (the nearest last).

    `size`: what it weighs; `above`: the line above it, None at the window's beginning.
    """
    return (
        PLAIN
        + _marks(line, size, post)
        + _breaks(line, below, above)
        + _indents(line, below[-1], above, post.last)
        + _beginnings(line.text, below[-1])
        + QUOTES * quotes(line.text, below)
        + TOP_OF_SCRIPT * (above is not None and _tops(line, below[-1], above))
        + STATES * (len(below) == 1 and not line.parted and _states(line.text, size, below[0].text))
        + _gaps(line, below)
        + _behind_post(line, above, post)
    )


def _marks(line: Line, size: int, post: Post) -> int:
    text = line.text
    points = TAGGED * (_TAG.search(text) is not None or has_pictograms(text))
    # One that begins with a hashtag is the post's own: "#SampleDay:".
    points += ANNOUNCES * (text.endswith(COLONS) and text[0] not in "#＃")
    points += NUMBER * (_NUMBER.fullmatch(text) is not None)
    points += NUMBERED * (text[:1] in "#＃" and _NUMBERED.match(text) is not None)
    points += TRAILS_OFF * text.endswith(("…", "..."))
    if size < SHORT_LINE:
        points += SHORT_ENTRY if line.bullet else SHORT
    elif size >= UNFINISHED_LINE and not _SENTENCE_END.search(text):
        points += UNFINISHED
    points += OWN_VOICE * (_OWN_VOICE.search(_SPEECH.sub("", text)) is not None)
    points += NAMES_TWITTER * names_twitter(text)
    return points + NAMES_AUTHOR * _names(text, post.author)


def _names(text: str, author: Sequence[str]) -> bool:
    """Whether the handle, or two words of the name, stand in `text`; one word may be a topic ("Sample City Buses")."""
    if not author:
        return False
    lower = text.lower()
    handle = author[-1].lower()
    if handle in lower.replace("@" + handle, ""):
        return True
    if len(author) == 2 and author[0][0] >= "\u2e80":
        # Without blanks between words a name is one.
        return author[0].lower() in lower
    return sum(word.lower() in lower for word in author[:-1]) >= 2


def _gaps(line: Line, below: Sequence[Line]) -> int:
    if line.gap == WIDE_GAP:
        return WIDE
    return letters(line.text, "\n".join(other.text for other in below))


def _behind_post(line: Line, above: Line | None, post: Post) -> int:
    if above is not None or not post.at_low or line.text[:1].islower():
        return 0
    return HEADS if post.headed else BETWEEN_POSTS


def _breaks(line: Line, below: Sequence[Line], above: Line | None) -> int:
    parted_above = above is not None and above.parted
    announced = above is not None and above.text.endswith(COLONS)
    points = PARTED * (line.parted and not announced)
    if not line.parted and (parted_above or any(other.parted for other in below)):
        points += BROKEN + FIRST_BROKEN * parted_above
    small = below[-1].text[:1].islower()
    return points + RUNS_ON * (line.text[:1].islower() and not line.parted) + FOLLOWED_BY_SMALL * small


def _indents(line: Line, below: Line, above: Line | None, last: Line) -> int:
    points = INDENTED_LESS * (line.indent < below.indent) + INDENTED_MORE * (line.indent > below.indent)
    level = line.indent == below.indent == last.indent > 0
    points += LEVEL * (level and above is not None and above.indent < line.indent)
    return points + ENTRY_BELOW * (below.bullet and not line.bullet) + ENTRY * (line.bullet and not below.bullet)


def _beginnings(text: str, below: Line) -> int:
    points = BEGINS_BELOW * (_begins_a_post(below.text) and not _begins_a_post(text))
    if text[:_SAME_WORDS] == below.text[:_SAME_WORDS]:
        return points + REPEATED
    word, other = _FIRST_WORD.match(text), _FIRST_WORD.match(below.text)
    return points + PARALLEL * (word is not None and other is not None and word[0] == other[0])


def _begins_a_post(text: str) -> bool:
    return text[:1] in "#＃@" or has_pictograms(text[:2])


def _states(text: str, size: int, below: str) -> bool:
    if size < STATEMENT or not _FULL_STOP.search(text) or len(LINK.sub("", below)) < STATEMENT:
        return False
    return not (_TAG.search(text) or has_pictograms(text) or _OWN_VOICE.search(text) or may_hold_links(text))


def _tops(line: Line, below: Line, above: Line) -> bool:
    """Whether the script changes above the line, and not below it."""
    if above.text.isascii() and line.text.isascii():
        return False
    return letters(above.text, line.text) == OTHER_SCRIPT != letters(line.text, below.text)


def letters(text: str, below: str) -> int:
    """Points for a change of script or accents between `text` and what stands below it."""
    if text.isascii() and below.isascii():
        return 0
    one, other = _alphabet(text), _alphabet(below)
    if one.script != other.script:
        return OTHER_SCRIPT * bool(one.script and other.script)
    plain_below = other.accents == 0 and (
        (one.accents >= 2 and other.size >= 75) or (one.accents >= 4 and other.size >= 25)
    )
    plain_above = one.accents == 0 and one.size >= 75 and other.accents >= 2
    return OTHER_LANGUAGE * (plain_below or plain_above)


class _Alphabet(NamedTuple):
    script: str
    """The first word of most of its letters' Unicode names; "" without a letter."""
    size: int
    """Characters, without links."""
    accents: int
    """Latin letters outside of ASCII."""


def _alphabet(text: str) -> _Alphabet:
    if may_hold_links(text):
        text = LINK.sub("", text)
    foreign = [] if text.isascii() else _NOT_LATIN.findall(text)
    if not foreign or 3 * len(foreign) < len(text):
        script = "LATIN" if _LATIN.search(text) else ""
        return _Alphabet(script, len(text), 0 if text.isascii() else len(_ACCENTED.findall(text)))
    names = [unicodedata.name(sign, "").partition(" ")[0] for sign in foreign[:30]]
    script = max(set(names), key=names.count)
    return _Alphabet("CJK" if script in _JAPANESE else script, len(text), 0)


def has_pictograms(text: str) -> bool:
    """Whether there is an emoji or another pictorial sign in it."""
    return not text.isascii() and any(c > "\u2000" and unicodedata.category(c) == "So" for c in text)
