"""What is read from Bluesky's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, Post, PostRef
from archiver.platforms import registry
from archiver.platforms.adapter import Endpoint
from archiver.platforms.answers import json_or_none
from archiver.platforms.bluesky import APPVIEW, PROFILE, RECORD, Bluesky
from archiver.platforms.bluesky_rules import PLACES, RULES
from tests.platforms.readings import always, answers, assert_read_as_expected, assert_storable, ref_of, unproven
from tests.platforms.recorded import RECEIVED_AT, Case, Replay, bodies, cases, exchange

CASES = cases("bluesky")
DID = "did:plc:sampleauthor234567abcdef"
OTHER = "did:plc:otherauthor234567abcdefg"
KEY = "3kzsample2222"
HOST = "samplecap.us-east.host.bsky.network"
POST = PostRef("bluesky", None, f"{DID}/{KEY}")
AUTHOR = AuthorRef("bluesky", None, DID, None)
ENDPOINTS = [APPVIEW, RECORD, PROFILE]


def of(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def uri(did: str, key: str) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


def view(did: str, key: str) -> dict[str, Any]:
    record = {"$type": "app.bsky.feed.post", "text": f"Sample words of {key}."}
    return {"uri": uri(did, key), "author": {"did": did, "handle": "sample-desk.example"}, "record": record}


class FarEnd:
    """An AppView with these authors and these posts."""

    def __init__(self, authors: dict[str, str], posts: Sequence[tuple[str, str]]) -> None:
        self.authors, self.posts, self.asked = authors, posts, [""][:0]

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        self.asked.append(url)
        wanted = [text for _, text in parse_qsl(urlsplit(url).query)]
        if "getProfiles" in url:
            known = [(did, handle) for did, handle in self.authors.items() if {did, handle} & set(wanted)]
            told: dict[str, Any] = {"profiles": [{"did": did, "handle": handle} for did, handle in known]}
        else:
            told = {"posts": [view(did, key) for did, key in self.posts if uri(did, key) in wanted]}
        return exchange(url, body=json.dumps(told).encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Every shape that platforms.md records of Bluesky, and what other platforms have answered in their place."""
    assert_read_as_expected(Bluesky(), case)


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """No line of the table stands unproven."""
    assert unproven(RULES, PLACES, CASES, dict.fromkeys(("appview", "record", "profile"), json_or_none)) == []


def test_only_the_authors_own_host_gives_a_strong_absent() -> None:
    """And only after it said that the repository is active: in every such case that was the last thing asked."""
    strong = [case for case in CASES if case.expected["reading"].get("strength") == "strong"]
    assert strong
    for case in strong:
        assert case.expected["endpoint"] == "record"
        assert json.loads(case.exchanges[-1].body)["active"] is True


def test_bluesky_can_be_looked_at() -> None:
    """It is registered; posts come before accounts; only Bluesky's own hosts are asked besides."""
    adapter = registry.adapter_for("bluesky")
    assert adapter is not None
    assert [each.subject for each in adapter.endpoints] == [SubjectKind.POST, SubjectKind.POST, SubjectKind.AUTHOR]
    assert RECORD.further_hosts == ("*.host.bsky.network", "public.api.bsky.app")
    assert all(each.sees and each.limit for each in adapter.endpoints)


def test_one_look_tells_present_and_absent_posts_apart() -> None:
    """A full request: controls of both kinds among the posts, one post twice, one of an author who is not served."""
    far_end = FarEnd({DID: "sample-desk.example", OTHER: "other-desk.example"}, [(DID, KEY), (OTHER, "3kzother22222")])
    natives = [
        f"{DID}/{KEY}",
        f"{DID}/3kznever22222",
        "other-desk.example/3kzother22222",
        "did:plc:nobodyatall234567abcdefg/3kzsample2222",
        "did:plc:SHOUTED/3kzsample2222",
        f"{DID}/{KEY}",
    ]
    readings = Bluesky().observe([PostRef("bluesky", None, each) for each in natives], APPVIEW, far_end)
    assert [reading.outcome.value for reading in readings] == [
        "present",
        "absent",
        "present",
        "unknown",
        "unknown",
        "present",
    ]
    assert readings[1].strength is Strength.WEAK
    assert [reading.reason for reading in readings[3:5]] == [Reason.NOT_FOUND, Reason.NOT_ASKED]
    assert len(far_end.asked) == 2
    assert all(far_end.asked[1].count(part) == times for part, times in ((KEY, 1), ("nobodyatall", 0), ("SHOUTED", 0)))


def test_a_kept_answer_about_many_posts_is_read_again_for_one() -> None:
    """The other posts in it are not strange, and a post that was not asked for then is not absent for it."""
    far_end, kept = FarEnd({DID: "sample-desk.example"}, [(DID, KEY), (DID, "3kzother22222")]), []

    def keep(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        kept.append(far_end(url))
        return kept[-1]

    refs = [PostRef("bluesky", None, f"{DID}/{key}") for key in (KEY, "3kzother22222", "3kznever22222")]
    before = Bluesky().observe(refs, APPVIEW, keep)
    for ref, first in zip(refs, before, strict=True):
        answers = iter(kept)
        [again] = Bluesky().observe([ref], APPVIEW, lambda *_, answers=answers, **__: next(answers))
        assert again == first
    waiting = iter(kept)
    [not_among_them] = Bluesky().observe(
        [PostRef("bluesky", None, f"{DID}/3kzlater22222")], APPVIEW, lambda *_, **__: next(waiting)
    )
    assert (not_among_them.outcome, not_among_them.reason) == (Outcome.UNKNOWN, Reason.WRONG_ID)


def test_a_post_never_seen_alive_under_a_handle_is_never_surely_gone() -> None:
    """The handle may have passed on: neither endpoint gives more than a weak absent."""
    by_handle = [
        case for case in CASES if case.expected["ref"].get("post", {}).get("native_id", "").startswith("sample-")
    ]
    told = [case.expected["reading"] for case in by_handle if "author_id" not in case.expected["ref"]["post"]]
    assert {reading.get("strength") for reading in told if reading["outcome"] == "absent"} == {"weak"}


@pytest.mark.parametrize(
    "native_id",
    [
        KEY,
        f"{DID}/",
        f"{DID}/a b",
        f"{DID}/..",
        f"{DID}/" + "k" * 600,
        f"no handle/{KEY}",
        f"did:key:sample/{KEY}",
        f"did:plc:UPPER/{KEY}",
        f"-a.example/{KEY}",
        f"localhost/{KEY}",
        f"{DID}&x=1/{KEY}",
        f"{'a.' * 300}example/{KEY}",
    ],
)
def test_what_bluesky_would_refuse_to_read_is_not_asked(native_id: str) -> None:
    """One malformed address would make the request for 24 other posts fail."""
    for endpoint in (APPVIEW, RECORD):
        [reading] = Bluesky().observe([PostRef("bluesky", None, native_id)], endpoint, Replay({}))
        assert (reading.outcome, reading.reason, reading.exchange) == (Outcome.UNKNOWN, Reason.NOT_ASKED, None)


def test_a_repository_that_no_directory_knows_is_not_sought() -> None:
    """Where a did:web has its repository stands on a host of its own, which is not asked; the AppView may know it."""
    ref = PostRef("bluesky", None, f"did:web:sample.example/{KEY}")
    [reading] = Bluesky().observe([ref], RECORD, Replay({}))
    assert reading.reason is Reason.NOT_ASKED
    far_end = FarEnd({"did:web:sample.example": "sample.example"}, [("did:web:sample.example", KEY)])
    [reading] = Bluesky().observe([ref], APPVIEW, far_end)
    assert reading.outcome is Outcome.PRESENT


def test_another_author_on_file_is_told_before_any_host_is_asked() -> None:
    """The record endpoint has the DID in the id itself."""
    [reading] = Bluesky().observe([PostRef("bluesky", None, f"{DID}/{KEY}", None, OTHER)], RECORD, Replay({}))
    assert (reading.outcome, reading.reason, reading.author_id) == (Outcome.UNKNOWN, Reason.WRONG_AUTHOR, DID)


def test_an_author_without_a_name_that_can_be_asked_is_not_asked() -> None:
    """No id and no handle is a bug; a name that is none is `unknown`."""
    with pytest.raises(ValueError, match="without id and handle"):
        Bluesky().observe([AuthorRef("bluesky", None, None, None)], PROFILE, Replay({}))
    for ref in (AuthorRef("bluesky", None, "12", None), AuthorRef("bluesky", None, None, "no handle")):
        [reading] = Bluesky().observe([ref], PROFILE, Replay({}))
        assert reading.reason is Reason.NOT_ASKED


def test_an_endpoint_refuses_refs_that_it_does_not_look_at() -> None:
    """Asking for the profile of a post, or the record of an author, is a bug."""
    refused: list[tuple[PostRef | AuthorRef, Endpoint]] = [(POST, PROFILE), (AUTHOR, RECORD), (AUTHOR, APPVIEW)]
    for ref, endpoint in refused:
        with pytest.raises(TypeError):
            Bluesky().observe([ref], endpoint, Replay({}))


STEPS = [("appview_absent", 0), ("appview_absent", 1), ("record_absent", 0), ("record_absent", 1), ("record_absent", 2)]


@pytest.mark.parametrize(("name", "step"), [*STEPS, ("record_absent_by_handle", 0), ("profile_ok", 0)])
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_an_answer_the_reason_of_the_network_is_kept(name: str, step: int, reason: Reason) -> None:
    """At every step of a look a failure of the network is `unknown`, even where the answer had come by then."""
    case = of(name)
    broken = case.exchanges[step]
    failed = exchange(broken.url, broken.status_code, (), broken.body, Failure(reason.value, "told in one line"))
    get = Replay({each.url: failed if each is broken else each for each in case.exchanges})
    [reading] = Bluesky().observe([ref_of("bluesky", case.expected)], _endpoint(case), get)
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")
    assert reading.exchange is failed


def test_no_address_has_to_be_followed_for_an_id() -> None:
    """Bluesky has no short links."""
    post = Post(
        number=1,
        platform="bluesky",
        host=None,
        native_id=None,
        author_handle=None,
        author_name=None,
        author_id=None,
        published_on=None,
        published_at=None,
        id_window=None,
        short_links=(),
        edit_chain=(),
        found_at=RECEIVED_AT,
    )
    assert Bluesky().resolve(post, Replay({})).native_id is None
    assert Bluesky().short_link_endpoint is None


def test_neither_hosts_nor_links_lead_anywhere_else() -> None:
    """Row 78: links are text; only the hosts of the endpoint are asked."""
    for case in CASES:
        endpoint = _endpoint(case)
        allowed = {endpoint.host, *endpoint.further_hosts}
        for each in case.exchanges:
            host = urlsplit(each.url).hostname or ""
            assert host in allowed or f"*.{host.split('.', 2)[2]}" in allowed


def _endpoint(case: Case) -> Endpoint:
    return next(each for each in ENDPOINTS if each.name == case.expected["endpoint"])


KEYS = (
    "did handle labels val neg uri author record text embed $type images fullsize external facets index features"
    " byteEnd byteStart message error active status id service serviceEndpoint value langs createdAt profiles posts"
)
WORDS = [
    DID,
    uri(DID, KEY),
    f"Could not locate record: {uri(DID, KEY)}",
    "RecordNotFound",
    "RepoNotFound",
    "deactivated",
    "app.bsky.feed.post",
    "app.bsky.richtext.facet#link",
    "#atproto_pds",
    f"https://{HOST}",
    "!hide",
    "\ud800",
    True,
    3,
]


@pytest.mark.no_cover
@given(name=st.sampled_from([case.name for case in CASES]), step=st.integers(0, 3), answer=answers(bodies(KEYS, WORDS)))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(name: str, step: int, answer: Exchange) -> None:
    """Whatever comes, at whatever step, there is a reading, and a strange answer never says that a post is gone."""
    case = of(name)
    step %= len(case.exchanges)
    strange = {each.url for each in case.exchanges[step:]}

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        return answer if url in strange else case.get(url)

    [reading] = Bluesky().observe([ref_of("bluesky", case.expected)], _endpoint(case), get)
    assert_storable(reading)
    assert reading.outcome is not Outcome.ABSENT or answer.status_code == 200
    assert reading.strength is not Strength.STRONG or json_or_none(answer.body)["active"] is True


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'{"did": ' + b"9" * 10_000 + b"}",
        b'{"a": NaN}',
        b'{"posts": [], "posts": []}',
        b'\xff\xfe{"a": 1}',
    ],
    ids=["lists", "digits", "nan", "twice", "utf16"],
)
def test_json_with_traps_is_unknown(endpoint: Endpoint, body: bytes) -> None:
    """Row 77."""
    ref: PostRef | AuthorRef = AUTHOR if endpoint is PROFILE else POST
    [reading] = Bluesky().observe([ref], endpoint, always(exchange(body=body)))
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


def test_both_endpoints_read_the_same_words_and_links() -> None:
    """A look at one and then at the other is no change of the text."""

    def said(name: str) -> Reading:
        case = of(name)
        return Bluesky().observe([ref_of("bluesky", case.expected)], _endpoint(case), case.get)[0]

    on_appview, on_record = said("appview_present").snapshot, said("record_present").snapshot
    assert on_appview is not None
    assert on_record is not None
    assert (on_appview.text, on_appview.links) == (on_record.text, on_record.links)
    assert (on_appview.published_at, on_appview.language) == (on_record.published_at, on_record.language)


def test_another_record_under_the_same_key_is_another_snapshot() -> None:
    """There is no edit but that a record is replaced: its digest is another, and nothing else is concluded."""
    snapshots = []
    for words in ("Sample words.", "Sample words, put right."):
        record = {"$type": "app.bsky.feed.post", "text": words}
        body = json.dumps({"uri": uri(DID, KEY), "cid": f"bafyrei{len(words)}", "value": record}).encode()
        case = of("record_present")
        get = Replay({case.exchanges[0].url: case.exchanges[0], case.exchange.url: exchange(body=body)})
        [reading] = Bluesky().observe([POST], RECORD, get)
        assert reading.outcome is Outcome.PRESENT
        assert reading.edit_chain == ()
        snapshots.append(reading.snapshot)
    assert snapshots[0] != snapshots[1]
