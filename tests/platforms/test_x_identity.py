"""Which post an embed shows: ids and their time, the day's window, the token, short links."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.embed import Embed, Link
from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.model.post import Post, PostRef
from archiver.platforms import registry, x_ids
from archiver.platforms.x import X
from tests.platforms.recorded import Replay, exchange

NOW = datetime(2026, 1, 6, tzinfo=UTC)
DAY = date(2021, 8, 20)
WINDOW = ("1428507067806646272", "1428869455672246271")
INSIDE = "1428600000000000000"
OUTSIDE = "1428900000000000000"


@pytest.mark.parametrize(
    ("native_id", "token"),
    [
        ("20", "6dq1a2xwd93"),
        ("861627479294746624", "236vrsocvda"),
        ("1050118621198921728", "2jn1m8zmk1"),
        ("1428507067806646272", "3gnsccq6ahd"),
        ("436461658601713664", "1236nf8no4li"),
        ("2023357708301455483", "4wkkd5uwebk"),
    ],
)
def test_the_token_is_computed_as_browsers_do(native_id: str, token: str) -> None:
    """Vectors computed with V8."""
    assert x_ids.token(native_id) == token


@given(st.integers(1, 2**63 - 1))
def test_every_id_has_a_token(native_id: int) -> None:
    """Never empty (an empty token is answered by {}), never with a zero or a point."""
    token = x_ids.token(str(native_id))
    assert token.isascii()
    assert token.isalnum()
    assert "0" not in token


@given(st.floats(1e-15, 1e6))
def test_base_36_reads_back_as_the_same_number(number: float) -> None:
    """As many digits as tell a number from its neighbours."""
    whole, _, fraction = x_ids._in_base_36(number).partition(".")
    back = int(whole, 36) + (int(fraction, 36) / 36 ** len(fraction) if fraction else 0)
    assert back == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("day", "window"),
    [
        (date(2014, 9, 9), ("509129052779446272", "509491440645046271")),
        (date(2018, 10, 9), ("1049449360389046272", "1049811748254646271")),
        (DAY, WINDOW),
        (date(2024, 2, 29), ("1762991067755446272", "1763353455621046271")),
        (date(2010, 11, 3), None),
        (date(2006, 3, 21), None),
        (date(2081, 1, 1), None),
        (date.max, None),
        (date.min, None),
    ],
)
def test_a_day_gives_the_ids_it_allows(day: date, window: tuple[str, str] | None) -> None:
    """Vectors of platforms.md; no window where ids hold no time."""
    assert x_ids.id_window(day) == window


@given(st.integers(x_ids.FIRST_SNOWFLAKE, 2**63 - 1))
def test_an_id_lies_in_the_window_of_its_own_day_and_of_no_other(number: int) -> None:
    """Time and window are two sides of one formula."""
    native_id = str(number)
    moment = X().id_time(native_id)
    assert moment is not None
    window = x_ids.id_window(moment.date())
    assert window is not None
    assert x_ids.within(native_id, window)
    for days in (-1, 1):
        other = x_ids.id_window(moment.date() + timedelta(days=days))
        assert other is None or not x_ids.within(native_id, other)


@pytest.mark.parametrize(
    ("native_id", "moment"),
    [
        ("2023357708301455483", datetime(2026, 2, 16, 11, 24, 4, 484000, UTC)),
        ("436461658601713664", datetime(2014, 2, 20, 11, 25, 43, 133000, UTC)),
        ("20", None),
        ("29700859246", None),
        ("not an id", None),
    ],
)
def test_the_time_in_an_id(native_id: str, moment: datetime | None) -> None:
    """To the millisecond; ids that were counted up one by one hold none."""
    assert X().id_time(native_id) == moment


def embed(**parts: Any) -> Embed:
    return Embed(position=0, form="blockquote", **parts)


def identified(**parts: Any) -> Any:
    return X().identify(embed(**parts), NOW)


@pytest.mark.parametrize(
    "address",
    [
        f"https://twitter.com/Sample_Desk/status/{INSIDE}?ref_src=twsrc%5Etfw",
        f"http://mobile.twitter.com/Sample_Desk/statuses/{INSIDE}",
        f"//x.com/Sample_Desk/status/{INSIDE}/photo/1?s=20#x",
        f"https://web.archive.org/web/20210821000000if_/https://twitter.com/Sample_Desk/status/{INSIDE}",
        f"https://twitter.com/#!/Sample_Desk/status/{INSIDE}",
    ],
)
def test_an_address_identifies_a_post(address: str) -> None:
    """Any host and path form of the platform; row 52."""
    found = identified(address=address)
    assert (found.platform, found.host, found.native_id) == ("x", None, INSIDE)
    assert found.permalink == f"https://x.com/Sample_Desk/status/{INSIDE}"
    assert found.author_handle == "Sample_Desk"
    assert found.published_at == X().id_time(INSIDE)
    assert registry.reference(address) == PostRef("x", None, INSIDE, "Sample_Desk")


@pytest.mark.parametrize(
    "address",
    [
        "https://evilx.com/a/status/1428600000000000000",
        "https://x.com.evil.example/a/status/1428600000000000000",
        "https://x.com@evil.example/a/status/1428600000000000000",
        "https://x%2Ecom/a/status/1428600000000000000",
        "https://ｘ.com/a/status/1428600000000000000",
        "https://x.com/a/status/1428600000000000000abc",
        "https://x.com/a/status/0",
        "https://x.com/a/status/-1",
        "https://x.com/a/status/14286000000000000000000",
        "https://x.com/a/status/۱۴۲۸۶۰۰۰۰۰۰۰۰۰۰۰۰۰۰",
        "https://x.com/a/status/1e18",
        "https://x.com/sample_desk",
        "https://example.org/",
        "",
    ],
)
def test_an_address_that_is_not_of_the_platform_identifies_nothing(address: str) -> None:
    """Rows 50, 52, 53 and 54."""
    assert identified(address=address) is None
    assert registry.reference(address) is None


def test_an_address_without_a_handle_has_a_permalink_all_the_same() -> None:
    """X ignores the handle; "i" stands in for it."""
    found = identified(address=f"https://twitter.com/i/web/status/{INSIDE}")
    assert (found.author_handle, found.permalink) == (None, f"https://x.com/i/status/{INSIDE}")


def test_the_id_of_the_markup_counts_under_the_hint_only() -> None:
    """`data-tweet-id` says x; digits of an unknown widget say nothing."""
    assert identified(native_id=INSIDE, hint="x").native_id == INSIDE
    assert identified(native_id=INSIDE) is None
    assert identified(native_id=INSIDE, hint="bluesky") is None
    assert identified(native_id="0", hint="x") is None


def test_an_attribution_identifies_a_post_without_an_id() -> None:
    """Handle and day give the window; the last picture leads first, a link that is no picture is not asked."""
    links = (
        Link("https://t.co/First00000", "https://t.co/First00000"),
        Link("https://pic.twitter.com/Pic1111111", "pic.twitter.com/Pic1111111"),
        Link("https://t.co/Pic2222222", "pic.x.com/Pic2222222"),
        Link("https://twitter.com/hashtag/sample", "#sample"),
        Link("https://t.co/", "t.co"),
    )
    found = identified(hint="x", author_handle="Sample_Desk", published_on=DAY, links=links)
    assert (found.native_id, found.permalink, found.published_at) == (None, None, None)
    assert (found.author_handle, found.id_window) == ("Sample_Desk", WINDOW)
    assert found.short_links == ("https://t.co/Pic2222222", "https://t.co/Pic1111111")


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        ({"hint": "x", "author_handle": "a", "published_on": DAY}, True),
        ({"hint": "x", "links": (Link("https://t.co/Ab1", "pic.twitter.com/Ab1"),)}, True),
        ({"hint": "x", "links": (Link("https://t.co/Ab1", "https://t.co/Ab1"),)}, False),
        ({"hint": "x", "author_handle": "a"}, False),
        ({"hint": "x", "published_on": DAY}, False),
        ({"hint": "x"}, False),
        ({"author_handle": "a", "published_on": DAY}, False),
        ({"hint": "x", "links": (Link("https://t.co.evil.example/Ab1", "t.co/Ab1"),)}, False),
    ],
)
def test_an_attribution_must_be_enough(parts: dict[str, Any], known: bool) -> None:
    """Handle and day, or a picture's short link, and the markup's word that it is X."""
    assert (identified(**parts) is not None) is known


def test_an_id_from_the_future_is_doubted() -> None:
    """Row 51: such a post is kept, and not looked at."""
    ahead = str(((int((NOW + timedelta(days=3)).timestamp() * 1000) - x_ids.EPOCH_MS) << 22) + 1)
    assert identified(native_id=ahead, hint="x").doubts == ("id_implausible",)
    assert identified(native_id=INSIDE, hint="x").doubts == ()
    assert identified(native_id="20", hint="x").doubts == ()


def test_the_registry_knows_the_adapter_by_name() -> None:
    """One explicit tuple; what no adapter claims is nobody's."""
    adapter = registry.adapter_for("x")
    assert adapter is not None
    assert adapter.permalink(PostRef("x", None, INSIDE)) == f"https://x.com/i/status/{INSIDE}"
    assert registry.adapter_for("nowhere") is None
    assert registry.identify(embed(address=f"https://x.com/a/status/{INSIDE}"), NOW) is not None
    assert registry.identify(embed(address="https://example.org/"), NOW) is None


POST = Post(
    number=1,
    platform="x",
    host=None,
    native_id=None,
    author_handle="Sample_Desk",
    author_name=None,
    author_id=None,
    published_on=DAY,
    published_at=None,
    id_window=WINDOW,
    short_links=("https://t.co/Pic1111111",),
    edit_chain=(),
    found_at=NOW,
)


def leads_to(target: str, status_code: int = 301) -> Exchange:
    return exchange("https://t.co/Pic1111111", status_code, (("Location", target),))


def page(body: str) -> Exchange:
    return exchange("https://t.co/Pic1111111", 200, (("content-type", "text/html"),), body.encode())


TARGET = f"https://twitter.com/sample_desk/status/{INSIDE}/photo/1"
ESCAPED = TARGET.replace("/", "\\/")


@pytest.mark.parametrize(
    "answer",
    [
        leads_to(TARGET),
        leads_to(TARGET, 302),
        leads_to(TARGET.replace("twitter.com", "x.com").replace("photo", "video")),
        leads_to(f"https://twitter.com/SAMPLE_DESK/status/{INSIDE}"),
        page(f'<head><noscript><META http-equiv="refresh" content="0;URL={TARGET}"></noscript></head>'),
        page(f'<script>window.opener = null; location.replace("{ESCAPED}")</script>'),
    ],
    ids=["301", "302", "x.com", "case", "refresh", "script"],
)
def test_a_short_link_that_agrees_gives_the_id(answer: Exchange) -> None:
    """Handle in any case, id in the window: one hop, by Location or by the page that browsers get."""
    found = X().resolve(POST, Replay({answer.url: answer}))
    assert (found.reason, found.native_id) == (Reason.RESOLVED, INSIDE)
    assert found.exchange is answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (leads_to(f"https://twitter.com/other_desk/status/{INSIDE}/video/1"), Reason.OTHER_AUTHOR),
        (leads_to(f"https://twitter.com/i/web/status/{INSIDE}"), Reason.OTHER_AUTHOR),
        (leads_to(f"https://twitter.com/sample_desk/status/{OUTSIDE}/photo/1"), Reason.OUTSIDE_WINDOW),
        (leads_to("https://example.org/article"), Reason.NO_REDIRECT),
        (leads_to("http://127.0.0.1:6379/"), Reason.NO_REDIRECT),
        (exchange("https://t.co/Pic1111111", 301), Reason.NO_REDIRECT),
        (exchange("https://t.co/Pic1111111", 404), Reason.NO_REDIRECT),
        (page("<html><title>t.co</title></html>"), Reason.NO_REDIRECT),
        (page('<script>location.replace("\\x")</script>'), Reason.NO_REDIRECT),
        (exchange("https://t.co/Pic1111111", 429), Reason.RATE_LIMITED),
        (exchange("https://t.co/Pic1111111", 403), Reason.REFUSED),
        (exchange("https://t.co/Pic1111111", 502), Reason.SERVER_ERROR),
        (exchange("https://t.co/Pic1111111", None, failure=Failure("dns", "not found")), Reason.DNS),
    ],
)
def test_a_short_link_that_does_not_agree_gives_no_id(answer: Exchange, reason: Reason) -> None:
    """Re-used media, another day, an address that names nobody, a dead link: each by its reason. Row 79: only t.co."""
    found = X().resolve(POST, Replay({answer.url: answer}))
    assert (found.reason, found.native_id) == (reason, None)
    assert found.exchange is answer


def test_a_renamed_author_is_known_by_the_cited_handle() -> None:
    """The article's handle, or the newest: either agrees."""
    renamed = replace(POST, author_handle="renamed_desk", cited_handle="sample_desk")
    assert X().resolve(renamed, Replay({"https://t.co/Pic1111111": leads_to(TARGET)})).reason == Reason.RESOLVED


def test_a_post_without_a_day_is_not_resolved() -> None:
    """The handle alone is not enough: an author uses a picture again, in another post."""
    replay = Replay({"https://t.co/Pic1111111": leads_to(TARGET)})
    assert X().resolve(replace(POST, id_window=None), replay).reason == Reason.OUTSIDE_WINDOW
    assert X().resolve(replace(POST, author_handle=None), replay).reason == Reason.OTHER_AUTHOR


def test_links_are_asked_in_turn_until_one_leads_to_the_post() -> None:
    """Re-used media first, the own picture second."""
    first = leads_to(f"https://twitter.com/other_desk/status/{INSIDE}/video/1")
    replay = Replay({"https://t.co/A1": first, "https://t.co/B2": leads_to(TARGET)})
    both = replace(POST, short_links=("https://t.co/A1", "https://t.co/B2"))
    assert X().resolve(both, replay).native_id == INSIDE


def test_a_rate_limit_ends_the_asking() -> None:
    """The second link is not asked once the host refuses."""
    both = replace(POST, short_links=("https://t.co/A1", "https://t.co/B2"))
    assert X().resolve(both, Replay({"https://t.co/A1": exchange(status_code=429)})).reason == Reason.RATE_LIMITED


def test_only_short_links_of_the_platform_are_asked() -> None:
    """A post without any is told so, and nothing is asked."""
    odd = replace(POST, short_links=("https://example.org/x", "http://127.0.0.1/"))
    found = X().resolve(odd, Replay({}))
    assert (found.reason, found.exchange) == (Reason.NO_REDIRECT, None)


@given(st.binary(max_size=300), st.sampled_from([200, 301, 302]), st.text(max_size=80))
def test_no_answer_of_the_short_link_host_raises(body: bytes, status_code: int, location: str) -> None:
    """Whatever comes, there is a resolution, and no id but one that agrees."""
    answer = exchange("https://t.co/Pic1111111", status_code, (("location", location),), body)
    assert X().resolve(POST, Replay({answer.url: answer})).native_id in (None, INSIDE)
