"""Where a page's readers write: their links are not embeds of the article, and their words do not stand beside one."""

from __future__ import annotations

import re

from ahocorasick_rs import BytesAhoCorasick, MatchKind

_WORDS = (b"comment", b"disqus_thread")
_mentions = [BytesAhoCorasick([word], MatchKind.LeftmostFirst) for word in _WORDS]
"""Each word by itself: for two that begin so differently the search loses its fast way."""
_TAG = re.compile(rb"<(?P<name>div|section|ol|ul|aside)\s[^<>]{0,500}>")
_NAMED = re.compile(
    rb"""\b(?:id|class)\s?=\s?["']?(?:[^"'<>]{0,200}\s)?"""
    rb"""(?:comments?|comment-?list|comments?-(?:area|section|container|wrapper|thread)|disqus_thread)["'\s>]"""
)
_LONGEST = 300_000
_LONGEST_TAG = 500
MAX_MENTIONS = 2_000


def sections(lower: bytes) -> list[tuple[int, int]]:
    """The comment sections of a page in lower case, in order, none within another: by the names that content systems
    give them."""
    found: list[tuple[int, int]] = []
    for mentions in _mentions:
        at, left = 0, MAX_MENTIONS
        for _, begin, end in mentions.find_matches_as_indexes(lower):
            if begin < at:
                continue
            start = lower.rfind(b"<", max(begin - _LONGEST_TAG, 0), begin)
            tag = _TAG.match(lower, start) if start >= 0 else None
            if tag is not None and tag.end() >= end and _NAMED.search(tag[0]):
                at = end_of(lower, tag["name"], tag.end())
                found.append((start, at))
            left -= 1
            if not left:
                break
    return without_inner(sorted(found))


def without_inner(zones: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The zones that lie within no other; they are sorted by where they begin."""
    kept: list[tuple[int, int]] = []
    for start, end in zones:
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def end_of(lower: bytes, name: bytes, at: int) -> int:
    """Behind the element that is open at `at`; a limit's worth behind that where its end is not found."""
    depth = 1
    for tag in re.finditer(rb"<(/?)" + name + rb"(?![\w-])", lower[at : at + _LONGEST]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return at + tag.end()
    return min(at + _LONGEST, len(lower))
