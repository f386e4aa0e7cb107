"""Looking through many files: several processes against one. The workers' start counts, in every round."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver
from pathlib import Path

from archiver.scan.look import Scanned
from archiver.scan.workers import STARTS_AFTER, Workers, processes_here
from tests.benchmarks import contenders, trees
from tests.benchmarks.options import Options
from tests.benchmarks.timing import Comparison, Done, Watch
from tests.benchmarks.trees import Tree

FEW = 2 * STARTS_AFTER


def run(options: Options) -> bool:
    with trees.articles(options) as some, tempfile.TemporaryDirectory() as place:
        # A scan of many files: of few, the workers' start would be most of what is measured.
        tree = trees.links(some, Path(place), options.count(400, 20_000))
        ways = {_name(count): partial(through, tree, count) for count in sorted({1, 2, processes_here()})}
        rounds = options.count(1, 3)
        compared = Comparison(f"processes: {tree}, looked through, not stored", ways, rounds=rounds)
        compared.table(_name(1))
        compared.faster(_name(2), _name(1), ">= 1.6 (wall)")
        if len(tree.paths) < FEW:
            print("  (so few files are looked through in one process as a rule: here the workers start at once)")
    return True


def through(tree: Tree, processes: int) -> Done:
    """All of a tree by so many processes; few files from the first on, many as a scan does it."""
    with counted() as watch:
        workers = Workers(lambda: contenders.NOW, processes, after=STARTS_AFTER if len(tree.paths) >= FEW else 0)
        found = 0
        for looked in workers.through(contenders.stored_in(tree)):
            assert isinstance(looked, Scanned), looked
            found += len(looked.found)
        workers.close()
    return Done(len(tree.paths), tree.size, found, watch)


@contextmanager
def counted() -> Iterator[Watch]:
    """A watch whose processor time has that of workers in it; afterwards none of them is left.

    They are children of the fork server: their time is told when it has ended.
    """
    with Watch() as all_of_it:
        with Watch() as watch:
            yield watch
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
    watch.processor = all_of_it.processor


def _name(processes: int) -> str:
    return "one process" if processes == 1 else f"{processes} processes"
