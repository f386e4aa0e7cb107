"""The places of an article's markup where an embed may stand, found in one linear pass over the source.

A tree of the whole page is never built: a million nested elements would cost seconds and memory, and lxml silently
drops what lies deeper than 254 levels (security.md, "Parser bake-off"). We locate the elements' own characters,
and only these pieces are parsed. Policy: what stands in comments and in the text of scripts and styles is not an
embed; what stands in `<noscript>` and `<template>` is, because the reader of some other day sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

MAX_ELEMENTS = 5000
"""Elements looked at in one article; with more it is marked "unparsed"."""
MAX_CHARACTERS = 5_000_000
"""Characters of all of them together."""
MAX_PIECE = 200_000
"""Characters of one element; a longer one is cut."""
UNCLOSED_PIECE = 20_000
MAX_TAG = 8000
"""Characters of an opening tag before its marker."""
MAX_DEPTH = 8
"""A blockquote nested deeper than this is not a quotation that anybody reads."""

_SCAN = re.compile(
    r"<(?:!--|(?P<raw>script|style|title|noframes|xmp)(?![\w-])|(?P<close>/)?(?P<quote>blockquote)(?![\w-])"
    r"|(?P<name>iframe|twitter-widget|amp-[a-z]{2,20}|object|embed)(?![\w-]))"
)
_MARKS = (
    "data-tweet",
    "data-embed-",
    "data-social-embedded",
    "data-href",
    "data-url",
    "data-src",
    "data-telegram-post",
    "twitter-tweet",
    "twitter-video",
    "/status/",
    "/statuses/",
    "tweet_id",
    "tweetid",
    "&lt;blockquote",
    "&lt;iframe",
)
"""What an element may carry in an attribute; each is sought alone, which is far faster than one pattern for all."""
_QUOTE = re.compile(r"=\s{0,5}[\"']")
_TAG_NAME = re.compile(r"<([a-z][a-z0-9-]{0,40})(?=[\s/>])")
_HOLDERS = frozenset(
    ("div", "section", "figure", "p", "article", "aside", "span", "template", "twitterwidget", "lite-youtube", "script")
)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)[^\n]{0,200}$", re.MULTILINE)
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Element:
    """An element's own characters."""

    name: str
    """Lower case."""
    start: int
    end: int
    source: str
    """The characters from `start` to `end`."""
    tag: str
    """Its opening tag."""


@dataclass(slots=True)
class Page:
    """A source, and what one pass found in it."""

    source: str
    elements: list[Element] = field(default_factory=list)
    """In order of their beginning."""
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Comments, scripts and the like: no text that a reader sees."""
    crowded: bool = False
    """More elements than MAX_ELEMENTS: the rest was not looked at."""

    def visible(self, start: int, end: int) -> list[str]:
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


def locate(source: str, markup: str) -> Page:
    """One pass over the source of an article. `markup` is Article.markup."""
    page = Page(source)
    lower = source.lower()
    if len(lower) != len(source):
        lower = source.translate(_ASCII_LOWER)
    scan = _Scan(page, lower)
    if markup == "markdown":
        scan.hide_fences()
    scan.run()
    page.hidden.sort()
    scan.marks()
    page.elements.sort(key=lambda element: (element.start, -element.end))
    return page


class _Scan:
    """The pass itself: a cursor, and what is known not to come any more."""

    def __init__(self, page: Page, lower: str) -> None:
        self.page = page
        self.lower = lower
        self.open: list[int] = []
        self.quotes: list[int] = []
        self.close = (1, 0)
        self.weight = 0
        self.absent: set[str] = set()
        self.seen: set[int] = set()

    def hide_fences(self) -> None:
        opened: int | None = None
        for fence in _FENCE.finditer(self.page.source):
            if opened is None:
                opened = fence.start()
            else:
                self.page.hidden.append((opened, fence.end()))
                opened = None

    def run(self) -> None:
        at = 0
        fences = [*self.page.hidden]
        while (found := _SCAN.search(self.lower, at)) is not None:
            index = bisect_right(fences, (found.start(), len(self.lower))) - 1
            inside = index >= 0 and found.start() < fences[index][1]
            at = fences[index][1] if inside else self.step(found)
        self.leave_open()

    def step(self, found: re.Match[str]) -> int:
        if found["quote"]:
            return self.quote(found)
        if found["name"]:
            self.plain(found["name"], found.start())
            return found.end()
        closer = "</" + found["raw"] if found["raw"] else "-->"
        end = self.seek(closer, found.end())
        if end is not None and found["raw"]:
            end = (self.next_close(end) or end) + 1
        if end is None:
            # Browsers take an unclosed comment or script to the end of the page; we would rather see too much.
            return found.end()
        low = (self.tag_end(found.start()) or end) if found["raw"] else found.start()
        self.page.hidden.append((min(low, end), end))
        return end

    def seek(self, closer: str, at: int) -> int | None:
        if closer in self.absent:
            return None
        end = self.lower.find(closer, at)
        if end < 0:
            self.absent.add(closer)
            return None
        return end + len(closer)

    def quote(self, found: re.Match[str]) -> int:
        if not found["close"]:
            self.open.append(found.start())
            self.quotes.append(found.start())
        elif self.open:
            start = self.open.pop()
            if len(self.open) < MAX_DEPTH or start == self.quotes[-1]:
                self.add("blockquote", start, found.end() + 1)
        return found.end()

    def leave_open(self) -> None:
        """Blockquotes that are never closed end where the next one begins."""
        ends = [*self.quotes[1:], len(self.lower)]
        following = dict(zip(self.quotes, ends, strict=False))
        for start in self.open[-MAX_ELEMENTS:]:
            self.add("blockquote", start, min(following[start], start + UNCLOSED_PIECE))

    def plain(self, name: str, start: int) -> None:
        end = self.tag_end(start)
        if end is None or self.page.crowded:
            return
        closer = f"</{name}"
        window = 50_000 if name.startswith("amp-") else 3000
        close = self.lower.find(closer, end, end + window) if name != "embed" else -1
        self.add(name, start, close + len(closer) + 1 if close >= 0 else end)

    def marks(self) -> None:
        """Elements of any name that carry a marker in an attribute."""
        before = 0
        for mark in self.marked():
            start = self.lower.rfind("<", max(before, mark - MAX_TAG, 0), mark)
            name = _TAG_NAME.match(self.lower, start) if start >= 0 else None
            if name is None or start in self.seen or name[1] not in _HOLDERS or self.is_hidden(start):
                continue
            before = start
            tag_end = self.tag_end(start)
            if tag_end is not None and mark < tag_end and not self.page.crowded:
                self.add(name[1], start, self.matching_end(name[1], tag_end))

    def marked(self) -> list[int]:
        """Where the markers stand, in order."""
        places: list[int] = []
        for mark in _MARKS:
            at = self.lower.find(mark)
            while at >= 0:
                places.append(at)
                at = self.lower.find(mark, at + len(mark))
        return sorted(places)

    def is_hidden(self, at: int) -> bool:
        index = bisect_right(self.page.hidden, (at, len(self.lower))) - 1
        return index >= 0 and at < self.page.hidden[index][1]

    def matching_end(self, name: str, first: int) -> int:
        """Behind the closing tag of the element whose own tag ends at `first`; `first` if that is not near."""
        depth = 1
        for count, tag in enumerate(re.finditer(rf"<(/?){name}(?![\w-])", self.lower[first : first + 50_000])):
            depth += -1 if tag[1] else 1
            if depth == 0:
                return first + tag.end() + 1
            if count > 200:
                break
        return first

    def tag_end(self, start: int) -> int | None:
        """Behind the ">" of the tag that begins at `start`, quoted attribute values respected; None without one."""
        first = self.next_close(start)
        close, at = first, start
        while close is not None and close < start + MAX_PIECE:
            quote = _QUOTE.search(self.lower, at, close)
            if quote is None:
                return close + 1
            end = self.lower.find(quote.group()[-1], quote.end(), start + MAX_PIECE)
            if end < 0:
                break
            at = end + 1
            close = close if at <= close else self.next_close(at)
        return first + 1 if first is not None and first < start + MAX_PIECE else None

    def next_close(self, at: int) -> int | None:
        """The next ">", remembered, so that a page without any is searched once."""
        low, found = self.close
        if not low <= at <= found:
            found = self.lower.find(">", at)
            found = len(self.lower) if found < 0 else found
            self.close = (at, found)
        return found if found < len(self.lower) else None

    def add(self, name: str, start: int, end: int) -> None:
        tag_end = self.tag_end(start)
        if start in self.seen or tag_end is None:
            return
        end = max(min(end, start + MAX_PIECE, len(self.lower)), tag_end)
        self.weight += end - start
        if len(self.page.elements) >= MAX_ELEMENTS or self.weight > MAX_CHARACTERS:
            self.page.crowded = True
            return
        self.seen.add(start)
        source = self.page.source
        self.page.elements.append(Element(name, start, end, source[start:end], source[start:tag_end]))
