"""Scanning a folder again and again: what is new, changed, unreadable, vanished; and what a killed scan leaves."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import BindParameter

from archiver.archive import Archive
from archiver.articles.directory import Directory
from archiver.articles.feed import Feed
from archiver.articles.source import Known, Source
from archiver.cli import summaries
from archiver.config import Config
from archiver.errors import BusyError
from archiver.model.article import Finding, Reached, Stamp, StoredArticle
from archiver.scan import sources as scanning
from archiver.scan.sources import ScanSummary
from tests.newsroom import START, Newsroom, born, day

POST, OTHER = born(10, 5), born(10, 6)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        opened.post(POST, "sample_wire")
        opened.post(OTHER, "sample_desk")
        yield opened


def articles(room: Newsroom) -> dict[str, int]:
    """Standing embeds by location, of articles that have not vanished."""
    return {each.location: each.embeds for each in room.archive.articles() if each.vanished_at is None}


def stored(room: Newsroom) -> tuple[int, ...]:
    """How many rows there are of what a scan writes."""
    return tuple(len(room.rows(name)) for name in ("article_versions", "embeds", "embed_closings", "posts"))


def told(summary: ScanSummary) -> tuple[int, int, int, int]:
    return summary.read, summary.unchanged, summary.vanished, summary.embeds


def test_an_unchanged_article_is_not_read_again(room: Newsroom) -> None:
    """Size, time and inode are those on file: nothing is read, nothing written."""
    room.article("a.html", room.quote(POST))
    room.article("b.html", room.quote(OTHER))
    assert told(room.archive.scan()) == (2, 0, 0, 2)
    before = stored(room)
    assert told(room.archive.scan()) == (0, 2, 0, 0)
    assert stored(room) == before


def test_a_changed_article_keeps_its_history(room: Newsroom) -> None:
    """What left it is closed, what stayed is the same embed, and the first version stays on file."""
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    room.article("a.html", room.quote(OTHER), room.quote(POST))
    assert told(room.archive.scan()) == (1, 0, 0, 2)
    room.article("a.html", room.quote(OTHER))
    assert told(room.archive.scan()) == (1, 0, 0, 1)
    assert stored(room) == (3, 2, 1, 2)
    _, (citation,), _ = room.archive.show(room.listed(POST).number)
    assert citation.closed_at == START


def test_a_vanished_article_closes_its_embeds_never_its_posts(room: Newsroom) -> None:
    """Row 67: the posts are as due as before; the article may come back."""
    path = room.article("a.html", room.quote(POST))
    room.article("other.html", "<p>Prose.</p>")
    room.archive.scan()
    before = room.listed(POST)
    path.unlink()
    assert room.archive.scan().vanished == 1
    assert articles(room) == {"other.html": 0}
    assert room.listed(POST) == before
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    assert articles(room) == {"a.html": 1, "other.html": 0}


def test_a_folder_that_is_not_there_closes_nothing(room: Newsroom) -> None:
    """A disk that is not mounted is no reason to think that thousands of articles are gone; the exit code says it."""
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    moved = room.articles.rename(room.folder / "elsewhere")
    summary = room.archive.scan()
    assert (summary.vanished, summary.failed, [each.location for each in summary.unread]) == (0, True, [""])
    assert articles(room) == {"a.html": 1}
    moved.rename(room.articles)
    assert told(room.archive.scan()) == (0, 1, 0, 0)


def test_an_article_that_cannot_be_read_keeps_its_embeds(room: Newsroom) -> None:
    """Rows 60 and 65: too long, by size; it is listed, the scan goes on, and nothing counts as vanished."""
    path = room.article("a.html", room.quote(POST))
    room.article("b.html", room.quote(OTHER))
    room.archive.scan()
    os.truncate(path, 60_000_000)
    summary = room.archive.scan()
    assert [(each.location, each.reason) for each in summary.unread] == [("a.html", "too_large")]
    assert "60000000 bytes" in summary.unread[0].message
    assert (summary.failed, summary.vanished, summary.unchanged) == (True, 0, 1)
    assert articles(room) == {"a.html": 1, "b.html": 1}
    (failure,) = room.rows("article_failures")
    assert (failure.location, failure.reason) == ("a.html", "too_large")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered_closes_nothing_below_it(room: Newsroom) -> None:
    """What lies below it has not vanished; what lies beside it has, if it is gone."""
    (room.articles / "closed").mkdir()
    room.article("closed/a.html", room.quote(POST))
    gone = room.article("b.html", room.quote(OTHER))
    room.archive.scan()
    gone.unlink()
    (room.articles / "closed").chmod(0)
    summary = room.archive.scan()
    (room.articles / "closed").chmod(0o700)
    assert (summary.vanished, summary.failed) == (1, True)
    assert articles(room) == {"closed/a.html": 1}


def test_what_lies_below_an_unread_place_has_not_vanished() -> None:
    """By path, not by the first letters: `a/b` lies below `a`, `ab` does not; below "" lies everything."""
    missing = dict.fromkeys(("a", "a/b", "a/b/c", "ab", "b"))
    assert list(scanning._vanished(missing, ["a", "x"])) == ["ab", "b"]
    assert list(scanning._vanished(missing, [""])) == []
    assert list(scanning._vanished(missing, [])) == list(missing)


def test_links_and_pipes_are_passed_over_and_no_failure(room: Newsroom) -> None:
    """Row 61: listed, nothing hangs, nothing is stored of them, and the scan did not fail."""
    outside = room.folder / "outside.html"
    outside.write_text(room.quote(POST), encoding="utf-8")
    (room.articles / "link.html").symlink_to(outside)
    os.mkfifo(room.articles / "pipe.html")
    room.article("a.html", room.quote(OTHER))
    summary = room.archive.scan()
    assert {(each.location, each.reason) for each in summary.unread} == {
        ("link.html", "symlink"),
        ("pipe.html", "not_regular"),
    }
    assert not summary.failed
    assert articles(room) == {"a.html": 1}
    assert room.rows("article_failures") == []


def test_strange_names_and_empty_files_are_articles_too(room: Newsroom) -> None:
    """Rows 59 and 62: nothing in a name stops a scan."""
    (room.articles / "empty.html").touch()
    for name in (b"new\nline.html", b"esc\x1b[31m.html", b"bad\xff.html", b"-rf.html", b"l" * 250 + b".html"):
        with open(os.path.join(os.fsencode(room.articles), name), "w", encoding="utf-8") as file:
            file.write(room.quote(POST))
    summary = room.archive.scan()
    assert (summary.read, summary.embeds, summary.failed) == (6, 5, False)
    assert articles(room)["empty.html"] == 0
    assert room.listed(POST).articles == 5
    assert told(room.archive.scan()) == (0, 6, 0, 0)


def test_an_embed_that_nobody_identifies_is_kept(room: Newsroom) -> None:
    """What its markup calls a post, under an address of no known shape, is kept; the next scan adds none."""
    markup = '<p>Before.</p><div class="fb-post" data-href="{}">Sample</div>'
    address = "https://www.facebook.com/sample.page/posts/no-id-at-all"
    (room.articles / "a.html").write_text(markup.format(address), encoding="utf-8")
    summary = room.archive.scan()
    assert (summary.embeds, summary.unidentified, summary.failed) == (1, 1, False)
    (article,) = room.archive.articles(suspicious=True)
    assert (article.embeds, article.unidentified) == (1, 1)
    (embed,) = room.rows("embeds")
    assert (embed.post, embed.platform) == (None, None)
    os.utime(room.articles / "a.html", ns=(1, 1))
    room.archive.scan()
    assert len(room.rows("embeds")) == 1


def test_a_doubtful_article_is_told_and_found_again(room: Newsroom) -> None:
    """A sidecar that cannot be read: the article is stored, the doubt is listed, nothing failed."""
    room.article("a.html", room.quote(POST))
    (room.articles / "a.html.meta.json").write_text("{not json", encoding="utf-8")
    summary = room.archive.scan()
    assert summary.doubtful == [("a.html", ("sidecar_unreadable",))]
    assert (summary.failed, summary.suspicious) == (False, 1)
    assert [each.doubts for each in room.archive.articles(suspicious=True)] == [("sidecar_unreadable",)]


def test_progress_is_told_for_each_article(room: Newsroom) -> None:
    """How many were met, and where the scan is."""
    for name in ("a.html", "b.html"):
        room.article(name, room.quote(POST))
    met: list[tuple[int, str]] = []
    room.archive.scan(lambda number, location: met.append((number, location)))
    assert met == [(1, "a.html"), (2, "b.html")]


def test_a_scan_that_is_stopped_loses_nothing_and_goes_on_the_next_time(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read is stored, what was not met has not vanished, and the next scan reads only the rest."""
    monkeypatch.setattr(scanning, "CHUNK_ARTICLES", 4)
    for number in range(10):
        room.article(f"{number}.html", room.quote(POST))

    def stop_at_seven(number: int, location: str) -> None:
        if number == 7:
            room.archive.stop.set()

    summary = room.archive.scan(stop_at_seven)
    assert (summary.interrupted, summary.read, summary.vanished) == (True, 7, 0)
    assert sorted(articles(room)) == [f"{number}.html" for number in range(7)]
    room.archive.stop.clear()
    assert told(room.archive.scan()) == (3, 7, 0, 3)
    assert len(articles(room)) == 10


def test_a_stopped_scan_calls_nothing_vanished(room: Newsroom) -> None:
    """Articles that it had not come to yet are not gone."""
    for name in ("a.html", "b.html", "c.html"):
        room.article(name, room.quote(POST))
    room.archive.scan()
    summary = room.archive.scan(lambda number, location: room.archive.stop.set())
    assert (summary.interrupted, summary.vanished, len(articles(room))) == (True, 0, 3)
    # Asked to stop before it began, it does not even look into the folder.
    assert told(room.archive.scan()) == (0, 0, 0, 0)


def test_a_scan_that_breaks_keeps_the_chunks_before(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two chunks: each is whole or not there, and the next scan reads the rest."""
    monkeypatch.setattr(scanning, "CHUNK_ARTICLES", 3)
    for number in range(8):
        room.article(f"{number}.html", room.quote(POST))

    def break_at_eight(number: int, location: str) -> None:
        if number == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.archive.scan(break_at_eight)
    assert len(articles(room)) == 6
    assert room.archive.refold() == []
    assert told(room.archive.scan()) == (2, 6, 0, 2)


def test_what_was_looked_through_is_written_after_a_second(room: Newsroom) -> None:
    """However few articles that were: a scan that is killed loses no more."""
    for number in range(6):
        room.article(f"{number}.html", room.quote(POST))

    def break_at_five(number: int, location: str) -> None:
        room.clock.sleep(0.4)
        if number == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.archive.scan(break_at_five)
    assert len(articles(room)) == 4
    assert told(room.archive.scan()) == (2, 4, 0, 2)


def lists_asked_for() -> list[object]:
    """What statements hold that ask for several rows at once, whoever made them."""
    return [each for each in gc.get_objects() if isinstance(each, BindParameter) and isinstance(each.value, list)]


def test_what_was_asked_for_is_forgotten_with_its_chunk(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan of any length holds the same: Python by itself would look for such cycles too rarely."""
    monkeypatch.setattr(scanning, "CHUNK_ARTICLES", 3)
    for number in range(60):
        room.article(f"{number}.html", room.quote(POST))
    gc.collect()
    before = len(lists_asked_for())
    gc.disable()
    try:
        assert told(room.archive.scan()) == (60, 0, 0, 60)
        asked = len(lists_asked_for()) - before
    finally:
        gc.enable()
    assert asked < 40, "one chunk leaves a dozen, and there were twenty chunks"


def test_what_a_folder_holds_beside_articles_is_counted(room: Newsroom) -> None:
    """By the ends of the names, in every scan; it is no failure."""
    room.article("a.html", room.quote(POST))
    for name in ("b.jpg", "c.jpg", "d.json"):
        (room.articles / name).touch()
    for _ in range(2):
        summary = room.archive.scan()
        assert (summary.passed_over, summary.failed) == ({".jpg": 2, ".json": 1}, False)


def test_of_a_new_export_only_what_changed_is_written(room: Newsroom) -> None:
    """WordPress writes it as a whole; what says the same leaves no row and no state behind."""

    def export(*posts: str) -> None:
        items = (
            f"<item><content:encoded><![CDATA[{post}]]></content:encoded><wp:post_id>{number}</wp:post_id></item>"
            for number, post in enumerate(posts)
        )
        spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
        text = f"<rss {spaces}><channel>{''.join(items)}</channel></rss>"
        (room.folder / "export.xml").write_text(text, encoding="utf-8")

    sources = {"site": {"kind": "wxr", "path": room.folder / "export.xml"}}
    config = Config.model_validate({"store": {"path": room.folder / "archive"}, "sources": sources})
    with Archive(config, clock=room.clock) as archive:
        export(room.quote(POST), room.quote(OTHER), "<p>Sample</p>")
        assert told(archive.scan()) == (3, 0, 0, 2)
        states = room.rows("article_states")
        export(room.quote(POST), room.quote(POST), "<p>Sample</p>")
        assert told(archive.scan()) == (1, 2, 0, 1)
        assert [before == after for before, after in zip(states, room.rows("article_states"), strict=True)] == [
            True,
            False,
            True,
        ]
        export(room.quote(POST))
        assert told(archive.scan()) == (0, 1, 2, 0)
        assert told(archive.scan()) == (0, 1, 0, 0)


def test_every_scan_is_a_run_with_its_figures(room: Newsroom) -> None:
    """What was counted stands on file beside when it began and ended."""
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    (run,) = (run for run in room.archive.status()[1] if run.kind == "scan")
    assert (run.kind, run.started_at, run.ended_at) == ("scan", START, START)
    assert run.summary == {"read": 1, "unchanged": 0, "vanished": 0, "embeds": 1, "unidentified": 0, "unread": 0}


def test_two_sources_keep_their_articles_apart(room: Newsroom) -> None:
    """The same location in two sources is two articles of one post; what one loses, the other keeps."""
    room.article("a.html", room.quote(POST))
    shutil.copytree(room.articles, room.folder / "second")
    folders = {"first": room.articles, "second": room.folder / "second"}
    config = Config.model_validate(
        {
            "store": {"path": room.folder / "archive"},
            "sources": {name: {"path": path} for name, path in folders.items()},
        }
    )
    with Archive(config, clock=room.clock) as archive:
        assert archive.scan().read == 2
        (post,) = archive.posts()
        assert post.articles == 2
        (room.folder / "second" / "a.html").rename(room.folder / "second" / "a.none")
        assert archive.scan().vanished == 1
        assert {(each.source, each.vanished_at is None) for each in archive.articles()} == {
            ("first", True),
            ("second", False),
        }


def test_a_scan_runs_beside_a_check(room: Newsroom) -> None:
    """The lock under which posts are looked at keeps out other looks, not scans."""
    room.article("a.html", room.quote(POST))
    with Archive.open(room.config, clock=room.clock) as other, other.lock("looks"):
        assert room.archive.scan().read == 1
        with pytest.raises(BusyError), room.archive.lock("looks"):
            pass


def test_a_scan_again_finds_what_an_older_program_did_not(room: Newsroom) -> None:
    """Nothing has changed in the article, as far as its stamp tells; what more is found in it is added, and what stays
    is left alone."""
    frame = '<iframe class="sample-box" src="./Sample page_files/frame.html"></iframe>'
    page = room.article("Sample page.html", room.quote(POST) + frame)
    kept = page.parent / "Sample page_files" / "frame.html"
    kept.parent.mkdir()
    kept.write_text("nothing is noted here")
    room.archive.scan()
    assert articles(room)[page.name] == 1
    kept.write_text("<!-- saved from url=(0047)https://www.instagram.com/p/CSampleCode/embed/ -->")
    summary = room.archive.scan()
    assert (summary.read, summary.unchanged) == (1, 1)
    assert articles(room)[page.name] == 1
    first = room.archive.scan(again=True)
    assert (first.read, first.unchanged, first.vanished) == (2, 0, 0)
    assert articles(room)[page.name] == 2
    room.archive.scan(again=True)
    assert articles(room)[page.name] == 2
    assert len(list(room.archive.posts())) == 2
    page.unlink()
    assert room.archive.scan(again=True).vanished == 0
    assert room.archive.scan().vanished == 1


class Broken:
    """A source with a bug in it."""

    name = "broken"

    def read(self, known: Known) -> Iterator[Finding]:
        yield StoredArticle(self.name, "a.html", b"<p>Sample text</p>", Stamp(1, 1, 1), "html")
        raise ZeroDivisionError("sample bug")


def test_a_bug_in_one_source_keeps_no_other_from_being_read(room: Newsroom) -> None:
    """It is raised in the end, so that nobody takes the scan for a good one; what came before it is kept."""
    room.archive.scan()
    room.article("a.html", room.quote(POST))
    sources: list[Source] = [Broken(), Directory("sample", room.articles)]
    with pytest.raises(ZeroDivisionError, match="sample bug"), room.store.run("scan") as run:
        scanning.scan(room.store, sources, room.clock, run)
    assert {(each.source, each.embeds) for each in room.archive.articles()} == {("sample", 1)}
    assert [end.summary.get("failed") for end in room.rows("run_ends")][-2:] == [None, 1]


def lines(*said: str) -> str:
    """JSON Lines of articles that show a post; what is no JSON stands as it is."""
    return "".join(f"{each}\n" for each in said)


def unread(room: Newsroom) -> list[tuple[str, str]]:
    return [(each.location, each.reason) for each in room.archive.unread()]


def test_a_line_that_cannot_be_read_stays_listed_until_it_can(room: Newsroom) -> None:
    """It is met once, and not again while the file stays as it is: each scan says that there are some, and where they
    are listed. A file that is mended takes them off."""
    good = json.dumps({"key": "one", "html": room.quote(POST)})
    path = room.articles / "export.jsonl"
    path.write_text(lines(good, "{broken", good.replace("one", "two")), encoding="utf-8")
    summary = room.archive.scan()
    place = f"export.jsonl/@{len(good) + 1}"
    assert [each.location for each in summary.unread] == [place]
    assert (summary.failed, summary.still_unread) == (True, 0)
    assert unread(room) == [(place, "unparsed")]

    summary = room.archive.scan()
    assert (summary.unread, summary.failed, summary.still_unread) == ([], False, 1)
    assert "1 place on file could not be read before: archiver articles --unread" in list(summaries.scanned(summary))
    (listed,) = room.archive.unread()
    assert (listed.source, listed.message[:8], listed.failed_at) == ("sample", "no JSON:", START)

    path.write_text(lines(good, good.replace("one", "two")), encoding="utf-8")
    summary = room.archive.scan()
    assert (summary.unread, summary.still_unread, unread(room)) == ([], 0, [])
    assert len(room.rows("article_failures")) == 1


def test_a_line_that_was_still_being_written_is_read_when_it_is_whole(room: Newsroom) -> None:
    """A program that writes line by line is no failure for ever; what stands before stays listed."""
    good = json.dumps({"key": "one", "html": room.quote(POST)})
    path = room.articles / "export.jsonl"
    path.write_text(lines("{broken") + good[:-9], encoding="utf-8")
    room.archive.scan()
    assert unread(room) == [("export.jsonl/@0", "unparsed"), ("export.jsonl/@8", "unparsed")]
    path.write_text(lines("{broken") + lines(good), encoding="utf-8")
    summary = room.archive.scan()
    assert (summary.read, summary.still_unread) == (1, 1)
    assert unread(room) == [("export.jsonl/@0", "unparsed")]


def test_a_failure_that_lasts_is_one_row_and_ends_when_it_ends(room: Newsroom) -> None:
    """A file that nobody may read for years is met at each scan; its history says when that began and what changed."""
    path = room.article("a.html", room.quote(POST))
    os.truncate(path, 60_000_000)
    for _ in range(3):
        assert room.archive.scan().failed
        room.clock.advance(timedelta(days=1))
    assert len(room.rows("article_failures")) == 1
    (listed,) = room.archive.unread()
    assert (listed.failed_at, listed.last_failed_at) == (START, day(2))
    os.truncate(path, 70_000_000)
    room.archive.scan()
    assert len(room.rows("article_failures")) == 2
    room.article("a.html", room.quote(POST))
    assert (room.archive.scan().still_unread, unread(room)) == (0, [])


def test_what_is_unread_stays_listed_while_its_disk_is_away(room: Newsroom) -> None:
    """Nothing is known of it then; a folder that is back takes its own failure off the list."""
    (room.articles / "export.jsonl").write_text("{broken\n", encoding="utf-8")
    room.archive.scan()
    moved = room.articles.rename(room.folder / "elsewhere")
    assert (room.archive.scan().still_unread, unread(room)) == (1, [("", "missing"), ("export.jsonl/@0", "unparsed")])
    moved.rename(room.articles)
    assert (room.archive.scan().still_unread, unread(room)) == (1, [("export.jsonl/@0", "unparsed")])
    room.archive.scan(again=True)
    assert unread(room) == [("export.jsonl/@0", "unparsed")]
    (room.articles / "export.jsonl").unlink()
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    assert unread(room) == []


def stopped_after(room: Newsroom, articles: int) -> ScanSummary:
    """A scan that is told to stop when it has met so many."""

    def progress(met: int, location: str) -> None:
        if met >= articles:
            room.archive.stop.set()

    summary = room.archive.scan(progress)
    room.archive.stop.clear()
    assert summary.interrupted
    return summary


def many_lines(room: Newsroom, words: str) -> list[str]:
    return [json.dumps({"key": f"k{number}", "html": room.quote(POST) + words}) for number in range(600)]


def test_a_scan_that_goes_on_forgets_no_line_that_it_did_not_read_again(room: Newsroom) -> None:
    """It was met before the scan was stopped; a person is told of it afterwards, too."""
    path = room.articles / "export.jsonl"
    path.write_text(lines(*many_lines(room, "one")), encoding="utf-8")
    room.archive.scan()
    path.write_text(lines("{broken", *many_lines(room, "other")), encoding="utf-8")
    stopped_after(room, 300)
    assert unread(room) == [("export.jsonl/@0", "unparsed")]
    assert room.archive.scan().still_unread == 1
    assert unread(room) == [("export.jsonl/@0", "unparsed")]


def test_a_scan_that_goes_on_keeps_no_line_that_was_mended(room: Newsroom) -> None:
    """What could not be read in an older state of the file is void once that is read from its beginning."""
    path = room.articles / "export.jsonl"
    path.write_text(lines("{broken"), encoding="utf-8")
    room.archive.scan()
    path.write_text(lines(*many_lines(room, "one")), encoding="utf-8")
    stopped_after(room, 300)
    assert (room.archive.scan().still_unread, unread(room)) == (0, [])


def test_what_became_a_link_is_no_failure_any_more(room: Newsroom) -> None:
    """It is passed over by rule from then on."""
    path = room.article("a.html", room.quote(POST))
    os.truncate(path, 60_000_000)
    room.archive.scan()
    path.unlink()
    path.symlink_to("/nowhere")
    summary = room.archive.scan()
    assert (summary.failed, summary.still_unread, unread(room)) == (False, 0, [])


def test_an_entry_of_a_feed_is_listed_while_it_cannot_be_read(room: Newsroom) -> None:
    """A feed that changed is read from its beginning, though what left it has not vanished."""
    path = room.folder / "feed.xml"

    def scanned(*entries: str) -> list[tuple[str, str]]:
        items = "".join(
            f"<item><guid>{at}</guid><description>{each}</description></item>" for at, each in enumerate(entries)
        )
        path.write_text(f"<rss><channel>{items}</channel></rss>", encoding="utf-8")
        with room.store.run("scan") as run:
            scanning.scan(room.store, [Feed("feed", path, 2_000)], room.clock, run)
        return unread(room)

    room.archive.scan()
    assert scanned("x" * 5_000, "Sample") == [("feed.xml/entry-1", "too_large")]
    assert scanned("x" * 5_000, "Sample") == [("feed.xml/entry-1", "too_large")]
    assert scanned("Sample text", "Sample") == []


@pytest.mark.parametrize(
    ("place", "position", "was_last"),
    [
        ("a.warc/586", "sha256:aa 859 859 1 2;586", True),
        ("a.warc/after-222", "sha256:aa 648 648 1 2;after-222", True),
        ("a.warc/86", "sha256:aa 859 859 1 2;586", False),
        ("a.jsonl/@8", "12ab34cd:sha256:aa 9 9 1 2;8", True),
        ("a.jsonl/@8", "12ab34cd:sha256:aa 9 9 1 2;18", False),
        ("b.jsonl/@8", "12ab34cd:sha256:aa 9 9 1 2;8", False),
    ],
)
def test_which_part_of_a_container_was_read_last(place: str, position: str, was_last: bool) -> None:
    """By the position that is kept of it, in the words of each source: other parts end alike."""
    container = "a" + place[1:].partition("/")[0]
    assert scanning._was_last(place, Reached(container, Stamp(1, 1, 1), position, complete=True)) is was_last
