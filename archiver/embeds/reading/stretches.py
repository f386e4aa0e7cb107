"""The text between the embeds of a page: made readable only where something in it hints at an embed, or to stand beside
one.

A hint in running text needs the words around it, not the whole page: a window is cut round it, wide enough for the
longest quotation that could end there. Where windows overlap they are one. `WHOLE` takes every stretch whole, which
finds the same in ten times the time; a property test and the corpus hold both equal.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from archiver.embeds.reading import readable
from archiver.embeds.reading.marked_quotes import unmarked
from archiver.embeds.reading.page import Page
from archiver.model.embed import CONTEXT_CHARACTERS

ENOUGH_CHARACTERS = 5000
"""Readable characters before a hint: more than any form looks back, and the surroundings of what it finds."""
BEFORE, AFTER = 10_000, 6_000
"""Bytes of source round a hint, to begin with."""
WHOLE = 1 << 62
BLOCK_BYTES = 3_000
_LONGEST_TAG = 8_000
"""Bytes, at most, of a tag that is not to be cut, and of text without any."""
_ENOUGH_BESIDE = CONTEXT_CHARACTERS + 200
"""A little more: blanks at its end are cut off."""
_FARTHEST = 300_000
"""Bytes of source, at most, that are made readable for the text beside an embed."""
_SPARSE, _MANY = 64, 16
"""Where so many blocks held too little text, so many are taken at once: ten thousand embeds may share them."""
_LONGEST_LINE = 1_000
"""Bytes either side of an address that can be alone on its line."""
_LINE_END = re.compile(rb"[\n<]")
_ALONE = re.compile(rb"[ \t\r\xc2\xa0]*(?:&lt;)?[^\s<>\"]*(?:&gt;)?[ \t\r\xc2\xa0]*")
_SPEAKS = (b"(", b")", b"[", b"{", b"\xef", b'"')
_NEAR_BYTES = 20_000
"""Copies of one embed at one place stand no farther apart than this in the source."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a page, readable."""

    start: int
    """Where it begins in the source."""
    end: int
    text: str


def windows(page: Page, start: int, end: int, markup: str, width: int = BEFORE) -> Iterator[Window]:
    """The parts of source[start:end] in which running text hints at embeds, in order, without overlap."""
    if markup == "markdown":
        visible = b"\n".join(page.visible(start, end)).decode("utf-8", "replace")
        yield Window(start, end, readable.with_quotes(visible))
        return
    spoken = page.hints.spoken
    index = bisect_left(spoken, start)
    floor = start
    while index < len(spoken) and spoken[index] < end:
        first = last = spoken[index]
        index += 1
        if page.is_hidden(first) or (width != WHOLE and not _may_speak(page, first)):
            continue
        while index < len(spoken) and spoken[index] < min(end, last + width + AFTER):
            last = spoken[index]
            index += 1
        low, text = _text_before(page, floor, first, markup, width)
        floor = last + max(width, AFTER)
        floor = end if floor >= end else min(end, _boundary(page.source, floor, end))
        yield Window(low, floor, readable.few_breaks(text + of_source(page, first, floor, markup)))


def may_speak(page: Page, width: int = BEFORE) -> bool:
    """Whether there is a hint in the page's text that a window would be cut round."""
    return any(not page.is_hidden(hint) and (width == WHOLE or _may_speak(page, hint)) for hint in page.hints.spoken)


def _may_speak(page: Page, hint: int) -> bool:
    """Whether a hint that is an address stands alone on its line; all other hints need more text to be judged."""
    source = page.source
    if source[hint : hint + 1] in _SPEAKS or source.startswith((b"pic.", b"r Ads info", b"r ads info"), hint):
        return True
    low, high = max(hint - _LONGEST_LINE, 0), hint + _LONGEST_LINE
    begun = max(source.rfind(b"\n", low, hint), source.rfind(b">", low, hint)) + 1
    ended = _LINE_END.search(source, hint, high)
    if (begun == 0 and low > 0) or (ended is None and high < len(source)):
        return False
    return _ALONE.fullmatch(source, begun, ended.start() if ended else len(source)) is not None


def _text_before(page: Page, floor: int, hint: int, markup: str, width: int) -> tuple[int, str]:
    """Where a window begins so that enough readable text stands before the hint, and that text."""
    low, text = hint, ""
    while low > floor and len(text) < ENOUGH_CHARACTERS:
        farther = hint - width
        farther = floor if farther <= floor else _boundary(page.source, farther, low)
        if farther < low:
            text = readable.few_breaks(of_source(page, farther, low, markup) + text)
            low = farther
        width *= 4
    return low, text


def _boundary(source: bytes, at: int, end: int) -> int:
    """The first tag or line at or behind `at`, so that no word and no tag is cut, however much a value in it holds."""
    opened = source.rfind(b"<", max(at - _LONGEST_TAG, 0), at)
    if opened >= 0 and source.find(b">", opened, at) < 0:
        at = max(source.find(b">", at, min(at + _LONGEST_TAG, end)) + 1, at)
    tag = source.find(b"<", at, end)
    return tag if tag >= 0 else max(source.find(b"\n", at, end), at)


def of_source(page: Page, start: int, end: int, markup: str) -> str:
    """What a reader sees of source[start:end]."""
    joint = b"\n" if markup == "markdown" else b""
    return readable.of(joint.join(page.visible(start, end)).decode("utf-8", "replace"), markup)


def between(page: Page, start: int, end: int, markup: str) -> str | None:
    """The readable text between two embeds; None where they stand far apart."""
    return None if end - start > _NEAR_BYTES else of_source(page, start, end, markup)


class Surroundings:
    """The text beside the embeds of a page, read by blocks, each once, however many embeds share it."""

    def __init__(self, page: Page, markup: str) -> None:
        self._page = page
        self._markup = markup
        self._texts: dict[tuple[int, int], str] = {}
        self._bounds: dict[int, int] = {}

    def before(self, end: int, near: str = "") -> str:
        """Up to CONTEXT_CHARACTERS of readable text before a place. `near`: what stands between `end` and the place."""
        near = unmarked(near)
        if len(near) >= _ENOUGH_BESIDE:
            return near[-CONTEXT_CHARACTERS:].strip()
        block = end // BLOCK_BYTES
        while self._bound(block) > end:
            block -= 1
        parts = [near, of_source(self._page, self._bound(block), end, self._markup)]
        length, last = sum(map(len, parts)), max(block - _FARTHEST // BLOCK_BYTES, 0)
        while length < _ENOUGH_BESIDE and block > last:
            count = _MANY if len(parts) > _SPARSE and block % _MANY == 0 and block - _MANY >= last else 1
            block -= count
            parts.append(self._text(block, count))
            length += len(parts[-1])
        return _joined(parts[::-1], self._markup)[-CONTEXT_CHARACTERS:].strip()

    def after(self, start: int, near: str = "") -> str:
        """Up to CONTEXT_CHARACTERS of readable text behind a place. `near`: what stands between it and `start`."""
        near = unmarked(near)
        if len(near) >= _ENOUGH_BESIDE:
            return near[:CONTEXT_CHARACTERS].strip()
        block = start // BLOCK_BYTES + 1
        while self._bound(block) < start:
            block += 1
        parts = [near, of_source(self._page, start, self._bound(block), self._markup)]
        length, last = sum(map(len, parts)), block + _FARTHEST // BLOCK_BYTES
        while length < _ENOUGH_BESIDE and block < last and self._bound(block) < len(self._page.source):
            count = _MANY if len(parts) > _SPARSE and block % _MANY == 0 and block + _MANY <= last else 1
            parts.append(self._text(block, count))
            length += len(parts[-1])
            block += count
        return _joined(parts, self._markup)[:CONTEXT_CHARACTERS].strip()

    def _bound(self, block: int) -> int:
        """Where a block begins: at the first tag or line behind its share of the bytes."""
        if block not in self._bounds:
            source, at = self._page.source, block * BLOCK_BYTES
            bound = _boundary(source, at, at + _LONGEST_TAG) if at > 0 else 0
            # Within the source's last tag there is none behind it.
            self._bounds[block] = bound if bound > at or source.find(b"<", at) >= 0 else len(source)
        return self._bounds[block]

    def _text(self, block: int, count: int) -> str:
        key = block, count
        if key not in self._texts:
            low, high = self._bound(block), self._bound(block + 1)
            if count > 1:
                text = "".join([self._text(each, 1) for each in range(block, block + count)])
            else:
                text = of_source(self._page, low, high, self._markup) if high > low else ""
            self._texts[key] = text
        return self._texts[key]


def _joined(parts: list[str], markup: str) -> str:
    return readable.few_breaks("".join(parts)) if markup == "html" else "".join(parts)
