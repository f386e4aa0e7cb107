"""Posts that were published again: a corrected typo must not read as a cover-up.

A post by the same author, published within an hour of the interval in which another one disappeared, whose words are
nearly the same, is named beside that one as "re-posted as". It is a remark, not a verdict: what was deleted stays so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from archiver.model.listing import PostFilter, PostListing
from archiver.model.verdict import State
from archiver.store import listing
from archiver.store.columns import portions
from archiver.store.transaction import Reader, Store

ROUND_THE_INTERVAL = timedelta(hours=1)
LEAST_ALIKE = 80
"""Of 100, by the share of letters that need not be changed: a sentence with a word corrected, not another sentence."""
LEAST_LETTERS = 15
"""Shorter words are alike by chance."""
_LINK = re.compile(r"(?:https?://|pic\.(?:twitter|x)\.com/)\S+", re.IGNORECASE)
_GONE = (State.DELETED, State.GONE_UNCONFIRMED, State.GONE_UNATTRIBUTED)


@dataclass(frozen=True, slots=True)
class Repost:
    """A post that says what another one said."""

    number: int
    permalink: str | None
    published_at: datetime
    alike: int
    """How alike the words are, of 100."""


def of_post(store: Store, post: PostListing) -> list[Repost]:
    """The posts as which this one was published again, the most alike first; [] for a post that is not gone."""
    with store.reading() as connection:
        return of_posts(connection, [post]).get(post.number, [])


def of_posts(connection: Reader, posts: Sequence[PostListing]) -> dict[int, list[Repost]]:
    """The same of many posts, by number; those that were not published again are left out."""
    near = _near(connection, [post for post in posts if post.state in _GONE])
    found: dict[int, list[Repost]] = {}
    for part in portions(sorted({number for each in near.values() for number in each})):
        others = {other.number: other for other in listing.posts(connection, PostFilter(), among=part)}
        for post in posts:
            compared = (_compared(words_alone(post.text), others[n]) for n in near.get(post.number, ()) if n in others)
            found.setdefault(post.number, []).extend(each for each in compared if each is not None)
    return {
        number: sorted(again, key=lambda each: (-each.alike, each.number)) for number, again in found.items() if again
    }


def _near(connection: Reader, gone: Sequence[PostListing]) -> dict[int, list[int]]:
    """The posts that the author of each published about when it disappeared."""
    spans = {
        post.number: (post.gone_after - ROUND_THE_INTERVAL, post.gone_by + ROUND_THE_INTERVAL)
        for post in gone
        if post.author_id and post.gone_after and post.gone_by
    }
    if not spans:
        return {}
    authors = sorted({post.author_id for post in gone if post.author_id})
    first, last = min(since for since, _ in spans.values()), max(until for _, until in spans.values())
    published: dict[tuple[str, str | None], list[tuple[datetime, int]]] = {}
    for number, platform, author_id, at in listing.published_by(connection, authors, first, last):
        published.setdefault((platform, author_id), []).append((at, number))
    near: dict[int, list[int]] = {}
    for post in gone:
        if post.number in spans:
            since, until = spans[post.number]
            dated = published.get((post.platform, post.author_id), [])
            near[post.number] = [number for at, number in dated if since <= at < until and number != post.number]
    return near


def _compared(words: str, other: PostListing) -> Repost | None:
    theirs = words_alone(other.text)
    if min(len(words), len(theirs)) < LEAST_LETTERS or other.published_at is None:
        return None
    alike = int(fuzz.ratio(words, theirs))
    return Repost(other.number, other.permalink, other.published_at, alike) if alike >= LEAST_ALIKE else None


def words_alone(text: str | None) -> str:
    """The words alone: every post has short links of its own, even where they lead to the same place."""
    return " ".join(_LINK.sub(" ", text or "").casefold().split())
