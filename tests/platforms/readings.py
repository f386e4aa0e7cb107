"""What the tests of all adapters share: cases against readings, rules without a case, answers of any kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.platforms.answers import json_or_none
from archiver.platforms.rules import Place, Rule, rule_for
from tests.platforms.recorded import Case, exchange, told

STATUS_CODES = (200, 204, 301, 302, 400, 401, 402, 403, 404, 407, 410, 418, 429, 451, 500, 502, 503, 599)
TELLS_NOTHING = (401, 402, 403, 407, 418, 429, 451, 500, 502, 503)
"""Status codes that are about who asks, or about the platform's day."""


def ref_of(platform: str, expected: Mapping[str, Any]) -> PostRef | AuthorRef:
    """Whom a case asks for; at which server, where the platform is federated."""
    ref, host = expected["ref"], {"host": expected.get("host")}
    if "post" in ref:
        return PostRef(platform, **{**host, **ref["post"]})
    return AuthorRef(platform, **{**host, **ref["author"]})


def assert_read_as_expected(adapter: Adapter, case: Case) -> Reading:
    """The reading of a case's answer, its snapshot and its exchange are those that the case tells. Returns it."""
    endpoint = next(each for each in adapter.endpoints if each.name == case.expected["endpoint"])
    [reading] = adapter.observe([ref_of(adapter.platform, case.expected)], endpoint, case.get)
    assert told(reading) == case.expected["reading"], case.expected["why"]
    assert (reading.snapshot.canonical() if reading.snapshot else None) == case.expected["snapshot"]
    assert reading.exchange is case.exchange
    return reading


def unproven(
    rules: tuple[Rule, ...],
    places: Mapping[str, Place],
    cases: Iterable[Case],
    noun_of: Mapping[str, Callable[[bytes], Any]] = MappingProxyType({}),
) -> list[Rule]:
    """The rules that no case meets. `noun_of` reads a body as the adapter does, by endpoint; else it is JSON."""
    met = set()
    for case in cases:
        endpoint = case.expected["endpoint"]
        noun = noun_of.get(endpoint, json_or_none)(case.exchange.body)
        met.add(rule_for(rules, places, endpoint, case.exchange, noun))
    return [rule for rule in rules if rule not in met]


def always(answer: Exchange) -> Get:
    """A `get` that knows one answer."""

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        return answer

    return get


def assert_storable(reading: Reading) -> None:
    """Whatever was read can be stored and printed, and a wait is one that we would keep to."""
    assert reading.retry_after_seconds is None or 1 <= reading.retry_after_seconds <= 3600
    assert (reading.snapshot is not None) == (reading.outcome is Outcome.PRESENT)
    if reading.snapshot is not None:
        json.dumps(reading.snapshot.canonical()).encode()
        str(reading.snapshot.canonical()).encode("utf-8")


@st.composite
def answers(draw: st.DrawFn, bodies: st.SearchStrategy[bytes], url: str = "https://posts.example/") -> Exchange:
    """Any answer with one of these bodies: any status code, kind, age and wait."""
    kind = draw(st.sampled_from(["application/json", "text/html; charset=utf-8", "", "text/html; charset=x"]))
    wait = draw(st.none() | st.text(max_size=30))
    headers = (("content-type", kind), ("age", wait or ""), *((("retry-after", wait),) if wait is not None else ()))
    return exchange(url, draw(st.sampled_from(STATUS_CODES)), headers, draw(bodies))


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


def refs_of(platform: str, expected: Mapping[str, Any]) -> list[PostRef | AuthorRef]:
    """Whom a case asks for at once: its "ref", or its "refs"."""
    return [ref_of(platform, {**expected, "ref": ref}) for ref in expected.get("refs") or [expected["ref"]]]


def readings(adapter: Adapter, case: Case) -> list[Reading]:
    """What the adapter reads out of a case, for each of its refs."""
    endpoint = next(each for each in adapter.endpoints if each.name == case.expected["endpoint"])
    return adapter.observe(refs_of(adapter.platform, case.expected), endpoint, case.get)


def shown(adapter: Adapter, case: Case) -> list[dict[str, Any]]:
    """The same as the cases write it, with the snapshots."""
    return [
        {"reading": told(reading), "snapshot": reading.snapshot.canonical() if reading.snapshot else None}
        for reading in readings(adapter, case)
    ]


def assert_all_read_as_expected(adapter: Adapter, case: Case) -> None:
    """As `assert_read_as_expected`, also for a request about several, whose case tells "readings"."""
    one = {"reading": case.expected.get("reading"), "snapshot": case.expected.get("snapshot")}
    several = [{"snapshot": None, **each} for each in case.expected.get("readings", ())]
    assert shown(adapter, case) == (several or [one]), case.expected["why"]
    assert all(reading.exchange is case.exchange for reading in readings(adapter, case))


def needless(make: Callable[[], Any], cases: Iterable[Case]) -> list[Rule]:
    """The rules without which every case would be read as it is: no case proves them."""
    whole, found = make(), []
    usual = [(case, shown(whole, case)) for case in cases]
    for rule in whole.rules:
        lesser = make()
        lesser.rules = tuple(each for each in whole.rules if each is not rule)
        if all(shown(lesser, case) == as_ever for case, as_ever in usual):
            found.append(rule)
    return found


def assert_silence_tells_nothing(adapter: Adapter, endpoint: Endpoint, ref: PostRef | AuthorRef) -> None:
    """No body, `{}`, a login page, refusals, outages and rate limits are `unknown`, whoever was asked for."""
    page = (("content-type", "text/html"),)
    for status_code in (200, *TELLS_NOTHING):
        for headers, body in (((), b""), ((), b"{}"), (page, b"<html><title>Log in</title></html>"), ((), b"null")):
            answer = exchange(status_code=status_code, headers=(*headers, ("retry-after", "70")), body=body)
            [reading] = adapter.observe([ref], endpoint, always(answer))
            assert reading.outcome is Outcome.UNKNOWN, (endpoint.name, status_code, body)
            if status_code == 429:
                assert (reading.reason, reading.retry_after_seconds) == (Reason.RATE_LIMITED, 70)
