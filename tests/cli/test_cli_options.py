"""Options that several commands share: times, filters, formats, the configuration that is meant."""

from __future__ import annotations

import csv
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.cli.main import program
from archiver.cli.options import moment
from tests.cli.desk import Desk

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.250000z", datetime(2026, 1, 2, 3, 4, 5, 250000, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("2026-01-02T03:04:05+04:30", datetime(2026, 1, 1, 22, 34, 5, tzinfo=UTC)),
        ("7d", NOW - timedelta(days=7)),
        ("12h", NOW - timedelta(hours=12)),
        ("90m", NOW - timedelta(minutes=90)),
        ("2w", NOW - timedelta(days=14)),
    ],
)
def test_a_time_is_a_day_an_instant_or_a_span_back(written: str, at: datetime) -> None:
    """Each way of writing a time is read, in UTC."""
    assert moment(written, NOW) == at


def test_only_a_day_is_included_as_an_end() -> None:
    """`--until 2026-01-02` means up to the end of that day; an instant is itself."""
    assert moment("2026-01-02", NOW, is_end=True) == datetime(2026, 1, 3, tzinfo=UTC)
    assert moment("2026-01-02T00:00:00Z", NOW, is_end=True) == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2026-13-01", "2026-02-30", "7", "-7d", "٧d", "9999999d", "999999w", "20260102"]
)
def test_what_is_no_time_is_refused_as_usage(desk: Desk, written: str) -> None:
    """A time that makes no sense is exit code 2, with the ways to write one."""
    answer = desk.run("posts", f"--since={written}")
    assert answer.exit_code == 2
    assert "2026-01-02T03:04:05Z" in answer.stderr


def test_the_last_day_of_the_calendar_is_no_end(desk: Desk) -> None:
    """The day after the last one cannot be said: usage, not a bug."""
    assert desk.run("posts", "--until", "9999-12-31").exit_code == 2


def numbers(desk: Desk, *words: str) -> set[str]:
    return {row["post"] for row in desk.rows(*words)}


def test_filters_choose_posts(tour: Desk) -> None:
    """Author, platform, verdict, article and times choose what they say, alone and together."""
    everything = tour.rows("posts")
    deleted = [row for row in everything if row["verdict"] == "deleted"]
    assert len(deleted) == 1
    number, handle = deleted[0]["post"], deleted[0]["author_handle"]
    assert numbers(tour, "posts", "--verdict", "deleted") == {number}
    assert number in numbers(tour, "posts", "--author", f"@{handle.upper()}")
    assert numbers(tour, "posts", "--author", "nobody_at_all") == set()
    assert numbers(tour, "posts", "--platform", "X") == {row["post"] for row in everything}
    assert numbers(tour, "posts", "--platform", "threads") == set()
    two = numbers(tour, "posts", "--verdict", "deleted", "--verdict", "Gone_Before_First_Look")
    assert len(two) == 2
    place = tour.rows("show", number)[0]["embeds"][0]["location"]
    assert number in numbers(tour, "posts", "--article", place)
    assert numbers(tour, "posts", "--article", "no such article") == set()


def test_a_platform_that_there_is_none_of_is_refused_with_those_there_are(tour: Desk) -> None:
    """An empty list would say that nothing is kept of it."""
    answer = tour.run("posts", "--platform", "twitter")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "'twitter' is not one of 'x', 'bluesky'" in answer.stderr


def test_since_and_until_mean_publication_and_a_day_is_included(tour: Desk) -> None:
    """A post of a day is found by that day as both ends, and not by the day before or after."""
    post = next(row for row in tour.rows("posts") if row["published_at"])
    day = post["published_at"][:10]
    before = (datetime.fromisoformat(day) - timedelta(days=1)).date().isoformat()
    after = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    assert post["post"] in numbers(tour, "posts", "--since", day, "--until", day)
    assert post["post"] not in numbers(tour, "posts", "--until", before)
    assert post["post"] not in numbers(tour, "posts", "--since", after)


def test_gone_means_whatever_disappearance_interval_is_touched(tour: Desk) -> None:
    """The interval's own ends find it; a span outside does not."""
    post = tour.rows("posts", "--verdict", "deleted")[0]
    touched = ("--verdict", "deleted", "--gone-since", post["gone_by"], "--gone-until", post["gone_by"])
    assert numbers(tour, "posts", *touched) == {post["post"]}
    assert numbers(tour, "posts", "--verdict", "deleted", "--gone-until", post["gone_after"]) == set()


def test_a_limit_bounds_every_listing(tour: Desk, tmp_path: Path) -> None:
    """--limit bounds posts, search, articles and export; it is a whole number above zero."""
    assert len(tour.rows("posts", "--limit", "2")) == 2
    assert len(tour.rows("search", "sample", "--limit", "1")) == 1
    assert len(tour.rows("articles", "--limit", "1")) == 1
    assert tour.run("export", str(tmp_path / "x.csv"), "--limit", "1").exit_code == 0
    assert tour.run("posts", "--limit", "0").exit_code == 2


def test_the_same_filters_choose_articles_and_search(tour: Desk) -> None:
    """Articles that show a deleted post, and words within deleted posts."""
    deleted = tour.rows("posts", "--verdict", "deleted")[0]
    shown_in = {place["location"] for place in tour.rows("show", deleted["post"])[0]["embeds"]}
    assert {row["location"] for row in tour.rows("articles", "--verdict", "deleted")} == shown_in
    word = deleted["text"].split()[0]
    assert numbers(tour, "search", word, "--verdict", "deleted") == {deleted["post"]}


@pytest.mark.parametrize("command", [("posts",), ("search", "sample"), ("articles",)])
def test_every_format_has_every_row(tour: Desk, command: tuple[str, ...]) -> None:
    """Table, JSON Lines and CSV tell of the same rows; a pipe without a wish gets JSON Lines."""
    rows = tour.rows(*command)
    assert rows == tour.rows(*command, "--format", "jsonl")
    written = list(csv.DictReader(io.StringIO(tour.run(*command, "--format", "csv").stdout)))
    assert len(written) == len(rows)
    assert list(written[0]) == list(rows[0])
    table = tour.run(*command, "--format", "table").stdout
    names = [row.get("post") or row["location"] for row in rows]
    assert all(name in table for name in names)


@pytest.mark.parametrize("command", [("init",), ("scan",), ("check", "--due"), ("export", "gone.csv")])
def test_a_command_that_works_answers_in_every_format(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Prose as a table; the same figures as JSON Lines and as a CSV with a header."""
    monkeypatch.chdir(desk.folder)
    assert desk.run("scan").exit_code == 0
    rows = desk.rows(*command)
    assert rows
    written = list(csv.DictReader(io.StringIO(desk.run(*command, "--format", "csv").stdout)))
    assert [list(row) for row in written] == [list(row) for row in rows]
    prose = desk.run(*command, "--format", "table")
    assert prose.exit_code == 0
    assert prose.stdout.strip()
    assert "{" not in prose.stdout


def test_a_table_in_a_pipe_is_not_folded_at_eighty_columns(tour: Desk) -> None:
    """Asked for in a pipe, a table has one line for each post; COLUMNS narrows it."""
    rows = tour.rows("posts")
    assert len(tour.run("posts", "--format", "table").stdout.splitlines()) == len(rows) + 2
    narrow = tour.run("posts", "--format", "table", env={"COLUMNS": "80"}).stdout
    assert max(map(len, narrow.splitlines())) <= 80


def test_nothing_found_is_an_empty_answer(desk: Desk) -> None:
    """No rows: an empty table says so on standard error, a CSV still has its header."""
    assert desk.run("init").exit_code == 0
    assert desk.rows("posts") == []
    table = desk.run("posts", "--format", "table")
    assert (table.stdout, table.stderr) == ("", "no posts\n")
    assert desk.run("posts", "--format", "csv").stdout.startswith('"post","platform"')


def test_no_configuration_is_an_error_that_names_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --config, ARCHIVER_CONFIG and ./config.toml: exit code 78, and what to do."""
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(program, ["posts"])
    assert answer.exit_code == 78
    assert "config.example.toml" in answer.stderr
    assert "--config" in answer.stderr


def test_the_configuration_is_named_by_option_environment_or_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--config goes before ARCHIVER_CONFIG, and that before ./config.toml."""
    assert desk.run("init").exit_code == 0
    monkeypatch.chdir(desk.folder)
    assert CliRunner().invoke(program, ["posts"]).exit_code == 0
    missing = str(tmp_path / "missing.toml")
    assert CliRunner(env={"ARCHIVER_CONFIG": missing}).invoke(program, ["posts"]).exit_code == 78
    assert desk.run("posts", env={"ARCHIVER_CONFIG": missing}).exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert CliRunner(env={"ARCHIVER_CONFIG": str(desk.config)}).invoke(program, ["posts"]).exit_code == 0


def test_every_mistake_of_a_configuration_is_a_line(desk: Desk) -> None:
    """An unknown key and a weaker rule are told at once, each with its line, exit code 78."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("padding = 1\n[verdicts]\nrounds = 1\n")
    answer = desk.run("posts")
    lines = answer.stderr.splitlines()
    assert answer.exit_code == 78
    assert len(lines) == 2
    assert all(line.startswith(f"archiver: {desk.config}:") for line in lines)
    assert any("unsafe_rounds" in line for line in lines)


def test_weaker_rules_are_told_wherever_something_is_reported(desk: Desk) -> None:
    """An unsafe_ key in force stands on standard error of status, show, check and export."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("[verdicts]\nunsafe_rounds = 2\n")
    assert desk.run("scan").exit_code == 0
    for words in (("status",), ("show", "p1"), ("check",), ("export", os.fspath(desk.folder / "x.csv"))):
        assert "weaker rules are in force: verdicts.unsafe_rounds = 2" in desk.run(*words).stderr
