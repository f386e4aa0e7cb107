"""Mastodon, and what speaks its language: a post is a number at one server, the host (platforms.md 3).

The same post has another number at every server that shows it (`/@user@remote/NUMBER`): those are posts of their own.

What a look proves. A post is asked for at the server that its address names, and nowhere else. There a 404 is weak:
private posts are answered so too. Only a tombstone with the post's own address is strong; Mastodon itself gives none,
so of a post at a Mastodon server `gone_unattributed` is the most that is ever said. A server that is down, parked, or
closed for good (410 to everything) is an outage: such answers are `unknown`. A server that answers 404 to everything
is told by controls of its own; where none are configured, its absents lead nowhere.
"""

from __future__ import annotations

from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms import mastodon_activity
from archiver.platforms.adapter import Endpoint, Setup
from archiver.platforms.mastodon_api import Server
from archiver.platforms.mastodon_rules import MASTODON_RULES
from archiver.platforms.mastodon_server import ACCOUNT, STATUS, SpeaksMastodon
from archiver.platforms.rules import Rule
from archiver.urls import host

LIMIT = "300 requests in 5 minutes, unless the server's owner says otherwise"

MASTODON_STATUS = Endpoint(
    STATUS,
    "",
    SubjectKind.POST,
    federated=True,
    sees="the post with its author's id; a 404 is weak, for private posts get it too",
    limit=LIMIT,
)
MASTODON_ACTIVITY = Endpoint(
    "activity",
    "",
    SubjectKind.POST,
    federated=True,
    sees="the post as servers see it; its tombstone, the only strong absent, which Mastodon does not give; a weak 404",
    limit=LIMIT,
)
MASTODON_ACCOUNT = Endpoint(
    ACCOUNT,
    "",
    SubjectKind.AUTHOR,
    federated=True,
    sees="the account: open, suspended (or deleted by its owner, which is told alike), or gone",
    limit=LIMIT,
)


class Mastodon(SpeaksMastodon):
    """Posts of any server."""

    platform: str = "mastodon"
    examples: tuple[str, ...] = (
        "https://social.example/@sample_desk/109876543210987654",
        "https://social.example/@sample_desk@remote.example/109876543210987654",
        "https://social.example/@sample_desk/109876543210987654/embed",
        "https://social.example/users/sample_desk/statuses/109876543210987654",
    )
    name: str = "mastodon-public"
    media_hosts: tuple[str, ...] = ("{host}", "*.{host}")
    endpoints: tuple[Endpoint, ...] = (MASTODON_STATUS, MASTODON_ACTIVITY, MASTODON_ACCOUNT)
    rules: tuple[Rule, ...] = MASTODON_RULES

    def __init__(self, setup: Setup = Setup()) -> None:
        """Nothing of the setup matters: anybody may ask, from anywhere."""

    def permalink(self, ref: PostRef) -> str:
        """`https://HOST/@HANDLE/NUMBER`."""
        return f"https://{ref.host}/@{ref.author_handle or '_'}/{ref.native_id}"

    def _server(self, ref: PostRef | AuthorRef) -> Server | None:
        # The host comes from articles: what is not exactly a host name is not asked.
        named = host(f"https://{ref.host}/") if ref.host else None
        return Server(named, federated=True) if named and named == ref.host else None

    def _question(self, ref: PostRef | AuthorRef, endpoint: Endpoint, server: Server) -> tuple[str, str] | None:
        if isinstance(ref, PostRef) and endpoint.name == MASTODON_ACTIVITY.name:
            address = mastodon_activity.address(ref, server)
            return (address, mastodon_activity.ACCEPT) if address else None
        return super()._question(ref, endpoint, server)

    def _read(
        self, noun: dict[str, Any], ref: PostRef | AuthorRef, exchange: Exchange, endpoint: Endpoint, server: Server
    ) -> Reading:
        if isinstance(ref, PostRef) and endpoint.name == MASTODON_ACTIVITY.name and noun != {}:
            return mastodon_activity.read(noun, ref, exchange, server)
        return super()._read(noun, ref, exchange, endpoint, server)
