"""The record of disappearances: whole or not at all, two claims in two files, and safe to open."""

from __future__ import annotations

import csv
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive import Archive
from archiver.audit.records import COLUMNS
from archiver.config import Config
from archiver.errors import StorageError, UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from tests.newsroom import Newsroom, born, day

FORMULA = '=HYPERLINK("https://evil.example","click")'
TEXT = '＝نمونه متن با "گیومه"، کاما\nو خط دوم'
FIRST, SECOND, BEFORE, ALIVE, SUSPENDED = (born(10, number) for number in range(1, 6))
APART = "-gone-before-first-look"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Two weeks: two deletions, one post gone before, one alive, one suspended."""
    with Newsroom(tmp_path_factory.mktemp("export")) as opened:
        world = opened.world
        world.account("formula_desk", "1000000000000000077", FORMULA)
        opened.post(FIRST, "formula_desk", TEXT, short_codes=["SmplPict01"], language="fa")
        opened.post(SECOND, "second_desk")
        opened.post(BEFORE, "third_desk")
        opened.post(ALIVE, "second_desk")
        opened.post(SUSPENDED, "fifth_desk")
        world.at(day(1.2)).delete(FIRST)
        world.at(day(7.3)).delete(SECOND, tombstone=False)
        world.at(day(-9)).delete(BEFORE)
        world.at(day(3)).suspend("fifth_desk")
        opened.article("river-report.html", opened.quote(FIRST), opened.quote(ALIVE))
        opened.article("market-day.html", *map(opened.quote, (FIRST, SECOND, BEFORE, SUSPENDED)))
        opened.live(day(18), timedelta(hours=12))
        yield opened


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def a_full_disk(room_bytes: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_deletions_and_what_was_gone_before_are_two_claims_in_two_files(room: Newsroom, tmp_path: Path) -> None:
    """Neither stands in the other's file; what is alive or restricted stands in none."""
    written = room.archive.export(tmp_path / "gone.jsonl")
    assert written == {tmp_path / "gone.jsonl": 2, tmp_path / f"gone{APART}.jsonl": 1}
    assert {record["post_id"] for record in lines(tmp_path / "gone.jsonl")} == {FIRST, SECOND}
    (before,) = lines(tmp_path / f"gone{APART}.jsonl")
    assert (before["post_id"], before["record"]) == (BEFORE, "gone_before_first_look")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"gone{APART}.jsonl", "gone.jsonl"]


def test_a_record_says_what_was_seen_when_and_on_what_it_rests(room: Newsroom, tmp_path: Path) -> None:
    """Interval, grade, checks, citing articles, snapshots and the line of the ledger."""
    room.archive.export(tmp_path / "gone.jsonl")
    record = next(each for each in lines(tmp_path / "gone.jsonl") if each["post_id"] == FIRST)
    assert tuple(record) == COLUMNS
    assert record["gone_after"] < day(1.2).isoformat().replace("+00:00", "Z") <= record["gone_by"]
    assert record["gone_after"] == record["last_seen_at"]
    assert (record["record"], record["grade"], record["endpoints"], record["flags"]) == ("deleted", "A", 2, [])
    assert record["checks"] >= 5
    assert {(each["location"], each["still_there"]) for each in record["articles"]} == {
        ("river-report.html", True),
        ("market-day.html", True),
    }
    assert record["text"] == f"{TEXT} https://t.co/SmplPict01"
    assert record["text_from"] == "snapshot"
    assert all(each.startswith("sha256:") for each in record["snapshot_digests"])
    line = json.loads(room.rows("ledger")[record["ledger_line"] - 1].line)
    assert (line["kind"], line["state"], f"p{line['post']}") == ("verdict", "deleted", record["post"])
    known = {row.id: row for row in room.rows("observations")}
    assert {known[number].outcome for number in record["rests_on"]} == {"present", "absent", "account_ok"}


def test_the_statement_claims_no_more_than_was_seen(room: Newsroom, tmp_path: Path) -> None:
    """Seen at t1, not served from t2 on, who removed it was not observed; the times are the record's own."""
    room.archive.export(tmp_path / "gone.jsonl")
    for record in lines(tmp_path / "gone.jsonl"):
        after, by = (record[key][:19].replace("T", " ") for key in ("gone_after", "gone_by"))
        words = record["statement"]
        assert f"seen publicly at {after} UTC (observation {min(record['rests_on'])})" in words
        assert f"From {by} UTC on it was not served in {record['checks']} checks on 2 endpoints" in words
        assert f"Consistent with deletion in ({after} UTC, {by} UTC]. Who removed it was not observed." in words
    (before,) = lines(tmp_path / f"gone{APART}.jsonl")
    assert "was never seen by us" in before["statement"]
    assert "deletion" not in before["statement"]


def test_the_csv_says_the_same_as_the_json_lines(room: Newsroom, tmp_path: Path) -> None:
    """Same records, same columns; any script, quotes and line breaks survive."""
    room.archive.export(tmp_path / "gone.csv")
    room.archive.export(tmp_path / "gone.jsonl")
    rows, records = cells(tmp_path / "gone.csv"), lines(tmp_path / "gone.jsonl")
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, records, strict=True):
        for key in ("post", "post_id", "permalink", "gone_after", "gone_by", "grade", "statement"):
            assert row[key] == str(record[key])
        assert row["articles"].count(" | ") == len(record["articles"]) - 1
        assert row["rests_on"] == " | ".join(map(str, record["rests_on"]))


def test_no_cell_starts_a_formula(room: Newsroom, tmp_path: Path) -> None:
    """Row 74: what came from outside is defused in the CSV, and left as it is in JSON Lines."""
    room.archive.export(tmp_path / "gone.csv")
    room.archive.export(tmp_path / "gone.jsonl")
    row = next(each for each in cells(tmp_path / "gone.csv") if each["post_id"] == FIRST)
    assert (row["author_name"], row["text"][:3]) == (f"'{FORMULA}", "'＝ن")
    record = next(each for each in lines(tmp_path / "gone.jsonl") if each["post_id"] == FIRST)
    assert record["author_name"] == FORMULA


def test_an_export_on_a_full_disk_leaves_what_was_there(room: Newsroom, tmp_path: Path) -> None:
    """Row 96: neither file is touched, no half-written one is left, and the error names the file."""
    for name in ("gone.csv", f"gone{APART}.csv"):
        (tmp_path / name).write_text("yesterday's", encoding="utf-8")
    with a_full_disk(1000), pytest.raises(StorageError, match=r"gone\.csv: File too large"):
        room.archive.export(tmp_path / "gone.csv")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "gone.csv": "yesterday's",
        f"gone{APART}.csv": "yesterday's",
    }


def test_both_files_are_of_one_export_or_neither_is(room: Newsroom, tmp_path: Path) -> None:
    """If only the second one does not fit, the first one is not replaced either."""
    (tmp_path / "gone.csv").write_text("yesterday's", encoding="utf-8")
    # Without a deletion the first file is short: the second is the one that the disk refuses.
    wanted = PostFilter(verdict=(State.GONE_BEFORE_FIRST_LOOK,))
    with a_full_disk(1000), pytest.raises(StorageError, match="gone-before-first-look"):
        room.archive.export(tmp_path / "gone.csv", wanted)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("gone.csv", "yesterday's")
    ]


def test_an_export_replaces_an_older_one(room: Newsroom, tmp_path: Path) -> None:
    """A whole new file takes the name; a left-over of a killed export does not stand in the way."""
    (tmp_path / "gone.csv").write_text("yesterday's", encoding="utf-8")
    (tmp_path / "gone.csv.partial").write_text("half of", encoding="utf-8")
    room.archive.export(tmp_path / "gone.csv")
    assert len(cells(tmp_path / "gone.csv")) == 2
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize("place", ["missing/gone.csv", "file/gone.csv", "folder.csv"])
def test_a_place_where_nothing_can_be_written_is_said(room: Newsroom, tmp_path: Path, place: str) -> None:
    """The error is ours and names the file, whatever the system calls it."""
    (tmp_path / "file").touch()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(StorageError, match=place.rpartition("/")[2]):
        room.archive.export(tmp_path / place)
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("name", ["gone", "gone.json"])
def test_another_suffix_is_refused(room: Newsroom, tmp_path: Path, name: str) -> None:
    """The name decides the form; nothing is guessed, nothing written."""
    with pytest.raises(UsageError, match=r"ends in"):
        room.archive.export(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wanted", "deleted", "before"),
    [
        (PostFilter(author="@Formula_Desk"), {FIRST}, set()),
        (PostFilter(author="1000000000000000077"), {FIRST}, set()),
        (PostFilter(article="market"), {FIRST, SECOND}, {BEFORE}),
        (PostFilter(article="river-report"), {FIRST}, set()),
        (PostFilter(verdict=(State.DELETED,)), {FIRST, SECOND}, set()),
        (PostFilter(verdict=(State.ALIVE,)), set(), set()),
        (PostFilter(gone_since=day(7)), {SECOND}, set()),
        (PostFilter(gone_until=day(2)), {FIRST}, {BEFORE}),
        (PostFilter(platform="mastodon"), set(), set()),
    ],
    ids=("author", "author id", "article", "other article", "verdict", "alive", "gone since", "gone until", "platform"),
)  # fmt: skip
def test_the_filters_of_the_listing_hold_for_exports(
    room: Newsroom, tmp_path: Path, wanted: PostFilter, deleted: set[str], before: set[str]
) -> None:
    """Author by handle or id, article, verdict, time of disappearance, platform."""
    room.archive.export(tmp_path / "gone.jsonl", wanted)
    assert {record["post_id"] for record in lines(tmp_path / "gone.jsonl")} == deleted
    assert {record["post_id"] for record in lines(tmp_path / f"gone{APART}.jsonl")} == before


def test_a_limit_bounds_each_file(room: Newsroom, tmp_path: Path) -> None:
    """One record in each."""
    assert list(room.archive.export(tmp_path / "gone.csv", limit=1).values()) == [1, 1]


def test_weaker_rules_stand_in_every_record(room: Newsroom, tmp_path: Path) -> None:
    """Row 97: whoever reads a report sees that its thresholds were lowered."""
    tree = room.archive.config.model_dump() | {"verdicts": {"unsafe_rounds": 2}}
    with Archive(Config.model_validate(tree), clock=room.clock) as archive:
        archive.export(tmp_path / "gone.jsonl")
    assert all("unsafe_rounds = 2" in each["rules_version"] for each in lines(tmp_path / "gone.jsonl"))
