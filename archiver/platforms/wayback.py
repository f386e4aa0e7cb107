"""The Wayback Machine's two doors, and what their answers mean (platforms.md 12.2, 12.3). Pure.

    index    which captures there are (the CDX server)           → rows, or unknown
    replay   the raw bytes of one capture (the mode `id_`)       → a memento, or unknown

Only a `Memento-Datetime` header marks a capture. Its status is the archived one: an archived 404 or 429 tells nothing
of the post, nor does a page of the archive's own (excluded, not archived, "too many requests").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlencode

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.platforms.answers import UnreadableError, by_status, json_of, unknown, without_answer

HOST = "web.archive.org"
NAME = "wayback"
VERSION = "1"
GAP_SECONDS = 2.5
"""Least time between two requests: 24 a minute, four fifths of what the archive allows its index to be asked."""
LEAST_WAIT_SECONDS = 60
"""After "too many requests", whatever the answer says."""
MOST_ROWS = 3000
SERVED, NOT_FAILED = "!statuscode:[345]..", "!statuscode:[45].."
"""Filters: captures of answers that were served; of those, or of redirects."""
_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_REPLAYED = re.compile(r"(?:https?://web\.archive\.org)?/web/([0-9]{14})id_/(\S{4,8192})")
_REDIRECTS = (301, 302, 303, 307, 308)
_BLOCKED = ("AdministrativeAccessControlException", "Blocked Site Error")
_EXCLUDED = b"This URL has been excluded from the Wayback Machine"


class Row(NamedTuple):
    """One capture in the index."""

    timestamp: str
    """Fourteen digits, UTC."""
    original: str
    """The address that was captured."""
    mimetype: str
    status_code: str
    """As archived; "-" for a capture whose bytes are those of an earlier one."""
    digest: str


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture, replayed."""

    captured_at: datetime
    exchange: Exchange
    """Its status and body are the archived ones."""

    @property
    def age_seconds(self) -> int:
        """The `Age` of the answer when it was captured; 0 where it had none that can be read."""
        age = (self.exchange.header("x-archive-orig-age") or "").strip()
        return int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0


@dataclass(frozen=True, slots=True)
class _Nearest:
    """The archive has another capture that is near: where to ask for it, and what it is of."""

    url: str
    original: str


def index_address(url: str, *, prefix: bool, only: str = SERVED) -> str:
    """Where to ask which captures there are of an address, or of all that begin with it."""
    query = {
        "url": url,
        "matchType": "prefix" if prefix else "exact",
        "output": "json",
        "fl": ",".join(_FIELDS),
        "filter": only,
        "limit": str(MOST_ROWS),
    }
    return f"https://{HOST}/cdx/search/cdx?{urlencode(query)}"


def index(exchange: Exchange) -> list[Row] | Reading:
    """The captures that an index's answer names; a reading where it tells nothing."""
    down = without_answer(exchange) or _refused(exchange) or by_status(exchange)
    if down is not None:
        return down
    if not exchange.body.strip():
        return []
    try:
        noun = json_of(exchange.body)
    except UnreadableError as error:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, str(error))
    if not isinstance(noun, list):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "an index that is no list")
    if not noun:
        return []
    header, *lines = noun
    if not isinstance(header, list) or not set(_FIELDS) <= {name for name in header if isinstance(name, str)}:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "an index without its fields")
    places = [header.index(name) for name in _FIELDS]
    return [row for line in lines if (row := _row(line, places)) is not None]


def _row(line: object, places: list[int]) -> Row | None:
    if not isinstance(line, list) or len(line) <= max(places):
        return None
    fields = [line[place] for place in places]
    if not all(isinstance(field, str) for field in fields):
        return None
    row = Row(*fields)
    return row if re.fullmatch(r"[0-9]{14}", row.timestamp) and _REPLAYED.fullmatch(_path(row)) else None


def _path(row: Row) -> str:
    return f"/web/{row.timestamp}id_/{row.original}"


def replay(row: Row, get: Get, is_same: Callable[[str], bool]) -> Memento | Reading:
    """Ask for a capture's raw bytes.

    Where the archive leads to a nearer one, one hop is followed, and only to an address that `is_same`: where an
    archived redirect leads was never captured under this address.
    """
    exchange = get(f"https://{HOST}{_path(row)}")
    found = _replayed(exchange)
    if isinstance(found, _Nearest):
        if not is_same(found.original):
            return unknown(exchange, Reason.REDIRECTED, f"leads to {found.original[:200]}")
        exchange = get(found.url)
        found = _replayed(exchange)
    return unknown(exchange, Reason.REDIRECTED, "leads on and on") if isinstance(found, _Nearest) else found


def _replayed(exchange: Exchange) -> Memento | _Nearest | Reading:
    down = without_answer(exchange)
    if down is not None:
        return down
    dated = exchange.header("memento-datetime")
    if dated is not None:
        captured_at = _moment(dated)
        known = captured_at is not None and captured_at <= exchange.received_at
        return Memento(captured_at, exchange) if captured_at and known else _odd(exchange, "a capture of no time")
    refused = _refused(exchange)
    if refused is not None:
        return refused
    if exchange.status_code in _REDIRECTS:
        return _nearest(exchange) or _odd(exchange, "a redirect that is no capture")
    if exchange.status_code == 404:
        return unknown(exchange, Reason.NOT_ARCHIVED)
    if exchange.status_code == 200 and _EXCLUDED in exchange.body:
        return unknown(exchange, Reason.EXCLUDED)
    return by_status(exchange) or _odd(exchange, "a page that is no capture")


def _refused(exchange: Exchange) -> Reading | None:
    """Excluded addresses, and requests that came too fast; None for other answers."""
    if exchange.status_code == 403:
        said = exchange.header("x-archive-wayback-runtime-error") or ""
        return unknown(exchange, Reason.EXCLUDED) if any(word in said for word in _BLOCKED) else None
    if exchange.status_code == 429:
        told = unknown(exchange, Reason.RATE_LIMITED, "status 429")
        return replace(told, retry_after_seconds=max(told.retry_after_seconds or 0, LEAST_WAIT_SECONDS))
    return None


def _nearest(exchange: Exchange) -> _Nearest | None:
    if not (exchange.header("x-archive-redirect-reason") or "").startswith("found capture at"):
        return None
    target = _REPLAYED.fullmatch(exchange.header("location") or "")
    return _Nearest(f"https://{HOST}/web/{target[1]}id_/{target[2]}", target[2]) if target else None


def _moment(dated: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(dated)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _odd(exchange: Exchange, message: str) -> Reading:
    return Reading(Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, exchange, message=message)
