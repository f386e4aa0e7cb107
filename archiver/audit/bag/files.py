"""The files of a bag on the disk: written under another name, listed with their digests, brought there as a whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.errors import StorageError, UsageError

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, SIGNATURE, TAG_MANIFEST = "manifest-sha256.txt", "manifest-sha256.txt.sig", "tagmanifest-sha256.txt"


@contextlib.contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A new folder that takes the target's name when the block has ended well, and of which else nothing is left.

    Raises UsageError where something of that name is there, StorageError where the disk refuses.
    """
    refuse_existing(target)
    partial = target.with_name(f"{target.name}.partial")
    try:
        _make(partial)
        try:
            yield partial
            _settle(partial)
            partial.rename(target)
            _sync(target.absolute().parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        raise StorageError(f"{error.filename or target}: {error.strerror or error}") from error


def refuse_existing(target: Path) -> None:
    """Raise UsageError where something has that name."""
    if os.path.lexists(target):
        raise UsageError(f"{target}: exists already; a bag is made in a new folder")


def _make(partial: Path) -> None:
    """Make the folder, instead of what a killed export left."""
    if partial.is_dir() and not partial.is_symlink():
        left = {path.name for path in partial.iterdir()}
        if left and "bagit.txt" not in left:
            raise UsageError(f"{partial}: is in the way, and no bag that was left unfinished")
        shutil.rmtree(partial)
    partial.mkdir()
    # The first of its files: by it the next export knows what a killed one left.
    (partial / "bagit.txt").write_bytes(BAGIT.encode())
    (partial / "data").mkdir()


def manifest(bag: Path, names: Iterable[str]) -> bytes:
    """The lines of a manifest of these files, as `sha256sum -c` reads them."""
    return "".join(f"{_digest(bag / name)}  {name}\n" for name in sorted(names)).encode()


def payload_names(bag: Path) -> list[str]:
    """Every file below data/, as manifests name it."""
    return [path.relative_to(bag).as_posix() for path in (bag / "data").rglob("*") if path.is_file()]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(bag: Path) -> None:
    """Bring every file and folder to the disk."""
    for path in sorted(bag.rglob("*")):
        _sync(path)
    _sync(bag)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
