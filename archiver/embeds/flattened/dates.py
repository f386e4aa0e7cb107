"""Dates as attributions print them: in the language of the page that embeds the post.

English is read at once. All else is read by Unicode CLDR (Babel): the long and the medium date of every language
that X's widgets speak (platforms.md 1.a.2), with its month names, wide and abbreviated, in running text and alone.
Babel is imported, and a language's names are loaded, only when a text looks like such a date: that costs a tenth of
a second, and most articles hold none. X prints Gregorian days in every language; in Thai with the year of Buddha.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from archiver.embeds.flattened.signs import MARKS

LANGUAGES = {
    "LATIN": "de fr es it pt nl tr pl sv da no fi cs hu ro id ms fil vi ca lt lv hr sk sl eu gl",
    "CYRILLIC": "ru uk bg sr",
    "GREEK": "el",
    "ARABIC": "ar fa ur",
    "HEBREW": "he",
    "DEVANAGARI": "hi mr",
    "BENGALI": "bn",
    "GUJARATI": "gu",
    "KANNADA": "kn",
    "TAMIL": "ta",
    "THAI": "th",
    "CJK": "ja zh_Hans zh_Hant ko",
    "HANGUL": "ko",
    "": "de cs fi ja ko ar",
}
"""The languages that are tried, as CLDR names them, by the script of the first letter; "" where there is none."""
CUT_CHARACTERS = 40
"""No date is longer, so what a cut one leaves is shorter."""
BUDDHIST_YEARS = 543
FIRST_DAY = date(2006, 3, 21)
"""Of X's first post; there were no embeds of others before."""
LAST_DAY = date(2100, 12, 31)
"""A later year is a slip of the pen."""

_BLANK = rf"[\s{MARKS}]"
_ENGLISH_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_ENGLISH_NUMBERS = {name[:3]: number for number, name in enumerate(_ENGLISH_MONTHS, 1)}
_MONTH = "(?P<month>" + "|".join([*_ENGLISH_MONTHS, "sept", *_ENGLISH_NUMBERS]) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_ENGLISH = (
    re.compile(rf"{_MONTH}{_BLANK}{{1,9}}{_DAY},?{_BLANK}{{1,9}}{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY}{_BLANK}{{1,3}}{_MONTH},?{_BLANK}{{1,3}}{_YEAR}", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
)
_LIKELY = re.compile(
    rf"[\s{MARKS}]{{0,3}}(?:(?:[^\s\d(@]{{3,14}}|[^\0-\x7f]{{2}})\s)?"
    r"(?:\d{1,2}(?!\d)[^\d\n]{1,25}(?:\d{1,2}(?!\d)[^\d\n]{1,8})?\d{4}(?!\d)"
    r"|\d{4}(?!\d)[^\d\n]{1,25}\d{1,2}(?!\d))"
)
"""A day and a year no farther apart than in any language; a month before them, between them, or none."""
_ALSO = {"MMMM d, y", "d MMMM y"}
"""Seen besides CLDR's own: English order with the language's month."""
_ALSO_OF = {
    "ca": {"d MMMM 'de' y"},
    "vi": {"'Ngày' d MMMM 'năm' y"},
    "ja": {"y 年 M 月 d 日"},
    "ko": {"y 년 M 월 d 일"},
}
"""The last two with blanks, as translators' programs and Chinese writers set numbers apart; Chinese has the same signs
as Japanese."""
_TOKEN = re.compile(r"'([^']*)'|(d+|M+|L+|y+|G+)|(\s+)|(.)")
_NUMBERS = re.compile(r"\d+")
_BROKEN_LINE = re.compile(r"(?<!\n)\n(?!\n)")
"""Of a text whose lines end where they are full, within a date, too."""


class PrintedDay(NamedTuple):
    """A date that was read."""

    day: date | None
    """None where no post can be of that day: before FIRST_DAY or after LAST_DAY."""
    length: int
    """Characters that it takes."""


def read_day(text: str) -> PrintedDay | None:
    """The date that `text` begins with, in any of the languages above; None if there is none."""
    text = text[:60]
    for shape in _ENGLISH:
        found = shape.match(text)
        if found is not None:
            month = found["month"].lower()
            return _printed(found, _ENGLISH_NUMBERS.get(month[:3]) or int(month))
    text = _BROKEN_LINE.sub(" ", text)
    likely = _LIKELY.match(text)
    if likely is None:
        return None
    for language in _languages(likely.group()):
        for known in _dates_of(language):
            found = known.shape.match(text)
            if found is not None:
                groups = found.groupdict()
                number = known.months[_folded(groups["name"])] if groups.get("name") else int(groups["number"])
                return _printed(found, number)
    return None


_PARTING = "—–-|·•\u00a0 "


def is_cut_date(text: str) -> bool:
    """Whether `text` is what an extractor left of a date: "Februa", "25. Septem", "2019. júni", "16 de", "3"."""
    text = text.strip()
    numbers = _NUMBERS.findall(text)
    if not 0 < len(text) <= CUT_CHARACTERS or len(numbers) > 3 or any(len(number) > 4 for number in numbers):
        return False
    if text[0] in _PARTING and read_day(text.lstrip(_PARTING)):
        # The day is not cut, but parted from the handle, as bylines have it.
        return False
    left = _only_letters(text)
    if not left:
        return bool(numbers)
    if len(left) < 3 - (not left.isalpha()) and not numbers:
        # A letter with a vowel's mark is as much as two: May is "ಮೇ".
        return False
    if any(month.startswith(left) for month in _ENGLISH_MONTHS):
        return True
    return any(whole.startswith(left) for language in _languages(text) for whole in _letters_in(language))


def _printed(found: re.Match[str], month: int) -> PrintedDay | None:
    year = int(found["year"])
    try:
        day = date(year - BUDDHIST_YEARS if year > 2400 else year, month, int(found["day"]))
    except ValueError:
        return None
    possible = FIRST_DAY <= day <= LAST_DAY
    return PrintedDay(day if possible else None, found.end())


def _languages(text: str) -> list[str]:
    letter = next((c for c in text[:CUT_CHARACTERS] if c.isalpha()), "")
    script = unicodedata.name(letter, "").partition(" ")[0] if letter else ""
    return LANGUAGES.get(script, "").split()


def _folded(name: str) -> str:
    """A month's name as it is compared."""
    return " ".join(unicodedata.normalize("NFC", name).lower().replace("\u200f", "").split()).strip(" .")


class _Dates(NamedTuple):
    """One pattern of one language."""

    pattern: str
    """As CLDR writes it."""
    shape: re.Pattern[str]
    months: dict[str, int]
    era: str
    """What stands for "AD"."""


@lru_cache(maxsize=64)
def _dates_of(language: str) -> tuple[_Dates, ...]:
    from babel import Locale, localedata  # costs as much as all else in this room together
    from babel.dates import get_date_format, get_month_names

    locale = Locale.parse(language)
    printed = [
        (name, number)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    ]
    months = {_folded(name): number for name, number in reversed(printed)}
    spelt = {form for name, _ in printed for form in _spellings(name)}
    names = "|".join(sorted(map(_loosely, spelt), key=len, reverse=True))
    eras = "|".join(re.escape(name) for names in locale.eras.values() for name in names.values())
    formats = {get_date_format(width, locale).pattern for width in ("long", "medium")} | _ALSO
    formats |= _ALSO_OF.get(language, set())
    # Babel keeps all that it knows of a language, its neighbours' names and currencies too: 24 MB for ours.
    getattr(localedata, "_cache", {}).clear()
    return tuple(
        _Dates(each, re.compile(_shape(each, names, eras), re.IGNORECASE), months, locale.eras["abbreviated"][1])
        # The longer first: Bulgarian's "г." behind the year belongs to the date.
        for each in sorted(formats, key=lambda pattern: (-len(pattern), pattern))
    )


@lru_cache(maxsize=64)
def _letters_in(language: str) -> frozenset[str]:
    """All that is no digit in the dates of a year, in their order."""
    return frozenset(
        _only_letters("".join(_words(known.pattern, name, known.era)))
        for known in _dates_of(language)
        for name in (known.months if "MMM" in known.pattern else [""])
    )


def _words(pattern: str, name: str, era: str) -> Iterator[str]:
    for literal, letters, _, sign in _TOKEN.findall(pattern):
        yield {"M": name, "L": name, "G": era}.get(letters[:1], "") if letters else literal or sign


def _only_letters(text: str) -> str:
    """With the vowels that Indian scripts write as marks on the letter before."""
    letters = unicodedata.normalize("NFC", text).lower()
    return "".join(sign for sign in letters if sign.isalpha() or unicodedata.category(sign)[0] == "M")


def _spellings(name: str) -> Iterator[str]:
    """With and without its final dot, composed and decomposed."""
    for form in (name, name.strip(".")):
        yield form
        yield unicodedata.normalize("NFD", form)


def _loosely(name: str) -> str:
    return re.escape(name).replace(r"\ ", r"\s{1,3}")


def _shape(pattern: str, names: str, eras: str) -> str:
    """A CLDR pattern as a regular expression. Where a month's name tells the date, points, commas and small words may
    be missing, and there may be more of them ("1er", "27-го"); where only numbers do, all must be there."""
    named = "MMM" in pattern or "LLL" in pattern
    parts = [rf"{_BLANK}{{0,3}}"]
    for literal, letters, blank, sign in _TOKEN.findall(pattern):
        if letters:
            parts.append(_field(letters, names, eras))
        elif blank:
            parts.append(rf"{_BLANK}{{0,4}}")
        else:
            text = "|".join(sorted({re.escape(form) for form in _spellings(literal or sign) if form}))
            parts.append(f"(?:{text})" + "?" * (named and not (sign.isalpha() and len(parts) < 3)))
        if letters[:1] == "d" and named:
            parts.append(r"(?:\.|er\b|re\b|º|ª|-?(?:го|е)\b)?")
    # A month that ends the date is not to be the beginning of a word that was cut ("janv" of "janvāri").
    return "".join(parts) + r"(?![^\W\d_])" * pattern.endswith(("MMM", "LLL"))


def _field(letters: str, names: str, eras: str) -> str:
    if letters[0] == "d":
        return r"(?P<day>\d{1,2})(?!\d)"
    if letters[0] == "y":
        return rf"(?:พ\.ศ\.{_BLANK}{{0,3}})?{_YEAR}"
    if letters[0] == "G":
        return f"(?:{eras})?"
    return rf"(?P<name>{names})\.?[،,]?" if len(letters) > 2 else r"(?P<number>\d{1,2})"
