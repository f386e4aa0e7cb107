"""Attributions in flattened text: `— Name (@handle) Month D, YYYY`, in the ways that extractors leave them.

Seen (platforms.md 1.a.2): the dash with and without a space, glued to the last short link, on a line of its own,
turned into `–`, `-` or an entity, or lost; the date in any language, as a Markdown link, or cut ("Februa"); the post's
address as a Markdown link round name or handle, or written out behind the date or in its place.
Bluesky's are of the same build, with the hour behind the day; Instagram's stand in `shared_by`; what an article's own
signature is, in `byline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from archiver.embeds.flattened import dashes, shared_by
from archiver.embeds.flattened.byline import INTRODUCED, Signature, is_reference, shows_a_post, signs_a_post
from archiver.embeds.flattened.dates import is_cut_date, read_day
from archiver.embeds.flattened.signs import MARKS
from archiver.permalinks import post_hint
from archiver.urls import unarchived, x_day, x_status

NAME_CHARACTERS = 90
"""X allows 50 in a display name; emoji and escapes take more."""

_HANDLE = re.compile(
    rf"[(（][\n {MARKS}]{{0,3}}(?:\[\d{{1,3}}\])?\[?@[ {MARKS}]{{0,3}}(?P<handle>[A-Za-z0-9_.-]{{1,60}})"
    rf"(?:\]\((?!https?://(?:www\.)?(?:git|unsplash))([^()\s]{{1,300}})\))?[\n {MARKS}]{{0,3}}[)）]"
    r"(?:\]\(([^()\s]{1,300})\))?"
)
_LINKED_HANDLE = re.compile(r"\[@(?P<handle>[A-Za-z0-9_]{1,15})\]\(([^()\s]{1,300})\)")
"""All that Markdown keeps where the name is lost. Behind the handle, both have the addresses of links as groups."""
_BEFORE_HANDLE = re.compile(rf"[(（][\n {MARKS}]{{0,3}}(?:\[\d{{1,3}}\])?\[?$")
_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/[A-Za-z0-9]{5,10}…?(?:\]\([^()\s]{1,300}\)|\))?\s{0,9}")
_GAP = re.compile(rf"[\s{MARKS}:,،]{{0,9}}(?:(?<=\n)>[ >]{{0,4}})?(?:on |am )?[({MARKS}]{{0,2}}")
_EMPHASIS = re.compile(r"[*_]{1,3} ?(?=\[)")
_MARKS_OF_MAIL = re.compile(rf"[ \t>{MARKS}]{{0,12}}")
_HOUR = re.compile(
    r",? {0,2}(?:at|um|à|a las|alle|às|om|kl\.?|в|o) {1,2}\d{1,2}[:.h]\d{0,2}(?: ?[APap]\.?[Mm]\b\.?)?"
    r"|T\d\d:\d\d[\d:.]{0,16}Z"
)
"""The second as Bluesky's oEmbed prints it, which its script replaces."""
_DATE_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{0,60}(?:\n[^\[\]\n]{1,30})?)\]\((?P<address>[^()\s]{1,500})\)")
"""Pandoc breaks its lines wherever they are full."""
_NUMBER = re.compile(r"\[(?:\d{1,4}\]\[?)?")
_REFERENCE = re.compile(r"\](?:\[[^\[\]\n]{0,60}\])?")
"""Before and behind a day that was a link, where text browsers number links and Markdown lists them elsewhere:
`[12]May 1, 2020`, `[May 1, 2020][12]`."""
_ADDRESS = re.compile(
    rf"[\s{MARKS}>.,:]{{0,12}}(?:\[[^\[\]\n]{{0,300}}\]\(|[(\[<] ?)?"
    r"(?P<address>https?://[^\s<>()\[\]\"]{8,500}[^\s<>()\[\]\".,;:])(?: ?[)\]>])?"
)
_LINE_END = re.compile(rf"[ \t\u00a0\r.{MARKS}]{{0,9}}(?:\n|$)")
_ONE_WORD = re.compile(rf"[ \t\u00a0\r{MARKS}]{{0,9}}(?:[^\W\d_]{{1,12}}[ \t\r]{{0,3}})?(?:\n|$)")
_CREDIT = re.compile(r"(?:via|h/t|ht|cc|rt|thanks|credit|photo)\b|.*:", re.IGNORECASE)
_BLUESKY = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


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


def attributions(text: str, *, certain: bool = False) -> Iterator[Attribution]:
    """The attributions in `text`, in order, without overlap. `certain`: markup tells that it is a post, so that its
    author need not be told from an article's."""
    lower = 0
    for found in _handles(text):
        low, at_line = _line_start(text, lower, found.start())
        read = _instagram(text, found, low, at_line) or _around(text, found, lower, low, at_line, certain)
        if read is not None:
            lower = read.end
            yield read


def _handles(text: str) -> Iterator[re.Match[str]]:
    at = text.find("@")
    while at >= 0:
        before, found = text[max(at - 5, 0) : at], None
        opened = _BEFORE_HANDLE.search(before)
        if opened is not None:
            found = _HANDLE.match(text, at - len(before) + opened.start())
        elif before.endswith("["):
            found = _LINKED_HANDLE.match(text, at - 1)
        if found is not None:
            yield found
        at = text.find("@", found.end() if found else at + 1)


class _Ending(NamedTuple):
    end: int
    day: date | None
    address: str | None
    dated: tuple[int, int] | None = None
    """Where the day stands, if one is printed without a link."""
    platform: str | None = None
    """The one that the link round the day leads to, if that is not what the handle looks like (Truth Social)."""


def _instagram(text: str, found: re.Match[str], low: int, at_line: bool) -> Attribution | None:
    line = shared_by.read(text, found.span(), low, at_line=at_line)
    if line is None:
        return None
    return Attribution(line.start, line.end, found["handle"], line.name, line.day, None, "instagram")


def _around(text: str, found: re.Match[str], lower: int, low: int, at_line: bool, certain: bool) -> Attribution | None:
    platform = _platform_of(found["handle"])
    behind_picture = _behind_picture(text, low, found.start())
    low = low if behind_picture is None else behind_picture
    dash = dashes.of_name(text, low, found.start(), at_line=at_line)
    if dash is None and at_line and behind_picture is None:
        dash = dashes.above(text, lower, low)
    if platform is None or (dash is None and not at_line and behind_picture is None):
        return None
    ending = _ending(text, found, platform)
    if dash is None:
        ending = _dated(ending) or _author_alone(text, found, low, behind_picture)
        if ending is None:
            return None
        dash = (low, low)
    elif ending is None and platform == "x":
        ending = _cut_ending(text, found, dash)
    name = " ".join(word for word in text[dash[1] : found.start()].split() if word != ">").strip(f" *_[>{MARKS}")
    if ending is None or not _is_whole(text, found, dash, name, ending):
        return None
    if not (certain or behind_picture is not None or _signs_a_post(text, found, dash, name, ending)):
        return None
    start = dash[0]
    while start > lower and text[start - 1] in MARKS:
        start -= 1
    if text.endswith(("\n*", "\n_", "\n**", "\n__"), lower, start):
        # Markdown's emphasis around all of it.
        start = text.rfind("\n", lower, start) + 1
    return Attribution(
        start, ending.end, found["handle"], name or None, ending.day, ending.address, ending.platform or platform
    )


def _dated(ending: _Ending | None) -> _Ending | None:
    return ending if ending is not None and ending.day is not None else None


def _author_alone(text: str, found: re.Match[str], low: int, behind_picture: int | None) -> _Ending | None:
    """Nothing but name and handle, and at most one word, stand behind a picture link, up to the line's end."""
    name = text[low : found.start()].strip(f" \t{MARKS}")
    is_author = (
        behind_picture is not None
        and name
        and "\n" not in name
        and _CREDIT.match(name) is None
        and INTRODUCED.match(name) is None
    )
    return _Ending(found.end(), None, None) if is_author and _ONE_WORD.match(text, found.end()) else None


def _signs_a_post(text: str, found: re.Match[str], dash: tuple[int, int], name: str, ending: _Ending) -> bool:
    if dash[0] == dash[1] and is_reference(text, found, ending.dated[0] if ending.dated else None):
        return False
    if ending.address is not None or ending.dated is None:
        return True
    weak = text[slice(*dash)] in dashes.WEAK and text[slice(*dash)] not in dashes.AS_HYPHENS
    gap, printed = _NUMBER.sub("", text[found.end() : ending.dated[0]]), text[slice(*ending.dated)]
    return signs_a_post(Signature(text, dash, weak, name, gap, ending.end, printed))


def _platform_of(handle: str) -> str | None:
    """X's handles are short and plain, Bluesky's are names of hosts."""
    if _is_x(handle):
        return "x"
    return "bluesky" if _BLUESKY.fullmatch(handle) else None


def _is_whole(text: str, found: re.Match[str], dash: tuple[int, int], name: str, ending: _Ending) -> bool:
    """A name stands there; or a true dash, if a link made the handle known, or it is between a short link and a day."""
    if name or text[slice(*dash)] in ("", *dashes.WEAK):
        return bool(name) and found.re is _HANDLE
    known = ending.day if found.re is _HANDLE and dashes.after_link(text, dash[0]) else ending.address
    return known is not None


def _behind_picture(text: str, low: int, high: int) -> int | None:
    """Where a name can begin behind the last picture link: no name holds one."""
    at = max(text.rfind("pic.twitter.com/", low, high), text.rfind("pic.x.com/", low, high))
    found = _PICTURE.match(text, at, high) if at >= 0 else None
    return found.end() if found else None


def _is_x(handle: str) -> bool:
    return len(handle) <= 15 and "." not in handle and "-" not in handle


def _line_start(text: str, lower: int, at: int) -> tuple[int, bool]:
    """Where to look for the name before `at`: from the line's beginning (then True) or as far as a name can reach."""
    low = max(lower, at - NAME_CHARACTERS)
    newline = text.rfind("\n", low, at)
    if newline < 0:
        return low, low == 0 or text[low - 1] == "\n"
    mail = _MARKS_OF_MAIL.match(text, newline + 1, at)
    return (mail.end() if mail else newline + 1), True


def _ending(text: str, found: re.Match[str], platform: str) -> _Ending | None:
    """The date behind the handle, also on the next line or inside a Markdown link, and the post's address."""
    gap = _GAP.match(text, found.end())
    at = gap.end() if gap else found.end()
    emphasis = _EMPHASIS.match(text, at)
    link = _DATE_LINK.match(text, emphasis.end() if emphasis else at) if emphasis or text.startswith("[", at) else None
    linked = post_hint(link["address"]) if link is not None else None
    if link is not None and linked is not None:
        printed = read_day(link["text"].strip(" \n*_"))
        if linked == platform or (printed is not None and platform == "x"):
            return _Ending(link.end(), printed.day if printed else None, link["address"], platform=linked)
    number = _NUMBER.match(text, at)
    at = number.end() if number else at
    printed = read_day(text[at : at + 60])
    if printed is None:
        return None
    # X prints no hour: what has one is prose, or another platform's.
    hour = _HOUR.match(text, at + printed.length)
    if platform == "bluesky":
        return _Ending(hour.end(), printed.day, None, (at, hour.end())) if hour else None
    if hour is not None:
        return None
    end = at + printed.length
    closed = end + (text[at - 1 : at] == "(" and text[end : end + 1] == ")")
    reference = _REFERENCE.match(text, end) if text[at - 1 : at] == "[" else None
    return _addressed(text, found, _Ending(reference.end() if reference else closed, printed.day, None, (at, end)))


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
    return ending._replace(end=written.end(), address=unarchived(written["address"]))


def _cut_ending(text: str, found: re.Match[str], dash: tuple[int, int]) -> _Ending | None:
    """An attribution whose date is cut or missing counts only where all else speaks for it: a true em dash behind a
    short link, at the start of a line or before the post's address, and nothing but the rest of a date behind the
    handle."""
    if text[slice(*dash)] in dashes.WEAK:
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
    if len(tail.strip(MARKS)) >= 3:
        return None
    alone = _LINE_END.match(text, at) is not None and not text[text.rfind("\n", 0, dash[0]) + 1 : dash[0]].strip(" \t>")
    return (
        _Ending(at, None, None) if dashes.after_link(text, dash[0]) or (alone and shows_a_post(text, dash[0])) else None
    )


def last_attribution(text: str, link: int | None) -> Attribution | None:
    """The attribution of a quotation whose markup is known: the last one with a date, or else the `(@handle)` that
    stands right before the link to the post (`link`: where that begins)."""
    dated = [a for a in attributions(text, certain=True) if a.day is not None and a.platform == "x"]
    if dated:
        return dated[-1]
    for found in _handles(text):
        if not _is_x(found["handle"]):
            continue
        near = link is None or (found.end() <= link and not text[found.end() : link].strip(" \t\n\u00a0:,"))
        low, at_line = _line_start(text, 0, found.start())
        dash = dashes.of_name(text, low, found.start(), at_line=at_line) or ((low, low) if at_line else None)
        if near and dash is not None:
            name = text[dash[1] : found.start()].strip()
            return Attribution(dash[0], found.end(), found["handle"], name or None, None, None)
    return None
