"""[evidence]: how the record is sealed, who else holds a copy of its checkpoints, and how often it is verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from archiver.config.section import Section
from archiver.config.sections import Place
from archiver.config.units import Duration


def _web_address(given: str) -> str:
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f]", given):
        raise ValueError('an address stands here: "https://keeper.example/checkpoints"')
    if "@" in parts.netloc:
        raise ValueError("no user name or password stands in this file")
    return given


def _secret_address(given: object) -> object:
    return _web_address(given) if isinstance(given, str) else given


def _address_or_none(given: str) -> str:
    return _web_address(given) if given else given


def _origin(given: str) -> str:
    if not re.fullmatch(r"[!-~]{0,100}", given):
        raise ValueError("an origin is printable ASCII without spaces")
    return given


class Sink(Section):
    """[evidence.sinks.NAME]: somebody else who is handed each new checkpoint."""

    kind: Literal["file", "webhook", "print"]
    path: Place | None = None
    """Of kind "file": a folder that somebody else keeps too; each checkpoint is a file of its own in it."""
    address: Annotated[SecretStr | None, BeforeValidator(_secret_address)] = None
    """Of kind "webhook": where checkpoints are sent, by POST. Whoever knows it can post there: it is never shown."""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        needed = {"file": "path", "webhook": "address"}.get(self.kind)
        for key in ("path", "address"):
            if (getattr(self, key) is None) != (key != needed):
                raise ValueError(
                    f'a sink of kind "{self.kind}" ' + (f"needs {key}" if key == needed else f"has no {key}")
                )
        return self


class Evidence(Section):
    """[evidence]: checkpoints of the ledger."""

    origin: Annotated[str, AfterValidator(_origin)] = ""
    """What the archive is called in its checkpoints; "" for the beginning of its own id."""
    checkpoint_every: Duration = timedelta(days=1)
    """How often the daemon makes a checkpoint, beside those after every run that gave a verdict."""
    verify_every: Duration = timedelta(days=7)
    """How often the daemon verifies the whole archive."""
    timestamp_url: Annotated[str, AfterValidator(_address_or_none)] = ""
    """Address of a time-stamping authority (RFC 3161); "" for none."""
    sinks: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")], Sink] = Field(default_factory=dict)
    """By name."""

    def secrets(self) -> Iterator[tuple[str, ...]]:
        """Paths of what only its owner may read in the file."""
        yield from (("evidence", "sinks", name, "address") for name, sink in self.sinks.items() if sink.address)
