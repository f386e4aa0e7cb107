"""`check --dry-run`: what would be asked, where and when, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.cli.main import program
from tests.newsroom import CONTROL_POSTS, NEVER_POSTS, Newsroom, born

IDS = [born(10, 5, minute=minute) for minute in range(25)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        for native_id in IDS:
            opened.post(native_id, f"author_{native_id[-6:]}")
        opened.article("a.html", *map(opened.quote, IDS))
        opened.archive.scan()
        yield opened


def test_a_plan_names_every_request_that_the_check_then_sends(room: Newsroom) -> None:
    """Address by address and in the same order on each host, controls among them."""
    planned = room.archive.plan()
    room.archive.check()
    for host in {each.host for each in planned}:
        sent = [f"https://{host}{asked.path}" for asked in room.far_end.log if asked.host == host]
        assert [each.address for each in planned if each.host == host] == sent, host
    assert sum(each.controls for each in planned) == 2 * 2 * 4
    assert {number for each in planned for number in each.posts} == set(range(1, 26))


def test_a_plan_asks_nothing_and_writes_nothing(room: Newsroom) -> None:
    """Not a request, not a row."""
    before = {name: len(room.rows(name)) for name in ("ledger", "rounds", "observations", "runs")}
    room.archive.plan()
    assert not room.far_end.log
    assert {name: len(room.rows(name)) for name in before} == before


def test_a_plan_keeps_the_pace_and_the_pauses_of_each_host(room: Newsroom) -> None:
    """One request a second to each host, and none to one that asked to be left alone before that is over."""
    tools = room.archive._looker().tools
    tools.client.pause("publish.x.com", 600)
    times: dict[str, list[datetime]] = {}
    for each in room.archive.plan():
        times.setdefault(each.host, []).append(each.at)
    for at in times.values():
        assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(at))
    assert min(times["publish.x.com"]) >= room.clock.now() + timedelta(seconds=599)
    assert min(times["cdn.syndication.twimg.com"]) == room.clock.now()


def test_the_command_prints_the_plan(room: Newsroom) -> None:
    """A line for each request; the sum on standard error."""
    answer = CliRunner().invoke(
        program, ["--config", str(room.config), "check", "p3", "--dry-run", "--format", "jsonl"]
    )
    assert answer.exit_code == 0, answer.stderr
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {number for row in rows for number in row["posts"]} == {"p3"}
    assert len(rows) == 10
    controls = {row["address"] for row in rows if row["controls"]}
    assert all(any(each in address for each in (*CONTROL_POSTS, *NEVER_POSTS)) for address in controls)
    assert "10 requests over" in answer.stderr
    assert not room.far_end.log
