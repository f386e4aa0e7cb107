"""`archiver report FILE`: the record of disappearances as a page to read and print."""

from __future__ import annotations

from pathlib import Path

import click

from archiver.cli import output
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import TIMES, example, filters, format_option
from archiver.cli.summaries import count
from archiver.model.listing import PostFilter


@click.command(
    "report",
    epilog=example("archiver report deleted.html", "archiver report --profile public for-readers.html", note=TIMES),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@filters
@click.option(
    "--profile",
    type=click.Choice(("auditor", "public")),
    default="auditor",
    show_default=True,
    help="public: without texts, names, handles, links and pictures.",
)
@format_option
@click.pass_obj
def command(door: Door, file: Path, wanted: PostFilter, profile: str, asked: str | None) -> int:
    """Write the record of disappearances to FILE (.html), to read in a browser or to print.

    One file that loads nothing and runs no script: counts, what was followed, charts, and a card for each post that was
    deleted, was gone before the first look, or is not public for another reason, with the looks that carry its verdict.
    """
    return execute(door, file, wanted, profile, asked)


def execute(door: Door, file: Path, wanted: PostFilter, profile: str, asked: str | None) -> int:
    with door.archive() as archive:
        warn_of_weaker_rules(archive.config)
        cards = archive.report(file, wanted, public=profile == "public")
    output.write_deeds([{"file": str(file), "posts": cards}], [f"{file}: {count(cards, 'post')}"], asked)
    return 0
