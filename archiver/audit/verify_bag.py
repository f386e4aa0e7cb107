"""Verifying a bag: the steps of the verifier that lies in it, with this program's own library for signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.audit.verifier import steps
from archiver.audit.verify_archive import Step
from archiver.checkpoints import is_signature
from archiver.errors import StorageError, UsageError


def verify_bag(path: Path, trust: str | None, held: Path | None) -> Iterator[Step]:
    """The steps in order, up to the first that fails.

    `trust`: fingerprint of the key that is trusted. `held`: file of a checkpoint that somebody else kept. Raises
    UsageError where there is no bag, StorageError where something cannot be read.
    """
    if not (path / "bagit.txt").is_file():
        raise UsageError(f"{path}: no bag (there is no bagit.txt)")
    try:
        kept = held.read_bytes() if held is not None else None
        for name, passed, found in steps.bag_steps(str(path), trust, kept, _verifies):
            yield Step(name, passed, found)
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}") from error


def exit_code(done: Iterable[Step]) -> int:
    """0: verified; 1: tampered with; 2: not fully checked."""
    return steps.code_of({step.name: step.passed for step in done})


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    return is_signature(public, signature, message)
