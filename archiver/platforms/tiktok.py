"""TikTok: the id of a post holds its second (platforms.md 8). Short links tell no id until they are asked.

Deletion cannot be proved here. All absents are weak (tiktok_rules.py), so the strongest verdict on a post is
`gone_unattributed`. There is no account look either: pages of accounts are known by handle only, and a handle may be
given up; that an account is open is learnt from another post of the same author id in the same round.

Both endpoints are asked without the handle, with "_" in its place: one that was given up since cannot make a live
post look gone. Where TikTok should no longer bear that, the positive controls misread, and the batch is void.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import short_links, tiktok_ids, tiktok_oembed, tiktok_page, tiktok_rules
from archiver.platforms.adapter import Credential, Endpoint, Setup
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import json_or_none, not_json
from archiver.platforms.rules import Rule, read_by_rule

HOST = "www.tiktok.com"
OEMBED = Endpoint(
    "oembed",
    HOST,
    SubjectKind.POST,
    sees="Caption, handle and one still picture, without the author's id. Its absents are weak.",
)
PAGE = Endpoint(
    "page",
    HOST,
    SubjectKind.POST,
    # From "_" to the author's handle, and from /video/ to /photo/.
    redirect_hosts=(HOST,),
    sees="Caption, film or pictures, and the author by id; private posts are told apart. Its absents are weak.",
    limit="Nobody says; after a few, strangers get a puzzle for browsers, which is read as unknown.",
)
SHORT_LINK_HOSTS = ("vm.tiktok.com", "vt.tiktok.com", HOST)
_ANY_HOST = re.compile(r"\Ahttps://(?:m\.)?tiktok\.com/")
"""Hosts that would send us to the first of the platform, and the one hop would be gone."""
SHORT_LINK = Endpoint(
    "short_link",
    SHORT_LINK_HOSTS[0],
    SubjectKind.POST,
    redirect_hosts=SHORT_LINK_HOSTS[1:],
    sees="Which post a short link leads to: one hop, never followed.",
)


class TikTok(Addressed):
    """Videos and photo posts."""

    platform: str = "tiktok"
    examples: tuple[str, ...] = (
        "https://www.tiktok.com/@sample.desk/video/7336306383119191000",
        "https://www.tiktok.com/@sample.desk/photo/7336306383119191000",
        "https://www.tiktok.com/embed/v2/7336306383119191000?lang=en",
        "https://www.tiktok.com/player/v1/7336306383119191000",
        "https://vm.tiktok.com/ZMabcdefg/",
        "https://www.tiktok.com/t/ZMabcdefg/",
    )
    name: str = "tiktok-public"
    media_hosts: tuple[str, ...] = ("*.tiktokcdn.com", "*.tiktokcdn-us.com", "*.tiktokcdn-eu.com")
    version: str = tiktok_rules.VERSION
    endpoints: tuple[Endpoint, ...] = (OEMBED, PAGE)
    rules: tuple[Rule, ...] = tiktok_rules.RULES
    credentials: tuple[Credential, ...] = ()
    short_link_endpoint: Endpoint | None = SHORT_LINK

    def __init__(self, setup: Setup = Setup()) -> None:
        """Nothing of the setup matters here."""

    def permalink(self, ref: PostRef) -> str:
        """`https://www.tiktok.com/@HANDLE/video/ID`, with "_" where the handle is unknown."""
        return f"https://www.tiktok.com/@{ref.author_handle or '_'}/video/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the second: the upper 32 bits are seconds since 1970; None for ids from before TikTok (2014)."""
        return tiktok_ids.id_time(native_id)

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request a ref. Raises TypeError where the endpoint does not look at that kind of ref."""
        return [self._look(ref, endpoint, get) for ref in refs]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """As `short_links.resolve` says."""
        links = tuple(_ANY_HOST.sub(f"https://{HOST}/", link) for link in post.short_links)
        return short_links.resolve(replace(post, short_links=links), get, SHORT_LINK_HOSTS)

    def _look(self, ref: PostRef | AuthorRef, endpoint: Endpoint, get: Get) -> Reading:
        if isinstance(ref, AuthorRef) or endpoint.name not in (OEMBED.name, PAGE.name):
            raise TypeError(f"{endpoint.name} does not look at that")
        post = f"https://{HOST}/@_/video/{quote(ref.native_id, safe='')}"
        if endpoint.name == PAGE.name:
            exchange = get(post, accept="text/html", follow=endpoint.redirect_hosts)
            noun = tiktok_page.page(exchange.body)
            return self._by_rule(endpoint, exchange, noun) or tiktok_page.read(noun, ref, exchange)
        exchange = get(f"https://{HOST}/oembed?" + urlencode({"url": post}), accept="application/json")
        noun = json_or_none(exchange.body)
        known = self._by_rule(endpoint, exchange, noun)
        if known is not None:
            return known
        return tiktok_oembed.read(noun, ref, exchange) if isinstance(noun, dict) else not_json(exchange)

    def _by_rule(self, endpoint: Endpoint, exchange: Exchange, noun: object) -> Reading | None:
        return read_by_rule(self.rules, tiktok_rules.PLACES, endpoint.name, exchange, noun)
