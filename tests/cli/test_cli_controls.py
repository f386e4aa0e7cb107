"""`archiver controls check`, `platforms`, `refold`: what stands round the looks, what they prove, that it adds up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from archiver.cli.main import program
from tests.cli.desk import Desk
from tests.newsroom import CONTROL_POSTS, NEVER_POSTS, START, Newsroom, born


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path, pace="1ms") as opened:
        yield opened


def run(room: Newsroom, *words: str) -> Result:
    return CliRunner().invoke(program, ["--config", str(room.config), *words])


def rows(answer: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_controls_that_hold_are_told_so(room: Newsroom) -> None:
    """Each control on each endpoint of posts, and exit code 0."""
    answer = run(room, "controls", "check", "--format", "jsonl")
    assert answer.exit_code == 0, answer.stderr
    told = rows(answer)
    assert {(row["control"], row["must_be"]) for row in told} == {
        *((each, "present") for each in CONTROL_POSTS),
        *((each, "absent") for each in NEVER_POSTS),
    }
    assert {row["endpoint"] for row in told} == {"oembed", "syndication"}
    assert all(row["holds"] for row in told)
    assert {look.subject_kind for look in room.rows("observations")} == {"control"}


def test_a_control_that_does_not_hold_is_named(room: Newsroom) -> None:
    """It reads absent where it must be present: a person has to choose another."""
    room.world.at(START).delete(CONTROL_POSTS[1])
    answer = run(room, "controls", "check", "--format", "jsonl")
    assert answer.exit_code == 1
    failing = [row for row in rows(answer) if row["holds"] is False]
    assert {row["control"] for row in failing} == {CONTROL_POSTS[1]}
    assert {row["outcome"] for row in failing} == {"absent"}
    assert "2 of 12 looks at controls did not read as they must" in answer.stderr


def test_controls_that_nobody_could_ask_for_are_neither(desk: Desk) -> None:
    """Without a network nothing is known of them; without any configured, that is said."""
    none = desk.run("controls", "check", "--format", "jsonl")
    assert (none.exit_code, none.stdout) == (0, "")
    assert "no controls are configured" in none.stderr
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[platforms.x.controls]\npresent = ["20"]\nabsent = ["21"]\n')
    answer = desk.run("controls", "check", "--format", "jsonl")
    assert answer.exit_code == 1
    assert {row["holds"] for row in rows(answer)} == {None}
    assert "4 of 4 controls could not be asked for" in answer.stderr


def test_every_platform_is_listed_with_what_its_answers_prove(desk: Desk) -> None:
    """Endpoints, credentials, limits, each answer that is more than unknown, and the most that can be concluded."""
    answer = desk.run("platforms", "--format", "jsonl")
    assert answer.exit_code == 0
    told = {(row["platform"], row["endpoint"]): row for row in rows(answer)}
    oembed = told["x", "oembed"]
    assert (oembed["is_asked"], oembed["credential"], oembed["absents"]) == (True, None, ["strong"])
    assert oembed["strongest"] == "deleted"
    assert "404, error code '34': absent (not_found, strong)" in oembed["proves"]
    api = told["x", "api"]
    assert (api["is_asked"], api["credential"], api["ids_per_request"]) == (False, "bearer_token", 100)
    assert all(row["sees"] for row in told.values())


def test_a_refold_finds_no_difference_and_names_one(room: Newsroom) -> None:
    """Exit code 0 for an archive that adds up; a state that was changed behind its back is found."""
    native_id = room.post(born(10, 5), "sample_wire")
    room.article("a.html", room.quote(native_id))
    room.archive.scan()
    room.archive.check()
    whole = run(room, "refold", "--format", "jsonl")
    assert (whole.exit_code, rows(whole)) == (0, [{"posts": 1, "differences": 0, "renewed": 0}])
    with room.store.database.writing() as connection:
        connection.execute(text("UPDATE post_states SET state = 'deleted'"))
    broken = run(room, "refold", "--format", "table")
    assert broken.exit_code == 1
    assert broken.stdout == "1 post judged again, 1 difference\n"
    assert "p1: state comes out otherwise" in broken.stderr
