"""From a configuration to what looks at posts: the network client, the adapters with their controls, the rules."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from archiver import __version__
from archiver.check.batch import Tools
from archiver.check.controls import ControlIds
from archiver.check.listener import Listener, Ways
from archiver.check.media import Pictures
from archiver.check.rounds import Checker
from archiver.check.saving import Saving
from archiver.check.streaming import Streaming
from archiver.check.summary import PlatformSettings
from archiver.check.witnesses import Witnesses
from archiver.clock import Clock
from archiver.config import Config, FeedSettings, ListeningPlatform, Platform, XPlatform
from archiver.model.exchange import Get, Send
from archiver.model.outcome import Outcome
from archiver.model.post import PostRef
from archiver.platforms import registry, wayback, wayback_save
from archiver.platforms.adapter import Endpoint, Setup
from archiver.schedule import LONGEST_RETRY_AFTER_SECONDS, Timetable
from archiver.store import exchanges
from archiver.store.transaction import Store
from archiver.urls import host
from archiver.web.client import Client
from archiver.web.grants import Grant
from archiver.web.settings import WebSettings
from archiver.web.streams import Streams

if TYPE_CHECKING:
    from archiver.audit.sealing import Sealing

ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = timedelta(seconds=LONGEST_RETRY_AFTER_SECONDS)


def checker(config: Config, store: Store, clock: Clock, stop: threading.Event) -> Checker:
    """What looks at the posts of this configuration's archive."""
    made = (_platform(name, settings) for name, settings in config.platforms.items() if settings.is_asked)
    platforms = [platform for platform in made if platform is not None]
    grants = _grants(config, platforms)
    asked = _hosts(platforms) | {name for grant in grants.values() if (name := host(grant.token_address))}
    asked |= {wayback.HOST} if config.witnesses.wayback.enabled else set()
    headers = _secret_headers(config, platforms)
    if config.witnesses.wayback.save:
        keys = config.witnesses.wayback.credentials.given()
        headers[wayback_save.PLACE] = {"Authorization": f"LOW {keys['access_key']}:{keys['secret_key']}"}
    web = web_settings(config, asked, headers, grants)

    def gap_seconds(host: str) -> float:
        return web.pace_by_host.get(host, web.pace_seconds)

    client = Client(web, clock)
    _keep_pauses(client, store, clock, web.per_day)
    tools = Tools(client, clock, _egress(config), stop, gap_seconds)
    return Checker(
        store=store,
        tools=tools,
        platforms=platforms,
        rules=config.rules,
        timetable=_timetable(config),
        follow=config.follow.authors,
        pictures=Pictures(store, tools, config.media.cap) if config.media.keep == "images" else None,
    )


def witnesses(config: Config, looker: Checker) -> Witnesses | None:
    """What asks web archives, through the same client as looks at posts; None where none is to be asked."""
    if not config.witnesses.wayback.enabled:
        return None
    return Witnesses(
        store=looker.store,
        tools=looker.tools,
        adapters=[platform.adapter for platform in looker.platforms],
        rules=looker.rules,
        posts_at_once=config.witnesses.wayback.posts,
        follow=looker.follow,
    )


def saving(config: Config, looker: Checker) -> Saving | None:
    """What asks a web archive to save pages, through the same client; None where none is to be asked."""
    if not config.witnesses.wayback.save:
        return None
    return Saving(
        store=looker.store,
        tools=looker.tools,
        adapters=[platform.adapter for platform in looker.platforms],
        posts_at_once=config.witnesses.wayback.posts,
        follow=looker.follow,
    )


def streaming(config: Config, looker: Checker) -> Streaming | None:
    """What listens to the streams that are configured; None where none is."""
    listened_to = [stream for stream in registry.STREAMS if is_listened_to(config.platforms[stream.platform])]
    if not listened_to:
        return None
    tools, headers = looker.tools, _secret_headers(config, looker.platforms)
    settings = web_settings(config, {stream.host for stream in listened_to}, headers)
    listeners = [
        Listener(stream, Ways(Streams(settings, tools.clock), tools.client.get, tools.client.send), tools.clock)
        for stream in listened_to
    ]
    return Streaming(looker.store, tools.clock, tools.egress, looker.rules, listeners, looker.follow)


def is_listened_to(settings: Platform) -> bool:
    """Whether the platform has a stream that is listened to."""
    return isinstance(settings, ListeningPlatform) and settings.is_listened_to


def _keep_pauses(client: Client, store: Store, clock: Clock, per_day: Collection[str]) -> None:
    """A host that asked to be left alone is, also by the next process; and the day's budget is one for all."""
    if not store.database.exists():
        return
    now = clock.now()
    with store.reading() as connection:
        waits = exchanges.waits(connection, now - LONGEST_PAUSE)
        sent = exchanges.sent(connection, list(per_day), now - ONE_DAY)
    for asked, until in waits:
        if until > now:
            client.pause(asked, (until - now).total_seconds())
    for asked, at, requests in sent:
        client.spent(asked, (now - at).total_seconds(), requests)


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


@contextlib.contextmanager
def sender(config: Config, clock: Clock) -> Iterator[Send | None]:
    """How webhooks and the time-stamping authority are asked; None where there are none."""
    evidence = config.evidence
    addresses = [sink.address.get_secret_value() for sink in evidence.sinks.values() if sink.address is not None]
    addresses += [evidence.timestamp_url] if evidence.timestamp_url else []
    if not addresses:
        yield None
        return
    client = Client(web_settings(config, {name for address in addresses if (name := host(address))}), clock)
    try:
        yield client.send
    finally:
        client.close()


def sealing(config: Config, store: Store, send: Send | None, out: Callable[[str], None]) -> Sealing:
    """How this configuration's archive makes checkpoints."""
    # Imported here: whoever only looks at posts need not wait for cryptography.
    from archiver.audit.sealing import Sealing
    from archiver.audit.sinks import FileSink, Printed, Sink, Webhook

    sinks: list[Sink] = []
    for name, sink in config.evidence.sinks.items():
        if sink.path is not None:
            sinks.append(FileSink(name, sink.path))
        elif sink.address is not None and send is not None:
            sinks.append(Webhook(name, sink.address.get_secret_value(), send))
        else:
            sinks.append(Printed(name, out))
    evidence, folder = config.evidence, store.database.folder
    return Sealing(store, folder, evidence.origin, tuple(sinks), send, evidence.timestamp_url)


def _hosts(platforms: list[PlatformSettings]) -> set[str]:
    return {
        name
        for platform in platforms
        for endpoint in _endpoints(platform)
        for name in (endpoint.host, *endpoint.redirect_hosts, *endpoint.further_hosts)
        if name
    }


def _secret_headers(config: Config, platforms: Sequence[PlatformSettings]) -> dict[str, dict[str, str]]:
    """Each credential in the header of the one host that it is meant for."""
    headers: dict[str, dict[str, str]] = {}
    for platform in platforms:
        secrets = config.platforms[platform.adapter.platform].credentials.given()
        for credential in platform.adapter.credentials:
            if credential.grant is None and credential.name in secrets:
                headers.setdefault(credential.host, {})[credential.header] = credential.template.format(
                    secrets[credential.name]
                )
    return headers


def _timetable(config: Config) -> Timetable:
    schedule = config.schedule
    return Timetable(schedule.gap, schedule.jitter_percent, schedule.early_percent)


def _grants(config: Config, platforms: list[PlatformSettings]) -> dict[str, Grant]:
    """How the program gets access to each host that gives tokens to apps; both id and secret must be set."""
    grants: dict[str, Grant] = {}
    for platform in platforms:
        secrets = config.platforms[platform.adapter.platform].credentials.given()
        for credential in platform.adapter.credentials:
            grant = credential.grant
            if grant is not None and {credential.name, grant.id_name} <= secrets.keys():
                grants[credential.host] = Grant(grant.token_address, secrets[grant.id_name], secrets[credential.name])
    return grants


def web_settings(
    config: Config,
    hosts: Collection[str],
    headers: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    grants: Mapping[str, Grant] = MappingProxyType({}),
) -> WebSettings:
    """How the door to the network behaves: it opens to these hosts and to no other."""
    web = config.web
    contact = f"; +{web.contact}" if web.contact else ""
    paces = {host: gap.total_seconds() for host, gap in web.pace_per_host.items()}
    # The archive says how often its index may be asked: slower is as you like, faster is not.
    paces[wayback.HOST] = max(paces.get(wayback.HOST, web.pace.total_seconds()), wayback.GAP_SECONDS)
    paces[wayback_save.PLACE] = wayback_save.GAP_SECONDS
    return WebSettings(
        user_agent=f"archiver/{__version__} (news archive{contact})",
        deadline_seconds=web.deadline.total_seconds(),
        raw_cap=web.raw_cap,
        decoded_cap=web.decoded_cap,
        pace_seconds=web.pace.total_seconds(),
        per_day=web.per_day,
        pace_by_host=paces,
        proxy=web.proxy or None,
        connect_to=web.connect_to,
        allow_hosts=frozenset(hosts),
        host_headers=headers,
        grants=grants,
    )


def setup_of(settings: Platform) -> Setup:
    """What the adapter of a platform is told."""
    country = settings.egress_country if isinstance(settings, XPlatform) else ""
    return Setup(country or None, frozenset(settings.credentials.given()))


def _platform(name: str, settings: Platform) -> PlatformSettings | None:
    adapter = registry.adapter_for(name, setup_of(settings))
    if adapter is None:
        return None

    def posts(ids: tuple[str, ...]) -> tuple[PostRef, ...]:
        return tuple(adapter.reference(each) or PostRef(name, None, each) for each in ids)

    written = settings.controls
    kinds = {Outcome.AGE_GATED: written.age_gated, Outcome.WITHHELD: written.withheld}
    restricted = tuple((str(kind), ref) for kind, each in kinds.items() for ref in posts(each))
    ids = ControlIds(posts(written.present), posts(written.absent), written.absent_author or "", restricted)
    return PlatformSettings(adapter, ids)


def _egress(config: Config) -> str:
    if config.web.connect_to:
        return "detour"
    return f"proxy {config.web.proxy}" if config.web.proxy else "direct"
