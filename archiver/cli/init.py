"""`archiver init`: make the archive."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.key import PUBLISH
from archiver.cli.options import example, format_option


@click.command("init", epilog=example("archiver --config newsroom.toml init"))
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Make the archive, or bring an older one up to date.

    Every command that writes does this by itself. It makes the key that signs for the archive, too: publish its
    fingerprint where others keep it.
    """
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    with door.archive() as archive:
        was_done = archive.init()
        folder, known = str(archive.config.store.path), archive.signing_keys()
    words = f"the archive stands in {folder}" if was_done else f"nothing to do: the archive in {folder} is up to date"
    name = known[-1].fingerprint if known else None
    key = f"its key is {name}: {PUBLISH}" if name else "it has no key yet: archiver key create makes one"
    output.write_deeds([{"archive": folder, "changed": was_done, "key": name}], [words, key], asked)
    return 0
