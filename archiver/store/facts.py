"""What `judge` knows of posts beside the looks at them, and since when.

A rounded id is confirmed by whatever beside one article names it: another article, or a capture in a web archive.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from archiver.model.post import Post
from archiver.model.verdict import PostFacts
from archiver.store import captures
from archiver.store.listed import SHOWN, shows
from archiver.store.tables import captures as capture_rows
from archiver.store.tables import embeds, observations, post_states
from archiver.urls import x_rounded


def load(connection: Connection, loaded: Sequence[Post]) -> dict[int, PostFacts]:
    """What `judge` knows of these posts beside the looks, by number."""
    numbers = [post.number for post in loaded]
    captured = captures.times(connection, numbers)
    rounded = {post.number for post in loaded if post.platform == "x" and x_rounded(post.native_id or "0")}
    confirmed_at = _confirmed_at(connection, rounded) if rounded else {}
    return {
        post.number: PostFacts(
            number=post.number,
            platform=post.platform,
            native_id=post.native_id,
            id_time=post.published_at,
            attribution_day=post.published_on,
            archive_captures=captured.get(post.number, ()),
            edit_chain=post.edit_chain,
            id_rounded=post.number in rounded,
            id_confirmed_at=confirmed_at.get(post.number),
        )
        for post in loaded
    }


def _confirmed_at(connection: Connection, numbers: Collection[int]) -> dict[int, datetime]:
    """Since when a second article, or a capture, is known that names the post; posts of which none is are left out."""
    known: dict[int, list[datetime]] = {}
    firsts = (
        select(SHOWN.label("shown"), func.min(embeds.c.id).label("first"))
        .join(post_states, post_states.c.post == embeds.c.post)
        .where(shows(sorted(numbers)))
        .group_by(SHOWN, embeds.c.article)
        .subquery()
    )
    in_articles: dict[int, list[datetime]] = {}
    named = select(firsts.c.shown, embeds.c.found_at).join(embeds, embeds.c.id == firsts.c.first)
    for row in connection.execute(named.order_by(embeds.c.id)):
        in_articles.setdefault(row.shown, []).append(row.found_at)
    for post, found in in_articles.items():
        known[post] = sorted(found)[1:2]
    kept = select(capture_rows.c.post, observations.c.received_at).join(
        observations, observations.c.id == capture_rows.c.observation
    )
    for row in connection.execute(kept.where(capture_rows.c.post.in_(sorted(numbers)))):
        known.setdefault(row.post, []).append(row.received_at)
    return {post: min(times) for post, times in known.items() if times}
