"""What of a Markdown source is no text that a reader sees as such: its front matter, and code between fences."""

from __future__ import annotations

import re

_FRONT_MATTER = re.compile(rb"\s{0,100}(---|\+\+\+)[ \t]*\r?\n.*?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_LONGEST_FRONT_MATTER = 20_000
_FENCE = re.compile(rb"^ {0,3}(?:```|~~~)[^\n]{0,200}$", re.MULTILINE)


def hidden_in(source: bytes) -> list[tuple[int, int]]:
    """Where they stand, as zones of a page, in order."""
    front = _FRONT_MATTER.match(source[:_LONGEST_FRONT_MATTER])
    hidden = [(0, front.end())] if front is not None else []
    opened: int | None = None
    for fence in _FENCE.finditer(source) if b"```" in source or b"~~~" in source else ():
        if opened is None:
            opened = fence.start()
        else:
            hidden.append((opened, fence.end()))
            opened = None
    return hidden
