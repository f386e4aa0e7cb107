"""YouTube: the id of a video is eleven letters (platforms.md 4). Playlists and channels are no posts.

oEmbed and the video's own page are asked by anybody; with a key the Data API too, and it alone knows a channel's state.

`deleted` takes the page's "removed by the uploader" twice (the only strong answer), a sighting by page or API (oEmbed
gives no channel id), and the channel: by the API, or by another of its videos seen in the same round. Without a key and
without such a sibling the strongest verdict is `gone_unattributed`; so it is for what is only missing.
A video that was made private is `unknown`, `not_authorized`, for as long as it is.

An id holds 64 bits: its last letter is one of AEIMQUYcgkosw048. A control that never existed must end so too; one that
does not is malformed, and oEmbed answers such 400, which is no `absent`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import youtube_api, youtube_oembed, youtube_rules, youtube_watch
from archiver.platforms.adapter import Credential, Endpoint, Setup, usable
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import json_or_none, not_json
from archiver.platforms.listings import unasked
from archiver.platforms.rules import Rule, read_by_rule

OEMBED = Endpoint(
    "oembed",
    youtube_oembed.HOST,
    SubjectKind.POST,
    sees="title, channel's name and handle; 404 for deleted, never given or closed account alike (weak)",
)
WATCH = Endpoint(
    "watch",
    youtube_oembed.HOST,
    SubjectKind.POST,
    sees="title, description, channel id; says who removed it, private, age gate, country; blind behind EU consent",
    limit="asks to sign in where an address asks often, or is a data centre's: then it tells nothing",
)
API = Endpoint(
    "api",
    youtube_api.HOST,
    SubjectKind.POST,
    ids_per_request=youtube_api.AT_ONCE,
    credential="api_key",
    sees="title, description, channel id, language; leaves out deleted and private alike (weak)",
    limit="1 unit a request of 50 ids, of 10,000 units a day and key",
)
CHANNELS = Endpoint(
    "channels",
    youtube_api.HOST,
    SubjectKind.AUTHOR,
    ids_per_request=youtube_api.AT_ONCE,
    credential="api_key",
    sees="whether a channel is public and has videos; not why one is gone",
    limit="1 unit a request of 50 ids, of 10,000 units a day and key",
)
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")


class YouTube(Addressed):
    """Videos, shorts and streams; the adapter."""

    platform: str = "youtube"
    examples: tuple[str, ...] = (
        "https://www.youtube.com/watch?v=AbCdEfGhIj4",
        "https://youtu.be/AbCdEfGhIj4?t=5",
        "https://www.youtube-nocookie.com/embed/AbCdEfGhIj4?rel=0",
        "https://www.youtube.com/shorts/AbCdEfGhIj4",
        "https://www.youtube.com/live/AbCdEfGhIj4?si=abc",
    )
    name: str = "youtube-public"
    media_hosts: tuple[str, ...] = ("i.ytimg.com",)
    version: str = youtube_rules.VERSION
    rules: tuple[Rule, ...] = youtube_rules.RULES
    credentials: tuple[Credential, ...] = (Credential("api_key", youtube_api.HOST, "X-Goog-Api-Key"),)
    short_link_endpoint: Endpoint | None = None

    def __init__(self, setup: Setup = Setup()) -> None:
        self.endpoints: tuple[Endpoint, ...] = usable((OEMBED, WATCH, API, CHANNELS), setup)

    def permalink(self, ref: PostRef) -> str:
        """`https://www.youtube.com/watch?v=ID`."""
        return f"https://www.youtube.com/watch?v={ref.native_id}"

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request a video, or one for all at the API. Raises TypeError where that is not the endpoint's subject."""
        for ref in refs:
            if isinstance(ref, AuthorRef) != (endpoint.subject is SubjectKind.AUTHOR):
                raise TypeError(f"{endpoint.name} does not look at such a ref")
        if endpoint.ids_per_request > 1:
            return self._listed(refs, endpoint, get)
        look = self._watch if endpoint.name == WATCH.name else self._oembed
        return [look(ref, get) for ref in refs if isinstance(ref, PostRef)]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """There are no short links: every address has its id."""
        return Resolution(Reason.NO_REDIRECT, None, None, None, "the post has no short link")

    def _oembed(self, ref: PostRef, get: Get) -> Reading:
        if not _VIDEO.fullmatch(ref.native_id):
            return unasked("no id of a video")
        exchange = get(youtube_oembed.address(ref), accept="application/json")
        noun = json_or_none(exchange.body)
        known = self._by_rule(OEMBED, exchange, noun)
        if known is not None:
            return known
        return youtube_oembed.read(noun, ref, exchange) if isinstance(noun, dict) else not_json(exchange)

    def _watch(self, ref: PostRef, get: Get) -> Reading:
        if not _VIDEO.fullmatch(ref.native_id):
            return unasked("no id of a video")
        exchange = get(youtube_watch.address(ref), accept="text/html")
        noun = youtube_watch.player(exchange.body)
        known = youtube_watch.other_video(noun, ref, exchange) or self._by_rule(WATCH, exchange, noun)
        return known or youtube_watch.read(noun, ref, exchange)

    def _listed(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """All in one request; what cannot be an id is left out, for one such gets the whole request refused."""
        path = "channels" if endpoint.subject is SubjectKind.AUTHOR else "videos"
        shape = youtube_oembed.CHANNEL if path == "channels" else _VIDEO
        ids = [ref.native_id if ref.native_id and shape.fullmatch(ref.native_id) else None for ref in refs]
        asked = tuple(dict.fromkeys(each for each in ids if each))
        if not asked:
            return [unasked("no id that could be asked for") for _ in refs]
        exchange = get(youtube_api.address(path, asked), accept="application/json")
        noun = json_or_none(exchange.body)
        found = self._by_rule(endpoint, exchange, noun) or youtube_api.entries(path, noun, asked, exchange)
        if isinstance(found, Reading):
            found = dict.fromkeys(asked, found)
        return [
            self._entry(found[each], ref, endpoint, exchange) if each else unasked("no id that could be asked for")
            for ref, each in zip(refs, ids, strict=True)
        ]

    def _entry(self, noun: Any, ref: PostRef | AuthorRef, endpoint: Endpoint, exchange: Exchange) -> Reading:
        """What the listing says of one of those asked for; or what is read for all of them."""
        known = noun if isinstance(noun, Reading) else self._by_rule(endpoint, exchange, noun)
        if known is not None:
            return known
        if isinstance(ref, AuthorRef):
            return youtube_api.read_channel(noun, ref, exchange)
        return youtube_api.read_video(noun, ref, exchange)

    def _by_rule(self, endpoint: Endpoint, exchange: Exchange, noun: Any) -> Reading | None:
        return read_by_rule(self.rules, youtube_rules.PLACES, endpoint.name, exchange, noun)
