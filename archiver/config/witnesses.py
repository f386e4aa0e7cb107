"""The tables [witnesses.NAME]: web archives that are asked what they kept of posts that we never saw."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from archiver.config.platforms import Credentials, Secret
from archiver.config.section import Section
from archiver.config.sections import Whole
from archiver.config.units import Duration


class Keys(Credentials):
    """[witnesses.wayback.credentials]: of an account at the Internet Archive."""

    access_key: Secret = None
    secret_key: Secret = None


class Wayback(Section):
    """[witnesses.wayback]: the Wayback Machine."""

    enabled: bool = True
    """False: it is never asked."""
    every: Duration = timedelta(minutes=5)
    """How often the daemon asks whose turn it is."""
    posts: Annotated[Whole, Field(ge=1, le=100)] = 5
    """About how many posts it is asked each time; nothing else is looked at meanwhile."""
    save: bool = False
    """Whether it is asked to save the pages of posts that we saw alive."""
    credentials: Keys = Keys()

    @model_validator(mode="after")
    def _can_save(self) -> Wayback:
        if self.save and not self.enabled:
            raise ValueError("save = true needs enabled = true")
        if self.save and self.credentials.given().keys() != Keys.model_fields.keys():
            raise ValueError("save = true needs credentials.access_key and credentials.secret_key")
        return self


class Witnesses(Section):
    """Every archive that can be asked."""

    wayback: Wayback = Wayback()
