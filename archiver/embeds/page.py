"""The places of an article's markup where an embed may stand, found in one linear pass over the source.

A tree of the whole page is never built: a million nested elements would cost seconds and memory, and lxml silently
drops what lies deeper than 254 levels (security.md, "Parser bake-off"). We locate the elements' own characters,
and only these pieces are parsed. Policy: what stands in comments and in the text of scripts and styles is not an
embed; what stands in `<noscript>` and `<template>` is, because the reader of some other day sees it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_ELEMENTS = 5000
"""Elements looked at in one article; with more it is marked "unparsed"."""
MAX_PIECE = 200_000
"""Characters of one element; a longer one is cut."""
UNCLOSED_PIECE = 20_000
MAX_DEPTH = 8
"""A blockquote nested deeper than this is not a quotation that anybody reads."""

_SCAN = re.compile(
    r"<(?:!--|(?P<raw>script|style|title|noframes|xmp)(?![\w-])|(?P<close>/)?(?P<quote>blockquote)(?![\w-])"
    r"|(?P<name>iframe|twitter-widget|amp-[a-z]{2,20}|object|embed)(?![\w-]))"
)
_MARK = re.compile(
    r"data-(?:tweet-?id|embed-id|embed-url|social-embedded|href|url|src|telegram-post)\s{0,3}="
    r"|twitter-(?:tweet|video)(?![\w-])|/status(?:es)?/\d|tweet_?id(?:\"|&quot;)\s{0,3}:"
    r"|(?:&lt;|=[\"'][^<>\"']{0,200}<)(?:blockquote|iframe|amp-)"
)
_TAG_NAME = re.compile(r"<([a-z][a-z0-9-]{0,40})(?=[\s/>])")
_HOLDERS = frozenset("div section figure p article aside span template twitterwidget lite-youtube script".split())
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
        for low, high in self.hidden:
            if high <= at or low >= end:
                continue
            if low > at:
                parts.append(self.source[at:low])
            at = max(at, high)
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
    scan.marks()
    page.elements.sort(key=lambda element: (element.start, -element.end))
    page.hidden.sort()
    return page


class _Scan:
    """The pass itself: a cursor, and what is known not to come any more."""

    def __init__(self, page: Page, lower: str) -> None:
        self.page = page
        self.lower = lower
        self.open: list[int] = []
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
        fences = iter([*self.page.hidden, (len(self.lower) + 1, 0)])
        fence = next(fences)
        while (found := _SCAN.search(self.lower, at)) is not None:
            if found.start() >= fence[0]:
                at, fence = max(fence[1], at), next(fences)
                continue
            at = self.step(found)
        self.leave_open()

    def step(self, found: re.Match[str]) -> int:
        if found["quote"]:
            return self.quote(found)
        if found["name"]:
            self.plain(found["name"], found.start())
            return found.end()
        closer = "</" + found["raw"] if found["raw"] else "-->"
        end = self.seek(closer, found.end())
        if end is None:
            # Browsers take an unclosed comment or script to the end of the page; we would rather see too much.
            return found.end()
        low = found.start() if not found["raw"] else self.tag_end(found.start())
        self.page.hidden.append((low, max(end, low)))
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
        elif self.open:
            start = self.open.pop()
            if len(self.open) < MAX_DEPTH:
                self.add("blockquote", start, found.end() + 1)
        return found.end()

    def leave_open(self) -> None:
        """Blockquotes that are never closed end where the next one begins."""
        after = len(self.lower)
        for start in reversed(self.open[:MAX_ELEMENTS]):
            self.add("blockquote", start, min(after, start + UNCLOSED_PIECE))
            after = start

    def plain(self, name: str, start: int) -> None:
        end = self.tag_end(start)
        closer = f"</{name}"
        window = 50_000 if name.startswith("amp-") else 3000
        close = self.lower.find(closer, end, end + window) if name != "embed" else -1
        self.add(name, start, close + len(closer) + 1 if close >= 0 else end)

    def marks(self) -> None:
        """Elements of any name that carry a marker in an attribute."""
        before = -1
        for mark in _MARK.finditer(self.lower):
            start = self.lower.rfind("<", max(before, mark.start() - 8000), mark.start())
            name = _TAG_NAME.match(self.lower, start) if start >= 0 else None
            if name is None or start in self.seen or name[1] not in _HOLDERS or self.is_hidden(start):
                continue
            before = start
            if mark.start() < self.tag_end(start):
                self.add(name[1], start, self.matching_end(name[1], start))

    def is_hidden(self, at: int) -> bool:
        return any(low <= at < high for low, high in self.page.hidden)

    def matching_end(self, name: str, start: int) -> int:
        """Behind the closing tag of the element that begins at `start`; its own tag's end if that is not near."""
        first = self.tag_end(start)
        depth = 1
        for count, tag in enumerate(re.finditer(rf"<(/?){name}(?![\w-])", self.lower[first : first + 50_000])):
            depth += -1 if tag[1] else 1
            if depth == 0:
                return first + tag.end() + 1
            if count > 200:
                break
        return first

    def tag_end(self, start: int) -> int:
        """Behind the ">" of the tag that begins at `start`, quoted attribute values respected."""
        at, limit = start, min(start + MAX_PIECE, len(self.lower))
        for _ in range(400):
            found = _STOP.search(self.lower, at, limit)
            if found is None:
                break
            if found.group() == ">":
                return found.end()
            close = self.lower.find(found.group()[-1], found.end(), limit)
            if close < 0:
                break
            at = close + 1
        plain = self.lower.find(">", start, limit)
        return plain + 1 if plain >= 0 else limit

    def add(self, name: str, start: int, end: int) -> None:
        if len(self.page.elements) >= MAX_ELEMENTS:
            self.page.crowded = True
            return
        if start in self.seen:
            return
        self.seen.add(start)
        end = min(end, start + MAX_PIECE, len(self.lower))
        source = self.page.source
        self.page.elements.append(Element(name, start, end, source[start:end], source[start : self.tag_end(start)]))


_STOP = re.compile(r">|=\s{0,5}[\"']")
