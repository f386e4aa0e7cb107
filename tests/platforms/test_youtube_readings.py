"""What is read from YouTube's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.youtube import API, CHANNELS, OEMBED, WATCH, YouTube
from tests.platforms import readings as check
from tests.platforms.recorded import Case, Replay, bodies, cases, exchange

CASES = cases("youtube")
KEYED = Setup(credentials=frozenset({"api_key"}))
POST = PostRef("youtube", None, "AbCdEfGhIj4")
AUTHOR = AuthorRef("youtube", None, "UCsampleSampleSample0001", None)
ENDPOINTS = (OEMBED, WATCH, API, CHANNELS)
by_name = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def youtube() -> YouTube:
    return YouTube(KEYED)


def ref_for(endpoint: Endpoint) -> PostRef | AuthorRef:
    return AUTHOR if endpoint is CHANNELS else POST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Every shape that platforms.md records, and what looks like one of them."""
    check.assert_all_read_as_expected(youtube(), case)


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """Without any one of them, some case would be read otherwise."""
    assert check.needless(youtube, CASES) == []


def test_without_a_key_the_api_is_not_asked() -> None:
    """Two endpoints are anybody's; those of posts stand before that of channels."""
    assert YouTube().endpoints == (OEMBED, WATCH)
    assert youtube().endpoints == ENDPOINTS


def test_one_answer_alone_is_strong() -> None:
    """Only the uploader's own removal proves a deletion: everything else may be a video that is still there."""
    strong = [rule for rule in youtube().rules if rule.strength is Strength.STRONG]
    assert [(rule.endpoint, "removed by the uploader" in rule.says) for rule in strong] == [("watch", True)]


@by_name
def test_silence_tells_nothing(endpoint: Endpoint) -> None:
    """Empty bodies, refusals, login pages, outages and rate limits are unknown."""
    check.assert_silence_tells_nothing(youtube(), endpoint, ref_for(endpoint))


@by_name
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_a_whole_answer_the_reason_of_the_network_is_kept(endpoint: Endpoint, reason: Reason) -> None:
    """Even where half an answer came."""
    half = exchange(status_code=404, body=b"Not Found", failure=Failure(reason.value, "told in one line"))
    [reading] = youtube().observe([ref_for(endpoint)], endpoint, check.always(half))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@by_name
@pytest.mark.parametrize("trap", check.TRAPS.values(), ids=check.TRAPS)
def test_json_with_traps_is_unknown(endpoint: Endpoint, trap: bytes) -> None:
    """Row 77, also inside a page."""
    for body in (trap, b"<script>var ytInitialPlayerResponse = " + trap + b";</script>"):
        [reading] = youtube().observe([ref_for(endpoint)], endpoint, check.always(exchange(body=body)))
        assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


@by_name
def test_an_endpoint_refuses_refs_that_it_does_not_look_at(endpoint: Endpoint) -> None:
    """Asking for a video where channels are looked at is a bug."""
    with pytest.raises(TypeError):
        youtube().observe([POST if endpoint is CHANNELS else AUTHOR], endpoint, Replay({}))


@by_name
def test_what_cannot_be_an_id_is_not_asked_for(endpoint: Endpoint) -> None:
    """It stays unknown, and costs the others nothing."""
    if endpoint is CHANNELS:
        odd: Any = [AuthorRef("youtube", None, None, "sample_desk"), AuthorRef("youtube", None, "UC1,UC2", None)]
    else:
        odd = [PostRef("youtube", None, "abc"), PostRef("youtube", None, "AbCdEfGhIj4,AbC&x")]
    for ref in odd:
        [reading] = youtube().observe([ref], endpoint, Replay({}))
        assert (reading.outcome, reading.exchange) == (Outcome.UNKNOWN, None)


def test_an_odd_id_does_not_spoil_the_request_of_the_others() -> None:
    """The listing is asked for without it."""
    case = next(case for case in CASES if case.name == "api_present")
    odd, good = youtube().observe([PostRef("youtube", None, "abc"), POST], API, case.get)
    assert (odd.outcome, good.outcome) == (Outcome.UNKNOWN, Outcome.PRESENT)


def test_a_kept_answer_about_many_videos_is_read_again_for_one() -> None:
    """The others in it are not strange; and who was not asked for then is not absent for it."""
    case = next(case for case in CASES if case.name == "api_present_and_missing")
    for native_id, outcome in (
        (POST.native_id, Outcome.PRESENT),
        ("ZyXwVuTsRq0", Outcome.ABSENT),
        ("AAAAAAAAAAA", Outcome.UNKNOWN),
    ):
        again = youtube().observe([PostRef("youtube", None, native_id)], API, check.always(case.exchange))
        assert [reading.outcome for reading in again] == [outcome]


def test_a_page_of_megabytes_is_read_in_time() -> None:
    """The player's part is found without parsing the page."""
    case = next(case for case in CASES if case.name == "watch_present")
    page = case.exchange.body.replace(b"</body>", b"<div>" * 400_000 + b"<script " * 100_000 + b"</body>")
    [reading] = youtube().observe([POST], WATCH, check.always(exchange(body=page)))
    assert reading.outcome is Outcome.PRESENT


KEYS = (
    "playabilityStatus status reason messages videoDetails videoId title channelId html items id kind pageInfo snippet"
)
VALUES = ["OK", "ERROR", POST.native_id, "video", AUTHOR.native_id, "youtube#videoListResponse", 1, "public", "Sample"]


BODIES = bodies(KEYS, VALUES) | st.sampled_from([b"Not Found", b"Forbidden", b"Unauthorized"])
IN_PAGES = BODIES.map(lambda body: b"<script>var ytInitialPlayerResponse = " + body + b"</script>")


ASKED = f"https://www.googleapis.com/youtube/v3/videos?part=snippet&id={POST.native_id},{AUTHOR.native_id}"


@pytest.mark.no_cover
@given(endpoint=st.sampled_from(ENDPOINTS), answer=check.answers(BODIES | IN_PAGES, ASKED))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(endpoint: Endpoint, answer: Exchange) -> None:
    """Whatever comes, there is a reading; nothing but the allow-list's own shapes says that a video is gone."""
    [reading] = youtube().observe([ref_for(endpoint)], endpoint, check.always(answer))
    check.assert_storable(reading)
    assert reading.outcome is Outcome.UNKNOWN or answer.status_code == (404 if reading.strength else 200)


def test_a_short_link_does_not_exist() -> None:
    """Every address of a video has its id, so nothing is ever asked."""
    asked: list[str] = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append(url)
        return exchange(url)

    assert youtube().short_link_endpoint is None
    assert youtube().resolve(None, get).reason is Reason.NO_REDIRECT  # type: ignore[arg-type]
    assert asked == []
