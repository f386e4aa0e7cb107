"""[sources.NAME]: the places where articles are kept, one class for each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    ValidationInfo,
    model_validator,
)

from archiver.config.section import Section
from archiver.config.sections import Place, Whole
from archiver.config.units import Size

_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"://[^/@]*:([^@]+)@|[?&](?:password|passwd|pwd|token)=([^&]+)", re.IGNORECASE)


def _feed_address(given: str) -> str:
    try:
        parts = urlsplit(given)
        usable = not given or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f]", given):
        raise ValueError('an address stands here: "https://news.example/feed.xml"')
    if "@" in parts.netloc:
        raise ValueError("no user name or password stands in this file")
    return given


def _database_address(given: object, info: ValidationInfo) -> object:
    """The whole address: `${NAME}` is taken from the environment, a path of SQLite's from this file's folder."""
    if not isinstance(given, str):
        return given
    context = info.context
    if context is None:
        # Made from Python: the caller has the whole address.
        return given
    if not re.match(r"[a-z][a-z0-9+_]*://|\$\{", given):
        raise ValueError('an address of SQLAlchemy stands here: "postgresql://reader:${NAME}@host/name"')
    for match in _PASSWORD.finditer(given):
        if not _SECRET.fullmatch(match[1] or match[2]):
            raise ValueError('no password stands in this file: write "${NAME}" for it and set NAME in the environment')
    environ = context.get("environ", {})
    if whole := _SECRET.fullmatch(given):
        return _from(environ, whole[1])
    address = _SECRET.sub(lambda match: quote(_from(environ, match[1]), safe=""), given)
    file = re.fullmatch(r"(sqlite(?:\+\w+)?:///)([^/].*)", address)
    return f"{file[1]}{Path(context['folder']) / file[2]}" if file and file[2] != ":memory:" else address


def _from(environ: Mapping[str, str], name: str) -> str:
    if not environ.get(name):
        raise ValueError(f"the environment has no {name}")
    return environ[name]


class SourceSettings(Section):
    """What every kind of source has."""

    kind: str
    """What the place is; a table without it is a directory."""
    size_cap: Size = 50_000_000
    """Greatest length of an article in bytes; a longer one is reported, not read."""


class LinesSettings(SourceSettings):
    """What every kind of source has in which JSON Lines may stand."""

    html: str = "html"
    """The field that holds an article's HTML; "" for none. The first of the three that a line has counts."""
    markdown: str = "markdown"
    """The same for Markdown."""
    text: str = "text"
    """The same for plain text."""
    address: str = "address"
    """The field that holds its address; "" for none."""
    title: str = "title"
    """The same for its title."""
    date: str = "date"
    """The same for when it was published."""
    key: str = "key"
    """The same for what tells it from all others."""

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        if not (self.html or self.markdown or self.text):
            raise ValueError("one of html, markdown and text names a field")
        return self


class DirectorySettings(LinesSettings):
    """A folder of files."""

    kind: Literal["directory"] = "directory"
    path: Place
    """The folder."""


class WarcSettings(SourceSettings):
    """Web archives."""

    kind: Literal["warc"] = "warc"
    path: Place
    """A .warc, .warc.gz, .warc.zst or .wacz file, or a folder of them."""


class WxrSettings(SourceSettings):
    """WordPress exports."""

    kind: Literal["wxr"] = "wxr"
    path: Place
    """An .xml file, or a folder of them."""


class FeedSettings(SourceSettings):
    """A feed, at an address or in files."""

    kind: Literal["feed"] = "feed"
    path: Place | None = None
    """A file of RSS, Atom or RDF, or a folder of them; None for a feed at an address."""
    address: Annotated[str, AfterValidator(_feed_address)] = ""
    """Where the feed is asked for; "" for one in files."""

    @model_validator(mode="after")
    def _one_place(self) -> FeedSettings:
        if bool(self.address) == (self.path is not None):
            raise ValueError("a feed has either a path or an address")
        return self


class DatabaseSettings(SourceSettings):
    """A query to a database."""

    kind: Literal["database"] = "database"
    address: Annotated[SecretStr, BeforeValidator(_database_address)]
    """As SQLAlchemy writes it."""
    query: Annotated[str, Field(min_length=1)]
    """What gives one article a row."""
    after: Whole | str = 0
    """What `:after` in the query is at the first scan."""


class JsonLinesSettings(LinesSettings):
    """JSON Lines."""

    kind: Literal["jsonl"] = "jsonl"
    path: Place
    """A .jsonl or .ndjson file, also with .gz, or a folder of them."""


def _kind(given: Any) -> str | None:
    if isinstance(given, dict):
        return str(given.get("kind", "directory"))
    return given.kind if isinstance(given, SourceSettings) else None


AnySource = Annotated[
    Annotated[DirectorySettings, Tag("directory")]
    | Annotated[WarcSettings, Tag("warc")]
    | Annotated[WxrSettings, Tag("wxr")]
    | Annotated[FeedSettings, Tag("feed")]
    | Annotated[DatabaseSettings, Tag("database")]
    | Annotated[JsonLinesSettings, Tag("jsonl")],
    Discriminator(_kind),
]

KINDS: dict[str, type[SourceSettings]] = {
    model.model_fields["kind"].default: model
    for model in (
        DirectorySettings,
        WarcSettings,
        WxrSettings,
        FeedSettings,
        DatabaseSettings,
        JsonLinesSettings,
    )
}
"""Every kind of source, by its word."""
