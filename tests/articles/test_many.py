"""Files that hold many articles, named on a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.articles.directory import read_paths
from archiver.model.article import StoredArticle, Unread
from tests.articles.test_warc import record

WXR = (
    '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><wp:post_id>7</wp:post_id>'
    "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status><content:encoded>Sample text</content:encoded>"
    "<wp:postmeta><wp:meta_key>_oembed_0a</wp:meta_key><wp:meta_value>"
    "&lt;blockquote class='twitter-tweet'&gt;Sample meta&lt;/blockquote&gt;</wp:meta_value></wp:postmeta>"
    "</item></channel></rss>"
)
RSS = "<rss><channel><item><guid>one</guid><description>Sample text</description></item></channel></rss>"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>one</id><content type="html">Sample text</content></entry>'
    "</feed>"
)


@pytest.mark.parametrize(
    ("name", "payload", "places"),
    [
        ("crawl.warc", record(0) + record(1), ["0", str(len(record(0)))]),
        ("export.XML", WXR.encode(), ["post-7"]),
        ("feed.xml", RSS.encode(), ["one"]),
        ("news.atom", ATOM.encode(), ["one"]),
    ],
)
def test_a_file_of_many_articles_is_read_as_a_source_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, payload: bytes, places: list[str]
) -> None:
    """By its whole path, or from its own folder; where each stands begins with the path as it was given."""
    (tmp_path / name).write_bytes(payload)
    monkeypatch.chdir(tmp_path)
    for given in (str(tmp_path / name), name, f"./{name}"):
        found = list(read_paths([given]))
        assert all(isinstance(each, StoredArticle) for each in found)
        assert [each.location for each in found if isinstance(each, StoredArticle)] == [
            f"{given}/{place}" for place in places
        ]


def test_the_post_meta_of_an_export_counts(tmp_path: Path) -> None:
    """There WordPress keeps what it shows."""
    (tmp_path / "export.xml").write_text(WXR)
    (found,) = read_paths([tmp_path / "export.xml"])
    assert isinstance(found, StoredArticle)
    assert b"Sample meta" in found.payload


def test_a_page_that_is_called_xml_is_a_page(tmp_path: Path) -> None:
    """Its name alone says nothing."""
    (tmp_path / "page.xml").write_text("<html><body>Sample text</body></html>")
    (found,) = read_paths([str(tmp_path / "page.xml")])
    assert isinstance(found, StoredArticle)
    assert found.location == str(tmp_path / "page.xml")


@pytest.mark.parametrize("name", ["none.warc.gz", "none.xml", "a\0b.warc", "folder.warc"])
def test_what_cannot_be_read_is_told_by_its_path(tmp_path: Path, name: str) -> None:
    """One line, whatever it is; a folder is one, however it is called."""
    (tmp_path / "folder.warc").mkdir()
    (tmp_path / "folder.warc" / "broken.warc").write_text("Sample")
    found = list(read_paths([str(tmp_path / name)]))
    told = [each for each in found if isinstance(each, Unread)]
    assert len(told) == (name != "folder.warc")
    assert all(each.location.startswith(str(tmp_path)) and not each.harmless for each in told)
