"""Which source reads which kind of place. A new kind: one file, one line here, one class in config's sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archiver.articles.source import Source
from archiver.config import (
    DatabaseSettings,
    DirectorySettings,
    FeedSettings,
    JsonLinesSettings,
    LinesSettings,
    SourceSettings,
    WarcSettings,
    WxrSettings,
)
from archiver.model.exchange import Get

if TYPE_CHECKING:
    from archiver.articles.jsonl import Fields


def _directory(name: str, settings: DirectorySettings, _: Get | None) -> Source:
    from archiver.articles.directory import Directory

    return Directory(name, settings.path, settings.size_cap, fields=_fields(settings))


def _warc(name: str, settings: WarcSettings, _: Get | None) -> Source:
    from archiver.articles.warc import Warc

    return Warc(name, settings.path, settings.size_cap)


def _wxr(name: str, settings: WxrSettings, _: Get | None) -> Source:
    from archiver.articles.wxr import Wxr

    return Wxr(name, settings.path, settings.size_cap)


def _feed(name: str, settings: FeedSettings, get: Get | None) -> Source:
    from archiver.articles.feed import Feed, LiveFeed

    if settings.path is None:
        return LiveFeed(name, settings.address, get, settings.size_cap)
    return Feed(name, settings.path, settings.size_cap)


def _database(name: str, settings: DatabaseSettings, _: Get | None) -> Source:
    from archiver.articles.database import Database

    address = settings.address.get_secret_value()
    return Database(name, address, settings.query, settings.after, settings.size_cap)


def _jsonl(name: str, settings: JsonLinesSettings, _: Get | None) -> Source:
    from archiver.articles.jsonl import JsonLines

    return JsonLines(name, settings.path, _fields(settings), settings.size_cap)


def _fields(settings: LinesSettings) -> Fields:
    from archiver.articles.jsonl import Fields

    return Fields(**{field: getattr(settings, field) for field in Fields.__slots__})


KINDS: dict[str, Callable[[str, Any, Get | None], Source]] = {
    "directory": _directory,
    "warc": _warc,
    "wxr": _wxr,
    "feed": _feed,
    "database": _database,
    "jsonl": _jsonl,
}


def open_source(name: str, settings: SourceSettings, get: Get | None = None) -> Source:
    """The source that `[sources.NAME]` describes. Nothing is opened, and nobody asked, before it is read.

    `get` is how a feed at an address reaches the network; without one it is unread.
    """
    return KINDS[settings.kind](name, settings, get)
