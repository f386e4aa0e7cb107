"""Contents as a bag carries them: what opens a commitment, or the line that says why nothing does any more."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from sqlalchemy import Connection, select

from archiver import digest
from archiver.errors import DataRefusedError
from archiver.store.carrying import Record
from archiver.store.contents import unpacked
from archiver.store.numbers import Numbers
from archiver.store.tables import content_removals, contents

PAGE = 50
_AT_ONCE = 2
"""So many contents are in memory together: a picture may have megabytes."""


def content_records(connection: Connection, numbers: Numbers, *, words: bool) -> Iterator[Record]:
    """Contents by ascending number. Raises DataRefusedError for one that is damaged, or gone without a line.

    "opening" is the base64 of nonce and bytes: its SHA-256 is the commitment. Without words the commitment alone is
    told.
    """
    for part in numbers.portions(PAGE):
        gone = {
            row.content: row
            for row in connection.execute(select(content_removals).where(content_removals.c.content.in_(part)))
        }
        query = select(contents).where(contents.c.id.in_(part)).order_by(contents.c.id)
        rows = connection.execute(query.execution_options(yield_per=_AT_ONCE))
        row = next(rows, None)
        for number in part:
            while row is not None and row.id < number:
                row = next(rows, None)
            if number in gone:
                yield {"content": number, "removed": gone[number].kind, "removed_by": gone[number].ledger}
                continue
            if row is None or row.id != number:
                raise DataRefusedError(f"content {number} is missing, and no line of the ledger says why")
            opening = row.nonce + unpacked(row)
            if digest.of_bytes(opening) != row.commitment:
                raise DataRefusedError(f"content {number} is damaged: it does not agree with its commitment")
            told = {"content": number, "commitment": row.commitment}
            yield told | ({"opening": b64encode(opening).decode()} if words else {})
