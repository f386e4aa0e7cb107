"""The contract of a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from archiver.model.article import Finding, Reached, Stamp


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive has of a source."""

    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    """The stamp on file of every article that has not vanished, by location."""
    reached: Mapping[str, Reached] = field(default_factory=dict)
    """How far each container was read, by its location."""


class Source(Protocol):
    """A place where a newsroom keeps articles."""

    name: str
    """Its name in the configuration: part of every article's identity."""

    def read(self, known: Known) -> Iterator[Finding]:
        """Each article of the source, in a stable order, streaming.

        An article whose stamp is the one on file yields `Unchanged`, and its bytes are not read. A container (a file or
        an address that holds many articles) whose stamp is the one on file, or that only has grown since, yields
        `Unchanged(below=True)` and is read from `Reached.position` on, or not at all if it is complete; it yields
        `Reached` from time to time and at its end. What cannot be read yields `Unread`; nothing raises. When the
        iterator ends, a known location that was not yielded, stands below no `Unchanged(below=True)` and below no
        `Unread`, has vanished.
        """
