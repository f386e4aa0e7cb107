"""`archiver retain`: apply the retention policy now."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example, format_option
from archiver.cli.summaries import count


@click.command(
    "retain",
    short_help="Apply the retention policy of the configuration.",
    epilog=example("archiver retain --dry-run", "archiver retain"),
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@format_option
@click.pass_obj
def command(door: Door, dry_run: bool, asked: str | None) -> int:
    """Thin and redact what has had its time by `[retention]`; the daemon does so every day.

    Nothing of a post with a legal hold goes. Each removal is a line of the ledger that names the policy.
    """
    return execute(door, dry_run, asked)


def execute(door: Door, dry_run: bool, asked: str | None) -> int:
    with door.archive() as archive:
        told = archive.retain(dry_run=dry_run)
        policy = archive.config.retention.stated()
    record = {"thinned": told.thinned, "redacted": told.redacted, "held": told.held, "policy": policy}
    verb = "would go" if dry_run else "went"
    lines = [f"policy: {line}" for line in policy]
    lines.append(f"{count(told.thinned, 'answer')} that nothing rests upon {verb}")
    lines += [f"{name}: {count(number, 'content')} {verb}" for name, number in sorted(told.redacted.items())]
    if told.held:
        lines.append(f"{count(told.held, 'post')} with a legal hold: nothing of theirs goes")
    output.write_deeds([record | {"dry_run": dry_run}], lines, asked)
    return 0
