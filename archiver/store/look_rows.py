"""How a look is written down: its row, and its line of the ledger."""

from __future__ import annotations

from typing import Any

from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.store.draft import Draft
from archiver.store.exchanges import microseconds


def row(draft: Draft, batch: Batch, batch_number: int, look: Look) -> dict[str, Any]:
    """The row of a look, but for its snapshot and its line."""
    reading = look.reading
    return {
        "run": draft.transaction.run,
        "round": batch.round,
        "batch": batch_number,
        "subject_kind": look.subject_kind,
        "subject_key": look.subject_key,
        "endpoint": batch.endpoint,
        "adapter": batch.adapter,
        "adapter_version": batch.adapter_version,
        "attempt": look.attempt,
        "egress": batch.egress,
        "boot_id": batch.boot_id,
        "outcome": reading.outcome,
        "reason": reading.reason,
        "strength": reading.strength,
        "native_id": look.native_id,
        "author_id": reading.author_id,
        "edit_chain": list(reading.edit_chain),
        "age_seconds": reading.age_seconds,
        "sent_at": look.sent_at,
        "received_at": look.received_at,
        "sent_monotonic": microseconds(look.sent_monotonic),
        "received_monotonic": microseconds(look.received_monotonic),
        "basis": look.basis,
        "remark": _remark(draft, reading),
        "retry_after_seconds": reading.retry_after_seconds,
    }


def _remark(draft: Draft, reading: Reading) -> str | None:
    """The content that holds the words of an answer: the handle that it named, and what was odd."""
    words = {"author_handle": reading.author_handle, "message": reading.message}
    words = {name: part for name, part in words.items() if part}
    return draft.keep_json(words) if words else None


def draw_line(
    draft: Draft, batch: Batch, batch_number: int, look: Look, number: int, snapshot: int | None,
    answers: list[list[str]],
) -> None:  # fmt: skip
    """Add the line of a look; `answers` holds the digests of the contents of each exchange."""
    # Authors and controls are named by commitment: a handle is somebody's name.
    of_post = look.subject_kind is SubjectKind.POST
    draft.line_at(
        "observation",
        look.received_at,
        observation=number,
        batch=batch_number,
        subject_kind=str(look.subject_kind),
        subject=int(look.subject_key) if of_post else draft.keep(look.subject_key.encode()),
        endpoint=batch.endpoint,
        adapter=f"{batch.adapter}/{batch.adapter_version}",
        attempt=look.attempt,
        outcome=str(look.reading.outcome),
        reason=str(look.reading.reason),
        strength=str(look.reading.strength) if look.reading.strength else None,
        sent=look.sent_at,
        age_seconds=look.reading.age_seconds,
        boot=batch.boot_id,
        sent_monotonic=microseconds(look.sent_monotonic),
        snapshot=snapshot,
        basis=look.basis,
        exchanges=answers,
    )
