"""Looking through articles in several processes: the same as in one, in order, and nothing lost with a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.model.article import Finding, Reached, Stamp, StoredArticle, Unchanged, Unread
from archiver.scan.look import Scanned, look_through_all
from archiver.scan.workers import CHUNK_ARTICLES, Workers, start
from tests.embeds.articles import BLOCKQUOTE

NOW = datetime(2026, 3, 2, tzinfo=UTC)
STAMP = Stamp(1, 2, 3)


def stored(location: str) -> StoredArticle:
    return StoredArticle("sample", location, f"<p>Sample {location}</p>{BLOCKQUOTE}".encode(), STAMP, "html")


class Fragile(Executor):
    """Workers that die over an article whose location says so, as a whole pool does; all else they look through."""

    def __init__(self) -> None:
        self.is_broken = False
        self.looked_at: list[str] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.is_broken:
            raise BrokenProcessPool("a worker died before")
        future: Future[Any] = Future()
        if any("deadly" in each.location for each in args[0]):
            self.is_broken = True
            future.set_exception(BrokenProcessPool("a worker died"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def wait_for(workers: Workers) -> None:
    """Until workers that were started have loaded what they need."""
    for probe in workers._probes:
        probe.result()


def told(findings: list[Finding], start: Any) -> list[object]:
    workers = Workers(lambda: NOW, 2, start, after=0)

    def handed_over() -> Iterator[Finding]:
        for number, finding in enumerate(findings):
            if number == 1:
                wait_for(workers)
            yield finding

    try:
        return list(workers.through(handed_over()))
    finally:
        workers.close()


def test_workers_tell_the_same_as_one_process_in_the_same_order() -> None:
    """Real worker processes: articles looked through, and what came between them where it came."""
    findings: list[Finding] = [stored(f"{number}.html") for number in range(3 * CHUNK_ARTICLES + 5)]
    findings.insert(7, Unchanged("same.html"))
    findings.insert(30, Reached("feed.xml", STAMP, "12", complete=False))
    findings.append(Unread("gone.html", "missing", "no such file"))
    alone = [each if not isinstance(each, StoredArticle) else look_through_all([each], NOW)[0] for each in findings]
    assert told(findings, start) == alone
    assert sum(isinstance(each, Scanned) for each in alone) == 3 * CHUNK_ARTICLES + 5


def test_a_worker_that_is_killed_loses_nothing() -> None:
    """SIGKILL in the middle: what was under way is looked through again."""
    pools: list[ProcessPoolExecutor] = []

    def started(processes: int) -> Executor:
        pools.append(start(processes))  # type: ignore[arg-type]
        return pools[-1]

    def findings() -> Iterator[Finding]:
        for number in range(8 * CHUNK_ARTICLES):
            if number == 1:
                wait_for(workers)
            if number == 3 * CHUNK_ARTICLES:
                os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)
            yield stored(f"{number}.html")

    workers = Workers(lambda: NOW, 2, started, after=0)
    try:
        locations = [each.article.location for each in workers.through(findings()) if isinstance(each, Scanned)]
    finally:
        workers.close()
    assert locations == [f"{number}.html" for number in range(8 * CHUNK_ARTICLES)]
    assert len(pools) > 1


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 99), max_size=4))
def test_an_article_that_kills_its_worker_is_told_and_costs_no_other(deadly: set[int]) -> None:
    """Wherever such articles stand, all others are looked through, in order."""
    names = [f"{number}{'-deadly' if number in deadly else ''}.html" for number in range(100)]
    looked = told([stored(name) for name in names], lambda processes: Fragile())
    assert [each.location if isinstance(each, Unread) else each.article.location for each in looked] == names  # type: ignore[attr-defined]
    unread = [each for each in looked if isinstance(each, Unread)]
    assert {each.location for each in unread} == {name for name in names if "deadly" in name}
    assert all(each.reason == "unparsed" for each in unread)


def test_few_articles_start_no_workers() -> None:
    """To start them would cost more than they save."""

    def refused(processes: int) -> Executor:
        raise AssertionError("workers were started")

    workers = Workers(lambda: NOW, 2, refused, after=50)
    assert len(list(workers.through([stored(f"{number}.html") for number in range(50)]))) == 50
    workers.close()


def test_where_no_worker_can_be_had_the_program_does_all_itself() -> None:
    """Workers that die before their first article are no reason to call articles unread."""

    class Stillborn(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            raise BrokenProcessPool("never began")

    names = [f"{number}-deadly.html" for number in range(40)]
    looked = told([stored(name) for name in names], lambda processes: Stillborn())
    assert [each.article.location for each in looked if isinstance(each, Scanned)] == names


def test_workers_end_with_a_scan_that_is_killed() -> None:
    """SIGKILL to the scanning process: its workers are gone soon after."""
    program = (
        "from tests.scan.test_workers import *\n"
        "import time\n"
        "if __name__ == '__main__':\n"
        "    pool = start(2)\n"
        "    pool.submit(look_through_all, [], NOW).result()\n"
        "    print(*pool._processes, flush=True)\n"
        "    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        workers = [int(number) for number in child.stdout.readline().split()]
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    assert workers
    deadline = time.monotonic() + 30
    while any(_runs(number) for number in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_runs(number) for number in workers)


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    """Its last line is printed once, and the workers do their work."""
    script = tmp_path / "script.py"
    script.write_text(
        "from tests.scan.test_workers import *\n"
        "workers = Workers(lambda: NOW, 2, after=0)\n"
        "first = list(workers.through([stored('first.html')]))\n"
        "wait_for(workers)\n"
        "print(len(list(workers.through([stored(f'{n}.html') for n in range(40)]))), workers._ready)\n"
        "workers.close()\n"
    )
    ran = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    assert (ran.stdout, ran.stderr) == ("40 True\n", "")
