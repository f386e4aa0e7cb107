"""A tree that has not changed since the last scan, against asking the file system alone."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path

from archiver.archive import Archive
from archiver.config import Config
from tests.benchmarks import trees
from tests.benchmarks.options import Options
from tests.benchmarks.timing import Comparison, Done, Watch

FILES_A_FOLDER = 100
WALKING = "limit: os.walk and os.stat"
SCANNING = "archiver scan of the unchanged tree"


def run(options: Options) -> bool:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "articles")
        trees.tiny(folder, options.count(10, 1000), FILES_A_FOLDER)
        settings = {"store": {"path": Path(place, "archive")}, "sources": {"sample": {"path": folder}}}
        with Archive(Config.model_validate(settings)) as archive:
            with Watch() as first:
                read = archive.scan().read
            compared = Comparison(
                f"re-scan: {read:,} files in {read // FILES_A_FOLDER:,} folders",
                {WALKING: partial(_walking, folder), SCANNING: partial(_scanning, archive, read)},
            )
        compared.table(WALKING)
        compared.slower(SCANNING, WALKING, "<= 2")
        print(f"  (the first scan took {first.wall:,.1f} s)")
    return True


def _walking(folder: Path) -> Done:
    count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            os.stat(os.path.join(place, name))
            count += 1
    return Done(count)


def _scanning(archive: Archive, count: int) -> Done:
    summary = archive.scan()
    assert (summary.unchanged, summary.read) == (count, 0)
    return Done(count)
