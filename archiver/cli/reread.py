"""`archiver reread`: read kept answers again by newer rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.summaries import complain_of_alarms, count, given

if TYPE_CHECKING:
    from archiver.check.again import Rereading


@click.command("reread", short_help="Read kept answers again by newer rules.", epilog=example("archiver reread"))
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Apply today's reading rules to the kept answers of looks that told nothing by older ones.

    Nothing is asked. What tells something now gets a second reading beside the old one, and the posts are judged
    again; no verdict that was given is changed, a new one may follow.
    """
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        told = archive.reread()
    complain_of_alarms(told.alarms)
    figures = {"looks": told.looks, "otherwise": told.otherwise, "lost": told.lost, "verdicts": len(told.given)}
    output.write_deeds([figures], _lines(told), asked)
    return 0


def _lines(told: Rereading) -> Iterator[str]:
    yield f"{count(told.looks, 'look')} read again, {told.otherwise} tell something now"
    if told.lost:
        yield f"{count(told.lost, 'look')} not read again: the answer is no longer kept, or nothing reads it now"
    yield from given(told.given)
