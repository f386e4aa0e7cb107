"""Looking through one article: bytes go in, rows come out. Pure, so that any process can do it, without an archive."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from archiver.articles.beside import with_addresses
from archiver.articles.compose import compose
from archiver.embeds.find import find
from archiver.model.article import Article, StoredArticle, Unread
from archiver.model.embed import Embed, Identification
from archiver.platforms import registry

COLLECT_AFTER = 50_000
"""Objects made since the last time that cycles among them were sought."""


class Scanned(NamedTuple):
    """One article with what was found in it, not yet stored."""

    article: Article
    """Without its payload."""
    found: tuple[tuple[Embed, Identification | None], ...]
    """Its embeds in order, each with what an adapter makes of it; None where none knows it: it is kept all the same."""
    doubts: tuple[str, ...]


def look_through(stored: StoredArticle, now: datetime, *, surroundings: bool = True) -> Scanned:
    """The embeds of one article. Without `surroundings` the text beside them is left out, which is faster."""
    with rarely_collecting():
        article = compose(stored)
        embeds = find(_with_frames(article, stored), surroundings=surroundings)
    found = tuple((embed, registry.identify(embed, now)) for embed in embeds.embeds)
    return Scanned(replace(article, payload=b""), found, (*article.doubts, *embeds.doubts))


def _with_frames(article: Article, stored: StoredArticle) -> Article:
    return replace(article, payload=with_addresses(article.payload, stored.frames)) if stored.frames else article


@contextlib.contextmanager
def rarely_collecting() -> Iterator[None]:
    """To look for cycles as often as Python does by itself costs a tenth of the time: a page gives many objects and
    hardly a cycle."""
    usual = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def look_through_all(stored: Sequence[StoredArticle], now: datetime) -> list[Scanned | Unread]:
    """The same of several. Whatever fails in one is told of that one."""
    with rarely_collecting():
        return [_looked_through(each, now) for each in stored]


def _looked_through(stored: StoredArticle, now: datetime) -> Scanned | Unread:
    try:
        return look_through(stored, now)
    except Exception as error:  # a mistake of ours costs one article, not the scan
        return Unread(stored.location, "unparsed", f"could not be looked through: {type(error).__name__}: {error}")
