"""Sighting: what one form saw at one place, before places are put in order and merged."""

from __future__ import annotations

from typing import NamedTuple

from archiver.model.embed import Embed


class Sighting(NamedTuple):
    """An embed as one form saw it. A tuple, as all that is made for each element of a page: it takes a third of the
    time of a frozen dataclass."""

    start: int
    """Where it begins, in the text that the form was given."""
    end: int
    """Where it ends there."""
    embed: Embed
    """With `position` 0 and without its surroundings: `find` fills them."""
    marked: bool = True
    """False where only the content, and no marker in the markup, says that this is a post."""
    doubts: tuple[str, ...] = ()
    """What a person should know about this reading."""
    elsewhere: bool = False
    """True where it stands among what the page's state says of other articles."""
