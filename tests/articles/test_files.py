"""Containers that are files: what their folder says of them, whatever their kind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.articles.feed import Feed
from archiver.articles.jsonl import JsonLines
from archiver.articles.source import Source
from archiver.articles.warc import Warc
from archiver.articles.wxr import Wxr
from archiver.model.article import PassedOver, Unread
from tests.articles.reading import places, read, remembered, vanished
from tests.articles.test_warc import record

Kind = Callable[[str, Path], Source]

EXPORT = (
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><item><wp:post_id>1</wp:post_id><content:encoded>Sample</content:encoded></item></channel></rss>"
)
FEED = "<rss><channel><item><guid>1</guid><description>Sample</description></item></channel></rss>"
LINE = '{"key": "1", "text": "Sample"}\n'

kinds = pytest.mark.parametrize(
    ("kind", "name", "payload"),
    [
        (JsonLines, "a.jsonl", LINE.encode()),
        (Warc, "a.warc", record(1, b"<p>Sample</p>")),
        (Wxr, "a.xml", EXPORT.encode()),
        (Feed, "a.xml", FEED.encode()),
    ],
    ids=["jsonl", "warc", "wxr", "feed"],
)


@kinds
def test_a_folder_that_is_empty_where_articles_were_is_not_mounted(
    tmp_path: Path, kind: Kind, name: str, payload: bytes
) -> None:
    """As with a folder of articles: nothing has vanished, and what was read is known when it is back."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    assert read(kind("sample", folder)) == []
    (folder / name).write_bytes(payload)
    known = remembered(read(kind("sample", folder)))
    assert len(known.stamps) == 1
    folder.rename(tmp_path / "away")
    folder.mkdir()
    findings = read(kind("sample", folder), known)
    assert findings == [Unread("", "missing", "empty, where 1 articles were: not mounted?")]
    assert not vanished(known, findings)
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    assert not places(read(kind("sample", folder), remembered(findings, known)))


@kinds
def test_of_a_folder_from_which_one_file_is_gone_that_has_vanished(
    tmp_path: Path, kind: Kind, name: str, payload: bytes
) -> None:
    """Also if only something of another name is left."""
    (tmp_path / name).write_bytes(payload)
    known = remembered(read(kind("sample", tmp_path)))
    (tmp_path / name).rename(tmp_path / "b.txt")
    assert vanished(known, read(kind("sample", tmp_path), known)) == {*known.stamps}


@kinds
@pytest.mark.parametrize("below", [True, False], ids=["in-a-folder", "named"])
def test_a_file_that_is_empty_where_articles_were_is_unread(
    tmp_path: Path, kind: Kind, name: str, payload: bytes, below: bool
) -> None:
    """A disk that was full, a copy that broke off: nothing has vanished, and what comes after it is read."""
    source = kind("sample", tmp_path if below else tmp_path / name)
    (tmp_path / name).write_bytes(payload)
    known = remembered(read(source))
    (tmp_path / name).write_bytes(b"")
    findings = read(source, known)
    assert findings == [Unread(name, "missing", "empty, where 1 articles were")]
    assert not vanished(known, findings)
    known = remembered(findings, known)
    (tmp_path / name).write_bytes(payload.replace(b"Sample", b"Simple"))
    os.utime(tmp_path / name, ns=(1, 1))
    assert len(places(read(source, known))) == 1


def test_a_file_that_was_empty_before_may_be_so(tmp_path: Path) -> None:
    """A crawler makes its file before it writes the first line; a name that begins as another is another."""
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "a.jsonl.jsonl").write_text(LINE)
    first = read(JsonLines("sample", tmp_path))
    for findings in (first, read(JsonLines("sample", tmp_path), remembered(first))):
        assert not [found for found in findings if isinstance(found, Unread)]


@pytest.mark.parametrize(
    ("kind", "names", "counts"),
    [
        (
            Warc,
            ("old.arc.gz", "w.warc.gz.open", "w.warc.bz2", "page.html", "index.cdx"),
            {".arc.gz": 1, ".open": 1, ".warc.bz2": 1, ".html": 1, ".cdx": 1},
        ),
        (Wxr, ("export.xml.gz", "export.zip"), {".xml.gz": 1, ".zip": 1}),
        (Feed, ("feed.xml.gz", "below/feed.json", "B.JSON"), {".xml.gz": 1, ".json": 2}),
        (JsonLines, ("dump.json", "dump.jsonl.zst", "dump"), {".json": 1, ".jsonl.zst": 1, "no ending": 1}),
        (JsonLines, (".a.jsonl", ".DS_Store", ".drafts/a.jsonl"), {"hidden": 2, "hidden (a folder)": 1}),
    ],
    ids=["warc", "wxr", "feed", "jsonl", "hidden"],
)
def test_files_of_other_names_are_counted_by_their_endings(
    tmp_path: Path, kind: Kind, names: tuple[str, ...], counts: dict[str, int]
) -> None:
    """So that none is missed in silence."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"Sample")
    assert read(kind("sample", tmp_path)) == [PassedOver(counts)]


def test_a_folder_of_nothing_else_counts_nothing(tmp_path: Path) -> None:
    """Nor does a file that was named, whatever it is called."""
    (tmp_path / "a.jsonl").write_text(LINE)
    (tmp_path / "a.json").write_text(LINE)
    assert [found for found in read(JsonLines("sample", tmp_path)) if isinstance(found, PassedOver)] == [
        PassedOver({".json": 1})
    ]
    findings = read(JsonLines("sample", tmp_path / "a.json"))
    assert places(findings) == ["a.json/1"]
    assert not [found for found in findings if isinstance(found, PassedOver)]


def test_files_that_are_sought_through_for_an_original_are_counted_once(tmp_path: Path) -> None:
    """A revisit of what was not met yet goes through all files of the source."""
    more = "WARC-Refers-To-Target-URI: https://news.example/9\r\nWARC-Refers-To-Date: 2021-01-02T03:04:05Z\r\n"
    (tmp_path / "a.warc").write_bytes(record(1, b"", kind="revisit", more=more))
    (tmp_path / "b.warc").write_bytes(record(9))
    (tmp_path / "c.arc").touch()
    findings = read(Warc("sample", tmp_path))
    assert places(findings) == ["a.warc/0", "b.warc/0"]
    assert findings[-1] == PassedOver({".arc": 1})
    assert sum(isinstance(found, PassedOver) for found in findings) == 1
