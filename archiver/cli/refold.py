"""`archiver refold`: judge everything again from what is stored, and say what comes out otherwise."""

from __future__ import annotations

import click

from archiver.cli import output, summaries
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.summaries import count
from archiver.cli.terminal import complain


@click.command(
    "refold",
    short_help="Judge every post again from what is stored.",
    epilog=example("archiver refold", "archiver refold --renew"),
)
@click.option("--renew", is_flag=True, help="Give verdicts anew that were given by other rules; the old ones are kept.")
@format_option
@click.pass_obj
def command(door: Door, renew: bool, asked: str | None) -> int:
    """Judge every post again from all that is stored, and report what differs from the state on file.

    Nothing is asked and, without --renew, nothing is changed. A difference is a fault of the archive or of the program,
    and exit code 1; where the verdict was given by an older program's rules, it is these, and --renew gives it anew.
    """
    return execute(door, asked, renew=renew)


def execute(door: Door, asked: str | None, *, renew: bool) -> int:
    with door.archive() as archive:
        given = archive.renew() if renew else []
        differences = archive.refold()
        posts = sum(1 for _ in archive.posts())
    for difference in differences:
        complain(difference)
    figures = {"posts": posts, "differences": len(differences), "renewed": len(given)}
    told = f"{count(posts, 'post')} judged again, {count(len(differences), 'difference')}"
    output.write_deeds([figures], [*summaries.given(given), told], asked)
    return 1 if differences else 0
