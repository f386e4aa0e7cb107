"""`archiver export FILE`: the record of disappearances."""

from __future__ import annotations

from pathlib import Path

import click

from archiver.cli import output
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import TIMES, example, filters, format_option, limit_option
from archiver.model.listing import PostFilter


@click.command(
    "export",
    epilog=example("archiver export deleted.csv", "archiver export --gone-since 2026-01-01 january.jsonl", note=TIMES),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@filters
@limit_option
@format_option
@click.pass_obj
def command(door: Door, file: Path, wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    """Write the record of deleted posts to FILE (.csv or .jsonl).

    Each with its interval, grade, checks and citing articles. Posts that were gone before the first look are another
    claim: they stand apart, in a second file whose name ends in -gone-before-first-look. The suffix of FILE says how
    FILE is written; --format says how the answer is, a line for each file.
    """
    return execute(door, file, wanted, limit, asked)


def execute(door: Door, file: Path, wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    with door.archive() as archive:
        warn_of_weaker_rules(archive.config)
        written = archive.export(file, wanted, limit=limit)
    files = ({"file": str(path), "records": records} for path, records in written.items())
    output.write_deeds(files, (f"{path}: {records}" for path, records in written.items()), asked)
    return 0
