"""The contract of a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from archiver.model.article import Finding, Stamp


class Source(Protocol):
    """A place where a newsroom keeps articles."""

    name: str
    """Its name in the configuration: part of every article's identity."""

    def read(self, known: Mapping[str, Stamp]) -> Iterator[Finding]:
        """Each article of the source, in a stable order, streaming.

        `known` has the stamp on file by location: an equal stamp yields `Unchanged` and the bytes are not read.
        What cannot be read yields `Unread`; nothing raises. When the iterator ends, a known location that was not
        yielded, and does not lie below an `Unread` one, has vanished.
        """
