"""Seeking forward in bytes, remembering what was found: what is sought for every tag of a page must not be sought
through the rest of the page for each of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

_BLOCK = 8192
_LONGEST = 50
"""Bytes: nothing that is sought is longer."""


class Next:
    """The next place of something behind any given place, if it is within reach."""

    def __init__(self, find: Callable[[int, int], int], reach: int) -> None:
        """`find` tells where the first one begins between two places, -1 without one."""
        self._find = find
        self._reach = reach
        self._found: dict[int, int] = {}
        """By where a block begins: the first one there or behind it."""

    def behind(self, at: int) -> int | None:
        """Where it stands next, at `at` or behind it; None if nowhere within reach, or hardly farther."""
        block = (at // _BLOCK + 1) * _BLOCK
        found = self._find(at, block + _LONGEST)
        if found < 0:
            if block not in self._found:
                self._found[block] = self._find(block, block + self._reach)
            found = self._found[block]
        return found if found >= 0 else None


def open_tag(source: bytes, at: int, known: dict[int, int]) -> int:
    """Where the last "<" before `at` stands, however far; -1 without one, or where a ">" follows it. `known`: what was
    found in the same source before, by where a block begins."""
    block = at - at % _BLOCK
    opened = _open_in(source, block, at)
    passed: list[int] = []
    while opened is None and block > 0:
        if block in known:
            opened = known[block]
            break
        passed.append(block)
        block -= _BLOCK
        opened = _open_in(source, block, block + _BLOCK)
    opened = -1 if opened is None else opened
    known.update(dict.fromkeys(passed, opened))
    return opened


def _open_in(source: bytes, low: int, high: int) -> int | None:
    """The same for what ends at `high`; None if that tells nothing."""
    opened = source.rfind(b"<", low, high)
    if source.rfind(b">", low if opened < 0 else opened, high) >= 0:
        return -1
    return opened if opened >= 0 else None


class Nesting:
    """Where elements of one name end: read once, however deep they are nested, and only where somebody asks."""

    def __init__(self, source: bytes, name: bytes) -> None:
        self._source = source
        self._tag = re.compile(rb"</?" + name + rb"(?![\w-])", re.IGNORECASE)
        self._opening = len(name) + 1
        self._begin(0)

    def _begin(self, at: int) -> None:
        """Read from there, and forget what was read before."""
        self._begun = at
        self._tags = self._tag.finditer(self._source, at)
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._depth = 0
        self._closed: dict[int, list[int]] = {}
        """By depth: the closing tags that lead up to it, by their numbers."""
        self._depths = [0]
        """Before each tag."""

    def end_of(self, at: int, reach: int, most: int) -> int | None:
        """Behind the name of the closing tag of the element that is open at `at`; None where that is farther than
        `reach` bytes or `most` tags. To be asked in order, or nearly so."""
        if not self._starts or not self._begun <= at <= self._starts[-1]:
            self._begin(at)
        first = bisect_left(self._starts, at)
        wanted = self._depths[first] - 1
        while True:
            closed = self._closed.get(wanted, [])
            index = bisect_left(closed, first)
            if index < len(closed):
                found = closed[index]
                return self._ends[found] if found - first < most and self._ends[found] <= at + reach else None
            behind = len(self._starts) - first
            if behind >= most or (behind and self._starts[-1] >= at + reach) or not self._read():
                return None

    def _read(self) -> bool:
        """Read one more tag; False if there is none."""
        tag = next(self._tags, None)
        if tag is None:
            return False
        start, end = tag.span()
        if end - start == self._opening:
            self._depth += 1
        else:
            self._depth -= 1
            self._closed.setdefault(self._depth, []).append(len(self._starts))
        self._starts.append(start)
        self._ends.append(end)
        self._depths.append(self._depth)
        return True
