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
    epilog=example(
        "archiver articles --verdict deleted",
        "archiver articles --suspicious",
        "archiver articles --unread",
        note=TIMES,
    ),
)
@filters
@click.option("--suspicious", is_flag=True, help="Only those a person should look at: read in doubt, or unidentified.")
@click.option("--unread", is_flag=True, help="The places that could not be read when a scan met them last, and why.")
@limit_option
@format_option
@click.pass_obj
def command(
    door: Door, wanted: PostFilter, suspicious: bool, unread: bool, limit: int | None, asked: str | None
) -> int:
    """List articles, newest first; with a filter, those that show a post which passes it."""
    if unread and (suspicious or wanted != PostFilter()):
        raise click.UsageError("--unread lists places that are no articles: it takes no filter")
    return execute(door, wanted, limit, asked, suspicious=suspicious, unread=unread)


def execute(
    door: Door, wanted: PostFilter, limit: int | None, asked: str | None, *, suspicious: bool, unread: bool
) -> int:
    from archiver.cli.article_shapes import ARTICLES, UNREAD

    with door.archive() as archive:
        if unread:
            output.write(islice(archive.unread(), limit), UNREAD, asked, colour=door.colour)
            return 0
        found = archive.articles(wanted, suspicious=suspicious)
        output.write(islice(found, limit), ARTICLES, asked, colour=door.colour)
    return 0
