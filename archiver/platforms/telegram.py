"""Telegram: a post of a public channel is CHANNEL/NUMBER (platforms.md 10). Private channels have no address.

Deletion cannot be proved here. All absents are weak (telegram_rules.py), so the strongest verdict on a post is
`gone_unattributed`.

A channel's name, in lower case, is its author id: the pages that anybody may ask for have no other that can be asked
for again. A name can be given up and taken by somebody else. Then the account look says that a channel is open, which
is true of another channel, and a number that the new one reaches shows another's post; the text in its snapshot tells
them apart, and as no absent is strong, no such mistake can end in `deleted`.

Negative controls are numbers far above the newest of a channel that is open, and below 2**31: the feed of a channel
that does not exist redirects, which tells nothing. The plain page of a post is no endpoint: for a post that is gone it
shows the channel's own description, as it may for a picture without words, and it repeats no id.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import telegram_channel, telegram_message, telegram_rules
from archiver.platforms.adapter import Credential, Endpoint, Setup
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import not_html, unknown
from archiver.platforms.pages import is_whole, parsed
from archiver.platforms.rules import Rule, read_by_rule

HOST = "t.me"
_LIMIT = "Nobody says; one request in two seconds was borne."
EMBED = Endpoint(
    "embed",
    HOST,
    SubjectKind.POST,
    sees="The widget of one post of a public channel or group: text, links, media, time. Its absents are weak.",
    limit=_LIMIT,
)
FEED = Endpoint(
    "feed",
    HOST,
    SubjectKind.POST,
    sees="The post among its neighbours in the public feed of its channel; groups have none. Its absents are weak.",
    limit=_LIMIT,
)
CHANNEL = Endpoint(
    "channel",
    HOST,
    SubjectKind.AUTHOR,
    sees="Whether a channel or group is open under its name; not whether the name still is the same owner's.",
    limit=_LIMIT,
)


class Telegram(Addressed):
    """Posts of public channels. The channel stands as printed: the platform's own widget prints its true case."""

    platform: str = "telegram"
    examples: tuple[str, ...] = (
        "https://t.me/sample_channel/123",
        "https://t.me/s/sample_channel/123",
        "https://t.me/sample_channel/123?embed=1&mode=tme",
        "https://telegram.me/sample_channel/123",
    )
    name: str = "telegram-public"
    media_hosts: tuple[str, ...] = ("*.telesco.pe", "*.cdn-telegram.org")
    version: str = telegram_rules.VERSION
    endpoints: tuple[Endpoint, ...] = (EMBED, FEED, CHANNEL)
    rules: tuple[Rule, ...] = telegram_rules.RULES
    credentials: tuple[Credential, ...] = ()
    short_link_endpoint: Endpoint | None = None

    def __init__(self, setup: Setup = Setup()) -> None:
        """Nothing of the setup matters here."""

    def permalink(self, ref: PostRef) -> str:
        """`https://t.me/CHANNEL/NUMBER`."""
        return f"https://t.me/{ref.native_id}"

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request a ref. Raises TypeError where the endpoint does not look at that kind of ref."""
        return [self._look(ref, endpoint, get) for ref in refs]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """There are no short links."""
        return Resolution(Reason.NO_REDIRECT, None, None, None, "the platform has no short links")

    def _look(self, ref: PostRef | AuthorRef, endpoint: Endpoint, get: Get) -> Reading:
        exchange = get(_address(ref, endpoint), accept="text/html", follow=endpoint.redirect_hosts)
        page = parsed(exchange.body) if is_whole(exchange.body) else None
        known = read_by_rule(self.rules, telegram_rules.PLACES, endpoint.name, exchange, page)
        if known is not None:
            return known
        if page is None:
            return not_html(exchange)
        if isinstance(ref, AuthorRef):
            return telegram_channel.read(page, ref, exchange)
        return _unknown_error(exchange, page) or telegram_message.read(page, ref, exchange)


def _address(ref: PostRef | AuthorRef, endpoint: Endpoint) -> str:
    if isinstance(ref, AuthorRef):
        if endpoint.name != CHANNEL.name:
            raise TypeError(f"{endpoint.name} does not look at authors")
        return telegram_channel.address(ref)
    channel, number = telegram_message.split_id(ref.native_id)
    if endpoint.name == EMBED.name:
        return f"https://{HOST}/{channel}/{number}?embed=1&mode=tme"
    if endpoint.name == FEED.name:
        return f"https://{HOST}/s/{channel}?before={number + 1}"
    raise TypeError(f"{endpoint.name} does not look at posts")


def _unknown_error(exchange: Exchange, page: object) -> Reading | None:
    """An error that the allow-list does not know is kept in its own words."""
    told = telegram_rules.error_message(exchange, page)
    return None if told is None else unknown(exchange, Reason.UNKNOWN_TOMBSTONE, told[:200])
