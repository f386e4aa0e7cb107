"""From stored bytes to an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver import digest
from archiver.articles.compose import compose
from archiver.articles.names import is_article
from archiver.model.article import Article, Markup, Stamp, StoredArticle

PAGE = b"""<title>Page title</title><link rel=canonical href=https://page.example/>
<meta property=article:published_time content=2021-08-20T12:00Z>"""
STAMP = Stamp(1, 2, 3)


def stored(payload: bytes, location: str = "a.html", markup: Markup | None = "html") -> StoredArticle:
    return StoredArticle("sample", location, payload, STAMP, markup)


def test_an_article_has_all_that_its_bytes_say() -> None:
    """Where it stands, its digest and length, its charset, and its own words."""
    assert compose(stored(PAGE)) == Article(
        source="sample",
        location="a.html",
        markup="html",
        payload=PAGE,
        charset="utf-8",
        digest=digest.of_bytes(PAGE),
        size=len(PAGE),
        stamp=STAMP,
        address="https://page.example/",
        title="Page title",
        published_at=datetime(2021, 8, 20, 12, tzinfo=UTC),
    )


def test_what_the_source_says_wins_over_the_page() -> None:
    """Each word on its own; and its doubts come first."""
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    told = StoredArticle("", "a", PAGE + b"\xff", STAMP, "html", published_at=noon, doubts=("sidecar_unreadable",))
    article = compose(told)
    assert (article.title, article.published_at) == ("Page title", noon)
    assert article.doubts == ("sidecar_unreadable", "charset_guessed")
    named = compose(StoredArticle("", "a", PAGE, STAMP, "html", address="https://side.example/", title="Told"))
    assert (named.address, named.title) == ("https://side.example/", "Told")


@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-8-sig", "utf-16-le"])
def test_a_page_in_a_wide_charset_is_described_too(codec: str) -> None:
    """Its tags are not ASCII bytes then."""
    assert compose(stored("<title>نمونه متن</title><p>Sample text</p>".encode(codec))).title == "نمونه متن"


@pytest.mark.parametrize(
    ("payload", "markup"),
    [(b"Sample <p>text</p>", "html"), (b"Sample 1 < 2", "text"), ("<p>Sample</p>".encode("utf-16"), "html")],
)
def test_a_text_without_a_telling_name_is_read_by_what_it_looks_like(payload: bytes, markup: str) -> None:
    """An element of HTML makes it HTML."""
    assert compose(stored(payload, "a", None)).markup == markup


BOX = b"""From: <Saved by a browser>
Snapshot-Content-Location: https://paper.example/1
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="edge"

--edge
Content-Type: text/html; charset=windows-1251
Content-Transfer-Encoding: quoted-printable
Content-Location: https://paper.example/1

<title>=CF=F0=E8=EC=E5=F0</title><p class=3D"a">Sample text</p>
--edge--
"""


@pytest.mark.parametrize(
    ("payload", "markup"),
    [
        (b'{"id": 7, "content": {"rendered": "<p>Sample words</p>"}}', "text"),
        (b' [\n {"html": "<blockquote>Sample</blockquote>"}]', "text"),
        (b"{{ sample }}<p>Sample words</p>", "html"),
        (b'[gallery ids="1"]<p>Sample words</p>', "html"),
        (b'{"sample"}<p>Sample words</p>', "html"),
        (b'{"title": "Sample"}\n\n<p>Sample words</p>', "html"),
    ],
)
def test_what_json_holds_of_html_makes_no_page_of_it(payload: bytes, markup: str) -> None:
    """A dump of a content system is read string by string; JSON above a page is not."""
    assert compose(stored(payload, "sample", None)).markup == markup


@pytest.mark.parametrize("said", ["To: archive@news.example", "Message-ID: <1@news.example>", "X-2: sample"])
@pytest.mark.parametrize("location", ["in/a.mht", "-"])
def test_a_saved_page_is_no_letter(said: str, location: str) -> None:
    """Some programs give it headers of one."""
    article = compose(stored(said.encode() + b"\n" + BOX, location, None))
    assert (article.address, article.title) == ("https://paper.example/1", compose(stored(BOX, "a.mht", None)).title)


def test_a_saved_message_is_the_page_within() -> None:
    """Its encodings are undone, its headers tell charset and address, its digest is that of the page."""
    article = compose(stored(BOX, "in/A.MHTML", None))
    assert b'<p class="a">Sample text</p>' in article.payload
    assert (article.title, article.address, article.charset) == ("Пример", "https://paper.example/1", "cp1251")
    assert (article.markup, article.size, article.doubts) == ("html", len(article.payload), ())
    assert article.digest == digest.of_bytes(article.payload)


def test_a_message_that_cannot_be_unpacked_is_kept_with_a_doubt() -> None:
    """Its bytes are the article then, and nothing is lost."""
    article = compose(stored(b"<title>Sample</title>", "a.mht", None))
    assert (article.payload, article.title, article.doubts) == (b"<title>Sample</title>", "Sample", ("unparsed",))


@pytest.mark.parametrize("payload", [BOX, BOX.replace(b"\n", b"\r\n"), BOX.replace(b"MIME-V", b"mime-v")])
def test_a_message_without_a_telling_name_is_known_by_its_headers(payload: bytes) -> None:
    """As it comes through standard input."""
    article = compose(stored(payload, "-", None))
    assert (article.title, article.address, article.doubts) == ("Пример", "https://paper.example/1", ())


@pytest.mark.parametrize(
    "payload",
    [b"Sample\n\n" + BOX, b"<p>\n" + BOX, BOX.replace(b"related", b"mixed"), BOX.replace(b"MIME-Version", b"X-Mime")],
)
def test_what_only_speaks_of_messages_is_none(payload: bytes) -> None:
    """Headers below the first empty line, below an element, of a letter, or not whole: the bytes are the article."""
    article = compose(stored(payload, "-", None))
    assert (article.payload, "unparsed" in article.doubts) == (payload, False)


def test_a_message_is_not_opened_where_the_source_states_the_markup() -> None:
    """A source that states the markup has opened its boxes itself."""
    assert compose(stored(BOX, "export.xml/a.mht", "text")).payload == BOX


@pytest.mark.parametrize(
    ("name", "wanted"),
    [(b"a.HTML", True), (b"a.htm", True), (b"a.xhtml", True), (b"a.mht", True), (b"a.MHTML", True), (b"a.txt", True),
     (b"a.md", True), (b"html", False), (b"a.html.bak", False), (b"a.jpg", False), (b"", False)],
)  # fmt: skip
def test_articles_are_known_by_the_end_of_their_names(name: bytes, wanted: bool) -> None:
    """In any case."""
    assert is_article(name) is wanted


@pytest.mark.parametrize(
    ("payload", "markup"),
    [
        (b" <p>Sample</p>", "html"),
        (b"<!-- wp:paragraph -->\n<p>Sample</p>", "html"),
        (b"Sample <b>text</b>", "text"),
        (b"<p without an end", "text"),
        (b"<3 Sample </p>", "text"),
        (b'Sample prose.<p lang="en" dir="ltr">words</p>&mdash; Sample', "html"),
        (b'Sample prose of <p lang="en"> and no more', "text"),
    ],
)
def test_what_is_called_a_text_and_begins_as_html_is_html(payload: bytes, markup: str) -> None:
    """Fields and files are called texts that hold pages; words about markup stay words."""
    assert compose(StoredArticle("sample", "a.txt", payload, Stamp(0, 0, 0), "text")).markup == markup


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ("</body></html>\n", False),
        ("<p>No end of the body is needed", False),
        ("<p>1 < 2, and 2 <3", False),
        ("<p>Prose.<", True),
        ('<p>Prose.<iframe src="https://www.you', True),
        ("<p>Prose.</di", True),
        ("<p>Prose.<!-- Sample", True),
    ],
)
def test_a_page_that_ends_within_a_tag_was_cut(end: str, cut: bool) -> None:
    """A download that broke off: what stood behind may have held an embed."""
    assert compose(stored(b"<!DOCTYPE html>" + end.encode())).doubts == (("truncated",) if cut else ())
    assert compose(stored(f"Sample {end}".encode(), "a.txt", "text")).doubts == ()


@pytest.mark.parametrize(
    ("frame", "is_lost"),
    [
        ("<iframe width=560 height=315 title=Sample allowfullscreen></iframe>", True),
        ('<iframe width=560 allowfullscreen srcdoc="<p>Sample</p>"></iframe>', False),
        ("<iframe src=https://films.example/1 allowfullscreen></iframe>", False),
        ("<iframe title=X allowfullscreen data-tweet-id=1428507067806646273></iframe>", False),
        ("<iframe width=300 height=250 title=Advertisement></iframe>", False),
    ],
)
def test_a_player_that_was_lost_in_saving_is_a_doubt(frame: str, is_lost: bool) -> None:
    """SingleFile takes the address of a frame away, and cannot always keep its document."""
    note = "<!--\n Page saved with SingleFile \n url: https://news.example/1 \n saved date: Mon\n-->"
    page = f"<html lang=en>{note}<meta charset=utf-8><title>Sample</title><body><p>Sample</p>{frame}"
    assert compose(stored(page.encode(), "a.html")).doubts == (("player_lost",) if is_lost else ())
    assert compose(stored(page.replace("SingleFile", "care").encode(), "a.html")).doubts == ()


@pytest.mark.parametrize(
    ("payload", "doubts"),
    [
        (b"", ("empty",)),
        (b" \r\n\t", ("empty",)),
        (b"\0" * 4096, ("empty",)),
        (b"<p>Sample text</p>" + b"\0" * 100, ("nul_bytes",)),
        (b"<p>Sample\0text</p>", ()),
        (b"<html><body><p>Sample text</p>", ("truncated",)),
        (b"<html><head><title>Sample</title></head><body><p>Sample text</p>", ("truncated",)),
        (b"<html><head><meta charset=utf-8><title>Sample</title>", ("truncated",)),
        (b"<html lang=en><meta charset=utf-8><title>Sample</title><body><p>Sample text</p>", ()),
        (b"<html lang=en><meta charset=utf-8><title>Sample</title><p>Sample text", ()),
        (b"<!DOCTYPE html><HTML lang=en><p>Sample text</p></BODY>", ()),
        (b"<!DOCTYPE html><html><p>Sample text</p></html><!-- made in 0.1 s -->", ()),
        (b"<p>Sample text</p>", ()),
    ],
)
def test_words_that_may_be_missing_are_a_doubt(payload: bytes, doubts: tuple[str, ...]) -> None:
    """A file that was emptied, filled up with zeros or cut off between two tags; a part of a page has no end, and one
    without the tags that HTML need not have (SingleFile) names none."""
    assert compose(StoredArticle("sample", "a.html", payload, Stamp(len(payload), 0, 0), "html")).doubts == doubts
