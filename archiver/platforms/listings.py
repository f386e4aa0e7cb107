"""Reading one answer about many ids: what was found, by id, and what a whole listing leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.platforms.answers import unknown, words

WITHOUT = "whole, without it"
"""What the place "listing" says of an id that a whole and sound listing of all that was asked does not hold."""


def listing(exchange: Exchange, noun: Any) -> str | None:
    """A place of the allow-list: WITHOUT, where the adapter found the listing whole and the id missing."""
    return WITHOUT if isinstance(noun, str) and noun == WITHOUT else None


def sorted_out(
    rows: Iterable[dict[str, Any]], key: str, wanted: Iterable[str], exchange: Exchange
) -> dict[str, Any] | Reading:
    """The rows of a whole listing by their ids, WITHOUT for a wanted one that it leaves out.

    `unknown` for all where a row is of nobody who was asked for, or stands twice; for one that was not asked for, too.
    Who was asked for stands in the address: a kept answer about many is read again for one of them.
    """
    asked = frozenset(
        name for field, text in parse_qsl(urlsplit(exchange.url).query) if field == "id" for name in text.split(",")
    )
    found: dict[str, Any] = {}
    for row in rows:
        name = words(row, key)
        if name is None or name not in asked or name in found:
            return unknown(exchange, Reason.WRONG_ID, "the listing holds what was not asked for")
        found[name] = row
    strange = unknown(exchange, Reason.WRONG_ID, "it was not asked for")
    return {name: found.get(name, WITHOUT) if name in asked else strange for name in wanted}


def unasked(told: str) -> Reading:
    """The reading of a ref that is not asked for: the platform cannot have given such an id."""
    return Reading(Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, message=told)
