"""`archiver refold`: judge everything again from what is stored, and say what comes out otherwise."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.summaries import count
from archiver.cli.terminal import complain


@click.command("refold", short_help="Judge every post again from what is stored.", epilog=example("archiver refold"))
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Judge every post again from all that is stored, and report what differs from the state on file.

    Nothing is asked and nothing is changed. A difference is a fault of the archive or of the program, and exit code 1.
    """
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        differences = archive.refold()
        posts = sum(1 for _ in archive.posts())
    for difference in differences:
        complain(difference)
    figures = {"posts": posts, "differences": len(differences)}
    output.write_deeds(
        [figures], [f"{count(posts, 'post')} judged again, {count(len(differences), 'difference')}"], asked
    )
    return 1 if differences else 0
