"""Redactions: posts whose words we removed, by whose order; and what of the archive holds their words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, exists, func, or_, select, update

from archiver import digest
from archiver.model.redaction import Redaction
from archiver.store import contents
from archiver.store import tables as t
from archiver.store.columns import add_row, portions
from archiver.store.removals import forget_words, remove
from archiver.store.tables import post_states
from archiver.store.transaction import Transaction

NEVER_KEPT: dict[str, Any] = {
    "permalink": None,
    "author_handle": None,
    "author_name": None,
    "cited_handle": None,
    "short_links": [],
    "next_check_at": None,
}
"""What a redacted post's state no longer tells. Its number, platform and id stay: they say which post was redacted."""


@dataclass(frozen=True, slots=True)
class RedactedKey:
    """By what a redacted post without an id is known again: its provisional key under a nonce, which tells no name."""

    post: int
    nonce: bytes
    keyed: str

    def fits(self, key: bytes) -> bool:
        """Whether this is the provisional key of that post."""
        return digest.commitment(self.nonce, key) == self.keyed


def posts(connection: Connection) -> frozenset[int]:
    """The numbers of all redacted posts, those joined into them too."""
    return frozenset(connection.execute(select(t.redactions.c.post)).scalars())


def keys(connection: Connection) -> tuple[RedactedKey, ...]:
    """The keys of those without an id."""
    return tuple(RedactedKey(*row) for row in connection.execute(select(t.redacted_keys)))


def listed(connection: Connection) -> list[Redaction]:
    """Every redaction, oldest first."""
    rows = connection.execute(select(t.redactions).order_by(t.redactions.c.id)).all()
    words = contents.get_json(connection, [row.words for row in rows])
    return [
        Redaction(
            row.id,
            row.post,
            row.reason,
            words.get(row.words, {}).get("authority", ""),
            words.get(row.words, {}).get("by", ""),
            row.redacted_at,
            row.ledger,
        )
        for row in rows
    ]


def not_redacted() -> ColumnElement[bool]:
    """The condition that a post may be looked at and kept."""
    return ~exists().where(t.redactions.c.post == post_states.c.post)


def numbers_of(connection: Connection, post: int) -> list[int]:
    """A post's number and those that were joined into it."""
    rows = connection.execute(select(post_states.c.post).where(post_states.c.alias_of == post)).scalars()
    return sorted({post, *rows})


def contents_of(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """The contents that hold what these posts said, and what was asked and answered of them."""
    looks = _looks(connection, numbers)
    of_looks = select(t.observations.c.id).where(looks)
    shown = t.embeds.c.post.in_(numbers)
    queries = (
        select(t.observations.c.remark).where(looks),
        *(select(column).where(t.exchanges.c.observation.in_(of_looks)) for column in _SAID),
        select(t.snapshots.c.content).where(t.snapshots.c.post.in_(numbers)),
        select(t.captures.c.address).where(t.captures.c.post.in_(numbers)),
        *(select(column).where(t.media.c.post.in_(numbers)) for column in _PICTURED),
        select(t.embeds.c.words).where(shown),
        select(t.embeds.c.context).where(shown),
        select(t.quotation_cuts.c.content).join(t.embeds, t.embeds.c.id == t.quotation_cuts.c.embed).where(shown),
        select(t.posts.c.provisional).where(t.posts.c.id.in_(numbers)),
    )
    found = {number for query in queries for number in connection.execute(query).scalars() if number is not None}
    return found | _lone_handles(connection, numbers)


def _looks(connection: Connection, numbers: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a look is at one of these posts, or at an author of whom the archive holds no other post."""
    named = [str(number) for number in numbers]
    return or_(
        and_(t.observations.c.subject_kind == "post", t.observations.c.subject_key.in_(named)),
        and_(
            t.observations.c.subject_kind == "author",
            t.observations.c.subject_key.in_(_lone_authors(connection, numbers)),
        ),
    )


_SAID = (t.exchanges.c.request, t.exchanges.c.response, t.exchanges.c.payload)
_PICTURED = (t.media.c.address, t.media.c.content, t.media.c.request, t.media.c.response, t.media.c.payload)


def _lone_authors(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Keys of the authors of these posts of whom the archive holds no other post: looks at them are about these."""
    mine = post_states.alias("mine")
    keys = []
    for column, other, name in (
        (mine.c.author_id, post_states.c.author_id, "id"),
        (mine.c.cited_author, post_states.c.cited_author, "handle"),
    ):
        shared = exists().where(other == column, post_states.c.post.not_in(numbers))
        rows = connection.execute(select(column).where(mine.c.post.in_(numbers), column.is_not(None), ~shared))
        keys += [f"{name}:{key}" for key in rows.scalars()]
    return keys


def _lone_handles(connection: Connection, numbers: Sequence[int]) -> set[int]:
    return {int(key.partition(":")[2]) for key in _lone_authors(connection, numbers) if key.startswith("handle:")}


def words_of_others(connection: Connection, content_ids: Collection[int], numbers: Sequence[int]) -> dict[int, int]:
    """Of these contents, those that are another post's own words (its snapshot, capture, embed or cut): whose."""
    found: dict[int, int] = {}
    for part in portions(content_ids):
        for query in (
            select(t.snapshots.c.content, t.snapshots.c.post).where(t.snapshots.c.content.in_(part)),
            select(t.embeds.c.words, t.embeds.c.post).where(t.embeds.c.words.in_(part)),
            select(t.quotation_cuts.c.content, t.embeds.c.post)
            .join(t.embeds, t.embeds.c.id == t.quotation_cuts.c.embed)
            .where(t.quotation_cuts.c.content.in_(part)),
        ):
            rows = connection.execute(query).all()
            found |= {row[0]: row[1] for row in rows if row[1] is not None and row[1] not in numbers}
    return found


def titles(connection: Connection, content_ids: Collection[int]) -> set[int]:
    """Of these contents, those that are what an article says of itself."""
    return {
        number
        for part in portions(content_ids)
        for number in connection.execute(
            select(t.article_versions.c.content).where(t.article_versions.c.content.in_(part))
        ).scalars()
    }


def shared(connection: Connection, content_ids: Collection[int], numbers: Sequence[int]) -> dict[int, set[int]]:
    """Of these contents, those that serve others as well, each with the posts that they serve.

    "Not found" is one content for all posts that were answered so: it goes only if it holds somebody's words. A look
    at an author or a control, and an embed of no known post, are named as post 0.
    """
    found: dict[int, set[int]] = {}
    looks, own = t.observations, _looks(connection, numbers)
    names = case((looks.c.subject_kind == "post", cast(looks.c.subject_key, Integer)), else_=0)
    said = (select(column, names).join(looks, looks.c.id == t.exchanges.c.observation).where(~own) for column in _SAID)
    printed = (select(column, func.coalesce(t.embeds.c.post, 0)) for column in (t.embeds.c.words, t.embeds.c.context))
    taken = select(t.snapshots.c.content, t.snapshots.c.post)
    pictured = (select(column, t.media.c.post) for column in _PICTURED)
    for query in (*said, *printed, *pictured, taken, select(looks.c.remark, names).where(~own)):
        column = query.selected_columns[0]
        for part in portions(content_ids):
            for content, post in connection.execute(query.where(column.in_(part))):
                if post not in numbers:
                    found.setdefault(content, set()).add(post)
    return found


def append(
    transaction: Transaction,
    numbers: Sequence[int],
    content_ids: Collection[int],
    reason: str,
    authority: str,
    by: str,
) -> int:
    """Redact these posts (one, and what was joined into it): their contents, words to search by and names.

    Returns how many bytes went.
    """
    connection = transaction.connection
    words = contents.put_json(connection, {"authority": authority, "by": by})
    _remember_keys(connection, numbers)
    number = 0
    for post in numbers:
        line = transaction.ledger.next_number
        fields = {"reason": reason, "words": words.id, "redacted_at": transaction.at, "run": transaction.run}
        number = add_row(connection, t.redactions, post=post, ledger=line, **fields)
        transaction.ledger.append(
            "redacted", transaction.at, redaction=number, post=post, reason=reason, words=words.commitment,
            run=transaction.run,
        )  # fmt: skip
    gone = remove(transaction, set(content_ids) - {words.id}, "redaction", redaction=number, reason=reason)
    connection.execute(update(post_states).where(post_states.c.post.in_(numbers)).values(**NEVER_KEPT))
    forget_words(connection, numbers)
    return gone


def _remember_keys(connection: Connection, numbers: Sequence[int]) -> None:
    rows = connection.execute(select(t.posts.c.id, t.posts.c.provisional).where(t.posts.c.id.in_(numbers))).all()
    for row in rows:
        key = None if row.provisional is None else contents.get(connection, row.provisional)
        if key is not None:
            nonce = digest.nonce()
            add_row(connection, t.redacted_keys, post=row.id, nonce=nonce, keyed=digest.commitment(nonce, key))
