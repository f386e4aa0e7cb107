"""X's ids: the time in them, the ids that a day allows, and the token for syndication (platforms.md 1.b, 1.c.2).

And what all its JSON writes in one way: times, and the three characters that it escapes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from archiver.urls import x_id

EPOCH_MS = 1288834974657
FIRST_SNOWFLAKE = 29700859247
"""Ids below it (before 2010-11-04) were counted up one by one: they hold no time."""
_SHIFT = 22
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def id_time(native_id: str) -> datetime | None:
    """The moment in an id, to the millisecond; None where it holds none."""
    if x_id(native_id) is None or int(native_id) < FIRST_SNOWFLAKE:
        return None
    return _1970 + timedelta(milliseconds=(int(native_id) >> _SHIFT) + EPOCH_MS)


def id_window(day: date) -> tuple[str, str] | None:
    """Lowest and highest id of a UTC day; None for days before there was time in ids, or after ids end (2080)."""
    low = max(_first_id(day), FIRST_SNOWFLAKE)
    try:
        high = min(_first_id(day + timedelta(days=1)), 2**63) - 1
    except OverflowError:
        return None
    return (str(low), str(high)) if low <= high else None


def within(native_id: str, window: tuple[str, str]) -> bool:
    """Whether an id lies in a window, ends included."""
    return int(window[0]) <= int(native_id) <= int(window[1])


def edit_chain(named: Iterable[str], native_id: str) -> tuple[str, ...]:
    """Ids of all versions, oldest first; () for a post with one version, or a list that does not hold the post."""
    ids = sorted({each for each in named if x_id(each)}, key=int)
    return tuple(ids) if len(ids) > 1 and native_id in ids else ()


def implausible(native_id: str, now: datetime) -> bool:
    """Whether the id's own time lies more than a day ahead (a day, for a clock that is wrong)."""
    born_at = id_time(native_id)
    return born_at is not None and born_at > now + timedelta(days=1)


def moment(text: str | None) -> datetime | None:
    """`created_at` as X's JSON writes it, for ids that hold no time; None where it is no moment."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def unescaped(text: str) -> str:
    """X's JSON escapes these three characters and no other."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def token(native_id: str) -> str:
    """The token of a syndication address: id / 1e15 · π in base 36, without its zeros and its point."""
    return _in_base_36(float(int(native_id)) / 1e15 * math.pi).replace("0", "").replace(".", "")


def _first_id(day: date) -> int:
    midnight_ms = (datetime(day.year, day.month, day.day, tzinfo=UTC) - _1970) // timedelta(milliseconds=1)
    return (midnight_ms - EPOCH_MS) << _SHIFT


def _in_base_36(number: float) -> str:
    """As JavaScript's Number.prototype.toString(36) writes it: as many digits as tell it from its neighbours."""
    whole = math.floor(number)
    fraction = number - whole
    delta = max(0.5 * (math.nextafter(number, math.inf) - number), math.nextafter(0.0, 1.0))
    digits: list[int] = []
    while fraction >= delta:
        fraction *= 36
        delta *= 36
        digit = int(fraction)
        digits.append(digit)
        fraction -= digit
        if (fraction > 0.5 or (fraction == 0.5 and digit % 2)) and fraction + delta > 1:
            whole += _rounded_up(digits)
            break
    written = _whole(whole)
    return written + "." + "".join(_DIGITS[digit] for digit in digits) if digits else written


def _rounded_up(digits: list[int]) -> int:
    """Add one at the last place, in place; gives the carry into the whole part."""
    while digits:
        if digits[-1] + 1 < 36:
            digits[-1] += 1
            return 0
        digits.pop()
    return 1


def _whole(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written or "0"
