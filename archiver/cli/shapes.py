"""How each noun is listed: the columns of its table, the keys of its JSON lines and CSV."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from archiver.audit import wording
from archiver.cli.output import Column, Record, Shape, json_time
from archiver.model.article import Article
from archiver.model.capture import StoredCapture
from archiver.model.embed import Embed, Identification, Link
from archiver.model.listing import Citation, PostListing, TimelineEvent

Sighted = tuple[Article, Embed, Identification | None]
"""An embed with the article that holds it and what an adapter makes of it."""


def minute(at: datetime | None) -> str:
    """An instant as tables show it, UTC."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "…"


def links(found: tuple[Link, ...]) -> list[Record]:
    return [{"url": link.url, "text": link.text} for link in found]


def handle_of(author_handle: str | None) -> str:
    return f"@{author_handle}" if author_handle else ""


def published(at: datetime | None, on: date | None) -> str:
    """The day of publication."""
    return f"{at:%Y-%m-%d}" if at else str(on or "")


def last_seen(post: PostListing) -> str:
    """The interval in which it disappeared, else when it was last seen."""
    if post.gone_by:
        return f"gone ({minute(post.gone_after)}, {minute(post.gone_by)}]"
    return f"seen {minute(post.last_seen_at)}" if post.last_seen_at else ""


def post_record(post: PostListing) -> Record:
    """A post as a JSON value."""
    return {
        "post": f"p{post.number}",
        "platform": post.platform,
        "host": post.host,
        "post_id": post.native_id,
        "permalink": post.permalink,
        "author_handle": post.author_handle,
        "author_id": post.author_id,
        "author_name": post.author_name,
        "published_at": json_time(post.published_at),
        "published_on": post.published_on.isoformat() if post.published_on else None,
        "verdict": str(post.state),
        "words": wording.brief(post),
        "grade": post.grade,
        "flags": list(post.flags),
        "gone_after": json_time(post.gone_after),
        "gone_by": json_time(post.gone_by),
        "decided_at": json_time(post.decided_at),
        "first_seen_at": json_time(post.first_seen_at),
        "last_seen_at": json_time(post.last_seen_at),
        "last_checked_at": json_time(post.last_checked_at),
        "next_check_at": json_time(post.next_check_at),
        "rounds": post.checks,
        "articles": post.articles,
        "text": post.text,
        "text_from": post.text_from,
        "links": links(post.links),
        "doubts": list(post.doubts),
        "captures": [capture_record(each) for each in post.captures],
        "held_by": post.held_by,
    }


def capture_record(capture: StoredCapture) -> Record:
    """What a web archive kept of a post, as a JSON value."""
    return {
        "provenance": capture.provenance,
        "captured_at": json_time(capture.captured_at),
        "address": capture.address,
        "form": capture.form,
        "observation": capture.observation,
    }


POST_KEYS = (
    "post",
    "platform",
    "host",
    "post_id",
    "permalink",
    "author_handle",
    "author_id",
    "author_name",
    "published_at",
    "published_on",
    "verdict",
    "words",
    "grade",
    "flags",
    "gone_after",
    "gone_by",
    "decided_at",
    "first_seen_at",
    "last_seen_at",
    "last_checked_at",
    "next_check_at",
    "rounds",
    "articles",
    "text",
    "text_from",
    "links",
    "doubts",
    "captures",
    "held_by",
)

POSTS: Shape[PostListing] = Shape(
    noun="posts",
    columns=(
        Column("post", lambda post: f"p{post.number}"),
        Column("author", lambda post: handle_of(post.author_handle)),
        Column("published", lambda post: published(post.published_at, post.published_on), spare=1),
        Column("verdict", wording.brief, wraps=True),
        Column("last seen, or gone in", last_seen, wraps=True),
        Column("articles", lambda post: str(post.articles), spare=3),
        Column("text", lambda post: post.text or "", is_text=True, spare=2),
    ),
    keys=POST_KEYS,
    record=post_record,
)


def embed_record(sighted: Sighted) -> Record:
    """An embed of an article as a JSON value; what is absent is null."""
    article, embed, identification = sighted
    author = identification.author_handle if identification else None
    window = identification.id_window if identification else None
    return {
        "article": article.location,
        "position": embed.position,
        "form": embed.form,
        "platform": identification.platform if identification else None,
        "host": identification.host if identification else None,
        "post_id": identification.native_id if identification else None,
        "permalink": identification.permalink if identification else embed.address,
        "author_handle": embed.author_handle or author,
        "author_name": embed.author_name,
        "published_on": embed.published_on.isoformat() if embed.published_on else None,
        "id_window": list(window) if window else None,
        "quotation": embed.quotation,
        "links": links(embed.links),
        "cut": embed.cut,
        "confidence": embed.confidence,
        "also": list(embed.also),
    }


def _what(sighted: Sighted) -> str:
    _, embed, identification = sighted
    if identification is None:
        return embed.address or embed.hint or "?"
    return identification.permalink or f"{identification.platform}, id not known"


EMBEDS: Shape[Sighted] = Shape(
    noun="embeds",
    columns=(
        Column("article", lambda sighted: sighted[0].location, wraps=True),
        Column("#", lambda sighted: str(sighted[1].position)),
        Column("form", lambda sighted: sighted[1].form, spare=3),
        Column("post", _what, wraps=True),
        Column("author", lambda sighted: handle_of(embed_record(sighted)["author_handle"])),
        Column("published", lambda sighted: str(sighted[1].published_on or ""), spare=2),
        Column("quotation", lambda sighted: sighted[1].quotation or "", is_text=True, spare=1),
    ),
    keys=(
        "article",
        "position",
        "form",
        "platform",
        "host",
        "post_id",
        "permalink",
        "author_handle",
        "author_name",
        "published_on",
        "id_window",
        "quotation",
        "links",
        "cut",
        "confidence",
        "also",
    ),
    record=embed_record,
)


def citation_record(citation: Citation) -> Record:
    """An embed of a post, with its place, as a JSON value."""
    return {
        "source": citation.source,
        "location": citation.location,
        "address": citation.address,
        "title": citation.title,
        "position": citation.position,
        "form": citation.form,
        "quotation": citation.quotation,
        "first_quotation": citation.first_quotation,
        "cut": citation.cut,
        "confidence": citation.confidence,
        "before": citation.before,
        "after": citation.after,
        "found_at": json_time(citation.found_at),
        "closed_at": json_time(citation.closed_at),
    }


def event_record(event: TimelineEvent) -> dict[str, Any]:
    """One thing that happened to a post, as a JSON value."""
    return {
        "at": json_time(event.at),
        "kind": event.kind,
        "observation": event.observation,
        "valid": event.valid,
        "title": event.title,
    }


EVENTS: Shape[TimelineEvent] = Shape(
    noun="events",
    columns=(
        Column("at (UTC)", lambda event: f"{event.at:%Y-%m-%d %H:%M:%S}"),
        Column("kind", lambda event: event.kind),
        Column("look", lambda event: f"n{event.observation}" if event.observation else ""),
        Column("", lambda event: event.title, wraps=True),
    ),
    keys=("at", "kind", "observation", "valid", "title"),
    record=event_record,
)
