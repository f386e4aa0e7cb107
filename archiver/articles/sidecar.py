"""FILE.meta.json: what a newsroom knows of an article that the file itself does not say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archiver.articles.describe import clean_title, http_address, moment

SIZE_CAP = 1_000_000


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says; None where it says nothing that can be used."""

    address: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    readable: bool = True
    """False if any part of it could not be used; the rest counts."""


UNREADABLE = Sidecar(readable=False)


def read_sidecar(payload: bytes) -> Sidecar:
    """A JSON object with any of `url`, `title` and `published_at`; other keys are the newsroom's own. Never raises."""
    try:
        noun = json.loads(payload)
    except (ValueError, RecursionError):
        return UNREADABLE
    if not isinstance(noun, dict):
        return UNREADABLE
    stated = {key: noun[key] for key in ("url", "title", "published_at") if noun.get(key) is not None}
    address = http_address(_text(stated.get("url")))
    title = clean_title(_text(stated.get("title")))
    published_at = moment(_text(stated.get("published_at")))
    used = sum(part is not None for part in (address, title, published_at))
    return Sidecar(address, title, published_at, readable=used == len(stated))


def _text(stated: Any) -> str:
    return stated if isinstance(stated, str) else ""
