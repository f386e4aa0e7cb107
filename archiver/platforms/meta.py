"""What the adapters of Instagram, Facebook and Threads share.

None of the three proves a deletion. Whoever is not logged in is told the same of a post that was deleted, of one whose
account went private or forbids embedding, and of one that never was: all absents are weak. And no endpoint says that an
account is open to somebody who is not logged in: there is no account look. So the strongest verdict is
`gone_unattributed`, and a present is what these looks are for.

Their share links (`/share/…`, `fb.watch/…`) are not asked: platforms.md records no answer to one.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import meta_oembed
from archiver.platforms.adapter import Credential, Endpoint, Setup, usable
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import json_or_none, not_json
from archiver.platforms.rules import Place, Rule, read_by_rule


class Meta(Addressed):
    """A platform of Meta's that is looked at without being logged in."""

    name: str
    media_hosts: tuple[str, ...]
    version: str
    all_endpoints: tuple[Endpoint, ...]
    """Those that need a token among them."""
    rules: tuple[Rule, ...]
    places: Mapping[str, Place]
    credentials: tuple[Credential, ...] = ()
    short_link_endpoint: Endpoint | None = None

    def __init__(self, setup: Setup = Setup()) -> None:
        self.endpoints: tuple[Endpoint, ...] = usable(self.all_endpoints, setup)

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One look a ref. Raises TypeError for an author, or an endpoint of another platform."""
        return [self._look(_post(ref, endpoint, self.all_endpoints), endpoint, get) for ref in refs]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """Nothing is asked."""
        return Resolution(Reason.NO_REDIRECT, None, None, None, "share links are not asked")

    @abstractmethod
    def _look(self, ref: PostRef, endpoint: Endpoint, get: Get) -> Reading:
        """One look at a post."""

    def _page(
        self, address: str, ref: PostRef, endpoint: Endpoint, get: Get, read: Callable[[PostRef, Exchange], Reading]
    ) -> Reading:
        """Ask for an embed page, and read it."""
        exchange = get(address, accept="text/html", follow=endpoint.redirect_hosts)
        return read_by_rule(self.rules, self.places, endpoint.name, exchange, None) or read(ref, exchange)

    def _card(self, address: str, ref: PostRef, endpoint: Endpoint, get: Get) -> Reading:
        """Ask oEmbed, and read it."""
        exchange = get(address, accept="application/json", follow=endpoint.redirect_hosts)
        noun: Any = json_or_none(exchange.body)
        known = read_by_rule(self.rules, self.places, endpoint.name, exchange, noun)
        if known is not None:
            return known
        return meta_oembed.read(noun, ref, exchange) if isinstance(noun, dict) else not_json(exchange)


def _post(ref: PostRef | AuthorRef, endpoint: Endpoint, known: tuple[Endpoint, ...]) -> PostRef:
    if isinstance(ref, AuthorRef) or endpoint.name not in [each.name for each in known]:
        raise TypeError(f"{endpoint.name} does not look at {type(ref).__name__}")
    return ref
