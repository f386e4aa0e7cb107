"""Form "text": posts of X in lists, each an entry that tells where it is from.

    - WORDS ([View Tweet](https://twitter.com/sample_one/status/ID))

    - [Tweet from Sample Name (@sample_one)](https://x.com/sample_one/status/ID): WORDS

The first is what Readwise keeps of what its users mark, in Markdown; the second is how a newsletter that is copied and
translated everywhere lists what was linked to, in HTML and Markdown. Only an entry with the author's handle, and with
words behind a colon, shows the post: a link that says "Tweet from …" is one in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.flattened.bounds import post_of_x
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading.readable import few_breaks
from archiver.embeds.sighting import Sighting
from archiver.urls import x_status

_VIEW = "([View Tweet]("
_VIEWED = re.compile(r"(?P<address>https?://[^()\s]{8,300})\)\)(?=(?:[ \t]{1,9}[#^][^\n]{0,300})?[ \t\r]{0,9}(?:\n|$))")
"""With Readwise's tags behind it, or a note's mark; not within a sentence."""
_ENTRY = re.compile(r"[ \t>]{0,40}[-*+•] (?=\S)")
_HEADING = re.compile(r"#{1,6} ")
_PICTURE = re.compile(r"!\[[^\[\]]{0,100}\]\([^()\s]{0,300}\)|<(?:img|video|source|/video)[^<>]{0,500}>")
_LOOK_BACK, _MOST_LINES = 4_000, 40

_FROM, _OF = "Tweet from ", "的推文"
"""What stands before the author's name, and in Chinese behind it."""
_TOLD = (
    re.compile(r"Tweet from (?P<name>[^\[\]<>\n]{1,80}?) ?\(@(?P<handle>\w{1,15})\)"),
    re.compile(r"(?:来自 ?)?(?P<name>[^\[\]<>\n]{1,80}?) ?\(@(?P<handle>\w{1,15})\) ?的推文"),
)
_LINK_BEFORE = re.compile(r"<a href=\"(?P<address>https?://[^\"\s<>]{8,300})\">$")
_LINK_BEHIND = re.compile(r"\]\((?P<address>https?://[^()\s]{8,300})\)|</a>|")
_WORDS = re.compile(r"[:：] ?(?P<words>[^\s<][^\n<]{2,3000})")
_FIRST = re.compile(r"(?:^|\n|<(?:li|p|td|div)>|[:：]\*{0,2})[ \t•*+-]{0,12}$")
_LONGEST_LINK, _LONGEST_AUTHOR = 330, 110


def read(text: str) -> Iterator[Sighting]:
    """The posts that a text tells the authors of before their words, in order."""
    if "(@" not in text:
        return
    for sign, pattern in zip((_FROM, _OF), _TOLD, strict=True):
        at = text.find(sign)
        while at >= 0:
            low = at if sign == _FROM else max(at - _LONGEST_AUTHOR, text.rfind("\n", 0, at) + 1)
            opened = max(text.rfind("[", low, at), text.rfind(">", low, at)) + 1 if sign == _OF else at
            told = pattern.match(text, opened or low)
            sighting = _told(text, told) if told is not None and told.end() > at else None
            if sighting is not None:
                yield sighting
            at = text.find(sign, at + 1)


def _told(text: str, told: re.Match[str]) -> Sighting | None:
    start = told.start()
    behind = _LINK_BEHIND.match(text, told.end())
    before = _LINK_BEFORE.search(text, max(start - _LONGEST_LINK, 0), start)
    words = _WORDS.match(text, behind.end()) if behind else None
    if behind is None or words is None or _is_day(words["words"]):
        return None
    link = before if behind.group() == "</a>" else behind if behind["address"] else None
    if link is not None:
        status = x_status(link["address"])
        if status is None or (status.handle or "").lower() != told["handle"].lower():
            return None
        start = link.start() if link is before else start - 1
    if not _FIRST.search(text, max(start - 20, 0), start):
        return None
    embed = post_of_x(
        link["address"] if link else None, told["handle"], told["name"].strip(), None, words["words"].strip()
    )
    return Sighting(start, words.end(), embed, marked=False)


def _is_day(words: str) -> bool:
    """Whether it is only the day of the post, as lists of sources have it."""
    day = read_day(words)
    return day is not None and not words[day.length :].strip(" .")


def read_viewed(text: str) -> Iterator[Sighting]:
    """The posts in Markdown that a link to each ends, in order."""
    low = 0
    at = text.find(_VIEW)
    while at >= 0:
        viewed = _VIEWED.match(text, at + len(_VIEW))
        status = x_status(viewed["address"]) if viewed else None
        if viewed is not None and status is not None:
            start = _begun(text, low, at)
            lines = _PICTURE.sub("", _ENTRY.sub("", text[start:at], count=1)).split("\n")
            words = few_breaks("\n".join(line.strip() for line in lines)).strip()
            yield Sighting(
                start, viewed.end(), post_of_x(viewed["address"], status.handle, None, None, words), marked=False
            )
            low = viewed.end()
        at = text.find(_VIEW, at + 1)


def _begun(text: str, low: int, at: int) -> int:
    """Where the entry begins that ends there, whose paragraphs are indented; without one, the paragraph."""
    floor = max(low, at - _LOOK_BACK)
    begun = line = text.rfind("\n", floor, at) + 1 or floor
    for _ in range(_MOST_LINES):
        if _ENTRY.match(text, line) or line <= floor:
            return line
        begun = line if text[line] not in "\n\r" else begun
        above = text.rfind("\n", floor, line - 1) + 1 or floor
        is_empty = not text[above:line].strip()
        if (is_empty and text[begun] not in " \t") or _HEADING.match(text, above):
            break
        line = above
    return begun
