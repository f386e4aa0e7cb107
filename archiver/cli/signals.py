"""Ending what takes long in order when the system or a person says so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Ending:
    """Whether somebody asked for the end."""

    number: int = 0
    """The signal; 0 for none."""

    def exit_code(self, code: int) -> int:
        """What the command exits with; `code` where nobody asked."""
        return 128 + self.number if self.number else code


@contextmanager
def ended_by_signals(stop: threading.Event) -> Iterator[Ending]:
    """SIGTERM and Ctrl-C set `stop`, so that what is done is written first; a second one ends the program at once."""
    ending = Ending()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, frame: FrameType | None) -> None:
        ending.number = number
        stop.set()
        for each in before:
            signal.signal(each, signal.SIG_DFL)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number, handler in before.items():
        # A shell starts what runs in the background so that Ctrl-C is not for it.
        if handler is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        yield ending
    finally:
        restore()
