"""`archiver checkpoint`: sign for the ledger as it is."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.summaries import complain_of_alarms


@click.command(
    "checkpoint",
    short_help="Sign for the ledger as it is.",
    epilog=example("archiver checkpoint", "archiver checkpoint --print"),
)
@click.option("--print", "printed", is_flag=True, help="Print the newest checkpoint itself, and nothing else.")
@format_option
@click.pass_obj
def command(door: Door, printed: bool, asked: str | None) -> int:
    """Make a checkpoint, if the ledger has grown, and hand it to the sinks.

    The daemon makes one every day, and every run that gives a verdict does. Give a copy to somebody else: it shows
    later that nothing of what it covers was changed or taken away.
    """
    return execute(door, printed, asked)


def execute(door: Door, printed: bool, asked: str | None) -> int:
    with door.archive() as archive:
        sealed = archive.checkpoint()
    complain_of_alarms(sealed.alarms)
    made = sealed.checkpoint
    if printed:
        click.echo(made.note if made else "", nl=False)
    else:
        at = output.json_time(made.made_at) if made else None
        record = {"lines": made.lines if made else 0, "at": at, "new": sealed.is_new}
        words = f"{made.lines} lines, {at}{'' if sealed.is_new else ': nothing new since'}" if made else "no checkpoint"
        output.write_deeds([record], [words], asked)
    return 1 if sealed.failed else 0
