"""The parts of flattened text: dates, attributions, bounds, links."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.embeds.attribution import attributions
from archiver.embeds.bounds import fits, quotation_start, weight
from archiver.embeds.dates import begins_month, read_day
from archiver.embeds.links import links_in
from archiver.embeds.readable import of_html, of_markdown
from archiver.model.embed import Link

PROSE = "The town council met on Monday evening and heard from many of its members for several hours. " * 4


@pytest.mark.parametrize(
    ("printed", "expected", "length"),
    [
        ("August 20, 2021", date(2021, 8, 20), 15),
        ("Aug 20, 2021 and on", date(2021, 8, 20), 12),
        ("25. September 2018", date(2018, 9, 25), 18),
        ("16 мая 2018 г. дальше", date(2018, 5, 16), 14),
        ("6 Φεβρουαρίου 2018", date(2018, 2, 6), 18),
        ("3 de mayo de 2020", date(2020, 5, 3), 17),
        ("1er mars 2020", date(2020, 3, 1), 13),
        ("2019. június 8.", date(2019, 6, 8), 15),
        ("2019年1月26日", date(2019, 1, 26), 10),
        ("2019년 1월 26일", date(2019, 1, 26), 12),
        ("۲۰ اوت ۲۰۲۱", date(2021, 8, 20), 11),
        ("August 20, 2021The next sentence", date(2021, 8, 20), 15),
        ("2021-08-20", date(2021, 8, 20), 10),
    ],
)
def test_a_printed_date_is_read_in_its_language(printed: str, expected: date, length: int) -> None:
    """Shapes and languages that stored articles show."""
    assert read_day(printed) == (expected, length)


@pytest.mark.parametrize("printed", ["", "June 31, 2020", "Sample 20, 2021", "20 2021", "August", "Augustus 20 BC"])
def test_what_is_no_date_is_not_read_as_one(printed: str) -> None:
    """Days that no month has, and words that are no month."""
    assert read_day(printed) is None


def test_a_month_may_be_cut() -> None:
    """Extractors cut attributions in the middle of a word; a sentence that goes on is no month."""
    assert begins_month("Februa")
    assert begins_month("May")
    assert not begins_month("Februa and more")
    assert not begins_month("Sample")


@pytest.mark.parametrize(
    ("text", "name", "handle"),
    [
        (
            "Sample pic.twitter.com/AbCdEfGhIj— Sample – نمونه (@sample_one) August 20, 2021",
            "Sample – نمونه",
            "sample_one",
        ),
        ("A — B said so. — Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("- Sample text — Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\nSample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— Sample Name (@sample_one)\nAugust 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n\\u2014 Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\nâ€” Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— S (ample) 📷 (@s) on August 20, 2021", "S (ample) 📷", "s"),
    ],
)
def test_an_attribution_gives_name_handle_and_day(text: str, name: str, handle: str) -> None:
    """Dashes in names and posts, lost and mangled dashes."""
    (read,) = attributions(text)
    assert (read.name, read.handle, read.day) == (name, handle, date(2021, 8, 20))


def test_the_weight_of_a_post_is_xs() -> None:
    """Links weigh 23, pictures nothing, an emoji 2 whatever it is made of, CJK 2."""
    assert weight("abc") == 3
    assert weight("日本") == 4
    assert weight("https://t.co/AbCdEfGhIj") == 23
    assert weight("a pic.twitter.com/AbCdEfGhIj") == 2
    assert weight("👍🏽") == 2
    assert weight("🇭🇺") == 2


def test_the_day_gives_the_limit() -> None:
    """140 before 7 November 2017, 280 since; mentions at the head are free."""
    long = "a" * 200
    assert fits(long, date(2019, 1, 1))
    assert fits(long, None)
    assert not fits(long, date(2014, 1, 1))
    assert not fits("a" * 300, None)
    assert fits("@sample_one @sample_two " + "a" * 278, None)


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ([PROSE, "Sample text one"], 1),
        ([PROSE, "#Sample", "Sample text one"], 1),
        ([PROSE, "Sample line one 📷", "Sample line two"], 1),
        ([PROSE, "She wrote:", "Sample text one"], 2),
        ([PROSE, "Another post pic.twitter.com/AbCdEfGhIj", "Sample text one"], 2),
        ([PROSE, "3.", "Sample text one"], 2),
        ([PROSE, "A heading", "Sample text one"], 2),
        ([PROSE, "* Menu", "Sample text one"], 2),
        ([PROSE, "A heading that is somewhat longer", "#Sample text one"], 2),
        ([PROSE, "— Other Name (@other)", "Sample text one"], 2),
    ],
)
def test_a_quotation_begins_at_its_first_line(lines: list[str], first: int) -> None:
    """What belongs to the post, and what stands before it."""
    text = "\n".join(lines)
    assert text[quotation_start(text, 0, len(text), None) :] == "\n".join(lines[first:])


def test_single_breaks_hold_a_post_together_where_blank_lines_part_all_else() -> None:
    """`<br>` becomes a line break, a paragraph a blank line."""
    text = f"{PROSE}\n\nA heading\n\nShort one\nSample text of the post"
    assert text[quotation_start(text, 0, len(text), None) :] == "Short one\nSample text of the post"


def test_a_post_run_together_with_prose_takes_whole_sentences_that_fit() -> None:
    """One line of text longer than a post is cut at a sentence."""
    text = PROSE + "Sample text one. Sample text two"
    start = quotation_start(text, 0, len(text), None)
    assert text[start - 2 : start] == ". "
    assert text[start:].endswith("Sample text one. Sample text two")
    assert fits(text[start:], None)


def test_short_links_become_links() -> None:
    """Also where they are glued to each other or to the next word."""
    text = "a https://t.co/AbCdEfGhIjpic.twitter.com/KlMnOpQrStNext t.co/UvWxYz1234 (https://news.example/b)."
    assert links_in(text) == (
        Link("https://t.co/AbCdEfGhIj", "https://t.co/AbCdEfGhIj"),
        Link("https://pic.twitter.com/KlMnOpQrSt", "pic.twitter.com/KlMnOpQrSt"),
        Link("https://t.co/UvWxYz1234", "t.co/UvWxYz1234"),
        Link("https://news.example/b", "https://news.example/b"),
    )


def test_readable_text_breaks_where_blocks_end() -> None:
    """Blanks of the source count once, `<br>` is a line break, entities are resolved."""
    assert of_html("<p>a\n  b<br/>c</p><div>d &lt; e<b>f</b></div><li>g</li>").strip() == "a b\nc\n\nd < ef\n\n• g"
    assert of_markdown("> a\\_b &mdash; c\n> d") == "a_b — c\nd"


@given(st.text(max_size=300), st.integers(0, 300))
def test_a_quotation_never_begins_outside_its_bounds(text: str, low: int) -> None:
    """Whatever the text, the start lies between the bounds."""
    low = min(low, len(text))
    assert low <= quotation_start(text, low, len(text), None) <= len(text)
