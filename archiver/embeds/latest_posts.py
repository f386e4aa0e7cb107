"""Where a page shows the latest posts of its own account beside the article: none of them is an embed of the article.

Such lists are flattened text: words, a short link, a day. A list is known by the name that content systems give it
("widget_recent_tweets", "twitter_update_list", "ctf-tweets"); another box at the page's side by standing there and
naming the account that the page says is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.readers_comments import end_of

_TAG = re.compile(rb"<(?P<name>div|section|ol|ul|aside)(?=[\s>])[^<>]{0,500}>")
_LIST = re.compile(
    rb"""\b(?:id|class)\s?=\s?["']?(?:[^"'<>]{0,200}\s)?(?:"""
    rb"(?:[\w-]{0,30}[_-])?(?:latest|recent|widget|feed|sidebar)[\w-]{0,20}[_-](?:tweets?|twitter)"
    rb"|(?:[\w-]{0,30}[_-])?(?:tweets?|twitter)[\w-]{0,20}[_-](?:feed|list|stream|updates?|latest|recent|sidebar)(?:[_-][\w-]{0,30})?"
    rb"|latest-?tweets|recent-?tweets|tweets|ctf(?:[_-][\w-]{0,30})?"
    rb""")["'\s>]"""
)
_SIDE = re.compile(
    rb"""<aside|\b(?:id|class)\s?=\s?["']?(?:[^"'<>]{0,200}\s)?(?:sidebar|side-bar|widget|widget-area)["'\s>]"""
)
_OWN = re.compile(
    rb"""<meta\s[^<>]{0,100}?twitter:site["']?\s[^<>]{0,100}?content\s?=\s?["']?@?([a-z0-9_]{1,15})["'\s/>]"""
    rb"""|<meta\s[^<>]{0,100}?content\s?=\s?["']?@?([a-z0-9_]{1,15})["']?\s[^<>]{0,100}?twitter:site["'\s/>]"""
)
_LONGEST_TAG = 500
MAX_MENTIONS = 1_000


def sections(lower: bytes) -> list[tuple[int, int]]:
    """The parts of a page in lower case that show its own latest posts."""
    found = [zone for _, zone in _named(lower, (b"tweet", b"twitter", b"ctf"), _LIST)]
    own = _OWN.search(lower)
    if own is not None:
        handle = re.escape(own[1] or own[2])
        says_own = re.compile(rb"(?:@|(?:twitter|x)\.com/)" + handle + rb"(?![\w])")
        for tag_end, (start, end) in _named(lower, (b"<aside", b"sidebar", b"side-bar", b"widget"), _SIDE):
            if says_own.search(lower, tag_end, end):
                found.append((start, end))
    return found


def _named(lower: bytes, words: tuple[bytes, ...], name: re.Pattern[bytes]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Elements whose tags hold one of the words in a name; each with where its tag ends."""
    for word in words:
        at = 0
        for _ in range(MAX_MENTIONS):
            at = lower.find(word, at)
            if at < 0:
                break
            start = lower.rfind(b"<", max(at - _LONGEST_TAG, 0), at + 1)
            tag = _TAG.match(lower, start) if start >= 0 else None
            at += len(word)
            if tag is not None and tag.end() >= at and name.search(tag[0]):
                at = end_of(lower, tag["name"], tag.end())
                yield tag.end(), (start, at)
