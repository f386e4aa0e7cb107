"""Posts as they are listed: what is on file of their state, with their words and whose words these are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from archiver.model.capture import StoredCapture
from archiver.model.embed import Link
from archiver.model.listing import PostListing
from archiver.model.verdict import State
from archiver.store import captures, contents, incidents, redactions
from archiver.store.tables import embeds, post_states, snapshots

# A post that was joined into another is listed under that one: an embed keeps the number it was stored with.
SHOWN = func.coalesce(post_states.c.alias_of, post_states.c.post)


def shows(numbers: Sequence[int]) -> ColumnElement[bool]:
    """Whether an embed shows one of these posts, itself or as one that was joined into it.

    The same as `SHOWN.in_(numbers)`, for which SQLite would go through all embeds of the archive.
    """
    state = post_states.c
    own = select(state.post).where(state.post.in_(numbers), state.alias_of.is_(None))
    return embeds.c.post.in_(own.union_all(select(state.post).where(state.alias_of.in_(numbers))))


_AS_ON_FILE = (
    *("platform", "host", "native_id", "permalink", "author_handle", "author_name", "author_id"),
    *("published_on", "published_at", "decided_at", "grade", "first_seen_at", "last_seen_at"),
    *("last_checked_at", "last_reason", "last_host", "next_check_at", "checks"),
)
"""Columns that a listing has under the same name."""


def listed(connection: Connection, rows: Sequence[Any]) -> Iterator[PostListing]:
    """Rows of post_states as posts are listed: with their words, and how many articles show them."""
    numbers = [row.post for row in rows]
    quoted, cited = _quotations(connection, numbers)
    held = captures.of_posts(connection, numbers)
    waiting = incidents.held_by(connection, numbers)
    said = {post: ("article", words) for post, words in quoted.items()} | _captured_words(connection, held)
    said |= _snapshot_said(connection, rows)
    doubts = _doubts(connection, rows)
    for row in rows:
        origin, words = said.get(row.post, (None, {}))
        held_by, held_in = waiting.get(row.post, (None, None))
        yield PostListing(
            **{name: getattr(row, name) for name in _AS_ON_FILE},
            number=row.post,
            state=State(row.state),
            flags=tuple(row.flags),
            gone_after=row.interval_left,
            gone_by=row.interval_right,
            text=words.get("quotation" if origin == "article" else "text"),
            text_from=origin,
            links=_links(words.get("links", ())),
            articles=cited.get(row.post, 0),
            short_links=tuple(row.short_links or ()),
            doubts=doubts[row.post],
            captures=tuple(held.get(row.post, ())),
            held_by=held_by,
            held_in=held_in,
        )


def _doubts(connection: Connection, rows: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    redacted = redactions.posts(connection)
    return {row.post: (*(row.doubts or ()), *(("redacted",) if row.post in redacted else ())) for row in rows}


def _links(links: Collection[dict[str, str]]) -> tuple[Link, ...]:
    """Where each link leads, as far as is known, and what stands in the text."""
    return tuple(Link(link.get("expanded") or link["url"], link.get("text") or link["url"]) for link in links)


def _snapshot_said(connection: Connection, rows: Sequence[Any]) -> dict[int, tuple[str, dict[str, Any]]]:
    own = _snapshot_words(connection, [row.snapshot for row in rows if row.snapshot is not None])
    return {row.post: ("snapshot", own[row.snapshot]) for row in rows if row.snapshot in own}


def _snapshot_words(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(snapshots.c.id, snapshots.c.content).where(snapshots.c.id.in_(numbers))).all()
    words = contents.get_json(connection, [row.content for row in rows])
    return {row.id: words[row.content] for row in rows if row.content in words}


def _captured_words(
    connection: Connection, held: Mapping[int, Sequence[StoredCapture]]
) -> dict[int, tuple[str, dict[str, Any]]]:
    """By post, the words of the newest capture that has them uncut, else of the newest, and whose capture it is."""
    words = _snapshot_words(connection, [each.snapshot for kept in held.values() for each in kept])
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    for post, kept in held.items():
        for each in sorted(
            kept, key=lambda each: (not words.get(each.snapshot, {}).get("truncated"), each.captured_at)
        ):
            if each.snapshot in words:
                found[post] = (each.provenance, words[each.snapshot])
    return found


def _quotations(connection: Connection, numbers: Sequence[int]) -> tuple[dict[int, dict[str, Any]], dict[int, int]]:
    """The first quotation of each post, and how many articles show it."""
    rows = connection.execute(
        select(SHOWN.label("shown"), embeds.c.words, embeds.c.article)
        .join(post_states, post_states.c.post == embeds.c.post)
        .where(shows(numbers))
        .order_by(embeds.c.id)
    ).all()
    words = contents.get_json(connection, [row.words for row in rows])
    quoted: dict[int, dict[str, Any]] = {}
    cited: dict[int, set[int]] = {}
    for row in rows:
        cited.setdefault(row.shown, set()).add(row.article)
        if row.shown not in quoted and words.get(row.words, {}).get("quotation"):
            quoted[row.shown] = words[row.words]
    return quoted, {number: len(each) for number, each in cited.items()}
