"""Allow-lists: the answers of a platform that may be read as more than `unknown`, apart from `present`, as data.

Each adapter has its own tuple of rules with a version; whoever changes a rule changes the version, and every
observation names the version that it was read by. What meets no rule can only make us blind, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.platforms.answers import age_seconds, by_status, title, unknown, without_answer, words

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of answer, and what it says."""

    endpoint: str
    status_code: int | None
    """None: any."""
    where: str
    """Which words of the answer, by name: a key of the adapter's places, or of PLACES."""
    says: str
    """The whole of these words, as a regular expression."""
    outcome: Outcome
    reason: Reason
    strength: Strength | None = None
    """For `absent` only."""


class Place(Protocol):
    """Where words stand in an answer."""

    def __call__(self, exchange: Exchange, noun: Any) -> str | None:
        """These words; None where the answer has none. `noun` is the body as the adapter reads it, JSON or a parsed
        page; None if it is neither."""


def _title(exchange: Exchange, noun: Any) -> str | None:
    """Of a page of text/html."""
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
    return title(exchange.body) if kind == "text/html" else None


def _error(exchange: Exchange, noun: Any) -> str | None:
    return words(noun, "error")


def _body(exchange: Exchange, noun: Any) -> str | None:
    """The whole body, where it is a few words of text."""
    return exchange.body.decode("utf-8", "replace").strip() if len(exchange.body) <= 500 else None


PLACES: Mapping[str, Place] = {"title": _title, "error": _error, "body": _body}
"""Places that several platforms share."""


def rule_for(
    rules: tuple[Rule, ...], places: Mapping[str, Place], endpoint: str, exchange: Exchange, noun: Any
) -> Rule | None:
    """The first rule that an answer meets; None if it meets none. A 304, for which nobody asked, meets none."""
    for rule in rules:
        if rule.endpoint != endpoint or exchange.status_code == NOT_MODIFIED:
            continue
        if rule.status_code not in (None, exchange.status_code):
            continue
        found = (places.get(rule.where) or PLACES[rule.where])(exchange, noun)
        if found is not None and re.fullmatch(rule.says, found, re.ASCII | re.DOTALL):
            return rule
    return None


def read_by_rule(
    rules: tuple[Rule, ...], places: Mapping[str, Place], endpoint: str, exchange: Exchange, noun: Any
) -> Reading | None:
    """What the network, the allow-list or the bare status says; None for an answer (200) that is still to be read."""
    down = without_answer(exchange)
    if down is not None:
        return down
    rule = rule_for(rules, places, endpoint, exchange, noun)
    return by_status(exchange) if rule is None else read_as(rule, exchange)


def read_as(rule: Rule, exchange: Exchange) -> Reading:
    """The reading that a rule gives."""
    if rule.outcome is Outcome.UNKNOWN:
        return unknown(exchange, rule.reason)
    return Reading(rule.outcome, rule.reason, exchange, strength=rule.strength, age_seconds=age_seconds(exchange))
