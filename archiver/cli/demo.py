"""`archiver demo`: the whole story in some seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archiver.cli.options import example


@click.command(
    "demo",
    short_help="Live five simulated weeks of an archive.",
    epilog=example("archiver demo", "archiver demo --keep tour"),
)
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="DIR", help="Leave archive and configuration in a new DIR."
)
def command(keep: Path | None) -> int:
    """Live five simulated weeks of an archive, without network or account.

    X is simulated on this machine, and so is the clock; the rest is the program itself.
    """
    return execute(keep)


def execute(keep: Path | None) -> int:
    from archiver.demo.play import play

    return play(keep, sys.stdout)
