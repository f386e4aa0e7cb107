"""How the one door to the network behaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from archiver.web.grants import Grant


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of the client. Raises ValueError, one clear line, where they cannot be meant."""

    user_agent: str
    """Names the program, and whom to write to."""
    deadline_seconds: float = 30.0
    """Total time of one request with its redirects, waiting for its turn apart."""
    raw_cap: int = 5_000_000
    """Most bytes of a body as received."""
    decoded_cap: int = 20_000_000
    """Most bytes of a body unpacked."""
    pace_seconds: float = 1.0
    """Least gap between two requests to one host."""
    pace_by_host: Mapping[str, float] = field(default_factory=dict)
    """The same for single hosts; and, by "HOST/PATH", beside the host's own gap for all that stands below that path."""
    per_day: Mapping[str, int] = field(default_factory=dict)
    """Most requests in 24 hours to single hosts."""
    proxy: str | None = None
    """`http://[user:password@]host:port` of a CONNECT proxy; then `allow_hosts` must be given."""
    connect_to: Mapping[str, str] = field(default_factory=dict)
    """Detours: host, or "*" for every other, to the base address (`http://127.0.0.1:8001`) dialled in its place."""
    allow_hosts: frozenset[str] | None = None
    """The only hosts that are asked, "*.NAME" for every host below NAME; None for no such list."""
    max_redirects: int = 5
    ca_file: Path | None = None
    """Certificates (PEM) that are trusted instead of the shipped ones."""
    host_headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Further request headers (credentials), each sent to its one host and no other; or, by "HOST/PATH", to what stands
    below that path of it."""
    grants: Mapping[str, Grant] = field(default_factory=dict)
    """Host to how an app gets access to it: its token is sent as `Authorization: Bearer …`, to this host alone."""
    masked_headers: frozenset[str] = frozenset(
        {"authorization", "proxy-authorization", "cookie", "x-guest-token", "x-csrf-token"}
    )
    """Request headers (lower case) whose values are never recorded; those of `host_headers` never are either."""
    masked_query: frozenset[str] = frozenset(
        {"token", "key", "access_token", "api_key", "apikey", "auth_token", "client_secret", "signature"}
    )
    """Query keys (lower case) whose values are never recorded."""
    plain_query: frozenset[tuple[str, str]] = frozenset(
        {("cdn.syndication.twimg.com", "token"), ("web.archive.org", "token")}
    )
    """(host, key): exceptions from `masked_query`. X's syndication token is computed from the id: no secret, nor is one
    in an address that an archive shows to everybody."""

    def __post_init__(self) -> None:
        if not self.user_agent.strip() or not self.user_agent.isascii() or not self.user_agent.isprintable():
            raise ValueError("user_agent must be one line of ASCII that names the program")
        positive = {"deadline_seconds": self.deadline_seconds, "raw_cap": self.raw_cap, "decoded_cap": self.decoded_cap}
        for name, number in positive.items():
            if not number > 0:
                raise ValueError(f"{name} must be more than 0")
        if self.pace_seconds < 0 or any(gap < 0 for gap in self.pace_by_host.values()) or self.max_redirects < 0:
            raise ValueError("pace and max_redirects must not be negative")
        for host, detour in self.connect_to.items():
            _plain_http(f"connect_to {host}", detour, userinfo=False)
        if self.proxy is not None:
            _plain_http("proxy", self.proxy, userinfo=True)
            if self.allow_hosts is None:
                raise ValueError("a proxy looks names up itself: allow_hosts must say which hosts it may be asked for")

    def allows(self, host: str) -> bool:
        """Whether a host may be asked: it is on the list, or a host above it is, as "*.NAME"."""
        if self.allow_hosts is None or host in self.allow_hosts:
            return True
        labels = host.split(".")
        return any("*." + ".".join(labels[first:]) in self.allow_hosts for first in range(1, len(labels)))

    def own_headers(self, host: str, path: str) -> dict[str, str]:
        """The further headers for this place: those of the host, then those of the paths that it stands below."""
        places = [host, *_below(self.host_headers, host, path)]
        return {name: text for place in places for name, text in self.host_headers.get(place, {}).items()}

    def slower_places(self, host: str, path: str) -> list[str]:
        """The paths of the host with a pace of their own that this place stands below."""
        return _below(self.pace_by_host, host, path)

    def detour_of(self, host: str) -> str | None:
        """The base address that is dialled in place of a host, without a final "/"; None if it is dialled itself."""
        detour = self.connect_to.get(host, self.connect_to.get("*"))
        return None if detour is None else detour.rstrip("/")


def _below(places: Iterable[str], host: str, path: str) -> list[str]:
    """Those of the places, written "HOST/PATH", that this one is or stands below."""
    here = f"{host}{path.rstrip('/')}/"
    return [place for place in places if "/" in place and here.startswith(f"{place.rstrip('/')}/")]


def _plain_http(name: str, address: str, *, userinfo: bool) -> None:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"{name} is no address: {error}") from None
    plain = url.scheme == "http" and url.host and url.path in ("", "/") and not url.query and not url.fragment
    if not plain or (url.userinfo and not userinfo):
        raise ValueError(f"{name} must be written http://host:port")
