"""The record of disappearances as one CSV or JSON Lines file, whole or not at all.

Posts that were seen alive and then deleted stand in FILE. Posts that were gone before the first look are another
claim, and stand apart in a second file beside it: FILE's name with `-gone-before-first-look`.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from archiver.audit import cells, reposts, wording
from archiver.audit.whole import whole
from archiver.errors import UsageError
from archiver.model.listing import Citation, PostFilter, PostListing
from archiver.model.verdict import State
from archiver.store import history, listing
from archiver.store.transaction import Store

COLUMNS = (
    "record",
    "post",
    "platform",
    "post_id",
    "permalink",
    "author_handle",
    "author_id",
    "author_name",
    "text",
    "text_from",
    "links",
    "published_at",
    "published_on",
    "first_seen_at",
    "last_seen_at",
    "gone_after",
    "gone_by",
    "decided_at",
    "grade",
    "checks",
    "endpoints",
    "rests_on",
    "statement",
    "reposted_as",
    "articles",
    "snapshot_digests",
    "archive_captures",
    "ledger_line",
    "rules_version",
    "flags",
)
"""Columns of the CSV and keys of a JSON line, in order."""

APART = {State.DELETED: "", State.GONE_BEFORE_FIRST_LOOK: "-gone-before-first-look"}


def export(
    store: Store, target: Path, wanted: PostFilter, unsafe: tuple[str, ...] = (), *, limit: int | None = None
) -> dict[Path, int]:
    """Write the records that pass the filter. Returns how many stand in each file.

    `limit` bounds each file. `unsafe` names weaker rules that were in force; every record carries them.
    An existing file is replaced only by a whole new one. Raises UsageError for another suffix, StorageError where the
    disk refuses.
    """
    writers = {".csv": _write_csv, ".jsonl": _write_jsonl}
    write = writers.get(target.suffix.lower())
    if write is None:
        raise UsageError(f"{target}: an export ends in .csv or .jsonl")
    written: dict[Path, int] = {}
    # Both are written before either takes its name: what stands there is always of one export.
    with contextlib.ExitStack() as both:
        for state, suffix in APART.items():
            path = target.with_name(f"{target.stem}{suffix}{target.suffix}")
            asked = not wanted.verdict or state in wanted.verdict
            records = _records(store, replace(wanted, verdict=(state,)), unsafe, limit) if asked else iter(())
            file = both.enter_context(whole(path))
            written[path] = write(file, records)
            file.flush()
            os.fsync(file.fileno())
    return written


def _records(store: Store, wanted: PostFilter, unsafe: tuple[str, ...], limit: int | None) -> Iterator[dict[str, Any]]:
    with store.reading() as connection:
        for post in listing.posts(connection, wanted, limit=limit):
            given = history.verdicts_of(connection, post.number)[-1]
            looks = history.endpoints_of(connection, given.rests_on)
            absents = [look for look in looks.values() if look[1] == "absent"]
            checks, endpoints = len(absents), len({look[0] for look in absents})
            interval = given.verdict.get("interval") or {}
            yield _record(post, checks, endpoints, interval.get("left_observation")) | {
                "rests_on": list(given.rests_on),
                "reposted_as": [_repost(each) for each in reposts.of_post(store, post)],
                "articles": [_place(each) for each in listing.citations(connection, post.number)],
                "snapshot_digests": history.snapshot_digests(connection, post.number),
                "archive_captures": [f"{each.provenance} {each.address}" for each in post.captures],
                "ledger_line": given.ledger,
                "rules_version": ", ".join((given.rules_version, *unsafe)),
            }


def _record(post: PostListing, checks: int, endpoints: int, sighting: int | None) -> dict[str, Any]:
    return {
        "record": str(post.state),
        "post": f"p{post.number}",
        "platform": post.platform,
        "post_id": post.native_id,
        "permalink": post.permalink,
        "author_handle": post.author_handle,
        "author_id": post.author_id,
        "author_name": post.author_name,
        "text": post.text,
        "text_from": post.text_from,
        "links": [{"url": link.url, "text": link.text} for link in post.links],
        "published_at": _time(post.published_at),
        "published_on": post.published_on.isoformat() if post.published_on else None,
        "first_seen_at": _time(post.first_seen_at),
        "last_seen_at": _time(post.last_seen_at),
        "gone_after": _time(post.gone_after),
        "gone_by": _time(post.gone_by),
        "decided_at": _time(post.decided_at),
        "grade": post.grade,
        "checks": checks,
        "endpoints": endpoints,
        "statement": wording.disappearance(post, checks, endpoints, sighting),
        "flags": list(post.flags),
    }


def _repost(repost: reposts.Repost) -> str:
    at = _time(repost.published_at)
    return f"p{repost.number}, published {at}, {repost.alike} of 100 alike: {repost.permalink or 'no address'}"


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "address": citation.address,
        "title": citation.title,
        "location": citation.location,
        "position": citation.position,
        "still_there": citation.closed_at is None,
    }


def _write_jsonl(file: TextIO, records: Iterator[dict[str, Any]]) -> int:
    count = 0
    for record in records:
        count += 1
        file.write(json.dumps({key: record[key] for key in COLUMNS}, ensure_ascii=False) + "\n")
    return count


def _write_csv(file: TextIO, records: Iterator[dict[str, Any]]) -> int:
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for record in records:
        count += 1
        writer.writerow([cells.safe(_cell(record[key])) for key in COLUMNS])
    return count


def _cell(part: Any) -> str:
    if part is None:
        return ""
    if not isinstance(part, list):
        return str(part)
    return " | ".join(_cell_of_list(each) for each in part)


def _cell_of_list(each: Any) -> str:
    if not isinstance(each, dict):
        return str(each)
    if "text" in each:
        return each["url"] if each["url"] == each["text"] else f"{each['text']} -> {each['url']}"
    return str(each["address"] or each["location"])


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
