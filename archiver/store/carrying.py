"""Rows as a bag carries them: each with the ledger line that tells of it, word for word, and what the line leaves out.

`Carrier` reads; what it hands over are JSON values whose names are the columns'. A content stands in them as
{"content": number, "said": its JSON value}, and its number is noted: the bag needs the row of `contents` too. Without
`words` (profile "public") everything that somebody wrote, or that names a person, is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from archiver import digest
from archiver.clock import utc_text
from archiver.store import contents, lines
from archiver.store.columns import portions
from archiver.store.lines import LineNumbers
from archiver.store.numbers import Numbers
from archiver.store.tables import contents as rows

Record = dict[str, Any]


class Carrier:
    """What all records of one bag are read with."""

    def __init__(self, connection: Connection, telling: LineNumbers, *, words: bool) -> None:
        self.connection = connection
        self.telling = telling
        self.words = words
        self.contents = Numbers()
        """Contents that records named so far."""

    def lines(self, numbers: Iterable[int | None]) -> Lines:
        """These lines of the ledger."""
        return Lines(lines.load(self.connection, numbers))

    def lines_of(self, kind: str, rows: Iterable[int]) -> Lines:
        """The lines of this kind that tell of these rows."""
        found = {row: self.telling.of(kind, row) for row in rows}
        loaded = lines.load(self.connection, found.values())
        return Lines({row: loaded[number] for row, number in found.items() if number in loaded})

    def said(self, numbers: Iterable[int | None]) -> Said:
        """The words of these contents, JSON values all."""
        named = [number for number in numbers if number is not None]
        self.contents.update(named)
        return Said(contents.get_json(self.connection, named) if self.words else {})

    def opened(self, keys: Iterable[bytes]) -> Opened:
        """Which contents hold these bytes."""
        digests = {digest.of_bytes(key) for key in keys}
        found: dict[str, int] = {}
        for part in portions(digests):
            query = select(rows.c.commitment, rows.c.id).where(rows.c.digest.in_(part))
            found |= {commitment: number for commitment, number in self.connection.execute(query)}
        return Opened(self, found)

    def shown_id(self, platform: str, native_id: str | None) -> Record:
        """The id of a post; left out without words where somebody's name is part of it."""
        shown = native_id is not None and (self.words or not names_somebody(platform, native_id))
        return {"native_id": native_id} if shown else {}

    def private(self, record: Record) -> Record:
        """What only a bag with words holds."""
        return record if self.words else {}


class Opened:
    """Contents by commitment: a line of the ledger names one so."""

    def __init__(self, carrier: Carrier, found: Mapping[str, int]) -> None:
        self._carrier = carrier
        self._found = found

    def of(self, line: Record, field: str) -> int | None:
        """The content that this field of the line names; None for one that was removed."""
        number = self._found.get(line.get("line", {}).get(field))
        self._carrier.contents.update([number])
        return number


class Lines:
    """Lines of the ledger, by their own number or by the row that they tell of."""

    def __init__(self, found: Mapping[int, str]) -> None:
        self._found = found

    def of(self, number: int) -> Record:
        """The member "line" of a record; {} where the ledger has none."""
        line = self._found.get(number)
        return {} if line is None else {"line": json.loads(line)}


class Said:
    """Contents by number."""

    def __init__(self, found: Mapping[int, Any]) -> None:
        self._found = found

    def of(self, number: int) -> Record:
        """A content as records name it; "said" is left out where it was removed, or words are not carried."""
        said = self._found.get(number)
        return {"content": number} if said is None else {"content": number, "said": said}


def told(row: Any, *names: str) -> Record:
    """Columns of a row as JSON has them; those that are empty are left out."""
    parts = {name: plain(getattr(row, name)) for name in names}
    return {name: part for name, part in parts.items() if part not in (None, [], "")}


def plain(part: Any) -> Any:
    """A column as a JSON value."""
    if isinstance(part, datetime):
        return utc_text(part)
    return part.isoformat() if isinstance(part, date) else part


def names_somebody(platform: str, native_id: str) -> bool:
    """Whether an id holds the name of an account: a Telegram channel's, or a Bluesky handle instead of a DID."""
    return platform == "telegram" or (platform == "bluesky" and not native_id.startswith("did:"))
