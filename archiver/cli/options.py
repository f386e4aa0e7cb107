"""Options that several commands share: filters, format, times."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click

from archiver.cli.output import FORMATS
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from archiver.permalinks import PLATFORMS

Callback = TypeVar("Callback", bound=Callable[..., Any])

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9:]{5})?"
)
_SPAN = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Words(click.ParamType[str]):
    """Text that a database can be asked for: bytes of the command line that are no UTF-8 become "?"."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value).encode("utf-8", "replace").decode("utf-8")


class Moment(click.ParamType[datetime]):
    """A UTC day, an instant, or a span back from now; as an end, a day is included."""

    name = "time"

    def __init__(self, *, is_end: bool = False) -> None:
        self._is_end = is_end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value), datetime.now(UTC), is_end=self._is_end)
        except (ValueError, OverflowError):
            self.fail(
                f"{str(value)!r} is no time: give a UTC day (2026-01-02), an instant (2026-01-02T03:04:05Z) "
                "or a span back from now (12h, 7d)",
                param,
                ctx,
            )


def moment(written: str, now: datetime, *, is_end: bool = False) -> datetime:
    """The instant, in UTC, that `written` names; an instant without an offset is UTC.

    Raises ValueError, or OverflowError where the calendar ends.
    """
    if span := _SPAN.fullmatch(written):
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    if _DAY.fullmatch(written):
        day = datetime.fromisoformat(written).replace(tzinfo=UTC)
        return day + timedelta(days=1) if is_end else day
    if not _INSTANT.fullmatch(written):
        raise ValueError(written)
    at = datetime.fromisoformat(written.upper())
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


format_option = click.option(
    "--format",
    "asked",
    type=click.Choice(FORMATS),
    help="How to write it; without this a table on a terminal, JSON Lines in a pipe.",
)

limit_option = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")

WORDS = Words()

_FILTERS = (
    click.option("--author", type=WORDS, metavar="HANDLE", help="With or without @, in any case; or the author's id."),
    click.option(
        "--platform",
        type=click.Choice(PLATFORMS, case_sensitive=False),
        metavar="NAME",
        help="One of: " + ", ".join(PLATFORMS) + ".",
    ),
    click.option(
        "--verdict",
        type=click.Choice([str(state) for state in State], case_sensitive=False),
        multiple=True,
        metavar="VERDICT",
        help="Any of these; may be repeated. One of: " + ", ".join(State) + ".",
    ),
    click.option("--article", type=WORDS, metavar="TEXT", help="Part of an article's address, title or path."),
    click.option("--since", type=Moment(), metavar="TIME", help="Published then or later."),
    click.option("--until", type=Moment(is_end=True), metavar="TIME", help="Published before then; a day is included."),
    click.option(
        "--gone-since", type=Moment(), metavar="TIME", help="Disappeared in an interval that reaches past it."
    ),
    click.option(
        "--gone-until",
        type=Moment(is_end=True),
        metavar="TIME",
        help="Disappeared in an interval that begins before it.",
    ),
)
TIMES = "A TIME is a UTC day (2026-01-02), an instant (2026-01-02T03:04:05Z) or a span back from now (12h, 7d)."


def filters(callback: Callback) -> Callback:
    """Give a command all filters; it is called with `wanted`, a PostFilter."""

    @functools.wraps(callback)
    def with_filter(*args: Any, verdict: Sequence[str], **given: Any) -> Any:
        named = ("author", "platform", "article", "since", "until", "gone_since", "gone_until")
        asked = {name: given.pop(name) for name in named}
        wanted = PostFilter(verdict=tuple(State(each.lower()) for each in verdict), **asked)
        return callback(*args, wanted=wanted, **given)

    decorated: Any = with_filter
    for option in reversed(_FILTERS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def example(*lines: str, note: str = "") -> str:
    """The epilogue of a command's help."""
    return (f"{note}\n\n" if note else "") + "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)
