"""The program: options before the command, the commands in their order, and the one place where errors become words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from archiver import __version__
from archiver.cli import (
    articles,
    browse,
    check,
    checkpoint,
    config,
    controls,
    demo,
    embeds,
    export,
    faults,
    hold,
    incidents,
    init,
    key,
    platforms,
    posts,
    redact,
    refold,
    release,
    report,
    reread,
    retain,
    run,
    scan,
    search,
    show,
    status,
    terminal,
    verify,
)
from archiver.cli.door import Door
from archiver.cli.options import example

COMMANDS = (
    *(init, embeds, scan, check, run, posts, show, search, articles, export, report, browse, status),
    *(verify, checkpoint, key, redact, hold, release, retain),
    *(platforms, controls, incidents, reread, refold, config, demo),
)
"""Every command, in the order of the help."""


class Program(click.Group):
    """A group whose commands return their exit code, and whose errors are one line each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        terminal.prepare_streams()
        kwargs |= {"standalone_mode": False, "prog_name": "archiver"}
        try:
            code = super().main(*args, **kwargs)
        except (Exception, KeyboardInterrupt) as error:
            code = faults.tell(error)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough (`| head`): not an error.
            terminal.silence_stdout()
            return 0
        except OSError:
            terminal.silence_stdout()
            raise
        return code


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["--help"], "max_content_width": 110},
    epilog=example("archiver --config newsroom.toml scan", "archiver posts --verdict deleted --gone-since 7d"),
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    envvar="ARCHIVER_CONFIG",
    metavar="FILE",
    help="The configuration; without it ARCHIVER_CONFIG, else config.toml in this folder.",
)
@click.option("--no-color", is_flag=True, help="No colours; so does NO_COLOR in the environment.")
@click.version_option(__version__, prog_name="archiver", message="%(prog)s %(version)s")
@click.pass_context
def program(ctx: click.Context, config_file: Path | None, no_color: bool) -> None:
    """Find the social-media posts that stored articles embed, keep them, and tell when they disappear.

    Answers go to standard output, all else to standard error. Exit codes: 0 done, 1 something was found wrong,
    2 usage, 65 data refused, 74 input or output, 75 busy, 78 configuration.
    """
    colour = not no_color and not os.environ.get("NO_COLOR")
    ctx.color = None if colour else False
    ctx.obj = Door(config_file, colour)


for module in COMMANDS:
    program.add_command(module.command)


def main() -> NoReturn:
    """Run the program on the words of the command line."""
    program.main()
    raise AssertionError("the program exits by itself")
