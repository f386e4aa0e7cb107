"""What tells a file that did not change without reading it: its status, and that of what belongs to it beside it.

A sidecar counts, and so does the folder into which a browser saved a page's frames, so that either makes the article
changed when it comes, goes or changes: the folder by what is listed in it, not by what its files say.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from archiver.articles.walk import FRAMES, SIDECAR, Found
from archiver.model.article import Stamp


class Beside(NamedTuple):
    """The status of each as it was before the file was read; None where there is none."""

    sidecar: os.stat_result | None
    frames: os.stat_result | None


def beside(found: Found) -> Beside:
    """What stands beside a file now."""
    sidecar = _status(found, found.name + SIDECAR) if found.sidecar else None
    return Beside(sidecar, _status(found, found.frames) if found.frames else None)


def frames_of(path: bytes) -> bytes | None:
    """The folder of a saved page's frames beside the file at a path; None where there is none."""
    stem = os.path.splitext(path)[0]
    return next((folder for end in FRAMES if os.path.isdir(folder := stem + end.encode())), None)


def stamp_of(status: os.stat_result, beside: Beside) -> Stamp:
    """The file's stamp. It is taken before reading: a file that changes while it is read has another one at the next
    scan.

    With a sidecar `size` is the sum of both, a folder adds one to it, and `mtime_ns` is the latest of all.
    """
    size, mtime_ns = status.st_size, status.st_mtime_ns
    if beside.sidecar is not None:
        size, mtime_ns = size + beside.sidecar.st_size, max(mtime_ns, beside.sidecar.st_mtime_ns)
    if beside.frames is not None:
        # Copied with its time, it may be older than the page.
        size, mtime_ns = size + 1, max(mtime_ns, beside.frames.st_mtime_ns)
    return Stamp(size, mtime_ns, status.st_ino)


def _status(found: Found, name: bytes) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=found.within, follow_symlinks=False)
    except OSError:
        return None
