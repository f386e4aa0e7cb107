"""Where quotations begin in flattened text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.embeds.flattened.bounds import CONFIDENCE, LOOK_BACK, cut, last_paragraph
from archiver.embeds.flattened.lines import limit, lines_up, weight, weight_at_end, weight_of_replies

PROSE = "The town council met on Monday evening and heard from many of its members for several hours. " * 4
NEWS = "The town council met on Monday evening and heard from the mayor."
POST = "Sample text of a post that goes on for a while"


def fits(text: str, day: date | None) -> bool:
    return weight_at_end(text) - weight_of_replies(text) <= limit(day)


def test_the_weight_of_a_post_is_xs() -> None:
    """Links weigh 23, pictures nothing, an emoji 2 whatever it is made of, CJK 2."""
    assert weight("abc") == 3
    assert weight("日本") == 4
    assert weight("für “Übermut”…") == 15
    assert weight("https://t.co/AbCdEfGhIj") == 23
    assert weight("a pic.twitter.com/AbCdEfGhIj") == 2
    assert weight("👍🏽") == 2
    assert weight("👩‍👩‍👧") == 2
    assert weight("❤️") == 2
    assert weight("🇭🇺") == 2
    assert weight("u\u0308") == 1


def test_the_day_gives_the_limit() -> None:
    """140 before 7 November 2017, 280 since; mentions at the head and a link at the end are free."""
    assert fits("a" * 200, date(2019, 1, 1))
    assert fits("a" * 200, None)
    assert not fits("a" * 200, date(2014, 1, 1))
    assert not fits("a" * 300, None)
    assert fits("@sample_one @sample_two " + "a" * 278, None)
    assert fits("a" * 139 + " https://t.co/AbCdEfGhIj", date(2016, 12, 13))
    assert limit(date(2014, 1, 1), "日" * 140) == limit(None)
    assert limit(date(2014, 1, 1), "a" * 140) < limit(None)


def test_lines_are_read_upwards_without_their_marks() -> None:
    """Blanks, bullets and the quotation marks of mail are no part of a line's words."""
    text = "One\n\n  * two\n> three\n>\n> four  "
    lines = list(lines_up(text, 0, len(text)))
    assert [line.text for line in lines] == ["four", "three", "two", "One"]
    assert [text[line.start : line.end] for line in lines] == [line.text for line in lines]
    assert [line.parted for line in lines] == [False, True, False, True]
    assert [line.gap for line in lines] == [0, 1, 0, 1]
    assert [line.quoted for line in lines] == [True, True, False, False]
    assert [(line.bullet, line.indent) for line in lines] == [(False, 2), (False, 2), (True, 4), (False, 0)]


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ([PROSE, "Sample text one"], 1),
        ([PROSE, "#Sample", "Sample text one"], 1),
        ([PROSE, "Sample line one 📷", "Sample line two"], 1),
        ([PROSE, "She wrote:", "Sample text one"], 2),
        ([PROSE, "Another post pic.twitter.com/AbCdEfGhIj", "Sample text one"], 2),
        ([PROSE, "So we came #sample Posted by Sample Name on Sunday, May 30, 2021", "Sample text one"], 2),
        ([PROSE, "3.", "Sample text one"], 2),
        ([PROSE, "20:45", "Sample text one"], 2),
        ([PROSE, "A heading", "Sample text one"], 2),
        ([PROSE, "* Menu", "Sample text one"], 2),
        ([PROSE, "A heading that is somewhat longer", "#Sample text one"], 2),
        ([PROSE, "— Other Name (@other)", "Sample text one"], 2),
        ([PROSE, "It was all over Twitter by then.", "Sample text one"], 2),
        ([PROSE, "And then there was this one …", "Sample text one"], 2),
        (
            [
                PROSE,
                "Am Abend wurde es für viele später.",
                "So I went to the harbour and saw all of the gulls sit on the pier in the cold rain",
            ],
            2,
        ),
        ([PROSE, "It was late in town that evening.", "На пристани сегодня холодно и сыро"], 2),
        ([PROSE, "Sample text of a headline", "Sample text of a headline https://t.co/AbCdEfGhIj"], 2),
        ([PROSE, "Buses to the harbour go from the new pier", "Buses to the pier go as ever"], 1),
        ([PROSE, "We are at the harbour with our friends now.", "It rains here"], 1),
        ([PROSE, "    " + NEWS, "      " + POST, "      It rains here"], 2),
    ],
)
def test_a_quotation_begins_at_its_first_line(lines: list[str], first: int) -> None:
    """What belongs to the post, and what stands before it."""
    text = "\n".join(lines)
    found = cut(text, 0, len(text), None)
    assert text[found.start :] == "\n".join(lines[first:]).strip()
    assert found.how in ("lines", "close_lines", "only_line")


def test_a_line_that_names_the_author_stands_before_the_post() -> None:
    """Who quotes a post says whose it is; one word of the name may be a topic."""
    text = f"{PROSE}\nThen Jane Sample spoke of the harbour.\n{POST}"
    author = ("Jane", "Sample", "sample_one")
    assert text[cut(text, 0, len(text), None, author).start :] == POST
    assert text[cut(text, 0, len(text), None, ("Sample", "sample_one")).start :] != POST


def test_single_breaks_hold_a_post_together_where_blank_lines_part_all_else() -> None:
    """`<br>` becomes a line break, a paragraph a blank line."""
    text = f"{PROSE}\n\nA heading\n\nShort one\nSample text of the post"
    assert text[cut(text, 0, len(text), None).start :] == "Short one\nSample text of the post"


def test_a_post_that_x_cut_short_is_as_long_as_a_post() -> None:
    """X ends what is longer than 280 characters with an ellipsis, so the paragraphs above belong to it."""
    first = "The harbour was closed in the morning because of the high waves, which had come in from the north."
    second = "Ferries lie at the piers, and hundreds of people wait for them in the halls, where tea is served."
    text = f"{PROSE}\n\n{first}\n\n{second}\n\nThey hope that it will be open again by the evening… https://t.co/AbCdEfGhIj"
    assert text[cut(text, 0, len(text), date(2024, 1, 1)).start :].startswith(first)


def test_the_marks_of_mail_bound_a_quotation() -> None:
    """Also one of several paragraphs, and one whose lines were broken again."""
    text = f"{PROSE}\n\n{NEWS}\n\n> Sample says to\n> all:\n>\n> Sample line two"
    found = cut(text, 0, len(text), None)
    assert text[found.start :].startswith("Sample says to\n")
    assert found.how == "quoted"


@pytest.mark.parametrize(
    ("text", "start", "how"),
    [
        (PROSE + "Sample text one. Sample text two", "council", "sentences"),
        (PROSE + "Then she wrote on the way home: Sample text one. Sample two", "Sample text one.", "sentences"),
        (PROSE + "На пристани холодно. И сыро", "На", "sentences"),
        ("a" * 400, "aaa", "whole_line"),
        ("She wrote:\n" + PROSE, "The town", "whole_line"),
        ("A heading\n\n* Sample text one", "Sample", "only_line"),
        (PROSE + "\n" + "Sample text one", "Sample", "only_line"),
        ("", "", "only_line"),
    ],
)
def test_a_cut_says_how_it_was_made(text: str, start: str, how: str) -> None:
    """Each way to cut has its own measured confidence."""
    found = cut(text, 0, len(text), None)
    assert found.how == how
    assert start in text[found.start : found.start + 20] if start else found.start == 0
    assert 0 < CONFIDENCE[found.how] <= 100


def test_a_post_run_together_with_prose_takes_whole_sentences_that_fit() -> None:
    """One line of text longer than a post is cut at a sentence; a link alone belongs to the one before it."""
    text = PROSE + "Sample text one. Sample text two. pic.x.com/AbCdEfGhI1"
    start = cut(text, 0, len(text), None).start
    assert text[start - 2 : start] == ". "
    assert fits(text[start:], None)
    only = "a" * 300 + ". Sample text one. https://t.co/AbCdEfGhI1pic.x.com/AbCdEfGhI1"
    assert only[cut(only, 0, len(only), None).start :].startswith("Sample text one")


def test_without_a_limit_the_last_paragraph_is_taken() -> None:
    """Instagram's captions have 2,200 characters."""
    text = f"{NEWS}\n\n{PROSE}\n\n"
    assert text[last_paragraph(text, 0, len(text)).start :] == f"{PROSE}\n\n"
    assert last_paragraph("\n\n", 0, 2).start == 2


@given(st.text(max_size=300), st.integers(0, 300))
def test_a_quotation_never_begins_outside_its_bounds(text: str, low: int) -> None:
    """Whatever the text, the start lies between the bounds."""
    low = min(low, len(text))
    found = cut(text, low, len(text), None, ("Sample", "Name", "sample"))
    assert low <= found.start <= len(text)
    assert found.how in CONFIDENCE


@given(
    st.lists(
        st.sampled_from([NEWS, POST, "#Sample", "3.", "", "  * Sample", "> a", "Ünö é", "https://t.co/AbCdEfGhI1"]),
        max_size=120,
    )
)
def test_no_quotation_begins_far_above_its_end(lines: list[str]) -> None:
    """The window is bounded, so that many quotations in one text cost no more than their number."""
    text = "\n".join(lines)
    assert cut(text, 0, len(text), None).start >= len(text) - LOOK_BACK
