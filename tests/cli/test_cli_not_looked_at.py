"""Posts that this archive does not look at are kept, named as what they are, and never waited for."""

from __future__ import annotations

import json

import pytest

from archiver.archive import Archive
from archiver.store import observations, posts
from tests.cli.desk import Desk

CARD = """<p>Sample text one</p>
<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/sample/comments/abc123/x/">A</a></blockquote>"""
WHY = "[platforms.reddit.credentials] are needed"
SAID = "not yet seen: this archive does not look at reddit posts"


@pytest.fixture
def card_desk(desk: Desk) -> Desk:
    """A desk whose one article shows a post of Reddit, scanned."""
    for article in desk.articles.iterdir():
        article.unlink()
    desk.print_article("card.html", CARD)
    assert desk.run("scan").exit_code == 0
    return desk


def test_such_a_post_is_listed_with_the_reason_why_nobody_looks(card_desk: Desk) -> None:
    """Its identity is known; it has no verdict, and no next look that would never come."""
    (row,) = card_desk.rows("posts", "--format", "jsonl")
    assert (row["platform"], row["post_id"]) == ("reddit", "abc123")
    assert (row["verdict"], row["words"], row["next_check_at"]) == ("unknown", SAID, None)
    (status,) = card_desk.rows("status", "--format", "jsonl")
    assert status["next_due_at"] is None


def test_a_check_of_what_is_due_names_what_is_not_looked_at(card_desk: Desk) -> None:
    """One line, and no look."""
    answer = card_desk.run("check", "--due", "--format", "table")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == [
        "0 posts looked at in 0 looks, 0 identified; 0 verdicts given",
        f"not looked at: 1 reddit post ({WHY})",
    ]


@pytest.mark.parametrize("beside_a_daemon", [False, True])
def test_a_check_of_such_a_post_says_why_and_does_not_wait(card_desk: Desk, beside_a_daemon: bool) -> None:
    """Also beside a daemon: it would wait for a look that never comes. The post is printed all the same."""
    with Archive.open(card_desk.config) as archive:
        if beside_a_daemon:
            with archive.lock("daemon"):
                answer = card_desk.run("check", "https://redd.it/abc123", "--format", "jsonl")
        else:
            answer = card_desk.run("check", "p1", "--format", "jsonl")
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1] == f"archiver: p1: {WHY}"
    assert json.loads(answer.stdout)["post_id"] == "abc123"


def test_such_a_post_waits_on_file_for_whoever_can_look(card_desk: Desk) -> None:
    """Its time stands: the day the credentials come it is due at once. Until then nothing was looked at."""
    with Archive.open(card_desk.config) as archive:
        assert archive.next_due_at() is None
        assert archive.not_looked_at() == {"reddit": 1}
        assert archive.check().looks == 0
        assert archive.check([1]).posts == 0
        assert archive.refold() == []
        with archive._store.reading() as connection:
            now = archive.clock.now()
            assert posts.due_numbers(connection, now, "reddit", identified=True) == [1]
            assert observations.for_posts(connection, posts.load(connection, [1]))[1] == []


def test_a_platform_that_is_switched_off_is_named_as_that(desk: Desk) -> None:
    """The configuration says so; the line says where."""
    desk.config.write_text(desk.config.read_text(encoding="utf-8") + "\n[platforms.x]\nenabled = false\n", "utf-8")
    assert desk.run("scan").exit_code == 0
    answer = desk.run("check", "p1", "--format", "jsonl")
    assert answer.exit_code == 1
    assert "archiver: p1: [platforms.x] says enabled = false" in answer.stderr.splitlines()
    due = desk.run("check", "--due", "--format", "table")
    assert "not looked at: 2 x posts ([platforms.x] says enabled = false)" in due.stdout.splitlines()
