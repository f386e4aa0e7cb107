"""`archiver platforms`: what can be seen of each platform, by which endpoints, and what proves what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.output import Column, Shape

if TYPE_CHECKING:
    from archiver.platforms.overview import EndpointListing


@click.command(
    "platforms",
    short_help="Show what can be seen of each platform.",
    epilog=example("archiver platforms", "archiver platforms --format jsonl"),
)
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Show, for each platform, the endpoints that are asked, what each serves, what its answers prove, and its limits.

    A platform's stream, which tells deletions by itself while the daemon listens, is one of them.

    The last column says what a post of that platform can at most be called: `deleted` needs answers that only a post
    that is gone gets, and a way to see that its author's account is public.
    """
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        listed = list(archive.endpoints())
    output.write(listed, _SHAPE, asked, colour=door.colour)
    return 0


def _asks(each: EndpointListing) -> str:
    if each.is_asked:
        return "yes"
    if each.subject == "stream":
        return "needs stream = true"
    return f"needs {each.credential}" if each.credential else "no"


_SHAPE: Shape[EndpointListing] = Shape(
    noun="platforms",
    columns=(
        Column("platform", lambda each: each.platform),
        Column("endpoint", lambda each: each.endpoint),
        Column("asked", _asks),
        Column("host", lambda each: each.host or "the post's own", wraps=True, spare=3),
        Column("of", lambda each: each.subject, spare=2),
        Column("ids", lambda each: str(each.ids_per_request), spare=2),
        Column("absent", lambda each: " and ".join(each.absents) or "proves nothing"),
        Column("sees", lambda each: each.sees, wraps=True),
        Column("limit", lambda each: each.limit, wraps=True, spare=1),
        Column("at most", lambda each: each.strongest),
    ),
    keys=(
        *("platform", "endpoint", "is_asked", "credential", "host", "subject", "ids_per_request"),
        *("absents", "proves", "sees", "limit", "strongest", "adapter", "version"),
    ),
    record=lambda each: {
        "platform": each.platform,
        "endpoint": each.endpoint,
        "is_asked": each.is_asked,
        "credential": each.credential,
        "host": each.host,
        "subject": each.subject,
        "ids_per_request": each.ids_per_request,
        "absents": list(each.absents),
        "proves": list(each.proves),
        "sees": each.sees,
        "limit": each.limit,
        "strongest": each.strongest,
        "adapter": each.adapter,
        "version": each.version,
    },
)
