"""`archiver status`: how much there is, and when something last ran."""

from __future__ import annotations

import contextlib
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
    from archiver.model.run import Run


@click.command(
    "status",
    short_help="Show how much there is and what runs.",
    epilog=example("archiver status", "archiver status --format jsonl"),
)
@format_option
@click.pass_obj
def command(door: Door, asked: str | None) -> int:
    """Show how much the archive holds, whether a daemon runs, and the newest run of each kind."""
    return execute(door, asked)


def execute(door: Door, asked: str | None) -> int:
    from archiver.cli import summaries

    with door.archive() as archive:
        record = _record(archive)
        warn_of_weaker_rules(archive.config)
        summaries.warn_of_missing_controls(archive)
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
    return {
        "archive": str(archive.config.store.path),
        "daemon_runs": _daemon_runs(archive),
        "next_due_at": json_time(archive.next_due_at()),
        "counts": counts,
        "runs": [_run(run) for run in runs],
        "weaker_rules": list(archive.config.unsafe),
    }


def _daemon_runs(archive: Archive) -> bool | None:
    # Whoever may read the archive may not be allowed to touch its locks.
    with contextlib.suppress(ArchiverError, OSError):
        return archive.daemon_runs()
    return None


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
    for noun, number in record["counts"].items():
        click.echo(f"{exact_line(noun):24} {number}")
    click.echo()
    for run in record["runs"]:
        counted = ", ".join(f"{number} {name}" for name, number in (run["counted"] or {}).items())
        click.echo(f"{run['kind']:10} {run['started_at']} to {run['ended_at'] or '(not ended)'}  {exact_line(counted)}")
