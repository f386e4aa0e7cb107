"""What a check says besides its figures: alarms, missing controls, ids that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archiver.check.summary import CheckSummary
from archiver.cli.check import joined
from archiver.cli.summaries import complain_of_alarms
from archiver.daemon import figures
from archiver.platforms import x_ids
from tests.cli.desk import Desk, blockquote

CONTROLS = """
[platforms.x.controls]
present = ["20", "21", "22"]
absent = ["1500000000000000001", "1500000000000000002"]
"""


def test_an_alarm_is_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a stranger's answer put into it, it forges no second line and commands no terminal."""
    complain_of_alarms(["x.example answered with \x1b[2J\np9: deleted", "a bad certificate"])
    assert capsys.readouterr().err.splitlines() == [
        "archiver: x.example answered with \\u{1b}[2J\\u{a}p9: deleted",
        "archiver: a bad certificate",
    ]


def test_alarms_of_seeking_and_of_looking_stand_in_the_figures() -> None:
    """Both are in the one record, in the order in which they came."""
    both = joined(CheckSummary(alarms=["seeking"]), CheckSummary(alarms=["looking"]))
    assert figures(both)["alarms"] == ["seeking", "looking"]


@pytest.mark.parametrize(
    ("controls", "words"),
    [
        ("", "absent never goes past unconfirmed: set present and absent in [platforms.x.controls]"),
        (CONTROLS, "the account controls cannot run, so nothing is ever concluded: set absent_author"),
    ],
)
def test_each_missing_control_has_a_banner(desk: Desk, controls: str, words: str) -> None:
    """Without control posts, and with them but without an account that never was."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(controls)
    assert desk.run("scan").exit_code == 0
    banner = desk.run("status").stderr.splitlines()
    assert len(banner) == 1
    assert words in banner[0]


def test_with_all_controls_there_is_no_banner(desk: Desk) -> None:
    """Nothing is missing: nothing is said."""
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(CONTROLS + 'absent_author = "1500000000000000003"\n')
    assert desk.run("init").exit_code == 0
    assert desk.run("status").stderr == ""


def test_a_post_of_the_future_says_why_it_is_not_looked_at(desk: Desk) -> None:
    """Its id's own time lies years ahead: its words, its doubts and the rounds say so, and a check passes it by."""
    window = x_ids.id_window((datetime.now(UTC) + timedelta(days=2000)).date())
    assert window is not None
    markup = blockquote(0, "Sample text").replace("1428601213012340737", window[0])
    (desk.articles / "one.html").unlink()
    (desk.articles / "two.txt").unlink()
    desk.print_article("ahead.html", markup)
    assert desk.run("scan").exit_code == 0
    assert desk.rows("check", "--due")[0]["posts"] == 0
    why = "not yet seen: its id cannot be right (it lies in the future), so it is not looked at"
    for post in (desk.rows("posts")[0], desk.rows("show", "p1")[0]):
        assert (post["words"], post["doubts"], post["rounds"]) == (why, ["id_implausible"], 0)
        assert "checks" not in post
