"""Whether a file that has changed still begins with what was read of it: crawlers and exports write at the end.

Before reading goes on there, everything that was read is read through once more and its digest compared, at the disk's
speed and without looking into it. A digest of the last piece alone would be cheaper, and would miss an article that
was corrected in the middle by a word of the same length.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import NamedTuple

from archiver.model.article import Stamp

PIECE_BYTES = 1 << 18

_MARK = re.compile(r"(sha256:[0-9a-f]{64}) ([0-9]+) ([0-9]+) (-?[0-9]+) ([0-9]+);")


class Mark(NamedTuple):
    """What stands before the position in a Reached of a file that may grow."""

    digest: str
    """Of the file's first bytes."""
    covered: int
    """How many these are: all from which anything was handed over."""
    stamp: Stamp
    """The file's stamp when it was last read from its beginning: that of every article that was read since."""

    def __str__(self) -> str:
        return f"{self.digest} {self.covered} {' '.join(map(str, self.stamp))};"


def read_mark(written: str) -> tuple[Mark | None, str]:
    """The mark that a position on file begins with, and the position itself."""
    match = _MARK.match(written)
    if match is None:
        return None, written
    stamp = Stamp(int(match[3]), int(match[4]), int(match[5]))
    return Mark(match[1], int(match[2]), stamp), written[match.end() :]


class Beginning:
    """The digest of an open file's first bytes, taken further as reading goes on; the place of reading stays."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._digest = hashlib.sha256()
        self.length = 0
        """So many bytes it is of."""

    def up_to(self, length: int) -> str:
        """The labelled digest of so many bytes; of more where more were taken before, of fewer where it ends."""
        while room := max(0, length - self.length):
            piece = os.pread(self._descriptor, min(room, PIECE_BYTES), self.length)
            if not piece:
                break
            self._digest.update(piece)
            self.length += len(piece)
        return "sha256:" + self._digest.hexdigest()
