"""Form "text": the widget that X's script drew from 2012 on, as plain text: copied off the page, or kept by a crawler
that had run the page's scripts.

    Sample Name ✔            (the mark may stand on a line of its own, or be lost)
    @sample_one              (or behind the name)
    WORDS
    447                      (how many like it)
    3:05 PM - Apr 1, 2018    (the clock at the reader's place)
    165 people are talking about this
    Twitter Ads info and privacy

So are Substack's boxes of posts ("Sample Name @sample_one", "1:25 PM ∙ May 25, 2021", "2,014 Likes 337 Retweets"; since
2023 "Sample Name@sample_one", "5:29 PM · Apr 26, 2026 · 792K Views", "345 Replies · 493 Reposts · 6.71K Likes").

An hour and a day alone on a line are nobody's without X's own lines below them. Seen: news texts that were gathered by
browsers, in English and in Spanish; Markdown of web clippers, where the hour is a link to the post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.flattened.signs import MARKS
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import x_status

FORM = "text"
_TELLING = re.compile(r"Twitter(?: Ads| for | Web |(?<=Publicités Twitter)|(?<=annunci di Twitter))")
_BELOW = re.compile(
    r"Twitter Ads[ -][Ii]nfo|(?:de|no) Twitter Ads$|Publicités Twitter|annunci di Twitter"
    r"|\d ?[KM]?\s{0,3}Retweets?\b|\bRetweets?\s{1,3}\d|^Retweets$|\d ?[KM]? Reposts?\b"
    r"|people are talking about this|(?:hablando|falando) (?:de esto|sobre isso)|sprechen darüber|parlent à ce sujet"
)
"""X's own lines; the first words of each language that was seen."""
_STAMP = re.compile(
    rf"^[ \t>{MARKS}]{{0,40}}\[?\d{{1,2}}[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)? [-–·∙•] (?P<day>[^\n\[\]]{{6,30}}?)"
    rf"(?:\]\((?P<address>[^()\s]{{8,300}})\))?"
    rf"(?:[ \u00a0]?·[ \u00a0]?(?P<program>Twitter (?:for|Web) [^\n]{{1,30}}"
    rf"|\d[\d.]{{0,6}}[KM] Views))?"
    rf"[ \t\r{MARKS}]{{0,12}}$",
    re.MULTILINE,
)
_COUNT = re.compile(r"[\d.,\u00a0 ]{1,20}[KM]?(?:\s{1,3}[\d.,]{1,10}[KM]?)?")
_BUTTON = re.compile(
    r"Follow|Folgen|Seguir|Suivre|Segui|Reply|Retweet|Likes?|Favorite|✔\ufe0f?|Verified account|View image on Twitter"
    r"|Embedded video|Video insertado|\[?(?:Image|(?:X|Twitter) avatar for @\w{1,15})\]?|[━─_*-][━─_* -]{2,120}"
    r"|Replying to (?:@\w{1,15}(?: and)? ?){1,5}|[\[\]·]|!?\[\]?"
    r"|· ?\[[^\[\]]{0,40}\]\([^()\s]{5,300}\)|.{0,60}\]\([^()\s]{0,300}/intent/.*"
    r"|\[!\[[^\[\]]{0,100}\]\([^()\s]{0,300}\)\]\([^()\s]{0,300}\)"
)
"""Lines of the widget that are none of the post's words."""
_TICK = re.compile(r"\s*(?:✔\ufe0f?|Verified account)\s*$")
_HANDLE = re.compile(
    r"(?:(?P<name>[^\n@]{1,60}?)(?:[\s,]{1,3}|(?<![\s,\[])))?\[?@(?P<handle>[A-Za-z0-9_]{1,15})(?:\]\([^()\s]{5,120}\))?"
)
_LINKED = re.compile(r"\[([^\[\]]{1,80})\]\([^()\s]{1,300}\)")
_PICTURE = re.compile(r"!\[[^\[\]]{0,100}\]\([^()\s]{0,300}\)")
_LONGEST_NAME = 60
_LOOK_BACK, _LOOK_AHEAD, _MOST_LINES = 1_500, 500, 24
"""Characters, and lines with something on them."""


class _Line(NamedTuple):
    start: int
    end: int
    words: str


class _Head(NamedTuple):
    start: int
    end: int
    handle: str
    name: str | None
    is_certain: bool


def read(text: str) -> Iterator[Sighting]:
    """The widgets in a readable text, in order."""
    # Every widget has a handle or a link; to ask for one sign takes a twentieth of the time of a search for a word.
    if not ("@" in text or "](" in text) or not ("Retweet" in text or " Views" in text or _TELLING.search(text)):
        return
    low = 0
    for stamp in _STAMP.finditer(text):
        day = read_day(stamp["day"])
        # From 2019 on the program by which the author wrote stands behind the day, later how many saw the post.
        end = _end(text, stamp.end()) or (stamp.end() if stamp["program"] else None)
        if day is None or day.length != len(stamp["day"]) or end is None:
            continue
        status = x_status(stamp["address"]) if stamp["address"] else None
        head = _head(text, max(low, stamp.start() - _LOOK_BACK), stamp.start())
        if head is None and status is None:
            continue
        start = head.start if head else stamp.start()
        words = _words(text, head.end, stamp.start()) if head else ""
        if status is None and not words and not (head and head.is_certain):
            continue
        low = end
        embed = Embed(
            position=0,
            form=FORM,
            hint="x",
            address=stamp["address"] if status else None,
            author_handle=head.handle if head else status.handle if status else None,
            author_name=head.name if head else None,
            published_on=day.day,
            **quotation(words, "lines"),
        )
        yield Sighting(start, end, embed, marked=False)


def _lines(text: str, low: int, high: int) -> Iterator[_Line]:
    """The lines of text[low:high] with something on them."""
    at = low
    for written in text[low:high].split("\n"):
        words = written.strip(" \t\r\u00a0>" + MARKS)
        if words:
            yield _Line(at, at + len(written), words)
        at += len(written) + 1


def _end(text: str, at: int) -> int | None:
    """Where X's lines below an hour end; None if there are none."""
    end = None
    for line in _lines(text, at, at + _LOOK_AHEAD):
        if _BELOW.search(line.words) and len(line.words) < 150:
            end = line.end
        elif not _COUNT.fullmatch(line.words) and not _BUTTON.fullmatch(line.words):
            break
    return end


def _head(text: str, low: int, high: int) -> _Head | None:
    """The author above the words: the topmost line that is certain to be one, else the topmost that may be."""
    lines: list[_Line] = []
    for line in reversed([*_lines(text, low, high)][-_MOST_LINES:]):
        if _STAMP.match(text, line.start) or _BELOW.search(line.words):
            break
        lines.insert(0, line)
    found = [head for at in range(len(lines)) if (head := _as_head(lines, at))]
    return next((head for head in found if head.is_certain), found[0] if found else None)


def _as_head(lines: list[_Line], at: int) -> _Head | None:
    line = lines[at]
    read = _HANDLE.fullmatch(line.words)
    if read is None:
        return None
    start, name, has_tick = line.start, read["name"], False
    if name is not None:
        has_tick = _TICK.search(name) is not None
        is_certain = has_tick or (at > 0 and _BUTTON.fullmatch(lines[at - 1].words) is not None)
    else:
        above = at - 1
        while above >= 0 and _BUTTON.fullmatch(lines[above].words):
            above -= 1
        name = lines[above].words if above >= 0 and len(_PICTURE.sub("", lines[above].words)) <= _LONGEST_NAME else None
        start, is_certain = lines[above].start if name else start, name is not None
    name = _TICK.sub("", _LINKED.sub(r"\1", _PICTURE.sub("", name))).strip("[] ") if name else None
    return _Head(start, line.end, read["handle"], name or None, is_certain)


def _words(text: str, low: int, high: int) -> str:
    lines = [line for line in _lines(text, low, high) if not _BUTTON.fullmatch(line.words)]
    while lines and _COUNT.fullmatch(lines[-1].words):
        lines.pop()
    return "\n".join(line.words for line in lines)
