"""What becomes of controls: one that misreads alone is retired, and posts long seen alive take its place.

    configured − retired + enlisted ─→ the controls in force
    a positive control misreads in 3 straight rounds of an endpoint, the others there read right → retired
    fewer positive controls than were configured → enlist posts seen alive in 20 rounds, of other authors

Both are events of the ledger: whoever weighs a verdict can see which controls stood round its batches, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.check.batch import misreads
from archiver.check.controls import ControlIds, key
from archiver.model.observation import Batch, SubjectKind
from archiver.model.post import PostRef
from archiver.store import controls
from archiver.store.transaction import Transaction

STRAIGHT_ROUNDS = 3
ROUNDS_ALIVE = 20


def in_force(transaction: Transaction, platform: str, configured: ControlIds) -> ControlIds:
    """The controls that stand now."""
    events = controls.events(transaction.connection, platform)
    enlisted = [PostRef(platform, event.host, event.native_id) for event in events if event.kind == "enlisted"]
    present = {key(ref): ref for ref in (*configured.present, *enlisted)}
    retired = _retired(transaction, platform)
    return replace(
        configured,
        present=tuple(ref for name, ref in present.items() if name not in retired),
        retired_authors=frozenset(name.removeprefix("author ") for name in retired if name.startswith("author ")),
    )


def _retired(transaction: Transaction, platform: str) -> set[str]:
    """Keys of the controls that are retired now."""
    newest: dict[str, str] = {}
    for event in controls.events(transaction.connection, platform):
        newest[key(PostRef(platform, event.host, event.native_id))] = event.kind
    return {name for name, kind in newest.items() if kind == "retired"}


def retire(transaction: Transaction, batch: Batch) -> list[str]:
    """Retire the positive controls of this batch that have misread alone for long enough; a line for each."""
    wrong = {
        look.subject_key: look
        for look in batch.looks
        if look.subject_kind is SubjectKind.CONTROL
        and look.subject_key.startswith("present:")
        and misreads(look.subject_key, look.native_id, look.reading.outcome)
    }
    told: list[str] = []
    # The other endpoint may have retired it in this very round.
    retired = _retired(transaction, batch.platform) if wrong else set()
    for name, look in wrong.items():
        if name.removeprefix("present:") in retired:
            continue
        rounds = controls.newest_looks(transaction.connection, batch.platform, batch.endpoint, name, STRAIGHT_ROUNDS)
        if len(rounds) == STRAIGHT_ROUNDS and all(_misreads_alone(name, looks) for looks in rounds):
            because = f"misread in {STRAIGHT_ROUNDS} straight rounds on {batch.endpoint} while the others read right"
            # An id may itself hold a "/": the host is what stands before it.
            named = name.removeprefix("present:")
            native_id = look.native_id or named
            host = named.removesuffix(native_id).removesuffix("/") or None
            controls.append(transaction, batch.platform, host, native_id, "retired", because, batch.closed_at)
            told.append(f"{batch.platform}: control {name} is retired: it {because}")
    return told


def replenish(transaction: Transaction, platform: str, configured: ControlIds) -> list[str]:
    """Enlist posts in place of retired controls; a line for each."""
    told: list[str] = []
    standing = in_force(transaction, platform, configured)
    for host in {ref.host: None for ref in configured.present}:
        missing = len(configured.at(host).present) - len(standing.at(host).present)
        if missing <= 0:
            continue
        names = [key(ref) for ref in standing.at(host).present]
        authors = set(controls.authors(transaction.connection, platform, names).values())
        found = controls.long_alive(transaction.connection, platform, host, ROUNDS_ALIVE, authors)
        for ref in found[:missing]:
            because = f"seen alive in {ROUNDS_ALIVE} rounds or more, in place of a retired control"
            controls.append(transaction, platform, ref.host, ref.native_id, "enlisted", because, transaction.at)
            told.append(f"{platform}: {key(ref)} is a control now: {because}")
    return told


def _misreads_alone(name: str, looks: Sequence[controls.ControlLook]) -> bool:
    """Whether the control misread in every batch of a round, and every other control there read right."""
    kinds = ("present:", "absent:")
    return all(
        misreads(look.key, look.native_id, look.outcome) == (look.key == name)
        for look in looks
        if look.key.startswith(kinds)
    )
