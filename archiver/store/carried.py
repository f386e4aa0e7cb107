"""What a bag carries: the posts that pass a filter, and every look that speaks for or against their verdicts.

Without a filter that is the whole archive. With one it is still every look at these posts and at their authors'
accounts, everything that a verdict of theirs rests on, whatever a look was read from, and all controls of those looks'
batches: nothing that was seen of a post can be left out of its bag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, select

from archiver.model.listing import PostFilter
from archiver.model.observation import SubjectKind
from archiver.store import listing
from archiver.store.columns import portions
from archiver.store.numbers import Numbers
from archiver.store.tables import observations, post_states, verdicts

PAGE = 400


@dataclass(slots=True)
class Carried:
    """Numbers of rows."""

    posts: Numbers = field(default_factory=Numbers)
    """Posts that pass the filter, under the number that others were joined into."""
    observations: Numbers = field(default_factory=Numbers)
    batches: Numbers = field(default_factory=Numbers)


def carried(connection: Connection, wanted: PostFilter) -> Carried:
    """What passes the filter, with all that it brings along."""
    found = Carried()
    found.posts.update(listing.numbers(connection, wanted))
    if wanted == PostFilter():
        for number, batch in connection.execute(select(observations.c.id, observations.c.batch)):
            found.observations.add(number)
            found.batches.add(batch)
        return found
    fresh: list[int] = []
    for part in found.posts.portions(PAGE):
        fresh += [each for each in _about(connection, part) if found.observations.add(each)]
    # A control, or what a look was read from, brings its own batch with its own controls.
    while fresh:
        fresh = [each for each in _along(connection, fresh, found) if found.observations.add(each)]
    return found


def names_of(connection: Connection, post_numbers: Collection[int]) -> dict[int, list[int]]:
    """All numbers of each of these posts: its own, then those that were joined into it."""
    names = {number: [number] for number in post_numbers}
    for part in portions(post_numbers):
        rows = connection.execute(
            select(post_states.c.post, post_states.c.alias_of)
            .where(post_states.c.alias_of.in_(part))
            .order_by(post_states.c.post)
        )
        for joined, into in rows:
            names[into].append(joined)
    return names


def author_keys(connection: Connection, post_numbers: Collection[int]) -> dict[int, list[str]]:
    """Under which keys looks at the author of each of these posts stand in `observations`: see `author_key`."""
    keys: dict[int, list[str]] = {}
    for part in portions(post_numbers):
        rows = connection.execute(
            select(post_states.c.post, post_states.c.author_id, post_states.c.cited_author).where(
                post_states.c.post.in_(part)
            )
        )
        for post, author_id, cited in rows:
            named = [f"id:{author_id}"] if author_id else []
            keys[post] = named + ([f"handle:{cited}"] if cited else [])
    return keys


def _about(connection: Connection, post_numbers: Collection[int]) -> Iterable[int]:
    """Looks at posts and their authors, and what verdicts on them rest on."""
    names = [name for each in names_of(connection, post_numbers).values() for name in each]
    keys = {key for each in author_keys(connection, names).values() for key in each}
    for kind, subjects in ((SubjectKind.POST, map(str, names)), (SubjectKind.AUTHOR, sorted(keys))):
        for part in portions(subjects):
            looked = and_(observations.c.subject_kind == kind, observations.c.subject_key.in_(part))
            yield from connection.execute(select(observations.c.id).where(looked)).scalars()
    for part in portions(names):
        for rests_on in connection.execute(select(verdicts.c.rests_on).where(verdicts.c.post.in_(part))).scalars():
            yield from rests_on


def _along(connection: Connection, numbers: Collection[int], found: Carried) -> Iterable[int]:
    """What these looks were read from, and the controls of their batches."""
    fresh: list[int] = []
    for part in portions(numbers):
        rows = connection.execute(select(observations.c.batch, observations.c.basis).where(observations.c.id.in_(part)))
        for batch, basis in rows:
            if found.batches.add(batch):
                fresh.append(batch)
            if basis is not None:
                yield basis
    for part in portions(fresh):
        controls = and_(observations.c.batch.in_(part), observations.c.subject_kind == SubjectKind.CONTROL)
        yield from connection.execute(select(observations.c.id).where(controls)).scalars()
