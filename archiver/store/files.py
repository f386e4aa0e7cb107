"""Files that stand beside the database: written durably, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

_STALE_SECONDS = 3600


def write(path: Path, payload: bytes, own: Callable[[Path], None] | None = None) -> None:
    """Let a file hold these bytes, for this account alone unless `own` changes that. Raises OSError."""
    making = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as out:
        out.write(payload)
        out.flush()
        os.fsync(descriptor)
    if own is not None:
        own(making)
    making.rename(path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Take away what `write` left where it was killed."""
    for left in folder.glob("*.*-*.new"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
