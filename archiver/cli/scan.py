"""`archiver scan`: stored articles go in."""

from __future__ import annotations

import click

from archiver.cli import summaries
from archiver.cli.door import Door
from archiver.cli.options import example
from archiver.cli.terminal import Progress, exact_line


@click.command("scan", epilog=example("archiver scan"))
@click.pass_obj
def command(door: Door) -> int:
    """Scan every source for embeds, and keep them.

    What did not change is not read again. An article that cannot be read is listed and does not stop the scan;
    the exit code is then 1.
    """
    return execute(door)


def execute(door: Door) -> int:
    with door.archive() as archive, Progress() as progress:
        summary = archive.scan(progress)
    summaries.complain_of_unread(summary.unread)
    summaries.complain_of_unparsed(summary.doubtful)
    for line in summaries.scanned(summary):
        click.echo(exact_line(line))
    return 1 if summary.failed else 0
