"""What is read from Telegram's answers: a recorded case each, and whatever else may come."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint
from archiver.platforms.pages import MAX_PAGE, parsed
from archiver.platforms.telegram import CHANNEL, EMBED, FEED, Telegram
from archiver.platforms.telegram_rules import PLACES, RULES
from tests.platforms.readings import TELLS_NOTHING, always, answers, assert_read_as_expected, assert_storable, unproven
from tests.platforms.recorded import Case, Replay, cases, exchange

CASES = cases("telegram")
BY_NAME = {case.name: case for case in CASES}
ENDPOINTS = (EMBED, FEED, CHANNEL)
POST = PostRef("telegram", None, "sample_channel/1203")
AUTHOR = AuthorRef("telegram", None, "sample_channel", None)
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def ref_for(endpoint: Endpoint) -> PostRef | AuthorRef:
    return AUTHOR if endpoint.subject == SubjectKind.AUTHOR else POST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_as_expected(case: Case) -> None:
    """Every shape that platforms.md 10 names."""
    assert_read_as_expected(Telegram(), case)


def test_every_rule_of_the_allow_list_has_a_case() -> None:
    """No line of the table stands unproven."""
    assert unproven(RULES, PLACES, CASES, dict.fromkeys((each.name for each in ENDPOINTS), parsed)) == []


def test_no_rule_can_prove_a_deletion() -> None:
    """Every absent is weak, so that `gone_unattributed` is the strongest verdict."""
    absents = [rule for rule in RULES if rule.outcome is Outcome.ABSENT]
    assert {rule.endpoint for rule in absents} == {EMBED.name, FEED.name}
    assert {rule.strength for rule in absents} == {Strength.WEAK}


def test_the_widget_tells_of_an_edit() -> None:
    """A person reads it beside the look; the words themselves tell what changed."""
    case = BY_NAME["embed_present_edited"]
    [reading] = Telegram().observe([POST], EMBED, case.get)
    assert reading.message == "the platform marks it as edited"


def test_an_unknown_error_is_kept_in_its_own_words() -> None:
    """So that a new rule can be written from the archive alone."""
    [reading] = Telegram().observe([POST], EMBED, BY_NAME["embed_other_error"].get)
    assert (reading.reason, reading.message) == (Reason.UNKNOWN_TOMBSTONE, "This channel cannot be displayed")


@pytest.mark.parametrize("name", [case.name for case in CASES if case.name.startswith("embed_present")])
def test_half_a_page_is_never_read(name: str) -> None:
    """Cut anywhere, a page of a live post is neither the post with fewer words nor a missing post."""
    whole = BY_NAME[name].exchange
    body = whole.body.removesuffix(b"</body></html>")
    for end in (*range(0, len(body), 97), len(body)):
        [reading] = Telegram().observe([POST], EMBED, always(exchange(whole.url, body=whole.body[:end])))
        assert reading.outcome is Outcome.UNKNOWN


def test_a_feed_that_is_cut_short_misses_nothing() -> None:
    """The post that is asked for stands last: without the end of the page it would seem to be gone."""
    whole = BY_NAME["feed_present"].exchange
    for end in range(0, len(whole.body) - len(b"</html>"), 97):
        [reading] = Telegram().observe([POST], FEED, always(exchange(whole.url, body=whole.body[:end])))
        assert reading.outcome is Outcome.UNKNOWN


def test_each_ref_has_its_reading_in_order() -> None:
    """Two refs, two requests, two readings."""
    good = [BY_NAME["embed_present"], BY_NAME["embed_present_within_album"]]
    refs = [PostRef("telegram", None, case.expected["ref"]["post"]["native_id"]) for case in good]
    replay = Replay({case.exchange.url: case.exchange for case in good})
    readings = Telegram().observe(refs, EMBED, replay)
    assert [reading.exchange for reading in readings] == [case.exchange for case in good]


def test_an_endpoint_refuses_refs_that_it_does_not_look_at() -> None:
    """Asking the channel's page for a post, or a widget for a channel, is a bug; so is an id that is none."""
    with pytest.raises(TypeError):
        Telegram().observe([POST], CHANNEL, Replay({}))
    with pytest.raises(TypeError):
        Telegram().observe([AUTHOR], EMBED, Replay({}))
    with pytest.raises(ValueError, match="without a name"):
        Telegram().observe([AuthorRef("telegram", None, None, None)], CHANNEL, Replay({}))
    for native_id in ("1203", "sample_channel/", "sample_channel/1203/../../x", "sample channel/1"):
        with pytest.raises(ValueError, match="no post of Telegram"):
            Telegram().observe([PostRef("telegram", None, native_id)], EMBED, Replay({}))


@every_endpoint
@pytest.mark.parametrize("reason", [Reason.DNS, Reason.TLS, Reason.DEADLINE, Reason.TOO_LARGE])
def test_without_an_answer_the_reason_of_the_network_is_kept(endpoint: Endpoint, reason: Reason) -> None:
    """A failure of the network is `unknown`, even where a whole error page came."""
    answer = exchange(
        BY_NAME["feed_absent"].exchange.url,
        body=BY_NAME["embed_absent"].exchange.body,
        failure=Failure(reason.value, "told in one line"),
    )
    [reading] = Telegram().observe([ref_for(endpoint)], endpoint, always(answer))
    assert (reading.outcome, reading.reason, reading.message) == (Outcome.UNKNOWN, reason, "told in one line")


@every_endpoint
@pytest.mark.parametrize("status_code", TELLS_NOTHING)
@pytest.mark.parametrize("name", ["embed_absent", "feed_absent", "embed_present", "channel_open"])
def test_a_refusal_or_an_outage_tells_nothing_whatever_its_body_says(
    endpoint: Endpoint, status_code: int, name: str
) -> None:
    """The status code is about who asks."""
    case = BY_NAME[name]
    answer = exchange(case.exchange.url, status_code, case.exchange.response_headers, case.exchange.body)
    [reading] = Telegram().observe([ref_for(endpoint)], endpoint, always(answer))
    assert reading.outcome is Outcome.UNKNOWN


_CLASSES = "message message_error message_text message_date message_photo_wrap message_grouped message_video_thumb"
TAGS = st.sampled_from(
    [
        *(f'<div class="tgme_widget_{name}" data-post="sample_channel/1203">' for name in _CLASSES.split()),
        '<div data-post="">',
        "<i style=\"background-image:url('https://[::1')\">",
        '<a href="https://[x" class="tgme_widget_message_text">',
        '<time datetime="9999-12-31T23:59:59-23:59">',
        '<a href="https://t.me/sample_channel/1204?single">',
        "<video src='//'>",
        "<br>",
        "<blockquote>",
        "</div>",
        "Post not found",
        "</html>",
    ]
)
BODIES = st.binary(max_size=200) | st.lists(TAGS | st.text(max_size=10), max_size=20).map(
    lambda parts: "".join(parts).encode("utf-8", "replace") + b"</html>"
)


@pytest.mark.no_cover
@given(endpoint=st.sampled_from(ENDPOINTS), answer=answers(BODIES, "https://t.me/s/sample_channel?before=1204"))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_makes_the_adapter_raise(endpoint: Endpoint, answer: Exchange) -> None:
    """Whatever comes, there is a reading; only an answer with 200 says anything."""
    [reading] = Telegram().observe([ref_for(endpoint)], endpoint, always(answer))
    assert reading.outcome is Outcome.UNKNOWN or answer.status_code == 200
    assert reading.strength in (None, Strength.WEAK)
    assert_storable(reading)


@pytest.mark.parametrize("piece", [b"<div>", b"<!--", b"<![", b"<b>x</b>"])
def test_a_hostile_page_is_read_in_time(piece: bytes) -> None:
    """Row 56 in an answer: pages above the cap are not parsed at all, and those below it cost little."""
    for size in (MAX_PAGE // 4, MAX_PAGE + 1):
        body = piece * (size // len(piece) + 1) + b"</html>"
        [reading] = Telegram().observe([POST], EMBED, always(exchange(body=body)))
        assert reading.outcome is Outcome.UNKNOWN


def test_a_page_that_is_not_in_utf8_is_unknown() -> None:
    """Guessed letters would be other words."""
    body = BY_NAME["embed_present"].exchange.body.replace(b"Sample words", b"Sample w\xf6rds")
    [reading] = Telegram().observe([POST], EMBED, always(exchange(body=body)))
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, Reason.UNEXPECTED_SHAPE)


def test_links_of_a_post_are_text_and_nothing_is_asked_of_them() -> None:
    """Row 78: a link to a private address is kept as it stands; only the endpoint itself is asked."""
    served = BY_NAME["embed_present_links"].exchange
    asked = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        asked.append((url, follow))
        return exchange(url, body=served.body.replace(b"https://short.example/x", b"http://127.0.0.1/x"))

    [reading] = Telegram().observe([POST], EMBED, get)
    assert reading.snapshot is not None
    assert [link.url for link in reading.snapshot.links] == ["https://news.example/a?b=1&c=2", "http://127.0.0.1/x"]
    assert asked == [("https://t.me/sample_channel/1203?embed=1&mode=tme", ())]
