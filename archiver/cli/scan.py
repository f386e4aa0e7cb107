"""`archiver scan`: stored articles go in."""

from __future__ import annotations

import click

from archiver.cli import output, summaries
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.signals import ended_by_signals
from archiver.cli.terminal import Progress


@click.command("scan", epilog=example("archiver scan"))
@click.option("--again", is_flag=True, help="Read what did not change, too: a newer archiver may find more.")
@format_option
@click.pass_obj
def command(door: Door, again: bool, asked: str | None) -> int:
    """Scan every source for embeds, and keep them.

    What did not change is not read again. An article that cannot be read is listed and does not stop the scan;
    the exit code is then 1. SIGTERM and Ctrl-C end it in order; the next scan reads the rest.
    """
    return execute(door, asked, again=again)


def execute(door: Door, asked: str | None, *, again: bool) -> int:
    with door.archive() as archive, ended_by_signals(archive.stop) as ending, Progress() as progress:
        summary = archive.scan(progress, again=again)
    summaries.complain_of_unread(summary.unread)
    summaries.complain_of_unparsed(summary.doubtful)
    output.write_deeds(summaries.figures(summary), summaries.scanned(summary), asked)
    return ending.exit_code(1 if summary.failed else 0)
