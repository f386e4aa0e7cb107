"""Writing the report: counts and drawings first, then a card for each post, one after the other.

    store ─→ head (counts, what was followed, drawings) ─→ cards, a few posts at a time ─→ what is claimed, and not
       templates (autoescape on, everything from outside is text) ─→ file, whole or not at all

The same archive and the same `Stated` give the same bytes: there is no clock in it, and no chance.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import jinja2

from archiver import __version__
from archiver.audit import wording
from archiver.audit.report.cards import AROUND, Card, Cards
from archiver.audit.report.figures import CLASSES, TALLEST, bars, columns, day_of, lanes
from archiver.audit.report.spelling import address, exact_line, one_line, storable
from archiver.audit.report.stated import Stated
from archiver.audit.report.statements import CLAIMS, Claim
from archiver.audit.whole import whole
from archiver.model.listing import PostFilter
from archiver.model.report import VerdictCount
from archiver.model.verdict import State
from archiver.store import incidents, reporting
from archiver.store.followed import followed
from archiver.store.transaction import Reader, Store

TEMPLATES = Path(__file__).parent / "templates"
MOST_LANES = 100
"""So many of the newest intervals are drawn side by side; every card has its own."""
LEFT_OUT = "given, and left out of this public report"


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one claim."""

    claim: Claim
    number: int
    cards: Iterator[Card]


def write(store: Store, path: Path, wanted: PostFilter, *, stated: Stated) -> int:
    """Write the report of the posts that pass the filter. Returns how many cards stand in it.

    An existing file is replaced only by a whole new one. Raises StorageError where the disk refuses.
    """
    with store.reading() as connection:
        return write_of(connection, path, wanted, stated=stated)


def write_of(connection: Reader, path: Path, wanted: PostFilter, *, stated: Stated) -> int:
    """The same, of one state of the archive."""
    with whole(path) as file:
        context = _context(connection, wanted, stated)
        for piece in _environment().get_template("report.html").generate(context):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return sum(section.number for section in context["sections"])


def _context(connection: Reader, wanted: PostFilter, stated: Stated) -> dict[str, Any]:
    cards = Cards(connection, public=stated.public)
    sections = [_section(connection, cards, claim, wanted) for claim in CLAIMS]
    counts = sorted(reporting.by_verdict(connection, wanted), key=lambda each: list(CLASSES).index(each.state))
    style = _style(stated)
    drawn = list(islice(reporting.intervals(connection, wanted, State.DELETED), MOST_LANES))
    looks = reporting.by_endpoint(connection)
    first = min((each.first_at for each in looks), default=None)
    last = max((each.last_at for each in looks), default=None)
    return {
        "stated": stated,
        "version": __version__,
        "style": style,
        "style_digest": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "counts": counts,
        "held": sum(each.held for each in counts),
        "shown": sum(each.shown for each in counts),
        "filters": _filters(wanted, public=stated.public),
        "followed": followed(connection),
        "looks": looks,
        "first_look": first,
        "last_look": last,
        "incidents": incidents.listed(connection),
        "verdict_bars": bars(_drawn(counts)),
        "over_time": columns(_days(connection, wanted), first and day_of(first), last and day_of(last)),
        "tallest": TALLEST,
        "lanes": lanes(drawn, last),
        "most_lanes": MOST_LANES,
        "sections": sections,
        "around": AROUND,
    }


def _section(connection: Reader, cards: Cards, claim: Claim, wanted: PostFilter) -> Section:
    numbers = reporting.numbers(connection, wanted, claim.states, restored=claim.restored)
    return Section(claim, len(numbers), cards.of(numbers))


def _drawn(counts: list[VerdictCount]) -> list[tuple[str, int, str]]:
    return [(wording.WORDS[each.state], each.shown, CLASSES[each.state]) for each in counts if each.shown]


def _days(connection: Reader, wanted: PostFilter) -> dict[date, int]:
    """How many deleted posts were first found absent on each day."""
    days: dict[date, int] = {}
    for _, _, right in reporting.intervals(connection, wanted, State.DELETED):
        days[day_of(right)] = days.get(day_of(right), 0) + 1
    return days


def _filters(wanted: PostFilter, *, public: bool) -> list[tuple[str, str]]:
    """The filters that are set, in words; a public report names no author and quotes no article."""

    def told(words: str | None) -> str | None:
        return words and (LEFT_OUT if public else words)

    filters = {
        "author": told(wanted.author),
        "platform": wanted.platform,
        "verdict": ", ".join(wording.WORDS[state] for state in wanted.verdict) or None,
        "article": told(wanted.article),
        "published since": wanted.since and wording.moment(wanted.since),
        "published before": wanted.until and wording.moment(wanted.until),
        "gone since": wanted.gone_since and wording.moment(wanted.gone_since),
        "gone before": wanted.gone_until and wording.moment(wanted.gone_until),
    }
    return [(name, words) for name, words in filters.items() if words]


def _style(stated: Stated) -> str:
    """The style sheet; its page header names what was printed, in letters that need no escaping."""
    name = re.sub(r"[^A-Za-z0-9.-]", "", stated.origin or "")
    head = f"{name + ' · ' if name else ''}as of {wording.moment(stated.as_of)}"
    return (TEMPLATES / "report.css").read_text(encoding="utf-8").replace("RUNNING-HEAD", head)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "moment": wording.moment,
        "iso": _iso,
        "line": one_line,
        "exact": exact_line,
        "address": address,
        "words": lambda state: wording.WORDS[State(state)],
        "hours": _hours,
        "thousands": lambda number: f"{number:,}",
    }
    return environment


def _finalized(part: Any) -> Any:
    """Whatever is set: no text holds what HTML cannot."""
    return storable(part) if isinstance(part, str) and not hasattr(part, "__html__") else part


def _hours(span: timedelta) -> str:
    """A span as the rules are read: "1 hour", "72 hours", "7 days"."""
    hours = span / timedelta(hours=1)
    if hours >= 96 and hours % 24 == 0:
        return f"{hours / 24:g} days"
    return f"{hours:g} hour{'' if hours == 1 else 's'}"


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
