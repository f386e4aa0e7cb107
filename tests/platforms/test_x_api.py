"""What is read from the answers of X's API v2, which answers for many ids at once, and who may ask it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, PostRef
from archiver.model.verdict import State
from archiver.platforms.adapter import Credential, Endpoint, Setup
from archiver.platforms.rules import rule_for
from archiver.platforms.x import API, API_USERS, OEMBED, SYNDICATION, TIMELINE, X
from archiver.platforms.x_rules import PLACES, RULES
from archiver.urls import x_id
from tests.histories import History
from tests.platforms.recorded import Case, Replay, bodies, cases, exchange, told

CASES = [case for case in cases("x") if case.name.startswith("api_")]
OF = {case.name: case for case in CASES}
TOKEN = frozenset({"bearer_token"})
ADAPTER = X(Setup(None, TOKEN))
ENDPOINTS = {endpoint.name: endpoint for endpoint in (API, API_USERS)}
POST = PostRef("x", None, "1764992995586736129")
AUTHOR = AuthorRef("x", None, "1700000000000000042", None)
BY_HANDLE = AuthorRef("x", None, None, "sample_desk")


def refs_of(case: Case) -> list[PostRef | AuthorRef]:
    refs = [look["ref"] for look in case.expected["looks"]]
    return [PostRef("x", None, **k["post"]) if "post" in k else AuthorRef("x", None, **k["author"]) for k in refs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_ref_of_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """In the order of the refs, whatever the order of the answer; all share its exchange."""
    adapter = X(Setup(case.expected.get("egress_country"), TOKEN))
    readings = adapter.observe(refs_of(case), ENDPOINTS[case.expected["endpoint"]], case.get)
    for reading, look in zip(readings, case.expected["looks"], strict=True):
        assert told(reading) == look["reading"], case.expected["why"]
        assert (reading.snapshot.canonical() if reading.snapshot else None) == look["snapshot"], case.expected["why"]
        assert reading.exchange is case.exchange


def test_every_rule_of_the_api_has_a_case() -> None:
    """No line of the table stands unproven."""
    met = set()
    for case in CASES:
        try:
            errors = json.loads(case.exchange.body)["errors"]
        except (ValueError, TypeError, KeyError):
            continue
        met |= {rule_for(RULES, PLACES, case.expected["endpoint"], case.exchange, error) for error in errors}
    assert [rule for rule in RULES if rule.endpoint in ENDPOINTS and rule not in met] == []


# Who may ask ----------------------------------------------------------------------------------------------------------


def test_without_the_token_x_has_its_three_public_endpoints_only() -> None:
    """Nothing of the API is asked, by whatever other name a secret is configured."""
    public = (OEMBED, SYNDICATION, TIMELINE)
    assert X().endpoints == X(Setup("DE", frozenset({"api_key"}))).endpoints == public
    assert [endpoint.subject for endpoint in public] == [SubjectKind.POST, SubjectKind.POST, SubjectKind.AUTHOR]


def test_with_the_token_the_api_looks_too_and_at_accounts_before_the_timeline() -> None:
    """Posts stand first, as the contract wants; the first endpoint for authors is the one that is asked."""
    assert ADAPTER.endpoints == (OEMBED, SYNDICATION, API, API_USERS, TIMELINE)
    assert X().endpoints == (OEMBED, SYNDICATION, TIMELINE), "one adapter's token is not another's"


def test_the_token_is_for_the_one_host_of_the_api() -> None:
    """In its header, and in no address."""
    assert ADAPTER.credentials == (Credential("bearer_token", "api.x.com", "authorization", "Bearer {}"),)
    assert {endpoint.host for endpoint in ADAPTER.endpoints if endpoint.credential} == {"api.x.com"}
    assert all(not endpoint.redirect_hosts for endpoint in (API, API_USERS)), "a redirect is never followed with it"


def test_every_endpoint_says_in_a_line_what_it_sees() -> None:
    """`archiver platforms` prints it."""
    assert all(endpoint.sees and "\n" not in endpoint.sees + endpoint.limit for endpoint in ADAPTER.endpoints)


# One request for many -------------------------------------------------------------------------------------------------


class Asked:
    """A `get` that gives one answer to all, and keeps what was asked."""

    def __init__(self, answer: Exchange) -> None:
        self.answer = answer
        self.urls: list[str] = []

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        assert (accept, follow) == ("application/json", ())
        self.urls.append(url)
        return self.answer


def test_a_hundred_posts_take_one_request() -> None:
    """Each id once, though a control stands before the looks and after them."""
    refs = [PostRef("x", None, str(1764992995586736000 + n)) for n in range(99)]
    get = Asked(exchange(body=b"{}"))
    assert len(ADAPTER.observe([*refs, refs[0]], API, get)) == API.ids_per_request == 100
    [url] = get.urls
    assert url.startswith("https://api.x.com/2/tweets?ids=1764992995586736000,1764992995586736001,")
    assert url.count("1764992995586736000") == 1
    assert "&expansions=author_id,attachments.media_keys&" in url


def test_authors_by_id_and_by_handle_take_two_requests() -> None:
    """Each has its own answer; the order of the readings is that of the refs."""
    handles, ids = OF["api_users_handles"], OF["api_users_mixed"]
    mixed = [ref for pair in zip(refs_of(handles), refs_of(ids), strict=False) for ref in pair]
    replay = Replay({_asked(handles): handles.exchange, _asked(ids, len(refs_of(handles))): ids.exchange})
    readings = ADAPTER.observe(mixed, API_USERS, replay)
    assert [reading.exchange for reading in readings] == [handles.exchange, ids.exchange] * 4
    looks = [look for pair in zip(handles.expected["looks"], ids.expected["looks"], strict=False) for look in pair]
    assert [told(reading) for reading in readings] == [look["reading"] for look in looks]


def _asked(case: Case, first: int | None = None) -> str:
    """The address that the first refs of a case are asked at."""
    get = Asked(exchange(body=b"{}"))
    ADAPTER.observe(refs_of(case)[:first], API_USERS, get)
    return get.urls[0]


def test_where_one_of_the_two_requests_fails_the_other_is_read() -> None:
    """A limit on handles says nothing of the accounts that go by id."""
    good = OF["api_users_withheld_elsewhere"].exchange

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        return good if "/users?" in url else exchange(url, status_code=429)

    by_id, by_handle = X(Setup("FR", TOKEN)).observe([AUTHOR, BY_HANDLE], API_USERS, get)
    assert by_id.outcome == Outcome.ACCOUNT_OK
    assert (by_handle.reason, by_handle.retry_after_seconds) == (Reason.RATE_LIMITED, 900)


@pytest.mark.parametrize("native_id", ["0", "007", "12a", "1,2", "", "²", "9" * 19, "1&ids=2"])
def test_an_id_that_x_cannot_have_given_is_not_asked_for(native_id: str) -> None:
    """It would get the request of all the others refused; they are asked for without it."""
    case = OF["api_present"]
    post, odd = ADAPTER.observe([POST, PostRef("x", None, native_id)], API, case.get)
    assert post.outcome == Outcome.PRESENT
    assert (odd.outcome, odd.reason, odd.exchange) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, None)
    [alone] = ADAPTER.observe([PostRef("x", None, native_id)], API, Replay({}))
    assert alone.outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(
    "ref",
    [
        AuthorRef("x", None, None, "a_handle_of_20_chars"),
        AuthorRef("x", None, None, "نمونه"),
        AuthorRef("x", None, None, "a,b"),
        AuthorRef("x", None, None, ""),
        AuthorRef("x", None, None, None),
        AuthorRef("x", None, "sample_desk", "sample_desk"),
    ],
    ids=["long", "script", "two", "empty", "none", "no id"],
)
def test_an_author_that_x_cannot_know_is_not_asked_for(ref: AuthorRef) -> None:
    """One such name in an article must not blind us for the accounts of all the others."""
    case = OF["api_users_withheld_elsewhere"]
    author, odd = X(Setup("FR", TOKEN)).observe([AUTHOR, ref], API_USERS, case.get)
    assert author.outcome == Outcome.ACCOUNT_OK
    assert (odd.outcome, odd.reason, odd.exchange) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE, None)
    [alone] = ADAPTER.observe([ref], API_USERS, Replay({}))
    assert alone.outcome == Outcome.UNKNOWN


def test_an_endpoint_of_the_api_refuses_refs_that_it_does_not_look_at() -> None:
    """Asking for a post as an author, or the other way round, is a bug."""
    with pytest.raises(TypeError, match="api looks at posts only"):
        ADAPTER.observe([POST, AUTHOR], API, Replay({}))
    with pytest.raises(TypeError, match="api_users looks at authors only"):
        ADAPTER.observe([AUTHOR, POST], API_USERS, Replay({}))


# Whatever may come ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", [API, API_USERS], ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_an_answer_all_have_the_reason_of_the_network(endpoint: Endpoint, reason: Reason) -> None:
    """A failure of the network is `unknown`, even where a whole answer seems to have come."""
    case = OF["api_all_not_found" if endpoint is API else "api_users_mixed"]
    down = exchange(body=case.exchange.body, failure=Failure(reason.value, "told in one line"))
    readings = ADAPTER.observe(refs_of(case), endpoint, Asked(down))
    assert {(k.outcome, k.reason, k.message) for k in readings} == {(Outcome.UNKNOWN, reason, "told in one line")}


def test_no_rule_of_the_api_makes_an_absent_strong() -> None:
    """A deactivated account's posts are answered like deleted ones, and come back."""
    found = [rule for rule in RULES if rule.endpoint == API.name and rule.outcome is Outcome.ABSENT]
    assert [rule.strength for rule in found] == [Strength.WEAK]


@pytest.mark.parametrize(("strength", "state"), [("weak", State.GONE_UNCONFIRMED), ("strong", State.DELETED)])
def test_an_account_that_was_away_unseen_and_is_back_before_its_posts(strength: str, state: State) -> None:
    """Why they are weak: were they strong, a post that comes back a day after its author would be called deleted."""
    history = History().round(api="present").wait(days=1)
    for _ in range(10):
        history.round(api=strength, timeline="unknown").wait(days=1)
    for _ in range(2):
        history.round(api=strength, timeline="ok").wait(hours=2)
    assert history.round(api=strength).verdict().state is state


def test_an_account_looks_gone_by_its_id_only() -> None:
    """A handle that nobody has may be the old one of an account that is there."""
    [rule] = [rule for rule in RULES if rule.endpoint == API_USERS.name and rule.outcome is Outcome.ACCOUNT_GONE]
    assert "user with ids" in rule.says


SAMPLED: list[Any] = [
    *(POST.native_id, AUTHOR.native_id, "sample_desk", True, False, "photo", "3_1", ["DE"], ["3_1", POST.native_id]),
    *("Not Found Error", "Authorization Error", "Forbidden", "https://api.x.com/2/problems/resource-not-found"),
    f"Could not find tweet with ids: [{POST.native_id}].",
    f"Could not find user with ids: [{AUTHOR.native_id}].",
    "User has been suspended: [sample_desk].",
]
KEYS = """data errors includes users media id author_id text note_tweet entities urls url attachments media_keys
    username protected withheld country_codes copyright edit_history_tweet_ids value detail title type resource_id"""


@pytest.mark.no_cover
@given(
    endpoint=st.sampled_from([API, API_USERS]),
    body=bodies(KEYS, SAMPLED),
    status_code=st.sampled_from([200, 200, 200, 204, 302, 400, 401, 403, 404, 429, 500, 503]),
    reset=st.none() | st.text(max_size=30) | st.integers(-10, 10**13).map(str) | st.floats().map(str),
)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_of_the_api_makes_the_adapter_raise(
    endpoint: Endpoint, body: bytes, status_code: int, reset: str | None
) -> None:
    """Whatever comes, each ref has a reading; nothing but the allow-list's own shapes says that a post is gone."""
    headers = (("x-rate-limit-reset", reset),) if reset is not None else ()
    answer = exchange(status_code=status_code, headers=headers, body=body)
    refs: list[PostRef | AuthorRef] = [POST, PostRef("x", None, "20")] if endpoint is API else [AUTHOR, BY_HANDLE]
    for reading in X(Setup("DE", TOKEN)).observe(refs, endpoint, Asked(answer)):
        assert reading.outcome == Outcome.UNKNOWN or status_code == 200
        assert reading.outcome != Outcome.ABSENT or b"Could not find tweet" in body
        assert reading.outcome != Outcome.PRESENT or x_id(reading.author_id or "")
        assert reading.retry_after_seconds is None or 1 <= reading.retry_after_seconds <= 3600
        if reading.snapshot is not None:
            str(reading.snapshot.canonical()).encode("utf-8")
