"""What a retention policy may take: answers that nothing rests upon, and words by the endpoint they came through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from archiver.model.outcome import Outcome
from archiver.model.verdict import State
from archiver.store.columns import portions
from archiver.store.contents import REMOVED
from archiver.store.tables import contents, exchanges, media, observations, post_states, snapshots, verdicts

PUBLIC_NO_MORE = (
    State.DELETED,
    State.GONE_BEFORE_FIRST_LOOK,
    State.GONE_UNATTRIBUTED,
    State.ACCOUNT_GONE,
    State.ACCOUNT_SUSPENDED,
    State.PROTECTED,
)
"""States of a post whose author, or whose platform, has withdrawn it from the public."""


def thinnable(connection: Connection, before: datetime, held: Collection[int]) -> Iterator[int]:
    """The payloads of looks received before then that showed a living post or control, and upon which nothing rests.

    Kept are the first sighting of a post, the newest on each endpoint, the one that brought a snapshot, those that
    verdicts name with all of their batches, and those that other looks were read from. A payload that several looks
    share goes only if each of them can spare it.
    """
    needed, batches = _needed(connection)
    rows = connection.execute(
        select(
            exchanges.c.payload,
            observations.c.id,
            observations.c.batch,
            observations.c.outcome,
            observations.c.subject_kind,
            observations.c.subject_key,
            observations.c.received_at,
        )
        .join(observations, observations.c.id == exchanges.c.observation)
        .join(contents, contents.c.id == exchanges.c.payload)
        .where(contents.c.codec != REMOVED)
        .order_by(exchanges.c.payload),
        execution_options={"yield_per": 5000},
    )
    kept = {str(number) for number in held}

    def can_be_spared(row: Any) -> bool:
        return (
            row.outcome == Outcome.PRESENT
            and row.received_at < before
            and row.id not in needed
            and row.batch not in batches
            and not (row.subject_kind == "post" and row.subject_key in kept)
        )

    for payload, looks in groupby(rows, key=lambda row: row.payload):
        if all(can_be_spared(row) for row in looks):
            yield payload


def _needed(connection: Connection) -> tuple[set[int], set[int]]:
    """Numbers of the observations that something rests upon, and of the batches of those that carry a verdict."""
    look = observations.c
    present = (look.outcome == Outcome.PRESENT, look.subject_kind == "post")
    queries = (
        select(func.min(look.id)).where(*present).group_by(look.subject_key),
        select(func.max(look.id)).where(*present).group_by(look.subject_key, look.endpoint),
        select(func.min(look.id)).where(look.snapshot.is_not(None)).group_by(look.snapshot),
        select(look.basis).where(look.basis.is_not(None)).distinct(),
    )
    needed = {number for query in queries for number in connection.execute(query).scalars()}
    carrying = set(_carrying(connection))
    batches: set[int] = set()
    numbers = sorted(carrying)
    for start in range(0, len(numbers), 1000):
        named = select(look.batch).where(look.id.in_(numbers[start : start + 1000]))
        batches |= set(connection.execute(named).scalars())
    return needed | carrying, batches


def _carrying(connection: Connection) -> Iterator[int]:
    """The observations that verdicts name, in their grounds or at an end of an interval."""
    for row in connection.execute(select(verdicts.c.rests_on, verdicts.c.verdict)):
        yield from row.rests_on
        episodes = row.verdict.get("episodes", ())
        yield from (each["ended_by"] for each in episodes)
        for interval in (row.verdict.get("interval"), *(each["interval"] for each in episodes)):
            ends = (interval or {}).get("left_observation"), (interval or {}).get("right_observation")
            yield from (end for end in ends if end is not None)


def obtained(
    connection: Connection, endpoint: str, *, withdrawn: bool, before: datetime | None, held: Collection[int]
) -> dict[int, set[int]]:
    """By post, the contents with words obtained through an endpoint: of posts withdrawn from the public, or of all, and
    received before a time, or ever."""
    found: dict[int, set[int]] = {}
    for source in (_snapshots, _pictures, _answers):
        for post, content in source(connection, endpoint, before):
            found.setdefault(post, set()).add(content)
    if withdrawn:
        states = connection.execute(select(post_states.c.post).where(post_states.c.state.in_(PUBLIC_NO_MORE)))
        gone = set(states.scalars())
        found = {post: each for post, each in found.items() if post in gone}
    found = {post: each for post, each in found.items() if post not in held}
    kept = _pictures_of_others(connection, found)
    return {post: each - kept for post, each in found.items() if each - kept}


def _pictures_of_others(connection: Connection, found: Mapping[int, Collection[int]]) -> set[int]:
    """Of these contents, by post, those that are a picture of another post too, from which it is not to be taken."""
    kept: set[int] = set()
    for column in (media.c.content, media.c.payload):
        for part in portions({content for each in found.values() for content in each}):
            rows = connection.execute(select(column, media.c.post).where(column.in_(part)))
            kept |= {content for content, post in rows if content not in found.get(post, ())}
    return kept


def _snapshots(connection: Connection, endpoint: str, before: datetime | None) -> Iterator[tuple[int, int]]:
    query = (
        select(snapshots.c.post, snapshots.c.content)
        .join(contents, contents.c.id == snapshots.c.content)
        .where(snapshots.c.endpoint == endpoint, contents.c.codec != REMOVED)
    )
    yield from (tuple(row) for row in connection.execute(_earlier(query, snapshots.c.taken_at, before)))


def _pictures(connection: Connection, endpoint: str, before: datetime | None) -> Iterator[tuple[int, int]]:
    """Of snapshots that came through the endpoint: wherever a picture lies, that endpoint told us of it."""
    for column in (media.c.content, media.c.payload):
        query = (
            select(media.c.post, column)
            .join(snapshots, snapshots.c.id == media.c.snapshot)
            .join(contents, contents.c.id == column)
            .where(snapshots.c.endpoint == endpoint, contents.c.codec != REMOVED)
        )
        yield from (tuple(row) for row in connection.execute(_earlier(query, media.c.received_at, before)))


def _answers(connection: Connection, endpoint: str, before: datetime | None) -> Iterator[tuple[int, int]]:
    look = observations.c
    query = (
        select(look.subject_key, exchanges.c.payload)
        .join(exchanges, exchanges.c.observation == look.id)
        .join(contents, contents.c.id == exchanges.c.payload)
        .where(
            look.endpoint == endpoint,
            look.subject_kind == "post",
            look.outcome == Outcome.PRESENT,
            contents.c.codec != REMOVED,
        )
        .distinct()
    )
    for key, payload in connection.execute(_earlier(query, look.received_at, before)):
        yield int(key), payload


def _earlier(query: Any, column: Any, before: datetime | None) -> Any:
    return query if before is None else query.where(column < before)
