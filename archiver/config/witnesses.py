"""The tables [witnesses.NAME]: web archives that are asked what they kept of posts that we never saw."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from archiver.config.section import Section
from archiver.config.sections import Whole
from archiver.config.units import Duration


class Wayback(Section):
    """[witnesses.wayback]: the Wayback Machine."""

    enabled: bool = True
    """False: it is never asked."""
    every: Duration = timedelta(minutes=5)
    """How often the daemon asks whose turn it is."""
    posts: Annotated[Whole, Field(ge=1, le=100)] = 5
    """About how many posts it is asked each time; nothing else is looked at meanwhile."""


class Witnesses(Section):
    """Every archive that can be asked."""

    wayback: Wayback = Wayback()
