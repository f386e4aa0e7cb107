"""Which source reads which kind of place. A new kind: one file, one line here, one word in config's SourceSettings."""

from __future__ import annotations

from collections.abc import Callable

from archiver.articles.directory import Directory
from archiver.articles.source import Source
from archiver.config import SourceSettings


def _directory(name: str, settings: SourceSettings) -> Source:
    return Directory(name, settings.path, settings.size_cap)


KINDS: dict[str, Callable[[str, SourceSettings], Source]] = {
    "directory": _directory,
}


def open_source(name: str, settings: SourceSettings) -> Source:
    """The source that `[sources.NAME]` describes. Nothing is opened before it is read."""
    return KINDS[settings.kind](name, settings)
