"""config.toml → a frozen Config. Pure: the text and the environment are handed in.

    units.py        durations and sizes
    section.py      what every table is
    platforms.py    which platforms are looked at, as whom, with which controls
    sections.py     where things are, how the network is used
    sources.py      where articles are kept, one class for each kind of place
    thresholds.py   when to look, what it takes to conclude; the `unsafe_` keys
    witnesses.py    which web archives are asked
    evidence.py     how the record is sealed and verified
    whole.py        Config
    mistakes.py     each mistake as a line: where, what, and the likely mend
    loading.py      text and environment → Config

pydantic alone: pydantic-settings reads the process's environment by itself, which a pure room must not.
"""

from archiver.config.evidence import Evidence, Sink
from archiver.config.loading import parse
from archiver.config.platforms import Controls, ListeningPlatform, Platform, Platforms, XPlatform
from archiver.config.sections import Follow, Store, Web
from archiver.config.sources import (
    DatabaseSettings,
    DirectorySettings,
    FeedSettings,
    JsonLinesSettings,
    LinesSettings,
    SourceSettings,
    WarcSettings,
    WxrSettings,
)
from archiver.config.thresholds import Schedule, Verdicts
from archiver.config.whole import Config

__all__ = [
    "Config",
    "Controls",
    "DatabaseSettings",
    "DirectorySettings",
    "Evidence",
    "FeedSettings",
    "Follow",
    "JsonLinesSettings",
    "LinesSettings",
    "ListeningPlatform",
    "Platform",
    "Platforms",
    "Schedule",
    "Sink",
    "SourceSettings",
    "Store",
    "Verdicts",
    "WarcSettings",
    "Web",
    "WxrSettings",
    "XPlatform",
    "parse",
]
