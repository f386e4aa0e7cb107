"""Attributions in flattened text: `— Name (@handle) Month D, YYYY`, in the ways that extractors leave them.

Seen (platforms.md 1.a.2): the dash with and without a space, glued to the last short link, on a line of its own,
turned into `–`, `-` or an entity, or lost; the date in any language, as a Markdown link, or cut ("Februa"); the post's
address as a Markdown link round name or handle, or written out behind the date or in its place.
Instagram's own: `A post shared by Name (@handle) on Nov 11, 2014 at 6:01am PST`, the words around in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from archiver.embeds.dates import is_cut_date, read_day
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_day, x_status

NAME_CHARACTERS = 90
"""X allows 50 in a display name; emoji and escapes take more."""

_HANDLE = re.compile(r"\(\[?@(?P<handle>[A-Za-z0-9_.]{1,30})(?:\]\(([^()\s]{1,300})\))?\)(?:\]\(([^()\s]{1,300})\))?")
_LINKED_HANDLE = re.compile(r"\[@(?P<handle>[A-Za-z0-9_]{1,15})\]\(([^()\s]{1,300})\)")
"""All that Markdown keeps where the name is lost. Behind the handle, both have the addresses of links as groups."""
_DASH = re.compile(r"&mdash;|&ndash;|&#8212;|&#8211;|&#[xX]2014;|\\u2014|[—–―]|â€”|--|-(?<!\S-)(?=\s)")
_WEAK = ("–", "-", "--", "&ndash;", "&#8211;")
_AFTER_LINK = re.compile(r"(?:pic\.(?:twitter|x)\.com/\w{5,20}|//t\.co/\w{5,20}…?\)?)\s{0,60}$")
_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/[A-Za-z0-9]{5,10}…?(?:\]\([^()\s]{1,300}\)|\))?\s{0,9}")
_GAP = re.compile(r"[\s\u200e\u200f:,،]{0,6}(?:on |am )?")
_MARKS_OF_MAIL = re.compile(r"[ \t>]{0,12}")
_HOUR = re.compile(r",? {0,2}(?:at|um|à|a las|alle|às|om|kl\.?|в|o) {1,2}\d{1,2}[:.h]")
_DATE_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{0,60})\]\((?P<address>[^()\s]{1,500})\)")
_ADDRESS = re.compile(
    r"[\s\u200e\u200f>.,:]{0,12}(?:\[[^\[\]\n]{0,300}\]\(|[(\[<])?"
    r"(?P<address>https?://[^\s<>()\[\]\"]{8,500}[^\s<>()\[\]\".,;:])[)\]>]?"
)
_LINE_END = re.compile(r"[ \t\u00a0\r.]{0,9}(?:\n|$)")

_INSTAGRAM_TIME = re.compile(r"[^\n\d]{0,12}?\d{1,2}[:.]\d{2} ?(?:[ap]\.?m\.?)? ?P[DS]T", re.IGNORECASE)
"""Instagram prints the hour, and always California's."""
_WORD_BEFORE_DATE = re.compile(r"\s{1,3}(?:[^\W\d]{1,4}\.? )?")
_SHARED_BY = re.compile(
    r"(?:an?|une?|una|um|uma|een|ein|et|ett|en)\s(?:post|photo|video|reel|beitrag|publication|vidéo|publicación|foto"
    r"|publicação|bericht|innlegg|opslag|inlägg)\s(?:shared by|posted by|geteilt von|partagée par|publiée par"
    r"|compartida (?:de|por)|publicada por|condiviso da|compartilhada por|partilhada por|gedeeld door|delt a[vf]"
    r"|delat av)\s{1,3}|(?:публикация от|post udostępniony przez)\s{1,3}",
    re.IGNORECASE,
)
"""What Instagram's embed prints before the name, in the languages of most articles."""


class Attribution(NamedTuple):
    """Where an attribution stands and what it says."""

    start: int
    """Where its dash, or its name where the dash is lost, begins."""
    end: int
    handle: str
    name: str | None
    day: date | None
    """None where the date is cut, or none that X can have printed."""
    address: str | None
    """The post's address, where that is printed or linked."""
    platform: str = "x"


def attributions(text: str) -> Iterator[Attribution]:
    """The attributions in `text`, in order, without overlap."""
    lower = 0
    for found in _handles(text):
        read = _instagram(text, found, lower) or _around(text, found, lower)
        if read is not None:
            lower = read.end
            yield read


def _handles(text: str) -> Iterator[re.Match[str]]:
    at = text.find("@")
    while at >= 0:
        before, found = text[max(at - 2, 0) : at], None
        if before.endswith("(") or before == "([":
            found = _HANDLE.match(text, text.rfind("(", 0, at))
        elif before.endswith("["):
            found = _LINKED_HANDLE.match(text, at - 1)
        if found is not None:
            yield found
        at = text.find("@", found.end() if found else at + 1)


class _Ending(NamedTuple):
    end: int
    day: date | None
    address: str | None


def _instagram(text: str, found: re.Match[str], lower: int) -> Attribution | None:
    """With a date, its hour tells it in any language; without, the words before the name do, alone on their line."""
    low, at_line = _line_start(text, lower, found.start())
    day, end = None, found.end()
    if text.find("PDT", end, end + 60) >= 0 or text.find("PST", end, end + 60) >= 0:
        shared = _SHARED_BY.search(text, low, found.start())
        timed = _day_and_hour(text, end)
        if timed is None or not (shared or at_line):
            return None
        day, end = timed
    else:
        shared = _SHARED_BY.match(text, low, found.start()) if at_line else None
        if shared is None or text[end : end + 3].strip(" \t.")[:1] not in ("", "\n"):
            return None
    name = text[shared.end() : found.start()].strip() if shared else None
    return Attribution(shared.start() if shared else low, end, found["handle"], name or None, day, None, "instagram")


def _day_and_hour(text: str, at: int) -> tuple[date | None, int] | None:
    """Instagram's date behind the handle, and where its hour ends."""
    word = _WORD_BEFORE_DATE.match(text, at)
    for begin in (at + 1, word.end() if word else at):
        printed = read_day(text[begin : begin + 30])
        hour = _INSTAGRAM_TIME.match(text, begin + printed.length) if printed else None
        if printed is not None and hour is not None:
            return printed.day, hour.end()
    return None


def _around(text: str, found: re.Match[str], lower: int) -> Attribution | None:
    if not _is_x(found["handle"]):
        return None
    low, at_line = _line_start(text, lower, found.start())
    behind_picture = _behind_picture(text, low, found.start())
    low = low if behind_picture is None else behind_picture
    dash = _dash(text, low, found.start(), at_line=at_line)
    if dash is None and not at_line and behind_picture is None:
        return None
    ending = _ending(text, found)
    if dash is None:
        if ending is None or ending.day is None:
            return None
        dash = (low, low)
    elif ending is None:
        ending = _cut_ending(text, found, dash)
    name = text[dash[1] : found.start()].strip(" \t\u00a0*_[>")
    if ending is None or not _is_whole(text, found, dash, name, ending):
        return None
    return Attribution(dash[0], ending.end, found["handle"], name or None, ending.day, ending.address)


def _is_whole(text: str, found: re.Match[str], dash: tuple[int, int], name: str, ending: _Ending) -> bool:
    """A name stands there; or, where it is lost, a true dash right before the handle that a link made known."""
    if found.re is _HANDLE:
        return bool(name)
    return not name and ending.address is not None and text[slice(*dash)] not in ("", *_WEAK)


def _behind_picture(text: str, low: int, high: int) -> int | None:
    """Where a name can begin behind the last picture link: no name holds one."""
    at = max(text.rfind("pic.twitter.com/", low, high), text.rfind("pic.x.com/", low, high))
    found = _PICTURE.match(text, at, high) if at >= 0 else None
    return found.end() if found else None


def _is_x(handle: str) -> bool:
    return len(handle) <= 15 and "." not in handle


def _line_start(text: str, lower: int, at: int) -> tuple[int, bool]:
    """Where to look for the name before `at`: from the line's beginning (then True) or as far as a name can reach."""
    low = max(lower, at - NAME_CHARACTERS)
    newline = text.rfind("\n", low, at)
    if newline < 0:
        return low, low == 0 or text[low - 1] == "\n"
    mail = _MARKS_OF_MAIL.match(text, newline + 1, at)
    return (mail.end() if mail else newline + 1), True


def _dash(text: str, low: int, high: int, *, at_line: bool) -> tuple[int, int] | None:
    """The dash that begins the attribution; a name may hold dashes of its own, and so may the post."""
    spans = [m.span() for m in _DASH.finditer(text, low, high)]
    if not spans:
        return None
    strong = [span for span in spans if text[slice(*span)] not in _WEAK]
    if at_line and not text[low : spans[0][0]].strip() and (not strong or spans[0] in strong):
        return spans[0]
    for span in spans:
        if _AFTER_LINK.search(text, max(low - 120, 0), span[0]):
            return span
    return (strong or spans)[-1]


def _ending(text: str, found: re.Match[str]) -> _Ending | None:
    """The date behind the handle, also on the next line or inside a Markdown link, and the post's address."""
    gap = _GAP.match(text, found.end())
    at = gap.end() if gap else found.end()
    link = _DATE_LINK.match(text, at) if text.startswith("[", at) else None
    if link is not None and post_hint(link["address"]) == "x":
        printed = read_day(link["text"].strip())
        return _Ending(link.end(), printed.day if printed else None, link["address"])
    printed = read_day(text[at : at + 60])
    # X prints no hour: what has one is prose, or another platform's.
    if printed is None or _HOUR.match(text, at + printed.length):
        return None
    return _addressed(text, found, _Ending(at + printed.length, printed.day, None))


def _addressed(text: str, found: re.Match[str], ending: _Ending) -> _Ending:
    """With the post's address, from the link round the handle or else written out behind the ending. On a line of its
    own that may be another post's, so neither author nor day may speak against it."""
    linked = next((address for address in found.groups()[1:] if address and post_hint(address) == "x"), None)
    if linked is not None:
        return ending._replace(address=unarchived(linked))
    written = _ADDRESS.match(text, ending.end)
    status = x_status(written["address"]) if written else None
    if written is None or status is None or (status.handle or found["handle"]).lower() != found["handle"].lower():
        return ending
    breaks = text.count("\n", ending.end, written.start("address"))
    given = x_day(status.native_id)
    # Pages print the day of the reader's place, ids hold that of Greenwich.
    other = ending.day is not None and given is not None and abs(given - ending.day) > timedelta(days=1)
    if breaks > 1 or (breaks and other):
        return ending
    return _Ending(written.end(), ending.day, unarchived(written["address"]))


def _cut_ending(text: str, found: re.Match[str], dash: tuple[int, int]) -> _Ending | None:
    """An attribution whose date is cut or missing counts only where all else speaks for it: a true em dash behind a
    short link, at the start of a line or before the post's address, and nothing but the rest of a date behind the
    handle."""
    if text[slice(*dash)] in _WEAK:
        return None
    at = found.end()
    newline = text.find("\n", at, at + 60)
    rest = text[at : newline if newline >= 0 else at + 60]
    gap = _GAP.match(rest)
    tail = rest[gap.end() :] if gap else rest
    if len(tail) < 60 and is_cut_date(tail):
        return _Ending(at + len(rest.rstrip()), None, None)
    addressed = _addressed(text, found, _Ending(at, None, None))
    if addressed.address is not None and _LINE_END.match(text, addressed.end):
        return addressed
    after_link = len(tail) < 3 and _AFTER_LINK.search(text, max(dash[0] - 120, 0), dash[0]) is not None
    return _Ending(at, None, None) if after_link else None


def last_attribution(text: str, link: int | None) -> Attribution | None:
    """The attribution of a quotation whose markup is known: the last one with a date, or else the `(@handle)` that
    stands right before the link to the post (`link`: where that begins)."""
    dated = [a for a in attributions(text) if a.day is not None and a.platform == "x"]
    if dated:
        return dated[-1]
    for found in _handles(text):
        if not _is_x(found["handle"]):
            continue
        near = link is None or (found.end() <= link and not text[found.end() : link].strip(" \t\n\u00a0:,"))
        low, at_line = _line_start(text, 0, found.start())
        dash = _dash(text, low, found.start(), at_line=at_line) or ((low, low) if at_line else None)
        if near and dash is not None:
            name = text[dash[1] : found.start()].strip()
            return Attribution(dash[0], found.end(), found["handle"], name or None, None, None)
    return None
