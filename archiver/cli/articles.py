"""`archiver articles`: the articles of the archive."""

from __future__ import annotations

from itertools import islice

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import TIMES, example, filters, format_option, limit_option
from archiver.model.listing import PostFilter


@click.command(
    "articles",
    short_help="List articles, newest first.",
    epilog=example("archiver articles --verdict deleted", "archiver articles --suspicious", note=TIMES),
)
@filters
@click.option("--suspicious", is_flag=True, help="Only those a person should look at: read in doubt, or unidentified.")
@limit_option
@format_option
@click.pass_obj
def command(door: Door, wanted: PostFilter, suspicious: bool, limit: int | None, asked: str | None) -> int:
    """List articles, newest first; with a filter, those that show a post which passes it."""
    return execute(door, wanted, limit, asked, suspicious=suspicious)


def execute(door: Door, wanted: PostFilter, limit: int | None, asked: str | None, *, suspicious: bool) -> int:
    from archiver.cli.shapes import ARTICLES

    with door.archive() as archive:
        found = archive.articles(wanted, suspicious=suspicious)
        output.write(islice(found, limit), ARTICLES, asked, colour=door.colour)
    return 0
