"""Pages that a browser saved with their frames in a folder beside them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.articles.beside import frames_beside, with_addresses
from archiver.articles.directory import Directory, read_file
from archiver.articles.source import Known
from archiver.model.article import StoredArticle
from archiver.scan.look import look_through
from tests.articles.reading import articles, read

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NOTE = "<!-- saved from url=(0046)https://news.example/2021/08/20/sample.html -->"
POST = "https://www.instagram.com/p/CSampleCode/embed/captioned/?cr=1&v=13"
FRAME = f"<!DOCTYPE html>\n<!-- saved from url=(0066){POST} -->\n<html><body>Sample caption</body></html>"


def save(place: Path, folder: str, written: str, *, note: str = NOTE, frame: str = FRAME) -> Path:
    """A page with one frame, saved as a browser does; its path."""
    page = place / "Sample page.html"
    page.write_text(
        f"<!DOCTYPE html>\n{note}<html><body><p>Prose.</p>"
        f'<iframe class="instagram-media" src="./{written}/saved_resource(1).html"></iframe></body></html>'
    )
    (place / folder).mkdir(exist_ok=True)
    (place / folder / "saved_resource(1).html").write_text(frame)
    return page


def permalinks(stored: object) -> list[str]:
    assert isinstance(stored, StoredArticle), stored
    return [str(known and known.permalink) for _, known in look_through(stored, NOW).found]


@pytest.mark.parametrize(
    ("folder", "written", "note"),
    [
        ("Sample page_files", "Sample%20page_files", NOTE),
        ("Sample page_files", "Sample page_files", ""),
        ("Sample page-Dateien", "Sample%20page-Dateien", NOTE),
        ("Sample page_fichiers", "Sample%20page_fichiers", ""),
        ("صفحه_files", "%D8%B5%D9%81%D8%AD%D9%87_files", NOTE),
    ],
    ids=["chromium", "no note", "german", "french, no note", "persian"],
)
def test_a_post_whose_address_only_its_frames_file_has_is_found(
    tmp_path: Path, folder: str, written: str, note: str
) -> None:
    """In a source and by its path; the article's digest is that of the file as it is."""
    page = save(tmp_path, folder, written, note=note)
    in_source = next(each for each in articles(read(Directory("sample", tmp_path))) if each.location == page.name)
    for stored in (in_source, read_file(page)):
        assert permalinks(stored) == ["https://www.instagram.com/p/CSampleCode/"]
        assert isinstance(stored, StoredArticle)
        assert look_through(stored, NOW).article.digest == f"sha256:{sha256(page.read_bytes()).hexdigest()}"


def test_a_frame_without_a_note_is_known_by_what_it_calls_its_own_address(tmp_path: Path) -> None:
    """Not every browser notes where it saved from."""
    frame = '<html><head><link rel="canonical" href="https://www.instagram.com/p/CSampleCode/"></head></html>'
    assert permalinks(read_file(save(tmp_path, "Sample page_files", "Sample%20page_files", note="", frame=frame))) == [
        "https://www.instagram.com/p/CSampleCode/"
    ]


@pytest.mark.parametrize(
    "written", ["..", "../Sample page_files", "/etc", "%2e%2e", "a%2fb", "%00", "none_files", "link"]
)
def test_no_file_but_one_in_a_folder_beside_the_page_is_read(tmp_path: Path, written: str) -> None:
    """A saved page may have been made by anybody: nothing above, elsewhere or behind a link."""
    inner = tmp_path / "inner"
    inner.mkdir()
    page = save(inner, "Sample page_files", written)
    (tmp_path / "saved_resource(1).html").write_text(FRAME)
    (inner / "link").symlink_to(inner / "Sample page_files")
    stored = read_file(page)
    assert isinstance(stored, StoredArticle)
    assert stored.frames == ()


def test_a_link_or_a_pipe_in_the_folder_is_not_read(tmp_path: Path) -> None:
    """And none is waited for; that a post stood there is told all the same."""
    page = save(tmp_path, "Sample page_files", "Sample%20page_files")
    frame = tmp_path / "Sample page_files" / "saved_resource(1).html"
    frame.rename(tmp_path / "other.html")
    frame.symlink_to(tmp_path / "other.html")
    assert permalinks(read_file(page)) == ["None"]
    frame.unlink()
    os.mkfifo(frame)
    assert permalinks(read_file(page)) == ["None"]


@given(st.text(st.sampled_from("<iframe src=\"'./a_files/b.html> \n%2e"), max_size=200), st.text(max_size=20))
def test_a_page_without_such_frames_stays_as_it_is(page: str, address: str) -> None:
    """Whatever stands in it, and byte for byte."""
    payload = page.encode()
    assert frames_beside(NOTE.encode() + payload, None, b"/nowhere/page.html", saved=False) == ()
    assert with_addresses(payload, ()) == payload
    assert with_addresses(payload, ((b"./other_files/b.html", address),)) == payload


def test_a_folder_of_frames_that_comes_after_its_page_is_seen(tmp_path: Path) -> None:
    """A scan may meet the page while it is being saved or copied; the folder may keep a time before the page's. One
    that a frame comes to is seen, too; what did not change is not read again."""
    page = save(tmp_path, "Sample page_files", "Sample%20page_files")
    folder = tmp_path / "Sample page_files"
    os.utime(folder, (1, 1))
    away = folder.rename(tmp_path / "elsewhere")

    def scanned(known: Known) -> tuple[list[str], Known]:
        met = list(Directory("sample", tmp_path).read(known))
        stored = [each for each in met if isinstance(each, StoredArticle) and each.location == page.name]
        return [post for each in stored for post in permalinks(each)], Known(
            {each.location: each.stamp for each in stored} or known.stamps
        )

    posts, known = scanned(Known())
    assert posts == ["None"]
    away.rename(folder)
    posts, known = scanned(known)
    assert posts == ["https://www.instagram.com/p/CSampleCode/"]
    assert scanned(known)[0] == []
    (folder / "another.html").write_text(FRAME)
    assert scanned(known)[0] == posts
