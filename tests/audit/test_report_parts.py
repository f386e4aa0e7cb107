"""The parts of a report: what is drawn lies within its frame, and what is spelt hides nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.audit.report import figures, spelling
from archiver.model.outcome import Outcome, Reason
from archiver.model.report import LookListing

START = datetime(2026, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 60 * 24 * 400)


def look(at: datetime, outcome: Outcome) -> LookListing:
    return LookListing(1, at, "oembed", "post", outcome, Reason.NOT_FOUND, None, 1, 1, True, True, 1)


@pytest.mark.parametrize(
    ("handle", "doubt"),
    [
        ("sample_wire", None),
        ("خبرنامه_نمونه", None),
        ("サンプル漢字", None),
        ("샘플漢字", None),
        ("s\u0430mple", "letters of several scripts: Cyrillic, Latin"),
        ("\u03bfmicron", "letters of several scripts: Greek, Latin"),
        ("\uff33ample", "letters of several scripts: Fullwidth, Latin"),
        ("sam\u200bple", "holds characters that cannot be seen"),
        (
            "sample@xn--mgba3a4f16a.example",
            "xn--mgba3a4f16a.example, which reads \u0627\u06cc\u0631\u0627\u0646.example",
        ),
        ("xn--\u0000", "xn--\\u0000, which cannot be read"),
    ],
)
def test_a_handle_that_may_not_be_what_it_seems_is_flagged(handle: str, doubt: str | None) -> None:
    """Letters of scripts that nobody writes together, hosts in another script, hidden characters."""
    assert spelling.doubt_of_handle(handle) == doubt


@pytest.mark.parametrize(
    ("given_address", "leads"),
    [
        ("https://courier.example/a?b=c#d", True),
        ("https://نمونه.example/مقاله", True),
        ("http://courier.example/", False),
        ("javascript:alert(1)", False),
        ("https://user@courier.example/", False),
        ("https://courier.example\\@evil.example/", False),
        ("https://courier.example/ x", False),
        ("https://courier.example/\u202egpj", False),
        ("//courier.example/", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_a_plain_https_address_may_be_followed(given_address: str, leads: bool) -> None:
    """Everything else is text."""
    assert (spelling.address(given_address).href is not None) is leads


def test_a_host_in_another_script_stands_beside_its_ascii_form() -> None:
    """However it was written."""
    for written in ("https://xn--mgba3a4f16a.example/", "https://\u0627\u06cc\u0631\u0627\u0646.example/"):
        shown = spelling.address(written).host
        assert shown == "xn--mgba3a4f16a.example, which reads \u0627\u06cc\u0631\u0627\u0646.example"
    assert spelling.address("https://courier.example/").host is None


@given(st.text(st.characters(), max_size=60))
def test_no_text_holds_what_html_cannot(text: str) -> None:
    """Controls and half surrogates are written out; all else stays, and a second pass changes nothing."""
    shown = spelling.storable(text)
    shown.encode("utf-8")
    assert not any((ord(each) < 32 and each not in "\n\t") or 127 <= ord(each) < 160 for each in shown)
    assert spelling.storable(shown) == shown
    for line in (spelling.one_line(text), spelling.exact_line(text)):
        assert not set(line) & set("\n\t\u202e\u2066\u200b\u2028")


@given(st.text(max_size=40))
def test_an_address_that_may_be_followed_is_the_one_that_is_shown(text: str) -> None:
    """What a reader sees is where a click leads."""
    shown = spelling.address(f"https://courier.example/{text}")
    assert shown.href in (None, shown.text)


@pytest.mark.parametrize("persian", ["می\u200cگوید", "👩\u200d🔬", "نام\u200f نمونه"])
def test_joiners_and_marks_of_names_stay(persian: str) -> None:
    """Persian, emoji and mixed lines need them."""
    assert spelling.one_line(persian) == persian


@pytest.mark.parametrize(
    ("code", "said"),
    [("fa", "fa"), ("zh-Hant", "zh-Hant"), ("und", None), ("qme", None), ('en" x="', None), (None, None)],
)
def test_a_language_is_told_only_where_there_is_one(code: str | None, said: str | None) -> None:
    """X names posts without words by codes of its own."""
    assert spelling.language(code) == said


@given(minutes, minutes, minutes, st.lists(st.tuples(minutes, st.sampled_from(Outcome)), max_size=8), st.booleans())
def test_a_strip_lies_within_its_frame(
    seen: int, absent: int, decided: int, looks: list[tuple[int, Outcome]], is_open: bool
) -> None:
    """Left end, right end, verdict, in this order; every mark within."""
    left = START + timedelta(minutes=seen)
    right = left + timedelta(minutes=absent)
    end = right + timedelta(minutes=decided)
    all_looks = [look(START + timedelta(minutes=at), outcome) for at, outcome in looks]
    drawn = figures.strip(None if is_open else left, right, end, all_looks)
    assert drawn is not None
    assert 0 <= drawn.left <= drawn.right <= drawn.decided <= 100
    assert all(0 <= mark.x <= 100 for mark in drawn.marks)
    assert figures.strip(left, None, end, all_looks) is None


@given(st.lists(st.tuples(minutes, minutes, st.booleans()), min_size=1, max_size=20))
def test_intervals_lie_on_one_axis(spans: list[tuple[int, int, bool]]) -> None:
    """None begins before the axis or ends behind it, and each can be seen."""
    found = [
        (number, None if is_open else START + timedelta(minutes=at), START + timedelta(minutes=at + length))
        for number, (at, length, is_open) in enumerate(spans)
    ]
    lanes, ends = figures.lanes(found)
    assert list(ends) == sorted(ends)
    for lane in lanes:
        assert lane.x >= 0
        assert lane.width >= figures.NARROWEST
        assert lane.x + lane.width <= 100.002


@given(st.dictionaries(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.integers(1, 9999), min_size=1, max_size=40))
def test_columns_count_every_day_once(days: dict[date, int]) -> None:
    """Days, weeks, months or years, as many as can be read; the highest has the full height."""
    chart = figures.columns(days)
    assert chart is not None
    assert sum(column.number for column in chart.columns) == sum(days.values())
    assert len(chart.columns) <= 125
    assert max(column.height for column in chart.columns) == figures.TALLEST
    assert all(column.x >= figures.GUTTER and column.x + column.width <= 100.01 for column in chart.columns)
    assert all(0 < height <= figures.TALLEST for _, height in chart.grid)
    assert len({column.label for column in chart.columns}) == len(chart.columns)


def test_the_axis_spans_what_was_followed() -> None:
    """One deletion in a year is one thin column among empty ones."""
    chart = figures.columns({date(2026, 6, 5): 1}, date(2026, 1, 1), date(2026, 12, 31))
    assert chart is not None
    assert (chart.unit, len(chart.columns)) == ("week", 53)
    assert figures.columns({}) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=7), "7 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=5, hours=3, minutes=59), "5 d 3 h"),
        (timedelta(days=5), "5 d"),
        (timedelta(days=1234, hours=5), "1,234 d"),
    ],
)
def test_an_interval_is_told_in_two_units(span: timedelta, words: str) -> None:
    """Rounded down; one that is open says so."""
    assert figures.length(START, START + span) == words
    assert figures.length(None, START) == "open"
