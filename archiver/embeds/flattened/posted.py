"""Form "text": what Facebook and Reddit print below a post in their embeds, flattened.

    WORDS
    Posted by Sample Name on Friday, February 26, 2021

    TITLE
    byu/sample_one inSUB

    Comment
    byu/sample_two from discussion
    inSUB

Many articles are signed like the first: it is Facebook's only where more tells so, which is its blank that does not
break, or a line above that leads up to a post on Facebook. The second is Reddit's where the blanks are missing, or
alone on its lines: a sentence has "r/" before a forum's name. Both are read in texts alone.

In Markdown its links tell Facebook's line, in any language (Reddit's: `titled`):

    > Posted by [Sample Name](https://www.facebook.com/sample.page/) on [Friday, February 26, 2021](https://www.…)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from archiver.embeds.flattened.bounds import Cut, last_paragraph, quotation
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.flattened.leads import COLONS
from archiver.embeds.flattened.lines import lines_up
from archiver.embeds.reading.marked_quotes import BEGUN, bounded, unmarked
from archiver.embeds.reading.readable import few_breaks
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

FORM = "text"
LONGEST_TITLE, LONGEST_LINE = 300, 1_000
"""Characters: as many as Reddit allows, and of a line that is not taken for a post alone."""
_LOOK_BACK, _MOST_LINES = 3_000, 8
"""Characters above the line, and lines among which one can lead up to the post."""
_ANNOUNCEMENT = 25
"""Characters: a shorter line with a colon is a label ("Share on Facebook:")."""

_BLANKS = r"[ \t\u00a0>]"
_NUMBER = r"(?:\[\d{1,3}\])?"
"""As text browsers number links."""
_POSTED = re.compile(
    rf"Posted by\s{{1,3}}{_NUMBER}(?P<name>[^\s\n()\[\]|:][^\n()\[\]|:]{{0,90}}?)\s{{1,3}}"
    rf"on(?P<blank>\s{{1,3}}){_NUMBER}[A-Z][a-z]{{5,8}},? (?=\w)"
)
_DAY_CHARACTERS = 40

_BY = re.compile(
    rf"(?P<comment>\bComment{_BLANKS}{{0,4}}\n?{_BLANKS}{{0,4}})?(?<![^\W_])by(?P<blank>\s?)(?:\[\d{{1,3}}\])?$"
)
_IN = re.compile(
    rf"u/(?P<handle>[\w-]{{3,20}})(?P<discussion>\s{{1,3}}from{_BLANKS}discussion(?:[ \t]{{1,3}}[^\n]{{1,300}})?)?"
    rf"\s{{1,2}}{_BLANKS}{{0,4}}in(?P<blank>\s?){_NUMBER}(?P<forum>[A-Za-z0-9_]{{2,24}})(?!\w|/)"
)
_BEFORE_HANDLE = 30
"""Characters that the first of these takes."""
_FACEBOOK = r"https?://(?:www\.|m\.|graph\.)?facebook\.com/[^()\s]{1,400}"
_SIGNED = re.compile(
    r"[ \t>]{0,9}[^\W\d_]\w{2,20}\s\w{1,15}\s{1,3}"
    rf"\[(?P<name>[^\[\]]{{1,90}})\]\({_FACEBOOK}\)\s{{1,3}}"
    rf"(?:\w{{1,5}}\s{{1,3}})?(?:\[(?P<linked>[^\[\]]{{4,60}})\]\((?P<post>{_FACEBOOK})\)|(?P<day>[^\[\]\n]{{4,60}}))"
    r"[ \t\r]{0,9}(?=\n|\Z)"
)
_HOST = "facebook.com/"
_LONGEST_LEAD = 200
"""Characters of the line before the first address."""
_WEEKDAY = re.compile(r"^[^\W\d_][\w-]{2,15},?\s(?=\w)")
_TITLE = re.compile(r"!?\[(?P<says>[^\[\]]{0,400})\]\((?P<address>[^()\s]{8,400})\)\s{0,9}")
_LINE_END = re.compile(rf"{_BLANKS}{{0,9}}\r?(?:\n|$)")
_LINKED = re.compile(r"\[(?P<says>[^\n]{1,400})\]\((?P<address>[^()\s]{8,400})\)")
_NUMBERED = re.compile(r"\[\d{1,3}\](?=\S)")


def read(text: str) -> Iterator[Sighting]:
    """The posts in a plain text, Facebook's and Reddit's."""
    # To ask for one sign each takes a tenth of the time of a search.
    if "Posted by" in text:
        yield from _of_facebook(text)
    if "u/" in text:
        yield from _of_reddit(text)


def _of_facebook(text: str) -> Iterator[Sighting]:
    low = 0
    for found in _POSTED.finditer(text):
        printed = read_day(text[found.end() : found.end() + _DAY_CHARACTERS])
        if printed is None or printed.day is None:
            continue
        end = found.end() + printed.length
        begun = _below_announcement(text, low, found.start()) if _LINE_END.match(text, end) else None
        if begun is None and "\u00a0" not in found["blank"]:
            continue
        bounds = _last_line(text, low, found.start(), LONGEST_LINE) if begun is None else Cut(begun, "lines")
        words = text[bounds.start : found.start()].strip()
        if words or begun is None:
            embed = _embed("facebook", bounds, words)
            embed = replace(embed, author_name=found["name"].strip(), published_on=printed.day)
            yield Sighting(bounds.start, end, embed, marked=False)
            low = end


def read_linked(text: str) -> Iterator[Sighting]:
    """The posts of Facebook in Markdown, in order."""
    low = 0
    for found in _signed(text):
        said = found["linked"] or found["day"]
        printed = read_day(_WEEKDAY.sub("", said)) if _WEEKDAY.match(said) else None
        if printed is None or printed.day is None:
            continue
        begun = bounded(text, low, found.start()) if BEGUN in text else None
        bounds = last_paragraph(text, low, found.start()) if begun is None else Cut(begun, "quoted")
        words = text[bounds.start : found.start()].strip()
        title = _TITLE.match(words)
        address = found["post"] or (title["address"] if title else None)
        if address is None or not _is_post(address):
            continue
        if title is not None and _is_post(title["address"]):
            words = words[title.end() :] or title["says"]
        embed = _embed("facebook", bounds, words)
        embed = replace(embed, address=unarchived(address), author_name=found["name"], published_on=printed.day)
        yield Sighting(bounds.start, found.end(), embed, marked=False)
        low = found.end()


def _signed(text: str) -> Iterator[re.Match[str]]:
    at = text.find(_HOST)
    while at >= 0:
        newline = text.rfind("\n", max(at - _LONGEST_LEAD, 0), at)
        found = _SIGNED.match(text, newline + 1) if newline >= 0 or at < _LONGEST_LEAD else None
        if found is not None:
            yield found
        at = text.find(_HOST, max(found.end() if found else 0, at + 1))


def _is_post(address: str) -> bool:
    return post_hint(address) == "facebook" or "//graph.facebook.com/" in address


def _below_announcement(text: str, low: int, at: int) -> int | None:
    """Where the lines begin that a line leads up to, as "She wrote on Facebook:"; None if none does."""
    begun = at
    for line in islice(lines_up(text, max(at - _LOOK_BACK, low), at), _MOST_LINES):
        if line.text.endswith(COLONS) and "Facebook" in line.text and len(line.text) >= _ANNOUNCEMENT:
            return begun
        if "(@" in line.text:
            # A post of another platform ends there.
            break
        begun = line.start
    return None


def _of_reddit(text: str) -> Iterator[Sighting]:
    low = 0
    for by, found in _shared(text):
        start, end = by.start(), found.end()
        before = text[text.rfind("\n", low, start) + 1 or low : start]
        alone = _LINE_END.match(text, end) is not None and (by["comment"] or not before.strip(" \t>"))
        if found["discussion"] is None and not alone and (by["blank"] or found["blank"]):
            continue
        bounds = Cut(start, "only_line") if by["comment"] else _last_line(text, low, start, LONGEST_TITLE)
        title = _NUMBERED.sub("", text[bounds.start : start].strip(" \t\r\n>"), count=1)
        linked = _LINKED.fullmatch(title)
        embed = replace(_embed("reddit", bounds, linked["says"] if linked else title), author_handle=found["handle"])
        if linked and post_hint(linked["address"]) == "reddit":
            embed = replace(embed, address=unarchived(linked["address"]))
        yield Sighting(bounds.start, end, embed, marked=False)
        low = end


def _shared(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    at = text.find("u/")
    while at >= 0:
        low = max(at - _BEFORE_HANDLE, 0)
        by = _BY.search(text, low, at) if "by" in text[low:at] else None
        found = _IN.match(text, at) if by else None
        if by is not None and found is not None:
            yield by, found
        at = text.find("u/", found.end() if found else at + 1)


def _last_line(text: str, low: int, high: int, longest: int) -> Cut:
    """The last line; nothing of one that is too long to be a post alone."""
    line = last_paragraph(text, low, high)
    return line if len(text[line.start : high].rstrip()) <= longest else Cut(high, "only_line")


def _embed(platform: str, bounds: Cut, words: str) -> Embed:
    words = few_breaks(unmarked(words).replace("\r", ""))
    return Embed(
        position=0,
        form=FORM,
        hint=platform,
        **quotation(words, bounds.how),
    )
