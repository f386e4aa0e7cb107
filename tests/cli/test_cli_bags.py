"""`archiver export DIR` and `archiver verify BAG` at the command line."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.cli.desk import Desk


def test_export_makes_a_bag_that_verify_accepts(tour: Desk, tmp_path: Path) -> None:
    """Signed and whole; without a trusted key not fully checked (2), with it verified (0), changed refused (1)."""
    bag = tmp_path / "bag"
    (told,) = tour.rows("export", str(bag))
    assert (told["bag"], told["posts"]) == (str(bag), 12)
    assert sorted(path.name for path in bag.iterdir()) == [
        "bag-info.txt", "bagit.txt", "data", "manifest-sha256.txt", "manifest-sha256.txt.sig", "tagmanifest-sha256.txt"
    ]  # fmt: skip
    assert tour.run("verify", str(bag)).exit_code == 2
    answer = tour.run("verify", str(bag), "--trust", told["signed_by"])
    assert answer.exit_code == 0, answer.stderr
    steps = [json.loads(line)["step"] for line in answer.stdout.splitlines()]
    assert steps[:3] == ["files", "signature", "chain"]
    (bag / "data" / "deleted.csv").write_text("mine", encoding="utf-8")
    answer = tour.run("verify", str(bag), "--trust", told["signed_by"])
    assert answer.exit_code == 1
    assert "files: data/deleted.csv" in answer.stderr


def test_a_bag_states_its_filters(tour: Desk, tmp_path: Path) -> None:
    """Author, verdict, article, times; public names nobody."""
    tour.rows("export", str(tmp_path / "one"), "--verdict", "deleted", "--since", "2020-01-01")
    told = (tmp_path / "one" / "bag-info.txt").read_text(encoding="utf-8")
    assert 'Filter-Verdict: "deleted"\nFilter-Since: 2020-01-01T00:00:00.000000Z\n' in told
    tour.rows("export", str(tmp_path / "two"), "--author", "SampleWire", "--profile", "public")
    told = (tmp_path / "two" / "bag-info.txt").read_text(encoding="utf-8")
    assert "Profile: public\nFilter-Author: given, withheld in this profile\n" in told
    assert "SampleWire" not in told


def test_without_its_key_an_archive_is_exported_unsigned(tour: Desk, tmp_path: Path) -> None:
    """It says so on standard error, in the bag, and to the verifier; the bag is whole all the same."""
    key = tour.database.parent / "key.pem"
    kept = key.with_name("kept.pem")
    key.rename(kept)
    try:
        answer = tour.run("export", str(tmp_path / "bag"), "--format", "table")
    finally:
        kept.rename(key)
    assert answer.exit_code == 0
    assert "not signed" in answer.stderr
    assert "signed by nobody" in answer.stdout
    assert "Signed-By: nobody" in (tmp_path / "bag" / "bag-info.txt").read_text(encoding="utf-8")
    assert tour.run("verify", str(tmp_path / "bag")).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give a folder"),
        (("--format", "table"), "give a folder"),
        (("bag", "--limit", "3"), "--limit is for a file"),
        (("gone.csv", "--profile", "public"), "--profile is for a bag"),
        (("gone.csv", "--format", "xlsx"), "--format xlsx stands alone"),
        (("gone.json",), "an export ends in .csv, .xlsx or .jsonl"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_exit_2(
    tour: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """And nothing is written."""
    monkeypatch.chdir(tmp_path)
    answer = tour.run("export", *words)
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_refused(tour: Desk, tmp_path: Path) -> None:
    """Exit 2; a folder that cannot be made: 74."""
    assert tour.run("export", str(tmp_path)).exit_code == 2
    assert tour.run("export", str(tmp_path / "missing" / "bag")).exit_code == 74
    assert tour.run("verify", str(tmp_path)).exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_format_alone_gives_the_table(tour: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """As deleted.FORM in the working folder, and what was gone before the first look apart."""
    monkeypatch.chdir(tmp_path)
    rows = tour.rows("export", "--format", form)
    assert [row["file"] for row in rows] == [f"deleted.{form}", f"deleted-gone-before-first-look.{form}"]
    assert sorted(os.listdir(tmp_path)) == sorted(row["file"] for row in rows)


def test_a_spreadsheet_is_written_by_its_name(tour: Desk, tmp_path: Path) -> None:
    """The same records as the CSV, in a workbook."""
    tour.rows("export", str(tmp_path / "gone.xlsx"))
    with zipfile.ZipFile(tmp_path / "gone.xlsx") as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()
