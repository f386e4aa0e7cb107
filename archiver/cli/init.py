"""`archiver init`: make the archive."""

from __future__ import annotations

import click

from archiver.cli.door import Door
from archiver.cli.options import example
from archiver.cli.terminal import exact_line


@click.command("init", epilog=example("archiver --config newsroom.toml init"))
@click.pass_obj
def command(door: Door) -> int:
    """Make the archive, or bring an older one up to date.

    Every command that writes does this by itself.
    """
    return execute(door)


def execute(door: Door) -> int:
    with door.archive() as archive:
        was_done = archive.init()
        folder = exact_line(str(archive.config.store.path))
    click.echo(
        f"the archive stands in {folder}" if was_done else f"nothing to do: the archive in {folder} is up to date"
    )
    return 0
