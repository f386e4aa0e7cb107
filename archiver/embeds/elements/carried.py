"""What a placeholder carries of its post: the words, whose they are, and the day.

Substack's `data-attrs`: `{"url": …, "full_text": …, "username": …, "name": …, "date": "2023-11-28T10:11:12.000Z"}`; the
words hold markup around links, and older dates are as X's interface wrote them ("Tue Nov 28 10:11:12 +0000 2023").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from archiver.embeds.reading.readable import unescaped
from archiver.model.embed import Link

_CARRIER = "data-attrs"
_LINK = re.compile(r"<a\s[^<>]{0,300}?href=[\"']([^\"'<>]{5,600})[\"'][^<>]{0,300}>([^<>]{1,600})</a>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,600}>")
_WRITTEN = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%a %b %d %H:%M:%S %z %Y")


def words_in(found: Mapping[str, str]) -> dict[str, Any]:
    """Fields of an Embed that the attributes of a placeholder tell; none where they tell nothing."""
    stated = found.get(_CARRIER, "")
    if '"full_text"' not in stated:
        return {}
    try:
        said = json.loads(stated)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    marked_up = _text(said, "full_text")
    words = {
        "quotation": unescaped(_TAG.sub("", marked_up)).strip(),
        "links": tuple(Link(unescaped(url), unescaped(text)) for url, text in _LINK.findall(marked_up)),
        "author_name": _text(said, "name"),
        "author_handle": _text(said, "username").lstrip("@"),
        "published_on": _day(_text(said, "date")),
    }
    return {name: each for name, each in words.items() if each}


def _text(said: Mapping[str, Any], key: str) -> str:
    stated = said.get(key)
    return stated.strip() if isinstance(stated, str) else ""


def _day(stated: str) -> date | None:
    for written in _WRITTEN:
        with suppress(ValueError):
            return datetime.strptime(stated, written).astimezone(UTC).date()
    return None
