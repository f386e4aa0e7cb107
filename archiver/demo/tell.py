"""Telling the story: what happens at the simulated X, what the archive makes of it, and what people then see."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from archiver.audit import wording
from archiver.demo.story import Turn
from archiver.model.listing import PostListing, TimelineEvent
from archiver.model.verdict import State

WIDTH = 118


def minute(moment: datetime | None) -> str:
    """A time as people read it; "-" for none. UTC."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def who(post: PostListing) -> str:
    """The author as the lists show it."""
    return f"@{post.author_handle}" if post.author_handle else "-"


def interval(gone_after: datetime | None, gone_by: datetime | None) -> str:
    """When a post disappeared: open on the left, closed on the right; "-" while it is there."""
    if gone_by is None:
        return "-"
    return f"({minute(gone_after) if gone_after else '…'}, {minute(gone_by)}]"


def one_line(text: str | None, width: int) -> str:
    """Text for a cell."""
    return textwrap.shorten(text or "", width, placeholder=" …")


def plain(part: Any) -> str:
    """A field of a record, lists and records in it too."""
    if isinstance(part, dict):
        return ", ".join(plain(each) for each in part.values() if each is not None)
    return "; ".join(plain(each) for each in part) if isinstance(part, list) else str(part)


class Narrator:
    """Writes the story to `out`. Keeps what has been told already, so that nothing is told twice."""

    def __init__(self, out: TextIO, turns: Iterable[Turn]) -> None:
        self._out = out
        self._turns = sorted(turns, key=lambda turn: turn.time)
        self._told: dict[int, State] = {}
        self._void: set[tuple[date, str]] = set()

    def say(self, words: str = "") -> None:
        """One line."""
        self._out.write(words + "\n")

    def heading(self, words: str) -> None:
        """A new chapter."""
        self.say()
        self.say(words)
        self.say("─" * min(len(words), WIDTH))

    def until(self, now: datetime) -> None:
        """Tell what has happened at X up to now. The archive does not know of it yet."""
        while self._turns and self._turns[0].time <= now:
            turn = self._turns.pop(0)
            self.say(f"{minute(turn.time)}    at X: {turn.words}")

    def changes(self, now: datetime, posts: Iterable[PostListing]) -> None:
        """Tell every verdict that is not the one told last."""
        for post in posts:
            before = self._told.get(post.number, State.UNKNOWN)
            if post.state is before:
                continue
            self._told[post.number] = post.state
            grade = f" (grade {post.grade})" if post.grade else ""
            words = f"{wording.WORDS[before]} → {wording.WORDS[post.state]}{grade}"
            self.say(f"{minute(now)}  archive: p{post.number} {who(post)}: {words}")

    def void(self, now: datetime, reasons: Iterable[str]) -> None:
        """Tell, once a day, which looks count for nothing."""
        for reason in reasons:
            endpoint = reason.partition(":")[0]
            if (now.date(), endpoint) not in self._void:
                self._void.add((now.date(), endpoint))
                self.say(f"{minute(now)}  archive: looks that count for nothing: {one_line(reason, 80)}")

    def table(self, posts: Sequence[PostListing]) -> None:
        """The posts as an archivist lists them."""
        rows = [["post", "author", "published", "verdict", "disappeared in", "text"]]
        for post in posts:
            verdict = one_line(wording.brief(post), 44)
            gone = interval(post.gone_after, post.gone_by)
            published = minute(post.published_at)[:10] if post.published_at else str(post.published_on or "-")
            text = one_line(post.text, 30)
            rows.append([f"p{post.number}", who(post), published, verdict, gone, text])
        self.columns(rows)

    def timeline(self, events: Iterable[TimelineEvent]) -> None:
        """What happened to one post, a line each."""
        for event in events:
            number = f"n{event.observation}" if event.observation else ""
            self.say(f"{minute(event.at)}  {event.kind:14} {number:>5}  {one_line(event.title, 90)}")

    def record(self, fields: Mapping[str, Any]) -> None:
        """One exported record, a field a line."""
        longest = max(map(len, fields), default=0)
        for name, part in fields.items():
            if part in (None, "", [], ()):
                continue
            shown = textwrap.wrap(plain(part), WIDTH - longest - 4) or [""]
            self.say(f"  {name:{longest}}  {shown[0]}")
            for line in shown[1:]:
                self.say(f"  {'':{longest}}  {line}")

    def columns(self, rows: Sequence[Sequence[str]]) -> None:
        """Rows of equal length under each other; the last column is not padded."""
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
        for row in rows:
            cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)]
            self.say("  ".join([*cells, row[-1]]).rstrip())
