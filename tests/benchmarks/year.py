"""A simulated year: so many posts, looked at by the timetable through `Archive.check`, into a real archive.

It differs from life in two things. The clock is settable: pace and pauses pass at once. And nothing goes over a socket:
an answer is made in the process, by the simulated X, and its own time is counted apart. All else is the program's own:
the timetable, the pace, the controls, reading, judging, storing, at the standard configuration: a tick a minute.
For comparison once without `early_percent`: then few posts stand between the same four controls.

The whole year of 20,000 posts takes an hour or two, and tells how far it is:

    python -m tests.benchmarks year --full

The posts are two months to two years old, three by one author. Of a hundred, three are deleted in the year and one
author's account is restricted; X is out of order for two days in every ninety, each time in another way.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import httpx
from sqlalchemy import func, select

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.config import Config
from archiver.config.thresholds import Schedule
from archiver.daemon import tick_check
from archiver.demo.answers import answer
from archiver.demo.scenery import OutageKind, snowflake
from archiver.demo.shapes import Asked
from archiver.demo.world import World
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from archiver.store import tables
from archiver.store.engine import Database
from archiver.web.client import Client
from tests.benchmarks.options import Options

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
EARLY = Schedule().early_percent
YEAR = 365
MONTH = 30
PARTS = (10, 20)
"""Days that are told apart at the beginning; months after them."""
IN_AN_ARTICLE = 50
SETTLED = timedelta(days=14)
OUTAGES: tuple[OutageKind, ...] = ("404_for_all", "503", "empty_json", "login_page")


@dataclass(slots=True)
class Month:
    """What a part of the year came to; at the end also the archive as it then was."""

    days: int
    seconds: float = 0.0
    """Wall time of the program, the far end's own taken off."""
    processor: float = 0.0
    """Processor time of all, the far end's too."""
    posts: int = 0
    """Posts looked at, each as often as it was."""
    requests: int = 0
    rows: int = 0
    size: int = 0
    """Bytes of the archive."""


def run(options: Options) -> bool:
    """Each size in a process of its own, whose peak of memory is then known. True if nothing was called deleted that
    was not."""
    sizes = dict.fromkeys((20, 300, 1_000), YEAR) | {5_000: YEAR if options.full else 30}
    sizes |= {20_000: YEAR if options.full else 10}
    plays = [(40, 11, EARLY)] if options.small else [(count, days, EARLY) for count, days in sizes.items()]
    played = {each: _played(*each) for each in (*plays, (plays[0][0] if options.small else 300, plays[0][1], 0))}
    for (count, _, early), told in played.items():
        _tell(count, early, [Month(**month) for month in told["months"]], told)
    large = [each for each in plays if each[0] >= min(1_000, plays[-1][0])]
    _compare({each[0]: [Month(**month) for month in played[each]["months"]] for each in large})
    return all(told["false"] == 0 for told in played.values())


def _played(count: int, days: int, early: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.year", str(count), str(days), str(early)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    noun: dict[str, Any] = json.loads(told)
    return noun


def _tell(count: int, early: int, months: list[Month], told: dict[str, Any]) -> None:
    days = sum(month.days for month in months)
    truth = f"deleted in truth {told['gone']}, called so {told['called']}, of them wrongly {told['false']}"
    print(f"\n  {count:,} posts, {days} days, looks up to {early} % of a gap early: {truth}")
    delay = "" if told["delay"] is None else f"; median delay {told['delay']:.1f} d"
    print(f"  of those older than 14 d found {told['found']} of {told['settled']}{delay}")
    before = f"{told['without'] / 1e6:,.0f} MB of them before the first look"
    print(f"  peak of memory {told['peak'] / 1e6:,.0f} MB, {before}")
    heads = (
        "until day",
        "wall s",
        "proc. s",
        "posts/s",
        "requests",
        "a post a month",
        "rows",
        "MB",
        "ms a post looked at",
    )
    print("  " + "".join(f"{head:>{max(len(head) + 2, 10)}}" for head in heads))
    day = 0
    for month in [*months, _total(months)]:
        day = min(day + month.days, days)
        figures = (
            f"{day}",
            f"{month.seconds:,.1f}",
            f"{month.processor:,.1f}",
            f"{month.posts / month.seconds:,.0f}",
            f"{month.requests:,}",
            f"{month.requests / count / month.days * MONTH:,.1f}",
            f"{month.rows:,}",
            f"{month.size / 1e6:,.1f}",
            f"{_each(month):.2f}",
        )
        print("  " + "".join(f"{part:>{max(len(head) + 2, 10)}}" for head, part in zip(heads, figures, strict=True)))


def _total(months: list[Month]) -> Month:
    summed = {name: sum(getattr(month, name) for month in months) for name in Month.__slots__}
    return Month(**summed)


def _each(month: Month) -> float:
    return 1000 * month.processor / max(month.posts, 1)


def _compare(played: dict[int, list[Month]]) -> None:
    """The same months at each size: what a post costs must not grow with the number of posts."""
    shortest = min(len(months) for months in played.values())
    print(f"\n  processor ms a post looked at, the first {shortest} parts, by number of posts (aim: flat)")
    for count, months in played.items():
        print(f"  {count:>8,}" + "".join(f"{_each(month):>9.2f}" for month in months[:shortest]))


# in the process of one size


class InProcess(Client):
    """The program's own client, down to where it would dial: there the simulated X answers."""

    def __init__(self, real: Client, world: World) -> None:
        super().__init__(real._settings, real._clock)
        self._world = world
        self._far_end_turn = threading.Lock()
        self.requests = 0
        self.seconds = 0.0
        """Spent in the far end."""

    def _send(self, request: httpx.Request, target: httpx.URL, attempt: Any, answer: Any) -> None:
        path = target.raw_path.decode("ascii")
        asked = Asked(target.host, path, request.headers["User-Agent"])
        with self._far_end_turn:
            self.requests += 1
            started = time.perf_counter()
            said = _answered(self._world, asked)
            self.seconds += time.perf_counter() - started
        answer.status_code, answer.http_version = said.status_code, "HTTP/1.1"
        # No answer of a real host is the same twice: its headers are kept anew with every look.
        told = (
            ("date", format_datetime(self._clock.now(), usegmt=True)),
            ("x-transaction-id", f"{self.requests:016x}"),
        )
        answer.headers = (("content-type", said.content_type), *told, *said.headers)
        answer.payload = answer.body = said.body
        answer.peer = "192.0.2.1:443"


_answered = answer


def _play(count: int, days: int, early: int = EARLY) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        clock = SettableClock(START)
        world, gone = _world(clock, count, days)
        config = _config(Path(place), _articles(Path(place), world, count), early)
        with Archive(config, clock=clock) as archive:
            archive.scan()
            without = _peak()
            client = _in_process(archive, world)
            months: list[Month] = []
            while (day := sum(month.days for month in months)) < days:
                part = PARTS[len(months)] if len(months) < len(PARTS) else MONTH
                ends = START + timedelta(days=min(day + part, days))
                months.append(_live(archive, client, clock, ends, min(part, days - day)))
                _say_how_far(count, min(day + part, days), days, months)
            listed = archive.posts(PostFilter(verdict=(State.DELETED,)))
            called = {post.native_id: post.decided_at for post in listed}
    now = clock.now()
    truly = {native_id for native_id, at in gone.items() if at <= now}
    settled = {native_id for native_id in truly if gone[native_id] <= now - SETTLED}
    delays = [(at - gone[each]) / timedelta(days=1) for each, at in called.items() if each in truly and at is not None]
    return {
        "months": [asdict(month) for month in months],
        "peak": _peak(),
        "without": without,
        "gone": len(truly),
        "called": len(called),
        "false": len(called.keys() - truly),
        "settled": len(settled),
        "found": len(settled & called.keys()),
        "delay": median(delays) if delays else None,
    }


def _say_how_far(count: int, day: int, days: int, months: list[Month]) -> None:
    spent, looked_at = sum(month.processor for month in months), sum(month.posts for month in months)
    far = f"  {count:,} posts, day {day} of {days}: {looked_at:,} looked at, processor {spent:,.0f} s"
    print(f"{far}, {_each(months[-1]):.2f} ms each", file=sys.stderr, flush=True)


def _live(archive: Archive, client: InProcess, clock: SettableClock, ends: datetime, days: int) -> Month:
    month, folder, tick = Month(days), archive.config.store.path, archive.config.schedule.tick
    rows, size = _rows(folder), _size(folder)
    asked, far_end = client.requests, client.seconds
    started, spent = time.perf_counter(), time.process_time()
    while clock.now() < ends:
        month.posts += tick_check(archive).posts
        due = max(archive.next_due_at() or ends, clock.now())
        at = START + -((START - min(due, ends)) // tick) * tick
        clock.advance(max(at - clock.now(), timedelta(seconds=1)))
    month.seconds = time.perf_counter() - started - (client.seconds - far_end)
    month.processor = time.process_time() - spent - (client.seconds - far_end)
    month.requests = client.requests - asked
    month.rows, month.size = _rows(folder) - rows, _size(folder) - size
    return month


def _in_process(archive: Archive, world: World) -> InProcess:
    looker = archive._looker()
    client = InProcess(looker.tools.client, world)
    looker.tools = replace(looker.tools, client=client)
    return client


def _world(clock: SettableClock, count: int, days: int) -> tuple[World, dict[str, datetime]]:
    """The world, and when each post of it is deleted."""
    chance, world, gone = Random(7), World(clock), dict[str, datetime]()
    for number in range(3):
        world.account(f"control_{number}", str(10_000 + number), f"Control {number}")
        world.post(_control(number), f"control_{number}", f"Sample control {number}")
    gap = timedelta(days=670) / count
    for number in range(count):
        native_id, author = snowflake(START - timedelta(days=60) - number * gap), f"author_{number // 3}"
        if number % 3 == 0:
            world.account(author, str(1_000_000 + number), f"Sample {number}")
        world.post(native_id, author, f"Sample text {number}: what was said that day, in so many words as people use.")
        if chance.random() < 0.03 * days / YEAR:
            gone[native_id] = START + timedelta(days=days * chance.random())
            world.at(gone[native_id]).delete(native_id, tombstone=chance.random() < 0.5)
        if chance.random() < 0.01 * days / YEAR:
            at = START + timedelta(days=days * chance.random())
            chance.choice((world.at(at).suspend, world.at(at).protect))(author)
    for number in range(days // 90 + 1):
        start = START + timedelta(days=90 * number + 20.3)
        for host in (None,) if number % 2 else ("publish.x.com", "cdn.syndication.twimg.com"):
            world.outage(start, start + timedelta(days=2), OUTAGES[number % len(OUTAGES)], host)
    return world, gone


def _control(number: int) -> str:
    return snowflake(datetime(2024, 1, 10 + number, 10, tzinfo=UTC))


def _articles(place: Path, world: World, count: int) -> Path:
    folder = place / "articles"
    folder.mkdir()
    lines = [
        f"https://x.com/{post.account.handle.at(START)}/status/{post.native_id}"
        for post in list(world.posts.values())[-count:]
    ]
    for start in range(0, count, IN_AN_ARTICLE):
        (folder / f"{start}.txt").write_text("\n\n".join(lines[start : start + IN_AN_ARTICLE]) + "\n")
    return folder


def _config(place: Path, articles: Path, early: int) -> Config:
    never = [snowflake(datetime(2024, 2, day, 3, 4, tzinfo=UTC)) for day in (2, 3, 4)]
    controls = {"present": [_control(n) for n in range(3)], "absent": never, "absent_author": "999999999"}
    return Config.model_validate(
        {
            "store": {"path": place / "archive"},
            "sources": {"sample": {"path": articles}},
            "schedule": {"early_percent": early},
            "web": {"pace": "1s", "connect_to": {"*": "http://127.0.0.1:9"}},
            "platforms": {"x": {"controls": controls}},
        }
    )


def _rows(folder: Path) -> int:
    database = Database(folder)
    with database.reading() as connection:
        counts = (select(func.count()).select_from(table) for table in tables.metadata.tables.values())
        rows = sum(int(connection.execute(each).scalar_one()) for each in counts)
    database.close()
    return rows


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    print(json.dumps(_play(*map(int, sys.argv[1:]))))
