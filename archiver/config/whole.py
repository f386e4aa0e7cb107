"""The whole configuration as one frozen object."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from archiver.config.evidence import Evidence
from archiver.config.platforms import Platforms
from archiver.config.retention import Retention
from archiver.config.section import Section
from archiver.config.sections import Follow, Media, Scan, Store, Web
from archiver.config.sources import AnySource
from archiver.config.thresholds import Guarded, Schedule, Verdicts, as_written
from archiver.config.witnesses import Witnesses
from archiver.model.verdict import Rules

SourceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class Config(Section):
    """config.toml, read. Also made from Python: `Config()`, or `Config.model_validate({"store": {"path": "a"}})`.

    Made from Python its paths are taken as they are, and a mistake is pydantic's ValidationError.
    """

    store: Store = Store()
    sources: dict[SourceName, AnySource] = Field(default_factory=dict)
    """By name, in the order of the file."""
    scan: Scan = Scan()
    follow: Follow = Follow()
    schedule: Schedule = Schedule()
    web: Web = Web()
    media: Media = Media()
    platforms: Platforms = Platforms()
    witnesses: Witnesses = Witnesses()
    verdicts: Verdicts = Verdicts()
    retention: Retention = Retention()
    evidence: Evidence = Evidence()

    @property
    def rules(self) -> Rules:
        """The thresholds by which verdicts are given."""
        return self.verdicts.rules()

    @property
    def secrets(self) -> list[tuple[str, ...]]:
        """The path of each credential that is set: ("platforms", "x", "credentials", "bearer_token")."""
        held = [("platforms", name, platform.credentials) for name, platform in self.platforms.items()]
        held.append(("witnesses", "wayback", self.witnesses.wayback.credentials))
        found = [(table, name, "credentials", key) for table, name, secrets in held for key in secrets.given()]
        return [*found, *self.evidence.secrets()]

    @property
    def unsafe(self) -> tuple[str, ...]:
        """Each `unsafe_` key in use, as "verdicts.unsafe_rounds = 2": every report must print them."""
        return tuple(
            f"{name}.{key} = {as_written(threshold)}"
            for name in type(self).model_fields
            if isinstance(section := getattr(self, name), Guarded)
            for key, threshold in section.unsafe_keys().items()
        )

    def masked(self) -> dict[str, Any]:
        """The configuration as a tree for people and JSON, in the file's own words; a secret is "**********"."""
        return self.model_dump(mode="json", exclude_none=True)
