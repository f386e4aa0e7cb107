"""What articles say of themselves, and what their sidecars say."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.describe import Description, clean_title, describe, http_address, moment
from archiver.articles.sidecar import Sidecar, read_sidecar
from tests.slowness import slowness

NOON = datetime(2021, 8, 20, 12, tzinfo=UTC)

FULL = """<!DOCTYPE html><html><head><title>Title element &amp; more</title>
<meta property="og:title" content="  Sample
 title "><meta property="og:url" content="https://og.example/1">
<link rel="canonical nofollow" href=" https://paper.example/1 "><link rel=canonical href="https://second.example/">
<meta property="article:published_time" content="2021-08-20T16:30:00+04:30">
<script type="application/ld+json">{"datePublished": "2020-01-01"}</script></head>
<body><h1>Heading</h1><time datetime="2019-01-01">then</time></body></html>"""


def test_a_full_page_says_all_by_its_strongest_words() -> None:
    """Canonical link before og:url, og:title before title and h1, published_time before the others."""
    assert describe(FULL.encode(), "html") == Description("Sample title", "https://paper.example/1", NOON)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Sample one</title><h1>Sample two</h1>", "Sample one"),
        ("<title> </title><h1>Sample <b>two</b></h1>", "Sample two"),
        ("<script src='a.js'/><style/><title>Sample one</title><script>a</script>", "Sample one"),
        ("<meta property=og:title content=''><title>Sample one</title>", "Sample one"),
        ("<svg><title>Drawing</title></svg><h1>نمونه متن</h1>", "Drawing"),
        ("<blockquote><h1>Quoted</h1></blockquote><h1>Own</h1>", "Own"),
        ("<p>Nothing", None),
        ("<title>a\0b</title>", "a\ufffdb"),
        ("<title>&#xD800;&#0;x", "\ufffd\ufffdx"),
        ("<title>" + "a" * 1000, "a" * 300),
        ("", None),
    ],
)
def test_a_page_has_the_first_title_that_says_something(page: str, title: str | None) -> None:
    """White space folded, cut at 300 characters, storable as UTF-8."""
    assert describe(page.encode(), "html").title == title


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (
            "<link rel=canonical href=/relative><meta property=og:url content=https://og.example/a>",
            "https://og.example/a",
        ),
        ("<link rel=alternate href=https://other.example/>", None),
        ("<link rel=canonical href='javascript:alert(1)'>", None),
        ("<link rel=canonical>", None),
        (
            "<link rel=canonical href=https://a.example/1><link rel=canonical href=https://b.example/>",
            "https://a.example/1",
        ),
    ],
)
def test_only_a_whole_http_address_is_taken(page: str, address: str | None) -> None:
    """What cannot be used gives way to the next."""
    assert describe(page.encode(), "html").address == address


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<script type="application/ld+json">{"@graph": [{"a": {"datePublished": "2021-08-20T12:00Z"}}]}'
         "</script>", NOON),
        ('<script type="application/ld+json">[{"b": [{"datePublished": "2001-01-01"}]}, {"datePublished": '
         '"2021-08-20T12:00:00"}]</script>', NOON),
        ('<script type="application/ld+json">{broken</script><time datetime="2021-08-20T12:00Z">', NOON),
        (f'<script type="application/ld+json">{"[" * 100_000}</script><time datetime="2021-08-20T12:00Z">', NOON),
        ("<meta itemprop=datePublished content=2021-08-20T12:00Z><time datetime=2019-01-01>", NOON),
        ("<time datetime=2019-01-01></time><time itemprop=datePublished datetime=2021-08-20T12:00Z>", NOON),
        ("<blockquote><time datetime=2019-01-01></time></blockquote><time datetime=2021-08-20T12:00Z>", NOON),
        ("<meta property=article:published_time content=yesterday><time datetime=2021-08-20T12:00Z>", NOON),
        ("<time>2021-08-20</time>", None),
    ],
)  # fmt: skip
def test_a_page_is_dated_by_what_it_states(page: str, found: datetime | None) -> None:
    """JSON-LD at any depth, microdata, the first time element that is not in a quoted post."""
    assert describe(page.encode(), "html").published_at == found


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 1_000_000 + "<h1>Sample</h1>",
        "<![" * 100_000 + "><h1>Sample</h1>",
        "<p " + "a=1 " * 500_000 + "><h1>Sample</h1>",
        "<h1>Sample</h1>" + "<!--" * 500_000,
        "<h1>Sample</h1>" + "a" * 10_000_000,
        "<h1>Sample</h1>" + "\0" * 1_000_000,
        "<h1>Sample" + "<b>" * 500_000,
        "<h1>Sample</h1>" + "<h1>" * 1_000_000,
        "<h1> </h1>" * 500_000 + "<h1>Sample</h1>",
        "<h1>Sample</h1>" + "<meta property=og:url content='" * 200_000,
        "<h1>Sample</h1>" + "<meta>canonical" * 400_000,
        "<h1>Sample</h1>" + "og:title" * 1_000_000,
        "<h1>Sample</h1>" + "<time " * 1_000_000,
        "<h1>Sample</h1>" + '<time datetime="' * 400_000,
        "<h1>Sample</h1>" + "<script ld+json></script>" * 300_000,
        "<h1>Sample</h1><script type='application/ld+json'>" + "ld+json" * 1_000_000,
        "<h1>Sample</h1>" + "<blockquote>" * 600_000,
        "<h1>Sample</h1>" + "<link " + "rel=canonical " * 500_000,
    ],
)
def test_a_deep_or_huge_page_is_read_in_little_time(page: str) -> None:
    """A million open elements, comments without end, ten million letters."""
    started = time.process_time()
    assert describe(page.encode(), "html").title == "Sample"
    assert time.process_time() - started < 10 * slowness()


@given(st.text(), st.sampled_from(["html", "text", "markdown"]))
def test_no_text_is_an_error(text: str, markup: str) -> None:
    """Whatever it is, something or nothing is said of it, and what is said can be stored."""
    said = describe(text.encode(), markup)  # type: ignore[arg-type]
    (said.title or "").encode("utf-8")


@given(st.lists(st.sampled_from(["---", "+++", "\n", "title", ":", "'", '"', " #", "#", "=", "```", " ", "a", "date"])))
def test_no_front_matter_is_an_error(parts: list[str]) -> None:
    """Half a fence, quotes that never end, a heading without words."""
    said = describe("".join(parts).encode(), "markdown")
    assert said.title is None or said.title.strip() == said.title != ""


def test_a_page_that_says_all_in_its_head_is_not_read_further() -> None:
    """What stands before the body has the last word; without a date it is read on."""
    body = "<body>" + "<i>" * 4_000 + "<time datetime='2019-01-01'>"
    head = "<title>Sample</title><link rel=canonical href='https://paper.example/1'>"
    dated = head + "<meta property='article:published_time' content='2021-08-20T12:00Z'>"
    assert describe((dated + body).encode(), "html").published_at == NOON
    assert describe((head + body).encode(), "html").published_at == datetime(2019, 1, 1, tzinfo=UTC)


def test_a_text_is_called_by_its_first_line_that_has_words() -> None:
    """And nothing else is known of it."""
    assert describe(b"\n \n  Sample text one \nSample text two", "text") == Description(title="Sample text one")
    assert describe(b" \n", "text") == Description()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: 'Sample: one' # why\ndate: 2021-08-20 16:30:00 +0430\npermalink: /a/\n---\n# Other",
         Description("Sample: one", None, NOON)),
        ('---\r\nTitle: Sample # one\r\nurl: "https://paper.example/1"\r\n---\r\n', Description("Sample", "https://paper.example/1")),
        ('+++\ntitle = "Sample"\ndate = 2021-08-20T12:00:00Z\n+++\n', Description("Sample", None, NOON)),
        ("+++\nbroken\n+++\n# Sample #", Description("Sample")),
        ("```\n# code\n```\ntext\n\n## Sample ##\n", Description("Sample")),
        ("Sample\n======\n", Description("Sample")),
        ("---\ntitle: never closed\n", Description()),
        ("plain words", Description()),
    ],
)  # fmt: skip
def test_markdown_is_described_by_its_front_matter_or_first_heading(text: str, said: Description) -> None:
    """YAML or TOML between fences; headings of both kinds; code is no heading."""
    assert describe(text.encode(), "markdown") == said


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2021-08-20T12:00:00Z", NOON),
        ("2021-08-20T12:00:00.000+0000", NOON),
        ("2021-08-20T12:00", NOON),
        (" 2021-08-20 16:30:00 +0430 ", NOON),
        ("Fri, 20 Aug 2021 14:00:00 +0200", NOON),
        ("2021-08-20", NOON - timedelta(hours=12)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("1629460800", NOON),
        ("1629460800123", NOON),
        ("2021082012", None),
        ("12345678901234567890", None),
        ("yesterday at noon", None),
        ("", None),
    ],
)
def test_a_moment_is_an_instant_in_utc_or_nothing(written: str, found: datetime | None) -> None:
    """Without an offset it is taken as UTC; the year 1 means that nobody knew."""
    assert moment(written) == found
    assert found is None or moment(written).tzinfo is UTC  # type: ignore[union-attr]


@given(st.text())
def test_no_words_are_an_error_as_a_date_an_address_or_a_title(text: str) -> None:
    """Each gives something that can be stored, or None."""
    found = moment(text)
    assert found is None or found.utcoffset() == timedelta(0)
    assert http_address(text) is None or text.strip().lower().startswith("http")
    assert clean_title(text) != ""


@pytest.mark.parametrize(
    "written",
    ["ftp://a.example/", "//a.example/", "https://", "https://a.example:99999/", "https://me@a.example/", "https://[/",
     "https://a.example/ b", "https://a.example/\\b", "https://a.example/\ud800",
     "https://a.example/" + "a" * 3000, "data:,a"],
)  # fmt: skip
def test_what_is_no_plain_address_is_not_taken(written: str) -> None:
    """Other schemes, no host, names and passwords, spaces, half characters."""
    assert http_address(written) is None


@pytest.mark.parametrize(
    ("payload", "sidecar"),
    [
        (b"{}", Sidecar()),
        (b'{"title": null, "section": 3}', Sidecar()),
        ('\ufeff{"title": " نمونه  متن "}'.encode(), Sidecar(title="نمونه متن")),
        (b'{"title": "a\\ud800"}', Sidecar(title="a?")),
        (b'{"title": "Sample", "url": "file:///a"}', Sidecar(title="Sample", readable=False)),
        (
            b'{"url": "https://a.example/1", "published_at": "2021-08-20T12:00:00"}',
            Sidecar("https://a.example/1", None, NOON),
        ),
        (b'{"title": 3}', Sidecar(readable=False)),
        (b"", Sidecar(readable=False)),
        (b"9" * 10_000, Sidecar(readable=False)),
    ],
)
def test_a_sidecar_says_what_can_be_used_of_it(payload: bytes, sidecar: Sidecar) -> None:
    """A part that cannot be used makes a doubt; the rest counts."""
    assert read_sidecar(payload) == sidecar


@pytest.mark.parametrize(
    "note",
    [
        "<!--\n Page saved with SingleFile \n url: https://news.example/1 \n saved date: Fri Aug 20 2021 -->",
        "<!-- saved from url=(0022)https://news.example/1 -->",
    ],
)
def test_the_program_that_saved_a_page_says_where_it_was(note: str) -> None:
    """What the page says itself goes before; when it was saved is not when it was published."""
    page = f"<!DOCTYPE html> <html lang=en>{note}<head><title>Sample</title></head>"
    assert describe(page.encode(), "html") == Description("Sample", "https://news.example/1", None)
    own = page + '<link rel="canonical" href="https://news.example/own">'
    assert describe(own.encode(), "html").address == "https://news.example/own"


def test_a_note_of_a_program_that_tells_no_address_says_nothing() -> None:
    """A file, a blank page, a comment that only looks like it."""
    for note in (
        "<!-- saved from url=(0014)about:internet -->",
        "<!-- Page saved with SingleFile -->url: https://a.b/",
    ):
        assert describe(f"<html>{note}<p>Sample".encode(), "html").address is None
