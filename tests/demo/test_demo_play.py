"""The demo plays its whole story through the program's own code."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.archive import Archive
from archiver.demo import story
from archiver.demo.play import play
from archiver.errors import StorageError, UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State

EXPECTED = {
    story.ALIVE_PERSIAN: State.ALIVE,
    story.ALIVE_BESIDE: State.ALIVE,
    story.ALIVE: State.ALIVE,
    story.RENAMED: State.ALIVE,
    story.EDITED: State.ALIVE,
    story.RESOLVED: State.ALIVE,
    story.DELETED: State.DELETED,
    story.AUTHOR_SUSPENDED: State.ACCOUNT_SUSPENDED,
    story.AUTHOR_PROTECTED: State.PROTECTED,
    story.GONE_BEFORE: State.GONE_BEFORE_FIRST_LOOK,
}


@dataclass
class Played:
    folder: Path
    told: str
    seconds: float
    """Processor time."""
    exit_code: int


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, played once and kept."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    out, started = io.StringIO(), time.process_time()
    exit_code = play(folder, out)
    return Played(folder, out.getvalue(), time.process_time() - started, exit_code)


def test_the_demo_ends_well_with_less_than_twenty_seconds_of_work(played: Played) -> None:
    """Weeks pass in seconds, and the exit code is 0. Processor time: a busy machine is no failure of the demo."""
    assert played.exit_code == 0
    assert played.seconds < 20


def test_every_post_ends_as_the_story_has_it(played: Played) -> None:
    """One deleted, one gone before the first look, one suspended, one protected, all others alive."""
    with Archive.open(played.folder / "config.toml") as archive:
        ended = {post.native_id: post.state for post in archive.posts() if post.native_id}
    assert ended == EXPECTED


def test_what_cannot_be_identified_stays_unknown_with_its_words(played: Played) -> None:
    """A dead short link and another author's media identify nothing; the article's words are kept."""
    with Archive.open(played.folder / "config.toml") as archive:
        unknown = {post.author_handle: post for post in archive.posts() if post.native_id is None}
    assert set(unknown) == {"old_kiosk", "echo_channel"}
    assert all(post.state is State.UNKNOWN and post.text_from == "article" for post in unknown.values())


def test_the_deletion_lies_in_the_interval_that_is_claimed(played: Played) -> None:
    """The time at which the story deletes the post lies in (last seen, first missed]."""
    (deleted_at,) = (turn.time for turn in story.TURNS if "is deleted" in turn.words)
    with Archive.open(played.folder / "config.toml") as archive:
        (post,) = archive.posts(PostFilter(verdict=(State.DELETED,)))
    assert post.gone_after is not None
    assert post.gone_by is not None
    assert post.gone_after < deleted_at <= post.gone_by
    assert post.articles == 2


def test_the_outage_is_recorded_and_changes_nothing(played: Played) -> None:
    """Looks were made in the outage, all of them void; refolding every look gives the verdicts on file."""
    assert "looks that count for nothing" in played.told
    with Archive.open(played.folder / "config.toml") as archive:
        (post,) = archive.posts(PostFilter(verdict=(State.DELETED,)))
        _, _, events = archive.show(post.number)
        looks = [e for e in events if e.kind == "observation" and not e.title.startswith("the account")]
        in_outage = [e for e in looks if story.OUTAGE[0] <= e.at < story.OUTAGE[1]]
        assert in_outage
        assert not any(event.valid for event in in_outage)
        assert archive.refold() == []


def test_the_story_is_told_to_archivist_and_auditor(played: Played) -> None:
    """The list, the timeline and the auditor's sentence are printed."""
    for words in ("archiver posts", "archiver show p", "archiver export", "Who removed it was not observed."):
        assert words in played.told
    for turn in story.TURNS:
        assert turn.words in played.told


def test_the_export_has_the_deletion_and_apart_what_was_gone_before(played: Played) -> None:
    """Two files, one record each."""
    exported = [(played.folder / name).read_text(encoding="utf-8").splitlines() for name in
                ("deleted.jsonl", "deleted-gone-before-first-look.jsonl")]  # fmt: skip
    (deleted,), (before,) = ([json.loads(line) for line in lines] for lines in exported)
    assert deleted["post_id"] == story.DELETED
    assert before["post_id"] == story.GONE_BEFORE


def test_the_kept_archive_asks_nobody(played: Played) -> None:
    """Looking again with the kept configuration reaches nobody, and calls nothing gone that was alive."""
    with Archive.open(played.folder / "config.toml") as archive:
        (number,) = (post.number for post in archive.posts() if post.native_id == story.ALIVE)
        summary = archive.check([number])
        assert summary.unreachable
        assert next(p for p in archive.posts() if p.number == number).state is State.ALIVE


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    """Nothing is written into somebody's folder; a parent that is missing is said."""
    with pytest.raises(UsageError, match="exists"):
        play(tmp_path, io.StringIO())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError):
        play(tmp_path / "missing" / "kept", io.StringIO())
