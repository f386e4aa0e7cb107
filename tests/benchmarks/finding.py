"""Finding embeds: against the limits, against ten lines of BeautifulSoup, against other programs."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from archiver.scan.workers import processes_here
from tests.benchmarks import contenders, peers, trees
from tests.benchmarks.options import Options
from tests.benchmarks.timing import ROUNDS, Comparison
from tests.benchmarks.trees import Tree

READING = "limit: read the bytes"
HASHING = "limit: read the bytes, SHA-256"
NAIVE = "ten lines of BeautifulSoup and lxml, X blockquotes only"
FINDING = "archiver: find, all platforms"
WHOLE = "archiver: the same, described, hashed, surroundings"
PEER_FILES = 100


def run(options: Options) -> bool:
    with trees.articles(options) as tree:
        _against_limits(str(tree), tree, options.count(2, ROUNDS))
        with tempfile.TemporaryDirectory() as place:
            mixed = contenders.one_in_five(tree, Path(place), options.count(50, 1_000))
            _against_limits(f"{mixed}, one in five with embeds", mixed, options.count(1, 3))
        with tempfile.TemporaryDirectory() as place:
            mixed = contenders.one_in_five_hinted(tree, Path(place), options.count(50, 1_000))
            _against_limits(f"{mixed} of HTML, one in five with a hint", mixed, options.count(1, 3))
        _with_all_cores(tree, options.count(1, 4), options.count(1, 3))
        if options.peers:
            _against_peers(tree, options.peers)
    return True


def _against_limits(name: str, tree: Tree, rounds: int) -> None:
    compared = Comparison(
        f"finding: {name}, one process",
        {
            READING: partial(contenders.reading, tree),
            HASHING: partial(contenders.hashing, tree),
            NAIVE: partial(contenders.naive, tree),
            FINDING: partial(contenders.finding, tree),
            WHOLE: partial(contenders.looking_through, tree),
        },
        rounds=rounds,
    )
    compared.table(NAIVE)
    print(f"  of the embeds found, {contenders.of_x(tree):,} are of X")
    compared.faster(FINDING, NAIVE, ">= 60")
    compared.slower(FINDING, HASHING, "<= 6")
    compared.slower(WHOLE, HASHING, "none: for scale")


def _with_all_cores(tree: Tree, times: int, rounds: int) -> None:
    """As a scan uses them by default; hashing is one process's work, as nobody hashes twice."""
    cores = processes_here()
    by_all = f"{FINDING}, {cores} processes"
    with tempfile.TemporaryDirectory() as place:
        shares = [trees.links(tree, Path(place, str(core)), times * len(tree.paths)) for core in range(cores)]
        compared = Comparison(
            f"finding, with all cores: {tree}, {times} times for each",
            {
                HASHING: partial(contenders.hashing, shares[0]),
                FINDING: partial(contenders.finding, shares[0]),
                by_all: partial(contenders.finding_at_once, shares),
            },
            rounds=rounds,
        )
    compared.table(HASHING)
    compared.slower(by_all, HASHING, "<= 6 (wall)")


def _against_peers(tree: Tree, python: str) -> None:
    missing = peers.missing(python)
    for name in missing:
        print(f"\n{python} has no {name}: pip install {name} (in an environment of its own), then --peers PYTHON")
    present = [name for name in peers.NAMES if name not in missing]
    if not present:
        return
    with peers.sample(tree, PEER_FILES) as sample, tempfile.TemporaryDirectory() as place:
        cores = processes_here()
        # More of the same files: else the last to end would be most of what is measured.
        shares = [trees.links(sample, Path(place, str(core)), 10 * PEER_FILES) for core in range(cores)]
        by_all = f"{FINDING}, {cores} processes"
        ways = {
            NAIVE: partial(contenders.naive, sample),
            FINDING: partial(contenders.finding, sample),
            by_all: partial(contenders.finding_at_once, shares),
            **{name: partial(peers.go, python, name, sample) for name in present},
        }
        compared = Comparison(f"finding, against peers: {sample} of HTML", ways, rounds=3)
        compared.table(NAIVE)
        print(f"  of the embeds found, {contenders.of_x(sample):,} are of X; the others look for X only")
        for name in present:
            compared.faster(FINDING, name, ">= 100")
            compared.faster(by_all, name, ">= 100 (wall), where it keeps several cores busy too")
            if failed := peers.failed(python, name, sample):
                print(f"  {name} raised on {failed} of the files")
