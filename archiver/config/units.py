"""Durations ("6h", "1h30m", "5d") and sizes ("50MB"): read strictly, and written back as a person would."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

import durationpy
from pydantic import BeforeValidator, PlainSerializer

LONGEST = timedelta(days=3660)
LARGEST = 10**12

# durationpy skips what stands between two parts ("1h, 30m") and knows years of 365 days: neither is wanted here.
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,6})?(?:ms|s|m|h|d|w))+")
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?(B|kB|KB|MB|GB|KiB|MiB|GiB)")
_BYTES = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_SPANS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


def duration(given: object) -> timedelta:
    """A duration longer than zero, at most ten years, to the millisecond. Raises ValueError with the mend."""
    if isinstance(given, timedelta):
        span = given
    elif isinstance(given, str) and given.startswith("-"):
        raise ValueError("a duration is longer than zero")
    elif isinstance(given, str) and _DURATION.fullmatch(given):
        span = _sum(given)
    else:
        raise ValueError('a duration is written in quotes, with its unit: "90s", "1h30m", "6h", "5d" or "2w"')
    if span < timedelta(milliseconds=1):
        raise ValueError("a duration is longer than zero")
    if span > LONGEST:
        raise ValueError("a duration is at most ten years")
    return timedelta(milliseconds=round(span / timedelta(milliseconds=1)))


def _sum(written: str) -> timedelta:
    try:
        return durationpy.from_str(written)
    except durationpy.DurationError:
        return timedelta.max


def duration_text(span: timedelta) -> str:
    """The same duration as the configuration writes it: "1h30m"."""
    left = round(span / timedelta(milliseconds=1))
    words = []
    for unit, length in _SPANS:
        count, left = divmod(left, length)
        if count:
            words.append(f"{count}{unit}")
    return "".join(words)


def size(given: object) -> int:
    """A number of bytes from "50MB" (decimal), "64MiB" (binary) or a whole number. Raises ValueError with the mend."""
    if isinstance(given, int) and not isinstance(given, bool):
        count = given
    elif isinstance(given, str) and (match := _SIZE.fullmatch(given)):
        count = int(Decimal(match[1]) * _BYTES[match[2]])
    else:
        raise ValueError('a size is written in quotes, with its unit: "50MB" or "64MiB"')
    if not 0 < count <= LARGEST:
        raise ValueError("a size is more than zero and at most 1000GB")
    return count


def size_text(count: int) -> str:
    """The same size as the configuration writes it: "50MB"."""
    for unit in ("GB", "GiB", "MB", "MiB", "kB", "KiB"):
        if count % _BYTES[unit] == 0:
            return f"{count // _BYTES[unit]}{unit}"
    return f"{count}B"


Duration = Annotated[timedelta, BeforeValidator(duration), PlainSerializer(duration_text, return_type=str)]
Size = Annotated[int, BeforeValidator(size), PlainSerializer(size_text, return_type=str)]
