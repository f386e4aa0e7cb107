"""Articles as they are scanned: a chunk of versions with what stands in them, what has vanished, how far one came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from archiver.model.article import Article, Reached, Stamp
from archiver.store import search, standing
from archiver.store.columns import portions
from archiver.store.draft import Draft
from archiver.store.rows import add_rows
from archiver.store.settling import Settling
from archiver.store.standing import Found, Settled, Standing
from archiver.store.tables import article_states, article_versions, articles, container_states
from archiver.store.transaction import Transaction

Chunk = Sequence[tuple[Article, Found, Sequence[str]]]
"""Articles, what stands in each with what an adapter makes of it, and what is doubtful of it."""


@dataclass(slots=True)
class _Filed:
    """An article on file, as it is when the chunk has been written so far."""

    number: int
    version: int | None = None
    """The newest; None while there is none."""
    said: tuple[Any, ...] | None = None
    """What that version said, as `_said` tells it."""
    is_old: bool = False
    """Whether its state was on file before the chunk."""
    embeds: list[Standing] = field(default_factory=list)
    """Those that stand in it."""


def known(connection: Connection, source: str) -> tuple[dict[str, Stamp], dict[str, Reached]]:
    """What is on file of a source: the stamp of every article that has not vanished, and how far each container was
    read; both by location."""
    on_file = connection.execute(
        select(articles.c.location, article_states.c.size, article_states.c.mtime_ns, article_states.c.inode)
        .join(article_states, article_states.c.article == articles.c.id)
        .where(articles.c.source == source, article_states.c.vanished_at.is_(None))
    )
    # Straight from the driver: rows of SQLAlchemy's cost as much as all the rest.
    cursor = on_file.cursor
    stamps: dict[str, Stamp] = {}
    while cursor and (rows := cursor.fetchmany(1000)):
        for location, size, mtime_ns, inode in rows:
            stamps[location] = Stamp(size, mtime_ns, inode)
    containers = connection.execute(select(container_states).where(container_states.c.source == source))
    reached = {
        row.location: Reached(row.location, Stamp(row.size, row.mtime_ns, row.inode), row.position, row.complete)
        for row in containers
    }
    return stamps, reached


def save(transaction: Transaction, source: str, chunk: Chunk) -> None:
    """Store versions of articles that were read, in this order, their embeds and the posts that these show."""
    draft = Draft(transaction)
    shown = ((named, embed) for _, found, _ in chunk for embed, named in found if named is not None)
    settling = Settling(draft, shown)
    settled = Settled(draft, settling)
    filed = _on_file(transaction.connection, source, [article.location for article, _, _ in chunk])
    newest: dict[str, Article] = {}
    for article, found, doubts in chunk:
        place = filed.get(article.location)
        if place is None:
            place = filed[article.location] = _Filed(_append(draft, source, article.location))
        _take(draft, settled, place, article, found, doubts)
        newest[article.location] = article
    draft.write()
    settling.finish()
    search.add_all(transaction.connection, settled.spoken)
    _point_at(transaction.connection, ((filed[location], article) for location, article in newest.items()))


def save_reached(transaction: Transaction, source: str, reached: Reached) -> None:
    """Store how far a container was read."""
    forget_reached(transaction, source, [reached.location])
    place = {"source": source, "location": reached.location}
    point = {"position": reached.position, "complete": reached.complete}
    stamp = {"size": reached.stamp.size, "mtime_ns": reached.stamp.mtime_ns, "inode": reached.stamp.inode}
    add_rows(transaction.connection, container_states, [place | point | stamp])


def forget_reached(transaction: Transaction, source: str, locations: Collection[str]) -> None:
    """Containers are no longer there: should they come back, even untouched, they are read from the beginning."""
    for part in portions(locations):
        transaction.connection.execute(
            delete(container_states).where(container_states.c.source == source, container_states.c.location.in_(part))
        )


def vanish(transaction: Transaction, source: str, locations: Sequence[str]) -> None:
    """Articles are no longer there: their embeds are closed, their posts live on."""
    connection = transaction.connection
    draft = Draft(transaction)
    filed = _on_file(connection, source, locations)
    gone = [filed[location] for location in locations]
    for each in gone:
        for embed in each.embeds:
            standing.close(draft, embed.number, "article_vanished")
        draft.line("article_vanished", article=each.number)
    draft.write()
    for part in portions(each.number for each in gone):
        connection.execute(
            update(article_states).where(article_states.c.article.in_(part)).values(vanished_at=transaction.at)
        )


def _on_file(connection: Connection, source: str, locations: Iterable[str]) -> dict[str, _Filed]:
    """What is on file of the articles at these places."""
    filed = {}
    for row in _rows(connection, source, locations):
        filed[row.location] = each = _Filed(row.id)
        if row.version is not None:
            each.version, each.is_old = row.version, True
            each.said = (row.digest, row.address, row.title, row.published_at, tuple(row.doubts))
    embeds = standing.in_articles(connection, [each.number for each in filed.values()])
    for each in filed.values():
        each.embeds = embeds.get(each.number, [])
    return filed


def _rows(connection: Connection, source: str, locations: Iterable[str]) -> Iterator[Row[Any]]:
    for part in portions(dict.fromkeys(locations)):
        yield from connection.execute(
            select(
                articles.c.id,
                articles.c.location,
                article_states,
                article_versions.c.published_at,
                article_versions.c.doubts,
            )
            .outerjoin(article_states, article_states.c.article == articles.c.id)
            .outerjoin(article_versions, article_versions.c.id == article_states.c.version)
            .where(articles.c.source == source, articles.c.location.in_(part))
        )


def _said(article: Article, doubts: Sequence[str]) -> tuple[Any, ...]:
    """What makes a version a new one; another stamp alone does not."""
    return (article.digest, article.address, article.title, article.published_at, tuple(doubts))


def _take(draft: Draft, settled: Settled, place: _Filed, article: Article, found: Found, doubts: Sequence[str]) -> None:
    """Add the article's version if it says something new, and settle its embeds: one that says the same has come back,
    or is read by a program that finds more in it."""
    if place.version is None or place.said != _said(article, doubts):
        place.version = _append_version(draft, place.number, article, len(found), doubts)
        place.said = _said(article, doubts)
    place.embeds = settled.settle(place.number, place.version, place.embeds, found)


def _append(draft: Draft, source: str, location: str) -> int:
    found = {"found_at": draft.transaction.at, "run": draft.transaction.run}
    return draft.add(articles, {"source": source, "location": location} | found)


def _append_version(draft: Draft, number: int, article: Article, embeds: int, doubts: Sequence[str]) -> int:
    said = {"address": article.address, "title": article.title, "digest": article.digest}
    content = draft.keep_json(said)
    version = draft.add(
        article_versions,
        {
            "article": number,
            "read_at": draft.transaction.at,
            "run": draft.transaction.run,
            "size": article.size,
            "charset": article.charset,
            "markup": article.markup,
            "published_at": article.published_at,
            "content": content,
            "doubts": list(doubts),
            "embeds": embeds,
        },
    )
    draft.line("article_read", article=number, version=version, content=content, embeds=embeds)
    return version


def _point_at(connection: Connection, newest: Iterable[tuple[_Filed, Article]]) -> None:
    """Bring the states up to what was read last."""
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for place, article in newest:
        stamp = article.stamp
        state = {
            "article": place.number,
            "version": place.version,
            "digest": article.digest,
            "address": article.address,
            "title": article.title,
            "size": stamp.size,
            "mtime_ns": stamp.mtime_ns,
            "inode": stamp.inode,
            "vanished_at": None,
        }
        (old if place.is_old else new).append(state)
    add_rows(connection, article_states, new)
    if old:
        rows = [{"number": state.pop("article"), **state} for state in old]
        connection.execute(update(article_states).where(article_states.c.article == bindparam("number")), rows)
