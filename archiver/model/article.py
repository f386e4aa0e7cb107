"""Article: a stored news document that we scan, as a source hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Markup = Literal["html", "text", "markdown"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells an unchanged file without reading it."""

    size: int
    """Length in bytes."""
    mtime_ns: int
    """Time of last modification, nanoseconds since 1970."""
    inode: int
    """The file's number in its file system; 0 where a source has none."""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article, read."""

    source: str
    """The source's name in the configuration; "" on the command line."""
    location: str
    """Where in the source: a path with "/", injective and printable in UTF-8 (undecodable bytes as \\xNN)."""
    markup: Markup
    """How its bytes are to be read."""
    payload: bytes
    """The bytes that were read, undecoded."""
    charset: str
    """The character set that decodes them, as Python names it."""
    digest: str
    """Labelled digest of `payload`."""
    stamp: Stamp
    """The file's stamp when it was opened."""
    address: str | None = None
    """Where it was published, if the article or its sidecar says so."""
    title: str | None = None
    """Its title, if it or its sidecar has one."""
    published_at: datetime | None = None
    """When it was published, UTC, where stated."""
    doubts: tuple[str, ...] = ()
    """What a person should know about this reading: "charset_guessed", "sidecar_unreadable" …"""

    @property
    def text(self) -> str:
        """The decoded article; what the charset cannot read is U+FFFD, a byte-order mark is dropped."""
        return self.payload.decode(self.charset, "replace").removeprefix("\ufeff")


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An article whose stamp is the one on file: it was not read again."""

    location: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A place in a source that could not be read; nothing at or below it counts as vanished."""

    location: str
    """The file or folder, as in Article; "" is the whole source."""
    reason: Literal[
        "missing",
        "permission",
        "symlink",
        "not_regular",
        "too_large",
        "too_deep",
        "io",
        "undecodable",
        "unparsed",
    ]
    """Why, in one word."""
    message: str
    """The same in one line for a person, with sizes or the system's own words."""
    harmless: bool = False
    """True for what a walk skips by rule (links, pipes, sockets): listed, but no failure of the scan."""


Finding = Article | Unchanged | Unread
