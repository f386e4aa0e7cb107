"""Where a page was saved from, as the program that saved it notes in a comment, and what that program lost."""

from __future__ import annotations

import re

LOOKED_AT = 16_384
"""Both stand before the head."""

# SingleFile: "<!--\n Page saved with SingleFile \n url: https://… \n saved date: …\n-->";
# browsers: "<!-- saved from url=(0030)https://… -->".
_NOTE = re.compile(
    rb"<!--\s{0,20}(?:Page saved with SingleFile\b[^<>]{0,200}?\burl:\s{0,9}|saved from url=\([0-9]{4,5}\))"
    rb"(https?://[^\s<>\"]{1,2048})",
    re.IGNORECASE,
)


def saved_from(page: bytes) -> str:
    """The address; "" where no program has noted one. When it was saved says nothing of when it was published."""
    match = _NOTE.search(page, 0, LOOKED_AT)
    return match[1].decode("utf-8", "replace") if match else ""


_BY_SINGLEFILE = b"Page saved with SingleFile"
_LOST = re.compile(
    rb"<iframe(?=\s)(?=[^<>]{0,2000}\sallowfullscreen)(?![^<>]{0,2000}\s(?:src|srcdoc)\s?=)"
    rb"(?![^<>]{0,2000}(?:data-tweet-id|data-bluesky-id|telegram-post-|-media[\s\"']|-embed))[^<>]{0,2000}>",
    re.IGNORECASE,
)
"""A player by its attribute; those that say of which platform they are, are embeds without an id."""


def lost_player(page: bytes) -> bool:
    """Whether SingleFile could not look into a player's frame (a browser that it may not command, as ArchiveBox runs
    it) and took its address away: then nothing is left that tells which film was shown."""
    return page.find(_BY_SINGLEFILE, 0, LOOKED_AT) >= 0 and _LOST.search(page) is not None
