"""`archiver run`: the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output, summaries
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.signals import ended_by_signals
from archiver.cli.terminal import Progress, say
from archiver.errors import BusyError

if TYPE_CHECKING:
    from archiver.archive import Archive


@click.command("run", epilog=example("archiver run", "archiver run --once"))
@click.option("--once", is_flag=True, help="Scan, seek ids and check once, print all posts and end.")
@click.option(
    "--acknowledge-rollback",
    "reason",
    type=WORDS,
    metavar="REASON",
    help="Go on although the archive is older than its anchor; the reason stands in the record.",
)
@format_option
@click.pass_obj
def command(door: Door, once: bool, reason: str | None, asked: str | None) -> int:
    """Scan and check for ever, as the timetable has it.

    SIGTERM ends it within 10 seconds. A second daemon on the same archive ends at once with exit code 75.
    The log goes to standard error, as JSON Lines where that is no terminal.
    """
    return execute(door, once=once, reason=reason, asked=asked)


def execute(door: Door, *, once: bool, reason: str | None, asked: str | None) -> int:
    with door.archive() as archive:
        if reason is not None:
            archive.acknowledge_rollback(reason)
        warn_of_weaker_rules(archive.config)
        return _run_once(door, archive, asked) if once else _run(door, archive)


def _run(door: Door, archive: Archive) -> int:
    if archive.daemon_runs():
        # Asked before the scheduler is even imported: the second one is to end at once.
        raise BusyError(f"{archive.config.store.path}: a daemon runs on this archive already")
    from archiver.cli.logs import open_log
    from archiver.daemon import Daemon

    summaries.warn_of_missing_controls(archive)
    daemon = Daemon(archive, open_log(colour=door.colour))
    daemon.stop_on_signals()
    # What went wrong in a tick stands in the log; a daemon that was told to end, and did, ended well.
    daemon.run()
    return 0


def _run_once(door: Door, archive: Archive, asked: str | None) -> int:
    from archiver.cli.shapes import POSTS
    from archiver.daemon import run_once

    with ended_by_signals(archive.stop) as ending, Progress() as progress:
        scanned, checked = run_once(archive, progress)
    summaries.warn_of_missing_controls(archive)
    summaries.complain_of_unread(scanned.unread)
    summaries.complain_of_unparsed(scanned.doubtful)
    summaries.complain_of_alarms(checked.alarms)
    for line in (
        *summaries.scanned(scanned),
        *summaries.checked(archive, checked),
        *summaries.not_looked_at(archive),
    ):
        say(line)
    output.write(archive.posts(), POSTS, asked, colour=door.colour)
    return ending.exit_code(1 if scanned.failed or checked.failed else 0)
