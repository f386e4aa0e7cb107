"""What Instagram's embed prints below a post: `A post shared by Name (@handle) on Nov 11, 2014 at 6:01am PST`.

Since 2020 without the day. The words around name and handle are those of the page's language: before the name in most,
behind the handle in some. The hour, always California's, tells the line in any language.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from archiver.embeds.dates import read_day
from archiver.embeds.signs import MARKS

_TIME = re.compile(r"[^\n\d]{0,12}?\d{1,2}[:.]\d{2} ?(?:[ap]\.?m\.?)? ?P[DS]T", re.IGNORECASE)
_WORD_BEFORE_DATE = re.compile(rf"[\s{MARKS}]{{1,3}}(?:[^\W\d]{{1,4}}\.? )?")
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
        r"|分享的(?:帖子|貼文)|által megosztott bejegyzés|jakama julkaisu|chia sẻ|द्वारा साझा की गई पोस्ट"
        r"|به اشتراک گذاشته (?:شده است|شده|شد)"
    ).replace(" ", _B)
    + ")",
    re.IGNORECASE,
)
"""Behind the handle."""
_LINE_END = re.compile(rf"[ \t\u00a0\r.{MARKS}]{{0,9}}(?:\n|$)")
_PLACEHOLDER = re.compile(
    r"[^\n#@]{0,60}(?:instagram|اینستاگرام|إنستغرام|انستغرام|インスタグラム|인스타그램)[^\n#@:.]{0,40}", re.IGNORECASE
)


class Shared(NamedTuple):
    """Such a line."""

    start: int
    end: int
    name: str | None
    day: date | None


def read(text: str, handle: tuple[int, int], low: int, *, at_line: bool) -> Shared | None:
    """The line around a handle in parentheses; `low`: where it, or what can be looked at of it, begins.

    With a date, its hour tells it in any language; without, the words do, alone on their line."""
    start, end = handle
    near = text[end : end + 60]
    if "PDT" in near or "PST" in near:
        before = _BEFORE.search(text, low, start)
        timed = _day_and_hour(text, end)
        if timed is None or not (before or at_line):
            return None
        name = text[before.end() : start].strip() if before else None
        return Shared(before.start() if before else low, timed[1], name or None, timed[0])
    if not at_line:
        return None
    begun = low + len(text[low:start]) - len(text[low:start].lstrip(f" \t{MARKS}"))
    before, behind = _BEFORE.match(text, begun, start) or _glued(text, begun, start), _BEHIND.match(text, end)
    begun = before.start() if before else begun
    end = behind.end() if behind else end
    if not (before or behind) or _LINE_END.match(text, end) is None:
        return None
    name = text[before.end() if before else begun : start].strip(f" \t{MARKS}")
    return Shared(begun, end, name or None, None)


def _glued(text: str, low: int, high: int) -> re.Match[str] | None:
    """What an extractor left without a break behind the placeholder: "View this post on InstagramA post shared by"."""
    before = _BEFORE.search(text, low, high)
    return before if before and is_placeholder(text[low : before.start()]) else None


def _day_and_hour(text: str, at: int) -> tuple[date | None, int] | None:
    """The date behind the handle, and where its hour ends."""
    word = _WORD_BEFORE_DATE.match(text, at)
    for begin in (at, at + 1, word.end() if word else at):
        printed = read_day(text[begin : begin + 30])
        hour = _TIME.match(text, begin + printed.length) if printed else None
        if printed is not None and hour is not None:
            return printed.day, hour.end()
    return None


def is_placeholder(line: str) -> bool:
    """Whether a line is what stands in for a post that is not loaded yet ("View this post on Instagram")."""
    return _PLACEHOLDER.fullmatch(line.strip(f" \t{MARKS}")) is not None
