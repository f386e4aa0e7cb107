"""Pieces of markup, parsed: attributes, running text with its links, and a second reading where a parser lost some.

lxml reads a piece in a tenth of the time that BeautifulSoup takes to build its tree; BeautifulSoup with html.parser is
asked where lxml refuses a piece, or lost a link that the source has (it drops what lies deeper than 254 levels).
Both give the same `Piece`, and a property test holds them equal.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lxml import etree

from archiver.embeds.reading.page import Element
from archiver.embeds.reading.readable import one_blank, unescaped
from archiver.urls import unarchived

if TYPE_CHECKING:
    from bs4.element import Tag

_BLOCKS: Final = frozenset(
    ("p", "div", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "section")
)
_DROPPED: Final = frozenset(["script", "style", "iframe", "svg", "template"])
SOUP_CHARACTERS: Final = 20_000
"""Of a longer piece only the beginning goes to html.parser, which is slow."""
_ATTRIBUTE: Final = re.compile(
    r"([^\s\"'<>/=][^\s/>=]{0,200})(?:\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]{0,8000})))?"
)
"""The name, and the value in double quotation marks, in single ones, or bare."""
_PARSER: Final = etree.HTMLParser(huge_tree=True, remove_pis=True)
Attributes = dict[str, str]


class Enter(NamedTuple):
    """An element begins."""

    name: str
    attributes: Attributes


class Leave(NamedTuple):
    """It ends."""

    name: str


_left = lru_cache(maxsize=256)(Leave)
"""One for each name: few are met, and very often."""


class Piece(NamedTuple):
    """An element, parsed alone."""

    attributes: Attributes
    """Names in lower case, values decoded."""
    inside: list[Enter | Leave | str]
    """What stands in it, in order; scripts and the like left out."""

    def first(self, name: str, wanted: Callable[[Attributes], bool] = lambda _: True) -> Enter | None:
        """The first element of this name within."""
        for each in self.inside:
            if isinstance(each, Enter) and each.name == name and wanted(each.attributes):
                return each
        return None

    def part(self, wanted: Callable[[Attributes], bool]) -> Piece | None:
        """The first element with such attributes, as a piece of its own."""
        begun, depth = -1, 0
        for at, each in enumerate(self.inside):
            if isinstance(each, Enter):
                if begun < 0 and wanted(each.attributes):
                    begun, depth = at, 0
                depth += 1
            elif isinstance(each, Leave):
                depth -= 1
                if begun >= 0 and depth == 0:
                    return Piece({}, self.inside[begun + 1 : at])
        return None

    def has_child(self, name: str) -> bool:
        """Whether an element of this name stands directly within."""
        depth = 0
        for each in self.inside:
            if isinstance(each, Enter):
                if depth == 0 and each.name == name:
                    return True
                depth += 1
            elif isinstance(each, Leave):
                depth -= 1
        return False


def parse(element: Element) -> Piece | None:
    """The element, parsed alone. None where no parser can."""
    return _by_lxml(element.source, element.name) or parse_again(element)


def parse_again(element: Element) -> Piece | None:
    """The same by BeautifulSoup and html.parser, which keep what lies too deep for lxml."""
    return _by_soup(element.source, element.name)


def attributes(element: Element) -> Attributes:
    """The attributes of its opening tag, names in lower case, values decoded, as the HTML standard reads them. Shared
    by all who ask: not to be changed."""
    return _attributes(element.tag, element.name)


@lru_cache(maxsize=8)
def _attributes(source: str, name: str) -> Attributes:
    """Remembered, because every form asks for those of the same element."""
    found: Attributes = {}
    for written, double, single, bare in _ATTRIBUTE.findall(source, len(name) + 1):
        stated = double or single or bare
        stated = unescaped(stated) if "&" in stated else stated
        # Of a tag in JSON in an attribute (Squarespace) the quotation marks are escaped.
        found.setdefault(written.lower(), stated.strip("\\\"'") if stated[:1] == "\\" else stated)
    return found


def _by_lxml(source: str, name: str) -> Piece | None:
    try:
        tree = etree.fromstring(source, _PARSER)
        root = None if tree is None else next(tree.iter(name), None)
        if root is None:
            return None
        inside: list[Enter | Leave | str] = []
        _take(root, inside)
        return Piece(dict(root.items()), inside)
    except (etree.LxmlError, ValueError, KeyError, RecursionError):
        # KeyError: a brace in an attribute's name is a namespace to lxml.
        return None


def _take(node: Any, inside: list[Enter | Leave | str]) -> None:
    """What stands in a node of lxml, in order."""
    words = node.text
    if words:
        inside.append(words)
    for child in node:
        name = child.tag
        # Comments have a function for a name.
        if isinstance(name, str) and name not in _DROPPED:
            inside.append(Enter(name, dict(child.items())))
            _take(child, inside)
            inside.append(_left(name))
        words = child.tail
        if words:
            inside.append(words)


def _by_soup(source: str, name: str) -> Piece | None:
    # A quarter of all that is to be imported, and few articles need it.
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, ParserRejectedMarkup
    from bs4.element import Tag

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            root = BeautifulSoup(_with_ends(source[:SOUP_CHARACTERS]), "html.parser").find(name)
    except (ValueError, AssertionError, ParserRejectedMarkup, RecursionError):
        return None
    if not isinstance(root, Tag):
        return None
    return Piece(_plain(root.attrs.items()), list(_soup_events(root)))


def _with_ends(source: str) -> str:
    """The same without the beginnings of comments, declarations and tags that have no end: html.parser takes them for
    text, too, after it has looked through all that follows for each of them."""
    for begun, ended in (("<!--", "-->"), ("<![", "]>"), ("<", ">")):
        at = source.rfind(ended) + 1
        source = source[:at] + source[at:].replace(begun, "&lt;" + begun[1:])
    return source


def _soup_events(root: Tag) -> Iterator[Enter | Leave | str]:
    from bs4.element import PreformattedString, Tag

    stack: list[Any] = [*reversed(root.contents)]
    while stack:
        node = stack.pop()
        if isinstance(node, Leave):
            yield node
        elif isinstance(node, Tag):
            if node.name not in _DROPPED:
                yield Enter(node.name, _plain(node.attrs.items()))
                stack.append(Leave(node.name))
                stack.extend(reversed(node.contents))
        elif not isinstance(node, PreformattedString):
            yield str(node)


def _plain(pairs: Any) -> Attributes:
    found: Attributes = {}
    for name, stated in pairs:
        found.setdefault(str(name).lower(), stated if isinstance(stated, str) else " ".join(stated or ()))
    return found


class Anchor(NamedTuple):
    """A link in the running text."""

    start: int
    end: int
    href: str
    """Web-archive rewriting undone."""
    attributes: Attributes


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
        text = one_blank(text)
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


def running(piece: Piece, without: str | None = None) -> Running:
    """The running text of a parsed piece; elements named `without` in it are left out."""
    flow = Running()
    opened: list[tuple[int, Attributes]] = []
    left_out = 0
    for each in piece.inside:
        if isinstance(each, str):
            if not left_out:
                flow.words(each)
        elif each.name == without:
            left_out += 1 if isinstance(each, Enter) else -1
        elif left_out:
            continue
        elif isinstance(each, Enter):
            _enter(flow, each)
            opened.append((flow.length, each.attributes))
        elif opened:
            _leave(flow, each.name, *opened.pop())
    return flow


def _enter(flow: Running, element: Enter) -> None:
    if element.name == "br":
        flow.line_break()
    elif element.name == "img":
        alt = element.attributes.get("alt", "")
        # Emoji were once printed as pictures; a real picture's description is no word of the post.
        if alt and len(alt) <= 12 and not alt.isascii():
            flow.words(alt)
    elif element.name in _BLOCKS:
        flow.block()


def _leave(flow: Running, name: str, start: int, found: Attributes) -> None:
    if name in _BLOCKS:
        flow.block()
    elif name == "a" and found.get("href"):
        flow.anchors.append(Anchor(min(start, flow.length), flow.length, unarchived(found["href"]), found))
