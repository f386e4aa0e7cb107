"""`archiver posts`: the posts of the archive."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import TIMES, example, filters, format_option, limit_option
from archiver.model.listing import PostFilter


@click.command(
    "posts",
    epilog=example(
        "archiver posts --author AsvakaNews --verdict deleted --gone-since 30d",
        "archiver posts | grep آسواکا",
        note=TIMES,
    ),
)
@filters
@limit_option
@format_option
@click.pass_obj
def command(door: Door, wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    """List posts, newest first."""
    return execute(door, wanted, limit, asked)


def execute(door: Door, wanted: PostFilter, limit: int | None, asked: str | None) -> int:
    from archiver.cli.shapes import POSTS

    with door.archive() as archive:
        output.write(archive.posts(wanted, limit=limit), POSTS, asked, colour=door.colour)
    return 0
