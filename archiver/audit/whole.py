"""Files that appear under their names when they are whole, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from archiver.errors import StorageError


@contextlib.contextmanager
def whole_path(path: Path) -> Iterator[Path]:
    """The file appears under its name when the block has ended well; the block writes it under the name given, and
    brings it to the disk. Raises StorageError where the disk refuses.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


@contextlib.contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """The same for text; whoever writes brings it to the disk first."""
    with whole_path(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        yield file
