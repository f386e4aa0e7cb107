"""The record of disappearances as one table, whole or not at all.

Posts that were seen alive and then deleted stand in FILE. Posts that were gone before the first look are another
claim, and stand apart in a second file beside it: FILE's name with `-gone-before-first-look`.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from archiver.audit import records, sheets
from archiver.audit.whole import whole_path
from archiver.errors import UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from archiver.store.transaction import Store

APART = {State.DELETED: "", State.GONE_BEFORE_FIRST_LOOK: "-gone-before-first-look"}


def export(
    store: Store, target: Path, wanted: PostFilter, unsafe: tuple[str, ...] = (), *, limit: int | None = None
) -> dict[Path, int]:
    """Write the records that pass the filter. Returns how many stand in each file.

    `limit` bounds each file. `unsafe` names weaker rules that were in force; every record carries them.
    An existing file is replaced only by a whole new one. Raises UsageError for another suffix, StorageError where the
    disk refuses.
    """
    open_sheet = sheets.BY_SUFFIX.get(target.suffix.lower())
    if open_sheet is None:
        raise UsageError(f"{target}: an export ends in .csv, .xlsx or .jsonl")
    written: dict[Path, int] = {}
    # Both are written before either takes its name: what stands there is always of one export.
    with store.reading() as connection, contextlib.ExitStack() as both:
        for state, suffix in APART.items():
            path = target.with_name(f"{target.stem}{suffix}{target.suffix}")
            asked = not wanted.verdict or state in wanted.verdict
            found = records.of(connection, replace(wanted, verdict=(state,)), unsafe, limit=limit) if asked else ()
            partial = both.enter_context(whole_path(path))
            written[path] = 0
            with open_sheet(partial) as add:
                for record in found:
                    add(record)
                    written[path] += 1
    return written
