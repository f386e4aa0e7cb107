"""Form "text": posts that a text extractor flattened, known by their attribution or by a picture link alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from archiver.embeds.flattened.attribution import Attribution, attributions
from archiver.embeds.flattened.bounds import Cut, cut, last_paragraph, quotation
from archiver.embeds.flattened.dates import PrintedDay, read_day
from archiver.embeds.flattened.leads import announces
from archiver.embeds.flattened.lines import LONG_POSTS_ON, limit, weight_at_end
from archiver.embeds.flattened.links import PICTURE
from archiver.embeds.flattened.shared_by import behind_placeholder, is_placeholder
from archiver.embeds.flattened.wrapped import unwrapped
from archiver.embeds.reading.marked_quotes import BEGUN, bounded
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed

FORM = "text"
LONGEST_CAPTION = 2_600
"""Characters: Instagram allows 2,200, without the blank lines of an extractor."""

_LINE_ENDS = re.compile(r"[ \t\u00a0\r]{0,60}\n[ \t\u00a0]{0,60}")
_BREAKS = re.compile(r"\n{3,}")
_DIVISION = re.compile(r"^:{3,}(?: ?\{[^{}\n]{0,300}\})?[ \t\r]*(?:\n|\Z)", re.MULTILINE)
"""Pandoc's fence around a division, which stands for no words."""
_OPENED = re.compile(r"^<blockquote(?: [^<>]{0,200})?>\s{0,9}")
"""As some converters leave it in Markdown."""
_WRITTEN_BREAK = re.compile(r"\\[nr]")
_WRITTEN_BREAKS_USED = re.compile(
    r"(?:pic\.(?:twitter|x)\.com|//t\.co)/[A-Za-z0-9]{5,20}…?\)? ?\\[nr]"
    r"|\\n ?[—–―-][^\n\\]{1,100}\(@|\(@\w{1,15}\) [^\n\\()]{6,40}\\[nr]"
)
"""Next to a short link or an attribution: then the text is a piece of JSON, and `\\n` stands for a line break."""
_WRITTEN_SIGNS = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[\"/]")
_PICTURE_BEGINS = "pic."
_SCHEME_BEFORE = re.compile(r"https?://$")
_BEHIND_LINK = re.compile(r"\]\(https?://[^\s()]{5,120}\)")
_IMAGE = re.compile(r"\s{0,9}(?:\[image or embed\]|\[\[image or embed\]\]\([^()\s]{8,300}\))\s{0,9}$")
_IMAGE_CHARACTERS = 350
_NAME_WORD = re.compile(r"\w{3,}")
_REST_OF_LINE = re.compile(r"[ \t\u00a0\r]{0,9}(?:See more[ \t]{0,9})?(?:\n|$)")
MOST_TAIL_LINES = 4
"""Lines of a post that stand behind its attribution, and above its picture link's."""
_REST = re.compile(
    rf"[ \t\u00a0\r]{{0,9}}\n(?P<lines>(?:[^\n]{{1,300}}\n){{0,{MOST_TAIL_LINES - 1}}}?"
    r"[^\n]{0,300}//t\.co/\w{5,10})[ \t\u00a0\r]{0,9}(?=\n|\Z)"
)
_DAY_CHARACTERS = 40
_FEWEST_HEADED = 3
"""Posts behind another: fewer are no list."""


def read(text: str) -> Iterator[Sighting]:
    """The flattened posts in a readable text, in order."""
    if "@" not in text and _PICTURE_BEGINS not in text:
        return
    text = unwrapped(_with_breaks(text))
    earlier: Sighting | None = None
    for sighting in _posts(text):
        joined = _joined(text, earlier, sighting) if earlier is not None else None
        if earlier is not None and joined is None:
            yield _with_rest(text, earlier, sighting.start)
        earlier = joined or sighting
    if earlier is not None:
        yield _with_rest(text, earlier, len(text))


def _posts(text: str) -> Iterator[Sighting]:
    pictures = _pictures(text)
    low = 0
    of_all = list(attributions(text))
    headed = _are_headed(text, of_all)
    for attribution in of_all:
        end = _end_of_words(text, low, attribution)
        found = _bounds(text, low, attribution, end, headed=headed)
        yield from _nameless(text, low, found.start, pictures)
        yield Sighting(found.start, attribution.end, _embed(text, found, end, attribution), marked=False)
        low = attribution.end
    yield from _nameless(text, low, len(text), pictures)


def _are_headed(text: str, of_all: Sequence[Attribution]) -> bool:
    """Whether something stands above each post, as lists of posts have it: of those behind another none is but one line
    long."""
    windows = (text[earlier.end : later.start].strip() for earlier, later in pairwise(of_all))
    breaks = [words.count("\n") for words in windows if words]
    return len(breaks) >= _FEWEST_HEADED and min(breaks) > 0


def _joined(text: str, earlier: Sighting, later: Sighting) -> Sighting | None:
    """One post of two: a nameless one directly below an attribution that shows the same picture is a copy of that, and
    one on the very next line, or below others that fit, is the end of that, which an extractor put behind the
    attribution."""
    head, tail = earlier.embed, later.embed
    gap = text[earlier.end : later.start]
    if head.author_handle is None or head.hint != "x" or tail.author_handle is not None:
        return None
    shown, again = PICTURE.search(head.quotation or ""), PICTURE.search(tail.quotation or "")
    if shown is not None:
        is_copy = not gap.strip() and again and again.group() == shown.group()
        return earlier._replace(end=later.end) if is_copy else None
    lines = _lines_of_both(head, gap, tail)
    if lines is None:
        return None
    words = "\n".join(lines).strip()
    start = max(text.find(lines[0], earlier.start, earlier.end), earlier.start)
    return earlier._replace(start=start, end=later.end, embed=_longer(head, words))


def _with_rest(text: str, post: Sighting, high: int) -> Sighting:
    """The post with the lines right below its attribution that end with a short link, as prose never does: an extractor
    put them there, and no post below them, which begins at `high`, has them."""
    head = post.embed
    found = _REST.match(text, post.end) if head.hint == "x" and head.author_handle and not head.links else None
    if found is None or found.end() > high or head.quotation is None or "(@" in found["lines"]:
        return post
    words = "\n".join([head.quotation, *(line.strip() for line in found["lines"].split("\n"))])
    if weight_at_end(words) > limit(head.published_on, words):
        return post
    return post._replace(end=found.end("lines"), embed=_longer(head, words))


def _longer(head: Embed, words: str) -> Embed:
    return replace(head, **quotation(words, "close_lines"))


def _lines_of_both(head: Embed, gap: str, tail: Embed) -> list[str] | None:
    """The lines of a post whose end stands behind its attribution; None where they do not fit into one."""
    first, *between = [line.strip() for line in gap.split("\n")]
    if first or not between or between[-1].strip("-•*") or not all(between[:-1]) or len(between) > MOST_TAIL_LINES:
        return None
    lines = (head.quotation or "").split("\n")
    rest = [*between[:-1], tail.quotation or ""]
    room = limit(head.published_on, "\n".join(rest))
    # What was taken for the post's beginning may be prose, but not where more than its end is uncertain.
    while lines and weight_at_end("\n".join([*lines, *rest])) > room:
        lines = lines[1:] if len(rest) == 1 else []
    return [*lines, *rest] if lines else None


def _with_breaks(text: str) -> str:
    """The text with its line breaks, of the same length, where a dump holds them as a backslash and a letter."""
    if "\\" not in text or "\\n" not in text or _WRITTEN_BREAKS_USED.search(text) is None:
        return text
    return _WRITTEN_BREAK.sub(lambda m: " \n" if m.group() == "\\n" else "  ", text)


def _end_of_words(text: str, low: int, attribution: Attribution) -> int:
    """Before the attribution, and before what Bluesky prints for a picture."""
    image = attribution.platform == "bluesky" and _IMAGE.search(
        text, max(low, attribution.start - _IMAGE_CHARACTERS), attribution.start
    )
    return image.start() if image else attribution.start


def _bounds(text: str, low: int, attribution: Attribution, end: int, *, headed: bool) -> Cut:
    if attribution.platform == "instagram":
        opened = behind_placeholder(text, max(low, end - LONGEST_CAPTION), end)
        if opened is not None:
            return Cut(opened, "lines")
        found = last_paragraph(text, low, end)
        line = text[found.start : end].strip()
        return Cut(end, "only_line") if is_placeholder(line) or line.startswith("[![](") else found
    author = (*_NAME_WORD.findall(attribution.name or ""), attribution.handle)
    begun = bounded(text, low, end) if BEGUN in text else None
    if begun is not None:
        return _whole(text, begun, end, attribution.day, author)
    return cut(text, low, end, attribution.day, author, headed=headed)


def _whole(text: str, begun: int, end: int, day: date | None, author: Sequence[str]) -> Cut:
    """All that a quotation of Markdown holds above its attribution; the last of it where that is more than a post, or
    where a line in it announces one."""
    lines = [line.strip() for line in text[begun:end].strip().split("\n")]
    fits = (day is not None and day >= LONG_POSTS_ON) or weight_at_end("\n".join(lines)) <= limit(day, "\n".join(lines))
    if len(lines) == 1 or (fits and not any(map(announces, lines))):
        return Cut(begun, "quoted")
    return cut(text, begun, end, day, author)


def _pictures(text: str) -> list[tuple[int, int]]:
    """Where the picture links stand, the last one first."""
    found = []
    at = text.find(_PICTURE_BEGINS)  # a plain search, which is several times as fast as one by a pattern
    while at >= 0:
        picture = PICTURE.match(text, at)
        if picture is not None:
            scheme = _SCHEME_BEFORE.search(text, max(at - 8, 0), at)
            begun = scheme.start() if scheme else at
            linked = _BEHIND_LINK.match(text, picture.end()) if text[begun - 1 : begun] == "[" else None
            found.append((begun, (linked or picture).end()))
        at = text.find(_PICTURE_BEGINS, at + len(_PICTURE_BEGINS))
    return found[::-1]


def _nameless(text: str, low: int, high: int, pictures: list[tuple[int, int]]) -> Iterator[Sighting]:
    """Posts whose attribution was lost: the picture link stands at a post's end, so it tells where one ends.

    `pictures`: those that still come, the next one last; what lies before `high` is taken off.
    """
    while pictures and pictures[-1][1] <= high:
        start, end = pictures.pop()
        following = pictures[-1] if pictures and pictures[-1][1] <= high else None
        if start < low or (following is not None and not text[end : following[0]].strip(" \t")):
            continue
        begun = bounded(text, low, end) if BEGUN in text else None
        printed = _day_behind(text, end)
        day = printed.day if printed else None
        found = cut(text, low, end, day) if begun is None else _whole(text, begun, end, day, ())
        embed = _embed(text, found, end, None)
        embed = replace(embed, published_on=day) if day else embed
        low = end + (printed.length if printed else 0)
        yield Sighting(found.start, low, embed, marked=False)
    while pictures and pictures[-1][0] < high:
        pictures.pop()


def _day_behind(text: str, at: int) -> PrintedDay | None:
    """The day at the line's end behind a picture link, which is all that some pages print of an attribution."""
    if not text[at : at + 1].strip("\n"):
        # Most links end their lines, and to read a date costs a hundred times as much.
        return None
    printed = read_day(text[at : at + _DAY_CHARACTERS])
    return printed if printed and _REST_OF_LINE.match(text, at + printed.length) else None


def _embed(text: str, found: Cut, end: int, attribution: Attribution | None) -> Embed:
    words = _words(text[found.start : end], quoted=found.how == "quoted")
    return Embed(
        position=0,
        form=FORM,
        hint=attribution.platform if attribution else "x",
        address=attribution.address if attribution else None,
        author_handle=attribution.handle if attribution else None,
        author_name=attribution.name if attribution else None,
        published_on=attribution.day if attribution else None,
        **quotation(words, found.how),
    )


def _words(words: str, *, quoted: bool) -> str:
    """A quotation without the extractor's blanks, the marks of mail, and what a JSON dump writes for a sign."""
    words = _OPENED.sub("", words.strip())
    if ":::" in words:
        words = _DIVISION.sub("", words).strip()
    if "\n" in words:
        if quoted:
            words = "\n".join(line.lstrip(" \t>") for line in words.split("\n")).strip()
        words = _BREAKS.sub("\n\n", _LINE_ENDS.sub("\n", words))
    return _WRITTEN_SIGNS.sub(_sign, words) if "\\" in words else words


def _sign(written: re.Match[str]) -> str:
    try:
        sign: str = json.loads(f'"{written.group()}"')
        sign.encode("utf-8")
    except ValueError:
        return written.group()
    return sign
