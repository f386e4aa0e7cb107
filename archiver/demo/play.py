"""The demo: five weeks of an archive's life in some seconds, without network or account.

    a new folder: articles/ (copied), config.toml ── Archive(config, clock=SettableClock)
    FarEnd(story.build_world(clock)) on loopback ←─ [web] connect_to
    until the weeks are over:  the daemon's own ticks · tell what changed · advance the clock to the next due time
    then: what an archivist sees (posts, show), what an auditor sees (export)

Only the far end and the clock are simulated.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TextIO

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.daemon import tick_check, tick_resolve, tick_scan
from archiver.demo import story
from archiver.demo.far_end import FarEnd
from archiver.demo.tell import Narrator
from archiver.errors import StorageError, UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State

NOWHERE = "http://127.0.0.1:1"

CONFIGURATION = """\
# Made by `archiver demo`.

[store]
path = "archive"

[sources.sample]
kind = "directory"
path = "articles"

[schedule]
tick = "1h"
# Posts that are due together make few rounds: a story of weeks is told in seconds.
jitter_percent = 0

[media]
keep = "images"

[web]
{remark}
connect_to = {{ "*" = "{address}" }}

[platforms.x.controls]
present = {present}
absent = {absent}
absent_author = "{absent_author}"
"""
PLAYING = "# The simulated X, as long as the demo runs."
PLAYED = (
    "# The far end of the demo is gone: every look now says that X could not be reached. Without this line, X is asked."
)


def play(keep: Path | None, out: TextIO) -> int:
    """Tell the story on `out`; leave archive and configuration in the new folder `keep`, if given. Returns 0.

    Raises UsageError if `keep` exists, StorageError if it cannot be made.
    """
    clock = SettableClock(story.STARTS_AT, boot_id="demo")
    with _folder(keep) as folder, FarEnd(story.build_world(clock)) as far_end:
        _copy(files("archiver.demo").joinpath("articles"), folder / "articles")
        _configure(folder, PLAYING, far_end.address)
        narrator = Narrator(out, story.TURNS)
        narrator.say(
            "Five weeks in the life of an archive. X and the clock are simulated; the rest is the program itself."
        )
        with Archive.open(folder / "config.toml", clock=clock) as archive:
            _live(archive, clock, narrator)
            _archivist(archive, narrator)
            _auditor(archive, folder, narrator)
        _configure(folder, PLAYED, NOWHERE)
        _farewell(narrator, keep, len(far_end.log))
    return 0


def _live(archive: Archive, clock: SettableClock, narrator: Narrator) -> None:
    """Let the weeks pass: the ticks of the daemon, at the times at which something is due."""
    narrator.heading("What happened (times are UTC)")
    end = story.STARTS_AT + story.LASTS
    scanned_on = None
    while clock.now() < end:
        narrator.until(clock.now())
        if clock.now().date() != scanned_on:
            scanned_on = clock.now().date()
            tick_scan(archive)
        tick_resolve(archive)
        narrator.void(clock.now(), tick_check(archive).void)
        narrator.changes(clock.now(), sorted(archive.posts(), key=lambda post: post.number))
        clock.advance(_next_tick(clock.now(), archive.next_due_at() or end, archive.config.schedule.tick) - clock.now())


def _next_tick(now: datetime, due_at: datetime, tick: timedelta) -> datetime:
    """The first tick at which something is due: ticks are counted from the story's start."""
    ticks = -((story.STARTS_AT - max(due_at, now)) // tick)
    at = story.STARTS_AT + ticks * tick
    return at if at > now else at + tick


def _archivist(archive: Archive, narrator: Narrator) -> None:
    narrator.heading("What an archivist sees: archiver posts")
    narrator.table(list(archive.posts()))
    deleted = next(archive.posts(PostFilter(verdict=(State.DELETED,))), None)
    if deleted is None:
        return
    post, citations, events = archive.show(deleted.number)
    narrator.heading(f"archiver show p{post.number}")
    shown_in = [f"{each.address or each.location} ({each.form})" for each in citations]
    fields = {"permalink": post.permalink, "author": post.author_name, "text": post.text, "shown in": shown_in}
    narrator.record(fields)
    narrator.timeline(events)


def _auditor(archive: Archive, folder: Path, narrator: Narrator) -> None:
    narrator.heading("What an auditor sees: archiver export deleted.jsonl")
    for path, count in archive.export(folder / "deleted.jsonl").items():
        narrator.say(f"{path.name}: {count}")
        for line in path.read_text(encoding="utf-8").splitlines():
            narrator.record(json.loads(line))
            narrator.say()


def _farewell(narrator: Narrator, keep: Path | None, requests: int) -> None:
    narrator.say(f"{requests} requests were made, all of them to the simulated X.")
    if keep is None:
        narrator.say("Nothing is left of it. To try every command on this archive: archiver demo --keep DIR")
    else:
        narrator.say(f"The archive stays. Try: archiver --config {keep / 'config.toml'} posts")


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder of the demo: `keep`, made new, or one that goes when the demo ends."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="archiver-demo-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir()
    except FileExistsError:
        raise UsageError(f"{keep} exists already: name a folder that does not") from None
    except OSError as error:
        raise StorageError(f"{keep}: {error.strerror or error}") from None
    yield keep


def _copy(articles: Traversable, target: Path) -> None:
    target.mkdir()
    for article in articles.iterdir():
        (target / article.name).write_bytes(article.read_bytes())


def _configure(folder: Path, remark: str, address: str) -> None:
    text = CONFIGURATION.format(
        remark=remark,
        address=address,
        present=json.dumps(story.PRESENT_CONTROLS),
        absent=json.dumps(story.ABSENT_CONTROLS),
        absent_author=story.ABSENT_AUTHOR,
    )
    (folder / "config.toml").write_text(text, encoding="utf-8")
