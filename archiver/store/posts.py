"""Posts: our own numbers, their identities at the platforms, their joining, and the timetable.

`posts`, `identifications` and `aliases` are history; `post_states` is what follows from it and from the verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from archiver.model.post import Post
from archiver.model.verdict import State
from archiver.store import identities
from archiver.store.draft import Draft
from archiver.store.redactions import not_redacted
from archiver.store.tables import post_states, posts
from archiver.store.transaction import Transaction


def find(connection: Connection, platform: str, host: str | None, native_id: str) -> int | None:
    """The post with this identity; None if there is none."""
    where = [post_states.c.platform == platform, post_states.c.native_id == native_id]
    where.append(post_states.c.host.is_(None) if host is None else post_states.c.host == host)
    found = connection.execute(select(post_states.c.post).where(*where, post_states.c.alias_of.is_(None)).limit(1))
    number = found.scalar()
    return None if number is None else int(number)


def by_native_id(connection: Connection, native_id: str) -> list[int]:
    """Posts with this id at whatever platform, old edit ids not counted."""
    rows = connection.execute(select(post_states.c.post).where(post_states.c.native_id == native_id))
    return [int(row.post) for row in rows]


def survivor(connection: Connection, number: int) -> int | None:
    """The post that a number leads to: itself, or the one it was joined into; None for a number never given."""
    row = connection.execute(select(post_states.c.alias_of).where(post_states.c.post == number)).first()
    if row is None:
        return None
    return number if row.alias_of is None else int(row.alias_of)


def load(connection: Connection, numbers: Collection[int]) -> list[Post]:
    """These posts, in the order of their numbers."""
    rows = connection.execute(
        select(post_states, posts.c.found_at)
        .join(posts, posts.c.id == post_states.c.post)
        .where(post_states.c.post.in_(sorted(numbers)))
        .order_by(post_states.c.post)
    )
    return [to_post(row) for row in rows]


class Waiting(NamedTuple):
    """A post on the timetable."""

    number: int
    due_at: datetime
    last_checked_at: datetime | None
    """None if it was never looked at."""


def next_due_at(connection: Connection, platforms: Collection[str], authors: Sequence[str] = ()) -> datetime | None:
    """When the next post is due; None if none ever will be.

    A post of a platform that is not looked at (none of `platforms`) never is, though its time stands on file: the day
    somebody can look at it, it is found.
    """
    where = [post_states.c.alias_of.is_(None), post_states.c.next_check_at.is_not(None), *followed(authors)]
    firsts = []
    for platform in sorted(platforms):
        times = select(post_states.c.next_check_at).where(post_states.c.platform == platform, *where)
        firsts.append(connection.execute(times.order_by(post_states.c.next_check_at).limit(1)).scalar())
    return min((first for first in firsts if first is not None), default=None)


def due(
    connection: Connection, at: datetime, platform: str, *, identified: bool, authors: Sequence[str] = ()
) -> Iterator[Waiting]:
    """The posts whose time to be looked at has come, the longest due first.

    `identified` chooses between posts to look at and posts whose id is still sought. `authors` (handles) limits both.
    """
    yield from _waiting(connection, platform, identified, authors, post_states.c.next_check_at <= at)


def soon_due(
    connection: Connection, after: datetime, until: datetime, platform: str, authors: Sequence[str] = ()
) -> Iterator[Waiting]:
    """The live posts that are due after one time and until another, the first due first; read as far as is asked."""
    in_time = (post_states.c.next_check_at > after, post_states.c.next_check_at <= until)
    yield from _waiting(connection, platform, True, authors, *in_time, post_states.c.state == State.ALIVE)


def _waiting(
    connection: Connection, platform: str, identified: bool, authors: Sequence[str], *where: ColumnElement[bool]
) -> Iterator[Waiting]:
    state = post_states.c
    by_id = state.native_id.is_not(None) if identified else state.native_id.is_(None)
    rows = connection.execute(
        select(state.post, state.next_check_at, state.last_checked_at)
        .where(state.platform == platform, *where, state.alias_of.is_(None), by_id, *followed(authors))
        .order_by(state.next_check_at, state.post)
    )
    with rows:
        for row in rows:
            yield Waiting(row.post, row.next_check_at, row.last_checked_at)


def due_numbers(
    connection: Connection, at: datetime, platform: str, *, identified: bool, authors: Sequence[str] = ()
) -> list[int]:
    """Numbers of the posts that are `due`."""
    return [each.number for each in due(connection, at, platform, identified=identified, authors=authors)]


def not_looked_at(connection: Connection, platforms: Collection[str]) -> dict[str, int]:
    """How many posts there are of platforms other than these, by platform."""
    rows = connection.execute(
        select(post_states.c.platform, func.count())
        .where(post_states.c.alias_of.is_(None), post_states.c.platform.not_in(sorted(platforms)))
        .group_by(post_states.c.platform)
        .order_by(post_states.c.platform)
    )
    return {platform: int(number) for platform, number in rows}


def platforms(connection: Connection) -> set[str]:
    """The platforms of which there are posts."""
    return set(connection.execute(select(post_states.c.platform).distinct()).scalars())


def by_authors(connection: Connection, platform: str, keys: Collection[str]) -> set[int]:
    """Numbers of the posts whose author one of these keys names ("id:…", "handle:NUMBER")."""
    ids = [key.removeprefix("id:") for key in keys if key.startswith("id:")]
    cited = [int(key.removeprefix("handle:")) for key in keys if key.startswith("handle:")]
    # Their platform is compared here: SQLite would take it for the narrower condition, and go through all of its posts.
    rows = connection.execute(
        select(post_states.c.post, post_states.c.platform).where(
            post_states.c.alias_of.is_(None),
            post_states.c.checks > 0,
            or_(post_states.c.author_id.in_(ids), post_states.c.cited_author.in_(cited)),
        )
    )
    return {int(row.post) for row in rows if row.platform == platform}


def make_due(transaction: Transaction, numbers: Collection[int]) -> None:
    """Let these posts be looked at now."""
    transaction.connection.execute(
        update(post_states)
        .where(post_states.c.post.in_(sorted(numbers)), not_redacted())
        .values(next_check_at=transaction.at)
    )


def identify(
    transaction: Transaction, number: int, *, native_id: str, permalink: str, published_at: datetime | None, how: str
) -> int:
    """A post's id was found: append it. Returns the post that it now is (another one, if that has this id already)."""
    connection = transaction.connection
    state = connection.execute(select(post_states).where(post_states.c.post == number)).one()
    other = find(connection, state.platform, state.host, native_id)
    draft = Draft(transaction)
    identities.append(draft, number, state.platform, state.host, native_id, how)
    draft.write()
    if other is not None and other != number:
        identities.join(transaction, number, other)
        return other
    connection.execute(
        update(post_states)
        .where(post_states.c.post == number)
        .values(
            native_id=native_id,
            permalink=permalink,
            published_at=published_at,
            next_check_at=transaction.at,
            checks=0,
            checks_in_state=0,
        )
    )
    return number


def rename(transaction: Transaction, number: int, native_id: str, permalink: str, how: str) -> int:
    """A sighting told the lasting id of a post that was known by another. Returns the post that it now is."""
    connection = transaction.connection
    state = connection.execute(select(post_states).where(post_states.c.post == number)).one()
    if state.native_id == native_id or state.alias_of is not None:
        return number if state.alias_of is None else int(state.alias_of)
    other = find(connection, state.platform, state.host, native_id)
    draft = Draft(transaction)
    identities.append(draft, number, state.platform, state.host, native_id, how)
    draft.write()
    if other is not None:
        identities.join(transaction, number, other)
        return other
    named = {"native_id": native_id, "permalink": permalink}
    connection.execute(update(post_states).where(post_states.c.post == number).values(**named))
    return number


def to_post(row: Any) -> Post:
    """A row of post_states joined with posts.found_at."""
    return Post(
        number=row.post,
        platform=row.platform,
        host=row.host,
        native_id=row.native_id,
        author_handle=row.author_handle,
        author_name=row.author_name,
        author_id=row.author_id,
        published_on=row.published_on,
        published_at=row.published_at,
        id_window=(row.id_low, row.id_high) if row.id_low else None,
        short_links=tuple(row.short_links or ()),
        edit_chain=tuple(row.edit_chain or ()),
        found_at=row.found_at,
        permalink=row.permalink,
        doubts=tuple(row.doubts or ()),
        cited_handle=row.cited_handle,
        cited_author=row.cited_author,
    )


def followed(authors: Sequence[str]) -> list[ColumnElement[bool]]:
    """The condition that a post's author is among those to follow ("handle", "platform:handle"); none for everyone."""
    if not authors:
        return []
    return [or_(*(_is_by(*author.lower().rpartition(":")[::2]) for author in authors))]


def _is_by(platform: str, handle: str) -> ColumnElement[bool]:
    named = or_(func.lower(post_states.c.author_handle) == handle, func.lower(post_states.c.cited_handle) == handle)
    return and_(named, post_states.c.platform == platform) if platform else named
