"""What is read from TikTok's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint
from archiver.platforms.answers import json_or_none
from archiver.platforms.tiktok import HOST, OEMBED, PAGE, TikTok
from archiver.platforms.tiktok_page import SCRIPT_ID, page
from archiver.platforms.tiktok_rules import PLACES, RULES
from tests.platforms.readings import (
    TELLS_NOTHING,
    always,
    answers,
    assert_read_as_expected,
    assert_storable,
    unproven,
)
from tests.platforms.recorded import JSON, Case, Replay, cases, exchange

CASES = cases("tiktok")
BY_NAME = {case.name: case for case in CASES}
ENDPOINTS = (OEMBED, PAGE)
POST = PostRef("tiktok", None, "7336306383119191000")
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Every shape that platforms.md 8 names."""
    assert_read_as_expected(TikTok(), case)


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """No line of the table stands unproven."""
    assert unproven(RULES, PLACES, CASES, {OEMBED.name: json_or_none, PAGE.name: page}) == []


def test_no_rule_can_prove_a_deletion() -> None:
    """Every absent is weak, so that `gone_unattributed` is the strongest verdict."""
    absents = [rule for rule in RULES if rule.outcome is Outcome.ABSENT]
    assert {rule.endpoint for rule in absents} == {OEMBED.name, PAGE.name}
    assert {rule.strength for rule in absents} == {Strength.WEAK}


@every_endpoint
def test_a_post_is_asked_for_without_its_author(endpoint: Endpoint) -> None:
    """A handle that was given up cannot make a live post look gone, and controls take the same path as posts."""
    asked = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append(url)
        return exchange(url, 503)

    for handle in (None, "sample.desk"):
        TikTok().observe([PostRef("tiktok", None, POST.native_id, handle)], endpoint, get)
    assert len(set(asked)) == 1


def test_a_page_may_be_followed_on_its_own_host_only() -> None:
    """From "_" to the handle, and nowhere else."""
    followed = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        followed.append(follow)
        return exchange(url, 503)

    TikTok().observe([POST], PAGE, get)
    TikTok().observe([POST], OEMBED, get)
    assert followed == [(HOST,), ()]


def test_each_ref_has_its_reading_in_order() -> None:
    """Two refs, two readings."""
    case = BY_NAME["page_present"]
    other = PostRef("tiktok", None, "7336306383119191999")
    missing = exchange(case.exchange.url.replace(POST.native_id, other.native_id), body=b"")
    readings = TikTok().observe([other, POST], PAGE, Replay({missing.url: missing, case.exchange.url: case.exchange}))
    assert [reading.exchange for reading in readings] == [missing, case.exchange]


@every_endpoint
def test_an_endpoint_refuses_authors(endpoint: Endpoint) -> None:
    """No account can be looked at by its id."""
    with pytest.raises(TypeError):
        TikTok().observe([AuthorRef("tiktok", None, "6800000000000000001", None)], endpoint, Replay({}))


@every_endpoint
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
@pytest.mark.parametrize("name", ["oembed_absent", "page_absent"])
def test_without_an_answer_the_reason_of_the_network_is_kept(endpoint: Endpoint, reason: Reason, name: str) -> None:
    """A failure of the network is `unknown`, even where a whole error came."""
    came = BY_NAME[name].exchange
    answer = exchange(
        status_code=came.status_code,
        headers=came.response_headers,
        body=came.body,
        failure=Failure(reason.value, "told in one line"),
    )
    [reading] = TikTok().observe([POST], endpoint, always(answer))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@every_endpoint
@pytest.mark.parametrize("status_code", TELLS_NOTHING)
@pytest.mark.parametrize("name", ["oembed_absent", "page_absent", "oembed_present", "page_present", "page_10216"])
def test_a_refusal_or_an_outage_tells_nothing_whatever_its_body_says(
    endpoint: Endpoint, status_code: int, name: str
) -> None:
    """The status code is about who asks."""
    came = BY_NAME[name].exchange
    answer = exchange(status_code=status_code, headers=came.response_headers, body=came.body)
    [reading] = TikTok().observe([POST], endpoint, always(answer))
    assert reading.outcome is Outcome.UNKNOWN


@every_endpoint
@pytest.mark.parametrize("name", ["oembed_present", "page_present", "page_absent", "page_10222"])
def test_half_an_answer_is_never_read(endpoint: Endpoint, name: str) -> None:
    """Cut anywhere in its JSON, an answer says nothing."""
    whole = BY_NAME[name].exchange
    end_of_json = whole.body.find(b"</script") if name.startswith("page") else len(whole.body)
    for end in range(0, end_of_json, 53):
        answer = exchange(whole.url, 200, whole.response_headers, whole.body[:end])
        [reading] = TikTok().observe([POST], endpoint, always(answer))
        assert reading.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 5000, '{"a": NaN}', '{"a": 1, "a": 2}'])
def test_json_with_traps_is_unknown(text: str) -> None:
    """Row 77, in an answer and in a page."""
    for endpoint, body in ((OEMBED, text), (PAGE, f'<script id="{SCRIPT_ID}">{text}</script>')):
        [reading] = TikTok().observe([POST], endpoint, always(exchange(body=body.encode())))
        assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


GOOD = [
    *(json.loads(BY_NAME[name].exchange.body) for name in ("oembed_present", "oembed_absent")),
    *(page(BY_NAME[name].exchange.body) for name in ("page_present", "page_present_photos", "page_absent")),
]
VALUES = (
    st.sampled_from([POST.native_id, "video", 0, 10204, 10216, "https://[x", "<blockquote>", "//a.example/b"]) | JSON
)


def places_in(noun: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and its key or index there."""
    inner = noun.items() if isinstance(noun, dict) else enumerate(noun) if isinstance(noun, list) else ()
    for key, part in inner:
        yield noun, key
        yield from places_in(part)


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """An answer that is as recorded but for one place or two, where anything may stand."""
    noun = copy.deepcopy(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(0, 2))):
        holder, key = draw(st.sampled_from(list(places_in(noun))))
        holder[key] = draw(VALUES)
    return json.dumps(noun).encode()


OPENING = f'<script id="{SCRIPT_ID}" type="application/json">'.encode()
BODIES = st.binary(max_size=200) | spoiled() | spoiled().map(lambda written: OPENING + written + b"</script>")


@pytest.mark.no_cover
@given(endpoint=st.sampled_from(ENDPOINTS), answer=answers(BODIES))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(endpoint: Endpoint, answer: Exchange) -> None:
    """Whatever comes, there is a reading; nothing but the allow-list's own shapes says that a post is gone."""
    [reading] = TikTok().observe([POST], endpoint, always(answer))
    said = {OEMBED.name: (200, 400), PAGE.name: (200,)}[endpoint.name]
    assert reading.outcome is Outcome.UNKNOWN or answer.status_code in said
    assert reading.strength in (None, Strength.WEAK)
    assert_storable(reading)


def test_a_hostile_card_is_read_in_time() -> None:
    """Row 56 in an answer: half a million open tags cost nothing, and the field alone still names the post."""
    served = json.loads(BY_NAME["oembed_present"].exchange.body)
    answer = exchange(body=json.dumps({**served, "html": "<div>" * 500_000}).encode())
    [reading] = TikTok().observe([POST], OEMBED, always(answer))
    assert reading.outcome is Outcome.PRESENT
