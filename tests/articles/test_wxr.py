"""The source of kind "wxr", against exports that are good, broken and hostile."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.articles.source import Known
from archiver.articles.wxr import Wxr
from archiver.model.article import Reached, StoredArticle, Unchanged, Unread
from tests.articles.reading import articles, assert_resumes, places, read, refusals, remembered, vanished

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    "<title>Sample site</title><wp:author><wp:author_id>1</wp:author_id></wp:author>"
)
TAIL = "</channel></rss>"


def item(number: int, content: str = "<p>Sample text one</p>", **more: str) -> str:
    meta = "".join(
        f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{kept}]]></wp:meta_value></wp:postmeta>"
        for key, kept in more.items()
        if key.startswith("_")
    )
    return (
        f"<item><title>{more.get('title', f'Sample title {number}')}</title>"
        f"<link>https://news.example/{number}/</link><pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{more.get('excerpt', '')}]]></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>{more.get('date', '2021-08-20 10:00:00')}</wp:post_date_gmt>"
        f"<wp:post_type>{more.get('kind', 'post')}</wp:post_type>"
        f"<wp:status>{more.get('status', 'publish')}</wp:status>{meta}</item>\n"
    )


def source(tmp_path: Path, text: str, **limits: int) -> Wxr:
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-8")
    return Wxr("sample", path, **limits)


def test_a_post_has_its_address_title_date_and_number(tmp_path: Path) -> None:
    """The date is the one in GMT; pubDate, which WordPress writes wrong for drafts, does not count beside it."""
    text = HEAD + item(7, title="Sample &amp;amp; title") + item(8, date="0000-00-00 00:00:00", status="draft") + TAIL
    findings = read(source(tmp_path, text))
    seven, eight = articles(findings)
    assert (seven.location, seven.address, seven.title) == (
        "export.xml/post-7",
        "https://news.example/7/",
        "Sample & title",
    )
    assert seven.published_at == datetime(2021, 8, 20, 10, tzinfo=UTC)
    assert eight.published_at is None
    assert (seven.payload, seven.markup, seven.charset) == (b"<p>Sample text one</p>", "html", "utf-8")
    assert isinstance(findings[-1], Reached)
    assert (findings[-1].position, findings[-1].complete) == ("2", True)


def test_meta_that_holds_markup_and_the_excerpt_are_laid_behind_the_content(tmp_path: Path) -> None:
    """A cached embed is there to be found; numbers and plain words of the meta are not."""
    quote = '<blockquote class="twitter-tweet"><p>Sample</p></blockquote>'
    builder = '[{"widget": "\\u003cp\\u003eSample\\u003c/p\\u003e"}]'
    meta = {"_oembed_ab12": quote, "_oembed_time_ab12": "1629450000", "_layout": builder, "_plain": "Sample words"}
    (article,) = articles(read(source(tmp_path, HEAD + item(1, excerpt="Sample excerpt", **meta) + TAIL)))
    page = article.payload.decode()
    assert f'<div data-archiver-meta="_oembed_ab12">{quote}</div>' in page
    assert f'<script type="application/json" data-archiver-meta="_layout">{builder}</script>' in page
    assert "<div data-archiver-excerpt>Sample excerpt</div>" in page
    assert "1629450000" not in page
    assert "Sample words" not in page


def test_an_address_alone_on_its_line_becomes_a_paragraph(tmp_path: Path) -> None:
    """WordPress makes an embed of a post's address there; other addresses, and those within a line, stay."""
    post = "https://twitter.com/sample_one/status/1428507067806646273?a=1&amp;b=2"
    content = f"Sample text\n\n{post}\n\nSample {post} two\r\n https://news.example/1 \r\n\t{post}\r\n"
    (article,) = articles(read(source(tmp_path, HEAD + item(1, content) + TAIL)))
    wanted = f"Sample text\n\n<p>{post}</p>\n\nSample {post} two\n https://news.example/1 \n<p>{post}</p>\n"
    assert article.payload.decode() == wanted


def test_what_nobody_reads_as_an_article_is_passed_over(tmp_path: Path) -> None:
    """Revisions, menu entries, caches, the dustbin, and posts without a word; pages and own kinds are read."""
    kinds = ("post", "page", "liveblog", "revision", "nav_menu_item", "oembed_cache", "custom_css")
    text = HEAD + "".join(item(number, kind=kind) for number, kind in enumerate(kinds))
    text += item(20, status="trash") + item(21, status="auto-draft") + item(22, content=" ") + TAIL
    assert places(read(source(tmp_path, text))) == ["export.xml/post-0", "export.xml/post-1", "export.xml/post-2"]


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>",
    ],
)
def test_an_export_with_a_dtd_is_refused_and_nothing_is_read(tmp_path: Path, prologue: str) -> None:
    """External entities and billion laughs: one clear line that says so."""
    text = HEAD.replace("?>\n", f"?>\n{prologue}\n") + item(1) + item(2, "&i;&x;") + TAIL
    findings = read(source(tmp_path, text))
    assert findings == [Unread("export.xml", "unparsed", "it has a DTD or entities of its own: refused, take them out")]


def test_an_export_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    """What was whole is handed over, the rest is reported with its line, and nothing has vanished."""
    whole = HEAD + item(1) + item(2) + item(3) + TAIL
    known = remembered(read(source(tmp_path, whole)))
    findings = read(source(tmp_path, whole[: whole.index("Sample title 3")]), known)
    assert [found.location for found in findings if isinstance(found, Unchanged)] == [
        "export.xml/post-1",
        "export.xml/post-2",
    ]
    assert isinstance(findings[-1], Unread)
    assert "no XML: " in findings[-1].message
    assert "line" in findings[-1].message


def test_characters_that_xml_forbids_do_not_stop_the_reading(tmp_path: Path) -> None:
    """WordPress lets control characters through, and so do we: each is shown as a character that cannot be read."""
    text = HEAD + item(1, "<p>Sample\x0btext\x00</p>") + item(2) + TAIL
    one, two = articles(read(source(tmp_path, text)))
    assert one.payload.decode() == "<p>Sample\ufffdtext\ufffd</p>"
    assert two.location == "export.xml/post-2"


@pytest.mark.parametrize("charset", ["utf-16", "windows-1251", "gb2312", "utf-8-sig"])
def test_an_export_in_another_charset_is_read(tmp_path: Path, charset: str) -> None:
    """By its mark or its declaration, also those that the XML parser does not know itself."""
    words = "Пример" if charset != "gb2312" else "样本"
    path = tmp_path / "export.xml"
    label = "utf-8" if charset == "utf-8-sig" else charset
    path.write_bytes((HEAD.replace("UTF-8", label) + item(1, words) + TAIL).encode(charset))
    (article,) = articles(read(Wxr("sample", path)))
    assert article.payload.decode() == words


def test_an_item_that_is_too_long_or_too_deep_costs_no_other(tmp_path: Path) -> None:
    """Ten megabytes under a cap of one, and a thousand elements within elements."""
    deep = item(2).replace("<wp:status>", "<b>" * 1000 + "</b>" * 1000 + "<wp:status>")
    findings = read(source(tmp_path, HEAD + item(1, "a" * 10_000_000) + deep + item(3) + TAIL, size_cap=1_000_000))
    assert refusals(findings) == {"export.xml/item-1": "too_large", "export.xml/item-2": "too_large"}
    assert places(findings) == ["export.xml/post-3"]


def test_a_tag_without_end_is_not_kept_in_memory(tmp_path: Path) -> None:
    """A start tag of 20 MB under a cap of one is given up."""
    text = HEAD + item(1) + '<item a="' + "a" * 20_000_000
    tracemalloc.start()
    findings = read(source(tmp_path, text, size_cap=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusals(findings) == {"export.xml": "unparsed"}
    assert places(findings) == ["export.xml/post-1"]
    assert peak < 25_000_000


def test_memory_stays_flat_over_a_long_export(tmp_path: Path) -> None:
    """Thirty megabytes of items: one is held at a time."""
    path = tmp_path / "export.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(300):
            file.write(item(number, "<p>Sample text</p>" * 5_500))
        file.write(TAIL)
    assert path.stat().st_size > 29_000_000
    tracemalloc.start()
    count = sum(isinstance(found, StoredArticle) for found in Wxr("sample", path).read(Known()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 4_000_000


@settings(max_examples=10, deadline=None)
@given(stop=st.integers(0, 520))
def test_a_scan_that_is_killed_anywhere_goes_on_where_it_was(
    tmp_path_factory: pytest.TempPathFactory, stop: int
) -> None:
    """Each post is handed over once."""
    folder = tmp_path_factory.getbasetemp() / "killed-wxr"
    if not folder.exists():
        folder.mkdir()
        kinds = ("post", "revision", "page")
        text = HEAD + "".join(item(number, kind=kinds[number % 3]) for number in range(700)) + TAIL
        (folder / "a.xml").write_text(text, encoding="utf-8")
        (folder / "b.xml").write_text(HEAD + item(1) + item(2) + TAIL, encoding="utf-8")
    assert_resumes(Wxr("sample", folder), [stop])


def test_an_unchanged_export_is_not_read_again(tmp_path: Path) -> None:
    """One finding for all that stands in it."""
    wxr = source(tmp_path, HEAD + item(1) + TAIL)
    assert read(wxr, remembered(read(wxr))) == [Unchanged("export.xml", below=True)]


def test_of_a_new_export_only_what_says_something_new_is_handed_over(tmp_path: Path) -> None:
    """The rest is met and costs no more than its bytes; what is no longer in it has vanished."""
    known = remembered(read(source(tmp_path, HEAD + "".join(map(item, range(5))) + TAIL)))
    new = item(0) + item(1, "<p>Other</p>") + item(2, title="Other") + item(4) + item(9)
    findings = read(source(tmp_path, HEAD + new + TAIL), known)
    assert places(findings) == [f"export.xml/post-{number}" for number in (1, 2, 9)]
    assert vanished(known, findings) == {"export.xml/post-3"}


def test_what_has_vanished_is_told_by_the_next_scan_if_this_one_is_killed(tmp_path: Path) -> None:
    """After the export was read to its end, before all sources were."""
    known = remembered(read(source(tmp_path, HEAD + "".join(map(item, range(5))) + TAIL)))
    export = source(tmp_path, HEAD + item(0) + item(2) + TAIL)
    stopped = read(export, known)
    known = Known(known.stamps, remembered(stopped, known).reached)
    findings = read(export, known)
    gone = {f"export.xml/post-{number}" for number in (1, 3, 4)}
    assert (places(findings), vanished(known, findings)) == ([], gone)
    known = remembered(findings, known)
    assert read(export, known) == [Unchanged("export.xml", below=True)]


def test_of_two_items_with_one_number_the_last_counts(tmp_path: Path) -> None:
    """At every change of the file."""
    known = Known()
    for more in ("", item(2)):
        findings = read(source(tmp_path, HEAD + item(1, "<p>One</p>") + item(1, "<p>Two</p>") + more + TAIL), known)
        assert articles(findings)[1].payload == b"<p>Two</p>"
        known = remembered(findings, known)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<html><body><p>Sample</p></body></html>", "html"),
        ('<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>' + "ITEM" * 3 + TAIL, "rss"),
        ("<rss><channel/></rss>", "rss"),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>',
            "feed xmlns=http://www.w3.org/2005/Atom",
        ),
    ],
    ids=["page", "rss", "empty", "atom"],
)
def test_xml_that_is_no_export_is_unread(tmp_path: Path, text: str, root: str) -> None:
    """A page that asks for a login, a feed of the same site: nothing of the export has vanished."""
    known = remembered(read(source(tmp_path, HEAD + item(1) + item(2) + TAIL)))
    text = text.replace("ITEM", "<item><content:encoded>&lt;p&gt;Other&lt;/p&gt;</content:encoded></item>")
    findings = read(source(tmp_path, text), known)
    message = f"XML, but no WordPress export: its root is <{root}>"
    if root != "html":
        message += '; a feed is read as a source of kind "feed"'
    assert findings == [Unread("export.xml", "unparsed", message)]
    assert not vanished(known, findings)


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        HEAD.replace("export/1.2/", "export/1.0/"),
        HEAD.replace("http://wordpress.org", "https://wordpress.org"),
        HEAD.replace("<rss", "<RSS", 1),
        HEAD.replace("http://wordpress.org/export/1.2/", "urn:other:").replace("<title>", "<wp:wxr_version/><title>"),
    ],
    ids=["usual", "old", "https", "capitals", "version"],
)
def test_every_export_of_wordpress_is_one(tmp_path: Path, head: str) -> None:
    """By its namespace, whatever its version, or by the version that it states; also one without a post."""
    tail = "</channel></RSS>" if "<RSS" in head else TAIL
    assert len(articles(read(source(tmp_path, head + item(1) + tail)))) == 1
    assert not refusals(read(source(tmp_path, head + tail)))
