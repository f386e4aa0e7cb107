"""Reading an HTML page for what it says of itself, as a stream: deep or huge pages take linear time and little room."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

PIECE_CHARACTERS = 16_384
LONGEST_PAGE = 8_000_000
"""Characters that are looked at; what a page says of itself further down is not found."""
LONGEST_TEXT = 4_000
LONGEST_SCRIPT = 500_000

_TITLE_METAS = ("og:title",)
_ADDRESS_METAS = ("og:url",)
_MOMENT_METAS = ("article:published_time", "datepublished")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself, as written, what counts most first."""

    titles: tuple[str, ...]
    """og:title, the title element, the first h1."""
    addresses: tuple[str, ...]
    """The canonical link, og:url."""
    moments: tuple[str, ...]
    """article:published_time, datePublished in JSON-LD, then as itemprop, the first time element."""


def read_head(text: str, enough: Callable[[Head], bool]) -> Head:
    """Never raises: a page that cannot be parsed to its end says what it said until there.

    Most pages say all of it before their body: `enough` is asked there once, whether the rest need not be read.
    """
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    asked = False
    # Whatever libxml2 refuses (an empty page too), what came before stands.
    with contextlib.suppress(etree.LxmlError, ValueError):
        for start in range(0, min(len(text), LONGEST_PAGE), PIECE_CHARACTERS):
            # libxml2 takes a NUL for the end.
            piece = text[start : start + PIECE_CHARACTERS].replace("\0", "\ufffd")
            parser.feed(piece.encode("utf-8", "replace"))
            if page.body_began and not asked:
                asked = True
                if enough(page.head()):
                    return page.head()
        parser.close()
    return page.head()


class _Page:
    """lxml calls these methods as it reads."""

    def __init__(self) -> None:
        self.canonical: list[str] = []
        self.metas: dict[str, str] = {}
        self.texts: dict[str, list[str]] = {"title": [], "h1": []}
        self.scripts: list[str] = []
        self.times: list[str] = []
        self.itemprop: list[str] = []
        self.body_began = False
        self._quoted = 0
        self._open: str | None = None
        self._collected: list[str] = []
        self._room = 0

    def start(self, tag: str, attributes: Any) -> None:
        if tag == "meta":
            self._meta(attributes)
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical.append(attributes.get("href", ""))
        elif tag == "body":
            self.body_began = True
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "time":
            self._time(attributes)
        elif tag in self.texts and not self.texts[tag] and not self._quoted and self._open is None:
            self._collect(tag, LONGEST_TEXT)
        elif tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self._collect(tag, LONGEST_SCRIPT)

    def end(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag != self._open:
            return
        collected = "".join(self._collected)
        if tag == "script":
            self.scripts.append(collected)
        elif collected.strip():
            self.texts[tag].append(collected)
        self._open = None

    def _said(self, text: str) -> None:
        if self._open is not None and self._room > 0:
            self._collected.append(text[: self._room])
            self._room -= len(text)

    # lxml's name for it.
    data = _said

    def comment(self, text: str) -> None:
        """Comments say nothing of the page."""

    def close(self) -> None:
        """The page is at its end."""

    def _collect(self, tag: str, room: int) -> None:
        self._open, self._collected, self._room = tag, [], room

    def _meta(self, attributes: Any) -> None:
        content = attributes.get("content", "")
        for key in ("property", "name", "itemprop"):
            self.metas.setdefault(attributes.get(key, "").strip().lower(), content)

    def _time(self, attributes: Any) -> None:
        # The time inside a blockquote is that of a quoted post.
        stated = attributes.get("datetime", "")
        if self._quoted or not stated:
            return
        if "datepublished" in attributes.get("itemprop", "").lower().split():
            self.itemprop.append(stated)
        elif not self.times:
            self.times.append(stated)

    def head(self) -> Head:
        titles = [self.metas.get(key, "") for key in _TITLE_METAS] + self.texts["title"] + self.texts["h1"]
        addresses = self.canonical + [self.metas.get(key, "") for key in _ADDRESS_METAS]
        published, item = (self.metas.get(key, "") for key in _MOMENT_METAS)
        linked = [stated for script in self.scripts for stated in _published(script)]
        moments = [published, *linked, item, *self.itemprop, *self.times]
        return Head(*(tuple(filter(None, said)) for said in (titles, addresses, moments)))


def _published(script: str) -> Iterator[str]:
    """Every datePublished of a JSON-LD block, outer before inner."""
    try:
        level = [json.loads(script)]
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
