"""`archiver report`: a page in a file, and one line about it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.cli.desk import Desk


def test_a_report_is_written_and_told(tour: Desk, tmp_path: Path) -> None:
    """The file, and how many posts have a card; another suffix is usage, a missing folder is exit code 74."""
    path = tmp_path / "report.html"
    assert tour.rows("report", str(path)) == [{"file": str(path), "posts": 4}]
    text = path.read_text(encoding="utf-8")
    assert text.lstrip().startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")
    assert tour.run("report", str(path), "--format", "table").stdout == f"{path}: 4 posts\n"
    assert tour.run("report", str(tmp_path / "report.pdf")).exit_code == 2
    assert tour.run("report", str(tmp_path / "missing" / "report.html")).exit_code == 74


def test_the_filters_hold_and_the_public_profile_names_nobody(tour: Desk, tmp_path: Path) -> None:
    """One deleted post; without its author in the public form."""
    path = tmp_path / "report.html"
    assert tour.rows("report", str(path), "--verdict", "deleted")[0]["posts"] == 1
    assert "river_gauge" in path.read_text(encoding="utf-8")
    assert tour.rows("report", str(path), "--verdict", "deleted", "--profile", "public")[0]["posts"] == 1
    assert "river_gauge" not in path.read_text(encoding="utf-8")


def test_a_report_needs_an_archive(desk: Desk, tmp_path: Path) -> None:
    """None is made, and no file is left."""
    answer = desk.run("report", str(tmp_path / "report.html"))
    assert answer.exit_code == 74
    assert len(answer.stderr.splitlines()) == 1
    assert list(tmp_path.glob("report*")) == []


def test_weaker_rules_stand_on_standard_error_and_in_the_report(desk: Desk, tmp_path: Path) -> None:
    """Nobody reads a report without knowing it."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("[verdicts]\nunsafe_rounds = 2\n")
    assert desk.run("scan").exit_code == 0
    answer = desk.run("report", os.fspath(tmp_path / "r.html"))
    assert "weaker rules are in force: verdicts.unsafe_rounds = 2" in answer.stderr
    assert "verdicts.unsafe_rounds = 2" in (tmp_path / "r.html").read_text(encoding="utf-8")
