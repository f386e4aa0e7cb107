"""What a run of the benchmarks was told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """As given on the command line."""

    small: bool = False
    """Everything in small, as the gate runs it."""
    full: bool = False
    """The memory benchmark reads 5 GB, the year is whole at each size, and the bag holds 100,000 posts."""
    corpus: Path | None = None
    """A folder of real articles; None for generated ones."""
    peers: str | None = None
    """The interpreter that has the peers; None to leave them out."""
    minutes: float = 10.0
    """How long to fuzz."""
    seed: int = 1
    """Where chance begins; the same seed makes the same pages."""

    def count(self, small: int, usual: int) -> int:
        """How many of something, small or not."""
        return small if self.small else usual


def parse(names: Iterable[str], arguments: list[str] | None = None) -> tuple[list[str], Options]:
    """The benchmarks asked for, and the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Figures, as ratios in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all (default), {', '.join(names)}")
    parser.add_argument("--small", action="store_true", help="everything in small: less than a minute")
    parser.add_argument("--full", action="store_true", help="memory: 5 GB; year: whole at each size; export: 100,000")
    parser.add_argument("--corpus", type=Path, help="a folder of real articles, instead of generated ones")
    parser.add_argument("--peers", nargs="?", const=sys.executable, metavar="PYTHON", help="tweetfinder and goose3 too")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to fuzz")
    parser.add_argument("--seed", type=int, default=1, help="of the fuzzing and the policies")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - {"all", *names}:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    if given.corpus is not None and not given.corpus.is_dir():
        parser.error(f"{given.corpus} is no folder")
    asked = list(names) if not given.names or "all" in given.names else [name for name in names if name in given.names]
    return asked, Options(given.small, given.full, given.corpus, given.peers, given.minutes, given.seed)
