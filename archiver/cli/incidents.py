"""`archiver incidents`: times in which a platform could not be trusted, and what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.output import Column, Record, Shape, json_time
from archiver.cli.summaries import count, warn_of_held_posts

if TYPE_CHECKING:
    from archiver.model.incident import IncidentListing


@click.group(
    "incidents",
    short_help="List when a platform could not be trusted; accept one.",
    invoke_without_command=True,
    epilog=example("archiver incidents", "archiver incidents accept 3 --by 'A. Person' --reason 'a purge, announced'"),
)
@format_option
@click.pass_context
def command(ctx: click.Context, asked: str | None) -> int | None:
    """List the incidents: when the posts of many authors vanished together.

    An outage is many in one day. While it is open no post of its platform is called deleted; it ends when half of the
    authors are back, or after 72 hours. Where it ended because time was up, what vanished in it may live and merely not
    be served: it is held, and never called deleted, until half of the authors are back after all, or a person has
    looked and accepts the incident. A wave is more than usual in five days: what vanished in it is held for a month at
    most.
    """
    return None if ctx.invoked_subcommand else execute(ctx.find_object(Door) or Door(None, False), asked)


@command.command(
    "accept", epilog=example("archiver incidents accept 3 --by 'A. Person' --reason 'the platform announced a purge'")
)
@click.argument("incident", metavar="NUMBER", type=click.IntRange(min=1))
@click.option("--reason", type=WORDS, required=True, metavar="TEXT", help="Why what vanished in it is gone for real.")
@click.option("--by", type=WORDS, required=True, metavar="NAME", help="Who says so.")
@format_option
@click.pass_obj
def accept(door: Door, incident: int, reason: str, by: str, asked: str | None) -> int:
    """Take what vanished in an incident for real: the posts that it holds are judged at their next look.

    Look at some of them in a browser first: where one is served, do not accept. Name and reason are kept for ever.
    """
    return execute_accept(door, incident, reason, by, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        output.write(archive.incidents(), INCIDENTS, asked, colour=door.colour)
        warn_of_held_posts(archive)
    return 0


def execute_accept(door: Door, number: int, reason: str, by: str, asked: str | None) -> int:
    with door.archive() as archive:
        held = archive.accept_incident(number, reason=reason, by=by)
    told = f"incident {number} is accepted: {count(len(held), 'post')} held by it are judged at their next look"
    output.write_deeds([{"incident": number, "posts": len(held)}], [told], asked)
    return 0


def _record(incident: IncidentListing) -> Record:
    return {
        "incident": incident.number,
        "kind": incident.kind,
        "platform": incident.platform,
        "opened_at": json_time(incident.opened_at),
        "closed_at": json_time(incident.closed_at),
        "how": incident.how,
        "authors": incident.authors,
        "followed": incident.followed,
        "held": incident.held,
        "accepted_at": json_time(incident.accepted_at),
        "recovered_at": json_time(incident.recovered_at),
        "accepted_by": incident.accepted_by,
        "reason": incident.reason,
    }


def _standing(incident: IncidentListing) -> str:
    """Whether it waits for a person."""
    if incident.closed_at is None:
        return "open"
    if incident.recovered_at is not None:
        return f"its authors were back by {incident.recovered_at:%Y-%m-%d}: nothing is held"
    if incident.accepted_at is not None:
        return f"accepted {incident.accepted_at:%Y-%m-%d} by {incident.accepted_by or '(redacted)'}"
    if incident.kind == "wave":
        return "holds for a month"
    return "waits for a person" if incident.holds else "over"


INCIDENTS: Shape[IncidentListing] = Shape(
    noun="incidents",
    columns=(
        Column("incident", lambda each: str(each.number)),
        Column("kind", lambda each: each.kind),
        Column("platform", lambda each: each.platform),
        Column("opened", lambda each: f"{each.opened_at:%Y-%m-%d %H:%M}"),
        Column("closed", lambda each: f"{each.closed_at:%Y-%m-%d %H:%M}" if each.closed_at else "…"),
        Column("how", lambda each: each.how or ""),
        Column("authors", lambda each: f"{each.authors} of {each.followed}", spare=2),
        Column("held", lambda each: str(each.held)),
        Column("", _standing, wraps=True),
        Column("reason", lambda each: each.reason or "", is_text=True, spare=1),
    ),
    keys=(
        "incident",
        "kind",
        "platform",
        "opened_at",
        "closed_at",
        "how",
        "authors",
        "followed",
        "held",
        "accepted_at",
        "recovered_at",
        "accepted_by",
        "reason",
    ),
    record=_record,
)
