"""What holds of every page: no place hides an embed, no short cut loses one, no spelling and no flattening does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import inscriptis  # type: ignore[import-untyped]
import lxml.html
import pytest
import trafilatura
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archiver.embeds.find import find
from archiver.embeds.prefilter.hints import hints_in
from archiver.embeds.reading import pieces
from archiver.embeds.reading.page import Element
from tests.embeds import pages
from tests.embeds.articles import article
from tests.embeds.pages import of_case, page, posts
from tests.embeds.unfiltered import everything
from tests.markup import Case

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

several = st.lists(
    st.one_of(st.sampled_from(pages.FRAGMENTS), pages.snippets.map(of_case), st.sampled_from(pages.FLATTENED)),
    max_size=12,
)


@settings(deadline=None, max_examples=600)
@given(pages.holed_pages(), pages.snippets, pages.charsets)
def test_any_embed_at_any_place_of_any_page_is_found_once(halves: tuple[str, str], case: Case, charset: str) -> None:
    """What stands around it, well formed or not, and the character set change nothing that is read of it."""
    before, after = halves
    around = pages.encoded(page(before, of_case(case), after), charset)
    alone = page(of_case(case))
    assert posts(find(article(around, charset=charset))) == posts(find(article(alone)))


@pytest.mark.parametrize("case", pages.SNIPPETS, ids=str)
def test_in_a_quotation_of_a_person_an_embed_is_what_it_is_alone(case: Case) -> None:
    """The quotation is no post of its own, however many posts it holds."""
    quoted = page("<blockquote><p>Sample words of a person.</p>", of_case(case), "</blockquote>")
    assert posts(find(article(quoted))) == posts(find(article(page(of_case(case)))))


@settings(deadline=None, max_examples=400)
@given(several)
def test_windows_of_a_page_give_what_the_whole_page_gives(parts: list[str]) -> None:
    """Making only parts of a page readable loses nothing, and nothing of what stands either side of an embed."""
    source = article(page(*parts))
    assert find(source) == find(source, whole=True)


@settings(deadline=None, max_examples=800)
@given(pages.pieces())
def test_both_parsers_read_the_same_of_a_piece(inside: str) -> None:
    """lxml is asked first and BeautifulSoup behind it: in what is well formed the text and the links are equal."""
    one, other = _both(inside)
    assert one.attributes == other.attributes == {"class": "sample", "data-x": "1"}
    assert _read(one) == _read(other)


@settings(deadline=None, max_examples=500)
@given(pages.pieces(), st.sampled_from(pages.BREAKS), pages.pieces())
def test_both_parsers_read_the_same_words_of_a_broken_piece(before: str, broken: str, after: str) -> None:
    """Where tags are lost or mis-nested, the words and the links are equal; only line breaks may differ."""
    one, other = (pieces.running(piece) for piece in _both(before + broken + after))
    assert _words(one) == _words(other)


def _both(inside: str) -> tuple[pieces.Piece, pieces.Piece]:
    source = f'<blockquote class="sample" DATA-x=1>{inside}</blockquote>'
    one, other = pieces._by_lxml(source, "blockquote"), pieces._by_soup(source, "blockquote")
    assert one is not None
    assert other is not None
    return one, other


def _read(piece: pieces.Piece) -> tuple[str, list[pieces.Anchor]]:
    """The text and the links; in how many strings a parser hands the text over is its own affair."""
    flow = pieces.running(piece)
    return flow.text, flow.anchors


def _words(flow: pieces.Running) -> tuple[object, ...]:
    links = [(each.href, each.attributes, flow.text[each.start : each.end].split()) for each in flow.anchors]
    return flow.text.split(), links


@settings(deadline=None, max_examples=1500)
@given(pages.tags())
def test_attributes_are_read_as_a_parser_reads_them(tag: str) -> None:
    """Quoted either way or not at all, with references, line breaks, capitals, twice."""
    parsed = next(etree.fromstring(tag + "</div>", etree.HTMLParser()).iter("div"))
    expected = {str(name).lower(): value for name, value in reversed(parsed.attrib.items())}
    assert pieces.attributes(Element("div", 0, len(tag), tag, tag, tag.lower())) == expected


@pytest.mark.parametrize("cased", [str.lower, str.upper, str.title, str.swapcase])
def test_no_spelling_of_tags_and_attributes_hides_an_embed(cased: Callable[[str], str]) -> None:
    """Every case in lower, UPPER, Capitalised and other markup is a candidate, and shows the same."""
    for case in (case for case in pages.SHOWING if case.markup == "html"):
        spelled = pages.in_case(case.text, cased)
        assert hints_in(spelled.encode()) is not None, str(case)
        assert posts(find(article(spelled))) == posts(find(case.article())), str(case)


@settings(deadline=None, max_examples=600)
@given(st.lists(pages.near_misses, max_size=2))
def test_a_page_without_hints_holds_nothing(parts: list[str]) -> None:
    """What the search in the bytes skips, no form would have seen on the parsed page either.

    But for posts of Mastodon's servers, which have no common name to search for: these are sought by their markup.
    """
    source = page(*parts)
    held = [seen for seen in everything(source) if seen.embed.hint != "mastodon"]
    assert hints_in(source.encode()) is not None or held == []


@pytest.mark.parametrize("wrapper", pages.WRAPPERS)
def test_every_kind_of_address_is_found_wherever_a_form_reads_it(wrapper: str) -> None:
    """What a form sees on the parsed page, the finder sees too, of every host; and the finder sees no more."""
    for address in pages.ADDRESSES:
        source = page(wrapper.format(address))
        assert bool(find(article(source)).embeds) == bool(everything(source)), address


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "BeautifulSoup": lambda source: BeautifulSoup(source, "lxml").get_text(),
    "lxml": lambda source: str(lxml.html.document_fromstring(source).text_content()),
    "inscriptis": lambda source: inscriptis.get_text(source),
    "trafilatura": lambda source: trafilatura.extract(source, include_comments=False, fast=True) or "",
}


@settings(deadline=None, max_examples=60)
@given(st.lists(pages.printed_posts, min_size=1, max_size=3, unique_by=lambda post: post[1].lower()))
def test_every_extractors_flattening_shows_the_posts_of_the_markup(printed: list[tuple[str, str, str, date]]) -> None:
    """Markup and any flattening of it by public extractors agree on how many posts there are, whose and of what day."""
    source = pages.newsroom_page(printed)
    expected = [(handle, day) for _, handle, _, day in printed]
    flattened = {name: extract(source) for name, extract in EXTRACTORS.items()}
    found = {name: find(article(text, "text")) for name, text in flattened.items()} | {"markup": find(article(source))}
    read = {name: [(each.author_handle, each.published_on) for each in all_.embeds] for name, all_ in found.items()}
    assert read == dict.fromkeys(read, expected)
