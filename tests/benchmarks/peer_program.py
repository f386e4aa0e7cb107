"""Runs in another interpreter: goes through a folder's files with one program, as its documentation has it.

python peer_program.py NAME FOLDER → one line of JSON: wall, processor (seconds), found, failed (files that raised)
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def tweetfinder() -> Callable[[str], int]:
    article = importlib.import_module("tweetfinder").Article
    return lambda html: len(article(html=html).list_embedded_tweets())


def goose3() -> Callable[[str], int]:
    goose = importlib.import_module("goose3").Goose()
    return lambda html: len(goose.extract(raw_html=html).tweets)


def main(name: str, folder: str) -> None:
    find = {"tweetfinder": tweetfinder, "goose3": goose3}[name]()
    paths = sorted(Path(folder).iterdir())
    found = failed = 0
    wall, processor = time.perf_counter(), time.process_time()
    for path in paths:
        try:
            found += find(path.read_text(encoding="utf-8", errors="replace"))
        except Exception:  # it is the peer's affair what it raises; how often is told
            failed += 1
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(json.dumps({"wall": wall, "processor": processor, "found": found, "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
