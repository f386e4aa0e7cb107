"""`archiver verify`: whether the archive is what it was written as."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.door import Door
from archiver.cli.options import WORDS, example, format_option
from archiver.cli.terminal import Progress, complain

if TYPE_CHECKING:
    from archiver.audit.verify_archive import Step

_MARKS = {True: "ok", False: "FAILED", None: "not checked"}


@click.command(
    "verify",
    short_help="Verify the archive, or a bag: nothing edited, nothing lost.",
    epilog=example(
        "archiver verify",
        "archiver verify --trust sha256:3f… --held checkpoint-4711.txt",
        "archiver verify evidence-2026 --trust sha256:3f…",
    ),
)
@click.argument("bag", type=click.Path(path_type=Path), metavar="[BAG]", required=False)
@click.option("--trust", type=WORDS, metavar="FINGERPRINT", help="The archive's key, as it was published elsewhere.")
@click.option(
    "--held",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A checkpoint that somebody else has kept.",
)
@format_option
@click.pass_obj
def command(door: Door, bag: Path | None, trust: str | None, held: Path | None, asked: str | None) -> int:
    """Verify the whole archive: the ledger, its signatures, every row and every content, and what follows from them.

    With BAG, a folder that `archiver export` made: its files, signature, ledger, commitments, records and counts, as
    its own verify.sh and verify.py do. Without --trust a bag is never fully checked: exit code 2.

    Nothing is written, and a read-only copy will do. The first step that fails is named, with exit code 1. Whoever
    holds the key could cut off or rewrite what no checkpoint elsewhere tells of: --held takes such a checkpoint.
    """
    return execute(door, trust, held, asked) if bag is None else execute_bag(bag, trust, held, asked)


def execute_bag(bag: Path, trust: str | None, held: Path | None, asked: str | None) -> int:
    from archiver.audit.verify_bag import exit_code, verify_bag

    steps = list(verify_bag(bag, trust, held))
    tell(steps, asked)
    return exit_code(steps)


def execute(door: Door, trust: str | None, held: Path | None, asked: str | None) -> int:
    kept = held.read_bytes() if held is not None else None
    with door.archive() as archive, Progress("behind") as progress:

        def told(step: str, behind: int, whole: int) -> None:
            progress(behind, f"of {whole}: {step}")

        steps = list(archive.verify(trust=trust, held=kept, progress=told))
    return tell(steps, asked)


def tell(steps: list[Step], asked: str | None) -> int:
    """Print the steps; the one that failed is told on standard error too. Returns the exit code."""
    output.write_deeds(_records(steps), _lines(steps), asked)
    failed = next((step for step in steps if step.passed is False), None)
    if failed is not None:
        complain(f"{failed.name}: {failed.found}")
    return 0 if failed is None else 1


def _records(steps: list[Step]) -> Iterator[output.Record]:
    for step in steps:
        yield {"step": step.name, "passed": step.passed, "found": step.found}


def _lines(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        yield f"{_MARKS[step.passed]:12}{step.name}: {step.found}"
