"""What is read from X's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.rules import rule_for
from archiver.platforms.x import OEMBED, SYNDICATION, TIMELINE, X
from archiver.platforms.x_rules import PLACES, RULES
from tests.platforms.recorded import Case, Replay, bodies, cases, exchange, told

CASES = [case for case in cases("x") if not case.name.startswith("api_")]
"""Those of the API stand in test_x_api.py."""
ENDPOINTS = {endpoint.name: endpoint for endpoint in X().endpoints}
POST = PostRef("x", None, "1765000000000000000")
AUTHOR = AuthorRef("x", None, "1700000000000000042", None)


def ref_of(expected: dict[str, Any]) -> PostRef | AuthorRef:
    ref = expected["ref"]
    return PostRef("x", None, **ref["post"]) if "post" in ref else AuthorRef("x", None, **ref["author"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Rows 1, 4 to 22 and 77 of the bad inputs, and every shape that platforms.md records."""
    adapter = X(Setup(case.expected.get("egress_country")))
    [reading] = adapter.observe([ref_of(case.expected)], ENDPOINTS[case.expected["endpoint"]], case.get)
    assert told(reading) == case.expected["reading"], case.expected["why"]
    assert (reading.snapshot.canonical() if reading.snapshot else None) == case.expected["snapshot"]
    assert reading.exchange is case.exchange


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """No line of the table stands unproven."""
    met = set()
    for case in CASES:
        try:
            noun = json.loads(case.exchange.body)
        except ValueError:
            noun = None
        met.add(rule_for(RULES, PLACES, case.expected["endpoint"], case.exchange, noun))
    assert [rule for rule in RULES if rule not in met and rule.endpoint in ENDPOINTS] == []


@pytest.mark.parametrize("endpoint", [OEMBED, SYNDICATION, TIMELINE], ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_an_answer_the_reason_of_the_network_is_kept(endpoint: Endpoint, reason: Reason) -> None:
    """A failure of the network is `unknown`, even where half an answer came."""
    half = exchange(
        status_code=404, body=b'{"errors":[{"code":34}]}', failure=Failure(reason.value, "told in one line")
    )
    [reading] = X().observe([_ref(endpoint)], endpoint, lambda *_, **__: half)
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


def test_each_ref_has_its_reading_in_order() -> None:
    """Two refs, two requests, two readings."""
    good = [case for case in CASES if case.name in ("syndication_present", "syndication_present_old_id")]
    replay = Replay({case.exchange.url: case.exchange for case in good})
    readings = X().observe([ref_of(case.expected) for case in good], SYNDICATION, replay)
    assert [reading.exchange for reading in readings] == [case.exchange for case in good]


def test_an_endpoint_refuses_refs_that_it_does_not_look_at() -> None:
    """Asking the timeline for a post, or oEmbed for an author, is a bug."""
    with pytest.raises(TypeError):
        X().observe([POST], TIMELINE, Replay({}))
    with pytest.raises(TypeError):
        X().observe([AUTHOR], OEMBED, Replay({}))
    with pytest.raises(ValueError, match="without id and handle"):
        X().observe([AuthorRef("x", None, None, None)], TIMELINE, Replay({}))


def test_the_post_endpoints_stand_before_the_account_endpoints() -> None:
    """The contract's order; each is on a host of its own."""
    assert [endpoint.subject for endpoint in X().endpoints] == [SubjectKind.POST, SubjectKind.POST, SubjectKind.AUTHOR]
    assert len({endpoint.host for endpoint in X().endpoints}) == 3


def _ref(endpoint: Endpoint) -> PostRef | AuthorRef:
    return AUTHOR if endpoint.subject == SubjectKind.AUTHOR else POST


BODIES = bodies(
    "id_str text user entities mediaDetails edit_control tombstone errors code html url type __typename",
    ["Tweet", "TweetTombstone", POST.native_id, "rich", 34, 88, "<p>x</p>"],
)


@pytest.mark.no_cover
@given(
    endpoint=st.sampled_from([OEMBED, SYNDICATION, TIMELINE]),
    body=BODIES,
    status_code=st.sampled_from([200, 204, 301, 302, 400, 401, 403, 404, 418, 429, 500, 503, 599]),
    kind=st.sampled_from(["application/json", "text/html; charset=utf-8", "", "text/html; charset=x"]),
    wait=st.none() | st.text(max_size=30),
)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(
    endpoint: Endpoint, body: bytes, status_code: int, kind: str, wait: str | None
) -> None:
    """Whatever comes, there is a reading; nothing but the allow-list's own shapes says that a post is gone."""
    headers = (("content-type", kind), ("age", wait or ""), *((("retry-after", wait),) if wait is not None else ()))
    answer = exchange(status_code=status_code, headers=headers, body=body)
    [reading] = X(Setup("DE")).observe([_ref(endpoint)], endpoint, lambda *_, **__: answer)
    assert reading.outcome == Outcome.UNKNOWN or status_code in (200, 403, 404)
    assert reading.retry_after_seconds is None or 1 <= reading.retry_after_seconds <= 3600
    if reading.snapshot is not None:
        json.dumps(reading.snapshot.canonical()).encode()
        str(reading.snapshot.canonical()).encode("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'{"a":' * 5000,
        b'{"id_str": ' + b"9" * 10_000 + b"}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'\xff\xfe{"a": 1}',
        b'{"a": "\xed\xa0\x80"}',
    ],
    ids=["lists", "objects", "digits", "nan", "infinity", "huge", "twice", "utf16", "surrogate"],
)
def test_json_with_traps_is_unknown(body: bytes) -> None:
    """Row 77."""
    answer = exchange(headers=(("content-type", "application/json"),), body=body)
    for endpoint in (OEMBED, SYNDICATION):
        [reading] = X().observe([POST], endpoint, _always(answer))
        assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


def _always(answer: Exchange) -> Any:
    return lambda *_, **__: answer


def test_a_hostile_card_is_read_in_time() -> None:
    """Row 56 in an answer: half a million open tags are no card, and cost nothing."""
    card = {"type": "rich", "url": f"https://twitter.com/i/status/{POST.native_id}", "html": "<div>" * 500_000}
    answer = exchange(body=json.dumps(card).encode())
    [reading] = X().observe([POST], OEMBED, _always(answer))
    assert reading.reason == Reason.UNEXPECTED_SHAPE


def test_links_of_a_post_are_text_and_nothing_is_asked_of_them() -> None:
    """Row 78: a link to a private address is kept as it stands; only the endpoint itself is asked."""
    served = json.loads(next(case for case in CASES if case.name == "syndication_present").exchange.body)
    served["entities"]["urls"] = [{"url": "https://t.co/AbCdEfGh12", "expanded_url": "http://127.0.0.1:6379/"}]
    ref = PostRef("x", None, served["id_str"])
    asked = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append(url)
        return exchange(url, body=json.dumps(served).encode())

    [reading] = X().observe([ref], SYNDICATION, get)
    assert reading.snapshot is not None
    assert reading.snapshot.links[0].expanded == "http://127.0.0.1:6379/"
    assert len(asked) == 1
