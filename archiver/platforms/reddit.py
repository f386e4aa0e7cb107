"""Reddit: a post has an id in base 36, a comment its own below it (platforms.md 9).

It is looked at with an app's credentials only, and has no endpoint without: pages and their JSON answer 403 to whoever
is not signed in, and oEmbed goes on answering for a deleted post, with its title, as if it were there.

`deleted` rests on what an author's deletion leaves in the listing, "[deleted]" for author and text (strong), on one
endpoint: seven rounds in seven days. A removal by moderators or Reddit is weak, and ends as `gone_unattributed`; so
does a post that is left out. A deleted account leaves its posts as they were: they are `present`, without an author.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import reddit_account, reddit_api, reddit_rules, short_links
from archiver.platforms.adapter import Credential, Endpoint, Setup, TokenGrant, usable
from archiver.platforms.addressed import Addressed
from archiver.platforms.answers import json_or_none, not_json, unknown
from archiver.platforms.listings import unasked
from archiver.platforms.rules import Rule, read_by_rule

API = Endpoint(
    "api",
    reddit_api.HOST,
    SubjectKind.POST,
    ids_per_request=reddit_api.AT_ONCE,
    credential="client_secret",
    sees="title, text, author's id; whether its author deleted it, or a moderator or Reddit removed it",
    limit="100 requests a minute and app",
)
ACCOUNT = Endpoint(
    "account",
    reddit_api.HOST,
    SubjectKind.AUTHOR,
    credential="client_secret",
    sees="whether an account is there or suspended, by two requests; not whether a missing one was deleted or hidden",
    limit="100 requests a minute and app",
)
SHORT_LINK = Endpoint("short_link", "www.reddit.com", SubjectKind.POST, sees="where a share link leads")
TOKEN_ADDRESS = "https://www.reddit.com/api/v1/access_token"  # noqa: S105 - an address, no secret
_ANY_HOST = re.compile(r"https?://(?:[a-z0-9-]{1,20}\.){0,2}reddit\.com/")


class Reddit(Addressed):
    """Posts, as "POST", and comments, as "POST/COMMENT"; the adapter."""

    platform: str = "reddit"
    examples: tuple[str, ...] = (
        "https://www.reddit.com/r/sample/comments/abc123/a_sample_title/",
        "https://old.reddit.com/r/sample/comments/abc123/a_sample_title/def4567/?context=3",
        "https://www.reddit.com/user/sample_desk/comments/abc123/a_sample_title/",
        "https://embed.reddit.com/r/sample/comments/abc123/?embed=true",
        "https://www.redditmedia.com/r/sample/comments/abc123/a_sample_title/?ref_source=embed",
        "https://redd.it/abc123",
        "https://www.reddit.com/r/sample/s/aBcDeFgHiJ",
    )
    name: str = "reddit-app"
    media_hosts: tuple[str, ...] = ("i.redd.it", "preview.redd.it")
    version: str = reddit_rules.VERSION
    rules: tuple[Rule, ...] = reddit_rules.RULES
    credentials: tuple[Credential, ...] = (
        Credential(
            "client_secret", reddit_api.HOST, "Authorization", "Bearer {}", TokenGrant(TOKEN_ADDRESS, "client_id")
        ),
    )
    short_link_endpoint: Endpoint | None = SHORT_LINK

    def __init__(self, setup: Setup = Setup()) -> None:
        self.endpoints: tuple[Endpoint, ...] = usable((API, ACCOUNT), setup)

    def permalink(self, ref: PostRef) -> str:
        """`https://www.reddit.com/comments/POST/`, for a comment `/comments/POST/_/COMMENT/`."""
        post, _, comment = ref.native_id.partition("/")
        return f"https://www.reddit.com/comments/{post}/" + (f"_/{comment}/" if comment else "")

    def printed_id(self, printed: str) -> str:
        """Widgets print a post's full name, "t3_" and its id."""
        return printed.removeprefix("t3_").lower()

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """One request for all posts, two an author. Raises TypeError where that is not the endpoint's subject."""
        posts = [ref for ref in refs if isinstance(ref, PostRef)]
        authors = [ref for ref in refs if isinstance(ref, AuthorRef)]
        if authors if endpoint.subject is SubjectKind.POST else posts:
            raise TypeError(f"{endpoint.name} does not look at such a ref")
        return self._posts(posts, get) if posts else [self._account(ref, get) for ref in authors]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """As `short_links.resolve` says, at one of the names that the host has (old, new, amp …)."""
        links = tuple(_ANY_HOST.sub(f"https://{SHORT_LINK.host}/", link) for link in post.short_links)
        return short_links.resolve(replace(post, short_links=links), get, (SHORT_LINK.host,))

    def _posts(self, refs: Sequence[PostRef], get: Get) -> list[Reading]:
        names = [reddit_api.fullname(ref.native_id) for ref in refs]
        asked = tuple(dict.fromkeys(name for name in names if name))
        if not asked:
            return [unasked("no id of Reddit") for _ in refs]
        exchange = get(reddit_api.address(asked), accept="application/json")
        noun = json_or_none(exchange.body)
        found = self._by_rule(API, exchange, noun) or reddit_api.entries(noun, asked, exchange)
        if isinstance(found, Reading):
            found = dict.fromkeys(asked, found)
        return [
            self._entry(found[name], ref, exchange) if name else unasked("no id of Reddit")
            for ref, name in zip(refs, names, strict=True)
        ]

    def _entry(self, noun: Any, ref: PostRef, exchange: Exchange) -> Reading:
        """What the listing says of one of those asked for; or what is read for all of them."""
        known = noun if isinstance(noun, Reading) else self._by_rule(API, exchange, noun)
        return known or reddit_api.read(noun, ref, exchange)

    def _account(self, ref: AuthorRef, get: Get) -> Reading:
        if not reddit_account.can_be_asked(ref):
            return unasked("no account of Reddit")
        name = ref.handle or ""
        if ref.native_id is not None:
            exchange = get(reddit_account.name_address(ref.native_id), accept="application/json")
            noun = json_or_none(exchange.body)
            known = self._by_rule(ACCOUNT, exchange, noun)
            if known is not None:
                return known
            found_name = reddit_account.name_of(noun, ref.native_id)
            if found_name is None:
                return unknown(exchange, Reason.NOT_FOUND, "no name for that id") if noun == {} else not_json(exchange)
            name = found_name
        exchange = get(reddit_account.about_address(name), accept="application/json")
        noun = json_or_none(exchange.body)
        account = reddit_account.account(noun, name)
        known = self._by_rule(ACCOUNT, exchange, noun if account is None else account)
        return known or reddit_account.read(account, ref, exchange)

    def _by_rule(self, endpoint: Endpoint, exchange: Exchange, noun: Any) -> Reading | None:
        return read_by_rule(self.rules, reddit_rules.PLACES, endpoint.name, exchange, noun)
