"""`archiver incidents`, `refold --renew`: what is held for a person, and verdicts that older rules gave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archiver.cli.main import program
from archiver.model.verdict import Rules, State
from tests.newsroom import Newsroom, assert_chain_whole, born, day

AUTHORS = 9
REASON = "sample: announced by the platform"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Nine authors' posts, seen alive, then gone for good within an hour; an incident opened and expired."""
    with Newsroom(tmp_path, jitter=0) as opened:
        ids = [born(11, 1, 10, number) for number in range(AUTHORS)]
        for number, native_id in enumerate(ids):
            opened.post(native_id, f"author_{number}")
        opened.article("many.html", *map(opened.quote, ids))
        opened.live(day(5), timedelta(hours=6))
        for native_id in ids:
            opened.world.at(day(6)).delete(native_id)
        opened.live(day(20), timedelta(hours=6))
        yield opened


def run(room: Newsroom, *words: str) -> Result:
    return CliRunner().invoke(program, ["--config", str(room.config), *words])


def rows(answer: Result) -> list[dict[str, Any]]:
    assert answer.exit_code == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_an_expired_incident_holds_its_posts_until_a_person_accepts_it(room: Newsroom) -> None:
    """`incidents` lists it, `posts`, `show` and `status` say why; accepted, its posts are judged at the next look."""
    told = {each["kind"]: each for each in rows(run(room, "incidents", "--format", "jsonl"))}
    outage, wave = told["outage"], told["wave"]
    assert (outage["how"], outage["held"], outage["accepted_by"]) == ("expired", AUTHORS, None)
    assert (wave["how"], wave["held"]) == ("ebbed", 0)
    words = f"gone, not confirmed (held: incident {outage['incident']} waits for a person)"
    assert {each["words"] for each in rows(run(room, "posts", "--format", "jsonl"))} == {words}
    assert words in " ".join(run(room, "show", "p1", "--format", "table").stdout.split())
    status = run(room, "status", "--format", "jsonl")
    assert rows(status)[0]["counts"]["posts held"] == AUTHORS
    held = f"incident {outage['incident']} holds {AUTHORS} posts until its authors are back or a person accepts it"
    assert held in status.stderr

    # By the room's own clock; the command stamps by the machine's.
    for each in told.values():
        room.archive.accept_incident(each["incident"], reason=REASON, by="A. Sample")
    room.live(day(22), timedelta(hours=6))
    assert set(room.states().values()) == {State.DELETED}
    assert room.archive.refold() == []
    ledger = room.rows("ledger")
    assert_chain_whole(ledger)
    assert not [row for row in ledger if "Sample" in row.line or "announced" in row.line]


def test_an_acceptance_is_kept_with_name_and_reason(room: Newsroom) -> None:
    """Whoever reads the list sees who took it for real, and why."""
    answer = run(room, "incidents", "accept", "1", "--reason", REASON, "--by", "A. Sample", "--format", "table")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == f"incident 1 is accepted: {AUTHORS} posts held by it are judged at their next look\n"
    told = {each["incident"]: each for each in rows(run(room, "incidents", "--format", "jsonl"))}
    assert (told[1]["accepted_by"], told[1]["reason"]) == ("A. Sample", REASON)
    assert "accepted" in run(room, "incidents", "--format", "table").stdout


@pytest.mark.parametrize(
    ("number", "by", "told"),
    [("99", "A. Sample", "the archive holds none by that number"), ("1", "  ", "say who accepts it, and why")],
)
def test_what_cannot_be_accepted_gets_a_line_and_changes_nothing(
    room: Newsroom, number: str, by: str, told: str
) -> None:
    """No such incident, nobody's name."""
    before = len(room.rows("ledger"))
    answer = run(room, "incidents", "accept", number, "--reason", REASON, "--by", by)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert (
        answer.stderr == f"archiver: incident {number}: {told}{': see archiver incidents' if number == '99' else ''}\n"
    )
    assert len(room.rows("ledger")) == before


def test_an_incident_is_accepted_once(room: Newsroom) -> None:
    """The first word stands."""
    room.archive.accept_incident(1, reason=REASON, by="A. Sample")
    answer = run(room, "incidents", "accept", "1", "--reason", "another", "--by", "B. Sample")
    assert answer.exit_code == 2
    assert "it was accepted at" in answer.stderr
    assert [row.incident for row in room.rows("incident_acceptances")] == [1]


def test_verdicts_of_older_rules_are_given_anew_and_the_old_ones_kept(tmp_path: Path) -> None:
    """Rules 1 held nothing in a wave: what they called deleted is told by refold, and judged anew by --renew."""
    with Newsroom(tmp_path, jitter=0) as room:
        ids = [born(11, 1, 10, number) for number in range(8)]
        for number, native_id in enumerate(ids):
            room.post(native_id, f"author_{number}")
            room.world.at(day(4 if number < 4 else 6)).delete(native_id)
        room.article("one.html", *map(room.quote, ids[:4]))
        room.archive.init()
        room.archive._looker().rules = Rules(version="1", wave_hold=timedelta(0))
        room.live(day(2), timedelta(hours=6))
        room.article("two.html", *map(room.quote, ids[4:]))
        room.live(day(18), timedelta(hours=6))
        assert set(room.states().values()) == {State.DELETED}
        given = {post.number: room.verdicts(post.number) for post in room.archive.posts()}
        assert {each[-1].rules_version for each in given.values()} == {"1"}

        told = run(room, "refold", "--format", "table")
        assert told.exit_code == 1
        assert "p1: state comes out otherwise by rules 2 than by 1" in told.stderr
        anew = run(room, "refold", "--renew", "--format", "table")
        assert anew.exit_code == 0, anew.stderr
        assert "p1: deleted → gone, not confirmed" in anew.stdout
        assert anew.stdout.endswith("8 posts judged again, 0 differences\n")
        for number, verdicts in given.items():
            kept = room.verdicts(number)
            assert kept[: len(verdicts)] == verdicts
            assert [each.state for each in kept[len(verdicts) :]] == [State.GONE_UNCONFIRMED]
        assert_chain_whole(room.rows("ledger"))
        room.archive.close()  # and with it the older rules
        room.archive.make_due(list(given))  # by the room's own clock; the command stamps by the machine's
        room.live(day(46), timedelta(hours=6))
        assert set(room.states().values()) == {State.DELETED}
        assert {room.verdicts(number)[-1].rules_version for number in given} == {"2"}
        assert room.archive.refold() == []
