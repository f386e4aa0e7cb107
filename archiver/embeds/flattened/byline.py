"""Whether a name with a handle and a day signs a post, or an article, a photograph, a talk.

Both are written `Name (@handle) August 20, 2021`. What tells them apart, from the 1,150 attributions of 297 saved
articles and what newsrooms write besides: a post's attribution has its long dash (nearly all have), and the day ends
it. Who signs an article is introduced ("By", "Photo:"), stands under a title, or goes on in the same sentence. Where
the dash is weak (a hyphen is also a bullet, an en dash also parts a headline from a name) or lost, something else must
speak for a post: a short link, or prose above and below of which it is no part.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from archiver.embeds.flattened.dashes import LOST
from archiver.embeds.flattened.leads import COLONS
from archiver.embeds.flattened.lines import Line, limit, lines_up, weight_at_end
from archiver.embeds.flattened.points import has_pictograms
from archiver.embeds.flattened.signs import MARKS

LOOK_BACK, LOOK_AHEAD = 3000, 500
"""Characters in which prose is sought."""
_MOST_LINES = 30
"""And lines: a list of a thousand attributions has a thousand above the last."""
PROSE = 100
"""So long a line that ends a sentence is no heading and no menu."""
LABEL_WORDS = 3
"""So few words in capitals, or a single one, before a dash are a place, a heading or a credit ("NEW YORK", "Photo")."""

SHORT_LINK = re.compile(r"pic\.(?:twitter|x)\.com/\w|//t\.co/\w")
_TAGGED = re.compile(r"(?<![\w/&])[#＃@]\w")
_BRACKETED = re.compile(r"\(@\w{1,15}\)")
"""So an article names accounts ("with reporting by Sample Name (@sample_one)"); a post names them without."""
_CLOSED = re.compile(
    rf"(?:[.!?…。！？؟:)\]\"”’»]|[#＃@]\w{{1,50}}|https?://\S{{4,300}}|\.com/\w{{5,20}}…?)[\s{MARKS}]{{0,9}}$"
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟][\"”’»)\]]{0,2}$")
INTRODUCED = re.compile(
    r"(?:by|from|written|posted|published|updated|last updated|edited|reported|compiled|words|text|story|von|por|par"
    r"|di|da|de|av|af|door|od|przez|от|автор|autor|autora|auteur|redaktion)\b|.*\bby\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[—–―-]? ?[^\n()]{1,90} \(@\w{1,15}\)")
_ATTRIBUTED = re.compile(r"— ?[^\n()—]{1,60} \(@\w{1,15}\) [^\n()]{3,30}\d{4}[ \t\r]{0,3}(?:\n|$)")
_CREDITED = re.compile(
    r"(?:photo|foto|image|picture|illustration|graphic)s?(?: (?:credit|courtesy))?(?: (?:by|von|par|via)\b|\s?[:/])",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"(?:posted|written|reported|compiled|edited|published|translated|reviewed|words|text|story|interview|photos?"
    r"|photography|pictures?|images?|videos?|illustrations?|graphics?) by\b",
    re.IGNORECASE,
)
"""Before a name that made something, also behind a dash ("— Posted by Sample Name")."""
_NUMBERED = re.compile(r"[ \t]{0,3}(?:\[\^?\w{1,20}\]:?|\d{1,3}[.)])[ \t]")
"""The beginning of a note, or of a list's line."""
_UPDATED = re.compile(
    r"(?:last |first )?(?:updated|posted|published|edited|modified|reviewed)(?: on| by)?:?", re.IGNORECASE
)
_GOES_ON = re.compile(
    rf"[ \t\u00a0{MARKS}]{{0,9}}(?:[,;:|/&·–—-]|(?P<number>\d+[.)]?[ \u00a0](?=\S))|\d"
    r"|(?!https?:|pic\.|t\.co/)(?P<letter>[^\W\d_]))"
)
_BLANK_TO_END = re.compile(rf"[\s{MARKS}.\"”″’»)\]*_]*?(?:\n|$)")
_ISO = re.compile(r"\d{4}-\d")
_BULLET = re.compile(r"[-•*·–]\s")


class Signature(NamedTuple):
    """A name with a handle and a day, as it stands in a text."""

    text: str
    dash: tuple[int, int]
    """Where the dash stands; empty where there is none."""
    weak: bool
    """Whether the dash, if there is one, is a hyphen or an en dash."""
    name: str
    gap: str
    """What stands between the handle and the day."""
    end: int
    """Behind the day."""
    printed: str
    """The day as it is printed."""


def signs_a_post(signature: Signature) -> bool:
    """Whether it is a post's attribution."""
    text, (start, dash_end) = signature.text, signature.dash
    line = text[max(text.rfind("\n", 0, start) + 1, start - 600) : start].strip(f" \t\u00a0>*_{MARKS}")
    is_strong = start < dash_end and not signature.weak
    if is_strong and SHORT_LINK.search(line[-40:]):
        return True
    if _MADE.match(signature.name):
        return False
    bare = not signature.gap.strip(f" \t\u00a0{MARKS}(")
    if text[start:dash_end] == LOST:
        # No prose is glued to a day.
        return bare and text[signature.end : signature.end + 1].isalpha() and not INTRODUCED.match(signature.name)
    is_closed = is_strong and _CLOSED.search(line) is not None
    if _goes_on(signature, is_closed=is_closed) or (_ISO.match(signature.printed) and not is_strong):
        return False
    if start == dash_end:
        return bare and not line and _without_dash(signature)
    if not line:
        return not signature.weak or (bare and _is_whole(signature) and not _is_listed(text, start))
    if SHORT_LINK.search(line[-40:]):
        return True
    if _is_label(text, start, line) or _CREDITED.match(signature.name):
        return False
    if signature.weak:
        ends = _is_whole(signature) and text[signature.end : signature.end + 1] != "."
        return bare and ends and (_CLOSED.search(line) is not None or _stands_in_prose(signature))
    return bare or bool(_TAGGED.search(line)) or has_pictograms(line)


def is_reference(text: str, handle: re.Match[str], day: int | None) -> bool:
    """Whether a name without a dash is that of a source: `Name (@handle), May 1, 2020, https://…`. Where the day is a
    link, the line's number tells."""
    if day is not None:
        return "," in text[handle.end() : day]
    numbered = _NUMBERED.match(text, text.rfind("\n", 0, handle.start()) + 1)
    return numbered is not None and text.startswith(",", handle.end())


def shows_a_post(text: str, at: int) -> bool:
    """Whether the line that ends at `at`, or the one above, shows what posts are made of: for an attribution without a
    day."""
    last = next(lines_up(text, max(at - LOOK_BACK, 0), at), None)
    if last is None or (SHORT_LINK.search(last.text) or _TAGGED.search(_BRACKETED.sub("", last.text))) is None:
        return False
    # A list of accounts has a dash before each.
    return _ACCOUNT.fullmatch(last.text) is None


def _goes_on(signature: Signature, *, is_closed: bool) -> bool:
    """Whether the sentence goes on behind the day: with a comma, an hour, a small letter; with a number that is no hour
    only where none was closed before the dash, or else another one begins there ("2021 80 percent", "2021 3. Next")."""
    found = _GOES_ON.match(signature.text, signature.end)
    if found is None or (is_closed and found["number"]):
        return False
    return found["letter"] is None or found["letter"].islower()


def _is_whole(signature: Signature) -> bool:
    return _BLANK_TO_END.match(signature.text, signature.end) is not None


def _without_dash(signature: Signature) -> bool:
    """A line that is all signature, and nothing introduces the name."""
    name = signature.name
    if not _is_whole(signature) or INTRODUCED.match(name) or name[:1] in "•-*" or ":" in name:
        return False
    last = next(lines_up(signature.text, max(signature.dash[0] - LOOK_BACK, 0), signature.dash[0]), None)
    if last is None:
        return False
    return last.quoted or SHORT_LINK.search(last.text) is not None or _stands_in_prose(signature)


def _stands_in_prose(signature: Signature) -> bool:
    """Whether what would be the post fits into one, and prose stands above it and below: not under a title, and not at
    an article's foot."""
    text, start = signature.text, signature.dash[0]
    above = islice(lines_up(text, max(start - LOOK_BACK, 0), start), _MOST_LINES)
    last = next(above, None)
    if last is None or weight_at_end(last.text) > limit(None) or last.bullet:
        return False
    below = lines_up(text, signature.end, min(len(text), signature.end + LOOK_AHEAD))
    return any(_is_prose(line) for line in above) and any(len(line.text) >= PROSE for line in below)


def _is_prose(line: Line) -> bool:
    return len(line.text) >= PROSE and _SENTENCE_END.search(line.text) is not None


def _is_listed(text: str, start: int) -> bool:
    """Whether what looks like a dash is a bullet: the line above announces a list, or a neighbour has one, too."""
    above = text[max(start - 300, 0) : start].rstrip(" \t").rpartition("\n")[0]
    end = text.find("\n", start)
    below = text[end + 1 : end + 3] if end >= 0 else ""
    last = above.rpartition("\n")[2].strip()
    announced = above.rstrip().endswith(COLONS) and text[start] == "-"
    return announced or _BULLET.match(last) is not None or _BULLET.match(below) is not None


def _is_label(text: str, start: int, line: str) -> bool:
    """Whether too little stands before the dash for a post, in a line that nothing stands directly above."""
    begun = text.rfind("\n", 0, start)
    alone = begun <= 0 or text[begun - 1] in "\n>"
    words = len(line.split())
    if alone and _UPDATED.fullmatch(line):
        return True
    return (
        alone
        and (words <= 1 or (words <= LABEL_WORDS and line.isupper()))
        and not (_CLOSED.search(line) or _TAGGED.search(line) or has_pictograms(line) or _is_solid(line))
        and not _stands_among_posts(text, begun)
    )


def _stands_among_posts(text: str, end: int) -> bool:
    """Whether a post is announced above, or another one stands there ("Here it is:", "L — Sample Name (@sample_one)
    June 10, 2020")."""
    above = text[max(end - LOOK_BACK, 0) : max(end, 0)].rstrip()
    return above.endswith(COLONS) or _ATTRIBUTED.search(above) is not None


def _is_solid(line: str) -> bool:
    """Whether it is of a script without blanks between words, where two "words" may be a sentence."""
    return any(c >= "\u2e80" for c in line)
