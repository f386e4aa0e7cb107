"""The tables for people: each row says what posts.jsonl says of its post."""

from __future__ import annotations

import csv
from typing import Any

from archiver.audit.verifier.reading import Folder, Tampered, at_of

TABLES = {
    "deleted.csv": "deleted",
    "deleted-gone-before-first-look.csv": "gone_before_first_look",
}
"""Which state each of them lists."""
TIMES = ("gone_after", "gone_by", "decided_at")
PERSONAL = ("permalink", "author_handle", "author_id", "author_name", "text")
"""Columns that a public table does not have."""
NUL = "\udc00"
"""Stands for a NUL, which `csv` does not read before Python 3.11: nothing that is read as UTF-8 holds this."""


class Shown:
    """What a table may say of one post: its words are those of a snapshot, or of an article that quotes it."""

    def __init__(self, record: dict[str, Any], verdict: dict[str, Any]) -> None:
        standing = record["standing"]
        self.state = standing["state"]
        self.cells = {
            "record": standing["state"],
            "ledger_line": str(verdict["number"]),
            "post_id": record.get("native_id", ""),
            "permalink": record.get("permalink", ""),
            "author_handle": record.get("author_handle", ""),
            "author_id": record.get("author_id", ""),
            "author_name": record.get("author_name", ""),
            "grade": standing.get("grade", ""),
            "rests_on": " | ".join(str(each) for each in verdict["rests_on"]),
        }
        self.times = {
            "gone_after": standing.get("interval_left"),
            "gone_by": standing.get("interval_right"),
            "decided_at": standing.get("decided_at"),
        }
        said = [each.get("said", {}).get("text") for each in record["snapshots"]]
        for embed in record["embeds"]:
            said += [each.get("said", {}).get("quotation") for each in [embed["words"]] + embed["cuts"]]
        self.texts = {(each or "").replace("\0", NUL) for each in said} | {""}

    def differs(self, row: dict[str, str]) -> str:
        """The first column that says something else; "" where none does. A public table has fewer columns."""
        for column, each in self.cells.items():
            wanted = each.replace("\0", NUL)
            if column in row and row[column] not in (wanted, "'" + wanted):
                return column
        for column, at in self.times.items():
            if at_of(row.get(column) or None) != at:
                return column
        text = row.get("text", "")
        return "" if text in self.texts or (text[:1] == "'" and text[1:] in self.texts) else "text"


def check_table(folder: Folder, name: str, state: str, shown: dict[int, Shown], public: bool) -> int:
    """How many rows a table has, each about another post of that state, and none left out."""
    listed: set[str] = set()
    wanted = {"p" + str(post): each for post, each in shown.items() if each.state == state}
    csv.field_size_limit(1 << 30)
    with open(folder.place("data/" + name), encoding="utf-8", newline="") as file:
        table = csv.DictReader(line.replace("\0", NUL) for line in file)
        _check_columns(name, list(table.fieldnames or ()), public)
        for row in table:
            if None in row or None in row.values():
                raise Tampered("counts", name + " holds what is no row")
            post = row["post"]
            if post not in wanted or post in listed:
                raise Tampered("counts", name + " lists a post that posts.jsonl does not call " + state)
            column = wanted[post].differs(row)
            if column:
                raise Tampered("counts", name + " says another " + column + " of " + post + " than posts.jsonl")
            listed.add(post)
    if len(listed) != len(wanted):
        raise Tampered("counts", name + " does not list every post that posts.jsonl calls " + state)
    return len(listed)


def _check_columns(name: str, columns: list[str], public: bool) -> None:
    """A column under another name, or a second one of its name, would be read by people and compared by nobody."""
    needed = {"record", "post", "ledger_line", "post_id", "grade", "rests_on", *TIMES, *(() if public else PERSONAL)}
    for column in sorted(needed):
        if columns.count(column) != 1:
            raise Tampered("counts", name + " has not one column " + column)
