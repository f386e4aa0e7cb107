"""Where tags and elements end. What is not closed runs on through all that follows, so nothing that was read of it for
one tag is read again for the next: the time grows with the length of a page, however broken it is."""

from __future__ import annotations

import re
from functools import cached_property, partial

from archiver.embeds.prefilter.hints import LONGEST_TAG
from archiver.embeds.prefilter.seek import Nesting, Next

MAX_PIECE = 200_000
"""Bytes of one element; a longer one is cut behind its tag."""
MAX_TAG = 1_000_000
"""Bytes of a tag, which may hold the state of all the page; a longer one is none."""
_REACH, _REACH_OF_AMP = 3_000, 50_000
"""Bytes in which the closing tag of a frame or the like is sought."""
_REACH_OF_ANY, _TAGS_OF_ANY = 50_000, 200
"""Bytes and tags in which that of an element of any name is sought."""

_VALUE = re.compile(rb"=\s{0,5}[\"']")
_USUAL_TAG = re.compile(rb"<[a-z](?:[^<>\"'=]++|=\s*+(?:\"[^\"]{0,4000}+\"|'[^']{0,4000}+'|[^\s\"'<>]++)?+)*+>")
"""A tag whose attribute values are all quoted or plain; the others take the long way."""


class Ends:
    """Those of a page. All places are in bytes, tags and names in lower case."""

    def __init__(self, lower: bytes) -> None:
        self._lower = lower
        self._closers: dict[str, Next] = {}
        self._nestings: dict[bytes, Nesting] = {}
        self._unquoted: dict[int, int | None] = {}
        self._asked = -1
        self._answer: int | None = None

    # Hardly any page has a tag that is not usual; these are made for those that do.
    @cached_property
    def _close(self) -> Next:
        return Next(partial(self._lower.find, b">"), MAX_TAG)

    @cached_property
    def _value(self) -> Next:
        return Next(partial(_value_in, self._lower), LONGEST_TAG)

    @cached_property
    def _value_end(self) -> dict[bytes, Next]:
        return {mark: Next(partial(self._lower.find, mark), MAX_TAG) for mark in (b'"', b"'")}

    def of_tag(self, start: int) -> int | None:
        """Behind the ">" of the tag that begins at `start`, quoted attribute values respected; None without one. A long
        tag may be asked for again for each marker in it."""
        if start != self._asked:
            self._asked, self._answer = start, self._of_tag(start)
        return self._answer

    def _of_tag(self, start: int) -> int | None:
        usual = _USUAL_TAG.match(self._lower, start)
        if usual is not None:
            return usual.end()
        first = self._close.behind(start)
        if first is None or first >= start + MAX_TAG:
            return None
        close = self._unquoted_close(start)
        return (first if close is None or close >= start + MAX_TAG else close) + 1

    def of_frame(self, name: str, at: int) -> int:
        """Behind the next closing tag of an element that holds none of its kind and whose own tag ends at `at`; `at`
        if that is not near."""
        reach = _REACH_OF_AMP if name.startswith("amp-") else _REACH
        if name not in self._closers:
            self._closers[name] = Next(partial(self._lower.find, b"</" + name.encode()), reach)
        close = self._closers[name].behind(at)
        return at if close is None or close > at + reach else close + len(name) + 3

    def of_any(self, name: bytes, at: int) -> int:
        """Behind the closing tag of the element whose own tag ends at `at`; `at` if that is not near. To be asked in
        the order of the page."""
        if name not in self._nestings:
            self._nestings[name] = Nesting(self._lower, name)
        end = self._nestings[name].end_of(at, _REACH_OF_ANY, _TAGS_OF_ANY)
        return at if end is None else end + 1

    def _unquoted_close(self, at: int) -> int | None:
        """The first ">" behind a place in a tag that stands in no quoted attribute value; None without one."""
        passed: list[int] = []
        while at not in self._unquoted:
            passed.append(at)
            close, opened = self._close.behind(at), self._value.behind(at)
            if close is None or opened is None or opened >= min(close, at + LONGEST_TAG):
                self._unquoted[at] = close
                break
            end = self._value_end[self._lower[opened : opened + 1]].behind(opened + 1)
            if end is None:
                self._unquoted[at] = None
                break
            at = end + 1
        found = self._unquoted[at]
        self._unquoted.update(dict.fromkeys(passed, found))
        return found


def _value_in(lower: bytes, start: int, end: int) -> int:
    """The quotation mark that opens an attribute's value first between two places; -1 without one."""
    value = _VALUE.search(lower, start, end)
    return value.end() - 1 if value else -1
