"""Observations with their exchanges and snapshots: appending a closed batch, and reading looks back for `judge`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from archiver.model.observation import Batch, Look, Observation, Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import Post
from archiver.store import exchanges, identities, look_rows, snapshots
from archiver.store.columns import add_row, portions
from archiver.store.draft import Draft
from archiver.store.exchanges import microseconds
from archiver.store.rows import add_rows
from archiver.store.tables import batch_classes, batches, observations, rounds
from archiver.store.transaction import Transaction


def open_round(transaction: Transaction, platform: str) -> int:
    """Number a new round of looks."""
    return add_row(transaction.connection, rounds, run=transaction.run, platform=platform, started_at=transaction.at)


def last_round(connection: Connection) -> int:
    """The number of the newest round; 0 before the first."""
    return int(connection.execute(select(func.max(rounds.c.id))).scalar() or 0)


def append(transaction: Transaction, batch: Batch) -> tuple[int, tuple[tuple[int, Look, int | None], ...]]:
    """Store a closed batch with all it showed. Who appends looks that tell something judges their posts again.

    Returns its number, and for each look its observation's number and its snapshot's (None without one).
    """
    number = _append_batch(transaction, batch)
    return number, _append_looks(transaction, batch, number, batch.looks)


def for_posts(connection: Connection, posts: Iterable[Post]) -> dict[int, list[Observation]]:
    """All that `judge` reads, by post number: the looks at the post and at its author."""
    loaded = list(posts)
    wanted = {post.number: {("", "post", str(post.number)), *_author_subjects(post)} for post in loaded}
    keys = sorted({key for group in wanted.values() for key in group})
    by_subject: dict[tuple[str, str, str], list[Observation]] = {key: [] for key in keys}
    for kind in ("post", "author"):
        for part in portions(dict.fromkeys(key for _, each, key in keys if each == kind)):
            subject = (observations.c.subject_kind == kind, observations.c.subject_key.in_(part))
            for row in connection.execute(_joined().where(*subject).order_by(observations.c.id)):
                # Accounts of different platforms may have the same id.
                subject_key = (row.platform if kind == "author" else "", kind, row.subject_key)
                if subject_key in by_subject:
                    by_subject[subject_key].append(to_observation(row))
    _add_classes(connection, by_subject.values())
    _name_as_now(connection, loaded, by_subject)
    return {
        number: _since_first_look([each for key in sorted(group) for each in by_subject[key]])
        for number, group in wanted.items()
    }


def sighted(connection: Connection, round: int, posts: Iterable[int]) -> set[int]:
    """Which of these posts were validly seen in that round, on whatever endpoint."""
    found: set[int] = set()
    for part in portions(str(each) for each in posts):
        seen = (
            select(observations.c.subject_key)
            .join(batches, batches.c.id == observations.c.batch)
            .where(
                observations.c.round == round,
                observations.c.subject_kind == SubjectKind.POST,
                observations.c.subject_key.in_(part),
                observations.c.outcome == Outcome.PRESENT,
                batches.c.valid,
            )
        )
        found |= {int(key) for key in connection.execute(seen).scalars()}
    return found


def append_again(
    transaction: Transaction, old: Observation, basis: int, reading: Reading, batch: Batch
) -> tuple[Look, int | None]:
    """Store another reading of an answer that is kept, beside the old one: a look of the same batch and times.

    `batch` names adapter and version; its own looks are not read. Returns the look and its snapshot's number.
    """
    look = Look(
        old.subject_kind, old.subject_key, old.native_id, old.attempt, reading, (), old.sent_at, old.received_at,
        old.sent_monotonic, old.received_monotonic, basis,
    )  # fmt: skip
    ((_, look, snapshot),) = _append_looks(transaction, batch, old.batch, [look])
    return look, snapshot


def _name_as_now(
    connection: Connection, posts: Collection[Post], by_subject: dict[tuple[str, str, str], list[Observation]]
) -> None:
    """Looks at a post by an id that was found to stand for another one are looks at that."""
    former = identities.former_ids(connection, [post.number for post in posts])
    for post in posts:
        if post.number in former:
            looks = by_subject["", "post", str(post.number)]
            names = former[post.number]
            looks[:] = [replace(k, native_id=post.native_id) if k.native_id in names else k for k in looks]


def _add_classes(connection: Connection, looks: Iterable[list[Observation]]) -> None:
    """Which restricted posts' controls were alive in the batches of these looks; most archives have none."""
    lists = list(looks)
    if connection.execute(select(batch_classes.c.batch).limit(1)).first() is None:
        return
    alive: dict[int, list[str]] = {}
    for part in portions({look.batch for each in lists for look in each}):
        for row in connection.execute(select(batch_classes).where(batch_classes.c.batch.in_(part))):
            alive.setdefault(row.batch, []).append(row.outcome)
    for each in lists:
        each[:] = [replace(k, classes=tuple(sorted(alive[k.batch]))) if k.batch in alive else k for k in each]


def author_key(post: Post) -> str:
    """Names the author in looks: by id once seen, until then by handle."""
    if post.author_id:
        return f"id:{post.author_id}"
    return f"handle:{post.cited_author}"


def _since_first_look(looks: list[Observation]) -> list[Observation]:
    """What was seen of the author before the post itself was first asked for says nothing about the post.

    Without this a post would take a verdict from looks made for others, before it was ever looked at.
    """
    own = [look.closed_at for look in looks if look.subject_kind is SubjectKind.POST and look.native_id]
    first = min(own, default=None)
    return [look for look in looks if look.subject_kind is SubjectKind.POST or (first and look.closed_at >= first)]


def _author_subjects(post: Post) -> set[tuple[str, str, str]]:
    """The author under both names: what was seen by handle before the id was known still counts for that time."""
    keys = {f"id:{post.author_id}"} if post.author_id else set()
    if post.cited_author:
        keys.add(f"handle:{post.cited_author}")
    return {(post.platform, "author", key) for key in keys}


def to_observation(row: Row[Any]) -> Observation:
    """A row of observations joined with its batch."""
    return Observation(
        id=row.id,
        round=row.round,
        batch=row.batch,
        subject_kind=SubjectKind(row.subject_kind),
        subject_key=row.subject_key,
        endpoint=row.endpoint,
        attempt=row.attempt,
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        strength=Strength(row.strength) if row.strength else None,
        valid=row.valid,
        controlled=row.controlled,
        sent_at=row.sent_at,
        received_at=row.received_at,
        closed_at=row.closed_at,
        boot_id=row.boot_id,
        sent_monotonic=row.sent_monotonic / 1e6,
        received_monotonic=row.received_monotonic / 1e6,
        age_seconds=row.age_seconds,
        native_id=row.native_id,
        author_id=row.author_id,
        edit_chain=tuple(row.edit_chain or ()),
    )


def as_stored(number: int, batch_number: int, batch: Batch, look: Look) -> Observation:
    """A look that was just appended, as `judge` reads it."""
    reading = look.reading
    return Observation(
        number, batch.round, batch_number, look.subject_kind, look.subject_key, batch.endpoint, look.attempt,
        reading.outcome, reading.reason, reading.strength, batch.valid, batch.controlled, look.sent_at,
        look.received_at, batch.closed_at, batch.boot_id, look.sent_monotonic, look.received_monotonic,
        reading.age_seconds, look.native_id, reading.author_id, reading.edit_chain, batch.classes,
    )  # fmt: skip


def _joined() -> Any:
    told = (batches.c.platform, batches.c.valid, batches.c.controlled, batches.c.closed_at)
    return select(observations, *told).join(batches, batches.c.id == observations.c.batch)


def _append_batch(transaction: Transaction, batch: Batch) -> int:
    number = add_row(
        transaction.connection,
        batches,
        round=batch.round,
        platform=batch.platform,
        endpoint=batch.endpoint,
        started_at=batch.started_at,
        closed_at=batch.closed_at,
        boot_id=batch.boot_id,
        started_monotonic=microseconds(batch.started_monotonic),
        closed_monotonic=microseconds(batch.closed_monotonic),
        valid=batch.valid,
        controlled=batch.controlled,
        void_because=batch.void_because,
    )
    transaction.ledger.append(
        "batch",
        batch.closed_at,
        batch=number,
        round=batch.round,
        platform=batch.platform,
        endpoint=batch.endpoint,
        valid=int(batch.valid),
        controlled=int(batch.controlled),
        looks=len(batch.looks),
        classes=list(batch.classes) or None,
        run=transaction.run,
    )
    add_rows(transaction.connection, batch_classes, [{"batch": number, "outcome": each} for each in batch.classes])
    return number


def _append_looks(
    transaction: Transaction, batch: Batch, batch_number: int, looks: Sequence[Look]
) -> tuple[tuple[int, Look, int | None], ...]:
    """Each look with its number and its snapshot's, all of them written a list a table.

    A look that was read from the same answer as one before it stands on that observation (`basis`), and the answer is
    stored once.
    """
    draft = Draft(transaction)
    kept = snapshots.keep(draft, batch, looks)
    first_ledger = transaction.ledger.next_number
    first_read: dict[int, int] = {}
    appended: list[tuple[int, Look, int | None]] = []
    for place, (made, snapshot) in enumerate(zip(looks, kept, strict=True)):
        told_by = first_read.get(id(made.exchanges[-1])) if made.exchanges else None
        look = made if told_by is None else replace(made, exchanges=(), basis=told_by)
        row = look_rows.row(draft, batch, batch_number, look)
        number = draft.add(observations, row | {"snapshot": snapshot, "ledger": first_ledger + place})
        first_read |= {id(each): number for each in look.exchanges}
        answers = [exchanges.add(draft, number, hop, each) for hop, each in enumerate(look.exchanges)]
        look_rows.draw_line(draft, batch, batch_number, look, number, snapshot, answers)
        appended.append((number, look, snapshot))
    draft.write()
    return tuple(appended)
