"""Sinks: others who are handed each checkpoint, so that its record does not depend on us alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archiver.model.exchange import Send
from archiver.store import files


class Sink(Protocol):
    """Somebody else."""

    @property
    def name(self) -> str:
        """What the configuration calls it."""

    @property
    def kind(self) -> str:
        """ "file", "webhook" or "print"."""

    def hand(self, lines: int, note: bytes) -> str | None:
        """Hand over the checkpoint of so many lines; None once it was taken, else why not, in a line."""


@dataclass(frozen=True, slots=True)
class FileSink:
    """A folder that somebody else keeps too: a file for each checkpoint, `checkpoint-4711.txt`."""

    name: str
    folder: Path
    kind: str = "file"

    def hand(self, lines: int, note: bytes) -> str | None:
        """A file that says otherwise is never written over: what it holds is evidence."""
        path = self.folder / f"checkpoint-{lines}.txt"
        try:
            if not self.folder.is_dir():
                # Making it would hide that a share is not mounted.
                return f"{self.folder} is no folder"
            if path.exists():
                return None if path.read_bytes() == note else f"{path} holds another checkpoint of {lines} lines"
            files.write(path, note)
        except OSError as error:
            return f"{path}: {error.strerror or error}"
        return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes checkpoints by POST, as plain text."""

    name: str
    address: str
    send: Send
    kind: str = "webhook"

    def hand(self, lines: int, note: bytes) -> str | None:
        answer = self.send(self.address, content=note, content_type="text/plain; charset=utf-8")
        if answer.failure is not None:
            return answer.failure.message
        code = answer.status_code or 0
        return None if 200 <= code < 300 else f"it answered {code}"


@dataclass(frozen=True, slots=True)
class Printed:
    """The log, or the terminal."""

    name: str
    out: Callable[[str], None]
    kind: str = "print"

    def hand(self, lines: int, note: bytes) -> str | None:
        self.out(note.decode())
        return None
