"""What was found when the archive was looked through, and where a person went on without what was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from archiver.store import anchor, contents
from archiver.store.anchor import Anchor
from archiver.store.columns import add_row
from archiver.store.tables import fixity_checks, rollbacks
from archiver.store.transaction import Transaction

Outcome = Literal["started", "passed", "failed"]


@dataclass(frozen=True, slots=True)
class FixityCheck:
    """A look through the archive, or its beginning."""

    outcome: Outcome
    happened_at: datetime
    step: str | None
    """The step that failed; None where none did."""
    message: str | None
    """What it found."""
    lines: int
    """How many lines the ledger had."""
    contents: int
    """How many contents there were, those that were removed among them."""


def append(transaction: Transaction, check: FixityCheck) -> None:
    """Note that a check of the archive began, or how it ended."""
    told = {"outcome": check.outcome, "step": check.step, "lines": check.lines, "contents": check.contents}
    number = add_row(
        transaction.connection, fixity_checks, **told, message=check.message, happened_at=transaction.at,
        run=transaction.run, ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append("fixity", transaction.at, fixity=number, **told, run=transaction.run)


def newest(connection: Connection) -> FixityCheck | None:
    """The last check, ended or begun; None before the first."""
    row = connection.execute(select(fixity_checks).order_by(fixity_checks.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    return FixityCheck(row.outcome, row.happened_at, row.step, row.message, row.lines, row.contents)


def acknowledge(transaction: Transaction, seen: Anchor | None, stands: Anchor, reason: str) -> None:
    """A person goes on without what the anchor saw (None: it cannot be read) and the ledger, which stood so, lacks."""
    content = contents.put(transaction.connection, reason.encode())
    lost = {"anchor_lines": seen.lines if seen else 0, "anchor_head": seen.head if seen else anchor.UNREADABLE}
    kept = {"lines": stands.lines, "head": stands.head}
    number = add_row(
        transaction.connection, rollbacks, **lost, **kept, reason=content.id, acknowledged_at=transaction.at,
        run=transaction.run, ledger=transaction.ledger.next_number,
    )  # fmt: skip
    transaction.ledger.append(
        "rollback", transaction.at, rollback=number, **lost, **kept, reason=content.commitment, run=transaction.run
    )
