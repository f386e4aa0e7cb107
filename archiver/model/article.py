"""Article: a stored news document that we scan, as a source hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Markup = Literal["html", "text", "markdown"]


class Stamp(NamedTuple):
    """What tells an unchanged file without reading it. A tuple: a scan makes and compares one for every file."""

    size: int
    """Length in bytes."""
    mtime_ns: int
    """Time of last modification, nanoseconds since 1970."""
    inode: int
    """The file's number in its file system; 0 where a source has none."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One version of an article as its source keeps it: bytes that nobody has looked into yet."""

    source: str
    """The source's name in the configuration; "" on the command line."""
    location: str
    """Where in the source: a path with "/", injective and printable in UTF-8 (undecodable bytes as \\xNN); an article
    within a container file stands below it (`crawl.warc.gz/1234`, `export.xml/post-7`)."""
    payload: bytes
    """The bytes of the article itself, transfer and content encodings undone, character set not."""
    stamp: Stamp
    """The stamp of the file when it was opened; in a container, that of the container when it was last read from its
    beginning, or one of what the article says."""
    markup: Markup | None = None
    """How its bytes are to be read; None where neither its name nor its source tells."""
    charset: str | None = None
    """The character set that the source states (a header of HTTP or MIME), as written there; None without one."""
    address: str | None = None
    """Where it was published, as the source or a sidecar says; it wins over what the article says of itself."""
    title: str | None = None
    """The same of its title."""
    published_at: datetime | None = None
    """The same of when it was published, UTC."""
    doubts: tuple[str, ...] = ()
    """What a person should know of it: "sidecar_unreadable", "changed_while_read" …"""
    frames: tuple[tuple[bytes, str], ...] = ()
    """Frames whose files lie beside it: the source that the page states, and the address that it was saved from."""


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
    size: int
    """Length of `payload` in bytes; it stays where the payload itself is dropped."""
    stamp: Stamp
    """The file's stamp when it was opened."""
    address: str | None = None
    """Where it was published, if the article or its sidecar says so."""
    title: str | None = None
    """Its title, if it or its sidecar has one."""
    published_at: datetime | None = None
    """When it was published, UTC, where stated."""
    doubts: tuple[str, ...] = ()
    """What a person should know about this reading: "charset_guessed", "truncated", "player_lost" …"""

    @property
    def text(self) -> str:
        """The decoded article; what the charset cannot read is U+FFFD, a byte-order mark is dropped."""
        return self.payload.decode(self.charset, "replace").removeprefix("\ufeff")


class Unchanged(NamedTuple):
    """An article whose stamp is the one on file: it was not read again. A tuple, for the same reason as Stamp."""

    location: str
    below: bool = False
    """True for a container: neither it nor anything below it has changed since it was read to `Reached.position`."""
    anew: bool = False
    """True for a container that is a window on something longer and is read from its beginning all the same."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a container with this stamp was read: all its articles before this point were handed over."""

    location: str
    """The container's own location ("" for a source that is one container)."""
    stamp: Stamp
    position: str
    """Where reading goes on, in the source's own words (an offset, a number, a key, what must have stayed the same
    before it); "" is the beginning."""
    complete: bool
    """True at the container's end: with the same stamp it need not be opened again."""


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
    source: str = ""
    """The source's name, once a scan has met it; "" on the command line."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Files that a source did not open because of their names: told so that none is missed in silence."""

    endings: Mapping[str, int]
    """How many, by what their names end with (".jpg", "no ending" …); "hidden", "hidden (a folder)": those that begin
    with a dot."""


Finding = StoredArticle | Unchanged | Reached | Unread | PassedOver
