"""The daemon's log on standard error: JSON lines, or plain lines on a terminal. One event, one line."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog

from archiver.cli.output import json_line
from archiver.cli.terminal import exact_line

Report = Callable[[str, dict[str, object]], None]

_EVENT = "event"
_WENT_WRONG = ("_failed", "_crashed")


def open_log(*, colour: bool) -> Report:
    """What a daemon reports to. The libraries' own warnings go the same way; httpx tells addresses and stays silent."""
    plain = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_commands if plain else _as_json,
            *([structlog.dev.ConsoleRenderer(colors=colour)] if plain else []),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()

    def report(event: str, figures: dict[str, object]) -> None:
        # Whoever read the log is gone: the daemon's work is not to end with him.
        with contextlib.suppress(OSError):
            (log.error if event.endswith(_WENT_WRONG) else log.info)(event, **figures)

    logging.basicConfig(level=logging.WARNING, handlers=[_Forward(log)], force=True)
    return report


class _Forward(logging.Handler):
    """Hands the records of libraries over."""

    def __init__(self, log: Any) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        figures = {"logger": record.name, "message": record.getMessage()}
        if error is not None:
            figures["error"] = f"{type(error).__name__}: {error}"
        with contextlib.suppress(OSError):
            self._log.log(record.levelno, "library", **figures)


def _as_json(logger: Any, method: str, fields: Any) -> str:
    return json_line({key: _plain(part) for key, part in fields.items()})


def _without_commands(logger: Any, method: str, fields: Any) -> Any:
    return {key: exact_line(str(part)) if key == _EVENT else _safe(part) for key, part in fields.items()}


def _safe(part: object) -> object:
    if isinstance(part, str):
        return exact_line(part)
    return [_safe(each) for each in part] if isinstance(part, list) else part


def _plain(part: object) -> object:
    return part if isinstance(part, str | int | float | list | bool | None) else str(part)
