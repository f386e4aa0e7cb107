"""A ledger of 100,000 lines verified, by stock tools and by the program, against hashing the same bytes once; and what
the anchor adds to a commit."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import partial
from importlib.resources import files as files_of
from pathlib import Path

from archiver.archive import Archive
from archiver.audit import chain
from archiver.clock import SystemClock
from archiver.config import Config
from archiver.store import articles, files
from archiver.store.engine import Database
from archiver.store.transaction import Store
from archiver.store.verifying import Kept
from tests.audit.bags import chain_by_hand
from tests.benchmarks.options import Options
from tests.benchmarks.timing import Comparison, Done
from tests.builders import name_post, print_embed, write_article

LINES_AN_ARTICLE = 3
AT_ONCE = 500
SUMMING = "sha256sum of the lines' bytes"
STOCK = "the chain by stock tools, as README.txt prints it"
WALKING = "every line follows the one before, from a file"
CHAIN = "the same, from the archive"
WHOLE = "archiver verify: every row and content too"
COMMITS = 50
PLAIN, ANCHORED = "a small commit, synchronous=FULL", "the same, and the anchor"


def run(options: Options) -> bool:
    with tempfile.TemporaryDirectory() as place:
        settings = {"store": {"path": Path(place, "archive")}}
        with Archive(Config.model_validate(settings)) as archive:
            archive.init()
            store = Store(Database(Path(place, "archive")), SystemClock())
            _fill(store, options.count(300, 100_000) // LINES_AN_ARTICLE)
            archive.checkpoint()
            flat = Path(place, "data", "ledger.jsonl")
            flat.parent.mkdir()
            with store.reading() as connection, flat.open("wb") as out:
                out.writelines(line.line + b"\n" for line in Kept(connection).ledger_lines())
            whole = _verifying(archive, flat)
            compared = Comparison(
                f"ledger of {whole.units:,} lines",
                {
                    SUMMING: partial(_summing, flat, whole.units),
                    STOCK: partial(_by_hand, flat, whole.units),
                    WALKING: partial(_walking, flat),
                    CHAIN: partial(_chain, store, flat),
                    WHOLE: partial(_verifying, archive, flat),
                },
                "lines",
                rounds=options.count(2, 3),
            )
            compared.table(SUMMING)
            for way in (STOCK, WALKING, CHAIN, WHOLE):
                compared.slower(way, SUMMING, "none: for scale")
            commits = Comparison(
                "commits",
                {
                    PLAIN: partial(_committing, store.database),
                    ANCHORED: partial(_anchoring, store.database, Path(place)),
                },
                "commits",
            )
            commits.table(PLAIN)
            commits.slower(ANCHORED, PLAIN, "none: for scale")
            store.database.close()
    return True


def _fill(store: Store, count: int) -> None:
    """As a scan writes: for each article that was read, an embed and its post."""
    with store.run("scan") as run:
        for start in range(0, count, AT_ONCE):
            chunk = []
            for number in range(start, min(start + AT_ONCE, count)):
                embed = print_embed(str(10**17 + number), f"Sample words {number}")
                chunk.append((write_article(f"{number}.html", f"Sample {number}"), [(embed, name_post(embed))], ()))
            with store.writing(run.id) as transaction:
                articles.save(transaction, "sample", chunk)


def _summing(flat: Path, lines: int) -> Done:
    subprocess.run(["sha256sum", str(flat)], check=True, capture_output=True)
    return Done(lines, flat.stat().st_size)


def _by_hand(flat: Path, lines: int) -> Done:
    readme = files_of("archiver.audit.bag") / "README.template.txt"
    command = chain_by_hand(readme.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place:
        told = {**os.environ, "TMPDIR": place}
        done = subprocess.run(command, cwd=flat.parents[1], env=told, check=True, capture_output=True)
    assert done.stdout == b"whole\n"
    return Done(lines, flat.stat().st_size)


def _walking(flat: Path) -> Done:
    with flat.open("rb") as file:
        lines = sum(1 for _ in chain.walk(line[:-1] for line in file))
    return Done(lines, flat.stat().st_size)


def _chain(store: Store, flat: Path) -> Done:
    with store.reading() as connection:
        lines = sum(1 for _ in chain.walk(line.line for line in Kept(connection).ledger_lines()))
    return Done(lines, flat.stat().st_size)


def _verifying(archive: Archive, flat: Path) -> Done:
    steps = list(archive.verify())
    assert all(step.passed is not False for step in steps), steps[-1]
    return Done(archive.vouched().lines, flat.stat().st_size)


def _committing(database: Database) -> Done:
    for _ in range(COMMITS):
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE post_states SET checks = checks + 1 WHERE post = 1")
    return Done(COMMITS)


def _anchoring(database: Database, place: Path) -> Done:
    for _ in range(COMMITS):
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE post_states SET checks = checks + 1 WHERE post = 1")
        files.write(place / "sample.anchor", b"4711 sha256:" + b"0" * 64 + b"\n")
    return Done(COMMITS)
