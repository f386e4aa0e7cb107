"""What a verifier reads: rows as the database has them, in order, a few at a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, LargeBinary, Select, and_, cast, func, or_, select

from archiver import digest
from archiver.store import anchor, migrate, seals, told
from archiver.store import contents as contents_room
from archiver.store import tables as t
from archiver.store.anchor import Anchor
from archiver.store.seals import removed_commitment, sealed_tables

_LINES_AT_ONCE = 500
_CONTENTS_AT_ONCE = 20
CODECS = ("plain", "deflate")
_STEPS_BETWEEN = 100_000
"""SQLite's own steps between two looks whether to stop."""


class StoredLine(NamedTuple):
    """A row of the ledger."""

    number: int
    line: bytes
    head: str


class StoredNote(NamedTuple):
    """A row of the checkpoints."""

    number: int
    lines: int
    head: str
    made_at: str
    fingerprint: str
    note: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """One state of the archive, to be read through."""

    connection: Connection
    stopped: Callable[[], bool] = bool
    """Whether reading is to end early."""

    def unsound(self) -> str | None:
        """What is wrong with the database as such; None if nothing is. Raises BusyError when told to stop."""
        driver: Any = self.connection.connection.driver_connection
        driver.set_progress_handler(self.stopped, _STEPS_BETWEEN)
        try:
            told = self.connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        finally:
            driver.set_progress_handler(None, 0)
        if told != "ok":
            return str(told).splitlines()[0]
        return self._otherwise_made()

    def _otherwise_made(self) -> str | None:
        """What of the schema is not as the program makes it. Tables and indexes of somebody else's do no harm."""
        found, made = migrate.schema_rows(self.connection), migrate.schema()
        for kind, name, _ in sorted(made - found):
            return f"the {kind} {name} is not as the program made it"
        for kind, name, _ in sorted(found - made):
            if kind == "trigger":
                return f"there is a trigger {name} that the program did not make"
        return None

    def breaks(self) -> str | None:
        """The same at a glance: what SQLite's quick check finds; None if it finds nothing."""
        told = self.connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        return None if told == "ok" else str(told).splitlines()[0]

    def head(self, number: int) -> str | None:
        """The head of that line of the ledger, as it is stored; None where there is none."""
        return self.connection.execute(select(t.ledger.c.head).where(t.ledger.c.number == number)).scalar()

    def ledger_lines(self, after: int = 0) -> Iterator[StoredLine]:
        """The rows of the ledger behind that number."""
        line = cast(t.ledger.c.line, LargeBinary)
        query = select(t.ledger.c.number, line, t.ledger.c.head).where(t.ledger.c.number > after)
        for row in _raw(self.connection, query.order_by(t.ledger.c.number), _LINES_AT_ONCE):
            yield StoredLine(row[0], bytes(row[1] or b""), row[2])

    def ledger_length(self) -> int:
        """How many lines the ledger has."""
        return int(self.connection.execute(select(func.count()).select_from(t.ledger)).scalar_one())

    def notes(self) -> Iterator[StoredNote]:
        """The rows of the checkpoints."""
        each = t.checkpoints.c
        note = cast(each.note, LargeBinary)
        query = select(each.id, each.lines, each.head, each.made_at, each.fingerprint, note).order_by(each.id)
        for row in _raw(self.connection, query, _LINES_AT_ONCE):
            yield StoredNote(row[0], row[1], row[2], row[3], row[4], bytes(row[5] or b""))

    def damaged_content(self, number: int, row: Any) -> str | None:
        """What is wrong with a content (None: its row is gone); None for one that is whole, or rightly removed."""
        if row is None or row.codec == contents_room.REMOVED:
            removed = removed_commitment(self.connection, number)
            if removed is None or (row is not None and row.commitment != removed):
                return "is missing, and no line of the ledger says that it was removed"
            return None
        payload = _unpacked(row) if row.codec in CODECS else None
        if payload is None or digest.of_bytes(payload) != row.digest:
            return "is not what was kept"
        return None if digest.commitment(row.nonce, payload) == row.commitment else "does not fit its commitment"

    def kept_contents(self) -> Iterator[tuple[int, Any]]:
        """(number, row) of every content that there ever was; None for a row that is gone."""
        given = int(
            self.connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'contents'").scalar() or 0
        )
        last = 0
        while True:
            query = select(t.contents).where(t.contents.c.id > last).order_by(t.contents.c.id).limit(_CONTENTS_AT_ONCE)
            rows = self.connection.execute(query).all()
            for row in rows:
                yield from ((number, None) for number in range(last + 1, row.id))
                yield row.id, row
                last = row.id
            if not rows:
                break
        yield from ((number, None) for number in range(last + 1, given + 1))

    def counts(self) -> dict[str, int]:
        """How many rows there are, or were, of each table that is sealed."""
        found = {
            name: int(self.connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in sealed_tables().items()
        }
        kept = select(t.contents.c.id).where(t.contents.c.id == t.content_removals.c.content)
        gone = select(func.count()).select_from(t.content_removals).where(~kept.exists())
        found["contents"] += int(self.connection.execute(gone).scalar_one())
        return found

    def tokens(self) -> Iterator[tuple[int, int, bytes]]:
        """(checkpoint, content, note) of every time-stamp that was had."""
        query = (
            select(t.timestamps.c.checkpoint, t.timestamps.c.content, cast(t.checkpoints.c.note, LargeBinary))
            .join(t.checkpoints, t.checkpoints.c.id == t.timestamps.c.checkpoint)
            .where(t.timestamps.c.content.is_not(None))
            .order_by(t.timestamps.c.id)
        )
        for row in self.connection.execute(query):
            yield int(row[0]), int(row[1]), bytes(row[2])

    def misnamed_post(self) -> int | None:
        """A post whose state names another platform, host or id than history does; None if there is none."""
        named = t.identifications.alias("named")
        newest = (
            select(named.c.native_id).where(named.c.post == t.posts.c.id).order_by(named.c.id.desc()).limit(1)
        ).scalar_subquery()
        state = t.post_states.c
        query = (
            select(t.posts.c.id)
            .outerjoin(t.post_states, state.post == t.posts.c.id)
            .where(
                or_(
                    state.post.is_(None),
                    state.platform != t.posts.c.platform,
                    state.host.is_distinct_from(t.posts.c.host),
                    and_(state.alias_of.is_(None), state.native_id.is_distinct_from(newest)),
                )
            )
        )
        found = self.connection.execute(query.order_by(t.posts.c.id).limit(1)).scalar()
        return None if found is None else int(found)

    def differences(self, line: int, fields: Mapping[str, Any]) -> list[str]:
        """Fields in which a line of the ledger and the row that it tells differ."""
        return told.differences(self.connection, line, fields)

    def told_rows(self) -> Iterator[tuple[str, str, int]]:
        """(kind of line, table, how many rows) of every kind that tells one row a line."""
        return told.rows(self.connection)

    def is_sealed(self, fields: Mapping[str, Any]) -> bool:
        """Whether the rows that a line of kind "rows" seals are those that it was written of."""
        return seals.holds(self.connection, *(fields[each] for each in ("seal", "number", "sealed", "commitment")))

    def content(self, number: int) -> bytes | None:
        """The bytes of a content; None once they were removed."""
        return contents_room.get(self.connection, number)

    def end(self) -> Anchor:
        """Where the ledger stands."""
        return anchor.end(self.connection)


def _unpacked(row: Any) -> bytes | None:
    """The bytes; None where they are not as many as they were. A damaged row unpacks to no more than that."""
    try:
        payload = zlib.decompressobj().decompress(row.packed, row.size + 1) if row.codec == "deflate" else row.packed
    except zlib.error:
        return None
    return bytes(payload) if len(payload) == row.size else None


def _raw(connection: Connection, query: Select[*tuple[Any, ...]], at_once: int) -> Iterator[Any]:
    """Rows as the driver has them."""
    cursor = connection.execute(query).cursor
    while cursor is not None and (rows := cursor.fetchmany(at_once)):
        yield from rows
