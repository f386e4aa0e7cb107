"""Snapshots: one row for each new thing that a post was seen to say; a look that shows a known one is a revisit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from archiver.model.capture import Capture, provenance
from archiver.model.observation import Batch, Look, SubjectKind
from archiver.model.snapshot import Snapshot
from archiver.store import contents, search
from archiver.store.columns import portions
from archiver.store.draft import Draft
from archiver.store.tables import contents as contents_rows
from archiver.store.tables import snapshots
from archiver.store.transaction import Transaction


def keep(draft: Draft, batch: Batch, looks: Sequence[Look]) -> list[int | None]:
    """The number of each look's snapshot: one on file with the same digest (a revisit), or a new one; None without."""
    saying = {int(look.subject_key) for look in looks if _said(look)}
    shelf = _Shelf(draft, batch.endpoint, saying, f"{batch.adapter}/{batch.adapter_version}")
    return [
        shelf.keep(int(look.subject_key), said, look.received_at) if (said := _said(look)) else None for look in looks
    ]


def keep_captured(transaction: Transaction, post: int, capture: Capture) -> int:
    """The same of what a web archive captured: taken when the archive took it, and its provenance is the archive."""
    draft = Draft(transaction)
    shelf = _Shelf(draft, capture.archive, {post}, provenance(capture.archive, capture.captured_at))
    number = shelf.keep(post, capture.snapshot, capture.captured_at)
    draft.write()
    return number


def _said(look: Look) -> Snapshot | None:
    return look.reading.snapshot if look.subject_kind is SubjectKind.POST else None


class _Shelf:
    """The snapshots of some posts from one endpoint: those on file, and those that are about to be."""

    def __init__(self, draft: Draft, endpoint: str, posts: Collection[int], by: str) -> None:
        self._draft, self._endpoint, self._by = draft, endpoint, by
        self._earlier: dict[int, dict[str, int]] = {}
        """Post → digest → the newest snapshot with it, the newest of all last."""
        self._new: dict[int, Snapshot] = {}
        for row in draft.transaction.connection.execute(
            select(snapshots.c.id, snapshots.c.post, contents_rows.c.digest)
            .outerjoin(contents_rows, contents_rows.c.id == snapshots.c.content)
            .where(snapshots.c.post.in_(sorted(posts)), snapshots.c.endpoint == endpoint)
            .order_by(snapshots.c.id)
        ):
            # One that was redacted has no digest any more: whatever is said now is new.
            self._place(row.post, row.digest or f"redacted {row.id}", row.id)

    def keep(self, post: int, snapshot: Snapshot, taken_at: datetime) -> int:
        plain = self._draft.keep_json(snapshot.canonical())
        on_file = self._earlier.get(post, {})
        if plain in on_file:
            return on_file[plain]
        connection = self._draft.transaction.connection
        search.add(connection, post, "snapshot", f"{snapshot.text}\n{snapshot.author_name or ''}")
        row = {"post": post, "endpoint": self._endpoint, "content": plain, "taken_at": taken_at, "provenance": self._by}
        number = self._draft.add(snapshots, row | {"kind": _kind(snapshot, self._newest(post))})
        self._place(post, plain, number)
        self._new[number] = snapshot
        return number

    def _place(self, post: int, plain: str, number: int) -> None:
        on_file = self._earlier.setdefault(post, {})
        on_file.pop(plain, None)
        on_file[plain] = number

    def _newest(self, post: int) -> Snapshot | None:
        number = next(reversed(self._earlier.get(post, {}).values()), None)
        if number is None or number in self._new:
            return None if number is None else self._new[number]
        return load(self._draft.transaction.connection, number)


def load(connection: Connection, snapshot: int) -> Snapshot | None:
    """A stored snapshot; None once it was redacted."""
    return load_all(connection, [snapshot]).get(snapshot)


def load_all(connection: Connection, numbers: Collection[int]) -> dict[int, Snapshot]:
    """These snapshots, by number; those that were redacted are left out."""
    found: dict[int, Snapshot] = {}
    for part in portions(sorted(numbers)):
        rows = connection.execute(select(snapshots.c.id, snapshots.c.content).where(snapshots.c.id.in_(part))).all()
        nouns = contents.get_json(connection, [row.content for row in rows])
        found |= {row.id: Snapshot.from_canonical(nouns[row.content]) for row in rows if row.content in nouns}
    return found


def _kind(snapshot: Snapshot, previous: Snapshot | None) -> str:
    """ "first", "edited" (the platform says so), "changed" (other words), or "detail" (same words, other fields)."""
    if previous is None:
        return "first"
    edited_in_place = snapshot.edited_at is not None and snapshot.edited_at != previous.edited_at
    if edited_in_place or len(snapshot.edit_chain) > len(previous.edit_chain):
        return "edited"
    return "changed" if snapshot.text != previous.text else "detail"
