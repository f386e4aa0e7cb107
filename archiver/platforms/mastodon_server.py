"""What the platforms share that are looked at through Mastodon's API: ref → address → get → allow-list → reading."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from archiver.model.embed import Embed, Identification
from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms.adapter import Credential, Endpoint
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import json_or_none, not_json, unknown
from archiver.platforms.mastodon_api import (
    Server,
    account_address,
    flake_time,
    read_account,
    read_status,
    status_address,
)
from archiver.platforms.mastodon_rules import PLACES, VERSION
from archiver.platforms.rules import Rule, read_by_rule

STATUS = "status"
ACCOUNT = "account"


class SpeaksMastodon(Addressed):
    """A platform whose posts and accounts are asked for through Mastodon's API. It has no short links."""

    named_by_id: bool = False
    version: str = VERSION
    endpoints: tuple[Endpoint, ...]
    rules: tuple[Rule, ...]
    credentials: tuple[Credential, ...] = ()
    short_link_endpoint: Endpoint | None = None

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """By address; the author's name in it counts more than a printed one, for posts are asked for by it."""
        found, addressed = super().identify(embed, now), self._found(embed.address)
        return replace(found, author_handle=addressed.handle) if found and addressed and addressed.handle else found

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond."""
        return flake_time(native_id)

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request a ref. Raises TypeError where the endpoint does not look at that kind of ref."""
        return [self._look(ref, endpoint, get) for ref in refs]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """Nothing is asked: there are no short links."""
        return Resolution(Reason.NO_REDIRECT, None, None, None, "the platform has no short links")

    def _look(self, ref: PostRef | AuthorRef, endpoint: Endpoint, get: Get) -> Reading:
        if isinstance(ref, AuthorRef) != (endpoint.name == ACCOUNT):
            raise TypeError(f"{endpoint.name} does not look at {type(ref).__name__}")
        server = self._server(ref)
        asked = self._question(ref, endpoint, server) if server else None
        if server is None or asked is None:
            return Reading(Outcome.UNKNOWN, Reason.NOT_ASKED, message=f"{endpoint.name} has no address for it")
        exchange = get(asked[0], accept=asked[1], follow=endpoint.redirect_hosts)
        noun = json_or_none(exchange.body)
        known = read_by_rule(self.rules, PLACES, endpoint.name, exchange, noun)
        if known is None:
            return self._read(noun, ref, exchange, endpoint, server) if isinstance(noun, dict) else not_json(exchange)
        if known.outcome is Outcome.ABSENT and isinstance(ref, PostRef) and server.has_copy(ref):
            return unknown(exchange, Reason.NOT_FOUND, "a copy that is not shown says nothing of the post itself")
        return known

    @abstractmethod
    def _server(self, ref: PostRef | AuthorRef) -> Server | None:
        """Whom to ask; None where the ref names no server that could be asked."""

    def _question(self, ref: PostRef | AuthorRef, endpoint: Endpoint, server: Server) -> tuple[str, str] | None:
        """Address and accepted media type; None where the endpoint has no address for the ref."""
        address = account_address(ref, server) if isinstance(ref, AuthorRef) else status_address(ref, server)
        return (address, "application/json") if address else None

    def _read(
        self,
        noun: dict[str, Any],
        ref: PostRef | AuthorRef,
        exchange: Exchange,
        endpoint: Endpoint,
        server: Server,
    ) -> Reading:
        """Read a body with status 200 that no rule of the allow-list knows."""
        if noun == {}:
            return unknown(exchange, Reason.EMPTY_ANSWER)
        if isinstance(ref, AuthorRef):
            return read_account(noun, exchange, server)
        return read_status(noun, ref, exchange, server)
