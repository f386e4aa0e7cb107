"""Finding what a page says of itself, against parsing the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from archiver.articles import head
from archiver.articles.describe import Description, clean_title, describe, http_address, moment
from archiver.articles.tag import read_tag

WORDS = st.sampled_from(
    [
        "Sample one",
        "نمونه متن",
        "a &amp; b",
        "1 < 2 > 0",
        "",
        " ",
        "&#x646;&copy;",
        "it's",
        'x="y',
        "<b>bold</b>",
        "-->",
    ]
)
MOMENTS = st.sampled_from(["2021-08-20T12:00Z", "2020-01-01", "yesterday", "", "Fri, 20 Aug 2021 14:00:00 +0200"])
ADDRESSES = st.sampled_from(
    ["https://paper.example/1", "https://paper.example/?a=1&amp;b=2", "https://paper.example/?a=1&copy=2", "/a", ""]
)
NAMED = st.one_of(
    st.tuples(st.just("og:title"), WORDS),
    st.tuples(st.sampled_from(["og:url", "description"]), ADDRESSES),
    st.tuples(st.sampled_from(["article:published_time", "datePublished", "twitter:title"]), MOMENTS),
)
CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str.upper, str.strip])


@st.composite
def tags(draw: st.DrawFn, name: str, attributes: list[tuple[str, str]]) -> str:
    """A tag in some way of writing: order, case, quotes, white space, more attributes, a slash."""
    # To a browser a script is not closed by it; to libxml2 it is.
    slash = "" if name == "script" else " /"
    parts = [name]
    more = [("data-a", "x"), ("lang", "fa"), ("data-b", "a > b"), ("data-c", "</title>")]
    for key, said in draw(st.permutations([*attributes, *draw(st.lists(st.sampled_from(more), unique=True))])):
        quotes = [quote for quote in "\"'" if quote not in said]
        plain = said and not set(said) & set(" \t\n\"'=<>`/")
        quote = draw(st.sampled_from([*quotes, ""] if plain else quotes))
        equals = draw(st.sampled_from(["=", "=", " = ", "=\n"]))
        parts.append(f"{draw(CASES)(key)}{equals}{quote}{said}{quote}")
    space = draw(st.sampled_from([" ", "\n  ", "\t"]))
    return f"<{draw(CASES)(name)}{space}{space.join(parts[1:])}{draw(st.sampled_from(['', ' ', slash]))}>"


@st.composite
def metas(draw: st.DrawFn) -> str:
    named, said = draw(NAMED)
    key = draw(st.sampled_from(["property", "name", "itemprop"]))
    return draw(tags("meta", [(key, draw(CASES)(named)), ("content", said)]))


@st.composite
def links(draw: st.DrawFn) -> str:
    rel = draw(st.sampled_from(["canonical", "Canonical nofollow", "stylesheet", "alternate"]))
    return draw(tags("link", [("rel", rel), ("href", draw(ADDRESSES))]))


@st.composite
def linked(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["application/ld+json", "Application/LD+JSON", "text/ld+json", "text/javascript"]))
    noun = {"@graph": [{"datePublished": draw(MOMENTS)}], "headline": "canonical <time datetime=2001-01-01>"}
    return draw(tags("script", [("type", kind)])) + json.dumps(noun) + draw(CASES)("</script>")


@st.composite
def titles(draw: st.DrawFn) -> str:
    return draw(CASES)("<title>") + draw(WORDS).replace("-->", "") + draw(CASES)("</title>")


@st.composite
def hidden(draw: st.DrawFn) -> str:
    """Tags that say nothing of the page: in a comment, a script, a style, an attribute."""
    inner = draw(st.lists(st.one_of(metas(), links(), titles()), max_size=2).map("".join))
    way = draw(st.sampled_from(["<!--{}-->", "<script>x = 1 < 2; {}</script>", "<style>{}</style>"]))
    return way.format(inner.replace("-->", "") if "<!--" in way else inner)


@st.composite
def in_attributes(draw: st.DrawFn) -> str:
    inner = "".join(draw(st.lists(st.sampled_from(SHOWN), min_size=1, max_size=3)))
    return f"<p data-html='{inner}'>Sample text</p>"


SHOWN = [
    "<h1>Heading</h1>",
    '<h1 class="a">Sample <b>head</b>ing</h1>',
    "<h1> </h1>",
    '<time datetime="2019-01-01">then</time>',
    '<TIME itemprop="datePublished" datetime="2018-01-01T00:00Z">then</TIME>',
    "<time>now</time>",
    '<meta property="og:title" content="Shown title">',
    '<meta itemprop="datePublished" content="2017-01-01">',
    "<p>Sample text</p>",
]
QUOTED = [f"<blockquote><p>Sample</p>{inner}</blockquote>" for inner in SHOWN]
UNSEEN = [
    '<textarea><h1>No</h1><time datetime="2011-01-01"></textarea>',
    '<iframe srcdoc="<h1>No</h1>"></iframe>',
    '<!-- <h1>No</h1> <time datetime="2011-01-01"> -->',
    "<script>document.write('<h1>No</h1>')</script>",
]
HEADS = st.lists(st.one_of(metas(), links(), linked(), titles(), hidden()), max_size=7).map("\n".join)
BODIES = st.lists(
    st.one_of(st.sampled_from([*SHOWN, *QUOTED, *UNSEEN]), linked(), hidden(), in_attributes()), max_size=6
).map("\n".join)


@given(HEADS, BODIES)
def test_a_page_says_what_a_parser_reads_in_it(before: str, body: str) -> None:
    """Whatever the order, case and quotes of its tags, and whatever stands in comments, scripts and attributes."""
    opening = f"<!DOCTYPE html><html><head><meta charset=utf-8>{before}</head>"
    page = f"{opening}<body>{body}</body></html>"
    said, rest = parsed(f"{opening}</html>"), parsed(page)
    expected = Description(
        said.title or rest.title, said.address or rest.address, said.published_at or rest.published_at
    )
    assert describe(page.encode(), "html") == expected


def parsed(page: str) -> Description:
    """The same by a tree of the whole page."""
    tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            metas.setdefault(meta.get(key, "").strip().lower(), meta.get("content", ""))
    shown = [node for node in tree.iter("title", "h1") if not any(True for _ in node.iterancestors("blockquote"))]
    texts = [node.text_content() for tag in ("title", "h1") for node in shown if node.tag == tag]
    canonical = [link.get("href", "") for link in tree.iter("link") if "canonical" in link.get("rel", "").lower()]
    found = (moment(written) for written in moments(tree, metas))
    return Description(
        title=next(filter(None, map(clean_title, [metas.get("og:title", ""), *texts])), None),
        address=next(filter(None, map(http_address, [*canonical, metas.get("og:url", "")])), None),
        published_at=next(filter(None, found), None),
    )


def moments(tree: html.HtmlElement, metas: dict[str, str]) -> Iterator[str]:
    yield metas.get("article:published_time", "")
    for script in tree.iter("script"):
        if script.get("type", "").lower() == "application/ld+json":
            yield json.loads(script.text)["@graph"][0]["datePublished"]
    yield metas.get("datepublished", "")
    times = [
        (time.get("itemprop", "").lower() == "datepublished", time.get("datetime"))
        for time in tree.iter("time")
        if time.get("datetime") and not any(True for _ in time.iterancestors("blockquote"))
    ]
    yield from (stated for is_named, stated in times if is_named)
    yield from [stated for is_named, stated in times if not is_named][:1]


BROKEN = ["<meta", "<h1>", "</h1>", "<!--", "-->", "<script", "</script>", "ld+json", "og:title", "canonical", "<body>"]


@given(
    st.lists(
        st.sampled_from([*BROKEN, "=", '"', "'", ">", "<", " ", "\0", "\xff", "<time", "datetime", "&#", "itemprop"])
    )
)
def test_no_broken_page_is_an_error(parts: list[str]) -> None:
    """Half a tag, quotes that never end, words out of place."""
    page = "".join(parts).encode("latin-1")
    said = describe(page, "html")
    assert said.published_at is None or isinstance(said.published_at, datetime)
    assert len(said.title or "") <= len(page)


def test_the_search_has_few_enough_words_to_be_fast() -> None:
    """Beyond 64 the library looks at each byte by itself."""
    assert len(head._LITERALS) <= 64


def test_a_page_is_the_same_however_its_pieces_fall() -> None:
    """Words that stand across the end of a piece, and tags that begin in one and end in another, are read."""
    for length in range(head.HEAD_PIECE - 60, head.HEAD_PIECE + 4):
        page = "<p>" + "a" * length + '<meta property="og:title" content="Sample title"><h1>Other</h1>'
        assert describe(page.encode(), "html").title == "Sample title"


def test_a_tag_is_read_where_it_stands() -> None:
    """The first of two attributes of one name; values without quotes; a tag that never ends."""
    page = b"x<a HREF=1 href='2' b = \"3 > 2\" c d=e>f"
    attributes, end = read_tag(page, 1)
    assert attributes == {b"href": b"1", b"b": b"3 > 2", b"c": b"", b"d": b"e"}
    assert page[end:] == b"f"
    assert read_tag(b"<a b='c", 0)[1] == 7
    assert attributes.words(b"none") == ""
