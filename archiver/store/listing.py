"""Queries for people: posts, articles and citations as they are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from archiver.model.listing import ArticleListing, Citation, PostFilter, PostListing
from archiver.model.verdict import State
from archiver.store import contents, cuts
from archiver.store.columns import portions
from archiver.store.listed import SHOWN, listed, shows
from archiver.store.tables import (
    article_states,
    article_versions,
    articles,
    embed_closings,
    embeds,
    post_states,
    verdicts,
)

PAGE = 500


def posts(
    connection: Connection, wanted: PostFilter, *, among: Sequence[int] | None = None, limit: int | None = None
) -> Iterator[PostListing]:
    """The posts that pass the filter, newest number first (or in the order of `among`), read a page at a time."""
    if among is not None:
        # At most as many as a search gives, and in its order.
        rows = list(connection.execute(_query(wanted).where(post_states.c.post.in_(among))))
        place = {number: index for index, number in enumerate(among)}
        yield from listed(connection, sorted(rows, key=lambda row: place[row.post])[:limit])
        return
    last, given = None, 0
    while limit is None or given < limit:
        query = _query(wanted).order_by(post_states.c.post.desc()).limit(PAGE)
        rows = list(connection.execute(query if last is None else query.where(post_states.c.post < last)))
        if not rows:
            return
        last = rows[-1].post
        page = rows if limit is None else rows[: limit - given]
        given += len(page)
        yield from listed(connection, page)


def published_by(
    connection: Connection, author_ids: Sequence[str], since: datetime, until: datetime
) -> Iterator[tuple[int, str, str, datetime]]:
    """(number, platform, author id, time) of what these accounts published from `since` until before `until`, at
    whatever platform."""
    state = post_states.c
    told = (state.post, state.platform, state.author_id, state.published_at)
    for part in portions(author_ids):
        query = select(*told).where(
            state.author_id.in_(part), state.published_at >= since, state.published_at < until, state.alias_of.is_(None)
        )
        yield from (tuple(row) for row in connection.execute(query.order_by(state.post)))


def numbers(connection: Connection, wanted: PostFilter) -> Iterator[int]:
    """The numbers of the posts that pass the filter, ascending."""
    query = select(post_states.c.post).where(post_states.c.alias_of.is_(None), *conditions(wanted))
    yield from connection.execute(query.order_by(post_states.c.post)).scalars()


def citations(connection: Connection, post: int) -> list[Citation]:
    """Every embed of a post, oldest first."""
    return citations_of(connection, [post])[post]


def citations_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Citation]]:
    """Every embed of each of these posts, oldest first."""
    query = (
        select(
            embeds,
            SHOWN.label("shown"),
            articles.c.source,
            articles.c.location,
            article_states.c.address,
            article_states.c.title,
            embed_closings.c.closed_at,
        )
        .join(post_states, post_states.c.post == embeds.c.post)
        .join(articles, articles.c.id == embeds.c.article)
        .join(article_states, article_states.c.article == articles.c.id)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .where(shows(numbers))
        .order_by(embeds.c.id)
    )
    rows = connection.execute(query).all()
    kept = contents.get_json(connection, [number for row in rows for number in (row.words, row.context)])
    again = cuts.of_embeds(connection, [row.id for row in rows])
    found: dict[int, list[Citation]] = {number: [] for number in numbers}
    for row in rows:
        words = {**kept.get(row.context, {}), **kept.get(row.words, {})}
        found[row.shown].append(_citation(row, words, again.get(row.id, [])))
    return found


def list_articles(connection: Connection, wanted: PostFilter, *, suspicious: bool = False) -> Iterator[ArticleListing]:
    """Articles that show a post which passes the filter (all of them, if it asks for nothing), newest first."""
    unidentified = func.sum(case((embeds.c.platform.is_(None), 1), else_=0)).label("unidentified")
    standing = (
        select(embeds.c.article, func.count().label("embeds"), unidentified)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .where(embed_closings.c.embed.is_(None))
        .group_by(embeds.c.article)
        .subquery()
    )
    query = (
        select(
            articles,
            article_states.c.address,
            article_states.c.title,
            article_versions.c.published_at,
            article_versions.c.read_at,
            article_versions.c.doubts,
            article_states.c.vanished_at,
            standing.c.embeds.label("standing"),
            standing.c.unidentified,
        )
        .join(article_states, article_states.c.article == articles.c.id)
        .join(article_versions, article_versions.c.id == article_states.c.version)
        .outerjoin(standing, standing.c.article == articles.c.id)
        .where(*([_article_named(wanted.article)] if wanted.article else []))
        .order_by(articles.c.id.desc())
    )
    about_posts = conditions(wanted, with_article=False)
    if about_posts:
        query = query.where(articles.c.id.in_(_articles_showing(about_posts)))
    for row in connection.execute(query):
        if not suspicious or row.doubts or row.unidentified:
            yield _article(row)


def _query(wanted: PostFilter) -> Any:
    return select(post_states).where(post_states.c.alias_of.is_(None), *conditions(wanted))


def conditions(wanted: PostFilter, *, with_article: bool = True) -> list[ColumnElement[bool]]:
    """What a row of post_states must meet to pass the filter; [] where it asks for nothing."""
    state = post_states.c
    found: list[ColumnElement[bool]] = []
    if wanted.author:
        handle = wanted.author.removeprefix("@").lower()
        named = (func.lower(state.author_handle) == handle, func.lower(state.cited_handle) == handle)
        found.append(or_(*named, state.author_id == wanted.author))
    if wanted.platform:
        found.append(state.platform == wanted.platform.lower())
    if wanted.verdict:
        found.append(state.state.in_([str(each) for each in wanted.verdict]))
    if wanted.since:
        found.append(_published(state.published_at >= wanted.since, state.published_on >= wanted.since.date()))
    if wanted.until:
        last_day = (wanted.until - timedelta(microseconds=1)).date()
        found.append(_published(state.published_at < wanted.until, state.published_on <= last_day))
    found += _gone(wanted.gone_since, wanted.gone_until)
    if wanted.article and with_article:
        shown = (
            select(SHOWN)
            .select_from(embeds)
            .join(post_states, post_states.c.post == embeds.c.post)
            .join(articles, articles.c.id == embeds.c.article)
            .join(article_states, article_states.c.article == articles.c.id)
            .where(_article_named(wanted.article))
        )
        found.append(state.post.in_(shown.correlate(None)))
    return found


def _published(by_time: ColumnElement[bool], by_day: ColumnElement[bool]) -> ColumnElement[bool]:
    """By the time in the id; by the attribution's day where there is no id."""
    known = post_states.c.published_at.is_not(None)
    return or_(and_(known, by_time), and_(~known, by_day))


def _gone(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Whose disappearance interval (left, right] touches the span: the standing one, or that of an earlier
    conclusion, for a post that was restored.
    """
    if since is None and until is None:
        return []
    concluded = verdicts.c.state.in_([str(state) for state in (State.DELETED, State.GONE_BEFORE_FIRST_LOOK)])
    earlier = select(verdicts.c.post).where(concluded, *_touching(verdicts.c, since, until))
    return [or_(and_(*_touching(post_states.c, since, until)), post_states.c.post.in_(earlier))]


def _touching(columns: Any, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    left, right = columns.interval_left, columns.interval_right
    conditions: list[ColumnElement[bool]] = [right.is_not(None)]
    if since is not None:
        conditions.append(right >= since)
    if until is not None:
        conditions.append(or_(left.is_(None), left < until))
    return conditions


def _article_named(words: str) -> ColumnElement[bool]:
    columns = (articles.c.location, article_states.c.address, article_states.c.title)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _articles_showing(conditions: Sequence[ColumnElement[bool]]) -> Any:
    passing = select(post_states.c.post).where(post_states.c.alias_of.is_(None), *conditions)
    return select(embeds.c.article).join(post_states, post_states.c.post == embeds.c.post).where(SHOWN.in_(passing))


def _citation(row: Any, words: dict[str, Any], again: Sequence[cuts.StoredCut]) -> Citation:
    first = cuts.Cut(words.get("quotation"), words.get("cut"), words.get("confidence"))
    newest = next((each.cut for each in reversed(again) if each.cut and each.cut.quotation), first)
    return Citation(
        article=row.article,
        source=row.source,
        location=row.location,
        address=row.address,
        title=row.title,
        position=row.position,
        form=row.form,
        quotation=newest.quotation,
        first_quotation=first.quotation,
        cut=newest.how,
        confidence=newest.confidence,
        before=words.get("before", ""),
        after=words.get("after", ""),
        found_at=row.found_at,
        closed_at=row.closed_at,
    )


def _article(row: Any) -> ArticleListing:
    return ArticleListing(
        number=row.id,
        source=row.source,
        location=row.location,
        address=row.address,
        title=row.title,
        published_at=row.published_at,
        found_at=row.found_at,
        read_at=row.read_at,
        vanished_at=row.vanished_at,
        doubts=tuple(row.doubts or ()),
        embeds=row.standing or 0,
        unidentified=row.unidentified or 0,
    )
