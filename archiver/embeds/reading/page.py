"""The places of an article's markup where an embed may stand, found in one linear pass over the source.

A tree of the whole page is never built: a million nested elements would cost seconds and memory, and lxml silently
drops what lies deeper than 254 levels (security.md, "Parser bake-off"). We locate the elements' own characters,
and only these pieces are parsed. Policy: what stands in comments is not shown to anybody, so it is no embed, and the
article is marked "in_comment"; what stands in `<noscript>` and `<template>` is, because the reader of some other day
sees it; what only a script holds is read by `script`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from archiver.embeds.prefilter.hints import LONGEST_TAG, TAGS, Hints, hints_in, tags_in
from archiver.embeds.prefilter.seek import open_tag
from archiver.embeds.reading import holders
from archiver.embeds.reading.ends import MAX_PIECE, Ends
from archiver.embeds.reading.markdown import hidden_in

MAX_ELEMENTS = 10_000
"""Elements looked at in one article; with more it is marked "unparsed"."""
MAX_BYTES = 3_000_000
"""Bytes of all of them together."""
MAX_TIMES, FREE_BYTES = 10, 20_000
"""And so many times the length of the page, and a little more: elements within elements are read again and again."""
UNCLOSED_PIECE = 20_000
MAX_DEPTH = 8
"""A blockquote nested deeper than this is not a quotation that anybody reads."""

_COMMENT, _AMP, _QUOTE, _QUOTE_END, _SCRIPT, _FIRST_CLOSER = (
    TAGS.index(tag) for tag in ("<!--", "<amp-", "<blockquote", "</blockquote", "<script", "</style")
)
_AMP_OR_COMMENT = 1  # TAGS begins with these two, whose names may go on.
_CLOSERS = {TAGS.index("<" + tag[2:]): TAGS.index(tag) for tag in TAGS[_FIRST_CLOSER:]}
_CLOSE = ord(">")
_GOES_ON = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
"""Bytes behind a tag's name that make it another name."""
_TAG_NAME = re.compile(rb"<([a-z][a-z0-9:-]{0,40})(?=[\s/>])", re.IGNORECASE)
_AMP_NAME = re.compile(rb"<(amp-[a-z-]{2,30})(?=[\s/>])", re.IGNORECASE)


_Tag = tuple[int, int, int]
"""Of `tags_in`: index into TAGS, start, end of its name."""


class Element(NamedTuple):
    """An element's own characters."""

    name: str
    """Lower case."""
    start: int
    """In bytes of the page's source, as `end`."""
    end: int
    source: str
    """What stands there, decoded."""
    tag: str
    """Its opening tag."""
    lowered: str
    """The same in lower case, which most forms ask for."""


@dataclass(slots=True)
class Page:
    """A source, and what one pass found in it. All places are in bytes."""

    source: bytes
    """UTF-8, as far as it is text at all."""
    hints: Hints
    elements: list[Element] = field(default_factory=list)
    """In order of their beginning."""
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Comments, scripts and the like: no text that a reader sees."""
    scripts: list[tuple[int, int]] = field(default_factory=list)
    """Those of the hidden that are scripts."""
    crowded: bool = False
    """More elements than MAX_ELEMENTS: the rest was not looked at."""

    def visible(self, start: int, end: int) -> list[bytes]:
        """The parts of source[start:end] outside what is hidden."""
        parts, at = [], start
        first = max(bisect_right(self.hidden, (start, start)) - 1, 0)
        for index in range(first, len(self.hidden)):
            low, high = self.hidden[index]
            if low >= end:
                break
            if low > at:
                parts.append(self.source[at:low])
            at = max(at, min(high, end))
        if at < end:
            parts.append(self.source[at:end])
        return parts

    def is_hidden(self, at: int) -> bool:
        """Whether the byte there lies within what is hidden; the first byte of a script's own tag does not."""
        return zone_around(self.hidden, at) is not None

    def hinted(self, zones: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Those of the zones in which a marker, or an address of X, stands."""
        found: list[tuple[int, int]] = []
        beyond = 0
        for at in sorted([*self.hints.marked, *self.hints.linked]) if zones else ():
            if at >= beyond and (zone := zone_around(zones, at)) is not None:
                found.append(zone)
                beyond = zone[1]
        return found


def locate(source: bytes, hints: Hints, markup: str, *, is_mdx: bool = False) -> Page:
    """One pass over the source of an article. `markup` is Article.markup; `is_mdx`: its name says it is MDX."""
    page = Page(source, hints)
    scan = _Scan(page)
    if markup == "markdown":
        page.hidden.extend(hidden_in(source, is_mdx=is_mdx))
    scan.run()
    if markup == "markdown":
        page.hidden.sort()
    scan.marks()
    page.elements.sort(key=lambda element: (element.start, -element.end))
    return page


class _Scan:
    """The pass itself: a cursor, and what is known not to come any more."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lower = page.hints.lower
        self.open: list[int] = []
        self.quotes: list[int] = []
        self.ends = Ends(self.lower)
        self.room = min(MAX_BYTES, MAX_TIMES * len(self.lower) + FREE_BYTES)
        self.unclosed: set[int] = set()
        """Tags of which the elements are not closed any more."""
        self.closed = {tag: page.scripts if tag == _SCRIPT else [] for tag in _CLOSERS}
        self.seen: set[int] = set()
        self.looked_at: set[int] = set()

    def run(self) -> None:
        tags = _outside(self.page.hidden, tags_in(self.lower))
        while tags:
            tags = self.read(tags)
        self.leave_open()

    def read(self, tags: list[_Tag]) -> list[_Tag]:
        """One round for each tag: thousands of comments and scripts a page make this the hottest loop of all. What is
        left to be read behind an element that is never closed."""
        lower, length, hidden = self.lower, len(self.lower), self.page.hidden
        at = 0
        rest = iter(tags)
        for tag, start, end in rest:
            if start < at or (tag > _AMP_OR_COMMENT and end < length and lower[end] in _GOES_ON):
                continue
            if tag == _COMMENT:
                # Behind a comment without an end there is none with one.
                close = lower.find(b"-->", end) if tag not in self.unclosed else -1
                if close >= 0:
                    at = close + 3
                    hidden.append((start, at))
                else:
                    self.unclosed.add(tag)
            elif (closer := _CLOSERS.get(tag)) is None:
                self.element(tag, start, end)
            elif tag not in self.unclosed:
                for ended in rest:
                    if ended[0] == closer or (ended[0] == tag and self.closes_itself((tag, start, end))):
                        break
                else:
                    ended = None
                if ended is None or ended[0] != closer:
                    return self.left(tags, (tag, start, end), is_xml=ended is not None)
                named = ended[2]
                # Mostly it closes at once: to ask that takes a fifth of the time of a search.
                closes = named < length and lower[named] == _CLOSE
                at = named + 1 if closes else lower.find(b">", named) + 1 or named
                hidden.append((start, at))
                self.closed[tag].append((start, at))
        return []

    def left(self, tags: list[_Tag], opened: _Tag, *, is_xml: bool) -> list[_Tag]:
        """The tags behind one that holds no markup and is not closed."""
        behind = tags[tags.index(opened) + 1 :]
        if is_xml:  # all that close themselves are left out at once
            return [each for each in behind if not self.closes_itself(each)]
        # Browsers take an unclosed script to the end of the page; we would rather see too much.
        self.unclosed.add(opened[0])
        return behind

    def closes_itself(self, tag: _Tag) -> bool:
        """Whether it is the `<script …/>` of a page that was written as XML; read as HTML, all that follows would be
        the script's."""
        close = self.lower.find(b">", tag[2], tag[2] + LONGEST_TAG) if tag[0] in _CLOSERS else 0
        return close > 0 and self.lower.startswith(b"/", close - 1)

    def element(self, tag: int, start: int, end: int) -> None:
        if tag == _QUOTE:
            self.open.append(start)
            self.quotes.append(start)
        elif tag == _QUOTE_END:
            if self.open:
                opened = self.open.pop()
                if len(self.open) < MAX_DEPTH or opened == self.quotes[-1]:
                    self.add("blockquote", opened, end + 1)
        elif tag == _AMP:
            name = _AMP_NAME.match(self.lower, start)
            if name is not None:
                self.plain(name[1].decode(), start)
        elif tag < _FIRST_CLOSER:
            self.plain(TAGS[tag][1:], start)

    def leave_open(self) -> None:
        """Blockquotes that are never closed end where the next one begins."""
        if not self.open:
            return
        ends = [*self.quotes[1:], len(self.lower)]
        following = dict(zip(self.quotes, ends, strict=False))
        for start in self.open[-MAX_ELEMENTS:]:
            self.add("blockquote", start, min(following[start], start + UNCLOSED_PIECE))

    def plain(self, name: str, start: int) -> None:
        end = self.ends.of_tag(start)
        if end is None or self.page.crowded:
            return
        self.add(name, start, end if name == "embed" else self.ends.of_frame(name, end), end)

    def marks(self) -> None:
        """Elements of any name that carry a marker or an address in an attribute."""
        before = -1
        for mark in self.page.hints.marked:
            if self.page.crowded:
                return
            start = self.lower.rfind(b"<", max(before, mark - LONGEST_TAG, 0), mark + 1)
            if start < 0 and mark > LONGEST_TAG:
                start = open_tag(self.lower, mark, self.page.hints.open_tags)
            name = _TAG_NAME.match(self.lower, start) if start >= 0 and start not in self.seen else None
            if name is None:
                continue
            zone = zone_around(self.page.hidden, start)
            if zone is not None:
                self.in_tag_of_script(zone, mark)
                continue
            held = name[1].lower().decode()
            if not holders.may_hold(held, self.lower, mark):
                continue
            before = start
            tag_end = self.ends.of_tag(start)
            if tag_end is None:
                continue
            if mark < tag_end or holders.is_encoded(held, self.page.source, tag_end, mark):
                self.add(held, start, self.ends.of_any(name[1].lower(), tag_end), tag_end)

    def in_tag_of_script(self, zone: tuple[int, int], mark: int) -> None:
        """Keep a script in whose own tag a marker stands behind the beginning of another (Naver's `data-module`)."""
        start, end = zone
        if start in self.looked_at or not self.lower.startswith(b"<script", start):
            return
        self.looked_at.add(start)
        tag_end = self.ends.of_tag(start)
        if tag_end is not None and mark < tag_end:
            self.add("script", start, end, tag_end)

    def add(self, name: str, start: int, end: int, tag_end: int | None = None) -> None:
        """Keep an element, if it holds a hint. `tag_end`: where its opening tag ends, if that is known."""
        end = max(min(end, start + MAX_PIECE, len(self.lower)), tag_end or 0)
        if start in self.seen or not self.page.hints.any_within(start, max(end, start + 1)):
            return
        tag_end = tag_end or self.ends.of_tag(start)
        if tag_end is None:
            return
        end = max(end, tag_end)
        self.room -= end - start
        if len(self.page.elements) >= MAX_ELEMENTS or self.room < 0:
            self.page.crowded = True
            return
        self.seen.add(start)
        source = self.page.source
        piece, tag = source[start:end].decode("utf-8", "replace"), source[start:tag_end].decode("utf-8", "replace")
        self.page.elements.append(Element(name, start, end, piece, tag, tag.lower()))


def _outside(zones: list[tuple[int, int]], tags: list[_Tag]) -> list[_Tag]:
    """The tags without those that begin within one of the zones; only what ends a script ends it from there, too."""
    if not zones:
        return tags
    return [each for each in tags if each[0] >= _FIRST_CLOSER or zone_around(zones, each[1]) is None]


def zone_around(zones: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    """The one of the zones, which are in order, within which a place lies."""
    index = bisect_left(zones, (at, 0)) - 1
    return zones[index] if index >= 0 and at < zones[index][1] else None


def page_of(markup: str) -> Page | None:
    """A piece of markup that stood in an attribute or a script, as a page of its own; None without a hint in it."""
    source = markup.encode("utf-8", "replace")
    hints = hints_in(source)
    return locate(source, hints, "html") if hints else None
