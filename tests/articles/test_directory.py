"""The source of kind "directory", against real files, links, pipes and sockets."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import socket
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from archiver import digest
from archiver.articles.compose import compose
from archiver.articles.directory import Directory, read_file, read_paths, read_stream
from archiver.articles.jsonl import Fields
from archiver.articles.source import Known
from archiver.model.article import Article, Finding, PassedOver, Stamp, StoredArticle, Unchanged, Unread
from tests.articles.reading import places, read, refusals, remembered, vanished

NOBODY = 65534


def scan(folder: Path, known: Mapping[str, Stamp] | None = None, **limits: int) -> list[Finding]:
    findings = Directory("sample", folder, **limits).read(Known(known or {}))  # type: ignore[arg-type]
    return [found for found in findings if not isinstance(found, PassedOver)]


def articles(findings: list[Finding]) -> dict[str, Article]:
    return {found.location: compose(found) for found in findings if isinstance(found, StoredArticle)}


def stamps(findings: list[Finding]) -> dict[str, Stamp]:
    return {location: article.stamp for location, article in articles(findings).items()}


def skipped(findings: list[Finding]) -> dict[str, tuple[str, bool]]:
    return {found.location: (found.reason, found.harmless) for found in findings if isinstance(found, Unread)}


def test_articles_are_read_in_a_stable_order_whatever_the_case_of_their_names(tmp_path: Path) -> None:
    """Five kinds of names at any depth, sorted by bytes; everything else is passed over."""
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.html", "A.HTM", "b/x.xhtml", "b/c/y.Txt", "é.md", "picture.jpg", "z.html.bak", "note.meta.json"):
        (tmp_path / name).write_text("Sample text one", encoding="utf-8")
    findings = scan(tmp_path)
    assert list(articles(findings)) == ["A.HTM", "b/c/y.Txt", "b/x.xhtml", "z.html", "é.md"]
    assert [article.markup for article in articles(findings).values()] == ["html", "text", "html", "html", "markdown"]
    assert {article.source for article in articles(findings).values()} == {"sample"}


def test_hidden_files_and_folders_are_no_articles(tmp_path: Path) -> None:
    """A name that begins with a dot is counted, and such a folder is one, whatever it holds."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.html").write_text("Sample text")
    (tmp_path / ".git" / "below").mkdir()
    (tmp_path / ".a.html").write_text("Sample text")
    (tmp_path / ".a.html.meta.json").write_text("{}")
    assert scan(tmp_path) == []
    assert list(Directory("sample", tmp_path).read(Known())) == [PassedOver({"hidden (a folder)": 1, "hidden": 2})]


def test_an_article_has_its_bytes_their_digest_and_the_files_stamp(tmp_path: Path) -> None:
    """The payload is what stands in the file, to the byte."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfSample\r\ntext\0")
    article = articles(scan(tmp_path))["a.txt"]
    status = path.stat()
    assert article.payload == b"\xef\xbb\xbfSample\r\ntext\0"
    assert article.text == "Sample\r\ntext\0"
    assert article.digest == digest.of_bytes(article.payload)
    assert article.stamp == Stamp(status.st_size, status.st_mtime_ns, status.st_ino)
    assert article.doubts == ()


def test_an_empty_file_is_an_article_without_words(tmp_path: Path) -> None:
    """Zero bytes are an article, and a person is told: it may have been emptied."""
    for name in ("a.html", "b.txt", "c.md"):
        (tmp_path / name).touch()
    found = articles(scan(tmp_path))
    assert [(article.payload, article.title, article.doubts) for article in found.values()] == [
        (b"", None, ("empty",))
    ] * 3


def test_words_changed_under_an_old_time_are_seen(tmp_path: Path) -> None:
    """As many bytes, and the time put back: what the system notes of the change cannot be."""
    path = tmp_path / "a.html"
    path.write_text("Sample text one")
    first = scan(tmp_path)
    assert scan(tmp_path, stamps(first)) == [Unchanged("a.html")]
    status = path.stat()
    path.write_text("Sample text two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert articles(scan(tmp_path, stamps(first)))["a.html"].payload == b"Sample text two"


def test_an_unchanged_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder tells its stamp; what is changed, new or in doubt is opened."""
    (tmp_path / "in").mkdir()
    for name in ("a.html", "b.html", "in/c.html"):
        (tmp_path / name).write_text("Sample text")
    (tmp_path / "b.html.meta.json").write_text("{}")
    known = stamps(scan(tmp_path))
    (tmp_path / "d.html").write_text("Sample text")
    opened = []
    true_open = os.open

    def noting(path: bytes | str, *args: int, **kwargs: int) -> int:
        opened.append(os.path.basename(os.fsdecode(path)))
        return true_open(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", noting)
    findings = scan(tmp_path, known)
    assert [type(found) for found in findings] == [Unchanged, Unchanged, StoredArticle, Unchanged]
    assert opened == [tmp_path.name, "d.html", "in"]


def test_an_unchanged_file_beyond_a_cap_that_was_lowered_is_reported(tmp_path: Path) -> None:
    """It was read once; now the cap says no."""
    (tmp_path / "a.html").write_text("Sample text")
    assert skipped(scan(tmp_path, stamps(scan(tmp_path)), size_cap=5)) == {"a.html": ("too_large", False)}


def test_a_source_hands_over_bytes_that_nobody_has_looked_into(tmp_path: Path) -> None:
    """What the name and the sidecar tell is all that is known of them."""
    (tmp_path / "a.md").write_text("# Heading")
    (tmp_path / "b.html").write_bytes(b"<meta charset=windows-1251><title>\xef\xf0</title>")
    (tmp_path / "b.html.meta.json").write_text('{"title": "Sidecar title"}')
    bare, told = scan(tmp_path)
    assert isinstance(bare, StoredArticle)
    assert isinstance(told, StoredArticle)
    assert (bare.source, bare.markup, bare.charset, bare.title, bare.doubts) == ("sample", "markdown", None, None, ())
    assert (told.markup, told.title, told.payload[-10:]) == ("html", "Sidecar title", b"\xef\xf0</title>")


@pytest.mark.parametrize("change", ["size", "mtime", "inode"])
def test_a_changed_file_is_read_again(tmp_path: Path, change: str) -> None:
    """Length, time or number of the file: any of them is enough."""
    path = tmp_path / "a.html"
    path.write_text("Sample text one")
    known = stamps(scan(tmp_path))
    before = path.stat().st_mtime_ns
    if change == "inode":
        other = tmp_path / "other"
        other.write_text("Sample text two")
        other.rename(path)
    else:
        path.write_text("Sample text" if change == "size" else "Sample text two")
    os.utime(path, ns=(before, before + (change == "mtime")))
    assert articles(scan(tmp_path, known))["a.html"].payload != b"Sample text one"


def test_a_sidecar_that_comes_changes_or_goes_makes_the_article_changed(tmp_path: Path) -> None:
    """The stamp counts the sidecar, and what the sidecar says wins over the page."""
    page, sidecar = tmp_path / "a.html", tmp_path / "a.html.meta.json"
    page.write_text("<title>Page title</title><link rel=canonical href='https://page.example/'>")
    bare = scan(tmp_path)
    sidecar.write_text('{"title": "Sidecar title", "url": "https://side.example/1", "published_at": "2021-08-20"}')
    told = scan(tmp_path, stamps(bare))
    article = articles(told)["a.html"]
    assert (article.title, article.address) == ("Sidecar title", "https://side.example/1")
    assert article.published_at == datetime(2021, 8, 20, tzinfo=UTC)
    assert scan(tmp_path, stamps(told)) == [Unchanged("a.html")]
    sidecar.write_text('{"title": "Another title"}')
    changed = scan(tmp_path, stamps(told))
    assert articles(changed)["a.html"].title == "Another title"
    assert articles(changed)["a.html"].address == "https://page.example/"
    sidecar.unlink()
    assert articles(scan(tmp_path, stamps(changed)))["a.html"].title == "Page title"


@pytest.mark.parametrize("kind", ["not json", "no table", "bad field", "link", "pipe", "folder", "too large", "deep"])
def test_an_unreadable_sidecar_is_a_doubt_and_no_error(tmp_path: Path, kind: str) -> None:
    """The article is read all the same, and never hangs on what calls itself a sidecar."""
    (tmp_path / "a.txt").write_text("Sample title")
    sidecar = tmp_path / "a.txt.meta.json"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('{"title": "Secret"}')
    make: dict[str, Callable[[], object]] = {
        "not json": lambda: sidecar.write_bytes(b"{\xff"),
        "no table": lambda: sidecar.write_text('["title"]'),
        "bad field": lambda: sidecar.write_text('{"url": "javascript:alert(1)", "published_at": 3}'),
        "link": lambda: sidecar.symlink_to(elsewhere),
        "pipe": lambda: os.mkfifo(sidecar),
        "folder": sidecar.mkdir,
        "too large": lambda: sidecar.write_text(json.dumps({"title": "a" * 2_000_000})),
        "deep": lambda: sidecar.write_text("[" * 100_000),
    }
    make[kind]()
    article = articles(scan(tmp_path))["a.txt"]
    assert article.doubts == ("sidecar_unreadable",)
    assert (article.title, article.address, article.published_at) == ("Sample title", None, None)


def test_links_pipes_and_sockets_are_listed_and_skipped_without_waiting(tmp_path: Path) -> None:
    """No link is followed, in or out or in a circle, and nobody has to write into a pipe for the scan to end."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_text("Sample secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").symlink_to(outside / "secret.html")
    (folder / "b").symlink_to(outside)
    (folder / "c.html").symlink_to(folder / "c.html")
    (folder / "d").symlink_to(folder)
    (folder / "e.html").symlink_to("/dev/zero")
    os.mkfifo(folder / "f.html")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(folder / "g.html"))
        (folder / "h.html").write_text("Sample text")
        findings = scan(folder)
    link, other = ("symlink", True), ("not_regular", True)
    expected = {"a.html": link, "b": link, "c.html": link, "d": link, "e.html": link, "f.html": other, "g.html": other}
    assert skipped(findings) == expected
    assert list(articles(findings)) == ["h.html"]


def test_a_file_replaced_by_a_link_between_listing_and_opening_is_skipped(tmp_path: Path) -> None:
    """The door is O_NOFOLLOW, not the look before it; what vanished or became a pipe meanwhile is skipped too."""
    secret = tmp_path / "secret"
    secret.write_text("Sample secret")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.html", "b.html", "c.html", "d.html"):
        (folder / name).write_text("Sample text")
    (folder / "e").mkdir()
    reading = Directory("sample", folder).read(Known())
    assert isinstance(next(reading), StoredArticle)
    for name in ("b.html", "c.html", "d.html"):
        (folder / name).unlink()
    (folder / "e").rmdir()
    (folder / "b.html").symlink_to(secret)
    os.mkfifo(folder / "c.html")
    assert skipped(list(reading)) == {
        "b.html": ("symlink", True),
        "c.html": ("not_regular", True),
        "d.html": ("missing", True),
        "e": ("missing", True),
    }


def test_a_file_beyond_the_cap_is_reported_with_its_size_and_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte costs nothing."""
    (tmp_path / "a.html").touch()
    os.truncate(tmp_path / "a.html", 10**12)
    (tmp_path / "b.html").write_bytes(b"12345")
    (tmp_path / "c.html").write_bytes(b"1234")
    findings = scan(tmp_path, size_cap=4)
    assert skipped(findings) == {"a.html": ("too_large", False), "b.html": ("too_large", False)}
    assert isinstance(findings[0], Unread)
    assert findings[0].message == "1000000000000 bytes, the cap is 4"
    assert list(articles(findings)) == ["c.html"]


def test_a_growing_file_is_read_to_the_cap_and_its_digest_is_of_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes faster than we read cannot keep us, and the stamp makes the next scan look again."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 10)
    read = os.read

    def read_while_it_grows(file: int, length: int) -> bytes:
        with path.open("ab") as growing:
            growing.write(b"b" * 10)
        return read(file, min(length, 7))

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", read_while_it_grows)
        findings = scan(tmp_path, size_cap=50)
    article = articles(findings)["a.txt"]
    assert article.payload == b"a" * 10 + b"b" * 40
    assert article.digest == digest.of_bytes(article.payload)
    assert article.doubts == ("changed_while_read",)
    assert skipped(scan(tmp_path, stamps(findings), size_cap=50)) == {"a.txt": ("too_large", False)}
    assert isinstance(scan(tmp_path, stamps(findings))[0], StoredArticle)


def test_folders_are_entered_to_the_depth_and_no_further(tmp_path: Path) -> None:
    """What lies deeper is reported as one place, so that nothing below it counts as vanished."""
    deep = tmp_path.joinpath(*"abcdefghijklmnop")
    (deep / "q").mkdir(parents=True)
    (deep / "z.html").write_text("Sample text")
    (deep / "q" / "z.html").write_text("Sample text")
    findings = scan(tmp_path)
    assert list(articles(findings)) == ["a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/z.html"]
    assert skipped(findings) == {"a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q": ("too_deep", False)}


def test_a_missing_folder_is_unread_as_a_whole(tmp_path: Path) -> None:
    """Then nothing of the source has vanished; and a file is no folder."""
    assert skipped(scan(tmp_path / "none")) == {"": ("missing", False)}
    (tmp_path / "file").touch()
    assert skipped(scan(tmp_path / "file")) == {"": ("io", False)}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """An administrator named it; what lies below is another matter."""
    (tmp_path / "true").mkdir()
    (tmp_path / "true" / "a.html").write_text("Sample text")
    (tmp_path / "link").symlink_to("true")
    assert list(articles(scan(tmp_path / "link"))) == ["a.html"]


def without_privilege(folder: Path, answer: Connection) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.chdir("/")
    answer.send((skipped(scan(folder)), list(articles(scan(folder)))))


def test_what_may_not_be_read_is_reported_and_the_scan_goes_on(tmp_path: Path) -> None:
    """A file, a folder and a whole source without permission; read by an account without privileges."""
    (tmp_path / "a").mkdir()
    for name in ("a/x.html", "b.html", "c.html"):
        (tmp_path / name).write_text("Sample text")
    closed = [tmp_path / "a", tmp_path / "b.html"]
    for path in closed:
        path.chmod(0)
    tmp_path.chmod(0o755)
    for above in tmp_path.parents:
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o711)
    try:
        ours, theirs = multiprocessing.Pipe()
        reader = multiprocessing.get_context("fork").Process(target=without_privilege, args=(tmp_path, theirs))
        reader.start()
        assert ours.poll(30), "the reader without privileges did not answer"
        refused, read = ours.recv()
        reader.join(30)
    finally:
        for path in closed:
            path.chmod(0o700)
    assert refused == {"a": ("permission", False), "b.html": ("permission", False)}
    assert read == ["c.html"]


def test_strange_names_are_read_and_written_printably(tmp_path: Path) -> None:
    """Line breaks, ESC, bytes that are no UTF-8, a leading dash, 255 bytes, a marker that turns the direction."""
    names = [
        b"-rf.html",
        b"a\nb.html",
        b"\x1b[31m.html",
        b"\xff\xfe.html",
        b"\\xff\\xfe.html",
        b"c\\d.html",
        "\u202egnp.html".encode(),
        "نمونه\u200cمتن.html".encode(),
        b"e" * 250 + b".html",
    ]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(name)
    found = articles(scan(tmp_path))
    assert {article.payload for article in found.values()} == set(names)
    assert {r"a\x0ab.html", r"\x1b[31m.html", r"\xff\xfe.html", r"\\xff\\xfe.html", "نمونه\u200cمتن.html"} < set(found)
    assert r"\xe2\x80\xaegnp.html" in found


def test_a_scan_streams_and_closes_what_it_opened(tmp_path: Path) -> None:
    """A reader that stops half way leaves no folder open."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    for number in range(10):
        (deep / f"{number}.html").write_text("Sample text")
    before = len(os.listdir("/proc/self/fd"))
    reading = Directory("sample", tmp_path).read(Known())
    next(reading)
    assert len(os.listdir("/proc/self/fd")) == before + 3
    reading.close()  # type: ignore[attr-defined]
    assert len(os.listdir("/proc/self/fd")) == before
    list(Directory("sample", tmp_path).read(Known()))
    assert len(os.listdir("/proc/self/fd")) == before


def test_paths_of_a_command_line_are_printed_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of any name, folders walked as ever, each location beginning with the words of the command line."""
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "b" / "a.html").write_text("Sample text")
    (tmp_path / "in" / "a.doc").write_text("Sample text")
    (tmp_path / "back\\slash").write_text("Sample text")
    monkeypatch.chdir(tmp_path)
    given = ["in", "in/", "./in/../in", "in/a.doc", "back\\slash", os.fspath(tmp_path / "in"), "none", ""]
    every = list(read_paths(given))
    assert [each.endings for each in every if isinstance(each, PassedOver)] == [{".doc": 1}] * 4
    found = [each for each in every if not isinstance(each, PassedOver)]
    assert [finding.location for finding in found] == [
        "in/b/a.html",
        "in/b/a.html",
        "./in/../in/b/a.html",
        "in/a.doc",
        "back\\slash",
        f"{tmp_path}/in/b/a.html",
        "none",
        "",
    ]
    assert [isinstance(finding, StoredArticle) for finding in found] == [True] * 6 + [False] * 2
    assert skipped([*found]) == {"none": ("missing", False), "": ("missing", False)}


def test_a_path_that_a_person_names_is_followed_and_never_passed_over(tmp_path: Path) -> None:
    """A link named by hand is read; a pipe, a device or a circle is a failure, not a harmless skip."""
    (tmp_path / "a.html").write_text("<title>Sample title</title>")
    (tmp_path / "a.html.meta.json").write_text('{"url": "https://side.example/1"}')
    (tmp_path / "link").symlink_to("a.html")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    linked, direct = read_file(tmp_path / "link"), read_file(tmp_path / "a.html")
    assert isinstance(linked, StoredArticle)
    assert isinstance(direct, StoredArticle)
    assert (linked.markup, compose(linked).title, linked.address) == (None, "Sample title", None)
    assert compose(linked).markup == "html"
    assert direct.address == "https://side.example/1"
    refused = [*read_paths([tmp_path / "circle", tmp_path / "pipe", "/dev/zero", "a\0b", tmp_path / "a.html" / "b"])]
    assert [reason for reason, _ in skipped([*refused]).values()] == [
        "io",
        "not_regular",
        "not_regular",
        "missing",
        "io",
    ]
    assert not any(harmless for _, harmless in skipped([*refused]).values())
    assert skipped([read_file(tmp_path / "none"), read_file("a\0b")]) == {
        f"{tmp_path}/none": ("missing", False),
        "a\0b": ("missing", False),
    }


def test_gzip_under_a_plain_name_is_unpacked(tmp_path: Path) -> None:
    """Some stores keep pages as they serve them; what comes in through standard input has no name to go by."""
    page = b"<p>Sample</p>"
    (tmp_path / "a.html").write_bytes(gzip.compress(page, mtime=0))
    in_folder = next(iter(read_paths([tmp_path])))
    for finding in (read_file(tmp_path / "a.html"), in_folder):
        assert isinstance(finding, StoredArticle)
        assert finding.payload == page
    refused = read_stream(gzip.compress(page, mtime=0))
    assert isinstance(refused, Unread)
    assert refused.message.startswith("a gzip file: unpack it")


@pytest.mark.parametrize("kept", [0, 1])
def test_a_folder_emptied_of_all_is_taken_for_one_that_is_not_mounted(tmp_path: Path, kept: int) -> None:
    """Its articles do not count as vanished, as long as there is nothing at all in it."""
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text("<p>Sample</p>")
    source = Directory("sample", tmp_path)
    known = remembered(read(source))
    for name in ("a.html", "b.html")[: 2 - kept]:
        (tmp_path / name).unlink()
    assert refusals(read(source, known)) == ({} if kept else {"": "missing"})


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"WARC/1.1\r\nWARC-Type: response\r\n", 'a WARC file: configure it as a source of kind "warc"'),
        (b"PK\x03\x04\x14\0", "a zip file: unpack it"),
        (b"\x28\xb5\x2f\xfd\0", "a zstd file: unpack it"),
        (b"\x5d\x2a\x4d\x18\0", "a WARC file in zstd"),
        (b"%PDF-1.7\n", "a PDF file: save the page as HTML"),
        (b"{\\rtf1\\ansi", "a file in RTF: convert it to HTML"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"From desk@news.example Mon May  6 07:08:09 2024\nSubject: Sample\n\nWords", "a mailbox of many letters"),
        (b"SQLite format 3\0", 'a SQLite database: configure it as a source of kind "database"'),
    ],
)
def test_what_is_plainly_no_article_is_refused_with_what_to_do_instead(
    tmp_path: Path, payload: bytes, words: str
) -> None:
    """Named by hand or through standard input, whatever its name; below a folder a name is believed."""
    (tmp_path / "a.html").write_bytes(payload)
    for finding in (read_file(tmp_path / "a.html"), read_stream(payload)):
        assert isinstance(finding, Unread)
        assert (finding.reason, finding.harmless) == ("undecodable", False)
        assert finding.message.startswith(words)
    assert [type(finding) for finding in read_paths([tmp_path])] == [StoredArticle]


def test_a_byline_with_a_day_is_no_mailbox() -> None:
    """Only a mailbox says at what time."""
    finding = read_stream(b"From Sample Name in Berlin, Monday 6 May 2024\nBERLIN: Sample words")
    assert isinstance(finding, StoredArticle)


def test_a_path_that_is_not_utf8_is_printed_with_its_bytes(tmp_path: Path) -> None:
    """What came through the command line undecodable is shown, not lost and not a crash."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.html")
    Path(path).write_text("Sample text")
    (found,) = read_paths([path])
    assert isinstance(found, StoredArticle)
    assert found.location == f"{tmp_path}/\\xff.html"


@pytest.mark.parametrize(
    ("payload", "markup"),
    [
        (b"<blockquote class='x'>Sample</blockquote>", "html"),
        (b"Sample\n<!DOCTYPE html>", "html"),
        ("<P>Sample</P>".encode("utf-16"), "html"),
        (b"1 < 2, <3 and a <b", "text"),
        (b"", "text"),
        (b"\0\xff", "text"),
    ],
)
def test_standard_input_is_read_by_what_it_looks_like(payload: bytes, markup: str) -> None:
    """Without a name, an element of HTML makes it HTML; it is called "-"."""
    stored = read_stream(payload)
    assert isinstance(stored, StoredArticle)
    article = compose(stored)
    assert (article.location, article.markup, article.payload) == ("-", markup, payload)
    assert article.stamp == Stamp(len(payload), 0, 0)


def test_names_that_are_passed_over_are_counted_by_their_endings(tmp_path: Path) -> None:
    """So that nothing is missed in silence: not each file, only how many of which kind; sidecars are read."""
    for name in (
        "a.html",
        "a.html.meta.json",
        "b.JPG",
        "c.jpg",
        "d.tar.gz",
        "e.json",
        "story",
        "story.123",
        "f.jpg?w=9",
    ):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "program.php").write_text("<p>Sample</p><?php echo 1 ?>", encoding="utf-8")
    *_, told = Directory("sample", tmp_path).read(Known())
    counts = {".jpg": 3, ".tar.gz": 1, ".json": 1, "no ending": 2, ".php (a program)": 1}
    assert told == PassedOver(counts)


def test_no_folder_makes_more_counts_than_a_person_reads(tmp_path: Path) -> None:
    """A thousand different endings are "other endings" after the first hundred."""
    for number in range(300):
        (tmp_path / f"a.x{number}").write_text("")
    *_, told = Directory("sample", tmp_path).read(Known())
    assert isinstance(told, PassedOver)
    assert (len(told.endings), told.endings["other endings"]) == (101, 200)


def test_pages_that_a_server_wrote_are_read_under_its_programs_names(tmp_path: Path) -> None:
    """Also as mirroring programs name them; the programs themselves are no articles."""
    names = ("a.shtml", "b.php", "c.aspx", "d.jsp", "e.php?id=7", "index.html?p=3", "f.markdown", "g.mdx")
    for name in names:
        (tmp_path / name).write_text("<p>Sample text</p>", encoding="utf-8")
    for name, code in (("x.php", "<p><?= $a ?></p>"), ("y.aspx", "\n<%@ Page %>"), ("z.cfm", "<cfset a = 1>")):
        (tmp_path / name).write_text(code, encoding="utf-8")
    found = articles(scan(tmp_path))
    assert list(found) == sorted(names)
    assert {found.pop(name).markup for name in ("f.markdown", "g.mdx")} == {"markdown"}
    assert {article.markup for article in found.values()} == {"html"}


def test_a_compressed_page_is_unpacked_within_bounds(tmp_path: Path) -> None:
    """All its members; a bomb, a torn and a broken one are reported."""
    page = b"<p>Sample text</p>"
    raws = {
        "a.html.gz": gzip.compress(page) + gzip.compress(page),
        "b.html.gz": gzip.compress(b"<p>" * 5_000_000),
        "c.md.gz": gzip.compress(page)[:-5],
        "d.txt.gz": page,
    }
    for name, raw in raws.items():
        (tmp_path / name).write_bytes(raw)
    findings = scan(tmp_path)
    assert [
        (found.location, found.payload, found.markup) for found in findings if isinstance(found, StoredArticle)
    ] == [("a.html.gz", page * 2, "html")]
    assert {place: reason for place, (reason, _) in skipped(findings).items()} == dict.fromkeys(
        ("b.html.gz", "c.md.gz", "d.txt.gz"), "undecodable"
    )
    assert isinstance(read_file(tmp_path / "a.html.gz"), StoredArticle)


def test_json_lines_in_a_folder_are_articles_below_their_file(tmp_path: Path) -> None:
    """With the fields of the configuration; they are read on as any container is, beside the other files."""
    path = tmp_path / "dump.jsonl"
    path.write_text('{"body": "<p>One</p>", "key": "1"}\n', encoding="utf-8")
    (tmp_path / "a.html").write_text("<p>Sample text</p>", encoding="utf-8")
    folder = Directory("sample", tmp_path, fields=Fields(html="body"))
    known = remembered(folder.read(Known()))
    assert set(known.stamps) == {"a.html", "dump.jsonl/1"}
    with path.open("a", encoding="utf-8") as file:
        file.write('{"body": "<p>Two</p>", "key": "2"}\n')
    findings = read(folder, known)
    assert places(findings) == ["dump.jsonl/2"]
    assert not vanished(known, findings)
    known = remembered(findings, known)
    assert read(folder, known) == [Unchanged("a.html"), Unchanged("dump.jsonl", below=True)]
    path.unlink()
    assert vanished(known, read(folder, known)) == {"dump.jsonl/1", "dump.jsonl/2"}


def test_json_lines_named_on_a_command_line_are_read(tmp_path: Path) -> None:
    """Alone and in a folder, each under its name as given."""
    path = tmp_path / "dump.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"html": "<p>One</p>", "key": "1"}\nbad\n'))
    for given in (path, tmp_path):
        article, refusal = read_paths([given])
        assert isinstance(article, StoredArticle)
        assert isinstance(refusal, Unread)
        assert (article.location, refusal.location) == (f"{path}/1", f"{path}/@35")
    (refusal,) = read_paths([tmp_path / "none.jsonl"])
    assert isinstance(refusal, Unread)
    assert refusal.reason == "missing"
