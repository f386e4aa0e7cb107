"""Seeking forward in bytes, remembering what was found: a page without the thing sought is searched once, not again
for every tag."""

from __future__ import annotations


class Next:
    """The next place of some bytes behind any given place."""

    def __init__(self, source: bytes, sought: bytes) -> None:
        self._source = source
        self._sought = sought
        self._from = 1
        self._found = 0

    def behind(self, at: int) -> int | None:
        """Where they stand next, at `at` or behind it; None if nowhere."""
        if not self._from <= at <= self._found:
            found = self._source.find(self._sought, at)
            self._from, self._found = at, len(self._source) if found < 0 else found
        return self._found if self._found < len(self._source) else None
