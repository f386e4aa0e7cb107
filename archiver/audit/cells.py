"""Cells of a spreadsheet: what came from outside must not start a formula."""

from __future__ import annotations

import unicodedata

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(cell: str) -> str:
    """The text, with "'" before it where a spreadsheet could take it for a formula (full-width forms too)."""
    first = unicodedata.normalize("NFKC", cell.lstrip(" \u00a0\u3000")[:1])
    return f"'{cell}" if cell.startswith(_STARTERS) or first.startswith(_STARTERS) else cell
