"""Snapshots: one row for each new thing that a post was seen to say; a look that shows a known one is a revisit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from archiver.model.capture import Capture, provenance
from archiver.model.observation import Batch, Look, SubjectKind
from archiver.model.snapshot import Snapshot
from archiver.store import contents, search
from archiver.store.tables import add_row, snapshots
from archiver.store.transaction import Transaction


def keep(transaction: Transaction, batch: Batch, look: Look) -> int | None:
    """The number of the look's snapshot: one on file with the same digest (a revisit), or a new one."""
    snapshot = look.reading.snapshot
    if snapshot is None or look.subject_kind is not SubjectKind.POST:
        return None
    by = f"{batch.adapter}/{batch.adapter_version}"
    return _keep(transaction.connection, int(look.subject_key), batch.endpoint, snapshot, look.received_at, by)


def keep_captured(transaction: Transaction, post: int, capture: Capture) -> int:
    """The same of what a web archive captured: taken when the archive took it, and its provenance is the archive."""
    by = provenance(capture.archive, capture.captured_at)
    return _keep(transaction.connection, post, capture.archive, capture.snapshot, capture.captured_at, by)


def _keep(connection: Connection, post: int, endpoint: str, snapshot: Snapshot, taken_at: datetime, by: str) -> int:
    content = contents.put_json(connection, snapshot.canonical())
    earlier = connection.execute(
        select(snapshots)
        .where(snapshots.c.post == post, snapshots.c.endpoint == endpoint)
        .order_by(snapshots.c.id.desc())
    ).all()
    same = next((row.id for row in earlier if row.content == content.id), None)
    if same is not None:
        return int(same)
    search.add(connection, post, "snapshot", f"{snapshot.text}\n{snapshot.author_name or ''}")
    return add_row(
        connection,
        snapshots,
        post=post,
        endpoint=endpoint,
        content=content.id,
        kind=_kind(connection, snapshot, earlier[0].id if earlier else None),
        taken_at=taken_at,
        provenance=by,
    )


def load(connection: Connection, snapshot: int) -> Snapshot | None:
    """A stored snapshot; None once it was redacted."""
    content = connection.execute(select(snapshots.c.content).where(snapshots.c.id == snapshot)).scalar_one()
    noun = contents.get_json(connection, [content])
    return Snapshot.from_canonical(noun[content]) if noun else None


def _kind(connection: Connection, snapshot: Snapshot, before: int | None) -> str:
    """ "first", "edited" (the platform says so), "changed" (other words), or "detail" (same words, other fields)."""
    previous = load(connection, before) if before is not None else None
    if previous is None:
        return "first"
    edited_in_place = snapshot.edited_at is not None and snapshot.edited_at != previous.edited_at
    if edited_in_place or len(snapshot.edit_chain) > len(previous.edit_chain):
        return "edited"
    return "changed" if snapshot.text != previous.text else "detail"
