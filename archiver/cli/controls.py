"""`archiver controls`: the posts probed beside the others, and whether they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.output import Column, Shape
from archiver.cli.terminal import say

if TYPE_CHECKING:
    from archiver.check.controls import ControlReading


@click.group("controls", short_help="Ask whether the controls hold.", epilog=example("archiver controls check"))
def command() -> None:
    """Ask about controls: known-alive and never-existing posts that are probed beside the others."""


@command.command("check", epilog=example("archiver controls check", "archiver controls check --format jsonl"))
@format_option
@click.pass_obj
def check(door: Door, asked: str | None) -> int:
    """Look at every control on every endpoint, and say which hold. Exit code 1 if one does not.

    A control that does not hold on an endpoint voids the batches it stands in there: take it out of the configuration,
    or choose another. What is seen is kept like every look.
    """
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        readings = archive.check_controls()
    shape: Shape[ControlReading] = Shape(
        noun="controls",
        columns=(
            Column("platform", lambda each: each.platform),
            Column("control", lambda each: each.name, wraps=True),
            Column("must be", lambda each: each.kind),
            Column("endpoint", lambda each: each.endpoint),
            Column("read", lambda each: f"{each.outcome} ({each.reason})", wraps=True),
            Column("holds", lambda each: _HOLDS[each.holds]),
        ),
        keys=("platform", "control", "must_be", "endpoint", "outcome", "reason", "holds"),
        record=lambda each: {
            "platform": each.platform,
            "control": each.name,
            "must_be": each.kind,
            "endpoint": each.endpoint,
            "outcome": str(each.outcome),
            "reason": str(each.reason),
            "holds": each.holds,
        },
    )
    output.write(readings, shape, asked, colour=door.colour)
    failing, unasked = (sum(each.holds is told for each in readings) for told in (False, None))
    if not readings:
        say("no controls are configured: see config.example.toml")
    if failing:
        say(f"{failing} of {len(readings)} looks at controls did not read as they must")
    if unasked:
        say(f"{unasked} of {len(readings)} controls could not be asked for: nothing is known of them")
    return 1 if failing or unasked else 0


_HOLDS = {True: "yes", False: "NO", None: "not asked"}
