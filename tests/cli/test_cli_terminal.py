"""Nothing that a stranger wrote commands a terminal, forges a line or starts a formula."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archiver.cli.output import json_line
from archiver.cli.terminal import clip, exact_line, one_line, shorten, term
from tests.cli.desk import Desk, blockquote

HOSTILE = "=HYPERLINK(1) \x1b]52;c;eA==\x07 \u202egnp.exe \x9b31m \u2028 end"
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
DANGEROUS = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_dangerous(character: str) -> bool:
    return unicodedata.category(character) in DANGEROUS or character in BIDI


@given(ANY_TEXT)
def test_text_for_a_terminal_holds_no_control_but_the_newline(text: str) -> None:
    """Whatever comes in, only printables, harmless marks and newlines come out."""
    assert not any(is_dangerous(each) for each in term(text) if each != "\n")
    assert not any(is_dangerous(each) for each in exact_line(text) + one_line(text))


@given(ANY_TEXT)
def test_a_json_line_is_safe_to_print_and_loses_nothing(text: str) -> None:
    """A JSON line has no control character in it and reads back as it was."""
    line = json_line({"text": text})
    assert not any(is_dangerous(each) for each in line)
    assert json.loads(line)["text"] == text


def test_marks_that_scripts_need_stay_as_they_are() -> None:
    """LRM, RLM, the joiners of Persian and emoji, and no-break spaces are not escaped."""
    text = "\u200eنمی\u200cخواهم\u200f 👩\u200d👩\u200d👧 a\u00a0b"
    assert term(text) == text
    assert text in json_line({"text": text})


def test_controls_are_shown_by_their_number() -> None:
    """An escape and a right-to-left override are readable, and do nothing."""
    assert term("a\x1b[31m\u202eb") == "a\\u{1b}[31m\\u{202e}b"


@given(ANY_TEXT, st.integers(min_value=1, max_value=20))
def test_shortened_text_fits_its_cells(text: str, cells: int) -> None:
    """A shortened text is never wider than asked."""
    from rich.cells import cell_len

    assert cell_len(shorten(one_line(text), cells)) <= cells


def test_a_heap_of_combining_marks_is_cut() -> None:
    """Ten thousand marks on one letter do not fill the screen; a family emoji stays whole."""
    assert len(clip("a" + "\u0301" * 10_000, 256)) < 20
    assert clip("👩\u200d👩\u200d👧 x", 1).startswith("👩\u200d👩\u200d👧")
    assert clip("x" * 300, 256) == "x" * 256 + "…"


def hostile_desk(desk: Desk) -> Desk:
    """A desk whose article quotes hostile words of an author with a hostile name."""
    desk.print_article("hostile.html", blockquote(7, HOSTILE, name="@SUM(1) \x1b[2J\u202e"))
    assert desk.run("scan").exit_code == 0
    return desk


def test_hostile_words_reach_no_output_raw(desk: Desk) -> None:
    """Tables, JSON Lines and CSV of every listing are free of control characters."""
    hostile_desk(desk)
    number = next(row["post"] for row in desk.rows("posts", "--author", "sample_many"))
    for command in (("posts",), ("search", "gnp"), ("show", number), ("articles",), ("embeds", str(desk.articles))):
        for form in ("table", "jsonl", "csv"):
            answer = desk.run(*command, "--format", form)
            assert answer.exit_code == 0, answer.stderr
            assert answer.stdout
            assert not any(is_dangerous(each) for each in answer.output if each != "\n"), (command, form)


def test_no_cell_of_a_csv_is_a_formula(desk: Desk) -> None:
    """What begins like a formula has an apostrophe before it."""
    hostile_desk(desk)
    answer = desk.run("posts", "--author", "sample_many", "--format", "csv")
    row = next(csv.DictReader(io.StringIO(answer.stdout)))
    assert row["text"].startswith("'=HYPERLINK(1)")
    assert row["author_name"].startswith("'@SUM(1)")


def test_a_file_name_cannot_forge_a_line(desk: Desk) -> None:
    """A newline and an escape in the name of an unreadable file are shown, not obeyed."""
    answer = desk.run("embeds", "no\narchiver: all is well\x1b[2J")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert "\x1b" not in answer.stderr
