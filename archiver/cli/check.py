"""`archiver check`: go and look at posts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from archiver.cli import output, summaries
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.output import Column, Shape, json_time
from archiver.cli.signals import ended_by_signals
from archiver.cli.terminal import complain, say
from archiver.errors import BusyError, UsageError

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.check.planning import PlannedRequest
    from archiver.check.summary import CheckSummary
    from archiver.model.listing import PostListing

WAIT_SECONDS = 120.0
POLL_SECONDS = 0.5


@click.command("check", epilog=example("archiver check --due", "archiver check p17 --dry-run"))
@click.argument("posts", nargs=-1, metavar="[POST]...", type=WORDS)
@click.option("--due", is_flag=True, help="Look at all posts that are due; so does naming none.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, where and when; ask nothing.")
@format_option
@click.pass_obj
def command(door: Door, posts: Sequence[str], due: bool, dry_run: bool, asked: str | None) -> int:
    """Look at posts: those named, or all that are due.

    A POST is our number (p17), the platform's id or a permalink. Beside a running daemon it is the daemon that looks:
    the posts are made due, and their answer is waited for.
    """
    if posts and due:
        raise UsageError("either --due or posts by name")
    return plan(door, posts, asked) if dry_run else execute(door, posts, asked)


def plan(door: Door, names: Sequence[str], asked: str | None) -> int:
    with door.archive() as archive:
        numbers = list(dict.fromkeys(archive.find_post(name) for name in names)) if names else None
        requests = archive.plan(numbers)
    output.write(requests, _REQUESTS, asked, colour=door.colour)
    if requests:
        span = requests[-1].at - requests[0].at
        say(f"{summaries.count(len(requests), 'request')} over {span.total_seconds():.0f} s or more; authors apart")
    return 0


def execute(door: Door, names: Sequence[str], asked: str | None) -> int:
    with door.archive() as archive:
        warn_of_weaker_rules(archive.config)
        summaries.warn_of_missing_controls(archive)
        if not names:
            return _check_due(archive, asked)
        numbers = list(dict.fromkeys(archive.find_post(name) for name in names))
        wanted = [number for number in numbers if _can_be_looked_at(archive, number)]
        code = 1 if len(wanted) < len(numbers) else 0
        if wanted and archive.daemon_runs():
            _let_the_daemon_look(archive, wanted)
        elif wanted:
            code = _look(archive, wanted) or code
        from archiver.cli.shapes import POSTS

        output.write((archive.show(number)[0] for number in numbers), POSTS, asked, colour=door.colour)
        return code


def _check_due(archive: Archive, asked: str | None) -> int:
    with ended_by_signals(archive.stop) as ending:
        sought, checked = archive.resolve(), archive.check()
    summary = joined(sought, checked)
    summaries.complain_of_alarms(summary.alarms)
    lines = (*summaries.checked(archive, summary), *summaries.not_looked_at(archive))
    output.write_deeds(summaries.figures(summary), lines, asked)
    return ending.exit_code(1 if summary.failed else 0)


def _can_be_looked_at(archive: Archive, number: int) -> bool:
    """Whether anybody looks at posts of its platform; a line on standard error where nobody does."""
    post: PostListing = archive.show(number)[0]
    if post.platform not in archive.looked_at:
        complain(f"p{post.number}: {summaries.why_not(archive, post.platform)}")
    return post.platform in archive.looked_at


def _look(archive: Archive, numbers: Sequence[int]) -> int:
    """Look at these posts. Returns the exit code."""
    with ended_by_signals(archive.stop) as ending:
        sought = archive.resolve(numbers)
        # Seeking may have joined a post into another: that one is looked at.
        summary = joined(sought, archive.check([archive.show(number)[0].number for number in numbers]))
    summaries.complain_of_alarms(summary.alarms)
    for line in summaries.checked(archive, summary):
        say(line)
    return ending.exit_code(1 if summary.failed else 0)


def joined(sought: CheckSummary, checked: CheckSummary) -> CheckSummary:
    """One summary of seeking ids and of looking."""
    checked.posts += sought.posts
    checked.looks += sought.looks
    checked.identified += sought.identified
    checked.void[:0] = sought.void
    checked.given[:0] = sought.given
    checked.alarms[:0] = sought.alarms
    checked.unreachable |= sought.unreachable
    checked.errors += sought.errors
    checked.interrupted |= sought.interrupted
    return checked


def _let_the_daemon_look(archive: Archive, numbers: Sequence[int], seconds: float = WAIT_SECONDS) -> None:
    """Make the posts due and wait until each was looked at. Raises BusyError after `seconds`."""
    waiting = {number: _last_look(archive, number) for number in numbers}
    archive.make_due(numbers)
    say("a daemon runs on this archive: waiting for it to look")
    end = time.monotonic() + seconds
    while waiting and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        waiting = {number: before for number, before in waiting.items() if _last_look(archive, number) == before}
    if waiting:
        names = ", ".join(f"p{number}" for number in waiting)
        raise BusyError(f"the daemon did not look at {names} within {seconds:.0f} s; they stay due")


def _last_look(archive: Archive, number: int) -> object:
    post: PostListing = archive.show(number)[0]
    return post.last_checked_at


_REQUESTS: Shape[PlannedRequest] = Shape(
    noun="requests",
    columns=(
        Column("from (UTC)", lambda each: f"{each.at:%Y-%m-%d %H:%M:%S}"),
        Column("platform", lambda each: each.platform, spare=2),
        Column("endpoint", lambda each: each.endpoint),
        Column("posts", lambda each: ", ".join(f"p{number}" for number in each.posts) or "control", wraps=True),
        Column("address", lambda each: each.address, is_text=True),
    ),
    keys=("at", "platform", "endpoint", "host", "address", "posts", "controls"),
    record=lambda each: {
        "at": json_time(each.at),
        "platform": each.platform,
        "endpoint": each.endpoint,
        "host": each.host,
        "address": each.address,
        "posts": [f"p{number}" for number in each.posts],
        "controls": each.controls,
    },
)
