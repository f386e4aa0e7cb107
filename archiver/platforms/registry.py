"""The platforms, as one explicit ordered tuple; the first that claims an embed or an address has it.

Those that can be looked at are adapters besides; the posts of the others are kept, and never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from archiver.model.embed import Embed, Identification
from archiver.model.post import PostRef
from archiver.platforms.adapter import Adapter, Platform, Setup
from archiver.platforms.bluesky import Bluesky
from archiver.platforms.bluesky_stream import Jetstream
from archiver.platforms.facebook import Facebook
from archiver.platforms.instagram import Instagram
from archiver.platforms.mastodon import Mastodon
from archiver.platforms.reddit import Reddit
from archiver.platforms.stream import Stream
from archiver.platforms.telegram import Telegram
from archiver.platforms.threads import Threads
from archiver.platforms.tiktok import TikTok
from archiver.platforms.truthsocial import TruthSocial
from archiver.platforms.x import X
from archiver.platforms.x_stream import Activity
from archiver.platforms.youtube import YouTube

PLATFORMS: tuple[Platform, ...] = (
    X(),
    Bluesky(),
    Mastodon(),
    YouTube(),
    Instagram(),
    Facebook(),
    Threads(),
    TikTok(),
    Reddit(),
    Telegram(),
    TruthSocial(),
)


ADAPTERS: tuple[Callable[[Setup], Adapter], ...] = (
    *(X, Bluesky, Mastodon, YouTube, Instagram, Facebook, Threads, TikTok, Reddit, Telegram, TruthSocial),
)
"""Makes the adapter of each platform that can be looked at."""

STREAMS: tuple[Stream, ...] = (Activity(), Jetstream())
"""Those that tell by themselves what is deleted."""


def adapters(setups: Mapping[str, Setup] = MappingProxyType({})) -> tuple[Adapter, ...]:
    """Every adapter, made with what is set up for its platform."""
    made = ((make, make(Setup()).platform) for make in ADAPTERS)
    return tuple(make(setups.get(platform, Setup())) for make, platform in made)


def identify(embed: Embed, now: datetime) -> Identification | None:
    """Which post an embed shows; None if no platform knows it: the embed is kept, unidentified."""
    found = (platform.identify(embed, now) for platform in PLATFORMS)
    return next((identification for identification in found if identification is not None), None)


def reference(address: str) -> PostRef | None:
    """The post behind an address; None if no platform claims it."""
    found = (platform.reference(address) for platform in PLATFORMS)
    return next((ref for ref in found if ref is not None), None)


def adapter_for(platform: str, setup: Setup = Setup()) -> Adapter | None:
    """The adapter of a platform by its name in lower case; None for a platform that nobody can look at."""
    return next((adapter for adapter in adapters({platform: setup}) if adapter.platform == platform), None)
