"""Form "text": posts whose author stands above the words and whose day stands below, each on a line of its own, as
British live reports print them:

    Sample Name (@sample_one)

    WORDS

    January 31, 2014

So do articles and boxes about their writers: the line above must announce a post, or a short link stand in it. Only
texts and Markdown are read so. In Markdown a link to the author's own post stands below, or at the end of the words:

    Sample Name ([@sample_one](https://twitter.com/sample_one)) - January 31, 2014 12:18 PM

    WORDS

    [Tweet link](https://twitter.com/sample_one/status/ID)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.flattened.byline import INTRODUCED, SHORT_LINK
from archiver.embeds.flattened.dates import PrintedDay, read_day
from archiver.embeds.flattened.leads import COLONS
from archiver.embeds.flattened.lines import limit, lines_up, weight_at_end
from archiver.embeds.flattened.signs import MARKS
from archiver.embeds.reading.readable import few_breaks
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import unarchived, x_status

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
_LOOK_AHEAD_LINKED, _MOST_LINES_LINKED = 3_000, 24
"""The same where links take most of them."""
_LINKED_HEAD = re.compile(
    rf"[ \t>{MARKS}]{{0,12}}(?:[—–] ?)?(?P<name>[^\s\n()\[\]—–-][^\n()\[\]]{{0,60}}?) ?"
    r"\((?:\[@(?P<linked>\w{1,15})\]\([^()\s]{1,200}\)|@(?P<plain>\w{1,15}))\)"
    rf"(?: ?[-–—·] ?(?P<said>[^\n\[\]()]{{6,40}}?))?[ \t\r{MARKS}]{{0,9}}(?=\n)"
)
_LINK_AT_END = re.compile(r"\[(?P<says>[^\[\]\n]{1,60})\]\((?P<address>https?://[^\s()<>]{10,300})\)$")
_NAMED = re.compile(
    r"(?:view|see|read|original|source|link to) (?:the )?(?:tweet|post)|(?:tweet|post) link", re.IGNORECASE
)
"""A link named "Tweet" alone is a button."""
_ENDS = re.compile(r"#{1,6} |-{3,}$|.*\(\[?@\w{1,15}(?:\]\([^()\s]{1,200}\))?\)")
"""A heading, a line across the page, another author."""
_MID_SENTENCE = re.compile(r"(?:^|\s)[^\W\d_A-Z]{1,4}$")
"""Before a day that is one of prose ("on", "vom")."""
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,100}\]\([^()\s]{1,300}\)")
_ANNOUNCEMENT = 30
"""Characters: a shorter line with a colon is a label ("Author:")."""


class _Own(NamedTuple):
    """A post of the author's below a head."""

    words: list[str]
    end: int
    address: str
    said: PrintedDay | None


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
            **quotation(words, "lines"),
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


def read_linked(text: str) -> Iterator[Sighting]:
    """The same in Markdown, where a link tells the post."""
    low = 0
    for head in _linked_heads(text) if "/status" in text else ():
        handle = head["linked"] or head["plain"]
        own = _own_post(text, head.end(), handle) if head.start() >= low else None
        if own is None:
            continue
        said = read_day(head["said"] or "") or own.said
        words = few_breaks("\n".join(own.words)).strip()
        embed = Embed(
            position=0,
            form=FORM,
            hint="x",
            address=unarchived(own.address),
            author_handle=handle,
            author_name=head["name"].strip(),
            published_on=said.day if said else None,
            **quotation(words, "lines"),
        )
        low = own.end
        yield Sighting(_with_picture(text, head.start()), low, embed, marked=False)


def _linked_heads(text: str) -> Iterator[re.Match[str]]:
    at = text.find("@", 2)
    while at >= 0:
        if text[at - 1] == "(" or (text[at - 1] == "[" and text[at - 2] == "("):
            newline = text.rfind("\n", max(at - _LONGEST_NAME, 0), at)
            head = _LINKED_HEAD.match(text, newline + 1) if newline >= 0 or at < _LONGEST_NAME else None
            if head is not None and INTRODUCED.match(head["name"]) is None:
                yield head
        at = text.find("@", at + 1)


def _own_post(text: str, at: int, handle: str) -> _Own | None:
    """The words down to a link to a post of the author's: alone on its line and named one, or the day behind the words.
    None where there is none, or another head or a heading comes first."""
    words: list[str] = []
    lines = 0
    for written in _lines_down(text, at, at + _LOOK_AHEAD_LINKED):
        line = written.strip(f" \t\r\u00a0>{MARKS}")
        link = _LINK_AT_END.search(line)
        status = x_status(link["address"]) if link else None
        if link is not None and status is not None and (status.handle or "").lower() == handle.lower():
            before, said = line[: link.start()].rstrip(), read_day(link["says"])
            is_day = said is not None and (before or words) and not _MID_SENTENCE.search(before)
            if is_day or (not before and words and _NAMED.fullmatch(link["says"])):
                words += [before] if before else []
                return _Own(words, at + len(written), link["address"], said)
        if lines == _MOST_LINES_LINKED or _ENDS.match(line):
            break
        lines += bool(line)
        words += [] if _PICTURE.fullmatch(line) else [line]
        at += len(written) + 1
    return None


def _lines_down(text: str, low: int, high: int) -> Iterator[str]:
    """One by one: most heads have another below them, and no more is looked at."""
    while low < min(high, len(text)):
        end = text.find("\n", low, high)
        end = end if end >= 0 else min(high, len(text))
        yield text[low:end]
        low = end + 1


def _with_picture(text: str, at: int) -> int:
    """Where the author's picture begins, if that stands on the line above."""
    above = text.rfind("\n", 0, max(at - 1, 0)) + 1
    return above if _PICTURE.fullmatch(text[above:at].strip()) else at
