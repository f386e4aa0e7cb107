"""Embed: the place in an article that shows a post, and what the article itself prints of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter

CONTEXT_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """A link as printed."""

    url: str
    """Where it leads; for a bare `pic.twitter.com/CODE`, `https://pic.twitter.com/CODE`."""
    text: str
    """What the reader sees."""


@dataclass(frozen=True, slots=True)
class Embed:
    """One embed, found by a form; which platform and post it is, an adapter decides (`platforms.identify`)."""

    position: int
    """Order in the article, from 0."""
    form: str
    """How it is written: "blockquote", "iframe", "amp", "custom_element", "bare_address", "shortcode", "text" …"""
    hint: str | None = None
    """The platform that the markup itself names, lower case ("x"); None if it names none."""
    address: str | None = None
    """The address in the markup that leads to the post, web-archive rewriting undone; None if there is none."""
    native_id: str | None = None
    """The platform's id where the markup gives it apart from an address (`data-tweet-id`); digits as printed."""
    author_handle: str | None = None
    """Handle without "@", as printed; None if not printed."""
    author_name: str | None = None
    """Display name as printed; None if not printed."""
    published_on: date | None = None
    """The day that the attribution prints; None without one that can be read."""
    quotation: str | None = None
    """The words of the post as the article prints them, short links and line breaks kept; None if it prints none."""
    links: tuple[Link, ...] = ()
    """Links inside the quotation, in order."""
    cut: str | None = None
    """How the quotation was cut out of running text ("lines", "sentences" …); None where markup bounds it."""
    confidence: int | None = None
    """Of a hundred quotations cut in this way, how many were exact where it was measured; None with `cut`."""
    language: str | None = None
    """The language that the markup declares for the quotation; None if it declares none."""
    before: str = ""
    """Up to CONTEXT_CHARACTERS of the article's readable text before the embed."""
    after: str = ""
    """Up to CONTEXT_CHARACTERS of the article's readable text after the embed."""
    also: tuple[str, ...] = ()
    """Weaker forms in which the same article shows the same embed."""

    def at(self, position: int) -> Embed:
        """The same at another position; in half the time of `replace`, as it is asked of every embed."""
        return self if position == self.position else Embed(position, *_BEHIND_POSITION(self))


_BEHIND_POSITION = attrgetter(*(field.name for field in fields(Embed)[1:]))


@dataclass(frozen=True, slots=True)
class Identification:
    """What an adapter makes of an embed: which platform, and as much of the post's identity as the embed holds."""

    platform: str
    """Lower case: "x"."""
    host: str | None
    """The server of a federated platform; None where the platform is one place."""
    native_id: str | None
    """The post's id at the platform; None while unknown."""
    permalink: str | None
    """The post's address in canonical form; None while the id is unknown."""
    author_handle: str | None = None
    """Handle of the author, without "@"; None if the embed does not tell."""
    author_id: str | None = None
    """The author's id, where the post's id holds it; else None."""
    id_window: tuple[str, str] | None = None
    """Lowest and highest id that the attribution's UTC day allows; None without a day."""
    published_at: datetime | None = None
    """The time in the id, UTC; None without an id, or where ids hold no time."""
    short_links: tuple[str, ...] = ()
    """Addresses that may lead to the id (`https://t.co/CODE`), the likeliest first."""
    doubts: tuple[str, ...] = field(default=())
    """"id_implausible": the id's own time lies in the future or before the platform; such a post is not looked at."""
