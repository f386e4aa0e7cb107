"""Checkpoints as they were made, and what became of each: who was handed a copy, and which authority stamped it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from archiver import checkpoints as notes
from archiver import digest
from archiver.checkpoints import Checkpoint, Note, PrivateKey
from archiver.store import contents
from archiver.store.columns import add_row
from archiver.store.tables import checkpoints, handovers, ledger, timestamps, verdicts
from archiver.store.transaction import Transaction

_FRAME = frozenset({"rows", "run_end", "checkpoint", "handed", "timestamp", "fixity"})
"""Lines that come of checkpoints themselves, and of looking whether all is well: no reason for another one."""
_FRAMING = frozenset({"checkpoint", "verify"})
"""Runs that are none either."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint on file."""

    number: int
    lines: int
    made_at: datetime
    note: str


def newest(connection: Connection) -> Stored | None:
    """The last checkpoint; None before the first."""
    row = connection.execute(select(checkpoints).order_by(checkpoints.c.id.desc()).limit(1)).first()
    return Stored(row.id, row.lines, row.made_at, row.note) if row else None


def has_grown(connection: Connection) -> bool:
    """Whether the ledger says anything that the last checkpoint does not cover."""
    last = newest(connection)
    rows = connection.execute(
        select(ledger.c.line).where(ledger.c.number > (last.lines if last else 0)).order_by(ledger.c.number.desc())
    )
    return any(_is_news(json.loads(row.line)) for row in rows)


def gave_verdict(connection: Connection, run: int) -> bool:
    """Whether a run gave the newest verdict: where another gave one since, that one's checkpoint covers both."""
    newest_first = select(verdicts.c.run).order_by(verdicts.c.id.desc()).limit(1)
    return connection.execute(newest_first).scalar() == run


def append(transaction: Transaction, private: PrivateKey, origin: str) -> Stored:
    """Sign for the ledger as it is, and add the line that says so."""
    chain, at = transaction.ledger, transaction.at
    note = notes.sign(Checkpoint(origin, chain.lines, chain.head, at), private)
    number = add_row(
        transaction.connection,
        checkpoints,
        lines=note.checkpoint.lines,
        head=note.checkpoint.head,
        made_at=at,
        fingerprint=note.key,
        note=note.whole().decode(),
        run=transaction.run,
        ledger=chain.next_number,
    )
    _write_line(transaction, number, note)
    return Stored(number, note.checkpoint.lines, at, note.whole().decode())


def _write_line(transaction: Transaction, number: int, note: Note) -> None:
    transaction.ledger.append(
        "checkpoint",
        transaction.at,
        checkpoint=number,
        lines=note.checkpoint.lines,
        head=note.checkpoint.head,
        key=note.key,
        note=digest.of_bytes(note.whole()),
        run=transaction.run,
    )


def append_handover(transaction: Transaction, checkpoint: int, sink: str, kind: str, refusal: str | None) -> None:
    """A sink was handed a checkpoint; `refusal` says why it did not take it."""
    taken = refusal is None
    number = add_row(
        transaction.connection, handovers, checkpoint=checkpoint, sink=sink, kind=kind, taken=taken, message=refusal,
        handed_at=transaction.at, run=transaction.run, ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append(
        "handed", transaction.at, handover=number, checkpoint=checkpoint, sink=sink, to=kind, taken=int(taken),
        run=transaction.run,
    )  # fmt: skip


def append_timestamp(
    transaction: Transaction, checkpoint: int, authority: str, token: bytes | None, refusal: str | None
) -> None:
    """An authority was asked for a time-stamp; `token` is its whole answer as it came, None where it gave none."""
    content = None if token is None else contents.put(transaction.connection, token)
    number = add_row(
        transaction.connection, timestamps, checkpoint=checkpoint, authority=authority,
        content=content.id if content else None, message=refusal, asked_at=transaction.at, run=transaction.run,
        ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append(
        "timestamp", transaction.at, timestamp=number, checkpoint=checkpoint,
        content=content.commitment if content else None, run=transaction.run,
    )  # fmt: skip


def last_taken(connection: Connection) -> dict[str, tuple[int, datetime]]:
    """By sink, the greatest number of lines of a checkpoint that it took, and when it took it."""
    rows = connection.execute(
        select(handovers.c.sink, checkpoints.c.lines, handovers.c.handed_at)
        .join(checkpoints, checkpoints.c.id == handovers.c.checkpoint)
        .where(handovers.c.taken)
        .order_by(checkpoints.c.lines, handovers.c.id)
    )
    return {row.sink: (row.lines, row.handed_at) for row in rows}


def last_stamped(connection: Connection) -> int | None:
    """The greatest number of lines of a checkpoint that has a time-stamp; None where none has one."""
    return connection.execute(
        select(func.max(checkpoints.c.lines))
        .join(timestamps, timestamps.c.checkpoint == checkpoints.c.id)
        .where(timestamps.c.content.is_not(None))
    ).scalar()


def not_taken(connection: Connection, sink: str) -> list[Stored]:
    """The checkpoints that a sink was handed and did not take, oldest first."""
    again = handovers.alias("again")
    taken = exists().where(again.c.checkpoint == checkpoints.c.id, again.c.sink == sink, again.c.taken)
    rows = connection.execute(
        select(checkpoints)
        .where(exists().where(handovers.c.checkpoint == checkpoints.c.id, handovers.c.sink == sink), ~taken)
        .order_by(checkpoints.c.id)
    )
    return [Stored(row.id, row.lines, row.made_at, row.note) for row in rows]


def not_stamped(connection: Connection) -> list[Stored]:
    """The checkpoints for which a time-stamp was asked and none came, oldest first."""
    again = timestamps.alias("again")
    stamped = exists().where(again.c.checkpoint == checkpoints.c.id, again.c.content.is_not(None))
    rows = connection.execute(
        select(checkpoints)
        .where(exists().where(timestamps.c.checkpoint == checkpoints.c.id), ~stamped)
        .order_by(checkpoints.c.id)
    )
    return [Stored(row.id, row.lines, row.made_at, row.note) for row in rows]


def _is_news(told: dict[str, object]) -> bool:
    return told["kind"] not in _FRAME and not (told["kind"] == "run" and told["purpose"] in _FRAMING)
