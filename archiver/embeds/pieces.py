"""Pieces of markup, parsed: attributes, running text with its links, and a check that the parser lost nothing."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, ParserRejectedMarkup
from bs4.element import PageElement, PreformattedString, Tag

from archiver.embeds.page import Element
from archiver.urls import unarchived

_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_BLOCKS: Final = frozenset(
    ("p", "div", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "section")
)
_DROPPED: Final = frozenset(["script", "style", "iframe", "svg", "template"])


def parse(element: Element) -> Tag | None:
    """The element, parsed alone; by html.parser where lxml refuses it. None where both do."""
    for parser in ("lxml", "html.parser"):
        tag = _parse(element.source, element.name, parser)
        if tag is not None:
            return tag
    return None


def parse_again(element: Element) -> Tag | None:
    """The same by html.parser, which keeps what lies too deep for lxml."""
    return _parse(element.source, element.name, "html.parser")


def _parse(source: str, name: str, parser: str) -> Tag | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            found = BeautifulSoup(source, parser).find(name)
    except (ValueError, AssertionError, ParserRejectedMarkup, RecursionError):
        return None
    return found if isinstance(found, Tag) else None


def attributes(element: Element) -> dict[str, str]:
    """The attributes of its opening tag, names in lower case, values decoded; {} where it cannot be parsed."""
    return dict(_attributes(element.tag, element.name))


@lru_cache(maxsize=8)
def _attributes(source: str, name: str) -> tuple[tuple[str, str], ...]:
    """Remembered, because every form asks for those of the same element."""
    tag = _parse(source, name, "lxml") or _parse(source, name, "html.parser")
    return tuple(attributes_of(tag).items()) if tag is not None else ()


def attributes_of(tag: Tag) -> dict[str, str]:
    """The same of a parsed tag."""
    pairs = {}
    for name, value in tag.attrs.items():
        pairs[str(name).lower()] = value if isinstance(value, str) else " ".join(value)
    return pairs


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in the running text."""

    start: int
    end: int
    href: str
    """Web-archive rewriting undone."""
    tag: Tag


@dataclass(slots=True)
class Running:
    """The running text of a piece, line breaks as a reader sees them, and the links in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    breaks: int = 2
    """Line breaks at the end so far; 2 at the very beginning, where none are wanted."""
    anchors: list[Anchor] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def words(self, text: str) -> None:
        text = _BLANKS.sub(" ", text)
        if self.breaks or (self.parts and self.parts[-1].endswith(" ")):
            text = text.removeprefix(" ")
        if text:
            self._put(text)
            self.breaks = 0

    def line_break(self) -> None:
        if self.length:
            self._trim()
            self._put("\n")
            self.breaks += 1

    def block(self) -> None:
        while self.breaks < 2:
            self.line_break()

    def _trim(self) -> None:
        if self.parts and self.parts[-1].endswith(" "):
            self.length -= 1
            self.parts[-1] = self.parts[-1][:-1]

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def running(root: Tag, without: str | None = None) -> Running:
    """The running text of a parsed piece; elements named `without` below it are left out."""
    flow = Running()
    stack: list[tuple[Tag, int] | PageElement] = [*reversed(root.contents)]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            _leave(flow, *node)
        elif isinstance(node, Tag):
            if node.name in _DROPPED or node.name == without:
                continue
            _enter(flow, node)
            stack.append((node, flow.length))
            stack.extend(reversed(node.contents))
        elif not isinstance(node, PreformattedString):
            flow.words(str(node))
    return flow


def _enter(flow: Running, tag: Tag) -> None:
    if tag.name == "br":
        flow.line_break()
    elif tag.name == "img":
        alt = str(tag.get("alt") or "")
        # Emoji were once printed as pictures; a real picture's description is no word of the post.
        if alt and len(alt) <= 12 and not alt.isascii():
            flow.words(alt)
    elif tag.name in _BLOCKS:
        flow.block()


def _leave(flow: Running, tag: Tag, start: int) -> None:
    if tag.name in _BLOCKS:
        flow.block()
    elif tag.name == "a" and tag.get("href"):
        start = min(start, flow.length)
        flow.anchors.append(Anchor(start, flow.length, unarchived(str(tag["href"])), tag))
