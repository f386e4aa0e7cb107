"""What an HTML page says of itself, found without parsing the page.

One search for many literals at once finds the few tags that can matter; only these are read, and what stands in
comments, in scripts, in other raw text and in attributes is passed over. Every byte is looked at a bounded number of
times, however deep, long or broken the page. Literals are searched in the cases that people write (`meta`, `META`,
`Meta`): lowering a whole page would cost more than everything else here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.articles.tag import decoded, read_tag, unescaped

HEAD_PIECE = 16_384
BODY_PIECE = 262_144
"""Bytes that are searched at once: of the head few, since it mostly says all at its beginning."""
LONGEST_PAGE = 8_000_000
"""Bytes that are looked at; what a page says of itself further down is not found."""
LONGEST_TEXT = 16_384
LONGEST_SCRIPT = 500_000

Field = Literal["title", "address", "moment"]

_RAW = ("script", "style", "textarea", "iframe")
_TEXTS = ("title", "h1")
_BODY = ("/head", "body")
_TAGS = (*_BODY, *_TEXTS, "time", "blockquote", "/blockquote", *_RAW, *(f"/{tag}" for tag in _RAW))
# Old editors wrote these with a capital letter too.
_CAPITAL = ("title", "script", "/script")
_STATED = {
    "title": ("og:title",),
    "address": ("og:url", "canonical"),
    "moment": ("article:published_time", "datePublished", "datepublished"),
}
_JSON = "ld+json"


def _in_cases(word: str) -> set[str]:
    return {word, word.upper(), word.capitalize()}


# Beyond 64 literals the search loses its fast way and takes three times as long.
_LITERALS = {
    "<!--": "comment",
    **{"<" + written: tag for tag in _TAGS for written in (tag, tag.upper())},
    **{"<" + tag.title(): tag for tag in _CAPITAL},
    **{written: "stated" for words in _STATED.values() for word in words for written in _in_cases(word)},
    **{written: _JSON for written in (_JSON, _JSON.upper())},
}
_KINDS = tuple(_LITERALS.values())


def _search(literals: Iterable[str]) -> BytesAhoCorasick:
    return BytesAhoCorasick([written.encode() for written in literals], matchkind=MatchKind.LeftmostFirst)


_PLACES = _search(_LITERALS)
_ANY = {
    "title": _search(["<title", "<TITLE", "<Title", "<h1", "<H1", *_in_cases("og:title")]),
    "address": _search(written for word in _STATED["address"] for written in _in_cases(word)),
    "moment": _search(
        ["<time", "<TIME", _JSON, _JSON.upper(), *(way for word in _STATED["moment"] for way in _in_cases(word))]
    ),
}

_META = re.compile(rb"<(?:meta|link)[\s/]", re.IGNORECASE)
_EQUALS = ord("=")
_AFTER_NAME = b" \t\n\f\r/>"
_MARKUP = re.compile(rb"<!--.*?(?:-->|\Z)|<(?:\Z|[A-Za-z/!?][^>]*+(?:>|\Z))", re.DOTALL)
_CLOSING = {name: re.compile(rb"</" + name.encode(), re.IGNORECASE) for name in (*_TEXTS, "script")}


class Page:
    """A page in UTF-8 bytes and what it has said so far, each list with what counts most first."""

    def __init__(self, page: bytes) -> None:
        self._page = page if len(page) <= LONGEST_PAGE else page[:LONGEST_PAGE]
        self._scanned = 0
        self._body = False
        # Reading goes on there: behind a comment, or a tag that has been read.
        self._resume = 0
        # The closing tag that ends the raw text that reading is in; "" outside.
        self._raw = ""
        # Where that raw text's opening tag begins, and whether a word in it says JSON-LD.
        self._tag = 0
        self._may_be_json = False
        # No tag that begins before this has a word behind it.
        self._looked = 0
        # How many blockquotes are open: what is said in there is said by others.
        self._quoted = 0
        self._canonical: list[str] = []
        self._metas: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._scripts: list[bytes] = []
        self._times: list[str] = []
        self._itemprop: list[str] = []

    def read_head(self) -> None:
        """Reads to where the body begins, or until nothing that follows can count more."""
        for piece in self._pieces(HEAD_PIECE, len(self._page)):
            self._scan(piece)
            if self._body or self._is_full():
                return

    def read_rest(self, missing: Iterable[Field]) -> None:
        """Reads on as far as there is a word of what is missing."""
        self._body = True
        begin, end = self._scanned, self._scanned
        for piece in self._pieces(BODY_PIECE, len(self._page)):
            for field in missing:
                if found := _ANY[field].find_matches_as_indexes(piece):
                    end = max(end, self._scanned - len(piece) + found[-1][2])
        self._scanned = begin
        for piece in self._pieces(BODY_PIECE, end):
            self._scan(piece)
        # The last word was that of an opening tag.
        if self._may_be_json and (closing := _CLOSING["script"].search(self._page, end, end + LONGEST_SCRIPT)):
            self._raw_ends(closing.start())

    def _pieces(self, length: int, end: int) -> Iterator[memoryview]:
        """The page from where reading stands to `end`, and reading stands behind each piece when it is handed out."""
        whole = memoryview(self._page)
        while (begin := self._scanned) < end:
            cut = end
            if begin + length < end:
                # No literal that begins before a "<" goes beyond it.
                cut = self._page.rfind(b"<", begin + 1, begin + length)
                cut = cut if cut > 0 else begin + length
            self._scanned = cut
            yield whole[begin:cut]

    def _is_full(self) -> bool:
        return bool(self._canonical) and "og:title" in self._metas and "article:published_time" in self._metas

    def titles(self) -> Iterator[str]:
        """og:title, the title element, the first h1 that has words."""
        yield self._metas.get("og:title", "")
        yield self._texts.get("title", "")
        yield self._texts.get("h1", "")

    def addresses(self) -> Iterator[str]:
        """The canonical links, og:url."""
        yield from self._canonical
        yield self._metas.get("og:url", "")

    def moments(self) -> Iterator[str]:
        """article:published_time, datePublished in JSON-LD, then as itemprop, the first time element."""
        yield self._metas.get("article:published_time", "")
        for script in self._scripts:
            yield from _published(script)
        yield self._metas.get("datepublished", "")
        yield from self._itemprop
        yield from self._times

    def _scan(self, piece: memoryview) -> None:
        begin = self._scanned - len(piece)
        for literal, start, end in _PLACES.find_matches_as_indexes(piece):
            kind, place = _KINDS[literal], begin + start
            if self._raw:
                if kind == self._raw:
                    self._raw_ends(place)
                elif kind == _JSON:
                    self._may_be_json = True
            elif place < self._resume:
                continue
            elif kind == "comment":
                # "<!-->" is a whole comment.
                closed = self._page.find(b"-->", place + 2)
                self._resume = closed + 3 if closed >= 0 else len(self._page)
            elif kind == "stated":
                self._stated(place)
            elif self._page[begin + end : begin + end + 1] in _AFTER_NAME:
                if kind in _BODY and not self._body:
                    self._body, self._scanned = True, place
                    return
                self._at(kind, place)

    def _at(self, kind: str, place: int) -> None:
        if kind in _RAW:
            close = self._page.find(b">", place, place + LONGEST_TEXT)
            # `<script …/>` of a page that was written as XML holds nothing.
            if not self._page.startswith(b"/", close - 1):
                self._raw, self._tag = "/" + kind, place
        elif kind == "blockquote":
            self._quoted += 1
        elif kind == "/blockquote":
            self._quoted = max(0, self._quoted - 1)
        elif self._quoted:
            return
        elif kind == "time":
            self._time(place)
        elif kind in _TEXTS and not self._in_attribute(place):
            self._text(kind, place)

    def _raw_ends(self, place: int) -> None:
        if self._may_be_json:
            attributes, begin = read_tag(self._page, self._tag)
            is_json = attributes.words(b"type").strip().lower() == "application/ld+json"
            if is_json and place - begin <= LONGEST_SCRIPT:
                self._scripts.append(self._page[begin:place])
            self._may_be_json = False
        self._raw, self._resume = "", place

    def _stated(self, place: int) -> None:
        tag = self._tag_around(place)
        if tag < 0 or self._in_attribute(tag):
            return
        attributes, self._resume = read_tag(self._page, tag)
        if self._resume <= place:
            return
        if self._page[tag + 1 : tag + 5].lower() == b"link":
            if "canonical" in attributes.words(b"rel").lower().split():
                self._canonical.append(attributes.words(b"href"))
            return
        content = attributes.words(b"content")
        for key in (b"property", b"name", b"itemprop"):
            if key in attributes:
                self._metas.setdefault(attributes.words(key).strip().lower(), content)

    def _tag_around(self, place: int) -> int:
        """Where the meta or link tag begins that a word at this place can stand in; -1 for none."""
        floor, self._looked = max(self._resume, self._looked), place
        tag = self._page.rfind(b"<", floor, place)
        if tag >= 0 and not _META.match(self._page, tag):
            # An attribute may have a "<" of its own.
            tag = max(self._page.rfind(written, floor, tag) for written in (b"<meta", b"<META", b"<link", b"<LINK"))
        return tag

    def _time(self, place: int) -> None:
        if self._in_attribute(place):
            return
        attributes, self._resume = read_tag(self._page, place)
        stated = attributes.words(b"datetime")
        if stated and "datepublished" in attributes.words(b"itemprop").lower().split():
            self._itemprop.append(stated)
        elif stated and not self._times:
            self._times.append(stated)

    def _text(self, tag: str, place: int) -> None:
        _, begin = read_tag(self._page, place)
        closing = _CLOSING[tag].search(self._page, begin, begin + LONGEST_TEXT)
        end = closing.start() if closing else min(len(self._page), begin + LONGEST_TEXT)
        words = self._page[begin:end]
        # So that no byte is read for two headings.
        self._resume = end
        if tag == "h1":
            words = _MARKUP.sub(b"", words)
        text = unescaped(decoded(words))
        if text.strip():
            self._texts.setdefault(tag, text)

    def _in_attribute(self, place: int) -> bool:
        """Whether a tag only stands in another one's attribute; reading then goes on behind that."""
        for quote in (b'"', b"'"):
            last = self._page.rfind(quote, self._resume, place)
            if last > self._resume and self._page[last - 1] == _EQUALS:
                closed = self._page.find(quote, place)
                self._resume = closed + 1 if closed >= 0 else len(self._page)
                return True
        return False


def _published(script: bytes) -> Iterator[str]:
    """Every datePublished of a JSON-LD block, outer before inner."""
    if b"datePublished" not in script:
        return
    try:
        level = [json.loads(script.decode("utf-8", "replace"))]
    except (ValueError, RecursionError):
        return
    while level:
        below: list[Any] = []
        for noun in level:
            if isinstance(noun, dict):
                stated = noun.get("datePublished")
                if isinstance(stated, str):
                    yield stated
                below += noun.values()
            elif isinstance(noun, list):
                below += noun
        level = below
