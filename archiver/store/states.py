"""Verdicts as they are given, and the current state of each post that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, select, update

from archiver.model.observation import Look
from archiver.model.outcome import Outcome
from archiver.model.verdict import Rules, State, Verdict
from archiver.store import incidents, snapshots
from archiver.store.redactions import not_redacted
from archiver.store.tables import add_row, post_states, verdicts
from archiver.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file of a post's verdict."""

    state: State
    looks_in_state: int
    """Rounds in which it was looked at since that state was given, that one included."""
    rules_version: str | None
    """Of the rules by which it was given; None for a post without a verdict."""


def standing(connection: Connection, post: int) -> Standing:
    """The verdict on file."""
    given_by = verdicts.c.rules_version
    query = select(post_states, given_by).outerjoin(verdicts, verdicts.c.id == post_states.c.verdict)
    row = connection.execute(query.where(post_states.c.post == post)).one()
    return Standing(State(row.state), row.checks_in_state, row.rules_version)


def judged_by_others(connection: Connection, rules_version: str) -> list[int]:
    """Posts whose standing verdict was given by other rules."""
    query = select(post_states.c.post).join(verdicts, verdicts.c.id == post_states.c.verdict)
    where = (post_states.c.alias_of.is_(None), verdicts.c.rules_version != rules_version)
    return list(connection.execute(query.where(*where).order_by(post_states.c.post)).scalars())


def note_look(transaction: Transaction, look: Look, snapshot: int | None, *, valid: bool, new_round: bool) -> None:
    """Bring a post's state up to the look: when and why; and what a valid sighting says of it."""
    row = transaction.connection.execute(select(post_states).where(post_states.c.post == int(look.subject_key))).one()
    fields: dict[str, Any] = {
        "last_checked_at": look.received_at,
        "last_reason": look.reading.reason,
        "last_host": _host(look) or row.last_host,
        "checks": row.checks + new_round,
        "checks_in_state": row.checks_in_state + new_round,
    }
    if valid and look.reading.outcome is Outcome.PRESENT:
        fields |= _seen(transaction.connection, row, look, snapshot)
    transaction.connection.execute(update(post_states).where(post_states.c.post == row.post).values(**fields))


def note_sighting(transaction: Transaction, look: Look, snapshot: int | None) -> None:
    """The same of what an old answer says when it is read again: no new look was made."""
    row = transaction.connection.execute(select(post_states).where(post_states.c.post == int(look.subject_key))).one()
    if fields := _seen(transaction.connection, row, look, snapshot):
        transaction.connection.execute(update(post_states).where(post_states.c.post == row.post).values(**fields))


def set_next_check(transaction: Transaction, post: int, at: datetime | None) -> None:
    """When the post is due again; None for never."""
    transaction.connection.execute(
        update(post_states).where(post_states.c.post == post, not_redacted()).values(next_check_at=at)
    )


def record(transaction: Transaction, post: int, verdict: Verdict, rules: Rules, batch: int | None) -> bool:
    """Store a verdict if it says something new, and the state that follows. True if it was new."""
    connection = transaction.connection
    last = connection.execute(
        select(verdicts.c.verdict).where(verdicts.c.post == post).order_by(verdicts.c.id.desc()).limit(1)
    ).scalar()
    noun = as_json(verdict)
    fields = _state_fields(verdict)
    is_new = (_said(last) if last else _said(as_json(Verdict(State.UNKNOWN, None)))) != _said(noun)
    if is_new:
        fields |= {"verdict": _append(transaction, post, verdict, noun, rules, batch), "checks_in_state": 1}
    connection.execute(update(post_states).where(post_states.c.post == post).values(**fields))
    incidents.note_hold(connection, post, verdict.held_by)
    return is_new


def stored_differs(connection: Connection, post: int, verdict: Verdict) -> list[str]:
    """Names of the fields in which the state on file differs from this verdict: none, if nothing was lost."""
    row = connection.execute(select(post_states).where(post_states.c.post == post)).one()
    differing = [name for name, wanted in _state_fields(verdict).items() if getattr(row, name) != wanted]
    held_by, _ = incidents.held_by(connection, [post]).get(post, (None, None))
    return [*differing, *(["held_by"] if held_by != verdict.held_by else [])]


def as_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as a JSON value, whole."""
    noun: dict[str, Any] = _plain(verdict)
    return noun


def _said(noun: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a verdict a new one; that a post was seen once more does not."""
    held_by = noun.get("held_by")  # verdicts of rules 1 do not tell
    return (noun["state"], noun["grade"], noun["flags"], noun["interval"], len(noun["episodes"]), held_by)


def _append(
    transaction: Transaction, post: int, verdict: Verdict, noun: dict[str, Any], rules: Rules, batch: int | None
) -> int:
    interval = verdict.interval
    parameters = _plain(rules)
    number = add_row(
        transaction.connection,
        verdicts,
        post=post,
        batch=batch,
        state=verdict.state,
        decided_at=verdict.decided_at,
        grade=verdict.grade,
        interval_left=interval.left if interval else None,
        interval_right=interval.right if interval else None,
        rests_on=list(verdict.rests_on),
        verdict=noun,
        rules_version=verdict.rules_version,
        parameters=parameters,
        run=transaction.run,
        ledger=transaction.ledger.next_number,
    )
    transaction.ledger.append(
        "verdict",
        verdict.decided_at or transaction.at,
        verdict=number,
        post=post,
        state=str(verdict.state),
        grade=verdict.grade,
        flags=sorted(verdict.flags),
        interval_left=interval.left if interval else None,
        interval_right=interval.right if interval else None,
        rests_on=list(verdict.rests_on),
        rules=verdict.rules_version,
        parameters=[f"{name}={threshold}" for name, threshold in sorted(parameters.items())],
        run=transaction.run,
    )
    return number


def _state_fields(verdict: Verdict) -> dict[str, Any]:
    interval = verdict.interval
    return {
        "state": str(verdict.state),
        "decided_at": verdict.decided_at,
        "grade": verdict.grade,
        "flags": sorted(verdict.flags),
        "interval_left": interval.left if interval else None,
        "interval_right": interval.right if interval else None,
        "first_seen_at": verdict.first_seen_at,
        "last_seen_at": verdict.last_seen_at,
    }


def _seen(connection: Connection, row: Any, look: Look, snapshot: int | None) -> dict[str, Any]:
    reading = look.reading
    fields: dict[str, Any] = {}
    if reading.author_handle:
        fields["author_handle"] = reading.author_handle
    if reading.author_id:
        fields["author_id"] = reading.author_id
    if reading.snapshot and reading.snapshot.author_name:
        fields["author_name"] = reading.snapshot.author_name
    chain = list(dict.fromkeys([*(row.edit_chain or ()), *reading.edit_chain]))
    if len(chain) > 1 and chain != row.edit_chain:
        fields["edit_chain"] = chain
    if snapshot is not None and snapshot != row.snapshot and _is_better(connection, row.snapshot, look):
        fields["snapshot"] = snapshot
    return fields


def _is_better(connection: Connection, on_file: int | None, look: Look) -> bool:
    """Whether the look's snapshot is to be shown: a whole one with its author is, one that lacks them only at first."""
    new = look.reading.snapshot
    if on_file is None or new is None:
        return new is not None
    old = snapshots.load(connection, on_file)
    return old is None or (new.author_id is not None, not new.truncated) >= (
        old.author_id is not None,
        not old.truncated,
    )


def _host(look: Look) -> str | None:
    return look.exchanges[-1].url.split("/", 3)[2] if look.exchanges else None


def _plain(part: Any) -> Any:
    """Dataclasses, times, enums and sets as JSON values."""
    if hasattr(part, "__dataclass_fields__"):
        return {name: _plain(getattr(part, name)) for name in part.__dataclass_fields__}
    if isinstance(part, Enum):
        return str(part.value)
    if isinstance(part, datetime | date):
        return part.isoformat()
    if isinstance(part, timedelta):
        return f"{round(part.total_seconds())}s"
    if isinstance(part, frozenset | set):
        return sorted(_plain(each) for each in part)
    if isinstance(part, tuple | list):
        return [_plain(each) for each in part]
    return part
