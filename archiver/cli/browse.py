"""`archiver browse`: the archive in a browser, read-only, by Datasette."""

from __future__ import annotations

import importlib.util
import shlex
import subprocess
import sys

import click

from archiver import browse
from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import example
from archiver.cli.terminal import say
from archiver.errors import UsageError


@click.command(
    "browse",
    short_help="Read the archive in a browser, by Datasette.",
    epilog=example("archiver browse", "archiver browse --port 8123", "archiver browse --print"),
)
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, metavar="N", help="Where.")
@click.option("--print", "only_print", is_flag=True, help="Print the command instead of running it.")
@click.pass_obj
def command(door: Door, port: int, only_print: bool) -> int:
    """Serve the archive to a browser on this machine, read-only, until Ctrl-C.

    It needs Datasette: pip install 'embed-archiver[browse]'. Tables are described, and the questions that auditors
    ask stand ready as queries.
    """
    return execute(door, port, only_print)


def execute(door: Door, port: int, only_print: bool) -> int:
    with door.archive() as archive:
        # Refused here, in our words, where there is no archive or a foreign one.
        archive.status()
        words = browse.words(archive.database_path, port)
    if only_print:
        output.write_deeds([{"command": ["datasette", *words]}], [shlex.join(["datasette", *words])], None)
        return 0
    if importlib.util.find_spec("datasette") is None:
        raise UsageError("Datasette is not installed: pip install 'embed-archiver[browse]'")
    say(f"http://127.0.0.1:{port}/ shows the archive; Ctrl-C ends it")
    try:
        return subprocess.run([sys.executable, "-m", "datasette", *words], check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0
