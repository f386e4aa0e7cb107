"""What captures of the Wayback Machine are read as: by the post's own id, in every form, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.snapshot import Snapshot
from archiver.platforms import wayback
from archiver.platforms.wayback import HOST, Memento, Row
from archiver.platforms.x_ids import id_time
from archiver.platforms.x_wayback import in_likely_order, is_of, read
from tests.platforms import captured
from tests.platforms.recorded import RECEIVED_AT, bodies, exchange

ID = "1170761943067630001"
TEXT = 'Sample words of the post & "more" of them 😉'
MEMENTO = ("memento-datetime", "Sun, 08 Sep 2019 18:21:04 GMT")
AT = datetime(2019, 9, 8, 18, 21, 4, tzinfo=UTC)
PAGE = f"https://twitter.com/sample_desk/status/{ID}"
ROW = Row("20190908182104", PAGE, "text/html", "200", "SAMPLE")
TCO = (
    '<a href="https://t.co/Sample1" data-expanded-url="https://news.example/long/address" class="u-hidden">'
    '<span class="tco-ellipsis"></span><span class="invisible">https://</span><span class="js-display-url">'
    'news.example/long</span><span class="invisible">/address</span><span class="tco-ellipsis">…</span></a>'
)


class Door:
    """A `get` that gives these answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: Exchange) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        self.asked.append(url)
        assert follow == (), "a redirect of the archive is read, never followed by itself"
        return self.answers.pop(0)


def said(body: str, native_id: str = ID) -> Snapshot | None:
    """What a capture with that body is read as."""
    found = read(Memento(AT, exchange(headers=(MEMENTO,), body=body.encode())), ROW, native_id)
    return found.snapshot if found else None


def index(body: object, status_code: int = 200, *headers: tuple[str, str]) -> list[Row] | Reading:
    """What an answer of the index is read as."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wayback.index(exchange(status_code=status_code, headers=headers, body=payload))


def replayed(*answers: Exchange) -> Memento | Reading:
    """What these answers of the replay are read as."""
    return wayback.replay(ROW, Door(*answers), lambda address: is_of(address, ID))


FORMS: dict[str, Any] = {
    "legacy_page": captured.legacy,
    "microdata_page": captured.microdata,
    "preview_page": captured.preview,
    "stream_json": captured.stream,
    "api_json": captured.api,
    "syndication_json": captured.syndication,
    "oembed_json": captured.oembed,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_by_the_posts_own_id(form: str) -> None:
    """Words, author and time; under another id the same page says nothing, whatever else stands on it."""
    capture = read(Memento(AT, exchange(headers=(MEMENTO,), body=FORMS[form](ID, TEXT).encode())), ROW, ID)
    assert capture is not None
    assert (capture.form, capture.captured_at, capture.archive, capture.address) == (form, AT, "wayback", PAGE)
    snapshot = capture.snapshot
    assert (snapshot.text, snapshot.author_handle, snapshot.author_name) == (TEXT, captured.HANDLE, captured.NAME)
    assert snapshot.published_at == id_time(ID)
    assert snapshot.author_id == (None if form in ("preview_page", "oembed_json") else captured.AUTHOR)
    assert said(FORMS[form](ID, TEXT), ID[:-1] + "2") is None


def test_the_other_posts_of_a_page_are_told_apart() -> None:
    """The answered post is read under its own id, with its own words."""
    for form in (captured.legacy, captured.microdata):
        other = said(form(ID, TEXT), captured.OTHER)
        assert other is not None
        assert (other.text, other.author_handle) == ("Sample words of another post.", "other_desk")


def test_links_and_emoji_of_old_pages_are_as_in_the_post_itself() -> None:
    """A link is its short address with where it leads; a picture of an emoji is the emoji."""
    picture = '<a href="https://t.co/SamplePic" class="twitter-timeline-link u-hidden">pic.twitter.com/SamplePic</a>'
    snapshot = said(captured.legacy(ID, "Sample ", tail=f'{TCO} <img class="Emoji" alt="😉" src="e.png">end{picture}'))
    assert snapshot is not None
    assert snapshot.text == "Sample https://t.co/Sample1 😉end https://t.co/SamplePic"
    assert [(link.url, link.expanded, link.text) for link in snapshot.links] == [
        ("https://t.co/Sample1", "https://news.example/long/address", "news.example/long…"),
        ("https://t.co/SamplePic", None, "pic.twitter.com/SamplePic"),
    ]


def test_addresses_that_the_archive_rewrote_are_as_they_were() -> None:
    """The picture of a JSON capture stands at its own host again."""
    snapshot = said(captured.stream(ID, TEXT))
    assert snapshot is not None
    assert [each.address for each in snapshot.media] == ["https://pbs.twimg.com/media/Sample.jpg"]


def test_a_long_post_of_the_stream_is_whole_or_says_that_it_is_not() -> None:
    """The extended words count; without them the post was cut."""
    whole = said(captured.stream(ID, "Sample words …", truncated=True, extended_tweet={"full_text": TEXT}))
    cut = said(captured.stream(ID, "Sample words …", truncated=True))
    assert whole is not None
    assert cut is not None
    assert (whole.text, whole.truncated, cut.truncated) == (TEXT, False, True)
    quoting = captured.stream("1170761943067630009", "Sample", quoted_status=json.loads(captured.stream(ID, TEXT)))
    quoted = said(quoting)
    assert quoted is not None
    assert quoted.text == TEXT


def test_old_previews_have_their_words_in_quotation_marks() -> None:
    """Of any language; a description without them, and without the author in the title, is none of the post's."""
    for marks in ("“{}”", "„{}“", "「{}」"):
        snapshot = said(captured.preview(ID, marks.format(TEXT), title="ಮಾದರಿ"))
        assert snapshot is not None
        assert (snapshot.text, snapshot.author_name) == (TEXT, None)
    assert said(captured.preview(ID, "ಇಲ್ಲಿ ಏನಾಗುತ್ತಿದೆ", title="ಎಕ್ಸ್")) is None


@pytest.mark.parametrize(
    "body",
    [
        captured.SHELL,
        "",
        "{}",
        "[]",
        "{",
        '{"__typename": "TweetTombstone"}',
        '{"errors": [{"code": 34}]}',
        captured.legacy(ID, "").replace("Sample words of another post.", ""),
        captured.preview(ID, ""),
        captured.stream(ID, "", extended_entities={}),
    ],
)
def test_a_capture_without_the_words_tells_nothing(body: str) -> None:
    """Shells that a script would fill, tombstones, errors: no capture of the post."""
    assert said(body) is None


@pytest.mark.parametrize("status_code", [404, 429, 302, 500, 403])
def test_an_archived_failure_is_no_capture_of_the_post(status_code: int) -> None:
    """Whatever its body holds: what the archive was refused says nothing of the post."""
    memento = Memento(
        AT, exchange(status_code=status_code, headers=(MEMENTO,), body=captured.legacy(ID, TEXT).encode())
    )
    assert read(memento, ROW, ID) is None


def test_a_capture_from_before_the_post_is_none() -> None:
    """An id tells when it was given: an earlier capture cannot be of it."""
    body = captured.legacy(ID, TEXT).encode()
    early = datetime(2019, 9, 6, tzinfo=UTC)
    assert read(Memento(early, exchange(headers=(MEMENTO,), body=body)), ROW, ID) is None


def test_a_capture_of_a_cached_answer_speaks_for_the_time_before() -> None:
    """The `Age` of the answer that was captured is taken off."""
    aged = exchange(
        headers=(MEMENTO, ("x-archive-orig-age", "3600"), ("age", "7")), body=captured.legacy(ID, TEXT).encode()
    )
    capture = read(Memento(AT, aged), ROW, ID)
    assert capture is not None
    assert capture.speaks_for == datetime(2019, 9, 8, 17, 21, 4, tzinfo=UTC)


# the index


def test_the_index_is_read_by_its_own_header() -> None:
    """In whatever order its fields come; an empty list and an empty body are no captures; broken rows are left out."""
    header = ["original", "timestamp", "digest", "mimetype", "statuscode", "length"]
    good = [PAGE, "20190908182104", "SAMPLE", "text/html", "200", "77"]
    rows = index([header, good, [PAGE], [PAGE, "2019", "SAMPLE", "text/html", "200", "7"], None, [1, 2, 3, 4, 5, 6]])
    assert rows == [ROW]
    assert index([]) == []
    assert index(b"") == []


@pytest.mark.parametrize(
    ("status_code", "headers", "body", "reason"),
    [
        (
            403,
            (("x-archive-wayback-runtime-error", "x.AdministrativeAccessControlException: Blocked Site Error"),),
            b"",
            Reason.EXCLUDED,
        ),
        (403, (), b"", Reason.REFUSED),
        (429, (), b"", Reason.RATE_LIMITED),
        (503, (), b"", Reason.SERVER_ERROR),
        (302, (("location", "https://archive.example/"),), b"", Reason.REDIRECTED),
        (200, (), b"<html>Sample maintenance</html>", Reason.UNEXPECTED_SHAPE),
        (200, (), b'{"a": 1}', Reason.UNEXPECTED_SHAPE),
        (200, (), b'[["a", "b"]]', Reason.UNEXPECTED_SHAPE),
    ],
)
def test_an_index_that_tells_nothing_says_why(
    status_code: int, headers: tuple[tuple[str, str], ...], body: bytes, reason: Reason
) -> None:
    """Excluded, refused, down, or no index at all: always unknown."""
    reading = index(body, status_code, *headers)
    assert isinstance(reading, Reading)
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, reason)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [((), 900), ((("retry-after", "5"),), 60), ((("retry-after", "-1"),), 900), ((("retry-after", "120"),), 120)],
)
def test_too_many_requests_means_a_minute_at_least(headers: tuple[tuple[str, str], ...], seconds: int) -> None:
    """At the index and at the replay; an archived 429 is a capture, and asks nobody to wait."""
    limited = exchange(status_code=429, headers=headers)
    for reading in (wayback.index(limited), replayed(limited)):
        assert isinstance(reading, Reading)
        assert (reading.reason, reading.retry_after_seconds) == (Reason.RATE_LIMITED, seconds)
    archived = replayed(exchange(status_code=429, headers=(MEMENTO, *headers)))
    assert isinstance(archived, Memento)


def test_addresses_are_of_a_post_by_its_whole_id() -> None:
    """An id that begins like another is another's; cards and JSON name it in their query."""
    assert is_of(f"http://twitter.com:80/Sample_Desk/status/{ID}?s=20", ID)
    assert is_of(f"https://mobile.twitter.com/i/web/status/{ID}/photo/1", ID)
    assert is_of(f"https://publish.twitter.com/oembed?url=https%3A%2F%2Ftwitter.com%2Fa%2Fstatus%2F{ID}", ID)
    assert is_of(f"https://cdn.syndication.twimg.com/tweet-result?id={ID}&token=a", ID)
    for other in (
        f"https://twitter.com/sample_desk/status/{ID}9",
        f"https://cdn.syndication.twimg.com/tweet-result?id={ID}9",
        f"https://cdn.syndication.twimg.com/tweet-result?id=1&id={ID}",
        f"https://publish.twitter.com/oembed?url=https://twitter.com/a/status/{ID}9",
        f"https://twitter.example/sample_desk/status/{ID}",
        f"https://example.org/?id={ID}",
    ):
        assert not is_of(other, ID)


def test_captures_are_replayed_in_a_likely_order() -> None:
    """JSON first, the two newest pages, then the years whose pages held the words."""

    def row(timestamp: str, mimetype: str = "text/html") -> Row:
        return Row(f"{timestamp}0101000000"[:14], PAGE, mimetype, "200", timestamp)

    rows = [
        row("2016"),
        row("2019"),
        row("2021"),
        row("2022"),
        row("2023"),
        row("2024"),
        row("2017", "application/json"),
    ]
    assert [each.digest for each in in_likely_order(rows)] == ["2017", "2024", "2023", "2019", "2016", "2022", "2021"]


# the replay


def test_a_capture_is_marked_by_its_memento_header_alone() -> None:
    """Without it, a good page of the right words is the archive's own; with it, its status is the archived one."""
    page = captured.legacy(ID, TEXT).encode()
    bare = replayed(exchange(body=page))
    assert isinstance(bare, Reading)
    assert bare.reason is Reason.UNEXPECTED_SHAPE
    found = replayed(exchange(headers=(MEMENTO,), body=page))
    assert isinstance(found, Memento)
    assert found.captured_at == AT
    for date in ("yesterday", "Sun, 08 Sep 2019 18:21:04", "Sun, 08 Sep 2030 18:21:04 GMT", ""):
        odd = replayed(exchange(headers=(("Memento-Datetime", date),), body=page))
        assert isinstance(odd, Reading), date


@pytest.mark.parametrize(
    ("status_code", "body", "reason"),
    [
        (404, b"<p>The Wayback Machine has not archived that URL.</p>", Reason.NOT_ARCHIVED),
        (200, b"<p>This URL has been excluded from the Wayback Machine.</p>", Reason.EXCLUDED),
        (503, b"", Reason.SERVER_ERROR),
        (302, b"", Reason.UNEXPECTED_SHAPE),
    ],
)
def test_the_archives_own_pages_tell_nothing_of_the_post(status_code: int, body: bytes, reason: Reason) -> None:
    """Not archived and excluded are told apart, and both are unknown."""
    reading = replayed(exchange(status_code=status_code, body=body))
    assert isinstance(reading, Reading)
    assert (reading.outcome, reading.reason) == (Outcome.UNKNOWN, reason)


def nearest(target: str) -> Exchange:
    headers = (("x-archive-redirect-reason", "found capture at 20190909000000"), ("location", target))
    return exchange(status_code=302, headers=headers)


def test_a_nearer_capture_is_asked_for_once_and_only_of_the_same_post() -> None:
    """One hop; an archived redirect is a capture of itself, and nobody follows it."""
    there = f"https://{HOST}/web/20190909000000id_/http://twitter.com/sample_desk/status/{ID}"
    door = Door(nearest(there), exchange(headers=(MEMENTO,)))
    assert isinstance(wayback.replay(ROW, door, lambda address: is_of(address, ID)), Memento)
    assert door.asked == [f"https://{HOST}/web/20190908182104id_/{PAGE}", there]
    for answers in (
        [nearest(f"https://{HOST}/web/20190909000000id_/https://twitter.com/sample_desk/status/{captured.OTHER}")],
        [nearest("https://elsewhere.example/web/20190909000000id_/" + PAGE)],
        [nearest(there), nearest(there)],
    ):
        assert isinstance(replayed(*answers), Reading)
    moved = exchange(
        status_code=301, headers=(MEMENTO, ("location", f"https://{HOST}/web/20190908182104id_/https://x.com/"))
    )
    assert isinstance(replayed(moved), Memento)


def test_a_network_that_fails_says_so() -> None:
    """The failure's own reason, at both doors."""
    down = exchange(status_code=None, failure=Failure("connect", "sample"))
    for reading in (wayback.index(down), replayed(down)):
        assert isinstance(reading, Reading)
        assert reading.reason is Reason.CONNECT


# properties

KEYS = (
    "id_str text user screen_name data id author_id includes users __typename html url entities urls media "
    "timestamp_ms created_at extended_tweet full_text retweeted_status"
)
SAMPLED: list[Any] = [
    ID,
    "Tweet",
    "https://twitter.com/a/status/" + ID,
    "9" * 13,
    {"id_str": ID},
    [["timestamp"]],
    "",
    None,
]
MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                f'<div class="tweet" data-tweet-id="{ID}">',
                "</div>",
                '<p class="tweet-text">',
                "<a href='https://t.co/a'>",
                "</a>",
            ),
            *(
                '<img alt="x">',
                '<span class="_timestamp" data-time-ms="99999999999999">',
                f'<meta property="og:url" content="{PAGE}">',
            ),
            *(
                '<div itemtype="https://schema.org/SocialMediaPosting">',
                f'<meta itemprop="identifier" content="{ID}">',
                "<br>",
            ),
            *(
                '<div itemprop="articleBody">',
                '<div data-testid="tweetText">',
                "words",
                "<![",
                "<!--",
                "\x00",
                "\ud83d",
            ),
        ]
    ),
    max_size=30,
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))


@given(
    bodies(KEYS, SAMPLED) | MARKUP,
    st.sampled_from([200, 301, 403, 404, 429, 503, None]),
    st.booleans(),
    st.text(max_size=30),
)
def test_no_answer_raises(body: bytes, status_code: int | None, is_capture: bool, header: str) -> None:
    """Noise, any JSON, any markup, any header: unknown, or a capture of the post under its own id."""
    named = (
        ("location", header),
        ("retry-after", header),
        ("x-archive-orig-age", header),
        ("memento-datetime", header),
    )
    headers = (MEMENTO, *named) if is_capture else named
    answer = exchange(status_code=status_code, headers=headers, body=body)
    rows = wayback.index(answer)
    assert isinstance(rows, Reading) or all(isinstance(row, Row) for row in rows)
    found = replayed(answer, answer)
    if isinstance(found, Memento):
        capture = read(found, ROW, ID)
        assert capture is None or capture.snapshot.text or capture.snapshot.media
    else:
        assert found.outcome is Outcome.UNKNOWN
    assert isinstance(is_of(header, ID), bool)


def test_received_at_is_later_than_the_sample_captures() -> None:
    """What these tests take for granted."""
    assert AT < RECEIVED_AT
