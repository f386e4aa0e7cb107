"""Start-up: of --help and of a query, against a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import pages
from tests.benchmarks.options import Options
from tests.benchmarks.timing import Comparison, Done, Way

BARE = "python -c pass"


def run(options: Options) -> bool:
    with tempfile.TemporaryDirectory() as place:
        folder, config = Path(place, "articles"), Path(place, "config.toml")
        pages.write(folder, options.count(20, 200))
        config.write_text(f'[store]\npath = "{place}/archive"\n[sources.sample]\npath = "{folder}"\n')
        program = [sys.executable, "-m", "archiver", "--config", str(config)]
        subprocess.run([*program, "scan"], check=True, capture_output=True)
        compared = Comparison(
            "start-up",
            {
                BARE: _starting(sys.executable, "-c", "pass"),
                "archiver --help": _starting(*program, "--help"),
                "archiver posts --limit 1": _starting(*program, "posts", "--limit", "1"),
            },
            "starts",
            rounds=options.count(3, 7),
        )
        compared.table(BARE)
        compared.slower("archiver --help", BARE, "none: for scale")
        compared.slower("archiver posts --limit 1", BARE, "none: for scale")
    return True


def _starting(*command: str) -> Way:
    def start() -> Done:
        subprocess.run(command, check=True, capture_output=True)
        return Done(1)

    return start
