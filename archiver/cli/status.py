"""`archiver status`: how much there is, and when something last ran."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door, warn_of_weaker_rules
from archiver.cli.options import example, format_option
from archiver.cli.output import Record, json_time
from archiver.cli.terminal import exact_line
from archiver.errors import ArchiverError

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.evidence import Vouched
    from archiver.model.run import Run
    from archiver.model.stream import StreamGap, StreamState


MOST_GAPS = 5
"""Of each stream, the newest."""
WHY = {
    "begun": "nobody listened before",
    "no_replay": "it was down, and is not told again",
    "down_too_long": "it was down for longer than is told again",
    "too_large": "it was ended by a message that was too long",
    "crashed": "it was ended by a message that the program failed at",
}


@click.command(
    "status",
    short_help="Show how much there is and what runs.",
    epilog=example("archiver status", "archiver status --format jsonl"),
)
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Show how much the archive holds, whether a daemon runs, how far streams were heard, and the newest runs."""
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    from archiver.cli import summaries

    with door.archive() as archive:
        record = _record(archive)
        warn_of_weaker_rules(archive.config)
        summaries.warn_of_missing_controls(archive)
        summaries.warn_of_held_posts(archive)
    chosen = output.chosen_format(asked)
    if chosen == "jsonl":
        output.write_json(record)
    elif chosen == "csv":
        output.write_csv(
            ("noun", "count"), ({"noun": noun, "count": number} for noun, number in record["counts"].items())
        )
    else:
        _print(record)
    return 0


def _record(archive: Archive) -> Record:
    counts, runs = archive.status()
    states, gaps = archive.streams()
    return {
        "archive": str(archive.config.store.path),
        "daemon_runs": _daemon_runs(archive),
        "next_due_at": json_time(archive.next_due_at()),
        "counts": counts,
        "runs": [_run(run) for run in runs],
        "streams": [_stream(state, gaps) for state in states],
        "weaker_rules": list(archive.config.unsafe),
        "vouched": _vouched(archive.vouched()),
    }


def _vouched(stands: Vouched) -> Record:
    copies = stands.copies.items()
    checked = stands.verified
    return {
        "origin": stands.origin,
        "key": stands.key,
        "ledger_lines": stands.lines,
        "sealed_lines": stands.sealed_lines,
        "sealed_at": json_time(stands.sealed_at),
        "copies": [{"sink": sink, "lines": lines, "at": json_time(at)} for sink, (lines, at) in copies],
        "stamped_lines": stands.stamped_lines,
        "verified": {"at": json_time(checked.happened_at), "outcome": checked.outcome} if checked else None,
    }


def _daemon_runs(archive: Archive) -> bool | None:
    # Whoever may read the archive may not be allowed to touch its locks.
    with contextlib.suppress(ArchiverError, OSError):
        return archive.daemon_runs()
    return None


def _stream(state: StreamState, gaps: list[StreamGap]) -> Record:
    return {
        "platform": state.platform,
        "endpoint": state.endpoint,
        "heard_until": json_time(state.alive_at),
        "authors": state.authors,
        "left_out": state.left_out,
        "gaps": [
            {"since": json_time(gap.since), "until": json_time(gap.until), "why": gap.why}
            for gap in gaps
            if gap.endpoint == state.endpoint
        ],
    }


def _run(run: Run) -> Record:
    return {
        "kind": run.kind,
        "started_at": json_time(run.started_at),
        "ended_at": json_time(run.ended_at),
        "counted": run.summary,
    }


def _print(record: Record) -> None:
    daemon = {True: "runs", False: "does not run", None: "not known"}[record["daemon_runs"]]
    click.echo(f"{'archive':24} {exact_line(record['archive'])}")
    click.echo(f"{'daemon':24} {daemon}")
    click.echo(f"{'next look due':24} {record['next_due_at'] or 'never'}")
    for noun, told in _vouched_words(record["vouched"]):
        click.echo(f"{noun:24} {exact_line(told)}")
    for noun, number in record["counts"].items():
        click.echo(f"{exact_line(noun):24} {number}")
    for stream in record["streams"]:
        _print_stream(stream)
    click.echo()
    for run in record["runs"]:
        counted = ", ".join(f"{number} {name}" for name, number in (run["counted"] or {}).items())
        click.echo(f"{run['kind']:10} {run['started_at']} to {run['ended_at'] or '(not ended)'}  {exact_line(counted)}")


def _print_stream(stream: Record) -> None:
    left_out = f", {stream['left_out']} more than may be listened to" if stream["left_out"] else ""
    heard = f"heard until {stream['heard_until']}, for {stream['authors']} authors{left_out}"
    click.echo(f"{exact_line('stream ' + stream['endpoint']):24} {heard}")
    shown = stream["gaps"][-MOST_GAPS:]
    if len(shown) < len(stream["gaps"]):
        click.echo(f"{'':24} {len(stream['gaps']) - len(shown)} earlier gaps: --format jsonl has them")
    for gap in shown:
        click.echo(f"{'':24} not heard from {gap['since'] or 'the beginning'} to {gap['until']} ({WHY[gap['why']]})")


def _vouched_words(stands: Record) -> Iterator[tuple[str, str]]:
    yield "key", stands["key"] or "none: archiver key create makes one"
    yield "checkpoint", f"{stands['sealed_lines']} of {stands['ledger_lines']} lines, {stands['sealed_at'] or 'never'}"
    for copy in stands["copies"]:
        yield f"copy at {copy['sink']}", f"{copy['lines']} lines, {copy['at']}"
    if not stands["copies"]:
        yield "copies", "no checkpoint is held outside: a thief of the key could rewrite the record unnoticed"
    if stands["stamped_lines"] is not None:
        yield "time-stamp", f"{stands['stamped_lines']} lines"
    checked = stands["verified"]
    yield "verified", f"{checked['outcome']}, {checked['at']}" if checked else "never by the daemon"
