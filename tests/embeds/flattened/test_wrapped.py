"""Text whose lines are broken at a width: paragraphs are put together again, and nothing else is."""

from __future__ import annotations

import textwrap

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.find import find
from archiver.embeds.flattened.wrapped import unwrapped
from tests.embeds.articles import article

PARAGRAPHS = st.lists(
    st.lists(st.text(alphabet="abcdefghij", min_size=2, max_size=5), min_size=80, max_size=120).map(" ".join),
    min_size=5,
    max_size=6,
)


@settings(max_examples=40)
@given(PARAGRAPHS, st.integers(64, 90))
def test_paragraphs_are_put_together_again(paragraphs: list[str], width: int) -> None:
    """Whatever the width; what each says keeps its place."""
    broken = "\n\n".join(textwrap.fill(each, width) for each in paragraphs)
    assert unwrapped(broken) == "\n\n".join(paragraphs)
    assert len(unwrapped(broken)) == len(broken)


@settings(max_examples=40)
@given(PARAGRAPHS, st.integers(64, 90))
def test_lines_that_nobody_broke_stay(paragraphs: list[str], width: int) -> None:
    """Of a text whose lines end where a sentence does, and of one with a list."""
    text = "\n".join(paragraphs)
    assert unwrapped(text) == text
    listed = "\n".join("- " + each[: width // 2] for each in paragraphs * 5)
    assert unwrapped(listed) == listed


def test_a_quotation_begins_at_its_paragraph() -> None:
    """Not at the last line of the paragraph above, which is as short as a post's."""
    prose = textwrap.fill(
        "The council met for several hours and heard from many of its members about the weather. " * 9, 78
    )
    text = f"{prose}\n\nSample text one.\n\n— Sample Name (@sample_one) August 20, 2021\n\n{prose}\n"
    assert [embed.quotation for embed in find(article(text, "text")).embeds] == ["Sample text one."]
