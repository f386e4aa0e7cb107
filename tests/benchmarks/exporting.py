"""The bag of an archive with many deleted posts: rows a second, and the peak memory of the process that writes it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.config import Config
from archiver.model.article import Article
from archiver.model.embed import Embed, Identification
from archiver.model.observation import Look, SubjectKind
from archiver.model.outcome import Outcome, Strength
from archiver.model.verdict import Interval, Rules, State, Verdict
from archiver.store import articles, observations, states
from archiver.store.engine import Database
from archiver.store.transaction import Store, Transaction
from tests.benchmarks.options import Options
from tests.builders import NOON, answer, close, look, name_post, print_embed, say, write_article

ABSENTS = 4
"""Rounds in which a post was looked for in vain."""
_CHILD = """\
import resource, sys, time
from pathlib import Path
from archiver.archive import Archive
from archiver.config import Config
archive = Archive(Config.model_validate({"store": {"path": Path(sys.argv[1])}}))
started = time.perf_counter()
counted = archive.export_bag(Path(sys.argv[2]))
took = time.perf_counter() - started
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, sum(counted.files.values()))
"""


def run(options: Options) -> bool:
    print(f"\nexport: a bag, every post deleted, {ABSENTS + 2} looks a post with their exchanges, two controls a batch")
    peaks = []
    for count in (options.count(40, 1_000), 100_000 if options.full else options.count(200, 10_000)):
        with tempfile.TemporaryDirectory() as place:
            build(Path(place) / "archive", count)
            took, peak, rows = _export(Path(place) / "archive", Path(place) / "bag")
            peaks.append(peak)
            size = sum(path.stat().st_size for path in (Path(place) / "bag").rglob("*") if path.is_file())
            print(f"  {count:,} deleted posts: {rows:,.0f} rows in {took:,.1f} s, {rows / took:,.0f} rows/s", end="")
            print(f" ({count / took:,.0f} posts/s), {size / 1e6:,.1f} MB; peak memory {peak:,.0f} MB")
            started = time.perf_counter()
            verify = [sys.executable, "-I", str(Path(place) / "bag" / "data" / "verify.py")]
            code = subprocess.run(verify, stdout=subprocess.DEVNULL, check=False).returncode
            print(f"    verify.py: {time.perf_counter() - started:,.1f} s (exit {code}: no key is trusted)")
            if code != 2:
                return False
    print(f"  => so many more posts take {peaks[1] / peaks[0]:.2f} x the memory")
    return True


def _export(archive: Path, bag: Path) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(archive), str(bag)], capture_output=True, text=True, check=True
    )
    took, peak, rows = map(float, done.stdout.split())
    return took, peak, rows


def build(folder: Path, count: int) -> None:
    """An archive of so many deleted posts, made by the store's own functions."""
    clock = SettableClock(NOON)
    with Archive(Config.model_validate({"store": {"path": folder}}), clock=clock) as archive:
        archive.init()
    store = Store(Database(folder), clock)
    with store.run("scan") as run:
        for numbers in batched(count, 500):
            with store.writing(run.id) as transaction:
                articles.save(transaction, "sample", [_article(number) for number in numbers])
    with store.run("check") as run:
        for numbers in batched(count, 20):
            with store.writing(run.id) as transaction:
                _live(transaction, numbers)
    store.database.close()


def batched(count: int, size: int) -> Iterator[tuple[int, ...]]:
    """1 to `count`, so many at a time."""
    return (tuple(range(start, min(start + size, count + 1))) for start in range(1, count + 1, size))


def _article(number: int) -> tuple[Article, list[tuple[Embed, Identification | None]], list[str]]:
    embed = print_embed(_id(number), f"Sample text number {number}", author_handle=f"sample_{number % 97}")
    return write_article(f"{number}.html", f"Sample words {number}"), [(embed, name_post(embed))], []


def _id(number: int) -> str:
    return str(1_499_999_999_999_000_000 + number)


def _live(transaction: Transaction, numbers: tuple[int, ...]) -> None:
    """Seen once, then looked for in vain, and a verdict."""
    carried: dict[int, list[int]] = {number: [] for number in numbers}
    for turn in range(ABSENTS + 2):
        at = NOON + timedelta(days=turn, minutes=numbers[0])
        round_number = observations.open_round(transaction, "x")
        endpoint = "timeline" if turn == ABSENTS + 1 else ("syndication", "oembed")[turn % 2]
        looks = list(_looks(numbers, turn))
        batch, kept = observations.append(transaction, close(round_number, looks, at, endpoint=endpoint))
        for number, each, snapshot in kept:
            if each.subject_kind is SubjectKind.POST:
                states.note_looks(transaction.connection, [states.Noted(each, snapshot, True)], valid=True)
                carried[int(each.subject_key)].append(number)
    for number in numbers:
        states.record(transaction, number, _verdict(carried[number], numbers[0]), Rules(), batch)


def _looks(numbers: tuple[int, ...], turn: int) -> Iterator[Look]:
    at = NOON + timedelta(days=turn, minutes=numbers[0])
    yield look("present:1", Outcome.PRESENT, at, kind=SubjectKind.CONTROL)
    for number in numbers:
        if turn == 0:
            words = say(f"Sample text number {number}", author_id=str(7000 + number % 97))
            body = f'{{"text": "Sample text number {number}", "filling": "{"sample " * 200}"}}'.encode()
            yield _asked(look(number, Outcome.PRESENT, at, snapshot=words, native_id=_id(number)), body)
        elif turn <= ABSENTS:
            yield look(number, Outcome.ABSENT, at, strength=Strength.STRONG, native_id=_id(number))
    if turn == ABSENTS + 1:
        for author in sorted({number % 97 for number in numbers}):
            yield look(f"id:{7000 + author}", Outcome.ACCOUNT_OK, at, kind=SubjectKind.AUTHOR, native_id=None)
    yield look("absent:2", Outcome.ABSENT, at, kind=SubjectKind.CONTROL)


def _asked(made: Look, body: bytes) -> Look:
    exchange = answer(made.sent_at, body, f"https://cdn.syndication.example/tweet-result?id={made.native_id}")
    return replace(made, reading=replace(made.reading, exchange=exchange), exchanges=(exchange,))


def _verdict(rests_on: list[int], minutes: int) -> Verdict:
    seen, gone = (NOON + timedelta(days=days, minutes=minutes) for days in (0, 1))
    return Verdict(
        State.DELETED,
        NOON + timedelta(days=ABSENTS + 1, minutes=minutes),
        Interval(seen, gone, rests_on[0], rests_on[1]),
        "A",
        rests_on=tuple(rests_on),
        first_seen_at=seen,
        last_seen_at=seen,
        episode_started_at=gone,
    )
