"""A scan into a new archive, against finding alone, where one article in five shows embeds."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from archiver import digest
from archiver.articles.directory import Directory
from archiver.clock import SystemClock
from archiver.scan.sources import scan
from archiver.scan.workers import processes_here
from tests.benchmarks import contenders, trees
from tests.benchmarks.options import Options
from tests.benchmarks.processes import counted, through
from tests.benchmarks.timing import Comparison, Done
from tests.benchmarks.trees import Tree
from tests.builders import make_store

FINDING = "archiver: find, one process"
COMMAND = "archiver: with title, day and digest, as `embeds` does"
WHOLE = "archiver: look through, one process"
SCANNING = "archiver: scan into a new archive, one process"


def run(options: Options) -> bool:
    with trees.articles(options) as some, tempfile.TemporaryDirectory() as place:
        tree = contenders.one_in_five(some, Path(place), options.count(100, 3_000))
        cores = processes_here()
        whole_by_all, scanning_by_all = (
            f"archiver: look through, {cores} processes",
            f"archiver: scan, {cores} processes",
        )
        compared = Comparison(
            f"scan into the archive: {tree}, one in five with embeds",
            {
                FINDING: partial(contenders.finding, tree),
                COMMAND: partial(contenders.looking_through, tree, surroundings=False),
                WHOLE: partial(contenders.looking_through, tree),
                SCANNING: partial(_scanning, tree, 1),
                whole_by_all: partial(through, tree, cores),
                scanning_by_all: partial(_scanning, tree, cores),
            },
            rounds=options.count(1, 3),
        )
        compared.table(FINDING)
        compared.slower(SCANNING, FINDING, "<= 2")
        compared.slower(SCANNING, COMMAND, "<= 2, where the command's finding is what a scan is held against")
        compared.slower(SCANNING, WHOLE, "none: for scale")
        compared.slower(scanning_by_all, whole_by_all, "none: for scale")
        compared.slower(scanning_by_all, FINDING, "none: for scale")
    return True


def _scanning(tree: Tree, processes: int) -> Done:
    with tempfile.TemporaryDirectory() as place:
        clock = SystemClock()
        store = make_store(Path(place, "archive"))
        with counted() as watch, store.run("scan", digest.of_bytes(b"")) as run:
            summary = scan(store, [Directory("sample", tree.folder)], clock, run, processes=processes)
        assert summary.read == len(tree.paths), summary.unread
        return Done(summary.read, tree.size, summary.embeds, watch)
