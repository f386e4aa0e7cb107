"""Queries for reports: how much there is, what was followed, which posts are shown and on what their verdicts rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, case, func, select, type_coerce

from archiver.model.listing import PostFilter
from archiver.model.observation import SubjectKind
from archiver.model.outcome import UNREACHABLE, Outcome, Reason, Strength
from archiver.model.report import EndpointLooks, LookListing, SnapshotListing, VerdictCount
from archiver.model.snapshot import Snapshot
from archiver.model.verdict import State
from archiver.store import contents, listing
from archiver.store.columns import portions
from archiver.store.tables import batches, content_removals, observations, post_states, snapshots
from archiver.store.tables import contents as content_rows


def by_verdict(connection: Connection, wanted: PostFilter) -> list[VerdictCount]:
    """How many posts have each verdict that any has, in all and of those that pass the filter."""
    held = _by_state(connection, PostFilter())
    shown = _by_state(connection, wanted)
    return [VerdictCount(state, held[state], shown.get(state, 0)) for state in State if state in held]


def numbers(
    connection: Connection, wanted: PostFilter, states: Sequence[State], *, restored: bool = False
) -> list[int]:
    """Posts that have one of these verdicts and pass the filter, those that disappeared last first.

    `restored` asks for those only that had been called gone and were seen again.
    """
    chosen = tuple(state for state in states if not wanted.verdict or state in wanted.verdict)
    if not chosen:
        return []
    conditions = listing.conditions(replace(wanted, verdict=chosen))
    if restored:
        conditions.append(type_coerce(post_states.c.flags, Text).contains('"restored"'))
    rows = connection.execute(
        select(post_states.c.post)
        .where(post_states.c.alias_of.is_(None), *conditions)
        .order_by(post_states.c.interval_right.desc(), post_states.c.post.desc())
    )
    return [int(number) for number in rows.scalars()]


def intervals(
    connection: Connection, wanted: PostFilter, state: State
) -> Iterator[tuple[int, datetime | None, datetime]]:
    """(post, left end, right end) of each post with this verdict that passes the filter, the last first."""
    if wanted.verdict and state not in wanted.verdict:
        return
    rows = connection.execute(
        select(post_states.c.post, post_states.c.interval_left, post_states.c.interval_right)
        .where(
            post_states.c.alias_of.is_(None),
            post_states.c.interval_right.is_not(None),
            *listing.conditions(replace(wanted, verdict=(state,))),
        )
        .order_by(post_states.c.interval_right.desc(), post_states.c.post.desc())
    )
    for row in rows:
        yield row.post, row.interval_left, row.interval_right


def authors_of_several(connection: Connection) -> set[tuple[str, str]]:
    """(platform, author id) of the authors of more than one post."""
    rows = connection.execute(
        select(post_states.c.platform, post_states.c.author_id)
        .where(post_states.c.alias_of.is_(None), post_states.c.author_id.is_not(None))
        .group_by(post_states.c.platform, post_states.c.author_id)
        .having(func.count() > 1)
    )
    return {(row.platform, row.author_id) for row in rows}


def by_endpoint(connection: Connection) -> list[EndpointLooks]:
    """The looks at posts and accounts, by endpoint."""
    unreachable = observations.c.reason.in_(sorted(UNREACHABLE))
    rows = connection.execute(
        select(
            batches.c.platform,
            batches.c.endpoint,
            func.count().label("looks"),
            func.sum(case((batches.c.valid, 1), else_=0)).label("valid"),
            func.sum(case((unreachable, 1), else_=0)).label("unreachable"),
            func.min(observations.c.received_at).label("first_at"),
            func.max(observations.c.received_at).label("last_at"),
        )
        .join(batches, batches.c.id == observations.c.batch)
        .where(observations.c.subject_kind != SubjectKind.CONTROL)
        .group_by(batches.c.platform, batches.c.endpoint)
        .order_by(batches.c.platform, batches.c.endpoint)
    )
    return [
        EndpointLooks(
            row.platform, row.endpoint, row.looks, row.valid, row.unreachable, _time(row.first_at), _time(row.last_at)
        )
        for row in rows
    ]


def looks(connection: Connection, wanted: Collection[int]) -> list[LookListing]:
    """These observations with what their batches' controls read, in the order in which they were received."""
    found: list[LookListing] = []
    for part in portions(sorted(wanted)):
        rows = connection.execute(
            select(observations, batches.c.valid, batches.c.controlled)
            .join(batches, batches.c.id == observations.c.batch)
            .where(observations.c.id.in_(part))
        )
        found += [_look(row) for row in rows]
    read = _controls(connection, {look.batch for look in found})
    with_controls = (
        replace(look, controls_served=read[look.batch][0], controls_absent=read[look.batch][1])
        if look.batch in read
        else look
        for look in found
    )
    return sorted(with_controls, key=lambda look: (look.at, look.number))


def snapshots_of(connection: Connection, post: int) -> list[SnapshotListing]:
    """Everything that a post was seen to say, and what archives captured of it, oldest first."""
    rows = connection.execute(
        select(
            snapshots,
            content_rows.c.digest,
            content_rows.c.commitment,
            content_removals.c.kind.label("removed_by"),
            content_removals.c.ledger.label("removed_in"),
        )
        .outerjoin(content_rows, content_rows.c.id == snapshots.c.content)
        .outerjoin(content_removals, content_removals.c.content == snapshots.c.content)
        .where(snapshots.c.post == post)
        .order_by(snapshots.c.id)
    ).all()
    said = contents.get_json(connection, [row.content for row in rows])
    return [
        SnapshotListing(
            number=row.id,
            endpoint=row.endpoint,
            kind=row.kind,
            taken_at=row.taken_at,
            provenance=row.provenance,
            said=Snapshot.from_canonical(said[row.content]) if row.content in said else None,
            digest=row.digest or None,
            commitment=row.commitment,
            removal=(row.removed_by, row.removed_in) if row.removed_by else None,
        )
        for row in rows
    ]


def _by_state(connection: Connection, wanted: PostFilter) -> dict[State, int]:
    rows = connection.execute(
        select(post_states.c.state, func.count())
        .where(post_states.c.alias_of.is_(None), *listing.conditions(wanted))
        .group_by(post_states.c.state)
    )
    return {State(state): int(number) for state, number in rows}


def _controls(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[int, int]]:
    """By batch, how many different controls were served as they must be, and how many were not, as they must not."""
    key, served = observations.c.subject_key, observations.c.outcome.in_((Outcome.PRESENT, Outcome.ACCOUNT_OK))
    alive: ColumnElement[bool] = ~key.startswith("absent:")
    found: dict[int, tuple[int, int]] = {}
    for part in portions(sorted(numbers)):
        rows = connection.execute(
            select(
                observations.c.batch,
                func.count(func.distinct(case((alive & served, key)))).label("served"),
                func.count(func.distinct(case((~alive & ~served, key)))).label("absent"),
            )
            .where(observations.c.batch.in_(part), observations.c.subject_kind == SubjectKind.CONTROL)
            .group_by(observations.c.batch)
        )
        found |= {row.batch: (row.served, row.absent) for row in rows}
    return found


def _look(row: Any) -> LookListing:
    return LookListing(
        number=row.id,
        at=row.received_at,
        endpoint=row.endpoint,
        about=row.subject_kind,
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        strength=Strength(row.strength) if row.strength else None,
        round=row.round,
        batch=row.batch,
        valid=row.valid,
        controlled=row.controlled,
        ledger=row.ledger,
    )


def _time(at: datetime | str) -> datetime:
    # An aggregate loses the column's type on some databases.
    return datetime.fromisoformat(at) if isinstance(at, str) else at
