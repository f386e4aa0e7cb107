"""What every adapter needs to read answers: JSON without traps, waits and ages, and statuses that tell nothing.

The default of every reading is `unknown`: an adapter says more only where the shape of an answer matches positively.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.snapshot import Snapshot

DEFAULT_WAIT_SECONDS = 900
LONGEST_WAIT_SECONDS = 3600

_RESETS = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
_FIRST_MOMENT = 1_000_000_000
"""A number from here on is a moment, in seconds since 1970 (X's API); a smaller one is the seconds left (Reddit)."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOGIN = re.compile(r"/(?:i/flow/)?(?:login|signin|sign_in)\b")
_STATUS_REASONS = {429: Reason.RATE_LIMITED, 420: Reason.RATE_LIMITED} | dict.fromkeys(
    (401, 402, 403, 407, 418, 451), Reason.REFUSED
)


class UnreadableError(ValueError):
    """The body is no JSON that can be trusted: cut short, too deep, ambiguous, or with numbers that are none."""


def json_of(body: bytes) -> Any:
    """The JSON value of a body in UTF-8; half surrogates become their literal escapes, so that it can be stored.

    Raises UnreadableError. Duplicate keys are refused: two readers would disagree about them.
    """
    try:
        noun = json.loads(
            body.decode("utf-8"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_unambiguous,
        )
        return _storable(noun) if b"\\u" in body else noun
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no JSON that can be trusted: {type(error).__name__}") from error


def json_in_script(body: bytes, opening: re.Pattern[bytes]) -> Any:
    """The JSON value that begins where `opening` ends, by the same rules, in a page whose script goes on behind it.

    None if the page has none that can be read, or where `opening` stands twice: two readers would disagree about it.
    """
    found = list(itertools.islice(opening.finditer(body), 2))
    end = body.find(b"</script", found[0].end()) if len(found) == 1 else -1
    if end < 0:
        return None
    try:
        written = body[found[0].end() : end].decode("utf-8")
        reader = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_unambiguous)
        return _storable(reader.raw_decode(written)[0])
    except (ValueError, RecursionError):
        return None


def json_or_none(body: bytes) -> Any:
    """The same as `json_of`; None where there is none."""
    try:
        return json_of(body)
    except UnreadableError:
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse("infinity")
    return number


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    noun = dict(pairs)
    if len(noun) != len(pairs):
        raise ValueError("a key stands twice")
    return noun


def _storable(noun: Any) -> Any:
    if isinstance(noun, str):
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", noun)
    if isinstance(noun, list):
        return [_storable(part) for part in noun]
    if isinstance(noun, dict):
        return {_storable(key): _storable(part) for key, part in noun.items()}
    return noun


def words(noun: Any, key: str) -> str | None:
    """The string under a key of an object; None if there is no such string, or it is empty."""
    found = noun.get(key) if isinstance(noun, dict) else None
    return found if isinstance(found, str) and found else None


def table(noun: Any, key: str) -> dict[str, Any]:
    """The object under a key; {} if there is none."""
    found = noun.get(key) if isinstance(noun, dict) else None
    return found if isinstance(found, dict) else {}


def rows(noun: Any, key: str) -> list[dict[str, Any]]:
    """The objects in the list under a key; [] if there is none (some answers write {} for an empty list)."""
    found = noun.get(key) if isinstance(noun, dict) else None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def strings(noun: Any, key: str) -> tuple[str, ...]:
    """The strings in the list under a key."""
    found = noun.get(key) if isinstance(noun, dict) else None
    return tuple(row for row in found if isinstance(row, str)) if isinstance(found, list) else ()


def present(exchange: Exchange, snapshot: Snapshot, message: str | None = None) -> Reading:
    """The post is served, and says what the snapshot says; the author is the snapshot's."""
    return Reading(
        Outcome.PRESENT,
        Reason.SERVED,
        exchange,
        snapshot=snapshot,
        author_id=snapshot.author_id,
        author_handle=snapshot.author_handle,
        age_seconds=age_seconds(exchange),
        message=message,
    )


def unknown(exchange: Exchange, reason: Reason, message: str | None = None) -> Reading:
    """A look that tells nothing about the post; where the platform wants us to wait, for how long."""
    return Reading(
        Outcome.UNKNOWN,
        reason,
        exchange,
        retry_after_seconds=wait_seconds(exchange, reason),
        age_seconds=age_seconds(exchange),
        message=message,
    )


def without_answer(exchange: Exchange) -> Reading | None:
    """`unknown` where the network gave no whole answer; None where there is one to read."""
    if exchange.failure is None:
        return None
    return unknown(exchange, Reason(exchange.failure.reason), exchange.failure.message)


def by_status(exchange: Exchange) -> Reading | None:
    """`unknown` for every status code but 200, whatever the body says; None for 200."""
    code = exchange.status_code or 0
    if code == 200:
        return None
    if 300 <= code < 400:
        location = exchange.header("location") or ""
        return unknown(exchange, Reason.LOGIN_WALL if _LOGIN.search(location) else Reason.REDIRECTED, location[:200])
    if code >= 500:
        return unknown(exchange, Reason.SERVER_ERROR, f"status {code}")
    return unknown(exchange, _STATUS_REASONS.get(code, Reason.UNEXPECTED_STATUS), f"status {code}")


def not_json(exchange: Exchange) -> Reading:
    """`unknown` for a body that should have been JSON: empty, a login page, or anything else."""
    if not exchange.body.strip():
        return unknown(exchange, Reason.EMPTY_ANSWER)
    page = title(exchange.body) or ""
    if re.match(r"(?:log|sign)[ -]?in\b", page, re.IGNORECASE):
        return unknown(exchange, Reason.LOGIN_WALL, page)
    return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"page titled {page!r}" if page else "no JSON")


def not_html(exchange: Exchange) -> Reading:
    """`unknown` for a body that should have been a page: empty, or nothing that could be parsed."""
    if not exchange.body.strip():
        return unknown(exchange, Reason.EMPTY_ANSWER)
    return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"no page that can be read in {len(exchange.body)} bytes")


def title(body: bytes) -> str | None:
    """The one <title> in the first 64 KiB of a page, white space at its ends dropped; None without, or with several."""
    found = re.findall(r"<title[^<>]{0,200}>([^<]{0,500})</title>", body[:65536].decode("utf-8", "replace"), re.I)
    return found[0].strip() if len(found) == 1 else None


def wait_seconds(exchange: Exchange, reason: Reason) -> int | None:
    """How long the platform asks us to wait, at most an hour; for a rate limit without `Retry-After`, until its reset.

    Where that is negative, past or absurd, or a rate limit names none, 15 minutes. None where nobody asked.
    """
    if reason not in (Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.REFUSED):
        return None
    asked = exchange.header("retry-after")
    if asked is not None:
        seconds = _seconds(asked.strip(), exchange)
    elif reason is Reason.RATE_LIMITED:
        seconds = _until_reset(exchange)
    else:
        return None
    return min(seconds, LONGEST_WAIT_SECONDS) if seconds > 0 else DEFAULT_WAIT_SECONDS


def _until_reset(exchange: Exchange) -> int:
    """Seconds until the rate limit ends, by the first header that says so; 0 where none does.

    Good answers carry these headers too, so they mean a wait only where a rate limit was read.
    """
    told = next((found.strip() for name in _RESETS if (found := exchange.header(name))), "")
    now = exchange.received_at
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", told):
        number = float(told)
        return math.ceil(number if number < _FIRST_MOMENT else number - now.timestamp())
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return 0
    return math.ceil((moment - now).total_seconds()) if moment.tzinfo else 0


def _seconds(asked: str, exchange: Exchange) -> int:
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return int(asked)
    try:
        moment = parsedate_to_datetime(asked)
    except (ValueError, OverflowError, IndexError, TypeError):
        return 0
    if moment.tzinfo is None:
        return 0
    return math.ceil((moment - exchange.received_at).total_seconds())


def age_seconds(exchange: Exchange) -> int:
    """How old a cached answer is by its `Age` header; 0 where it has none that can be read."""
    age = (exchange.header("age") or "").strip()
    return int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0
