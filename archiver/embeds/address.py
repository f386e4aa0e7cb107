"""Form "bare_address": a post's address alone on its line, which content systems turn into an embed (WordPress)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import post_hint, unarchived

FORM = "bare_address"

_ALONE = re.compile(r"^[ \t\u00a0]{0,40}<?((?:https?:)?//[^\s<>\"]{8,600}?)>?[ \t\u00a0\r]{0,40}$", re.MULTILINE)


def read(text: str) -> Iterator[Sighting]:
    """The posts whose addresses stand alone on a line of the readable text."""
    if "//" not in text:
        return
    for found in _ALONE.finditer(text):
        hint = post_hint(found[1])
        if hint is not None:
            embed = Embed(0, FORM, hint=hint, address=unarchived(found[1]))
            yield Sighting(found.start(1), found.end(1), embed)
