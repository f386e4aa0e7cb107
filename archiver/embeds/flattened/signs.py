"""Characters that are not seen but stand in attributions, between the signs that are."""

from __future__ import annotations

MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What tells a browser which way to write: from right to left and back, round names, handles and days."""
