"""Articles that are files: a source that is a folder, and files or folders named on a command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

from archiver.articles.beside import Frames, frames_beside
from archiver.articles.files import Follower
from archiver.articles.foreign import foreign
from archiver.articles.jsonl import Fields, JsonLines
from archiver.articles.many import read_all, source_of
from archiver.articles.names import Names, is_compressed, is_lines, is_program, markup_of
from archiver.articles.sidecar import SIZE_CAP, UNREADABLE, Sidecar, read_sidecar
from archiver.articles.source import Known
from archiver.articles.stamps import NEVER, beside, frames_of, stamp_of
from archiver.articles.unpack import GZIP, gunzipped
from archiver.articles.walk import (
    FLAGS,
    NO_FOLDER,
    SIDECAR,
    Found,
    is_empty,
    is_regular,
    not_mounted,
    not_regular,
    raced,
    unread,
    walk,
)
from archiver.model.article import Finding, PassedOver, Stamp, StoredArticle, Unchanged, Unread

SIZE_CAP_BYTES = 50_000_000
DEPTH = 16
PIECE_BYTES = 1 << 20

NameOrPath = str | os.PathLike[str]
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK | os.O_CLOEXEC
_NO_SIDECAR = Sidecar()
_NOTHING_KNOWN: Mapping[str, Stamp] = MappingProxyType({})


class Directory:
    """The source of kind "directory": files below a folder, by their names (`names`)."""

    def __init__(
        self,
        name: str,
        folder: Path,
        size_cap: int = SIZE_CAP_BYTES,
        depth: int = DEPTH,
        fields: Fields | None = None,
    ) -> None:
        """`folder` may itself be a link, nothing below it; a file longer than `size_cap` bytes is not read. `fields`
        are those of JSON Lines."""
        self.name = name
        self.folder = folder
        self.size_cap = size_cap
        self.depth = depth
        self.lines = JsonLines(name, folder, fields, size_cap)

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it. A folder that is not there is `Unread("", "missing")`: nothing has vanished then."""
        try:
            root = os.open(self.folder, _FOLDER)
        except OSError as error:
            yield _named_by_user("", error)
            return
        if known.stamps and is_empty(root):
            os.close(root)
            yield not_mounted(len(known.stamps))
            return
        reader = _Reader(self.name, self.size_cap, known.stamps)
        yield from reader.below(root, "", self.depth, self.lines.follower(known))


def read_file(path: NameOrPath, size_cap: int = SIZE_CAP_BYTES) -> StoredArticle | Unread:
    """One file by its path, whatever its name ends with; a link is followed, since a person named it.

    `location` is the path as given; only bytes that are not UTF-8 are written as \\xNN. What is plainly no article is
    "undecodable".
    """
    name = os.fsencode(path)
    found = Found(_as_given(path), name, NO_FOLDER, None, os.path.lexists(name + SIDECAR), frames_of(name))
    finding = _Reader("", size_cap, _NOTHING_KNOWN).read(found)
    if isinstance(finding, Unread):
        # Nothing that a person asked for by name is passed over in silence.
        return Unread(finding.location, finding.reason, finding.message)
    return foreign(finding.location, finding.payload) or finding


def read_paths(
    paths: Iterable[NameOrPath], size_cap: int = SIZE_CAP_BYTES, depth: int = DEPTH
) -> Iterator[StoredArticle | Unread | PassedOver]:
    """Each file, and the articles below each folder, streaming; a location below a folder begins with it as given."""
    for path in paths:
        try:
            folder = os.open(path, _FOLDER)
        except NotADirectoryError:
            yield from _read_named(path, size_cap)
            continue
        except (OSError, ValueError) as error:
            yield _named_by_user(_as_given(path), error)
            continue
        reader, lines = _Reader("", size_cap, _NOTHING_KNOWN), _lines(size_cap)
        yield from _told(reader.below(folder, os.path.join(_as_given(path), ""), depth, lines))


def _read_named(path: NameOrPath, size_cap: int) -> Iterator[StoredArticle | Unread | PassedOver]:
    if (source := source_of(os.fspath(path), size_cap)) is not None:
        yield from read_all(source, os.fspath(path))
        return
    if not is_lines(os.fsencode(path)):
        yield read_file(path, size_cap)
        return
    try:
        file = os.open(path, FLAGS & ~os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        yield _named_by_user(_as_given(path), error)
        return
    try:
        for finding in _told(_lines(size_cap).opened(file, _as_given(path))):
            yield replace(finding, harmless=False) if isinstance(finding, Unread) else finding
    finally:
        os.close(file)


def _lines(size_cap: int) -> Follower:
    return JsonLines("", Path(), None, size_cap).follower(Known())


def _told(findings: Iterable[Finding]) -> Iterator[StoredArticle | Unread | PassedOver]:
    return (finding for finding in findings if isinstance(finding, StoredArticle | Unread | PassedOver))


def read_stream(payload: bytes) -> StoredArticle | Unread:
    """The bytes of standard input as an article at "-"; what is plainly none is "undecodable"."""
    return foreign("-", payload) or StoredArticle("", "-", payload, Stamp(len(payload), 0, 0))


class _Reader:
    """Opens what a walk found and takes the bytes out of it."""

    def __init__(self, source: str, size_cap: int, stamps: Mapping[str, Stamp]) -> None:
        self.source = source
        self.size_cap = size_cap
        self.stamps = stamps

    def below(self, folder: int, prefix: str, depth: int, lines: Follower) -> Iterator[Finding]:
        """What stands below an open folder, which it closes at the end."""
        names = Names()
        try:
            for found in walk(folder, prefix, depth, names.wanted, names.pass_over_hidden):
                if not isinstance(found, Found):
                    yield found
                # First what is asked of every file of a source at every scan.
                elif (stamp := self.stamps.get(found.location)) is not None and self._is_unchanged(found, stamp):
                    yield Unchanged(found.location)
                elif is_lines(found.name):
                    yield from lines.found(found)
                else:
                    finding = self.read(found)
                    if isinstance(finding, StoredArticle) and is_program(found.name, finding.payload):
                        names.pass_over(found.name, " (a program)")
                        continue
                    yield finding
        finally:
            os.close(folder)
        yield from names.told()

    def read(self, found: Found) -> StoredArticle | Unread:
        in_folder = found.folder != NO_FOLDER
        try:
            file = _open(found.name, found.folder, FLAGS if in_folder else FLAGS & ~os.O_NOFOLLOW)
        except OSError as error:
            return raced(found.location, error) if in_folder else _named_by_user(found.location, error)
        except ValueError as error:
            return _named_by_user(found.location, error)
        try:
            return self._read_open(found, file)
        except OSError as error:
            return unread(found.location, error)
        finally:
            os.close(file)

    def _is_unchanged(self, found: Found, stamp: Stamp) -> bool:
        """By the status that its folder gives, so that nothing need be opened."""
        if found.entry is None:
            return False
        try:
            status = found.entry.stat(follow_symlinks=False)
        except OSError:
            return False
        size = status.st_size
        # Asked of every file of a source at every scan: without a call and without making a stamp.
        written, noted = status.st_mtime_ns, status.st_ctime_ns
        changed = written if written > noted else noted
        same = changed == stamp.mtime_ns and size == stamp.size and status.st_ino == stamp.inode
        if found.sidecar or found.frames or (not same and stamp.inode != NEVER):
            same = stamp_of(status, beside(found)) == stamp
        return same and size <= self.size_cap and S_ISREG(status.st_mode)

    def _read_open(self, found: Found, file: int) -> StoredArticle | Unread:
        status = os.fstat(file)
        if not is_regular(status):
            return not_regular(found.location)
        if status.st_size > self.size_cap:
            message = f"{status.st_size} bytes, the cap is {self.size_cap}"
            return Unread(found.location, "too_large", message)
        beside_it = beside(found)
        payload = _read_to(file, status.st_size, self.size_cap)
        after = os.fstat(file)
        moved = (len(payload), after.st_mtime_ns) != (status.st_size, status.st_mtime_ns)
        if is_compressed(found.name) or (payload.startswith(GZIP) and markup_of(found.name) is not None):
            # Some stores keep what they serve compressed, without telling by the name.
            unpacked = gunzipped(payload, self.size_cap)
            if isinstance(unpacked, str):
                return Unread(found.location, "undecodable", unpacked)
            payload = unpacked
        said = _sidecar(found, beside_it.sidecar)
        markup = markup_of(found.name)
        doubts = ("changed_while_read",) if moved else ()
        return StoredArticle(
            source=self.source,
            location=found.location,
            payload=payload,
            stamp=stamp_of(status, beside_it),
            markup=markup,
            address=said.address,
            title=said.title,
            published_at=said.published_at,
            doubts=doubts if said.readable else (*doubts, "sidecar_unreadable"),
            frames=_frames(payload, found) if markup == "html" else (),
        )


def _frames(page: bytes, found: Found) -> Frames:
    return frames_beside(page, found.within, found.name, saved=found.frames is not None)


def _open(name: bytes, folder: int, flags: int) -> int:
    return os.open(name, flags, dir_fd=None if folder == NO_FOLDER else folder)


def _read_to(file: int, expected: int, cap: int) -> bytes:
    """At most `cap` bytes, however fast the file grows."""
    piece = os.read(file, min(cap, expected + 1))
    if len(piece) == expected:
        return piece
    pieces = [piece]
    room = cap - len(piece)
    while room and (piece := os.read(file, min(room, PIECE_BYTES))):
        pieces.append(piece)
        room -= len(piece)
    return b"".join(pieces)


def _sidecar(found: Found, listed: os.stat_result | None) -> Sidecar:
    if not found.sidecar:
        return _NO_SIDECAR
    if listed is None or not is_regular(listed):
        return UNREADABLE
    try:
        file = _open(found.name + SIDECAR, found.folder, FLAGS)
    except OSError:
        return UNREADABLE
    try:
        status = os.fstat(file)
        payload = _read_to(file, status.st_size, SIZE_CAP + 1) if is_regular(status) else None
    except OSError:
        return UNREADABLE
    finally:
        os.close(file)
    return read_sidecar(payload) if payload is not None and len(payload) <= SIZE_CAP else UNREADABLE


def _as_given(path: NameOrPath) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _named_by_user(location: str, error: OSError | ValueError) -> Unread:
    if isinstance(error, ValueError):
        # A path with a NUL is nothing at all to the system.
        return Unread(location, "missing", str(error))
    refusal = unread(location, error)
    if refusal.reason == "symlink":
        # It was followed; it leads round in a circle.
        return Unread(location, "io", error.strerror or str(error))
    return Unread(location, refusal.reason, refusal.message)
