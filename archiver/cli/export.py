"""`archiver export DIR`: the bag that auditors get; `archiver export FILE`: its table alone."""

from __future__ import annotations

import re
from pathlib import Path

import click

from archiver.cli import output
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import TIMES, example, filters, limit_option
from archiver.cli.output import FORMATS
from archiver.cli.summaries import count
from archiver.cli.terminal import Progress, complain
from archiver.errors import UsageError
from archiver.model.listing import PostFilter

TABLES = ("csv", "xlsx", "jsonl")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}")
"""A suffix that names a kind of file; `2026.01` has none."""


@click.command(
    "export",
    epilog=example(
        "archiver export evidence-2026",
        "archiver export evidence-of-one --author sample_wire --verdict deleted",
        "archiver export january.csv --gone-since 2026-01-01 --gone-until 2026-01-31",
        "archiver export --format xlsx",
        note=TIMES,
    ),
)
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR|FILE", required=False)
@filters
@limit_option
@click.option(
    "--profile",
    type=click.Choice(("auditor", "public")),
    help="auditor (the default): everything; public: no text, name, handle or received bytes, commitments instead.",
)
@click.option(
    "--format",
    "asked",
    type=click.Choice((*FORMATS, "xlsx")),
    help="How the answer is written; alone (csv, xlsx or jsonl): the table to write, as deleted.csv in this folder.",
)
@click.pass_obj
def command(
    door: Door, target: Path | None, wanted: PostFilter, limit: int | None, profile: str | None, asked: str | None
) -> int:
    """Write the record of deleted posts: a bag to be checked without us (DIR), or its table alone (FILE).

    DIR is a new folder, a BagIt bag: the tables, every look with its exchanges (WARC), the ledger, contents that open
    its commitments, checkpoints, a signature, and two verifiers. It states its filters and what they leave out.

    FILE (.csv, .xlsx or .jsonl) holds the deleted posts, each with its interval, grade, checks and citing articles.
    Posts that were gone before the first look are another claim: they stand apart, in a second file whose name ends in
    -gone-before-first-look.
    """
    if target is None and asked in TABLES:
        return write_table(door, Path(f"deleted.{asked}"), wanted, limit, None)
    if target is None:
        raise UsageError("give a folder for a bag, a file for the table alone, or --format csv, xlsx or jsonl")
    if asked == "xlsx":
        raise UsageError(f"--format xlsx stands alone: what {target} is written as, its own name says")
    if not _FILE.fullmatch(target.suffix):
        if limit is not None:
            raise UsageError("--limit is for a file: a bag is not cut short, it states what its filters leave out")
        return write_bag(door, target, wanted, profile or "auditor", asked)
    if profile is not None:
        raise UsageError("--profile is for a bag: give a folder")
    return write_table(door, target, wanted, limit, asked)


def write_table(door: Door, file: Path, wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    with door.archive() as archive:
        warn_of_weaker_rules(archive.config)
        written = archive.export(file, wanted, limit=limit)
    files = ({"file": str(path), "records": records} for path, records in written.items())
    output.write_deeds(files, (f"{path}: {records}" for path, records in written.items()), asked)
    return 0


def write_bag(door: Door, folder: Path, wanted: PostFilter, profile: str, asked: str | None) -> int:
    with door.archive() as archive, Progress("rows") as progress:
        warn_of_weaker_rules(archive.config)
        bag = archive.export_bag(folder, wanted, public=profile == "public", progress=progress)
    posts, looks = sum(bag.posts.values()), bag.files["observations.jsonl"]
    for alarm in bag.alarms:
        complain(alarm)
    told = {"bag": str(folder), "posts": posts, "looks": looks, "ledger_lines": bag.lines, "signed_by": bag.signed_by}
    prose = f"{folder}: {count(posts, 'post')} and {count(looks, 'look')}, signed by {bag.signed_by or 'nobody'}"
    output.write_deeds([told], [prose], asked)
    return 0
