"""Quotations cut again by the post's own text."""

from __future__ import annotations

import html
import time
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.align import POST_CHARACTERS, cut_again

PROSE_WORDS = "the of council and met on evening a mayor in roof library said that for autumn figures it".split()  # noqa: SIM905
POST_WORDS = (
    "the of sample and harbour on ferry a gulls in lighthouse rain that for winter pier it Überfahrt نمونه".split()  # noqa: SIM905
)
SIGNS = ["", "", "", ",", ".", "!", ' "', "“", "—", "’s", " 📷", "👍🏽", " …", ":"]
HEADS = ["", "", "#", "“", "🔥 ", "1/ ", "@sample "]


class Flattened(NamedTuple):
    """A post, what an article prints of it, and what stands around it."""

    before: str
    printed: str
    after: str
    said: str


def _noise(draw: st.DrawFn, said: str) -> str:
    """What extractors and editors do to a post."""
    for plain, others in {'"': '"“”„', "“": '"“„', "—": "—–-", "’": "’'", "…": ("…", "...")}.items():
        said = said.replace(plain, draw(st.sampled_from(list(others))))
    if draw(st.booleans()):
        said = said.replace(" 📷", "").replace("👍🏽", "")
    return said.replace("\n", draw(st.sampled_from(["\n", " ", "\n\n", "\n    "])))


@st.composite
def flattened(draw: st.DrawFn) -> Flattened:
    """A post flattened with random losses, in random prose whose last and first words the post does not have."""
    words = draw(st.lists(st.sampled_from(POST_WORDS), min_size=6, max_size=40))
    body = draw(st.sampled_from(HEADS)) + "Pier"
    for word in words:
        body += draw(st.sampled_from(SIGNS)) + draw(st.sampled_from([" ", " ", "\n"])) + word
    body += " gulls"
    link = draw(st.sampled_from(["", " https://t.co/AbCdEfGhI1", " https://t.co/AbCdEfGhI1 https://t.co/AbCdEfGhI2"]))
    printed = _noise(draw, body).strip()
    if link:
        printed += draw(
            st.sampled_from([link, " pic.twitter.com/AbCdEfGhI1", "pic.twitter.com/AbCdEfGhI2", " news.example/a/b…"])
        )
    prose = st.lists(st.sampled_from(PROSE_WORDS), max_size=60).map(" ".join)
    before = draw(prose) + draw(st.sampled_from([" council.\n\n", " mayor: ", "\nroof\n", ". Autumn. "]))
    after = draw(st.sampled_from(["\n\n— Name (@name) August 20, 2021\n", " (Council) ", "\nThe mayor "])) + draw(prose)
    said = body.replace("—", "&mdash;") + (link or draw(st.sampled_from(["", " "])))
    return Flattened(before, printed, after, html.escape(said, quote=False).replace("&amp;mdash;", "&mdash;"))


@settings(max_examples=400, deadline=None)
@given(flattened(), st.data())
def test_a_post_flattened_with_losses_is_cut_exactly(case: Flattened, data: st.DataObject) -> None:
    """Wherever the first cut was, the second one is where the article prints the post."""
    article = case.before + case.printed + case.after
    end = len(case.before) + len(case.printed)
    start = data.draw(st.integers(0, end - 1))
    again = cut_again(article[:start], article[start:end], article[end:], case.said)
    assert again is not None
    assert again.words == case.printed
    assert (again.start, again.end) == (len(case.before), end)
    assert again.how == "aligned"
    assert again.confidence >= 80


@pytest.mark.parametrize(
    ("before", "quotation", "after", "said", "words"),
    [
        ("Prose. ", "Sample text one", " more", "Sample text one", "Sample text one"),
        ("Prose.\n", "Its prose.\nSample text one", "", "Sample text one https://t.co/AbCdEfGhI1", "Sample text one"),
        ("", "Sample &lt; text", "", "sample &amp;lt; TEXT", "Sample &lt; text"),
        ("Prose.\nSample line one is here\n", "Sample line two", "", "Sample line one is here\nSample line two", None),
        ("A ", "日本語の文章です。", " b", "日本語の文章です。", "日本語の文章です。"),
        ("“Sample text one”, he said.\n", "Sample text one", "", "Sample text one", "Sample text one"),
        (
            "Prose: ",
            "Sample text one pic.x.com/AbCdEfGhI1",
            "",
            "Sample text one",
            "Sample text one pic.x.com/AbCdEfGhI1",
        ),
        ("Prose. ", "@one Sample text two", "", "@zero @one Sample text two", "@one Sample text two"),
        ("Prose. ", "Sample text three", "", "@zero @one Sample text three", "Sample text three"),
    ],
)
def test_the_words_are_those_of_the_article(
    before: str, quotation: str, after: str, said: str, words: str | None
) -> None:
    """Lost and added links, entities, replies, other scripts, the same words in the prose beside it."""
    again = cut_again(before, quotation, after, said)
    assert again is not None
    assert again.words == (words or "Sample line one is here\nSample line two")


def test_a_post_that_the_platform_cuts_short_ends_where_it_ended_before() -> None:
    """Of the rest only the article knows."""
    again = cut_again(
        "Prose. ", "More prose. Sample text one goes on and on", "\n— Name", "Sample text one goes o… https://t.co/a"
    )
    assert again is not None
    assert again.words == "Sample text one goes on and on"


def test_a_post_that_the_article_cuts_short_is_cut_there() -> None:
    """X's own embeds end long posts with an ellipsis."""
    again = cut_again(
        "Prose. ", "More. Sample text one goes… pic.x.com/AbCdEfGhI1", "", "Sample text one goes on and on for long"
    )
    assert again is not None
    assert again.words == "Sample text one goes… pic.x.com/AbCdEfGhI1"


@pytest.mark.parametrize(
    ("quotation", "said"),
    [
        ("Sample text one", ""),
        ("Sample text one", "📷"),
        ("", "Sample text one"),
        ("Sample text one", "Another post about the harbour and its many gulls"),
        ("Sample text one", "https://t.co/AbCdEfGhI1"),
        ("the of and", "the ferry of the pier and the rain"),
    ],
)
def test_what_hardly_agrees_is_not_cut(quotation: str, said: str) -> None:
    """Another post, or nothing to compare."""
    assert cut_again("Prose that says nothing. ", quotation, " More of it.", said) is None


@pytest.mark.parametrize("word", ["a ", "a b ", "https://t.co/AbCdEfGhI1 ", "é"])
def test_repetitions_do_not_take_long(word: str) -> None:
    """Bounded by processor time, because the machine may be busy."""
    text = word * 20_000
    began = time.process_time()
    cut_again(text, text[:5000], text, text)
    assert time.process_time() - began < 5


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_bounds_inside_the_article_or_none(before: str, quotation: str, after: str, said: str) -> None:
    """Whatever the texts, and the words are those between the bounds."""
    article = before + quotation + after
    again = cut_again(before, quotation, after, said)
    if again is not None:
        assert 0 <= again.start <= again.end <= len(article)
        assert again.words == article[again.start : again.end]
        assert 0 < again.similarity <= 1


def test_of_a_very_long_post_the_beginning_is_compared() -> None:
    """X's longest posts have 25,000 characters."""
    words = " ".join(f"sample{number}" for number in range(3000))
    again = cut_again("Prose. ", words, " end", words)
    assert len(words) > POST_CHARACTERS
    assert again is not None
    assert again.words == words
