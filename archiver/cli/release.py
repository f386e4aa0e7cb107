"""`archiver release POST`: end the legal holds on a post."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.summaries import count


@click.command(
    "release",
    short_help="End the legal holds on a post.",
    epilog=example('archiver release p17 --reason "case closed" --by "J. Doe"'),
)
@click.argument("post", metavar="POST", type=WORDS)
@click.option("--reason", type=WORDS, metavar="TEXT", required=True, help="Why.")
@click.option("--by", type=WORDS, metavar="NAME", required=True, help="Who ends it.")
@format_option
@click.pass_obj
def command(door: Door, post: str, reason: str, by: str, asked: str | None) -> int:
    """End every hold on a post; what it said may be redacted and thinned again. Exit code 1 where there was none."""
    return execute(door, post, reason, by, asked)


def execute(door: Door, post: str, reason: str, by: str, asked: str | None) -> int:
    with door.archive() as archive:
        number = archive.find_post(post)
        ended = archive.release(number, reason=reason, by=by)
    output.write_deeds([{"post": f"p{number}", "ended": ended}], [f"p{number}: {count(ended, 'hold')} ended"], asked)
    return 0 if ended else 1
