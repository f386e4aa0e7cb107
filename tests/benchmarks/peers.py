"""Other programs that find embedded posts, each run in the interpreter that has it, on the same files."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks import trees
from tests.benchmarks.timing import Done, Watch
from tests.benchmarks.trees import Tree

NAMES = ("tweetfinder", "goose3")
_PROGRAM = Path(__file__).with_name("peer_program.py")


@contextmanager
def sample(tree: Tree, count: int) -> Iterator[Tree]:
    """About so many of a tree's HTML files, from all over it: the others are slow, and made for HTML only."""
    pages = [path for path in tree.paths if path.suffix in (".html", ".htm")]
    with tempfile.TemporaryDirectory() as place:
        for number, path in enumerate(pages[:: max(1, len(pages) // count)]):
            Path(place, f"{number:04}.html").write_bytes(path.read_bytes())
        yield trees.below(Path(place))


def missing(python: str) -> list[str]:
    """Which of them an interpreter does not have."""
    return [name for name in NAMES if subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode]


def go(python: str, name: str, tree: Tree) -> Done:
    """One round of one of them. Its start and its imports do not count."""
    told = _told(python, name, tree)
    watch = Watch()
    watch.wall, watch.processor = told["wall"], told["processor"]
    return Done(len(tree.paths), tree.size, told["found"], watch)


@cache
def failed(python: str, name: str, tree: Tree) -> int:
    """On how many files it raises."""
    return int(_told(python, name, tree)["failed"])


def _told(python: str, name: str, tree: Tree) -> dict[str, Any]:
    command = [python, "-I", str(_PROGRAM), name, str(tree.folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return dict(json.loads(done.stdout.splitlines()[-1]))
