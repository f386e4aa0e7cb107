"""X (Twitter): oEmbed and syndication as two independent endpoints, and the profile timeline, which anybody may ask.

With a bearer token its API v2 too: posts a hundred at once (x_api_posts.py), and accounts (x_api_users.py), whose look
then takes the timeline's place: that one shows nothing of an account without posts.

identify  an embed's address, id or attribution → which post
observe   ref → address → get → allow-list (x_rules.py) → the endpoint's own reading (x_oembed.py, x_syndication.py)
resolve   short links → id (x_links.py)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from archiver.model.embed import Embed, Identification
from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import (
    x_api,
    x_api_posts,
    x_api_users,
    x_ids,
    x_links,
    x_oembed,
    x_rules,
    x_syndication,
    x_timeline,
)
from archiver.platforms.adapter import Credential, Endpoint, Setup, usable
from archiver.platforms.answers import json_or_none, not_json
from archiver.platforms.rules import Place, Rule, read_by_rule
from archiver.urls import x_id, x_status

OEMBED = Endpoint(
    "oembed",
    x_oembed.HOST,
    SubjectKind.POST,
    redirect_hosts=(x_oembed.OLD_HOST,),
    sees="the words and the author's handle; long posts are cut",
)
SYNDICATION = Endpoint(
    "syndication",
    x_syndication.HOST,
    SubjectKind.POST,
    sees="words, links, media, versions and the author's id; long posts are cut",
)
API = Endpoint(
    x_api_posts.NAME,
    x_api.HOST,
    SubjectKind.POST,
    ids_per_request=x_api.AT_ONCE,
    credential=x_api.CREDENTIAL,
    sees="the whole words, links, media, versions, the author, and where it is withheld",
    limit="3,500 requests in 15 minutes; X charges for every post that is served",
)
API_USERS = Endpoint(
    x_api_users.NAME,
    x_api.HOST,
    SubjectKind.AUTHOR,
    ids_per_request=x_api.AT_ONCE,
    credential=x_api.CREDENTIAL,
    sees="whether an account is open, protected, suspended, withheld or gone",
    limit="300 requests in 15 minutes; X charges for every account that is found",
)
TIMELINE = Endpoint(
    "timeline",
    x_timeline.HOST,
    SubjectKind.AUTHOR,
    sees="whether an account is open, by a post that it shows; nothing where it shows none",
)
ENDPOINTS = (OEMBED, SYNDICATION, API, API_USERS, TIMELINE)
"""All. Authors are looked at on the first that takes them, so the API stands before the timeline."""
SHORT_LINK = Endpoint("short_link", x_links.HOST, SubjectKind.POST)
Ref = TypeVar("Ref", PostRef, AuthorRef)
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")


class X:
    """The adapter."""

    platform: str = "x"
    examples: tuple[str, ...] = (
        "https://x.com/sample_desk/status/1428600000000000000",
        "https://mobile.twitter.com/sample_desk/statuses/1428600000000000000?s=20",
        "https://twitter.com/i/web/status/1428600000000000000",
        "https://fxtwitter.com/sample_desk/status/1428600000000000000",
    )
    name: str = "x-public"
    media_hosts: tuple[str, ...] = ("pbs.twimg.com",)
    version: str = x_rules.VERSION
    short_link_endpoint: Endpoint | None = SHORT_LINK

    rules: tuple[Rule, ...] = x_rules.RULES
    places: Mapping[str, Place] = x_rules.PLACES
    credentials: tuple[Credential, ...] = (Credential(x_api.CREDENTIAL, x_api.HOST, "authorization", "Bearer {}"),)

    def __init__(self, setup: Setup = Setup()) -> None:
        self._egress_country = setup.egress_country
        self.endpoints: tuple[Endpoint, ...] = usable(ENDPOINTS, setup)

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """By address, by the markup's id, or by an attribution (handle and day) or a short link under the hint "x"."""
        status = x_status(embed.address) if embed.address else None
        native_id = status.native_id if status else None
        if native_id is None and embed.hint == "x" and embed.native_id:
            native_id = x_id(embed.native_id)
        links = x_links.short_links(embed.links)
        attributed = embed.author_handle is not None and embed.published_on is not None
        if native_id is None and not (embed.hint == "x" and (attributed or links)):
            return None
        handle = next((h for h in (embed.author_handle, status.handle if status else None) if h), None)
        handle = handle if handle and _HANDLE.fullmatch(handle) else None
        return Identification(
            platform=self.platform,
            host=None,
            native_id=native_id,
            permalink=None if native_id is None else self.permalink(PostRef("x", None, native_id, handle)),
            author_handle=handle,
            id_window=x_ids.id_window(embed.published_on) if embed.published_on else None,
            published_at=None if native_id is None else x_ids.id_time(native_id),
            short_links=links,
            doubts=("id_implausible",) if native_id and x_ids.implausible(native_id, now) else (),
        )

    def reference(self, address: str) -> PostRef | None:
        """The post behind any address of X or its mirrors."""
        status = x_status(address)
        return PostRef(self.platform, None, status.native_id, status.handle) if status else None

    def permalink(self, ref: PostRef) -> str:
        """`https://x.com/HANDLE/status/ID`, with "i" where the handle is unknown."""
        return f"https://x.com/{ref.author_handle or 'i'}/status/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond; None for ids from before November 2010."""
        return x_ids.id_time(native_id)

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request a ref, or for all of them on the API. Raises TypeError for a ref that it does not look at."""
        if endpoint.name == API.name:
            return x_api_posts.observe(_only(PostRef, refs, endpoint), get, self._egress_country)
        if endpoint.name == API_USERS.name:
            return x_api_users.observe(_only(AuthorRef, refs, endpoint), get, self._egress_country)
        return [self._look(ref, endpoint, get) for ref in refs]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """As `x_links.resolve` says."""
        return x_links.resolve(post, get)

    def _look(self, ref: PostRef | AuthorRef, endpoint: Endpoint, get: Get) -> Reading:
        if isinstance(ref, AuthorRef):
            if endpoint.name != TIMELINE.name:
                raise TypeError(f"{endpoint.name} does not look at authors")
            exchange = get(x_timeline.address(ref), accept="text/html", follow=endpoint.redirect_hosts)
            return self._by_rule(endpoint, exchange, json_or_none(exchange.body)) or x_timeline.read(ref, exchange)
        if endpoint.name not in (OEMBED.name, SYNDICATION.name):
            raise TypeError(f"{endpoint.name} does not look at posts")
        address = x_oembed.address(ref) if endpoint.name == OEMBED.name else x_syndication.address(ref)
        exchange = get(address, accept="application/json", follow=endpoint.redirect_hosts)
        noun = json_or_none(exchange.body)
        known = self._by_rule(endpoint, exchange, noun)
        if known is not None:
            return known
        if not isinstance(noun, dict):
            return not_json(exchange)
        if endpoint.name == OEMBED.name:
            return x_oembed.read(noun, ref, exchange)
        return x_syndication.read(noun, ref, exchange, self._egress_country)

    def _by_rule(self, endpoint: Endpoint, exchange: Exchange, noun: Any) -> Reading | None:
        return read_by_rule(self.rules, self.places, endpoint.name, exchange, noun)


def _only(kind: type[Ref], refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint) -> list[Ref]:
    """The refs, all of this kind."""
    found = [ref for ref in refs if isinstance(ref, kind)]
    if len(found) != len(refs):
        raise TypeError(f"{endpoint.name} looks at {endpoint.subject}s only")
    return found
