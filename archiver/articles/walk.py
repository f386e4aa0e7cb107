"""Walking a folder that anybody may have written into.

Every step is relative to an open folder, no link is followed, and nothing is opened that the folder calls a pipe, a
socket or a device. Names are bytes. What cannot be walked is a value, `Unread`.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from archiver.model.article import Unread

FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""No link at the last step, and no waiting for the writer of a pipe."""

SIDECAR = b".meta.json"
FRAMES = ("_files", "-Dateien", "_fichiers", "_archivos", "_arquivos", "_file", "_bestanden", "_pliki")
"""What browsers add to a page's name for the folder of its frames and pictures."""
NO_FOLDER = -1

Entry = os.DirEntry[str]
Wanted = Callable[[bytes], bool]
Hidden = Callable[[bool], None]

_NOT_REGULAR = "neither a file nor a folder (a pipe, a socket or a device), skipped"

# Controls, line separators and marks that turn the reading direction. A fixed list: were it asked of Python's Unicode
# tables, a newer Python would give an old file a new location. ZWJ, ZWNJ, LRM and RLM are part of names and stay.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Found:
    """A file that a walk met, not opened yet."""

    location: str
    """As in Article."""
    name: bytes
    folder: int
    """Descriptor of its folder: open until the walk is asked for the next one; NO_FOLDER where `name` is a path."""
    entry: Entry | None
    """How its folder lists it; its status is asked of the system when first wanted. None if no folder was listed."""
    sidecar: bool
    """Whether there is a NAME.meta.json beside it, whatever that is."""
    frames: bytes | None = None
    """The folder beside it into which a browser saved its frames, if there may be one."""

    @property
    def within(self) -> int | None:
        """Its folder, as the system's calls want it."""
        return None if self.folder == NO_FOLDER else self.folder


def printable(name: bytes) -> str:
    r"""A name or path as text, injective: a backslash is doubled; what is not UTF-8 or not printable becomes \xNN."""
    text = name.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return _UNPRINTABLE.sub(lambda match: "".join(f"\\x{byte:02x}" for byte in match[0].encode()), text)


def unread(location: str, error: OSError) -> Unread:
    """What the system's refusal means."""
    message = error.strerror or str(error)
    match error.errno:
        case errno.ELOOP:
            return _link(location)
        case errno.ENXIO | errno.ENODEV:
            return not_regular(location)
        case errno.EACCES | errno.EPERM:
            return Unread(location, "permission", message)
        case errno.ENOENT:
            return Unread(location, "missing", message)
    return Unread(location, "io", message)


def raced(location: str, error: OSError) -> Unread:
    """The same for what its folder had just listed: that it is gone by now is nobody's failure."""
    refusal = unread(location, error)
    if refusal.reason == "missing":
        return Unread(location, "missing", "gone since its folder was listed", harmless=True)
    return refusal


def not_regular(location: str) -> Unread:
    """A pipe, a socket or a device."""
    return Unread(location, "not_regular", _NOT_REGULAR, harmless=True)


def is_empty(folder: int) -> bool:
    """Whether there is nothing at all in an open folder; one that cannot be listed is for `walk` to tell."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def not_mounted(number: int) -> Unread:
    """A source whose folder is empty where so many articles were, as a share that is not mounted leaves it. Nobody
    empties a whole source."""
    return Unread("", "missing", f"empty, where {number} articles were: not mounted?")


def walk(
    folder: int, prefix: str, depth: int, wanted: Wanted, hidden: Hidden = lambda _: None
) -> Iterator[Found | Unread]:
    """The wanted files at and below an open folder, in the order of their names' bytes.

    `prefix` is "" or ends with "/"; `depth` is how many levels of folders are still entered. Hidden names are passed
    over, each told to `hidden`: True for a folder, which is not entered. A folder is listed whole when it is reached,
    its files are opened by the caller one by one.
    """
    try:
        with os.scandir(folder) as listing:
            entries = {entry.name: entry for entry in listing}
    except OSError as error:
        yield unread(prefix.removesuffix("/"), error)
        return
    together = "".join(entries)
    # Most folders have names of plain ASCII only; asking that of all at once is what a fast walk needs.
    plain = _is_plain(together)
    has_sidecars = SIDECAR.decode() in together
    frames = _frames(entries) if any(end in together for end in FRAMES) else {}
    for text in sorted(entries, key=None if plain else os.fsencode):
        if text[0] == ".":
            hidden(_kind(entries[text]) == "folder")
            continue
        name = text.encode("ascii") if plain else os.fsencode(text)
        kind = _kind(entries[text])
        if kind == "file" and not wanted(name):
            continue
        location = prefix + (text if plain else printable(name))
        if kind == "file":
            beside = has_sidecars and text + SIDECAR.decode() in entries
            kept = frames.get(os.path.splitext(text)[0]) if frames else None
            yield Found(location, name, folder, entries[text], beside, kept)
        elif kind == "folder":
            yield from _below(folder, name, location, depth, wanted, hidden)
        else:
            yield _link(location) if kind == "link" else not_regular(location)


def _frames(entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """The folders of saved pages' frames, by the name of the page without its ending."""
    found: dict[str, bytes] = {}
    for end in reversed(FRAMES):
        kept = (text for text, entry in entries.items() if text.endswith(end) and _kind(entry) == "folder")
        found |= {text.removesuffix(end): os.fsencode(text) for text in kept}
    return found


def _below(
    folder: int, name: bytes, location: str, depth: int, wanted: Wanted, hidden: Hidden
) -> Iterator[Found | Unread]:
    if depth == 0:
        yield Unread(location, "too_deep", "too many folders within folders, not entered")
        return
    try:
        inner = os.open(name, FLAGS | os.O_DIRECTORY, dir_fd=folder)
    except OSError as error:
        yield raced(location, error)
        return
    try:
        yield from walk(inner, location + "/", depth - 1, wanted, hidden)
    finally:
        os.close(inner)


def _is_plain(names: str) -> bool:
    """Whether `printable` would leave these names as they are, for all that can be seen at a glance."""
    return names.isascii() and names.isprintable() and "\\" not in names


def _kind(entry: Entry) -> Literal["file", "folder", "link", "other"]:
    try:
        if entry.is_file(follow_symlinks=False):
            return "file"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "link" if entry.is_symlink() else "other"
    except OSError:
        # It cannot even be asked what it is: opening it will say why.
        return "file"


def _link(location: str) -> Unread:
    return Unread(location, "symlink", "a symbolic link, not followed", harmless=True)


def is_regular(status: os.stat_result) -> bool:
    """Whether an opened descriptor is a plain file after all."""
    return stat.S_ISREG(status.st_mode)
