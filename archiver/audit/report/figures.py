"""The geometry of the report's drawings, in hundredths of the width: the templates only set it.

Nothing is scaled: a drawing keeps its height and the size of its letters on a phone and on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archiver.model.report import LookListing
from archiver.model.verdict import State

TALLEST = 132
"""Height of the highest column, in pixels."""
GUTTER = 4
"""Where the columns begin: numbers stand before them."""
NARROWEST = 0.5
"""Width of the shortest interval that is drawn, in hundredths: it must still be seen."""
_DAYS_TO_WEEKS, _WEEKS_TO_MONTHS, _MONTHS_TO_YEARS = 62, 480, 3700

CLASSES = {
    State.DELETED: "deleted",
    State.GONE_BEFORE_FIRST_LOOK: "before",
    State.ACCOUNT_SUSPENDED: "account",
    State.ACCOUNT_GONE: "account",
    State.PROTECTED: "account",
    State.WITHHELD: "account",
    State.AGE_GATED: "account",
    State.GONE_UNATTRIBUTED: "open",
    State.GONE_UNCONFIRMED: "open",
    State.ABSENT_ON_FIRST_CHECK: "open",
    State.ALIVE: "alive",
    State.UNKNOWN: "unknown",
}
"""How each verdict is coloured and hatched; in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart."""

    label: str
    number: int
    css: str
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the chart over time."""

    label: str
    number: int
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Disappearances over time."""

    unit: str
    """"day", "week", "month" or "year"."""
    columns: tuple[Column, ...]
    grid: tuple[tuple[int, float], ...]
    """Numbers at which a line is drawn, and its height."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One interval on the common axis."""

    post: int
    left: datetime | None
    right: datetime
    x: float
    width: float
    length: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One look on a post's own strip."""

    kind: str
    """"present", "absent" (or not public) or "account"."""
    x: float
    says: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A post's interval on an axis of its own; in hundredths of the width."""

    left: float
    right: float
    decided: float
    marks: tuple[Mark, ...]


def bars(rows: Iterable[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """(label, number, class) as bars; the longest is the whole width."""
    listed = list(rows)
    most = max((number for _, number, _ in listed), default=0)
    return tuple(Bar(label, number, css, _hundredths(number, most)) for label, number, css in listed)


def columns(days: dict[date, int], since: date | None = None, until: date | None = None) -> Columns | None:
    """Counts by day, gathered into days, weeks, months or years; None without any.

    The axis spans what was followed (`since`, `until`), and every day that counts.
    """
    if not days:
        return None
    first, last = min([*days, *([since] if since else [])]), max([*days, *([until] if until else [])])
    unit = _unit((last - first).days)
    counted: dict[date, int] = {}
    for day, number in days.items():
        start = _start(day, unit)
        counted[start] = counted.get(start, 0) + number
    starts = list(_steps(_start(first, unit), last, unit))
    most = max(counted.values())
    step = (100 - GUTTER) / len(starts)
    drawn = tuple(
        Column(
            _label(start, unit),
            counted.get(start, 0),
            round(GUTTER + (place + 0.1) * step, 3),
            round(step * 0.8, 3),
            round(TALLEST * counted.get(start, 0) / most, 2),
        )
        for place, start in enumerate(starts)
    )
    return Columns(unit, drawn, tuple((number, round(TALLEST * number / most, 2)) for number in _ticks(most)))


def lanes(
    found: Sequence[tuple[int, datetime | None, datetime]], until: datetime | None = None
) -> tuple[tuple[Lane, ...], tuple[datetime, ...]]:
    """The intervals on one axis that ends at the last look, and the times at its ends and middle."""
    if not found:
        return (), ()
    start = min(left or right for _, left, right in found)
    end = max([right for _, _, right in found] + ([until] if until else []))
    span = max(end - start, timedelta(hours=1))
    drawn = []
    for post, left, right in found:
        width = max(_share((right - left) / span) if left else NARROWEST, NARROWEST)
        x = min(_share(((left or right) - start) / span), 100 - width)
        drawn.append(Lane(post, left, right, round(x, 3), round(width, 3), length(left, right)))
    return tuple(drawn), (start, start + span / 2, start + span)


def strip(
    left: datetime | None, right: datetime | None, decided: datetime | None, looks: Sequence[LookListing]
) -> Strip | None:
    """The interval and the looks round it; None where there is no interval to draw."""
    if right is None:
        return None
    begin = left or right
    end = max([decided or right, right, *(look.at for look in looks)])
    span = max(end - begin, timedelta(hours=1))
    start, whole = begin - span * 0.12, span * 1.18

    def place(at: datetime) -> float:
        return round(_share(max((at - start) / whole, 0.0)), 3)

    drawn = tuple(
        Mark(_KINDS[look.outcome], place(look.at), f"{look.outcome} on {look.endpoint}, {look.at:%Y-%m-%d %H:%M} UTC")
        for look in looks
        if look.outcome in _KINDS and look.at >= start
    )
    return Strip(place(left) if left else 0.0, place(right), place(decided or right), drawn)


def length(left: datetime | None, right: datetime) -> str:
    """How long an interval is: "5 d 3 h"; "open" without a left end."""
    if left is None:
        return "open"
    minutes = max(int((right - left).total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days:,} d {hours} h" if hours and days < 100 else f"{days:,} d"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


_KINDS = {"present": "present", "account_ok": "account"} | dict.fromkeys(
    ("absent", "protected", "suspended", "account_gone", "withheld", "age_gated"), "absent"
)
"""How an outcome is marked; one that tells nothing is not."""


def _hundredths(number: float, most: float) -> float:
    return round(100 * number / most, 3) if most else 0.0


def _share(part: float) -> float:
    return min(100 * part, 100.0)


def _unit(days: int) -> str:
    if days <= _DAYS_TO_WEEKS:
        return "day"
    if days <= _WEEKS_TO_MONTHS:
        return "week"
    return "month" if days <= _MONTHS_TO_YEARS else "year"


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _steps(first: date, last: date, unit: str) -> Iterable[date]:
    at = first
    while at <= last:
        yield at
        if unit in ("day", "week"):
            at += timedelta(days=1 if unit == "day" else 7)
        else:
            # 32 days or 366 days on lies within the next one, wherever this one began.
            at = _start(at + timedelta(days=32 if unit == "month" else 366), unit)


def _label(start: date, unit: str) -> str:
    if unit == "year":
        return f"{start:%Y}"
    return f"{start:%b %Y}" if unit == "month" else f"{start.day} {start:%b %Y}"


def _ticks(most: int) -> tuple[int, ...]:
    """At most four round numbers up to the greatest."""
    step = next(
        unit * 10**power for power in range(len(str(most)) + 1) for unit in (1, 2, 5) if most <= 4 * unit * 10**power
    )
    return tuple(range(step, most + 1, step))


def day_of(at: datetime) -> date:
    """The UTC day of a time."""
    return at.astimezone(UTC).date()
