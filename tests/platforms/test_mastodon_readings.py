"""What is read from the answers of Mastodon's API and of ActivityPub, at any server and at Truth Social."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.embed import Embed
from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, PostRef
from archiver.model.snapshot import Snapshot
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.platforms.answers import json_or_none
from archiver.platforms.mastodon import MASTODON_ACCOUNT, MASTODON_ACTIVITY, MASTODON_STATUS, Mastodon
from archiver.platforms.mastodon_rules import PLACES
from archiver.platforms.mastodon_words import MAX_HTML, words_of
from archiver.platforms.truthsocial import TRUTH_ACCOUNT, TRUTH_STATUS, TruthSocial
from tests.platforms.readings import always, answers, assert_read_as_expected, assert_storable, unproven
from tests.platforms.recorded import JSON, RECEIVED_AT, Case, Replay, cases, exchange

HOST, ID, ACCOUNT_ID = "social.example", "109876543210987654", "108765432109876543"
POST = PostRef("mastodon", HOST, ID, "sample_desk", f"{HOST}/{ACCOUNT_ID}")
AUTHOR = AuthorRef("mastodon", HOST, f"{HOST}/{ACCOUNT_ID}", None)
TRUTH = PostRef("truthsocial", None, ID, "sample_desk", ACCOUNT_ID)
TRUTH_AUTHOR = AuthorRef("truthsocial", None, ACCOUNT_ID, None)
ADAPTERS: tuple[Adapter, ...] = (Mastodon(), TruthSocial())
CASES = {adapter.platform: cases(adapter.platform) for adapter in ADAPTERS}
EVERY_CASE = [(adapter, case) for adapter in ADAPTERS for case in CASES[adapter.platform]]
LOOKS: list[tuple[Adapter, Endpoint, PostRef | AuthorRef]] = [
    (ADAPTERS[0], MASTODON_STATUS, POST),
    (ADAPTERS[0], MASTODON_ACTIVITY, POST),
    (ADAPTERS[0], MASTODON_ACCOUNT, AUTHOR),
    (ADAPTERS[1], TRUTH_STATUS, TRUTH),
    (ADAPTERS[1], TRUTH_ACCOUNT, TRUTH_AUTHOR),
]
NAMES = [f"{adapter.platform}-{endpoint.name}" for adapter, endpoint, _ in LOOKS]


def recorded(name: str, platform: str = "mastodon") -> Case:
    """One case by its name."""
    return next(case for case in CASES[platform] if case.name == name)


def answer_of(endpoint: Endpoint, ref: PostRef | AuthorRef, body: bytes, status_code: int = 200) -> Exchange:
    """An answer of the address that the endpoint asks at its host."""
    paths = {"status": f"/api/v1/statuses/{ID}", "activity": f"/users/sample_desk/statuses/{ID}"}
    path = paths.get(endpoint.name, f"/api/v1/accounts/{ACCOUNT_ID}")
    headers = (("content-type", "application/json"),)
    return exchange(f"https://{ref.host or endpoint.host}{path}", status_code, headers, body)


@pytest.mark.parametrize(
    ("adapter", "case"), EVERY_CASE, ids=[f"{adapter.platform}-{case.name}" for adapter, case in EVERY_CASE]
)
def test_a_recorded_answer_is_read_as_expected(adapter: Adapter, case: Case) -> None:
    """Every shape that platforms.md names for both platforms, and those that look like a deletion and are none."""
    assert_read_as_expected(adapter, case)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_every_rule_of_the_allow_list_has_a_case(adapter: Adapter) -> None:
    """No line of the table stands unproven."""
    noun_of = dict.fromkeys((endpoint.name for endpoint in adapter.endpoints), json_or_none)
    assert unproven(adapter.rules, PLACES, CASES[adapter.platform], noun_of) == []


def test_only_a_tombstone_is_strong() -> None:
    """A 404 is said of private posts too, a bare 410 of suspended accounts and of closed servers."""
    strong = {
        (rule.endpoint, rule.where) for each in ADAPTERS for rule in each.rules if rule.strength is Strength.STRONG
    }
    assert strong == {("activity", "tombstone")}
    assert not [rule for rule in TruthSocial().rules if rule.strength is Strength.STRONG]


@pytest.mark.parametrize(("adapter", "endpoint", "ref"), LOOKS, ids=NAMES)
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.DEADLINE, Reason.BLOCKED_ADDRESS])
def test_without_an_answer_the_reason_of_the_network_is_kept(
    adapter: Adapter, endpoint: Endpoint, ref: PostRef | AuthorRef, reason: Reason
) -> None:
    """A server that is down, or that leads to a private address, is `unknown`, even where half an answer came."""
    half = exchange(
        status_code=404, body=b'{"error":"Record not found"}', failure=Failure(reason.value, "told in one line")
    )
    [reading] = adapter.observe([ref], endpoint, always(half))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@pytest.mark.parametrize("reason", ["gone", "parked", "silent"])
def test_a_server_that_is_gone_as_a_whole_says_nothing_of_its_posts(reason: str) -> None:
    """410 to everything, a parked domain's page, no name any more: an outage on every endpoint, never an absence."""
    page = b"<html><head><title>This domain is for sale</title></head></html>"
    answer = {
        "gone": exchange(status_code=410, body=b'{"error":"Gone"}'),
        "parked": exchange(headers=(("content-type", "text/html"),), body=page),
        "silent": exchange(status_code=None, failure=Failure(Reason.DNS.value, "no such name")),
    }[reason]
    for adapter, endpoint, ref in LOOKS:
        [reading] = adapter.observe([ref], endpoint, always(answer))
        assert reading.outcome is Outcome.UNKNOWN


def test_both_endpoints_give_the_same_words() -> None:
    """Else every look would find the post changed."""
    by_api, by_servers = (recorded(name).expected["snapshot"] for name in ("status_present", "activity_present"))
    same = ("text", "links", "published_at", "language", "author_handle")
    assert {key: by_api[key] for key in same} == {key: by_servers[key] for key in same}


def test_the_words_have_links_in_full() -> None:
    """Mastodon hides both ends of a long address from the eye; the author wrote all of it."""
    snapshot = Snapshot.from_canonical(recorded("status_present").expected["snapshot"])
    [link] = snapshot.links
    assert link.url == "https://www.example.org/sample/path/that/is/long?part=two"
    assert link.url in snapshot.text
    assert link.text == "example.org/sample/path/that/i…"


def test_an_edit_is_kept_with_its_time() -> None:
    """The number stays; that the words were changed, and when, is the platform's own saying."""
    told = recorded("status_present_edited").expected["snapshot"]
    snapshot = Snapshot.from_canonical(told)
    assert snapshot.edited_at is not None
    assert snapshot.edited_at.isoformat() == "2023-02-20T10:11:12+00:00"
    assert snapshot.canonical() == told


@pytest.mark.parametrize(
    ("endpoint", "ref"),
    [
        (MASTODON_STATUS, PostRef("mastodon", None, ID, "sample_desk")),
        (MASTODON_STATUS, PostRef("mastodon", "social.example/@x", ID, "sample_desk")),
        (MASTODON_STATUS, PostRef("mastodon", "user@social.example", ID, "sample_desk")),
        (MASTODON_STATUS, PostRef("mastodon", "social.example:8443", ID, "sample_desk")),
        (MASTODON_STATUS, PostRef("mastodon", "SOCIAL.example", ID, "sample_desk")),
        (MASTODON_ACTIVITY, PostRef("mastodon", HOST, ID, None)),
        (MASTODON_ACTIVITY, PostRef("mastodon", HOST, ID, "sample desk")),
        (MASTODON_ACTIVITY, PostRef("mastodon", HOST, ID, "other_desk@remote.example")),
        (MASTODON_ACTIVITY, PostRef("mastodon", HOST, ID, "other_desk", f"{HOST}/1@remote.example")),
        (MASTODON_ACCOUNT, AuthorRef("mastodon", HOST, f"remote.example/{ACCOUNT_ID}", None)),
        (MASTODON_ACCOUNT, AuthorRef("mastodon", HOST, f"{HOST}/1@remote.example", None)),
        (MASTODON_ACCOUNT, AuthorRef("mastodon", HOST, None, "other_desk@remote.example")),
        (MASTODON_ACCOUNT, AuthorRef("mastodon", HOST, None, None)),
    ],
)
def test_what_has_no_address_is_not_asked(endpoint: Endpoint, ref: PostRef | AuthorRef) -> None:
    """Hosts come from articles: one that is none is never asked. Copies and their authors are known at home only."""
    [reading] = Mastodon().observe([ref], endpoint, Replay({}))
    assert (reading.outcome, reading.reason, reading.exchange) == (Outcome.UNKNOWN, Reason.NOT_ASKED, None)


def test_a_name_with_its_own_server_is_a_local_one() -> None:
    """`sample_desk@social.example` at social.example is no copy."""
    case = recorded("activity_absent")
    ref = PostRef("mastodon", HOST, ID, f"sample_desk@{HOST}")
    [reading] = Mastodon().observe([ref], MASTODON_ACTIVITY, case.get)
    assert (reading.outcome, reading.strength) == (Outcome.ABSENT, Strength.WEAK)


def test_an_account_that_never_existed_can_be_asked_at_every_server() -> None:
    """The control's id is configured once, without a server: it is asked at the server whose authors are looked at."""
    asked = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append((url, accept, follow))
        return exchange(url, 404, (), b'{"error":"Record not found"}')

    [reading] = Mastodon().observe([AuthorRef("mastodon", HOST, "999", None)], MASTODON_ACCOUNT, get)
    assert asked == [(f"https://{HOST}/api/v1/accounts/999", "application/json", ())]
    assert reading.outcome is not Outcome.ACCOUNT_OK


def test_each_ref_is_asked_once_and_nowhere_else() -> None:
    """One request a ref, at its own server, following nothing; servers ask each other for another kind of answer."""
    asked = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append((url, accept, follow))
        return exchange(url, 404, (), b'{"error":"Not Found"}')

    Mastodon().observe([POST, POST], MASTODON_ACTIVITY, get)
    TruthSocial().observe([TRUTH], TRUTH_STATUS, get)
    own = (f"https://{HOST}/users/sample_desk/statuses/{ID}", "application/activity+json", ())
    assert asked == [own, own, (f"https://truthsocial.com/api/v1/statuses/{ID}", "application/json", ())]


def test_an_endpoint_refuses_refs_that_it_does_not_look_at() -> None:
    """Asking the account endpoint for a post, or the others for an author, is a bug."""
    for adapter, endpoint, ref in LOOKS:
        other = POST if isinstance(ref, AuthorRef) else AUTHOR
        with pytest.raises(TypeError):
            adapter.observe([other], endpoint, Replay({}))


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_the_post_endpoints_stand_before_the_account_endpoints(adapter: Adapter) -> None:
    """The contract's order; each says in a line what it serves. There are no secrets and no short links."""
    subjects = [endpoint.subject for endpoint in adapter.endpoints]
    assert subjects == sorted(subjects, key=lambda subject: subject is SubjectKind.AUTHOR)
    assert all(endpoint.sees for endpoint in adapter.endpoints)
    assert all(endpoint.federated == (endpoint.host == "") for endpoint in adapter.endpoints)
    assert (adapter.credentials, adapter.short_link_endpoint) == ((), None)


@pytest.mark.parametrize(
    ("address", "printed", "handle"),
    [
        (f"https://{HOST}/@sample_desk/{ID}", "Sample_Printed", "sample_desk"),
        (f"https://{HOST}/@other_desk@remote.example/{ID}", "other_desk", "other_desk@remote.example"),
        (f"https://{HOST}/users/sample_desk/statuses/{ID}", None, "sample_desk"),
        (f"https://truthsocial.com/@sample_desk/posts/{ID}", "Sample_Printed", "sample_desk"),
    ],
)
def test_the_name_in_the_address_counts_more_than_a_printed_one(address: str, printed: str | None, handle: str) -> None:
    """Posts are asked for by it, and it tells copies from a server's own posts."""
    embed = Embed(0, "iframe", address=address, author_handle=printed)
    found = next(found for adapter in ADAPTERS if (found := adapter.identify(embed, RECEIVED_AT)))
    assert found.author_handle == handle


@pytest.mark.parametrize(
    ("content", "warning", "text"),
    [
        ("<p>one</p><p>two</p>", None, "one\n\ntwo"),
        ("<p>one<br>two<br /><br/>four</p>", None, "one\ntwo\n\nfour"),
        ("plain &amp; bare", None, "plain & bare"),
        ("<p></p>", "Sample warning", "Sample warning"),
        ("<p>one</p>", "Sample warning", "Sample warning\n\none"),
        ("<p>one</p>\n<p>two</p>\n", None, "one\n\ntwo"),
        ("before<p>one</p>after", None, "before\n\none\n\nafter"),
        ("<p>two  spaces </p>", None, "two  spaces "),
        ("<p>a\x00b</p>", None, "ab"),
        ("<script>alert(1)</script><p>one</p>", None, "one"),
    ],
)
def test_paragraphs_and_line_breaks_are_kept(content: str, warning: str | None, text: str) -> None:
    """As a reader sees them: an empty line between paragraphs, a new line at a break."""
    said = words_of(content, warning)
    assert said is not None
    assert said.text == text


def test_a_hostile_post_is_read_in_time() -> None:
    """Row 56 in an answer: open tags by the thousand cost little, and too many of them are no post."""
    began = time.monotonic()
    served = json.loads(recorded("status_present").exchange.body)
    for content in ("<div>" * 50_000 + "x", "<a href=x>" * 26_000, "<!--" * 65_000, "<p>" * MAX_HTML):
        answer = answer_of(MASTODON_STATUS, POST, json.dumps(served | {"content": content}).encode())
        [reading] = Mastodon().observe([POST], MASTODON_STATUS, always(answer))
        assert (reading.outcome is Outcome.PRESENT) == content.endswith("x")
    assert time.monotonic() - began < 3


_KEYS = """id type account acct username url uri content visibility suspended limited unauth_visibility error to cc
    attributedTo summary media_attachments attachment created_at published updated edited_at contentMap language"""
KEYS = st.sampled_from(_KEYS.split())
LIKELY = [
    *(
        ID,
        ACCOUNT_ID,
        "Tombstone",
        "Note",
        "public",
        "Record not found",
        "Not Found",
        "Gone",
        "sample_desk",
        True,
        False,
    ),
    *(f"https://{HOST}/users/sample_desk/statuses/{ID}", f"https://{HOST}/users/sample_desk", "as:Public", "<p>x</p>"),
    *("a@b.example", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
]
VALUES = st.sampled_from(LIKELY) | JSON
NEARLY = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES), max_size=8)
GOOD = [json.loads(recorded(name).exchange.body) for name in ("status_present", "activity_present", "account_open")]
BENT = st.builds(lambda good, change: good | change, st.sampled_from(GOOD), NEARLY)
BODIES = st.binary(max_size=200) | (JSON | NEARLY | BENT).map(lambda noun: json.dumps(noun).encode())


@pytest.mark.no_cover
@given(look=st.sampled_from(LOOKS), answer=answers(BODIES, f"https://{HOST}/users/sample_desk/statuses/{ID}"))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(look: tuple[Adapter, Endpoint, Any], answer: Exchange) -> None:
    """Whatever comes, there is a reading; only a tombstone of the very post is a strong absent."""
    adapter, endpoint, ref = look
    [reading] = adapter.observe([ref], endpoint, always(answer))
    assert reading.outcome is Outcome.UNKNOWN or answer.status_code in (200, 404, 410)
    assert reading.strength is not Strength.STRONG or b'"Tombstone"' in answer.body
    assert reading.outcome is not Outcome.PRESENT or ID.encode() in answer.body
    assert_storable(reading)


@pytest.mark.parametrize(("adapter", "endpoint", "ref"), LOOKS, ids=NAMES)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'{"a":' * 5000,
        b'{"id": ' + b"9" * 10_000 + b"}",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe{}",
    ],
    ids=["lists", "objects", "digits", "nan", "twice", "utf16"],
)
def test_json_with_traps_is_unknown(
    adapter: Adapter, endpoint: Endpoint, ref: PostRef | AuthorRef, body: bytes
) -> None:
    """Row 77."""
    [reading] = adapter.observe([ref], endpoint, always(answer_of(endpoint, ref, body)))
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


def test_there_are_no_short_links() -> None:
    """Every address has the number in it."""
    for adapter in ADAPTERS:
        assert adapter.resolve(None, Replay({})).reason is Reason.NO_REDIRECT  # type: ignore[arg-type]
