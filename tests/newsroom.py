"""A newsroom in a folder: articles, a configuration, an archive, and a simulated X on loopback that it looks at.

    with Newsroom(tmp_path) as room:
        room.world.post(...); room.article("a.html", room.quote(native_id))
        room.live(weeks(8))

Only the far end and the clock are simulated.
"""

from __future__ import annotations

import contextlib
import html
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, select

from archiver import digest
from archiver.archive import Archive
from archiver.check.summary import CheckSummary
from archiver.clock import SettableClock
from archiver.daemon import tick_check, tick_resolve, tick_scan
from archiver.demo.far_end import FarEnd
from archiver.demo.scenery import WorldPost, snowflake, snowflake_time
from archiver.demo.world import World
from archiver.model.listing import PostFilter, PostListing
from archiver.model.observation import Observation
from archiver.store import contents, history, observations, posts, tables
from archiver.store.engine import Database
from archiver.store.history import StoredVerdict
from archiver.store.ledger import GENESIS
from archiver.store.transaction import Store

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTROL_POSTS = tuple(snowflake(datetime(2025, 1, day, 10, tzinfo=UTC)) for day in (12, 13, 14))
NEVER_POSTS = tuple(snowflake(datetime(2025, 2, day, 3, 4, tzinfo=UTC)) for day in (2, 3, 4))
CONTROL_AUTHORS = tuple(snowflake(datetime(2019, 3, day, 12, tzinfo=UTC)) for day in (21, 22, 23))
NEVER_AUTHOR = snowflake(datetime(2019, 3, 30, 12, tzinfo=UTC))
TICK = timedelta(hours=4)

CONFIGURATION = """\
[store]
path = "archive"

[sources.sample]
kind = "directory"
path = "articles"

[schedule]
tick = "{tick}"
jitter_percent = {jitter}

[web]
pace = "{pace}"
deadline = "{deadline}"
connect_to = {{ "*" = "{address}" }}
per_day = {per_day}

{tables}
[platforms.x.controls]
present = {present}
absent = {absent}
absent_author = "{absent_author}"
age_gated = {age_gated}
"""


def born(month: int, day: int, hour: int = 10, minute: int = 0, *, year: int = 2025) -> str:
    """An id of that minute."""
    return snowflake(datetime(year, month, day, hour, minute, tzinfo=UTC))


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def configure(folder: Path, address: str, **settings: Any) -> Path:
    """Write a configuration; `controls=False` leaves its controls away, `tables` stands in it as it is."""
    controlled = settings.pop("controls", True)
    present, absent = settings.pop("present", CONTROL_POSTS), settings.pop("absent", NEVER_POSTS)
    settings["age_gated"] = json.dumps(settings.pop("age_gated", ()))
    fields = {"per_day": "{}", "tick": "1h", "jitter": 10, "pace": "1s", "deadline": "20s", "tables": "", **settings}
    path = folder / "config.toml"
    text = CONFIGURATION.format(
        address=address,
        present=json.dumps(present if controlled else ()),
        absent=json.dumps(absent if controlled else ()),
        absent_author=NEVER_AUTHOR if controlled else "",
        **fields,
    )
    path.write_text(text, encoding="utf-8")
    return path


def make_store(folder: Path, clock: SettableClock) -> Store:
    """The store of that folder's archive, to be read beside it."""
    return Store(Database(folder / "archive"), clock)


class Newsroom:
    """The whole of it. `clock` stands at START when it opens."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.articles = folder / "articles"
        self.articles.mkdir()
        self.clock = SettableClock(START)
        self.world = World(self.clock)
        self.far_end = FarEnd(self.world)
        self._settings = settings
        self._stack = contextlib.ExitStack()
        self._authors = 0
        for number, (native_id, author_id) in enumerate(zip(CONTROL_POSTS, CONTROL_AUTHORS, strict=True)):
            self.world.account(f"control_{number}", author_id, f"Sample Control {number}")
            self.world.post(native_id, f"control_{number}", f"Sample control post {number}.")

    def __enter__(self) -> Self:
        self._stack.enter_context(self.far_end)
        self.config = configure(self.folder, self.far_end.address, **self._settings)
        self.archive = self._stack.enter_context(Archive.open(self.config, clock=self.clock))
        self.store = make_store(self.folder, self.clock)
        self._stack.callback(self.store.database.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # the world and its articles

    def author(self, handle: str, *, chatter: bool = True) -> str:
        """A new account; gives its handle back."""
        self._authors += 1
        author_id = snowflake(datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=self._authors))
        self.world.account(handle, author_id, f"Sample {handle}", chatter=chatter)
        return handle

    def post(self, native_id: str, handle: str, text: str | None = None, **more: Any) -> str:
        """A new post, its author made if there is none of that handle; gives its id back."""
        try:
            self.world.by_handle(handle)
        except KeyError:
            self.author(handle)
        self.world.post(native_id, handle, text or f"Sample words of {native_id}.", **more)
        return native_id

    def quote(self, native_id: str, handle: str | None = None) -> str:
        """The markup that X hands out to embed the post, as of now."""
        post = self.world.posts[native_id]
        handle = handle or post.account.handle.at(self.clock.now())
        words = html.escape(post.text.at(self.clock.now()), quote=False)
        return (
            f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{words}</p>&mdash; {post.account.name} '
            f'(@{handle}) <a href="https://twitter.com/{handle}/status/{native_id}?ref_src=twsrc%5Etfw">'
            f"{_printed_day(post)}</a></blockquote>"
        )

    def flatten(self, native_id: str, *codes: str) -> str:
        """The post as plain text without address, as old articles have it."""
        post = self.world.posts[native_id]
        words = post.text.at(self.clock.now()).partition(" https://t.co/")[0]
        pictures = " ".join(f"pic.twitter.com/{code}" for code in codes)
        handle = post.account.handle.at(self.clock.now())
        return f"{words} {pictures}\n\n— {post.account.name} (@{handle}) {_printed_day(post)}\n"

    def article(self, name: str, *embeds: str) -> Path:
        """Write an article of these embeds; `.txt` as plain text."""
        path = self.articles / name
        between = "\n\nSample prose between.\n\n"
        if name.endswith(".txt"):
            path.write_text(f"Sample article\n\nSample prose.\n\n{between.join(embeds)}\nThe end.\n", encoding="utf-8")
        else:
            prose = "".join(f"<p>Sample prose.</p>\n{embed}\n" for embed in embeds)
            address = f'<link rel="canonical" href="https://courier.example/{name}">'
            path.write_text(
                f"<!DOCTYPE html><html><head><title>On {name}</title>{address}</head><body>{prose}</body></html>",
                encoding="utf-8",
            )
        return path

    # time

    def live(self, until: datetime, tick: timedelta = TICK, each: Callable[[CheckSummary], None] | None = None) -> None:
        """Let the timetable drive: the daemon's own ticks whenever something is due; sources are scanned daily."""
        scanned_on = None
        while self.clock.now() < until:
            if self.clock.now().date() != scanned_on:
                scanned_on = self.clock.now().date()
                tick_scan(self.archive)
            tick_resolve(self.archive)
            summary = tick_check(self.archive)
            if each:
                each(summary)
            due = max(self.archive.next_due_at() or until, self.clock.now())
            at = START + -((START - min(due, until)) // tick) * tick
            self.clock.advance(max(at, self.clock.now() + timedelta(seconds=1)) - self.clock.now())

    def look(self, *native_ids: str) -> CheckSummary:
        """Look at these posts now."""
        return self.archive.check([self.listed(native_id).number for native_id in native_ids])

    # what is on file

    def listed(self, native_id: str) -> PostListing:
        """The post of that id as it is listed."""
        (post,) = (post for post in self.archive.posts() if post.native_id == native_id)
        return post

    def rows(self, table: str, **where: Any) -> list[Any]:
        """Rows of a table, by number."""
        with self.store.reading() as connection:
            return rows(connection, table, **where)

    def remark(self, observation: Any) -> dict[str, Any]:
        """The words of an answer that an observation keeps: `author_handle`, `message`."""
        with self.store.reading() as connection:
            return contents.get_json(connection, [observation.remark])[observation.remark]

    def verdicts(self, number: int) -> list[StoredVerdict]:
        """Every verdict that was given on a post."""
        with self.store.reading() as connection:
            return history.verdicts_of(connection, number)

    def looks(self, number: int) -> list[Observation]:
        """What `judge` reads of a post."""
        with self.store.reading() as connection:
            return observations.for_posts(connection, posts.load(connection, [number]))[number]

    def states(self) -> dict[str, str]:
        """State by id, of every post that has one."""
        return {post.native_id: str(post.state) for post in self.archive.posts(PostFilter()) if post.native_id}


def rows(connection: Connection, name: str, **where: Any) -> list[Any]:
    """Rows of a table in the order of their keys."""
    table = tables.metadata.tables[name]
    conditions = [table.c[column] == wanted for column, wanted in where.items()]
    return list(connection.execute(select(table).where(*conditions).order_by(*table.primary_key.columns)))


def assert_chain_whole(lines: Sequence[Any]) -> None:
    """Every line of the ledger names the digest of the one before it, and is numbered without a gap."""
    head = GENESIS
    for number, row in enumerate(lines, 1):
        assert row.number == number
        noun = json.loads(row.line)
        assert (noun["number"], noun["previous"]) == (number, head)
        head = digest.of_bytes(row.line.encode() + b"\n")
        assert row.head == head


def _printed_day(post: WorldPost) -> str:
    at = snowflake_time(post.native_id)
    return f"{at:%B} {at.day}, {at.year}"
