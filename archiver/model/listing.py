"""What queries take and give: filters, and the rows that archivists and auditors read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from archiver.model.capture import StoredCapture
from archiver.model.embed import Link
from archiver.model.incident import Kind
from archiver.model.verdict import State


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are wanted; None asks for all."""

    author: str | None = None
    """Handle with or without "@", any case, or the author's id."""
    platform: str | None = None
    verdict: tuple[State, ...] = ()
    """Any of these states; empty asks for all."""
    article: str | None = None
    """Part of the article's address, title or location."""
    since: datetime | None = None
    """Published at or after this time."""
    until: datetime | None = None
    """Published before this time."""
    gone_since: datetime | None = None
    """With a disappearance interval that ends at or after this time."""
    gone_until: datetime | None = None
    """With a disappearance interval that begins before this time."""


@dataclass(frozen=True, slots=True)
class PostListing:
    """A post as it is listed."""

    number: int
    platform: str
    host: str | None
    native_id: str | None
    permalink: str | None
    author_handle: str | None
    author_name: str | None
    author_id: str | None
    published_on: date | None
    published_at: datetime | None
    state: State
    decided_at: datetime | None
    grade: str | None
    flags: tuple[str, ...]
    gone_after: datetime | None
    """Left end of the disappearance interval; None outside an episode, or where nothing is known."""
    gone_by: datetime | None
    """Right end of it; None outside an episode."""
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_checked_at: datetime | None
    last_reason: str | None
    """Why the newest look came out as it did; None before the first."""
    last_host: str | None
    """The host that was asked last."""
    next_check_at: datetime | None
    checks: int
    """Rounds in which it was looked at."""
    text: str | None
    """Its words: the newest snapshot's, else a web archive's, else the article's quotation; None if none has any."""
    text_from: str | None
    """"snapshot", "article", or whose capture they are ("wayback/20190908182104"); None without text."""
    links: tuple[Link, ...]
    articles: int
    """How many articles show it now or did."""
    short_links: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    """As in Identification: "id_implausible"; "not_looked_at", "redacted"; "id_rounded": the id looks as if rounded."""
    captures: tuple[StoredCapture, ...] = ()
    """What web archives kept of it, the oldest first; we asked only of posts that we never saw."""
    held_by: int | None = None
    """Number of the incident that holds its verdict back; None where none does."""
    held_in: Kind | None = None
    """Of what kind that incident is."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One embed of a post, with the place where it stands."""

    article: int
    source: str
    location: str
    address: str | None
    title: str | None
    position: int
    form: str
    quotation: str | None
    """The post's words as the article prints them, by the newest cut."""
    first_quotation: str | None
    """The same by the first cut, which was made before the post had been seen."""
    cut: str | None
    """How `quotation` was cut out of running text; None where markup bounds it."""
    confidence: int | None
    """Of a hundred quotations cut in this way, how many were exact where it was measured; None with `cut`."""
    before: str
    after: str
    found_at: datetime
    closed_at: datetime | None
    """When the article was seen without it; None while it stands there."""


@dataclass(frozen=True, slots=True)
class ArticleListing:
    """An article as it is listed."""

    number: int
    source: str
    location: str
    address: str | None
    title: str | None
    published_at: datetime | None
    found_at: datetime
    read_at: datetime
    vanished_at: datetime | None
    doubts: tuple[str, ...]
    embeds: int
    """Embeds that stand in it now."""
    unidentified: int
    """Those of them that no adapter identified."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened to a post, for `show` and for exports."""

    at: datetime
    kind: str
    """"embed", "identification", "observation", "snapshot", "verdict", "joined"."""
    title: str
    """One line for a person."""
    observation: int | None = None
    valid: bool = True
