"""What a line of the ledger tells, told again from the row that it was written of: where they differ, one was edited.

Every kind of line stands in exactly one of `TELLINGS` (it tells a row), `REMOVALS` (it tells many) and `UNTOLD` (why it
tells none). A row that no line tells, and every column that a line leaves out, is held by the seals (`seals.py`).
Values are compared as the database has them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table, Text, bindparam, cast, func, select
from sqlalchemy.dialects import sqlite

from archiver import digest
from archiver.store import tables as t
from archiver.store.contents import REMOVED
from archiver.store.seals import removed_commitment

Row = Mapping[str, Any]
Again = Callable[[Connection, Row, Any], Any]
"""Tells a field again, from a row; what the line says helps where there is more than one right answer."""


def _compiled(query: Any) -> str:
    return str(query.compile(dialect=sqlite.dialect(paramstyle="qmark")))


def _rows(connection: Connection, statement: str, *wanted: Any) -> list[Any]:
    """Rows straight from the driver: a whole archive is gone through like this, a row at a time."""
    driver: Any = connection.connection.driver_connection
    return list(driver.execute(statement, wanted))


_WANTED: Any = bindparam("wanted")
_COMMITMENT = _compiled(select(t.contents.c.commitment).where(t.contents.c.id == _WANTED))
_KEPT = _compiled(select(t.contents.c.digest, t.contents.c.commitment).where(t.contents.c.digest == _WANTED))
_REMOVED = _compiled(select(t.content_removals.c.content)) + " LIMIT 1"


@dataclass(frozen=True)
class Telling:
    """How a kind of line tells a row."""

    table: Table
    number: str
    """The field that names the row."""
    same: tuple[str, ...] = ()
    """Fields that are columns of the same name."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Fields that are columns of another name."""
    committed: tuple[str, ...] = ()
    """Fields that hold the commitment of the content that the column of that name has."""
    made: Mapping[str, Again] = field(default_factory=dict)
    """Fields that are made of more than one column."""

    @cached_property
    def _query(self) -> str:
        (key,) = self.table.primary_key.columns
        return _compiled(select(self.table).where(key == _WANTED))

    @cached_property
    def _names(self) -> list[str]:
        return [column.name for column in self.table.c]

    def differences(self, connection: Connection, line: int, told: Mapping[str, Any]) -> Iterator[str]:
        """Names of the fields in which line and row differ; the row's own, where there is none."""
        found = _rows(connection, self._query, told.get(self.number))
        if not found:
            yield self.number
            return
        row: Row = dict(zip(self._names, found[0], strict=True))
        named = {each: each for each in self.same} | dict(self.renamed)
        named |= {each: each for each in ("run",) if each in row and each in told}
        yield from (each for each, column in named.items() if told.get(each) != row[column])
        yield from (each for each in self.committed if told.get(each) != commitment(connection, row[each]))
        yield from (
            each for each, again in self.made.items() if told.get(each) != again(connection, row, told.get(each))
        )
        if row.get("ledger", line) != line:
            yield "ledger"


def differences(connection: Connection, line: int, told: Mapping[str, Any]) -> list[str]:
    """Names of the fields in which a line and what it tells differ; "kind" where no such line is ever written."""
    kind = told["kind"]
    if kind in REMOVALS:
        return [] if _are_removed(connection, line, told) else ["contents"]
    if kind in TELLINGS:
        return list(TELLINGS[kind].differences(connection, line, told))
    return [] if kind in UNTOLD else ["kind"]


def _are_removed(connection: Connection, line: int, told: Mapping[str, Any]) -> bool:
    """Whether all contents that a line names are gone, and nothing but it says why."""
    gone, kept = t.content_removals.c, t.contents.c
    numbers = told["contents"]
    rows = connection.execute(
        select(gone.content, gone.kind, gone.ledger, cast(gone.removed_at, Text), kept.codec)
        .outerjoin(t.contents, kept.id == gone.content)
        .where(gone.content.in_(numbers))
        .order_by(gone.content)
    ).all()
    # A row that was taken out as a whole, as older programs did, is gone as well.
    found = [(*row[:4], row.codec in (REMOVED, None)) for row in rows]
    return found == [(number, told["kind"], line, told["at"], True) for number in sorted(numbers)]


def commitment(connection: Connection, content: int | None) -> str | None:
    """The commitment of a content, also of one that was removed."""
    if content is None:
        return None
    kept = _rows(connection, _COMMITMENT, content)
    return kept[0][0] if kept else removed_commitment(connection, content)


def rows(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """(kind of line, table, how many rows) of every kind that tells one row a line."""
    for kind, telling in TELLINGS.items():
        number = connection.execute(select(func.count()).select_from(telling.table)).scalar_one()
        yield kind, str(telling.table.name), int(number)


def _words_of(connection: Connection, payload: bytes, told: Any) -> Any:
    """The commitment under which these words were kept: the one that is told, if it may be that.

    Words that were removed and came back are kept under another; what they were kept under first cannot be found again.
    """
    if (digest.of_bytes(payload), told) in _rows(connection, _KEPT, digest.of_bytes(payload)):
        return told
    return told if _rows(connection, _REMOVED) else None


def _identity(connection: Connection, row: Row, told: Any) -> Any:
    said = {name: row[name] for name in ("post", "platform", "native_id")} | {"host": row["host"] or ""}
    return _words_of(connection, digest.canonical(said), told)


def _subject(connection: Connection, row: Row, told: Any) -> Any:
    key = str(row["subject_key"])
    return int(key) if row["subject_kind"] == "post" else _words_of(connection, key.encode(), told)


def _exchanges(connection: Connection, row: Row, told: Any) -> list[str]:
    each = t.exchanges.c
    found = connection.execute(
        select(each.request, each.response, each.payload).where(each.observation == row["id"]).order_by(each.hop)
    ).all()
    return [_exchange(connection, parts._asdict(), told) for parts in found]


def _exchange(connection: Connection, row: Row, told: Any) -> str:
    parts = (row[each] for each in ("request", "response", "payload"))
    return " ".join(str(commitment(connection, part)) for part in parts if part is not None)


def _incident_kind(connection: Connection, row: Row, told: Any) -> Any:
    """Lines of the first programs did not tell it: there was one kind."""
    return None if told is None and row["kind"] == "outage" else row["kind"]


def _classes(connection: Connection, row: Row, told: Any) -> list[str] | None:
    query = select(t.batch_classes.c.outcome).where(t.batch_classes.c.batch == row["id"])
    classes = connection.execute(query).scalars().all()
    return told if sorted(classes) == sorted(told or ()) else list(classes)


def _parsed(column: str) -> Again:
    return lambda connection, row, told: json.loads(row[column])


TELLINGS = {
    "run": Telling(
        t.runs, "run", ("version",), {"purpose": "kind", "configuration": "configuration_digest", "at": "started_at"}
    ),
    "run_end": Telling(t.run_ends, "run", (), {"at": "ended_at"}),
    "article_read": Telling(t.article_versions, "version", ("article", "embeds"), {"at": "read_at"}, ("content",)),
    "identification": Telling(
        t.identifications, "identification", ("post", "how"), {"at": "identified_at"}, made={"content": _identity}
    ),
    "joined": Telling(t.aliases, "post", ("into",), {"at": "joined_at"}),
    "embed": Telling(t.embeds, "embed", ("article", "version", "post"), {"at": "found_at"}, ("words", "context")),
    "embed_closed": Telling(t.embed_closings, "embed", ("reason",), {"at": "closed_at"}),
    "quotation_cut": Telling(t.quotation_cuts, "cut", ("embed", "snapshot"), {"at": "made_at"}, ("content",)),
    "batch": Telling(
        t.batches,
        "batch",
        ("round", "platform", "endpoint", "valid", "controlled"),
        {"at": "closed_at"},
        made={"classes": _classes},
    ),
    "observation": Telling(
        t.observations,
        "observation",
        (
            "batch",
            "subject_kind",
            "endpoint",
            "attempt",
            "outcome",
            "reason",
            "strength",
            "age_seconds",
            "sent_monotonic",
            "snapshot",
            "basis",
        ),
        {"at": "received_at", "sent": "sent_at", "boot": "boot_id"},
        made={
            "subject": _subject,
            "exchanges": _exchanges,
            "adapter": lambda connection, row, told: f"{row['adapter']}/{row['adapter_version']}",
        },
    ),
    "capture": Telling(
        t.captures,
        "capture",
        ("post", "observation", "archive", "age_seconds", "form", "snapshot"),
        {"captured": "captured_at"},
        ("address",),
    ),
    "media": Telling(
        t.media,
        "media",
        ("post", "snapshot", "type", "reason"),
        {"at": "received_at"},
        ("address", "content"),
        made={"exchange": _exchange},
    ),
    "stream_gap": Telling(t.stream_gaps, "gap", ("platform", "endpoint", "since", "until", "why")),
    "redacted": Telling(t.redactions, "redaction", ("post", "reason"), {"at": "redacted_at"}, ("words",)),
    "hold": Telling(t.holds, "hold", ("post",), {"at": "placed_at"}, ("words",)),
    "hold_end": Telling(t.hold_ends, "hold", (), {"at": "ended_at"}, ("words",)),
    "verdict": Telling(
        t.verdicts,
        "verdict",
        ("post", "state", "grade", "interval_left", "interval_right"),
        {"rules": "rules_version"},
        made={
            "rests_on": _parsed("rests_on"),
            "flags": lambda connection, row, told: sorted(json.loads(row["verdict"])["flags"]),
            "parameters": lambda connection, row, told: [
                f"{name}={threshold}" for name, threshold in sorted(json.loads(row["parameters"]).items())
            ],
        },
    ),
    "incident": Telling(
        t.incidents,
        "incident",
        ("platform", "authors", "followed"),
        {"at": "opened_at"},
        made={"posts": _parsed("posts"), "what": _incident_kind},
    ),
    "incident_recovery": Telling(t.incident_recoveries, "incident", (), {"at": "recovered_at"}),
    "incident_acceptance": Telling(t.incident_acceptances, "incident", (), {"at": "accepted_at"}, ("words",)),
    "incident_end": Telling(t.incident_ends, "incident", ("how", "counts_restart"), {"at": "closed_at"}),
    "control": Telling(t.control_events, "control", ("platform", "because"), {"what": "kind", "at": "happened_at"}),
    "archive": Telling(t.origins, "archive", (), {"origin": "archive", "at": "made_at"}),
    "key": Telling(
        t.signing_keys,
        "signing_key",
        ("public", "before"),
        {"key": "fingerprint", "at": "made_at"},
        made={"lost": lambda connection, row, told: row["lost"] or None},
    ),
    "checkpoint": Telling(
        t.checkpoints,
        "checkpoint",
        ("lines", "head"),
        {"key": "fingerprint", "at": "made_at"},
        made={"note": lambda connection, row, told: digest.of_bytes(row["note"].encode())},
    ),
    "handed": Telling(t.handovers, "handover", ("checkpoint", "sink", "taken"), {"at": "handed_at", "to": "kind"}),
    "timestamp": Telling(t.timestamps, "timestamp", ("checkpoint",), {"at": "asked_at"}, ("content",)),
    "fixity": Telling(t.fixity_checks, "fixity", ("outcome", "step", "lines", "contents"), {"at": "happened_at"}),
    "rollback": Telling(
        t.rollbacks,
        "rollback",
        ("anchor_lines", "anchor_head", "lines", "head"),
        {"at": "acknowledged_at"},
        ("reason",),
    ),
}
"""By kind of line."""

REMOVALS = frozenset({"redaction", "thinning"})
"""Kinds of lines that tell a row of `content_removals` for each content that they name."""

UNTOLD = {
    "rows": "it is the seal of rows, and is held against them as such",
    "article_vanished": "whether an article is there is a projection; that its embeds closed, lines of their own tell",
}
"""Kinds of lines that tell no row of history, and why."""
