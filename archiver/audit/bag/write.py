"""Writing a bag, in one state of the archive and in this order:

    the ledger, line by line ─which line tells of which row→ batches · events · looks with their exchanges · posts
        ─which contents those name→ contents ─→ checkpoints, keys, time-stamps · tables and report for people
    counts → the bag's statement · README.txt and the verifiers → manifest → its signature

Everything is streamed in the order of keys; what is held in memory is a few bits for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archiver import digest
from archiver.audit import records, sheets
from archiver.audit.bag import files, papers, statement
from archiver.audit.bag.order import Counted, Order, Progress
from archiver.audit.bag.warc import Warc
from archiver.audit.export import APART
from archiver.checkpoints import parse, public_pem
from archiver.errors import DataRefusedError
from archiver.store import (
    carried_events,
    carried_looks,
    carried_pictures,
    carried_posts,
    checkpoints,
    history,
    kept,
    keys,
    lines,
    opened,
    vouched,
)
from archiver.store.carried import Carried, carried
from archiver.store.carrying import Carrier, names_somebody
from archiver.store.lines import LineNumbers
from archiver.store.transaction import Reader, Store

OPEN_COLUMNS = tuple(
    column
    for column in records.COLUMNS
    if column
    in {
        *(
            "record",
            "post",
            "platform",
            "post_id",
            "published_at",
            "published_on",
            "first_seen_at",
            "last_seen_at",
            "gone_after",
        ),
        *("gone_by", "decided_at", "grade", "checks", "endpoints", "rests_on", "statement", "ledger_line"),
        *("rules_version", "flags"),
    }
)
"""Columns of the tables that name nobody and quote nothing."""


def write(store: Store, target: Path, order: Order, progress: Progress) -> Counted:
    """Make the bag `target`, a new folder. Returns what it holds.

    Raises UsageError where the folder exists, StorageError where the disk refuses, DataRefusedError for a damaged
    archive: in each case nothing is left.
    """
    with store.reading() as connection, files.whole(target) as bag:
        return _Writing(connection, bag, order, progress).go()


class _Writing:
    """One bag on its way."""

    def __init__(self, connection: Reader, bag: Path, order: Order, progress: Progress) -> None:
        self._connection = connection
        self._bag = bag
        self._data = bag / "data"
        self._order = order
        self._progress = progress
        self._counted = _vouched(connection)
        self._counted.signed_by, self._counted.alarms = order.key, order.alarms
        self._carried: Carried = carried(connection, order.wanted)

    def go(self) -> Counted:
        carrier = Carrier(self._connection, self._ledger(), words=self._order.words)
        self._rows("batches.jsonl", carried_looks.batch_records(carrier, self._carried.batches))
        self._rows("events.jsonl", carried_events.event_records(carrier, self._carried.batches))
        self._looks(carrier)
        self._rows("posts.jsonl", carried_posts.post_records(carrier, self._carried.posts), self._count)
        openings = opened.content_records(self._connection, carrier.contents, words=self._order.words)
        self._rows("contents.jsonl", openings)
        self._checkpoints()
        self._tables()
        self._counted.archived = _by_state(history.counts(self._connection))
        self._order.report(self._connection, self._data / "report.html", self._counted)
        papers.lay(self._data, self._order, self._counted)
        self._seal()
        return self._counted

    def _ledger(self) -> LineNumbers:
        telling = LineNumbers()
        with (self._data / "ledger.jsonl").open("wb") as file:
            for number, line in lines.walk(self._connection):
                file.write(line.encode() + b"\n")
                telling.take(number, line)
                self._progress(number, "ledger.jsonl")
        return telling

    def _rows(
        self, name: str, found: Iterable[dict[str, Any]], seen: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        """A file of canonical JSON, a line for each record."""
        written = 0
        with (self._data / name).open("wb") as file:
            for record in found:
                file.write(digest.canonical(record) + b"\n")
                written += 1
                self._progress(written, name)
                if seen:
                    seen(record)
        self._counted.files[name] = written

    def _count(self, post: dict[str, Any]) -> None:
        state = post["standing"]["state"]
        self._counted.posts[state] = self._counted.posts.get(state, 0) + 1

    def _looks(self, carrier: Carrier) -> None:
        """Looks, and beside them their exchanges: those a public bag has by commitment only."""
        if not self._order.words:
            looks = carried_looks.look_records(carrier, self._carried.observations)
            self._rows("observations.jsonl", (record for record, _ in looks))
            return
        again = kept.repeated_payloads(self._connection, self._carried.observations)
        with (self._data / "exchanges.warc.gz").open("wb") as file:
            warc = Warc(file, self._connection, self._counted, again)

            def with_exchanges() -> Iterable[dict[str, Any]]:
                looks = carried_looks.look_records(carrier, self._carried.observations)
                while page := list(islice(looks, carried_looks.PAGE)):
                    warc.add([(record["observation"], row) for record, rows in page for row in rows])
                    yield from (record for record, _ in page)

            self._rows("observations.jsonl", with_exchanges())
            for page in carried_pictures.exchanges(self._connection, self._carried.posts):
                warc.add([(None, row) for row in page])

    def _checkpoints(self) -> None:
        folder = self._data / "checkpoints"
        for each in ("keys", "timestamps"):
            (folder / each).mkdir(parents=True)
        for checkpoint in vouched.checkpoints_of(self._connection):
            name = f"{checkpoint.lines:010}-{checkpoint.number}"
            (folder / f"{name}.txt").write_bytes(checkpoint.note.encode())
            for number, token in vouched.timestamps_of(self._connection, checkpoint.number):
                (folder / "timestamps" / f"{name}-{number}.tsr").write_bytes(token)
        for key in keys.listed(self._connection):
            pem = folder / "keys" / f"{key.fingerprint.partition(':')[2]}.pem"
            pem.write_bytes(public_pem(key.public).encode())

    def _tables(self) -> None:
        """Deletions and what was gone before the first look: two claims, apart, each as CSV and as a spreadsheet."""
        wanted, columns = self._order.wanted, records.COLUMNS if self._order.words else OPEN_COLUMNS
        for state, suffix in APART.items():
            asked = not wanted.verdict or state in wanted.verdict
            of = replace(wanted, verdict=(state,))
            found = records.of(self._connection, of, self._order.unsafe) if asked else iter(())
            path, written = self._data / f"deleted{suffix}.csv", 0
            with (
                sheets.csv_table(path, columns) as to_csv,
                sheets.spreadsheet(path.with_suffix(".xlsx"), columns, self._counted.as_of) as to_sheet,
            ):
                for record in found:
                    if not self._order.words and names_somebody(record["platform"], record["post_id"] or ""):
                        record["post_id"] = None
                    to_csv(record)
                    to_sheet(record)
                    written += 1
                    self._progress(written, path.name)
            self._counted.files[path.name] = written

    def _seal(self) -> None:
        """The statement, twice; the manifest and its signature; what BagIt wants besides."""
        told = statement.text(self._order, self._counted).encode()
        (self._data / "statement.txt").write_bytes(told)
        (self._bag / "bag-info.txt").write_bytes(told)
        manifest = files.manifest(self._bag, files.payload_names(self._bag))
        (self._bag / files.MANIFEST).write_bytes(manifest)
        tags = ["bagit.txt", "bag-info.txt", files.MANIFEST]
        if self._order.sign is not None:
            (self._bag / files.SIGNATURE).write_bytes(self._order.sign(manifest))
            tags.append(files.SIGNATURE)
        (self._bag / files.TAG_MANIFEST).write_bytes(files.manifest(self._bag, tags))


def _vouched(connection: Reader) -> Counted:
    """Up to where the ledger is vouched for, and as of when."""
    last_line = lines.last(connection)
    newest = checkpoints.newest(connection)
    if newest is not None:
        signed = parse(newest.note.encode()).checkpoint
        return Counted(newest.made_at, signed.origin, last_line, signed.lines, signed.head)
    told = lines.load(connection, [last_line]).get(last_line)
    if told is None:
        raise DataRefusedError("the archive is empty: nothing was ever scanned, so there is nothing to export")
    return Counted(_time_of(told), lines=last_line)


def _time_of(line: str) -> datetime:
    return datetime.fromisoformat(line.partition('"at":"')[2].partition('"')[0])


def _by_state(counts: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix("posts: "): number for name, number in counts.items() if name.startswith("posts: ")}
