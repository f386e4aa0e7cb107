"""What leads up to a post: a line that announces it, or that tells what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.embeds.flattened.lines import Line
from archiver.embeds.flattened.links import LINK, may_hold_links

COLONS = (":", "：")

_TWITTER = re.compile(
    r"twitter|tweet|twitt|твит|твіт|ツイ|تويتر|توییت|تغريد|트윗|트위터|推特|推文|ट्वीट|ट्विटर|ทวีต|ทวิต", re.IGNORECASE
)
_SHORTER = re.compile(
    r"\b(?:[Tt]u[ií]t|[Cc]uit)|\b(?:[Oo]n|[Ss]ur|[Aa]uf|[Ee]n|[Ss]u|[Oo]p|[Nn]a|[Nn]o|[Dd]i|[Вв]) X\b"
)
"""Spanish and Indonesian; and the one letter that is its name since 2023, behind a word that tells so."""
_WRITES = re.compile(
    r"\b(?:wrote|writes|tweet(?:s|ed)|posted|schr(?:ieb|eibt)|twittert?e?|getwittert|geschrieben|écrit|tweeté|escribi(?:ó|do)"
    r"|tuite[óa](?:do)?|escreveu|scri(?:tto|sse|ve)|twitt(?:ato|a)|schreef|twitterde|skrev|napisał[ao]?|napsala?|írta|yazdı"
    r"|написал[аи]?|пишет|написав|έγραψε|نوشت|كتب|כתב[ה]?)\b",
    re.IGNORECASE,
)
"""Not "said": posts quote so themselves."""
_WORD = re.compile(r"\w+")
_LONG_WORD = re.compile(r"(?<![\w#＃@/.])\w{4,}(?![\w/.])|[^\W\x00-\u2e7f]{2}")
_TAG = re.compile(r"[#＃@]\w+")
_SAID = re.compile(r"[“\"„«]([^“”\"„«»]{10,300})[”\"“»]")
_OPENS = re.compile('[“"„«]')
_FEWEST = 12
"""Letters and digits: fewer may be the same by chance."""
_AROUND = 5
"""Letters and digits outside of the quotation: with fewer it is no sentence that tells of it."""


def announces(text: str) -> bool:
    """Whether a line or a sentence leads up to a post: "She wrote on Twitter:"."""
    return text.endswith(COLONS) and (_WRITES.search(text) is not None or names_twitter(text))


def names_twitter(text: str) -> bool:
    """Whether the platform or its posts are named."""
    # Few lines have one of these signs, and the pattern begins with nothing that could be sought fast.
    shorter = (" X" in text or "uit" in text or "uít" in text) and _SHORTER.search(text) is not None
    return shorter or _TWITTER.search(text) is not None


def quotes(text: str, below: Sequence[Line]) -> bool:
    """Whether a line tells what the post below it says (the nearest line last): “Sample words,” she wrote."""
    last = below[0].text
    begun = _LONG_WORD.search(last)
    # Asked first, because few lines have even one word of the post's.
    if begun is not None and begun.group().casefold() in text.casefold():
        words = _letters(LINK.sub("", last) if may_hold_links(last) else last)
        if len(words) >= _FEWEST and words in _letters(text):
            return True
    if _OPENS.search(text) is None:
        return False
    said = [spoken for spoken in map(_letters, _SAID.findall(text)) if len(spoken) >= _FEWEST]
    if not said or len(_letters(_SAID.sub("", text))) < _AROUND:
        return False
    whole = "".join(_letters(line.text) for line in reversed(below))
    return any(spoken in whole for spoken in said)


def _letters(text: str) -> str:
    """Its letters and digits, without its tags: prose writes them otherwise, and punctuation too."""
    return "".join(_WORD.findall(_TAG.sub("", text))).casefold()
