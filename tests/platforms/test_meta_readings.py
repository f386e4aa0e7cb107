"""What is read from Instagram's, Facebook's and Threads' answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.clock import SettableClock
from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, Post, PostRef
from archiver.platforms import registry
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.facebook import Facebook, addresses
from archiver.platforms.instagram import Instagram
from archiver.platforms.meta import Meta
from archiver.platforms.meta_pages import MAX_PAGE, MAX_TAGS
from archiver.platforms.threads import Threads
from tests.platforms.readings import (
    STATUS_CODES,
    TRAPS,
    always,
    assert_read_as_expected,
    assert_storable,
    unproven,
)
from tests.platforms.recorded import RECEIVED_AT, Case, Replay, bodies, cases, exchange

TOKEN = Setup(credentials=frozenset({"access_token"}))
ADAPTERS: tuple[Meta, ...] = (Instagram(TOKEN), Facebook(TOKEN), Threads(TOKEN))
CASES = [(adapter, case) for adapter in ADAPTERS for case in cases(adapter.platform)]
POSTS = {
    "instagram": PostRef("instagram", None, "CYokA48AAAA"),
    "facebook": PostRef("facebook", None, "1920722881385983", "sample.page"),
    "threads": PostRef("threads", None, "DZabcdefghi"),
}
ENDPOINTS = [(adapter, endpoint) for adapter in ADAPTERS for endpoint in adapter.all_endpoints]
ENDPOINT_IDS = [f"{adapter.platform}-{endpoint.name}" for adapter, endpoint in ENDPOINTS]


@pytest.mark.parametrize(("adapter", "case"), CASES, ids=[f"{a.platform}-{c.name}" for a, c in CASES])
def test_a_recorded_answer_is_read_as_expected(adapter: Meta, case: Case) -> None:
    """Every shape that is known of the pages and of the Graph API's errors, and what may be taken for one."""
    assert_read_as_expected(adapter, case)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_every_rule_of_the_allow_list_has_a_case(adapter: Meta) -> None:
    """No line of the tables stands unproven."""
    assert unproven(adapter.rules, adapter.places, cases(adapter.platform)) == []


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_no_absent_is_strong_and_no_account_is_looked_at(adapter: Meta) -> None:
    """Nothing here proves a deletion, and the lines that are printed of each endpoint say so."""
    absents = [rule.strength for rule in adapter.rules if rule.outcome is Outcome.ABSENT]
    assert absents == [Strength.WEAK] * len(absents)
    for endpoint in adapter.all_endpoints:
        assert endpoint.subject is SubjectKind.POST
        assert "absent is weak" in endpoint.sees


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_each_endpoint_has_both_kinds_of_control(adapter: Meta) -> None:
    """A live post can read present and a code that never was absent: else its batches were void for ever."""
    for endpoint in adapter.all_endpoints:
        read = {case.expected["reading"]["outcome"] for case in cases(adapter.platform) if _of(case, endpoint)}
        assert {"present", "absent", "unknown"} <= read


def _of(case: Case, endpoint: Endpoint) -> bool:
    return str(case.expected["endpoint"]) == endpoint.name


def test_oembed_is_asked_only_with_a_token() -> None:
    """Its terms want an agreement with Meta; the token goes to the Graph API alone, in a header that is masked."""
    for make in (Instagram, Facebook):
        assert "oembed" not in [endpoint.name for endpoint in make().endpoints]
        assert "oembed" in [endpoint.name for endpoint in make(TOKEN).endpoints]
        [credential] = make().credentials
        assert (credential.host, credential.header) == ("graph.facebook.com", "Authorization")
        assert credential.template.format("sample") == "Bearer sample"
    assert Threads(TOKEN).endpoints == Threads().endpoints
    assert Threads().credentials == ()


@pytest.mark.parametrize("name", ["instagram", "facebook", "threads"])
def test_the_registry_makes_the_adapters(name: str) -> None:
    """By name, with what is set up."""
    made = registry.adapter_for(name, TOKEN)
    assert made is not None
    assert (made.platform, made.name, made.version) == (name, f"{name}-public", "1")
    assert made.short_link_endpoint is None


def test_share_links_are_not_asked() -> None:
    """Nothing is asked of them, and no id comes of them."""
    post = _sought("https://www.instagram.com/share/reel/BAabcdefgh")
    resolution = Instagram().resolve(post, Replay({}))
    assert (resolution.reason, resolution.native_id, resolution.exchange) == (Reason.NO_REDIRECT, None, None)


def _sought(short_link: str) -> Post:
    return Post(
        number=1,
        platform="instagram",
        host=None,
        native_id=None,
        author_handle=None,
        author_name=None,
        author_id=None,
        published_on=None,
        published_at=None,
        id_window=None,
        short_links=(short_link,),
        edit_chain=(),
        found_at=SettableClock(RECEIVED_AT).now(),
    )


@pytest.mark.parametrize(("adapter", "endpoint"), ENDPOINTS, ids=ENDPOINT_IDS)
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_an_answer_the_reason_of_the_network_is_kept(adapter: Meta, endpoint: Endpoint, reason: Reason) -> None:
    """A failure of the network is `unknown`, even where half an answer came that says "gone"."""
    absent = next(c for c in cases(adapter.platform) if _of(c, endpoint) and "strength" in c.expected["reading"])
    half = exchange(
        status_code=absent.exchange.status_code,
        headers=absent.exchange.response_headers,
        body=absent.exchange.body,
        failure=Failure(reason.value, "told in one line"),
    )
    [reading] = adapter.observe([POSTS[adapter.platform]], endpoint, always(half))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@pytest.mark.parametrize(("adapter", "endpoint"), ENDPOINTS, ids=ENDPOINT_IDS)
def test_an_endpoint_refuses_authors(adapter: Meta, endpoint: Endpoint) -> None:
    """There is no account look: asking for one is a bug."""
    with pytest.raises(TypeError):
        adapter.observe([AuthorRef(adapter.platform, None, "1", "sample.desk")], endpoint, Replay({}))


def test_an_endpoint_of_another_platform_is_refused() -> None:
    """Each adapter knows its own."""
    plugin = Facebook().all_endpoints[0]
    with pytest.raises(TypeError):
        Threads().observe([POSTS["threads"]], plugin, Replay({}))


def test_a_picture_has_one_address_whatever_cache_and_signature_served_it() -> None:
    """Else every look would make a new snapshot, and every post seem to change all the time."""
    [first] = [case for case in cases("instagram") if case.name == "embed_present"]
    other = first.exchange.body.replace(b"scontent-abc1-1.cdninstagram.com", b"instagram.xyz2-2.fna.fbcdn.net")
    other = other.replace(b"oh=00_SampleSignature", b"oh=00_AnotherSignature")
    answers = (first.exchange, exchange(headers=first.exchange.response_headers, body=other))
    seen = [Instagram().observe([POSTS["instagram"]], Instagram().endpoints[0], always(each)) for each in answers]
    assert seen[0][0].snapshot == seen[1][0].snapshot is not None


def test_facebook_is_asked_for_each_kind_of_thing_that_a_number_may_be() -> None:
    """As a post of its page, as a film, as a photo; a `pfbid` only as a post."""
    number, page = "1920722881385983", "https://www.facebook.com"
    assert [address for _, address in addresses(PostRef("facebook", None, number, "sample.page"))] == [
        f"{page}/sample.page/posts/{number}",
        f"{page}/watch/?v={number}",
        f"{page}/photo.php?fbid={number}",
    ]
    pfbid = PostRef("facebook", None, "pfbid02AbCdEfGhIjKlMnOpQrStUvWxYz", "sample.page")
    assert addresses(pfbid) == (("oembed_post", f"{page}/sample.page/posts/{pfbid.native_id}"),)


def test_a_code_of_threads_holds_the_time_of_the_post() -> None:
    """Tried on pages that print it; nothing before the platform began."""
    told = Threads().id_time("DZvEd60AE9W")
    assert told is not None
    assert f"{told:%Y-%m-%d %H:%M}" == "2026-06-18 17:22"
    assert Threads().id_time("CYokA48AAAA") is None


PARTS = [
    '<div class="Embed" data-permalink="https://www.instagram.com/p/CYokA48AAAA/" data-owner-id="1">',
    '<div class="EmbedBrokenMedia">',
    '<div class="ebmMessage">The link to this photo or video may be broken, or the post may have been removed.',
    '<div class="Caption">',
    '<img class="EmbeddedMediaImage" src="https://scontent.cdninstagram.com/v/1.jpg">',
    '<span class="UsernameText">',
    '<div class="LinkContainer"><a href="https://www.threads.com/@sample.desk/post/DZabcdefghi"></a></div>',
    '<div class="OuterContainer">',
    '<div class="QuotePostContainer">',
    '<a class="HeaderLink">sample.desk</a>',
    '<span class="BodyTextContainer">',
    '<div class="EmbedError"><span class="ErrorText">Thread not available</span>',
    '<div class="SoloMediaContainer"><video>',
    '<div role="feed">',
    '<a href="/sample.page/posts/1920722881385983"></a>',
    '<div data-testid="post_message"><p>',
    "<p>This Facebook post is no longer available. It may have been removed or the privacy settings of the post may "
    "have changed.",
    '<abbr data-utime="1766678864">',
    '<a href="https://l.facebook.com/l.php?u=https%3A%2F%2F[">',
    "<br>",
    "</div>",
    "</p>",
    "&#xD800;&#0;\x00",
    "نمونه",
]
PAGES = st.lists(st.sampled_from(PARTS) | st.text(max_size=10), max_size=12).map(lambda parts: "".join(parts).encode())
_CARD = (
    '<blockquote data-instgrm-permalink="https://www.instagram.com/p/CYokA48AAAA/" '
    'cite="https://www.facebook.com/sample.page/posts/1920722881385983"><p>x</p></blockquote>'
)
CARDS = bodies(
    "error code error_subcode type html title author_id author_url author_name",
    ["rich", "video", _CARD, 4, 24, 100, 33, 2207045, True, "https://www.facebook.com/sample.page"],
)


@pytest.mark.no_cover
@given(
    place=st.sampled_from(ENDPOINTS),
    body=PAGES | CARDS,
    status_code=st.sampled_from(STATUS_CODES),
    kind=st.sampled_from(["application/json", "text/html; charset=utf-8", "", "text/html; charset=x"]),
    wait=st.none() | st.text(max_size=30),
)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_an_adapter_raise(
    place: tuple[Meta, Endpoint], body: bytes, status_code: int, kind: str, wait: str | None
) -> None:
    """Whatever comes, there is a reading; only a page with 200 or a card's error with 400 says that a post is gone."""
    adapter, endpoint = place
    headers = (("content-type", kind), ("age", wait or ""), *((("retry-after", wait),) if wait is not None else ()))
    answer = exchange(status_code=status_code, headers=headers, body=body)
    [reading] = adapter.observe([POSTS[adapter.platform]], endpoint, always(answer))
    absent = 400 if endpoint.name == "oembed" else 200
    assert reading.outcome is not Outcome.ABSENT or (status_code == absent and reading.strength is Strength.WEAK)
    assert reading.outcome is not Outcome.PRESENT or status_code == 200
    assert_storable(reading)


@pytest.mark.parametrize("body", TRAPS.values(), ids=TRAPS.keys())
def test_json_with_traps_is_unknown(body: bytes) -> None:
    """Row 77."""
    answer = exchange(headers=(("content-type", "application/json"),), body=body)
    for adapter, endpoint in ENDPOINTS:
        [reading] = adapter.observe([POSTS[adapter.platform]], endpoint, always(answer))
        assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


@pytest.mark.parametrize(("adapter", "endpoint"), ENDPOINTS, ids=ENDPOINT_IDS)
@pytest.mark.parametrize(
    "html",
    [
        "<div class='ErrorText EmbedBrokenMedia'>no longer available" * (MAX_PAGE // 50),
        "<div>" * (MAX_TAGS + 1),
        "<?xml version='1.0'?><div role='feed'></div>",
        "https://www.facebook.com/sample.page",
        "<div role='feed' class='OuterContainer Embed'><a href='/x/posts/1'>" * (MAX_TAGS // 2),
    ],
    ids=["large", "tags", "xml", "address", "nested"],
)
def test_a_hostile_page_is_read_in_time(adapter: Meta, endpoint: Endpoint, html: str) -> None:
    """Row 56 in an answer: what is larger than any page that is known is not parsed, nor what is no page."""
    begun = time.monotonic()
    [reading] = adapter.observe([POSTS[adapter.platform]], endpoint, always(_answer(endpoint, html)))
    assert reading.reason == Reason.UNEXPECTED_SHAPE
    assert time.monotonic() - begun < 30


def _answer(endpoint: Endpoint, html: str) -> Exchange:
    card: dict[str, Any] = {"type": "rich", "html": html}
    body = json.dumps(card) if endpoint.name == "oembed" else html
    return exchange(headers=(("content-type", "text/html"),), body=body.encode())
