"""Articles and their embeds: versions, what stands in them, what was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select, update

from archiver.model.article import Article, Stamp, Unread
from archiver.model.embed import Embed, Identification
from archiver.store import contents, posts, search
from archiver.store.tables import (
    add_row,
    article_failures,
    article_states,
    article_versions,
    articles,
    embed_closings,
    embeds,
)
from archiver.store.transaction import Transaction

Found = Sequence[tuple[Embed, Identification | None]]


def stamps(connection: Connection, source: str) -> dict[str, Stamp]:
    """The stamp on file of every article of a source that has not vanished, by location."""
    rows = connection.execute(
        select(articles.c.location, article_states.c.size, article_states.c.mtime_ns, article_states.c.inode)
        .join(article_states, article_states.c.article == articles.c.id)
        .where(articles.c.source == source, article_states.c.vanished_at.is_(None))
    )
    return {row.location: Stamp(row.size, row.mtime_ns, row.inode) for row in rows}


def save(transaction: Transaction, article: Article, found: Found, doubts: Sequence[str]) -> None:
    """Store one version of an article that was read, its embeds and their posts."""
    connection = transaction.connection
    number = _number(transaction, article)
    state = connection.execute(select(article_states).where(article_states.c.article == number)).first()
    version = _same_version(connection, article, state)
    if version is None:
        version = _append_version(transaction, number, article, found, doubts)
        _settle_embeds(transaction, number, version, found)
    elif state is not None and state.vanished_at is not None:
        _settle_embeds(transaction, number, version, found)
    _point_at(connection, number, version, article, known=state is not None)


def save_failure(transaction: Transaction, source: str, unread: Unread) -> None:
    """Store that a place could not be read."""
    add_row(
        transaction.connection,
        article_failures,
        source=source,
        location=unread.location,
        reason=unread.reason,
        message=unread.message,
        failed_at=transaction.at,
        run=transaction.run,
    )


def vanish(transaction: Transaction, source: str, location: str) -> None:
    """An article is no longer there: its embeds are closed, their posts live on."""
    connection = transaction.connection
    number = connection.execute(
        select(articles.c.id).where(articles.c.source == source, articles.c.location == location)
    ).scalar_one()
    for row in open_embeds(connection, number):
        _close(transaction, row.id, "article_vanished")
    connection.execute(
        update(article_states).where(article_states.c.article == number).values(vanished_at=transaction.at)
    )
    transaction.ledger.append("article_vanished", transaction.at, article=number, run=transaction.run)


def open_embeds(connection: Connection, article: int) -> Sequence[Any]:
    """The rows of the embeds that stand in an article."""
    return connection.execute(
        select(embeds)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .where(embeds.c.article == article, embed_closings.c.embed.is_(None))
        .order_by(embeds.c.position)
    ).all()


def _number(transaction: Transaction, article: Article) -> int:
    where = (articles.c.source == article.source, articles.c.location == article.location)
    known = transaction.connection.execute(select(articles.c.id).where(*where)).scalar()
    if known is not None:
        return int(known)
    return add_row(
        transaction.connection,
        articles,
        source=article.source,
        location=article.location,
        found_at=transaction.at,
        run=transaction.run,
    )


def _same_version(connection: Connection, article: Article, state: Any) -> int | None:
    """The newest version's number if nothing of it changed but the file's stamp."""
    if state is None:
        return None
    row = connection.execute(select(article_versions).where(article_versions.c.id == state.version)).one()
    on_file = (state.digest, state.address, state.title, row.published_at)
    same = on_file == (article.digest, article.address, article.title, article.published_at)
    return int(row.id) if same else None


def _append_version(
    transaction: Transaction, number: int, article: Article, found: Found, doubts: Sequence[str]
) -> int:
    said = {"address": article.address, "title": article.title, "digest": article.digest}
    content = contents.put_json(transaction.connection, said)
    version = add_row(
        transaction.connection,
        article_versions,
        article=number,
        read_at=transaction.at,
        run=transaction.run,
        size=len(article.payload),
        charset=article.charset,
        markup=article.markup,
        published_at=article.published_at,
        content=content.id,
        doubts=list(doubts),
        embeds=len(found),
    )
    transaction.ledger.append(
        "article_read",
        transaction.at,
        article=number,
        version=version,
        content=content.commitment,
        embeds=len(found),
        run=transaction.run,
    )
    return version


def _point_at(connection: Connection, number: int, version: int, article: Article, *, known: bool) -> None:
    said = {"digest": article.digest, "address": article.address, "title": article.title}
    fields = {"version": version, "vanished_at": None, **said, **asdict(article.stamp)}
    if known:
        connection.execute(update(article_states).where(article_states.c.article == number).values(**fields))
    else:
        add_row(connection, article_states, article=number, **fields)


def _settle_embeds(transaction: Transaction, article: int, version: int, found: Found) -> None:
    """Close what no longer stands in the article, add what is new, leave alone what stayed, wherever it moved to."""
    connection = transaction.connection
    standing: dict[tuple[int | None, int], list[int]] = {}
    for row in open_embeds(connection, article):
        post = None if row.post is None else posts.survivor(connection, row.post)
        standing.setdefault((post, row.words), []).append(row.id)
    for embed, identification in found:
        post = posts.settle(transaction, identification, embed) if identification else None
        words = contents.put_json(connection, embed_words(embed))
        same = standing.get((post, words.id))
        if same:
            same.pop(0)
        else:
            _append_embed(transaction, article, version, embed, (post, identification), words)
    for left in standing.values():
        for embed_id in left:
            _close(transaction, embed_id, "not_in_article")


def _append_embed(
    transaction: Transaction,
    article: int,
    version: int,
    embed: Embed,
    shown: tuple[int | None, Identification | None],
    words: contents.Content,
) -> None:
    post, identification = shown
    context = contents.put_json(transaction.connection, {"before": embed.before, "after": embed.after})
    number = add_row(
        transaction.connection,
        embeds,
        article=article,
        version=version,
        post=post,
        position=embed.position,
        form=embed.form,
        platform=identification.platform if identification else None,
        hint=embed.hint,
        published_on=embed.published_on,
        words=words.id,
        context=context.id,
        found_at=transaction.at,
        run=transaction.run,
    )
    transaction.ledger.append(
        "embed",
        transaction.at,
        embed=number,
        article=article,
        version=version,
        post=post,
        words=words.commitment,
        context=context.commitment,
        run=transaction.run,
    )
    if post is not None and embed.quotation:
        search.add(transaction.connection, post, "quotation", f"{embed.quotation}\n{embed.author_name or ''}")


def embed_words(embed: Embed) -> dict[str, Any]:
    """What the article prints of a post: it tells the embed from others of the same article."""
    return {
        "quotation": embed.quotation,
        "author_handle": embed.author_handle,
        "author_name": embed.author_name,
        "language": embed.language,
        "links": [{"url": link.url, "text": link.text} for link in embed.links],
        "address": embed.address,
        "native_id": embed.native_id,
        "also": list(embed.also),
    }


def _close(transaction: Transaction, embed: int, reason: str) -> None:
    add_row(
        transaction.connection,
        embed_closings,
        embed=embed,
        closed_at=transaction.at,
        run=transaction.run,
        reason=reason,
    )
    transaction.ledger.append("embed_closed", transaction.at, embed=embed, reason=reason, run=transaction.run)
