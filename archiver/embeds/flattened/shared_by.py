"""What Instagram's embed prints below a post: `A post shared by Name (@handle) on Nov 11, 2014 at 6:01am PST`.

Since 2020 without the day. The words around name and handle are those of the page's language: before the name in most,
behind the handle in some. The hour, always California's, tells the line in any language.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.dates import read_day
from archiver.embeds.flattened.signs import MARKS

_BROKEN = r"(?:\n[ \t>]{0,60}(?=\w))?"
"""Where a line ends because it is full."""
_TIME = re.compile(
    rf"[^\n\d]{{0,16}}?{_BROKEN}[^\n\d]{{0,16}}?\d{{1,2}} ?[:.時] ?\d{{2}}[^\n\d]{{0,12}}?{_BROKEN}"
    r"(?:P[DS]T(?:[^\n()]{0,25}\))?|(?P<local>Uhr))"
)
_WORD = re.compile(r"(?<!\w)\w")
_EASTERN = re.compile(r"(20\d\d)(?: ?年)? ?(\d{1,2})(?:월|月) ?月? ?(\d{1,2})(?: ?日)?")
"""Japanese has the word for "month" twice, Korean none for "year" and "day"."""
_LONGEST_LEAD, _SHORT_LEAD = 50, 12
"""Characters between the handle and the date: where the words are known, and where they are not."""
_B = rf"[\s{MARKS}]{{1,4}}"
_BEFORE = re.compile(
    (
        r"(?:an?|une?|una|um|uma|o|een|ein|et|ett|en|sebuah)\s(?:post|photo|video|reel|beitrag|publication|vidéo"
        r"|publicación|foto|publicação|bericht|innlegg|opslag|inlägg|postare|kiriman)\s(?:shared by|posted by"
        r"|geteilt von|partagée? par|publiée? par|compartid[ao] (?:de|por)|publicad[ao] (?:de|por)|condiviso da"
        r"|compartilhad[ao] por|partilhad[ao] por|gedeeld door|delt a[vf]|delat av|distribuită de|dibagikan oleh)"
        r"|un post condiviso da|публикация от|публикация, споделена от|допис, поширений|post udostępniony przez"
        r"|příspěvek sdílený(?: uživatelem)?|príspevok, ktorý zdieľa|objava koju dijeli|η δημοσίευση κοινοποιήθηκε από"
        r" (?:το χρήστη|τον/την)|siaran yang dikongsi oleh|bài viết do|โพสต์ที่แชร์โดย|פוסט משותף על ידי"
        r"|تمت مشاركة منشور بواسطة|پستی به اشتراک گذاشته شده توسط|پستی که توسط|isang post na ibinahagi ni"
    ).replace(" ", _B)
    + rf"[\s{MARKS}]{{0,9}}",
    re.IGNORECASE,
)
"""Before the name."""
_BEHIND = re.compile(
    rf"[\s{MARKS}]{{0,9}}(?:"
    + (
        r"['’](?:in|ın|un|ün|nin|nın|nun|nün) paylaştığı bir gönderi"
        r"|がシェアした投稿|님의 공유 게시물|님이 공유한 게시물"
        r"|分享的(?:帖子|貼文)|által (?:megosztott|közzétett) (?:bejegyzés|videó|fotó|fénykép)|jakama julkaisu|chia sẻ"
        r"|द्वारा साझा की गई पोस्ट"
        r"|به اشتراک گذاشته (?:شده است|شده|شد)"
    ).replace(" ", _B)
    + ")",
    re.IGNORECASE,
)
"""Behind the handle."""
_LINE_END = re.compile(
    rf"[ \t\u00a0\r.,{MARKS}]{{0,9}}(?:[–—-]|on|am|el|le|op|em|in data:?)?[ \t\u00a0\r{MARKS}]{{0,3}}(?:\n|$)"
    r"|[^\n]{1,40}\bP[DS]T\b[^\n]{0,30}(?:\n|$)|[ \t\u00a0]{0,3}\(opens in new tab\)[ \t]{0,3}(?:\n|$)"
)
"""Also behind an hour whose date is not read; and where an extractor dropped the date, and left the word before it."""
_OPENS = re.compile(
    (
        r"(?:View this post on|Ver (?:esta|essa) (?:publicación|publicação|foto) (?:en|no)|cette publication sur"
        r"|diesen Beitrag auf|Visualizza questo post su|Bekijk dit bericht op|bericht bekijken op|ten post na"
        r"|Lihat (?:postingan|kiriman) ini di|эту публикацию в|この投稿を) ?Instagram(?:ie)?(?: an(?:sehen)?|で見る)?"
    )
    .replace(" ", _B)
    .replace(_B + "?", " ?")
)
"""Placeholders as they begin in the languages that were seen."""
_WHOLE = re.compile(
    rf"(?:[^\W\d_]{{3,14}}{_B}(?:dir{_B})?)?{_OPENS.pattern.join(('(?:', ')'))}|Voir le post sur Instagram"
    r"|Bu gönderiyi Instagram['’]da gör(?:üntüle)?|Instagram['’]da bu gönderiyi gör(?:üntüle)?"
)
_PLACEHOLDER = re.compile(
    r"[^\n#@]{0,60}(?:instagram|اینستاگرام|إنستغرام|انستغرام|インスタグラム|인스타그램)[^\n#@:.]{0,40}", re.IGNORECASE
)

_THIS = re.compile(
    r"View this (?:post|photo|video|reel|profile) on Instagram"
    r"|\b(?:dies\w{0,2}|est[ae]|ess[ae]|cette|quest[oa]|dit|ten|bu|ini|det här|dette|tämä|această|αυτή|này|эту|цей"
    r"|příspěvek|bejegyzés)\b|この|이 |這|这|此|هذا|این|यह|นี้|הזה",
    re.IGNORECASE,
)
"""What Instagram's own placeholder says in each language; in English "this" alone is in many a link's words."""
HANDLE = re.compile(r"[(（]@(?P<handle>[\w.]{1,60})[)）]")
_HANDLE_ALONE = re.compile(rf"(?:{_BEFORE.pattern})\s{{0,3}}@(?P<handle>[\w.]{{1,60}})[ \t\r]{{0,9}}", re.IGNORECASE)
"""As Substack prints it, without a name."""


class Shared(NamedTuple):
    """Such a line."""

    start: int
    end: int
    name: str | None
    day: date | None


class _Timed(NamedTuple):
    day: date | None
    end: int
    is_pacific: bool


def read(text: str, handle: tuple[int, int], low: int, *, at_line: bool) -> Shared | None:
    """The line around a handle in parentheses; `low`: where it, or what can be looked at of it, begins.

    With a date, its hour tells it in any language; without, the words do, alone on their line."""
    start, end = handle
    near = text[end : end + 90]
    is_timed = "PDT" in near or "PST" in near or "Uhr" in near
    if not at_line and not is_timed and "nstagram" not in text[low:start]:
        return None
    behind = _BEHIND.match(text, end)
    if is_timed:
        before = _BEFORE.search(text, low, start)
        lead = _LONGEST_LEAD if before or behind else _SHORT_LEAD
        timed = _day_and_hour(text, end, lead) if before or at_line else None
        # An hour of the reader's place may be that of an article.
        if timed is not None and (timed.is_pacific or before or behind):
            named = before.end() if before else low if behind and at_line else start
            return Shared(before.start() if before else low, timed.end, _name(text[named:start]), timed.day)
    begun = low + len(text[low:start]) - len(text[low:start].lstrip(f" \t{MARKS}"))
    before = (_BEFORE.match(text, begun, start) if at_line else None) or _glued(text, begun, start, at_line=at_line)
    rest = _LINE_END.match(text, behind.end() if behind else end)
    if not (before or (behind and at_line)) or (rest is None and not _opened(text, before)):
        return None
    begun, named = before.span() if before else (begun, begun)
    return Shared(begun, rest.start() + len(rest.group().rstrip()) if rest else end, _name(text[named:start]), None)


def _name(words: str) -> str | None:
    return words.strip(f" \t{MARKS}").removesuffix("さん") or None


def _glued(text: str, low: int, high: int, *, at_line: bool) -> re.Match[str] | None:
    """What an extractor left without a break behind the placeholder: "View this post on InstagramA post shared by"."""
    before = _BEFORE.search(text, low, high)
    if before is None or (at_line and is_placeholder(text[low : before.start()])):
        return before
    return before if _opened(text, before) else None


def _opened(text: str, before: re.Match[str] | None) -> bool:
    """Whether the placeholder stands right before, wherever in a line: no sentence goes on in capitals there."""
    if before is None or before.group()[:1].islower():
        return False
    end = behind_placeholder(text, max(before.start() - 60, 0), before.start())
    return end is not None and not text[end : before.start()].strip()


def behind_placeholder(text: str, low: int, high: int) -> int | None:
    """Where the last placeholder in text[low:high] ends, also one that is run together with prose."""
    return next((found.end() for found in reversed([*_OPENS.finditer(text, low, high)])), None)


def _day_and_hour(text: str, at: int, lead: int) -> _Timed | None:
    """The date behind the handle, and where its hour ends. The date may stand on the next line."""
    for word in _WORD.finditer(text, at, at + lead):
        if "\n" in text[at : word.start()].strip():
            break
        eastern = _EASTERN.match(text, word.start())
        words = "{}-{:0>2}-{:0>2}".format(*eastern.groups()) if eastern else text[word.start() : word.start() + 30]
        printed = read_day(words)
        if printed is not None:
            hour = _TIME.match(text, eastern.end() if eastern else word.start() + printed.length)
            if hour is not None:
                return _Timed(printed.day, hour.end(), is_pacific=hour["local"] is None)
    return None


def is_placeholder(line: str) -> bool:
    """Whether a line is what stands in for a post that is not loaded yet ("View this post on Instagram")."""
    return _PLACEHOLDER.fullmatch(line.strip(f" \t{MARKS}")) is not None


def opens(line: str) -> bool:
    """Whether a line is Instagram's placeholder and no more."""
    return _WHOLE.fullmatch(line) is not None


def shows_this(line: str) -> bool:
    """Whether a line is such a placeholder in Instagram's own words: others may say where a post is to be seen."""
    return is_placeholder(line) and _THIS.search(line) is not None


def whose(words: str) -> tuple[str, Shared] | None:
    """The handle in a line that says who shared a post, and what else it says; None if it does not."""
    if (alone := _HANDLE_ALONE.fullmatch(words)) is not None:
        return alone["handle"], Shared(0, len(words.rstrip()), None, None)
    handle = HANDLE.search(words)
    line = read(words, handle.span(), 0, at_line=True) if handle else None
    return (handle["handle"], line) if handle and line else None
