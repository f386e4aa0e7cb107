"""How articles are listed, and places that are none because they could not be read."""

from __future__ import annotations

from archiver.cli.output import Column, Record, Shape, json_time
from archiver.cli.shapes import minute, published
from archiver.model.listing import ArticleListing
from archiver.model.unread import UnreadListing


def article_record(article: ArticleListing) -> Record:
    """An article as a JSON value."""
    return {
        "source": article.source,
        "location": article.location,
        "address": article.address,
        "title": article.title,
        "published_at": json_time(article.published_at),
        "found_at": json_time(article.found_at),
        "read_at": json_time(article.read_at),
        "vanished_at": json_time(article.vanished_at),
        "embeds": article.embeds,
        "unidentified": article.unidentified,
        "doubts": list(article.doubts),
    }


def _remarks(article: ArticleListing) -> str:
    gone = [f"vanished {minute(article.vanished_at)}"] if article.vanished_at else []
    return ", ".join([*gone, *(each.replace("_", " ") for each in article.doubts)])


ARTICLES: Shape[ArticleListing] = Shape(
    noun="articles",
    columns=(
        Column("source", lambda article: article.source, spare=3),
        Column("article", lambda article: article.location, wraps=True),
        Column("published", lambda article: published(article.published_at, None), spare=2),
        Column("embeds", lambda article: str(article.embeds)),
        Column("unidentified", lambda article: str(article.unidentified)),
        Column("remarks", _remarks, wraps=True),
        Column("title", lambda article: article.title or "", is_text=True, spare=1),
    ),
    keys=(
        "source",
        "location",
        "address",
        "title",
        "published_at",
        "found_at",
        "read_at",
        "vanished_at",
        "embeds",
        "unidentified",
        "doubts",
    ),
    record=article_record,
)


UNREAD: Shape[UnreadListing] = Shape(
    noun="unread places",
    columns=(
        Column("source", lambda place: place.source),
        Column("place", lambda place: place.location or "the whole source", wraps=True),
        Column("since", lambda place: minute(place.failed_at), spare=1),
        Column("met last", lambda place: minute(place.last_failed_at), spare=2),
        Column("why", lambda place: place.message, wraps=True),
    ),
    keys=("source", "location", "reason", "message", "failed_at", "last_failed_at"),
    record=lambda place: {
        "source": place.source,
        "location": place.location,
        "reason": place.reason,
        "message": place.message,
        "failed_at": json_time(place.failed_at),
        "last_failed_at": json_time(place.last_failed_at),
    },
)
