"""Form "bare_address": a post's address alone on its line, which content systems turn into an embed (WordPress)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from archiver.urls import unarchived

FORM = "bare_address"

_ADDRESS = re.compile(r"//[^\s<>\"]{8,600}")
_SCHEMES = ("", "http:", "https:")
_BEGINNINGS = tuple(sign + scheme for sign in "\n \t\u00a0<" for scheme in _SCHEMES)
"""What stands before the slashes of an address alone on its line, in lower case: most addresses stand in sentences
and in Markdown's brackets, and need not be read to their ends."""
_LONGEST_BEGINNING = 7
_INDENT = 60
"""Characters before an address on its line, at most."""
_AFTER = re.compile(r">?[ \t\u00a0\r]{0,40}(?:\n|$)")


def read(text: str) -> Iterator[Sighting]:
    """The posts whose addresses stand alone on a line of the readable text."""
    for found in _addresses(text):
        if _AFTER.match(text, found.end()) is None:
            continue
        # A line without end must not be looked at from its beginning for each of its addresses.
        low = max(found.start() - _INDENT, 0)
        line = text.rfind("\n", low, found.start())
        begun = text[max(line + 1, low) : found.start()].strip(" \t\u00a0").removeprefix("<")
        if (line < 0 < low) or begun.lower() not in _SCHEMES:
            continue
        address = begun + found[0]
        hint = post_hint(address)
        if hint is not None:
            embed = Embed(0, FORM, hint=hint, address=unarchived(address))
            yield Sighting(found.start() - len(begun), found.end(), embed)


def _addresses(text: str) -> Iterator[re.Match[str]]:
    """The addresses that stand behind a blank or at the start of a line."""
    at = text.find("//")
    while at >= 0:
        before = text[max(at - _LONGEST_BEGINNING, 0) : at].lower()
        may_stand_alone = before.endswith(_BEGINNINGS) or before in _SCHEMES
        found = _ADDRESS.match(text, at) if may_stand_alone else None
        if found is not None:
            yield found
        at = text.find("//", found.end() if found is not None else at + 2)
