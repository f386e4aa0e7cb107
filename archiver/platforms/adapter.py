"""The contract of a platform, and of an adapter: a platform that can also be looked at.

A platform knows which addresses and markup hints are its posts; an adapter also knows how to ask for them and how to
read the answers. It is pure but for the `get` it is handed, keeps no state between calls, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from archiver.model.embed import Embed, Identification
from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms.rules import Rule


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to look at posts or authors of a platform."""

    name: str
    """Short and stable: it is stored with every observation."""
    host: str
    """The host that is asked first: pace and pauses are held per host."""
    subject: SubjectKind
    """POST or AUTHOR: what `observe` takes on it."""
    redirect_hosts: tuple[str, ...] = ()
    """Further hosts to which an answer of it may be followed."""
    further_hosts: tuple[str, ...] = ()
    """Hosts that one look asks besides, where an answer names the next host; "*.NAME" for every host below NAME."""
    batch_looks: int = 20
    """Greatest number of looks between its controls."""
    ids_per_request: int = 1
    """How many refs one request may name, controls included. With more than one, a request is a batch of its own:
    `observe` is handed all its refs at once, controls of both kinds among them."""
    federated: bool = False
    """Whether each ref is asked for at its own `host`; `host` above is then ""."""
    credential: str | None = None
    """Which of the adapter's credentials it needs; None where anybody may ask."""
    sees: str = ""
    """For people, one line: what it serves of a post."""
    limit: str = ""
    """For people: how often the platform lets it be asked; "" where nobody says."""


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """How an app's secret becomes a token that is sent in its place for a while (OAuth 2's client credentials)."""

    token_address: str
    """Where the client exchanges them."""
    id_name: str
    """The key of the app's id in [platforms.NAME.credentials]."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Something secret that a platform gives its users. Adapters know its name; only the client knows the secret."""

    name: str
    """The key in [platforms.NAME.credentials]."""
    host: str
    """The one host it is sent to."""
    header: str
    template: str = "{}"
    """The header's value, with "{}" for the secret."""
    grant: TokenGrant | None = None
    """For an app's secret that is never sent to `host` itself: a token is, as `Authorization: Bearer …`. Else None."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What an adapter is told of where and as whom it looks."""

    egress_country: str | None = None
    """Two letters: where our requests come out, for posts that are withheld there. None if that is not known."""
    credentials: frozenset[str] = frozenset()
    """Names of the credentials that are configured: endpoints that need another one are left out."""


def usable(endpoints: tuple[Endpoint, ...], setup: Setup) -> tuple[Endpoint, ...]:
    """Those of the endpoints that can be asked with the credentials that are configured."""
    return tuple(each for each in endpoints if each.credential is None or each.credential in setup.credentials)


class Platform(Protocol):
    """One platform: whose posts are told from others' and kept, whether or not anybody can look at them."""

    platform: str
    """Lower case: "x"."""
    examples: tuple[str, ...]
    """An address of each kind that its posts have; no other platform claims one of them."""

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """Which post the embed shows, as far as it tells; None if it is no post of this platform."""

    def reference(self, address: str) -> PostRef | None:
        """The post behind an address (any host and path form of the platform); None if it is not one."""

    def permalink(self, ref: PostRef) -> str:
        """The post's address in canonical form."""

    def id_time(self, native_id: str) -> datetime | None:
        """The time in an id, UTC; None where it holds none."""


class Adapter(Platform, Protocol):
    """A platform that can be looked at.

    Nothing is asked conditionally (`If-None-Match`), by any adapter; a 304 that comes all the same is unknown. A look
    must take the way of its controls, and one control cannot: a post that never existed has no validator, so nobody
    would notice a host or a cache that says "not modified" to everything; each such answer would be a false `present`.
    And there is nothing to gain. Validators that can be trusted would have to be (a) documented, (b) of the one post,
    (c) the same while the post is. Of the endpoints that are asked:

    - YouTube's Data API documents ETags (developers.google.com/youtube/v3/getting-started), of a whole answer: ours is
      of up to 50 videos, with other controls in every round, so that no address is ever asked twice. One request of 50
      costs one unit in any case.
    - Mastodon documents none. Its servers make one out of the body (Rack::ETag), in which replies, boosts and followers
      are counted; and shared caches may answer in a server's place for a day while it is down (stale_if_error in its
      api/caching_concern.rb): just then "not modified" would say least.
    - X's oEmbed sends a Last-Modified that is the time of the answer (three recorded answers of 2020, 2021 and 2024).
    - X's other endpoints, Bluesky, Reddit, Telegram, TikTok and Meta's document none.
    - Of the Wayback Machine the index is asked for what is new in it, and captures do not change.
    """

    name: str
    """Names the adapter in every observation."""
    version: str
    """Version of its reading rules (the allow-list of answers)."""
    endpoints: tuple[Endpoint, ...]
    """Post endpoints first, each independent of the others; then the account endpoints."""
    rules: tuple[Rule, ...]
    """What its answers may be read as, apart from `present`: `archiver platforms` prints them."""
    credentials: tuple[Credential, ...]
    """Those it can use."""
    media_hosts: tuple[str, ...]
    """Where the pictures of its posts lie; "*.NAME" for every host below NAME, "{host}" for the post's own host."""
    short_link_endpoint: Endpoint | None
    """Where `resolve` asks; None where the platform has no short links."""

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """Look at each ref on the endpoint: one reading a ref, in their order. Unreadable answers are `unknown`.

        At most `endpoint.ids_per_request` refs at a time; those of one request share its exchange.
        """

    def resolve(self, post: Post, get: Get) -> Resolution:
        """Ask the post's short links for its id, one hop, and accept it only if handle and id window agree."""
