"""Asking the simulated archive: what it is asked, when it stops, and which id is taken for a quotation."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.clock import SettableClock
from archiver.demo.answers import answer
from archiver.demo.shapes import Asked
from archiver.demo.world import World
from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import Post
from archiver.platforms import x_wayback
from archiver.platforms.likeness import clearly, folded
from archiver.platforms.wayback import HOST
from archiver.platforms.x_ids import id_time, id_window
from archiver.platforms.x_wayback_search import MOST_CANDIDATES, prefixes, search
from tests.newsroom import START, born
from tests.platforms import captured
from tests.platforms.recorded import exchange

DAY = date(2019, 9, 8)
ID, TWIN, OTHER = (born(9, 8, hour, year=2019) for hour in (10, 11, 12))
NEXT_DAY = born(9, 9, 1, year=2019)
TEXT = "Sample words that are long enough to tell one post from another"
SOON = datetime(2019, 9, 8, 18, 21, 4, tzinfo=UTC)


class Shelf:
    """The simulated archive as a `get`; `asked` holds the targets."""

    def __init__(self) -> None:
        self.world = World(SettableClock(START))
        self.asked: list[str] = []
        self.broken: dict[str, Exchange] = {}
        """Answers given in place of the archive's, by a part of the target."""

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        target = url.removeprefix(f"https://{HOST}")
        self.asked.append(target)
        for part, broken in self.broken.items():
            if part in target:
                return broken
        answered = answer(self.world, Asked(HOST, target))
        headers = (("content-type", answered.content_type), *answered.headers)
        received_at = self.world.clock.now()
        return replace(exchange(url, answered.status_code, headers, answered.body), received_at=received_at)

    def page(
        self, native_id: str, text: str, *, at: datetime = SOON, handle: str = captured.HANDLE, **more: Any
    ) -> None:
        """A page of a post, captured."""
        body = more.pop("body", None) or captured.legacy(native_id, text, handle=handle)
        self.world.capture(f"https://twitter.com/{handle}/status/{native_id}", at, body, **more)

    def replays(self) -> list[str]:
        return [target for target in self.asked if target.startswith("/web/")]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def post(native_id: str | None = ID, **more: Any) -> Post:
    """A post that an article shows."""
    full: dict[str, Any] = {
        "number": 1,
        "platform": "x",
        "host": None,
        "native_id": native_id,
        "author_handle": captured.HANDLE,
        "author_name": None,
        "author_id": None,
        "published_on": DAY,
        "published_at": id_time(native_id) if native_id else None,
        "id_window": id_window(DAY),
        "short_links": (),
        "edit_chain": (),
        "found_at": START,
        "cited_handle": captured.HANDLE.upper(),
    }
    return Post(**(full | more))


def sought(shelf: Shelf, *quotations: str, **more: Any) -> x_wayback.Testimony:
    return search(post(None, **more), quotations or (TEXT,), shelf)


# a post with its id


def test_a_post_is_asked_for_under_every_address_that_it_had(shelf: Shelf) -> None:
    """Nothing found: seven questions to the index, none to the replay, and nothing is learnt."""
    told = x_wayback.testify(post(), shelf)
    assert (told.reading.outcome, told.reading.reason, told.captures) == (Outcome.UNKNOWN, Reason.NOT_ARCHIVED, ())
    assert (
        len(shelf.asked) == len([each for group in x_wayback.addresses(ID, [captured.HANDLE]) for each in group]) == 7
    )
    assert shelf.replays() == []


@pytest.mark.parametrize("address", [each for group in x_wayback.addresses(ID, [captured.HANDLE]) for each in group])
def test_a_capture_is_found_under_each_of_them(shelf: Shelf, address: str) -> None:
    """With what may follow: a query, a picture."""
    body = captured.syndication(ID, TEXT) if "syndication" in address else captured.legacy(ID, TEXT)
    shelf.world.capture(f"https://{address}{'&lang=en' if '?' in address else '?s=20'}", SOON, body)
    told = x_wayback.testify(post(), shelf)
    assert told.reading.reason is Reason.CAPTURED
    assert [(each.captured_at, each.snapshot.text) for each in told.captures] == [(SOON, TEXT)]


def test_another_post_whose_id_begins_alike_is_not_asked_for(shelf: Shelf) -> None:
    """The index answers by beginnings."""
    shelf.page("20", TEXT, body=captured.legacy("20", TEXT))
    told = x_wayback.testify(post("2"), shelf)
    assert (told.reading.reason, shelf.replays()) == (Reason.NOT_ARCHIVED, [])


def test_an_archived_failure_is_evidence_of_nothing(shelf: Shelf) -> None:
    """Redirects and errors are not even asked for; the archive has nothing."""
    for number, status_code in enumerate((404, 302, 429, 500)):
        shelf.page(ID, TEXT, at=SOON + timedelta(hours=number), status_code=status_code)
    told = x_wayback.testify(post(), shelf)
    assert (told.reading.reason, told.captures, shelf.replays()) == (Reason.NOT_ARCHIVED, (), [])


def test_the_newest_page_with_the_words_is_read_and_no_older_one(shelf: Shelf) -> None:
    """Two newer ones are shells; the legacy page before them has the words; the oldest is not asked for."""
    for year, body in ((2018, None), (2019, None), (2022, captured.SHELL), (2023, captured.SHELL + " ")):
        shelf.page(ID, TEXT, at=datetime(year, 12, 1, tzinfo=UTC), body=body)
    told = x_wayback.testify(post(published_at=None), shelf)
    assert [each.captured_at.year for each in told.captures] == [2019]
    assert len(shelf.replays()) == 3


def test_json_is_read_beside_a_newer_page(shelf: Shelf) -> None:
    """The richest words, and the latest time; equal bytes without words are asked for once."""
    shelf.page(ID, TEXT, body=captured.stream(ID, TEXT), content_type="application/json")
    for days in range(1, 4):
        shelf.page(ID, TEXT, at=SOON + timedelta(days=days), body=captured.SHELL)
    shelf.page(ID, TEXT, at=SOON + timedelta(hours=1))
    told = x_wayback.testify(post(), shelf)
    assert [each.form for each in told.captures] == ["stream_json", "legacy_page"]
    assert len(shelf.replays()) == 3


def test_captures_without_words_are_told_apart_from_none(shelf: Shelf) -> None:
    """Shells, another's post under that address, an implausible time."""
    shelf.page(ID, TEXT, body=captured.SHELL)
    shelf.page(ID, TEXT, at=SOON + timedelta(days=1), body=captured.legacy(OTHER, TEXT))
    shelf.page(ID, TEXT, at=SOON - timedelta(days=30))
    assert x_wayback.testify(post(), shelf).reading.reason is Reason.NO_WORDS


def test_an_excluded_author_tells_nothing(shelf: Shelf) -> None:
    """The other addresses are asked all the same."""
    shelf.world.excluded.append(f"twitter.com/{captured.HANDLE}")
    assert x_wayback.testify(post(), shelf).reading.reason is Reason.EXCLUDED
    assert len(shelf.asked) == 7


def test_a_rate_limit_ends_the_asking(shelf: Shelf) -> None:
    """At once, with the wait; what was read before it is kept, and the wait too."""
    shelf.broken["/cdx/"] = exchange(status_code=429)
    told = x_wayback.testify(post(), shelf)
    assert (told.reading.reason, told.reading.retry_after_seconds) == (Reason.RATE_LIMITED, 900)
    assert len(shelf.asked) == 1
    shelf.broken = {"/web/201909": exchange(status_code=429)}
    shelf.page(ID, TEXT, at=SOON + timedelta(days=90), body=captured.stream(ID, TEXT), content_type="application/json")
    shelf.page(ID, TEXT)
    shelf.page(ID, TEXT, at=SOON + timedelta(days=91), body=captured.SHELL)
    shelf.broken["/web/20191208"] = exchange(status_code=429)
    told = x_wayback.testify(post(), shelf)
    assert (told.reading.reason, told.reading.retry_after_seconds) == (Reason.CAPTURED, 900)
    assert [each.form for each in told.captures] == ["stream_json"]


def test_a_broken_capture_is_passed_over_and_an_outage_is_not(shelf: Shelf) -> None:
    """A capture that the archive cannot show is not worth a month of waiting."""
    shelf.page(ID, TEXT)
    shelf.page(ID, TEXT, at=SOON + timedelta(days=1))
    shelf.broken["/web/20190909"] = exchange(status_code=503)
    assert [each.captured_at for each in x_wayback.testify(post(), shelf).captures] == [SOON]
    shelf.broken["/web/20190909"] = exchange(status_code=None, failure=Failure("connect", "sample"))
    assert x_wayback.testify(post(), shelf).reading.reason is Reason.CONNECT


# a quotation without an id


def test_the_post_of_that_day_with_these_words_is_the_one(shelf: Shelf) -> None:
    """Among others of its author; neither another day's nor another author's is asked for."""
    shelf.page(ID, f"@other_desk {TEXT} https://t.co/Sample1")
    shelf.page(OTHER, "Other sample words, as long as the others are or longer")
    shelf.page(NEXT_DAY, TEXT, at=SOON + timedelta(days=1))
    told = sought(shelf, f"{TEXT.upper()}… pic.twitter.com/Sample1")
    assert (told.reading.outcome, told.reading.reason, told.native_id) == (Outcome.UNKNOWN, Reason.RESOLVED, ID)
    assert [each.snapshot.author_handle for each in told.captures] == [captured.HANDLE]
    assert len(shelf.replays()) == 2


def test_a_page_of_another_author_under_that_address_is_not_taken(shelf: Shelf) -> None:
    """X shows a post under any handle."""
    shelf.page(ID, TEXT, body=captured.legacy(ID, TEXT, handle="other_desk"))
    assert (sought(shelf).reading.reason, sought(shelf).native_id) == (Reason.NO_MATCH, None)


@pytest.mark.parametrize(
    ("twin", "found"),
    [
        (TEXT, None),
        (TEXT.replace("words", "wrods"), ID),
        ("Other sample words, as long as the others are or longer", ID),
    ],
)
def test_of_two_posts_alike_only_the_very_words_tell(shelf: Shelf, twin: str, found: str | None) -> None:
    """Said twice, nobody knows which; of a typo and its correction, the one that is printed letter by letter."""
    shelf.page(ID, TEXT)
    shelf.page(TWIN, twin)
    assert sought(shelf).native_id == found


def test_a_correction_alone_is_not_taken_for_the_typo(shelf: Shelf) -> None:
    """The post that the article quotes is perhaps not archived: its near twin is another post."""
    shelf.page(TWIN, TEXT.replace("words", "wrods"))
    told = sought(shelf)
    assert (told.native_id, told.reading.reason) == (None, Reason.AMBIGUOUS)


def test_a_quotation_that_was_cut_too_long_still_tells(shelf: Shelf) -> None:
    """The post's words stand whole in it; beside a near twin that leaves a doubt."""
    shelf.page(ID, TEXT)
    assert sought(shelf, f"{TEXT}, they wrote").native_id == ID
    shelf.page(TWIN, TEXT.replace("another", "an other one"))
    assert sought(shelf, f"{TEXT}, they wrote").native_id is None


def test_few_words_and_many_posts_tell_nothing(shelf: Shelf) -> None:
    """A greeting is said every day; of more posts than are compared none is taken, and none is asked for."""
    assert sought(shelf, "Thank you!").reading.reason is Reason.NO_MATCH
    assert shelf.asked == []
    for minute in range(MOST_CANDIDATES + 1):
        shelf.page(born(9, 8, 13, minute, year=2019), TEXT if minute == 0 else f"{minute} sample")
    assert (sought(shelf).reading.reason, shelf.replays()) == (Reason.AMBIGUOUS, [])


def test_a_post_without_a_day_or_a_handle_is_not_sought_by_words(shelf: Shelf) -> None:
    """The index can only be asked with both."""
    shelf.page(ID, TEXT)
    assert sought(shelf, id_window=None).native_id is None
    assert sought(shelf, author_handle=None, cited_handle=None).native_id is None
    assert shelf.asked == []


# short links

CODE = "https://t.co/SampleCode"
TARGET = f"https://twitter.com/{captured.HANDLE}/status/{ID}/photo/1"


def link(shelf: Shelf, target: str, code: str = CODE, *, rewritten: bool = True) -> None:
    """A short link, captured as a redirect."""
    where = f"https://{HOST}/web/20190908182104id_/{target}" if rewritten else target
    shelf.world.capture(code, SOON, b"", status_code=301, headers=(("location", where),))


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_captured_short_link_leads_to_its_post(shelf: Shelf, rewritten: bool) -> None:
    """By the location that the archive kept, rewritten or not."""
    link(shelf, TARGET, rewritten=rewritten)
    told = sought(shelf, short_links=(CODE,))
    assert (told.native_id, told.reading.reason) == (ID, Reason.RESOLVED)
    assert told.author_handle == captured.HANDLE
    assert len(shelf.asked) == 2


def test_a_captured_page_of_a_short_link_leads_there_too(shelf: Shelf) -> None:
    """What browsers got: a page that sends them on."""
    page = f'<head><META http-equiv="refresh" content="0;URL={html.escape(TARGET)}"></head>'
    shelf.world.capture(CODE, SOON, page)
    assert sought(shelf, short_links=(CODE,)).native_id == ID


@pytest.mark.parametrize(
    "target",
    [
        TARGET.replace(captured.HANDLE, "other_desk"),
        TARGET.replace(ID, NEXT_DAY),
        f"https://twitter.com/i/web/status/{ID}",
        "https://news.example/page",
    ],
)
def test_a_captured_short_link_is_accepted_by_the_same_rules(shelf: Shelf, target: str) -> None:
    """Another author, another day, no author: not the post; then its words are sought."""
    link(shelf, target)
    assert sought(shelf, short_links=(CODE,)).native_id is None
    shelf.page(ID, TEXT)
    assert sought(shelf, short_links=(CODE,)).native_id == ID


def test_a_short_link_of_other_case_is_another_link(shelf: Shelf) -> None:
    """The index knows no case, t.co does."""
    link(shelf, TARGET, code=CODE.lower())
    assert (sought(shelf, short_links=(CODE,)).native_id, shelf.replays()) == (None, [])


# prefixes and words


@given(st.dates(min_value=date(2010, 11, 5), max_value=date(2060, 1, 1)), st.integers(0, 10**6))
def test_every_id_of_a_day_begins_with_one_of_the_prefixes(day: date, part: int) -> None:
    """So that the index is asked for no more than it must."""
    window = id_window(day)
    assert window is not None
    low, high = int(window[0]), int(window[1])
    begins = prefixes(window)
    assert any(str(low + (high - low) * part // 10**6).startswith(digits) for digits in begins)
    assert len(begins) <= 2


@given(
    st.lists(st.text(max_size=60), max_size=4), st.dictionaries(st.text(max_size=3), st.text(max_size=60), max_size=4)
)
def test_what_is_clearly_quoted_is_one_of_the_texts(quotations: list[str], said: dict[str, str]) -> None:
    """Whatever the words: no error, and a choice only where it was near."""
    chosen, near = clearly(quotations, said)
    assert chosen is None or (chosen in said and near and len(folded(said[chosen])) >= 20)
