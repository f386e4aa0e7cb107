"""Runs the benchmarks; see the package."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.benchmarks import (
    archiving,
    checking,
    exporting,
    finding,
    fuzz,
    ledger,
    memory,
    policies,
    processes,
    rescan,
    scenes,
    starting,
    year,
)
from tests.benchmarks.options import Options, parse

BENCHMARKS: dict[str, Callable[[Options], bool]] = {
    "finding": finding.run,
    "processes": processes.run,
    "rescan": rescan.run,
    "archive": archiving.run,
    "memory": memory.run,
    "starting": starting.run,
    "checking": checking.run,
    "policies": policies.run,
    "scenes": scenes.run,
    "year": year.run,
    "ledger": ledger.run,
    "export": exporting.run,
    "fuzz": fuzz.run,
}


def main() -> int:
    asked, options = parse(BENCHMARKS)
    return 0 if all([BENCHMARKS[name](options) for name in asked]) else 1


if __name__ == "__main__":
    sys.exit(main())
