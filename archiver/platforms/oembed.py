"""oEmbed (oembed.com): the one answer format that several platforms share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archiver.platforms.answers import words


@dataclass(frozen=True, slots=True)
class Card:
    """What an oEmbed answer says; a field is None where it is missing or no string."""

    html: str | None
    url: str | None
    author_name: str | None
    author_url: str | None


def card(noun: Any) -> Card | None:
    """The card in a parsed oEmbed answer; None if it is no object of type "rich" or "video"."""
    if words(noun, "type") not in ("rich", "video"):
        return None
    return Card(words(noun, "html"), words(noun, "url"), words(noun, "author_name"), words(noun, "author_url"))
