"""`archiver hold POST`: let nothing of a post be removed; without a POST, the holds."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.output import Column, Shape
from archiver.model.redaction import Hold

HOLDS: Shape[Hold] = Shape(
    noun="holds",
    columns=(
        Column("hold", lambda each: str(each.number)),
        Column("post", lambda each: f"p{each.post}"),
        Column("placed", lambda each: f"{each.placed_at:%Y-%m-%d %H:%M}"),
        Column("ended", lambda each: f"{each.ended_at:%Y-%m-%d %H:%M}" if each.ended_at else "stands"),
        Column("reason", lambda each: each.reason, wraps=True),
        Column("by", lambda each: each.by, wraps=True),
    ),
    keys=("hold", "post", "placed_at", "ended_at", "reason", "by"),
    record=lambda each: {
        "hold": each.number,
        "post": f"p{each.post}",
        "placed_at": output.json_time(each.placed_at),
        "ended_at": output.json_time(each.ended_at),
        "reason": each.reason,
        "by": each.by,
    },
)


@click.command(
    "hold",
    short_help="Let nothing of a post be removed (legal hold).",
    epilog=example('archiver hold p17 --reason "Sample v. Sample" --by "J. Doe"', "archiver hold"),
)
@click.argument("post", metavar="[POST]", required=False, type=WORDS)
@click.option("--reason", type=WORDS, metavar="TEXT", help="Why: the case, or the letter.")
@click.option("--by", type=WORDS, metavar="NAME", help="Who places it.")
@format_option
@click.pass_obj
def command(door: Door, post: str | None, reason: str | None, by: str | None, asked: str | None) -> int:
    """Place a legal hold: while it stands, nothing of the post is redacted or thinned. Without a POST, list the holds.

    `archiver release` ends it. Placing and ending are lines of the ledger. Reason and name stand in the bags that
    auditors get, public ones left out: write nothing into them that is privileged.
    """
    return execute(door, post, reason, by, asked)


def execute(door: Door, post: str | None, reason: str | None, by: str | None, asked: str | None) -> int:
    with door.archive() as archive:
        if post is None:
            output.write(archive.holds(), HOLDS, asked, colour=door.colour)
            return 0
        if not (reason and by):
            raise click.UsageError("give --reason and --by: they stand in the record")
        number = archive.find_post(post)
        hold = archive.hold(number, reason=reason, by=by)
    output.write_deeds([{"post": f"p{number}", "hold": hold}], [f"p{number}: hold {hold} stands"], asked)
    return 0
