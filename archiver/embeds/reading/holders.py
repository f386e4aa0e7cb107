"""Which elements may carry a post in their attributes, or waiting within them."""

from __future__ import annotations

NAMES = frozenset(
    (
        *("div", "section", "figure", "p", "article", "aside", "span", "template", "script", "twitterwidget", "oembed"),
        *("video", "source", "button", "main", "body"),
    )
)
_CARDS = (b"embedly-card", b"iframely", b"2ToDOM", b"2todom", b"et-link-top", b"kg-video-p")
"""Markers that make a card of a link, or in a letter a player (Ghost)."""
_TABLES = b"-twitter-card"
"""And of a table."""
_ENCODED = (b"PGJsb2Nrc", b"PGlmcmFtZ")
"""The beginnings of a blockquote and of a frame in Base64."""


def may_hold(name: str, lower: bytes, mark: int) -> bool:
    """Whether an element of this name may carry a post, with the marker at `mark` in its tag. Names with a hyphen or a
    colon are those that content systems made up."""
    if name in ("a", "table"):
        return lower.startswith(_CARDS if name == "a" else _TABLES, mark)
    return name in NAMES or "-" in name or ":" in name


def is_encoded(name: str, source: bytes, tag_end: int, mark: int) -> bool:
    """Whether an element is a script that holds nothing but markup in Base64, which begins at `mark`."""
    return name == "script" and source.startswith(_ENCODED, mark) and not source[tag_end:mark].strip()
