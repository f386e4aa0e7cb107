"""What is checked of every adapter's readings, whatever the platform: for its recorded cases, and for any answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Adapter
from archiver.platforms.rules import Place, Rule, rule_for
from tests.platforms.recorded import Case, told


def ref_of(platform: str, expected: Mapping[str, Any]) -> PostRef | AuthorRef:
    """The ref that a case looks at."""
    ref = expected["ref"]
    return PostRef(platform, **_placed(ref["post"])) if "post" in ref else AuthorRef(platform, **_placed(ref["author"]))


def _placed(ref: Mapping[str, Any]) -> dict[str, Any]:
    return {"host": None, **ref}


def check_case(adapter: Adapter, case: Case) -> Reading:
    """The case is read as it expects; the reading, for more checks."""
    [endpoint] = [each for each in adapter.endpoints if each.name == case.expected["endpoint"]]
    [reading] = adapter.observe([ref_of(adapter.platform, case.expected)], endpoint, case.get)
    assert told(reading) == case.expected["reading"], case.expected["why"]
    assert (reading.snapshot.canonical() if reading.snapshot else None) == case.expected["snapshot"]
    assert reading.exchange is case.exchange
    return reading


def unproven(rules: Iterable[Rule], places: Mapping[str, Place], cases: Iterable[Case]) -> list[Rule]:
    """The rules of an allow-list that no case meets."""
    listed, met = tuple(rules), set()
    for case in cases:
        try:
            noun = json.loads(case.exchange.body)
        except ValueError:
            noun = None
        met.add(rule_for(listed, places, case.expected["endpoint"], case.exchange, noun))
    return [rule for rule in listed if rule not in met]


def always(answer: Exchange) -> Get:
    """A `get` that gives one answer, whatever is asked."""
    return lambda *_, **__: answer


def check_storable(reading: Reading) -> None:
    """A reading of any answer at all: it can be stored, and asks for no absurd wait."""
    assert (reading.snapshot is not None) == (reading.outcome is Outcome.PRESENT)
    assert reading.retry_after_seconds is None or 1 <= reading.retry_after_seconds <= 3600
    if reading.snapshot is not None:
        json.dumps(reading.snapshot.canonical()).encode()
        str(reading.snapshot.canonical()).encode("utf-8")


STATUS_CODES = st.sampled_from([200, 204, 301, 302, 400, 401, 403, 404, 418, 429, 500, 503, 599])
KINDS = st.sampled_from(["application/json", "text/html; charset=utf-8", "", "text/html; charset=x"])
WAITS = st.none() | st.text(max_size=30)

TRAPS = {
    "lists": b"[" * 5000,
    "objects": b'{"a":' * 5000,
    "digits": b'{"id_str": ' + b"9" * 10_000 + b"}",
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "huge": b'{"a": 1e999}',
    "twice": b'{"a": 1, "a": 2}',
    "utf16": b'\xff\xfe{"a": 1}',
    "surrogate": b'{"a": "\xed\xa0\x80"}',
}
"""JSON that cannot be trusted, by what is wrong with it."""
