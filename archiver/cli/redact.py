"""`archiver redact POST`: remove what a post said, and keep the proof of what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.summaries import count
from archiver.cli.terminal import Progress, exact_line, say
from archiver.model.redaction import REASONS

if TYPE_CHECKING:
    from archiver.audit.redaction import Plan


@click.command(
    "redact",
    short_help="Remove what a post said, and keep the proof.",
    epilog=example(
        "archiver redact p17 --dry-run",
        'archiver redact p17 --reason court_order --authority "Sample Court, 12 C 34/26" --by "J. Doe"',
    ),
)
@click.argument("post", metavar="POST", type=WORDS)
@click.option("--reason", type=click.Choice(REASONS), help="Why, as a code.")
@click.option("--authority", type=WORDS, metavar="TEXT", help="On whose order: court and file number, letter, policy.")
@click.option("--by", type=WORDS, metavar="NAME", help="Who carries it out.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@format_option
@click.pass_obj
def command(
    door: Door, post: str, reason: str | None, authority: str | None, by: str | None, dry_run: bool, asked: str | None
) -> int:
    """Remove the words of a post: text, snapshots, quotations, answers, names and what the search finds.

    It cannot be undone. Numbers, times, verdicts and commitments stay, and `archiver verify` stays green. The post is
    not looked at any more, and what articles print of it later is not kept. Copies made before (backups, exports) are
    yours to find.
    """
    return execute(door, post, reason, authority, by, dry_run, asked)


def execute(
    door: Door, name: str, reason: str | None, authority: str | None, by: str | None, dry_run: bool, asked: str | None
) -> int:
    if not dry_run and not (reason and authority and by):
        raise click.UsageError("give --reason, --authority and --by: they stand in the record (or --dry-run)")
    with door.archive() as archive, Progress("contents searched") as progress:
        number = archive.find_post(name)
        gone = None
        if dry_run or not (reason and authority and by):
            planned = archive.plan_redaction(number, progress.so_far)
        else:
            planned, gone = archive.redact(number, reason=reason, authority=authority, by=by, progress=progress.so_far)
    _tell(planned, gone, asked)
    return 0


def _tell(planned: Plan, gone: int | None, asked: str | None) -> None:
    number, size = planned.posts[0], len(planned.content_ids)
    record = {
        "post": f"p{number}",
        "redacted": gone is not None,
        "joined": [f"p{each}" for each in planned.posts[1:]],
        "contents": size,
        "elsewhere": planned.elsewhere,
        "bytes": gone,
        "same_words": [f"p{each}" for each in planned.others],
        "titles": planned.titles,
    }
    verb = "would be removed" if gone is None else f"removed, {gone} bytes"
    line = f"p{number}: {count(size, 'content')} {verb}; {planned.elsewhere} of them were not its own"
    output.write_deeds([record], [line], asked)
    if planned.others:
        names = ", ".join(f"p{each}" for each in planned.others)
        say(exact_line(f"words of it are also the own words of {names}: they stay, unless those are redacted too"))
    if planned.titles:
        say(f"{count(planned.titles, 'title')} of articles hold words of it: they stay")
