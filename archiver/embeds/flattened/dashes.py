"""The dash that begins an attribution: which sign it is, and where it stands."""

from __future__ import annotations

import re

from archiver.embeds.flattened.signs import MARKS

_ANY = re.compile(
    r"&mdash;|&ndash;|&#8212;|&#8211;|&#[xX]2014;|[\\%]u2014|[—–―‒−\x97]{1,3}|â€”|â\x80\x94|\ufffd{1,3}|-{2,3}|-(?<!\S-)(?=\s)"
    r"|\?(?<!\S\?)(?= [^\s?])|Originally tweeted by(?= )"
)
"""Also as wrong character sets leave it, and what WordPress prints where it unrolls a thread."""
LOST = "  "
"""What is left of a dash between blanks where a data set was stripped of all but ASCII."""
WEAK = ("–", "‒", "−", "-", "--", "---", "&ndash;", "&#8211;", "\ufffd", "\ufffd" * 2, "\ufffd" * 3, "?", LOST)
AS_HYPHENS = ("--", "---")
"""How a long dash is typed: as strong as one where a day follows."""
_LONGEST_NAME = 50
_AFTER_LINK = re.compile(r"(?:pic\.(?:twitter|x)\.com/\w{5,20}|//t\.co/\w{5,20}…?\)?)\s{0,60}$")
_LINE = re.compile(rf"[ \t>{MARKS}]{{0,12}}(?P<dash>[—–―]|&mdash;|--)[ \t\u00a0]{{0,3}}[^\n]{{0,40}}")
_BROKEN = re.compile(r"[^\n]{20,120}?(?P<dash>[—―])(?<!\w[—―])[ \t\u00a0]{0,3}(?:(?![^\W\d_A-ZÀ-Þ])[^\n—―()]{1,40})?")
"""What follows such a dash begins like a name: with no small letter."""


def of_name(text: str, low: int, high: int, *, at_line: bool) -> tuple[int, int] | None:
    """The dash that begins the attribution; a name may hold dashes of its own, and so may the post."""
    spans = [m.span() for m in _ANY.finditer(text, low, high)]
    if not spans:
        # A line that is all signature has none, and may be written with any blanks.
        return None if at_line else _lost(text, low, high)
    strong = [span for span in spans if text[slice(*span)] not in WEAK]
    if at_line and not text[low : spans[0][0]].strip() and (not strong or spans[0] in strong):
        return spans[0]
    for span in spans:
        if _AFTER_LINK.search(text, max(low - 120, 0), span[0]):
            return span
    return (strong or spans)[-1]


def after_link(text: str, at: int) -> bool:
    """Whether a short link ends right before, as posts end."""
    return _AFTER_LINK.search(text, max(at - 120, 0), at) is not None


def above(text: str, lower: int, low: int) -> tuple[int, int] | None:
    """The dash of the line above, where that holds nothing else, or the beginning of a name that was broken; or a long
    one at the end of the post's own words, where lines are broken at a width."""
    begun = max(lower, low - 160)
    before = text[begun:low].rstrip(f" \t\n\u00a0>{MARKS}")
    last = before.rfind("\n") + 1
    found = _LINE.fullmatch(before, last)
    breaks = 2 if found is not None and found.end("dash") == len(before) else 1
    found = found or _BROKEN.fullmatch(before, last)
    if found is None or (begun > 0 and last == 0) or text.count("\n", begun + len(before), low) > breaks:
        return None
    return begun + found.start("dash"), begun + found.end("dash")


def _lost(text: str, low: int, high: int) -> tuple[int, int] | None:
    """The two blanks that a dash has left before a name, which begins with no small letter."""
    at = text.rfind(LOST, max(low, high - _LONGEST_NAME), high)
    name = text[at + len(LOST) : high] if at > low else ""
    if not name.strip() or name[0] in " \t\n" or name[0].islower() or text[at - 1] in " \t\n:":
        return None
    return at, at + len(LOST)
