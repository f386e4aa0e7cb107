"""What stopped a command, as lines for a person and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

import click

from archiver.cli.terminal import complain, say
from archiver.errors import ArchiverError, ConfigurationError, StorageError

INTERRUPTED = 130
A_BUG = 1
DEBUG = "ARCHIVER_DEBUG"


def tell(error: BaseException) -> int:
    """Say on standard error what is wrong, a line for each problem. Returns the exit code."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        return _misuse(error)
    if isinstance(error, ArchiverError):
        for problem in error.problems if isinstance(error, ConfigurationError) else [str(error)]:
            complain(problem)
        return error.exit_code
    if isinstance(error, OSError):
        complain(f"{_place(error)}: {error.strerror or error}")
        return _after_trace(StorageError.exit_code)
    complain(f"this is a bug, please report it: {type(error).__name__}: {error} ({DEBUG}=1 shows where)")
    return _after_trace(A_BUG)


def _misuse(error: click.ClickException) -> int:
    complain(error.format_message())
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        say(f"archiver: see {context.command_path} --help")
    return error.exit_code


def _place(error: OSError) -> str:
    name = error.filename
    return os.fsdecode(name) if isinstance(name, str | bytes) else "standard output"


def _after_trace(code: int) -> int:
    if os.environ.get(DEBUG) == "1":
        for line in traceback.format_exc().splitlines():
            say(line)
        sys.stderr.flush()
    return code
