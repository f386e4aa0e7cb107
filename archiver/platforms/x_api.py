"""X's API v2 (platforms.md 1.d.1): one request for up to a hundred ids or handles, and what it met for each of them.

Status 200 says only that the request was understood. What was found stands under `data`, the rest under `errors`, both
in any order; `data` is missing where nothing was found. What stands in neither tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.platforms import x_rules
from archiver.platforms.answers import (
    by_status,
    json_or_none,
    not_json,
    rows,
    strings,
    table,
    unknown,
    without_answer,
    words,
)
from archiver.platforms.rules import read_as, rule_for
from archiver.platforms.x_syndication import EVERYWHERE

HOST = "api.x.com"
AT_ONCE = 100
CREDENTIAL = "bearer_token"
_NAMED = re.compile(r"\[(\w{1,20})\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request, for all that it asked for."""

    exchange: Exchange
    noun: Any
    failed: Reading | None
    """What is read for each of them where the request failed as a whole; else None."""

    def row(self, key: str, name: str) -> dict[str, Any] | None:
        """What was found under this name (letters of handles in any case); None if nothing was."""
        wanted = name.casefold()
        return next((row for row in rows(self.noun, "data") if (words(row, key) or "").casefold() == wanted), None)

    def problem(self, endpoint: str, name: str) -> Reading:
        """What the errors say of this name: `unknown` unless all that name it say one thing, which is on the list."""
        alone = {name.casefold()}
        about = [error for error in rows(self.noun, "errors") if alone <= _names(error)]
        met = {
            rule_for(x_rules.RULES, x_rules.PLACES, endpoint, self.exchange, error) if _names(error) == alone else None
            for error in about
        }
        rule = met.pop() if len(met) == 1 else None
        if rule is not None:
            return read_as(rule, self.exchange)
        told = "; ".join(x_rules.problem(error) or "an error without words" for error in about)
        return unknown(self.exchange, Reason.UNEXPECTED_SHAPE, (told or "neither found nor among the errors")[:200])


def ask(names: Iterable[str], address: Callable[[Sequence[str]], str], get: Get) -> Answer | None:
    """Ask for these, each once; None where there are none.

    Whoever calls leaves out what X cannot have given: one such name gets the whole request refused (400), and articles
    may hold any.
    """
    asked = tuple({name.casefold(): name for name in names}.values())
    if not asked:
        return None
    exchange = get(address(asked), accept="application/json")
    noun = json_or_none(exchange.body)
    failed = without_answer(exchange) or by_status(exchange)
    if failed is None and noun == {}:
        failed = unknown(exchange, Reason.EMPTY_ANSWER)
    elif failed is None and not isinstance(noun, dict):
        failed = not_json(exchange)
    return Answer(exchange, noun, failed)


def unasked(told: str) -> Reading:
    """The reading of a ref that cannot be asked for."""
    return Reading(Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, None, message=told)


def address(path: str, query: dict[str, str]) -> str:
    """The address of a lookup."""
    return f"https://{HOST}/2/{path}?" + urlencode(query, safe=",")


def withheld_in(noun: Any) -> frozenset[str]:
    """Countries in which a post or an account is withheld, in capitals; "XX" and "XY" are everywhere."""
    told = table(noun, "withheld")
    countries = frozenset(country.upper() for country in strings(told, "country_codes"))
    return frozenset({"XY"}) if not countries and told.get("copyright") is True else countries


def withheld_here(countries: frozenset[str], egress_country: str | None) -> bool:
    """Whether one of the countries is all of them, or the one from which we look."""
    ours = {egress_country.upper()} if egress_country else set()
    return bool(countries & (EVERYWHERE | ours))


def _names(error: dict[str, Any]) -> set[str]:
    """Whom an error is about: by its detail, and by as many of its two fields as it has."""
    found = {words(error, "value"), words(error, "resource_id"), *_NAMED.findall(words(error, "detail") or "")}
    return {name.casefold() for name in found if name}
