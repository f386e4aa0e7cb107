"""The tables of config.toml that say where things are and how the network is used; `thresholds.py` has the rest."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
)

from archiver import permalinks
from archiver.config.section import Section
from archiver.config.units import Duration, Size


def _place(given: Path, info: ValidationInfo) -> Path:
    # A path is taken from the file that names it, wherever the program was started (`folder` comes from `parse`).
    text = str(given)
    if "\0" in text:
        raise ValueError("a path holds no NUL")
    if text.startswith("~"):
        raise ValueError('"~" is not expanded here: write the whole path, or one relative to this file')
    folder: Path | None = (info.context or {}).get("folder")
    return folder / given if folder is not None else given


def _not_empty(given: object) -> object:
    if given == "":
        raise ValueError("a path is not empty")
    return given


def _whole(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("a whole number stands here")
    return given


def _followed(given: str) -> str:
    match = re.fullmatch(r"(?:([a-z][a-z0-9_]*):)?@?([^\s@:/]{1,253}(?:@[^\s@:/]{1,253})?)", given)
    if not match:
        raise ValueError('an author is a handle, with or without "@", or a platform and a handle: "x:handle"')
    if match[1] and match[1] not in permalinks.PLATFORMS:
        raise ValueError(f'there is no platform "{match[1]}"; there is: {", ".join(permalinks.PLATFORMS)}')
    return f"{match[1]}:{match[2]}" if match[1] else match[2]


def _contact(given: str) -> str:
    if not re.fullmatch(r"[!-~]{0,200}", given) or set(given) & set("()\\"):
        raise ValueError("a contact is an address of mail or web, without spaces")
    return given


def _base_address(given: str) -> str:
    """An http(s) origin, without anything secret in it."""
    try:
        parts = urlsplit(given)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError:
        port_is_readable = False
    if not port_is_readable or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError('an address of scheme and host stands here: "http://127.0.0.1:8001"')
    if "@" in parts.netloc:
        raise ValueError("no user name or password stands in this file")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("the address ends with its host and port")
    return given.rstrip("/")


def _proxy(given: str) -> str:
    return _base_address(given) if given else given


def _host(given: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", given):
        raise ValueError("a host is written in lower case, without scheme or port")
    return given


def _host_or_any(given: str) -> str:
    return given if given == "*" else _host(given)


Place = Annotated[Path, BeforeValidator(_not_empty), AfterValidator(_place)]
Whole = Annotated[int, BeforeValidator(_whole)]
Host = Annotated[str, AfterValidator(_host)]
BaseAddress = Annotated[str, AfterValidator(_base_address)]


class Store(Section):
    """[store]: where the archive stands."""

    path: Place = Path("archive")
    """The archive's folder; it is made if it is not there."""
    group: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,32}$")] = ""
    """The system group of the archivists' accounts; "" keeps the archive to the account that runs the program."""


class Scan(Section):
    """[scan]: how the sources are scanned."""

    processes: Annotated[Whole, Field(ge=0, le=64)] = 0
    """How many processes look through articles; 0 for one a core, 1 for none beside the program itself."""


class Follow(Section):
    """[follow]: whose posts are checked. It never limits what is stored."""

    authors: tuple[Annotated[str, AfterValidator(_followed)], ...] = ()
    """Handles without "@", or "platform:handle"; empty means everyone."""


class Web(Section):
    """[web]: how the network is used."""

    contact: Annotated[str, AfterValidator(_contact)] = ""
    """Where an operator of a platform can reach us: stands in the User-Agent."""
    deadline: Duration = timedelta(seconds=30)
    """Longest time for one request, redirects included."""
    raw_cap: Size = 5_000_000
    """Greatest length of a body as received."""
    decoded_cap: Size = 20_000_000
    """Greatest length of a body after decompression."""
    pace: Duration = timedelta(seconds=1)
    """Shortest time between two requests to one host."""
    pace_per_host: dict[Host, Duration] = Field(default_factory=dict)
    """The same for single hosts."""
    per_day: dict[Host, Annotated[Whole, Field(ge=1)]] = Field(default_factory=dict)
    """Most requests in 24 hours to single hosts; what is due beyond that stays due."""
    proxy: Annotated[str, AfterValidator(_proxy)] = ""
    """Address of a CONNECT proxy; "" for none. Proxy variables of the environment are ignored."""
    connect_to: dict[Annotated[str, AfterValidator(_host_or_any)], BaseAddress] = Field(default_factory=dict)
    """For tests: what is dialled instead of a host ("*": of every host); every exchange records the detour."""


class Media(Section):
    """[media]: pictures of posts."""

    keep: Literal["none", "images"] = "none"
    """Whether the pictures that a post shows are fetched and kept when it is first seen."""
    cap: Size = 5_000_000
    """A larger one is not kept; nor is one that is larger than [web] raw_cap."""
