"""Frames that tell no more which post they show: a browser saved them beside the page, or as a part of it; or an
archiver could not look into them and took their address away (SingleFile)."""

from __future__ import annotations

import re

from archiver.embeds.reading.page import Element
from archiver.embeds.reading.pieces import Attributes

_SAVED = re.compile(r"(?:\./)?[^:?#]{1,600}\.html?|cid:\S{1,300}", re.IGNORECASE)
_BLUESKY = re.compile(
    r"\sdata-bluesky-id=(?:[^<>]{1,100}\ssrc=[\"'](?:(?:\./)?[^:?#\"'<>]{1,600}\.html?|cid:[^\s\"'<>]{1,300})[\"']"
    r"|(?![^<>]{0,900}src)[^<>]{1,900}>)",
    re.IGNORECASE,
)
"""Its box alone says "bluesky-embed"; the script names the frame first."""
_BEGINNING = 2_000


def is_kept(element: Element, found: Attributes) -> bool:
    """Whether what shows a post is such a frame, or Bluesky's box around one."""
    # One that is still to be filled has an address ("about:blank", or that of a script's own `data-src`).
    is_emptied = element.name == "iframe" and not any(name.endswith("src") for name in found)
    if is_emptied or _SAVED.fullmatch(found.get("src", "")):
        return True
    is_box = "bluesky-embed" in found.get("class", "").lower()
    return is_box and _BLUESKY.search(element.source[:_BEGINNING]) is not None
