"""Form "text": posts whose author stands above the words and whose day stands below, each on a line of its own, as
British live reports print them:

    Sample Name (@sample_one)

    WORDS

    January 31, 2014

So do articles and boxes about their writers: the line above must announce a post, or a short link stand in it. Only
texts and Markdown are read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from archiver.embeds.bounds import CONFIDENCE
from archiver.embeds.byline import INTRODUCED, SHORT_LINK
from archiver.embeds.dates import read_day
from archiver.embeds.leads import COLONS
from archiver.embeds.lines import limit, lines_up, weight_at_end
from archiver.embeds.links import links_in
from archiver.embeds.sighting import Sighting
from archiver.embeds.signs import MARKS
from archiver.model.embed import Embed

FORM = "text"
_HEAD = re.compile(
    rf"[ \t>{MARKS}]{{0,12}}(?P<name>[^\s\n()—–-][^\n()]{{0,50}}?) ?\(@(?P<handle>[A-Za-z0-9_]{{1,15}})\)"
    rf"[ \t\r{MARKS}]{{0,9}}(?=\n|$)"
)
_OF_WRITER = re.compile(r"\w{1,40}(?: [\w.-]{1,40}){0,2} (?:is|was|has|writes|covers|reports|works|lives|joined)\b")
"""What is said of one who wrote an article, behind the name ("Sample writes about the city")."""
_LONGEST_NAME, _LONGEST_HANDLE = 80, 19
_LOOK_AHEAD, _MOST_LINES = 1_200, 12
"""Characters below a head, and lines."""
_ANNOUNCEMENT = 30
"""Characters: a shorter line with a colon is a label ("Author:")."""


def read(text: str) -> Iterator[Sighting]:
    """The posts in a text, in order."""
    for head in _heads(text):
        words, end, day = _below(text, head.end())
        if day is None or weight_at_end(words) > limit(day):
            continue
        if not (_is_announced(text, head.start()) or SHORT_LINK.search(words)):
            continue
        if words.startswith(head["name"].split()[0]) and _OF_WRITER.match(words):
            continue
        embed = Embed(
            position=0,
            form=FORM,
            hint="x",
            author_handle=head["handle"],
            author_name=head["name"].strip(),
            published_on=day,
            quotation=words,
            links=links_in(words),
            cut="lines",
            confidence=CONFIDENCE["lines"],
        )
        yield Sighting(head.start(), end, embed, marked=False)


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Lines that are a name and a handle; by plain searches, as few texts have one."""
    at = text.find("@", 1)
    while at >= 0:
        if text[at - 1] == "(" and text.find(")", at, at + _LONGEST_HANDLE) > 0:
            newline = text.rfind("\n", max(at - _LONGEST_NAME, 0), at)
            head = _HEAD.match(text, newline + 1) if newline >= 0 or at < _LONGEST_NAME else None
            if head is not None and INTRODUCED.match(head["name"]) is None:
                yield head
        at = text.find("@", at + 1)


def _is_announced(text: str, at: int) -> bool:
    above = next(lines_up(text, max(at - _LOOK_AHEAD, 0), at), None)
    return above is not None and above.text.endswith(COLONS) and len(above.text) >= _ANNOUNCEMENT


def _below(text: str, at: int) -> tuple[str, int, date | None]:
    """The words down to a line that is but a day, where that line ends, and the day; no day where there is none."""
    words: list[str] = []
    for written in text[at : at + _LOOK_AHEAD].split("\n"):
        line = written.strip(f" \t\r\u00a0>{MARKS}")
        printed = read_day(line) if words and len(line) <= 30 else None
        if printed is not None and printed.length == len(line):
            return "\n".join(words), at + len(written), printed.day
        if len(words) == _MOST_LINES or _HEAD.match(line):
            break
        words += [line] if line else []
        at += len(written) + 1
    return "", at, None
