"""Verdicts as they are given, and the current state of each post that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, delete, select, update

from archiver.model.observation import Look
from archiver.model.outcome import Outcome
from archiver.model.snapshot import Snapshot
from archiver.model.verdict import Interval, Rules, State, Verdict
from archiver.store import incidents, snapshots
from archiver.store.columns import add_row, portions
from archiver.store.redactions import not_redacted
from archiver.store.rows import replace_rows, update_rows
from archiver.store.tables import folds, missings, post_states, verdicts
from archiver.store.transaction import Transaction

NOTED = (
    *("last_checked_at", "last_reason", "last_host", "checks", "checks_in_state"),
    *("author_handle", "author_id", "author_name", "edit_chain", "snapshot"),
)
"""What looks change of a post's state before it is judged."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file of a post's verdict."""

    verdict: Verdict
    """As far as it is kept in the state: no `rests_on`, no episodes."""
    looks_in_state: int
    """Rounds in which it was looked at since that state was given, that one included."""
    folded_to: datetime | None
    """Until when looks are in it, by the closing of their batches; None where it must be folded anew: it was not yet,
    or by other rules or of other facts."""
    published_at: datetime | None
    facts: str
    """All that `judge` is told of the post, in one word that is another when it changes."""
    given_by: str | None
    """The version of the rules by which the verdict was given; None for a post without one."""

    @property
    def state(self) -> State:
        return self.verdict.state


@dataclass(frozen=True, slots=True)
class Noted:
    """A look that was appended."""

    look: Look
    snapshot: int | None
    new_round: bool
    """Whether it is the post's first in its round."""


def load(connection: Connection, numbers: Iterable[int], rules_version: str = "") -> dict[int, Standing]:
    """What is on file of these posts, by number; `rules_version` names the rules by which they are judged now."""
    found: dict[int, Standing] = {}
    for part in portions(sorted(numbers)):
        folded = (folds.c.closed_at, folds.c.rules_version, folds.c.facts)
        query = (
            select(post_states, *folded, verdicts.c.rules_version.label("given_by"), missings.c.missed_at)
            .outerjoin(folds, folds.c.post == post_states.c.post)
            .outerjoin(verdicts, verdicts.c.id == post_states.c.verdict)
            .outerjoin(missings, missings.c.post == post_states.c.post)
        )
        for row in connection.execute(query.where(post_states.c.post.in_(part))):
            facts = _facts(row)
            is_current = row.rules_version == rules_version and row.facts == facts
            folded_to = row.closed_at if is_current else None
            standing = (_verdict(row), row.checks_in_state, folded_to, row.published_at, facts, row.given_by)
            found[row.post] = Standing(*standing)
    return found


def judged_by_others(connection: Connection, rules_version: str) -> list[int]:
    """Posts whose standing verdict was given by other rules."""
    query = select(post_states.c.post).join(verdicts, verdicts.c.id == post_states.c.verdict)
    where = (post_states.c.alias_of.is_(None), verdicts.c.rules_version != rules_version)
    return list(connection.execute(query.where(*where).order_by(post_states.c.post)).scalars())


def note_looks(connection: Connection, looks: Sequence[Noted], *, valid: bool) -> None:
    """Bring posts' states up to the looks of a batch: when and why; and what valid sightings say of them."""
    known = _noted(connection, {int(each.look.subject_key) for each in looks})
    shown = snapshots.load_all(connection, {fields["snapshot"] for fields in known.values() if fields["snapshot"]})
    for each in looks:
        look, fields = each.look, known[int(each.look.subject_key)]
        fields["last_checked_at"] = look.received_at
        fields["last_reason"] = look.reading.reason
        fields["last_host"] = _host(look) or fields["last_host"]
        fields["checks"] += each.new_round
        fields["checks_in_state"] += each.new_round
        if valid and look.reading.outcome is Outcome.PRESENT:
            _note_seen(fields, look, each.snapshot, shown)
    update_rows(connection, post_states, "post", list(known.values()))


def note_sighting(transaction: Transaction, look: Look, snapshot: int | None) -> None:
    """The same of what an old answer says when it is read again: no new look was made."""
    connection = transaction.connection
    (fields,) = _noted(connection, {int(look.subject_key)}).values()
    _note_seen(fields, look, snapshot, snapshots.load_all(connection, {fields["snapshot"] or 0}))
    update_rows(connection, post_states, "post", [fields])


def note_seen(connection: Connection, seen: Mapping[int, datetime | None]) -> None:
    """When posts whose verdict stands were last seen."""
    update_rows(connection, post_states, "post", [{"post": k, "last_seen_at": at} for k, at in seen.items()])


def note_due(connection: Connection, due: Mapping[int, datetime]) -> None:
    """When posts are due again; one that was redacted never is."""
    kept = select(post_states.c.post).where(post_states.c.post.in_(sorted(due)), not_redacted())
    rows = [{"post": k, "next_check_at": due[k]} for k in connection.execute(kept).scalars()]
    update_rows(connection, post_states, "post", rows)


def note_folds(connection: Connection, facts: Mapping[int, str], closed_at: Mapping[int, datetime], by: str) -> None:
    """Until when the looks at these posts are in their verdicts, of which facts and by which version of the rules."""
    rows = [{"post": k, "closed_at": at, "rules_version": by, "facts": facts[k]} for k, at in closed_at.items()]
    replace_rows(connection, folds, rows)


def forget_folds(connection: Connection, platform: str, since: datetime) -> None:
    """Have those posts folded anew whose looks are later than this: what is known of their times has changed."""
    of_platform = select(post_states.c.post).where(post_states.c.platform == platform)
    connection.execute(delete(folds).where(folds.c.closed_at >= since, folds.c.post.in_(of_platform)))


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


def _noted(connection: Connection, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    columns = [post_states.c[name] for name in ("post", *NOTED)]
    found: dict[int, dict[str, Any]] = {}
    for part in portions(sorted(numbers)):
        for row in connection.execute(select(*columns).where(post_states.c.post.in_(part))):
            found[row.post] = dict(row._mapping)
    return found


def _note_seen(fields: dict[str, Any], look: Look, snapshot: int | None, shown: dict[int, Snapshot]) -> None:
    """`shown`: the snapshots on file that posts are shown by, by number."""
    reading = look.reading
    fields["author_handle"] = reading.author_handle or fields["author_handle"]
    fields["author_id"] = reading.author_id or fields["author_id"]
    if reading.snapshot and reading.snapshot.author_name:
        fields["author_name"] = reading.snapshot.author_name
    chain = list(dict.fromkeys([*(fields["edit_chain"] or ()), *reading.edit_chain]))
    if len(chain) > 1:
        fields["edit_chain"] = chain
    said = reading.snapshot
    if snapshot is not None and said is not None and _is_better(said, shown.get(fields["snapshot"])):
        fields["snapshot"], shown[snapshot] = snapshot, said


def _verdict(row: Any) -> Verdict:
    held = row.interval_right is not None
    return Verdict(
        State(row.state),
        row.decided_at,
        Interval(row.interval_left, row.interval_right, None, 0) if held else None,
        row.grade,
        frozenset(row.flags or ()),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        missed_at=row.missed_at,
    )


def _facts(row: Any) -> str:
    told = (row.native_id, row.author_id, row.cited_author, row.published_at, row.published_on, row.edit_chain)
    return repr([str(each) for each in told])


def _is_better(new: Snapshot, old: Snapshot | None) -> bool:
    """Whether this is to be shown instead: a whole one with its author is, one that lacks them only at first."""
    if old is None:
        return True
    return (new.author_id is not None, not new.truncated) >= (old.author_id is not None, not old.truncated)


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
