"""Redaction, holds and retention from the command line."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk

ORDER = ("--reason", "court_order", "--authority", "Sample Court, 1 C 2/26", "--by", "J. Doe")
GROUNDS = ("--reason", "Sample v. Sample", "--by", "J. Doe")


def test_a_post_is_redacted_with_its_reason_authority_and_name(desk: Desk) -> None:
    """A dry run removes nothing; the deed is told, and the post says so ever after."""
    desk.run("scan")
    (planned,) = desk.rows("redact", "p1", "--dry-run")
    assert (planned["redacted"], planned["bytes"]) == (False, None)
    (done,) = desk.rows("redact", "p1", *ORDER)
    assert (done["post"], done["redacted"], done["contents"]) == ("p1", True, planned["contents"])
    (shown,) = desk.rows("show", "p1", "--format", "jsonl")
    assert (shown["text"], shown["author_handle"]) == (None, None)
    assert "redacted" in shown["doubts"]


@pytest.mark.parametrize("words", [(), ("--reason", "court_order"), ("--reason", "whim", *ORDER[2:])])
def test_a_redaction_without_its_grounds_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    """They stand in the record: exit code 2, and nothing went."""
    desk.run("scan")
    refused = desk.run("redact", "p1", *words)
    assert refused.exit_code == 2
    assert "--authority" in refused.stderr or "whim" in refused.stderr
    assert desk.rows("show", "p1", "--format", "jsonl")[0]["text"]


def test_a_hold_is_placed_listed_and_ended(desk: Desk) -> None:
    """While it stands a redaction is refused with one line that names the post."""
    desk.run("scan")
    assert desk.rows("hold", "p1", *GROUNDS) == [{"post": "p1", "hold": 1}]
    refused = desk.run("redact", "p1", *ORDER)
    assert refused.exit_code == 2
    assert "legal hold stands on p1" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    (listed,) = desk.rows("hold")
    assert (listed["post"], listed["ended_at"], listed["reason"]) == ("p1", None, "Sample v. Sample")
    assert desk.run("hold", "p1").exit_code == 2
    assert desk.run("release", "p1", *GROUNDS).exit_code == 0
    assert desk.run("release", "p1", *GROUNDS).exit_code == 1
    assert desk.run("redact", "p1", *ORDER).exit_code == 0


def test_retention_says_which_policy_is_in_force(desk: Desk) -> None:
    """Without one, that everything is kept."""
    desk.run("scan")
    (told,) = desk.rows("retain", "--dry-run")
    assert (told["policy"], told["thinned"], told["dry_run"]) == (["everything received is kept"], 0, True)


def test_browse_prints_what_it_would_run(desk: Desk) -> None:
    """Without Datasette the way to it is told; without an archive, that there is none."""
    assert desk.run("browse", "--print").exit_code == 74
    desk.run("scan")
    (told,) = desk.rows("browse", "--print")
    assert told["command"][:2] == ["datasette", "serve"]
