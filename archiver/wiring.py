"""From a configuration to what looks at posts: the network client, the adapters with their controls, the rules."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator
from datetime import timedelta

from archiver import __version__
from archiver.check.batch import Tools
from archiver.check.controls import ControlIds
from archiver.check.rounds import Checker, PlatformSettings
from archiver.clock import Clock
from archiver.config import Config, FeedSettings, Platform
from archiver.model.exchange import Get
from archiver.platforms import registry
from archiver.platforms.adapter import Endpoint
from archiver.schedule import LONGEST_RETRY_AFTER_SECONDS, Timetable
from archiver.store import observations
from archiver.store.transaction import Store
from archiver.urls import host
from archiver.web.client import Client
from archiver.web.settings import WebSettings

LONGEST_PAUSE = timedelta(seconds=LONGEST_RETRY_AFTER_SECONDS)


def checker(config: Config, store: Store, clock: Clock, stop: threading.Event) -> Checker:
    """What looks at the posts of this configuration's archive."""
    platforms = [_platform(name, settings) for name, settings in config.platforms.items() if settings.enabled]
    web = web_settings(config, _hosts(platforms))

    def gap_seconds(host: str) -> float:
        return web.pace_by_host.get(host, web.pace_seconds)

    client = Client(web, clock)
    _keep_pauses(client, store, clock, platforms)
    return Checker(
        store=store,
        tools=Tools(client, clock, _egress(config), stop, gap_seconds),
        platforms=platforms,
        rules=config.rules,
        timetable=Timetable(config.schedule.gap, config.schedule.jitter_percent),
        follow=config.follow.authors,
    )


def _keep_pauses(client: Client, store: Store, clock: Clock, platforms: list[PlatformSettings]) -> None:
    """A host that asked to be left alone is, also by the next process."""
    if not store.database.exists():
        return
    now = clock.now()
    hosts = {endpoint.name: endpoint.host for platform in platforms for endpoint in _endpoints(platform)}
    with store.reading() as connection:
        waits = observations.waits(connection, now - LONGEST_PAUSE)
    for endpoint, until in waits:
        if until > now and endpoint in hosts:
            client.pause(hosts[endpoint], (until - now).total_seconds())


def _endpoints(platform: PlatformSettings) -> tuple[Endpoint, ...]:
    short_links = platform.adapter.short_link_endpoint
    return (*platform.adapter.endpoints, *([short_links] if short_links else []))


@contextlib.contextmanager
def feed_reader(config: Config, clock: Clock) -> Iterator[Get | None]:
    """How sources that are feeds at an address are asked for; None where there is no such source."""
    addresses = [each.address for each in config.sources.values() if isinstance(each, FeedSettings) and each.address]
    if not addresses:
        yield None
        return
    client = Client(web_settings(config, {name for address in addresses if (name := host(address))}), clock)
    try:
        yield client.get
    finally:
        client.close()


def _hosts(platforms: list[PlatformSettings]) -> set[str]:
    return {
        name
        for platform in platforms
        for endpoint in _endpoints(platform)
        for name in (endpoint.host, *endpoint.redirect_hosts)
    }


def web_settings(config: Config, hosts: Collection[str]) -> WebSettings:
    """How the door to the network behaves: it opens to these hosts and to no other."""
    web = config.web
    contact = f"; +{web.contact}" if web.contact else ""
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
    adapter = registry.adapter_for(name, settings.egress_country or None)
    assert adapter is not None, "the configuration knows only platforms that have an adapter"
    return PlatformSettings(adapter, controls)


def _egress(config: Config) -> str:
    if config.web.connect_to:
        return "detour"
    return f"proxy {config.web.proxy}" if config.web.proxy else "direct"
