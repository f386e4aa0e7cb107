"""What is read from Reddit's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, Post, PostRef
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.reddit import ACCOUNT, API, Reddit
from tests.platforms import readings as check
from tests.platforms.recorded import JSON, Case, Replay, bodies, cases, exchange

CASES = cases("reddit")
APP = Setup(credentials=frozenset({"client_id", "client_secret"}))
POST = PostRef("reddit", None, "abc123")
AUTHOR = AuthorRef("reddit", None, "t2_5ampl3", None)
by_name = pytest.mark.parametrize("endpoint", [API, ACCOUNT], ids=lambda endpoint: endpoint.name)


def reddit() -> Reddit:
    return Reddit(APP)


def ref_for(endpoint: Endpoint) -> PostRef | AuthorRef:
    return AUTHOR if endpoint is ACCOUNT else POST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Every state that platforms.md records, and what looks like one of them."""
    check.assert_all_read_as_expected(reddit(), case)


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """Without any one of them, some case would be read otherwise."""
    assert check.needless(reddit, CASES) == []


def test_only_the_authors_own_deletion_is_strong() -> None:
    """What others removed is still there for its author, and may come back at a click."""
    strong = [rule.says for rule in reddit().rules if rule.strength is Strength.STRONG]
    assert strong == ["deleted by its author"]


def test_without_credentials_there_is_no_endpoint() -> None:
    """Nobody else is answered; the posts' stands before the accounts'."""
    assert Reddit().endpoints == ()
    assert reddit().endpoints == (API, ACCOUNT)


@by_name
def test_silence_tells_nothing(endpoint: Endpoint) -> None:
    """Empty bodies, refusals, login pages, outages and rate limits are unknown."""
    check.assert_silence_tells_nothing(reddit(), endpoint, ref_for(endpoint))


@by_name
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.TLS, Reason.DEADLINE, Reason.REFUSED])
def test_without_a_whole_answer_the_reason_of_the_network_is_kept(endpoint: Endpoint, reason: Reason) -> None:
    """Also where no token could be had, so that nothing was asked."""
    half = exchange(status_code=None, failure=Failure(reason.value, "told in one line"))
    [reading] = reddit().observe([ref_for(endpoint)], endpoint, check.always(half))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@by_name
@pytest.mark.parametrize("trap", check.TRAPS.values(), ids=check.TRAPS)
def test_json_with_traps_is_unknown(endpoint: Endpoint, trap: bytes) -> None:
    """Row 77."""
    [reading] = reddit().observe([ref_for(endpoint)], endpoint, check.always(exchange(body=trap)))
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


@by_name
def test_an_endpoint_refuses_refs_that_it_does_not_look_at(endpoint: Endpoint) -> None:
    """Asking for a post where accounts are looked at is a bug."""
    with pytest.raises(TypeError):
        reddit().observe([POST if endpoint is ACCOUNT else AUTHOR], endpoint, Replay({}))


@pytest.mark.parametrize("odd", ["ABC", "abc,def", "abc/def/ghi", "abc/", "t3_abc", "../api", "a" * 14])
def test_what_cannot_be_an_id_is_not_asked_for(odd: str) -> None:
    """It stays unknown, and costs the others nothing."""
    [alone] = reddit().observe([PostRef("reddit", None, odd)], API, Replay({}))
    assert (alone.outcome, alone.exchange) == (Outcome.UNKNOWN, None)
    case = next(case for case in CASES if case.name == "api_present")
    beside, good = reddit().observe([PostRef("reddit", None, odd), POST], API, case.get)
    assert (beside.outcome, good.outcome) == (Outcome.UNKNOWN, Outcome.PRESENT)


@pytest.mark.parametrize(
    "ref",
    [
        AuthorRef("reddit", None, "5ampl3", None),
        AuthorRef("reddit", None, None, "a/b"),
        replace(AUTHOR, native_id=None),
    ],
)
def test_an_account_without_id_or_name_is_not_asked_for(ref: AuthorRef) -> None:
    """It stays unknown."""
    [reading] = reddit().observe([ref], ACCOUNT, Replay({}))
    assert (reading.outcome, reading.exchange) == (Outcome.UNKNOWN, None)


def test_a_kept_answer_about_many_posts_is_read_again_for_one() -> None:
    """The others in it are not strange; and who was not asked for then is not absent for it."""
    case = next(case for case in CASES if case.name == "api_many")
    for native_id, outcome in (
        ("abc123", Outcome.PRESENT),
        ("abc123/def4567", Outcome.ABSENT),
        ("never1", Outcome.ABSENT),
        ("later1", Outcome.UNKNOWN),
    ):
        again = reddit().observe([PostRef("reddit", None, native_id)], API, check.always(case.exchange))
        assert [reading.outcome for reading in again] == [outcome]


KEYS = "kind data children name author author_fullname title selftext body link_id removed_by_category id is_suspended"
VALUES = ["Listing", "t1", "t2", "t3", "t3_abc123", "[deleted]", "[removed]", "t2_5ampl3", "sample_desk", "moderator"]

ASKED = "https://oauth.reddit.com/api/info?id=t3_abc123,t1_def4567&raw_json=1"


@pytest.mark.no_cover
@given(endpoint=st.sampled_from([API, ACCOUNT]), answer=check.answers(bodies(KEYS, VALUES), ASKED))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(endpoint: Endpoint, answer: Exchange) -> None:
    """Whatever comes, there is a reading; nothing but the allow-list's own shapes says that a post is gone."""
    [reading] = reddit().observe([ref_for(endpoint)], endpoint, check.always(answer))
    check.assert_storable(reading)
    assert reading.outcome is Outcome.UNKNOWN or answer.status_code == 200


CHILD = st.dictionaries(st.sampled_from(KEYS.split()), st.sampled_from(VALUES) | JSON, max_size=10)


@pytest.mark.no_cover
@given(child=CHILD, kind=st.sampled_from(["t1", "t3"]), comment=st.booleans())
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_post_of_a_listing_makes_the_adapter_raise(child: dict[str, object], kind: str, comment: bool) -> None:
    """And a strong absent always has the author's own mark."""
    ref = PostRef("reddit", None, "abc123/def4567" if comment else "abc123")
    child = {**child, "name": "t1_def4567" if comment else "t3_abc123"}
    listing = {"kind": "Listing", "data": {"after": None, "children": [{"kind": kind, "data": child}]}}
    answer = exchange(ASKED, body=json.dumps(listing).encode())
    [reading] = reddit().observe([ref], API, check.always(answer))
    check.assert_storable(reading)
    if reading.strength is Strength.STRONG:
        assert child["author"] == "[deleted]"


LINK = "https://www.reddit.com/r/sample/s/aBcDeFgHiJ"
SOUGHT = Post(
    number=1,
    platform="reddit",
    host=None,
    native_id=None,
    author_handle=None,
    author_name=None,
    author_id=None,
    published_on=None,
    published_at=None,
    id_window=None,
    short_links=(LINK,),
    edit_chain=(),
    found_at=datetime(2026, 1, 6, tzinfo=UTC),
)


def redirect(location: str | None, status_code: int = 301) -> Exchange:
    return exchange(LINK, status_code, (("location", location),) if location is not None else ())


@pytest.mark.parametrize(
    ("answer", "reason", "native_id"),
    [
        (redirect("https://www.reddit.com/r/sample/comments/abc123/a_title/?share_id=x"), Reason.RESOLVED, "abc123"),
        (redirect("https://www.reddit.com/r/sample/comments/abc123/a/def4567/"), Reason.RESOLVED, "abc123/def4567"),
        (redirect("https://www.reddit.com/login/?dest=x"), Reason.NO_REDIRECT, None),
        (redirect("https://www.reddit.example/r/sample/comments/abc123/a/"), Reason.NO_REDIRECT, None),
        (redirect("https://x.com/sample_desk/status/1428600000000000000"), Reason.NO_REDIRECT, None),
        (redirect("http://127.0.0.1:6379/"), Reason.NO_REDIRECT, None),
        (redirect(None), Reason.NO_REDIRECT, None),
        (redirect(None, 404), Reason.NO_REDIRECT, None),
        (redirect(None, 403), Reason.REFUSED, None),
        (redirect(None, 429), Reason.RATE_LIMITED, None),
        (redirect(None, 503), Reason.SERVER_ERROR, None),
        (exchange(LINK, None, failure=Failure("dns", "not found")), Reason.DNS, None),
    ],
)
def test_a_share_link_is_read_one_hop_and_never_followed(
    answer: Exchange, reason: Reason, native_id: str | None
) -> None:
    """Only an address of a post of Reddit is believed."""
    resolution = reddit().resolve(SOUGHT, Replay({LINK: answer}))
    assert (resolution.reason, resolution.native_id, resolution.exchange) == (reason, native_id, answer)


def test_a_share_link_is_asked_for_at_one_host() -> None:
    """Whatever name of it an article has; other links are not asked at all."""
    post = replace(SOUGHT, short_links=("https://t.co/AbCdEfGh12", "https://old.reddit.com/r/sample/s/aBcDeFgHiJ"))
    answer = redirect("https://www.reddit.com/r/sample/comments/abc123/a_title/")
    assert reddit().resolve(post, Replay({LINK: answer})).native_id == "abc123"
    assert reddit().resolve(replace(post, short_links=()), Replay({})).reason is Reason.NO_REDIRECT
