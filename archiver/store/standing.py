"""The embeds that stand in articles: which stay, which are new, which are closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, select

from archiver.model.embed import Embed, Identification
from archiver.store.columns import portions
from archiver.store.draft import Draft
from archiver.store.settling import Settling
from archiver.store.tables import contents, embed_closings, embeds, post_states

Found = Sequence[tuple[Embed, Identification | None]]


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """An embed that stands in an article; they sort as they stood there when they were found."""

    position: int
    number: int
    shows: tuple[int | None, str | None] = field(compare=False)
    """The post, or the one that it was joined into, and the digest of the printed words; None once those are gone."""


def in_articles(connection: Connection, articles: Collection[int]) -> dict[int, list[Standing]]:
    """The embeds that stand in these articles, by article, in order."""
    found: dict[int, list[Standing]] = {}
    for part in portions(articles):
        rows = connection.execute(
            select(
                embeds.c.article,
                embeds.c.position,
                embeds.c.id,
                func.coalesce(post_states.c.alias_of, post_states.c.post),
                contents.c.digest,
            )
            .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
            .outerjoin(post_states, post_states.c.post == embeds.c.post)
            .outerjoin(contents, contents.c.id == embeds.c.words)
            .where(embeds.c.article.in_(part), embed_closings.c.embed.is_(None))
        )
        for article, position, number, post, words in rows:
            found.setdefault(article, []).append(Standing(position, number, (post, words or None)))
    return {article: sorted(standing) for article, standing in found.items()}


class Settled:
    """What becomes of the embeds of a chunk's articles, and of the posts that they show."""

    def __init__(self, draft: Draft, settling: Settling) -> None:
        self._draft = draft
        self._settling = settling
        self.spoken: list[tuple[int, str, str]] = []
        """What is to be found by words: (post, kind, words)."""

    def settle(self, article: int, version: int, standing: Sequence[Standing], found: Found) -> list[Standing]:
        """Close what no longer stands in the article, add what is new, leave alone what stayed, wherever it moved to.

        Returns what stands there now.
        """
        left: dict[tuple[int | None, str | None], list[Standing]] = {}
        for each in standing:
            left.setdefault(self._shows(*each.shows), []).append(each)
        now = []
        for embed, post, platform in self._as_kept(found):
            words = self._draft.keep_json(embed_words(embed))
            same = left.get(self._shows(post, words))
            if same:
                now.append(same.pop(0))
            else:
                number = self._append((article, version, post), embed, platform, words)
                now.append(Standing(embed.position, number, (post, words)))
        for gone in left.values():
            for each in gone:
                close(self._draft, each.number, "not_in_article")
        return sorted(now)

    def _as_kept(self, found: Found) -> Iterator[tuple[Embed, int | None, str | None]]:
        """Each embed, as far as we may keep it, with its post: a redaction holds for what articles print later, too."""
        posts = [self._settling.settle(named, embed) if named else None for embed, named in found]
        hushed = not self._settling.redacted.isdisjoint(posts)
        for (embed, named), post in zip(found, posts, strict=True):
            platform = named.platform if named else None
            if post in self._settling.redacted:
                yield without_words(embed), post, platform
            else:
                # What stands around another embed of the article may be the redacted post's words.
                yield replace(embed, before="", after="") if hushed else embed, post, platform

    def _shows(self, post: int | None, words: str | None) -> tuple[int | None, str | None]:
        return (post, None if post in self._settling.redacted else words)

    def _append(self, place: tuple[int, int, int | None], embed: Embed, platform: str | None, words: str) -> int:
        draft, (article, version, post) = self._draft, place
        named = {"article": article, "version": version, "post": post, "words": words}
        named["context"] = draft.keep_json({"before": embed.before, "after": embed.after})
        printed = {
            "position": embed.position,
            "form": embed.form,
            "platform": platform,
            "hint": embed.hint,
            "published_on": embed.published_on,
        }
        found = {"found_at": draft.transaction.at, "run": draft.transaction.run}
        number = draft.add(embeds, named | printed | found)
        draft.line("embed", embed=number, **named)
        if post is not None and embed.quotation:
            self.spoken.append((post, "quotation", f"{embed.quotation}\n{embed.author_name or ''}"))
        return number


def close(draft: Draft, embed: int, reason: str) -> None:
    """An embed no longer stands in its article."""
    ended = {"closed_at": draft.transaction.at, "run": draft.transaction.run}
    draft.add(embed_closings, {"embed": embed, "reason": reason} | ended)
    draft.line("embed_closed", embed=embed, reason=reason)


def without_words(embed: Embed) -> Embed:
    """The place alone: nothing of what it prints or stands among."""
    return Embed(form=embed.form, position=embed.position, hint=embed.hint, published_on=embed.published_on)


def embed_words(embed: Embed) -> dict[str, Any]:
    """What the article prints of a post: it tells the embed from others of the same article.

    "cut" and "confidence" stand in it only where there is a cut, so that the words of all others stay as they were.
    """
    words: dict[str, Any] = {
        "quotation": embed.quotation,
        "author_handle": embed.author_handle,
        "author_name": embed.author_name,
        "language": embed.language,
        "links": [{"url": link.url, "text": link.text} for link in embed.links],
        "address": embed.address,
        "native_id": embed.native_id,
        "also": list(embed.also),
    }
    cut = {"cut": embed.cut, "confidence": embed.confidence}
    return words | {name: part for name, part in cut.items() if part is not None}
