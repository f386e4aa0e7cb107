"""What tells a file that did not change without reading it: its status, and that of what belongs to it beside it.

The time is that of the last change, of a file's words or of what the system notes of it (`ctime`): a program may put
the time of a file back that it has changed, but not that. Where a system counts whole seconds only, a file that is
read right after its change may change once more without a sign: it gets a stamp that nothing has, and is read again.

A sidecar counts, and so does the folder into which a browser saved a page's frames, so that either makes the article
changed when it comes, goes or changes: the folder by what is listed in it, not by what its files say.
"""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from archiver.articles.walk import FRAMES, SIDECAR, Found
from archiver.model.article import Stamp

NEVER = -1
"""The inode of a stamp that no file has."""
_SECOND = 1_000_000_000


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
    size, changed = status.st_size, changed_at(status)
    if beside.sidecar is not None:
        size, changed = size + beside.sidecar.st_size, max(changed, changed_at(beside.sidecar))
    if beside.frames is not None:
        # Copied with its time, it may be older than the page.
        size, changed = size + 1, max(changed, changed_at(beside.frames))
    young = any(_may_change_unseen(each) for each in (status, *beside) if each is not None)
    inode = NEVER if young else within_64_bits(status.st_ino)
    return Stamp(size, within_64_bits(changed), inode)


def changed_at(status: os.stat_result) -> int:
    """When a file was changed last, in nanoseconds."""
    return max(status.st_mtime_ns, status.st_ctime_ns)


def within_64_bits(number: int) -> int:
    """A number of the system's as a database holds it: times behind the year 2262 and the inodes of layered and of
    remote file systems have a bit more."""
    return number if -(1 << 63) <= number < 1 << 63 else (number + (1 << 63)) % (1 << 64) - (1 << 63)


def _may_change_unseen(status: os.stat_result) -> bool:
    noted = status.st_ctime_ns
    return noted % _SECOND == 0 and time.time_ns() - noted < 2 * _SECOND


def _status(found: Found, name: bytes) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=found.within, follow_symlinks=False)
    except OSError:
        return None
