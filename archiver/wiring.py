"""From a configuration to what looks at posts: the network client, the adapters with their controls, the rules."""

from __future__ import annotations

import threading

from archiver import __version__
from archiver.check.batch import Tools
from archiver.check.controls import ControlIds
from archiver.check.rounds import Checker, PlatformSettings
from archiver.clock import Clock
from archiver.config import Config, Platform
from archiver.platforms import registry
from archiver.schedule import Timetable
from archiver.store.transaction import Store
from archiver.web.client import Client
from archiver.web.settings import WebSettings


def checker(config: Config, store: Store, clock: Clock, stop: threading.Event) -> Checker:
    """What looks at the posts of this configuration's archive."""
    platforms = [_platform(name, settings) for name, settings in config.platforms.items() if settings.enabled]
    web = web_settings(config, platforms)

    def gap_seconds(host: str) -> float:
        return web.pace_by_host.get(host, web.pace_seconds)

    return Checker(
        store=store,
        tools=Tools(Client(web, clock), clock, _egress(config), stop, gap_seconds),
        platforms=platforms,
        rules=config.rules,
        timetable=Timetable(config.schedule.gap, config.schedule.jitter_percent),
        follow=config.follow.authors,
    )


def web_settings(config: Config, platforms: list[PlatformSettings]) -> WebSettings:
    """How the door to the network behaves: it opens to the hosts of the adapters' endpoints and to no other."""
    web = config.web
    contact = f"; +{web.contact}" if web.contact else ""
    hosts = {
        host
        for platform in platforms
        for endpoint in (*platform.adapter.endpoints, platform.adapter.short_link_endpoint)
        if endpoint is not None
        for host in (endpoint.host, *endpoint.redirect_hosts)
    }
    return WebSettings(
        user_agent=f"archiver/{__version__} (news archive{contact})",
        deadline_seconds=web.deadline.total_seconds(),
        raw_cap=web.raw_cap,
        decoded_cap=web.decoded_cap,
        pace_seconds=web.pace.total_seconds(),
        pace_by_host={host: gap.total_seconds() for host, gap in web.pace_per_host.items()},
        proxy=web.proxy or None,
        connect_to=web.connect_to,
        allow_hosts=frozenset(hosts),
    )


def _platform(name: str, settings: Platform) -> PlatformSettings:
    ids = settings.controls
    controls = ControlIds(ids.present, ids.absent, ids.absent_author)
    adapters = registry.adapters(settings.egress_country or None)
    return PlatformSettings(next(adapter for adapter in adapters if adapter.platform == name), controls)


def _egress(config: Config) -> str:
    if config.web.connect_to:
        return "detour"
    return f"proxy {config.web.proxy}" if config.web.proxy else "direct"
