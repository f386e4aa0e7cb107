"""What holds of every page: no place hides an embed, no short cut loses one, no spelling does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.find import find
from tests.embeds.articles import article
from tests.embeds.pages import FRAGMENTS, charsets, encoded, holed_pages, of_case, page, posts, snippets
from tests.markup import Case

FLATTENED = (
    "<p>Sample words of a post — Sample Name (@sample_one) August 20, 2021</p>",
    "<p>Sample prose.</p><p>Sample words #sample pic.twitter.com/AbCdEfGhIj</p><p>— Sample Name (@sample_one) May 1, 2020</p>",
    "Sample words of a post pic.x.com/KlMnOpQrSt",
    "<p>[tweet 1428507067806646273]</p>",
    "<br>https://x.com/sample_two/status/1428507067806646274<br>",
    "<p>See https://x.com/sample_two/status/1428507067806646274 for more (@sample_two).</p>",
)
several = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), snippets.map(of_case), st.sampled_from(FLATTENED)), max_size=12
)


@settings(deadline=None, max_examples=500)
@given(holed_pages(), snippets, charsets)
def test_any_embed_at_any_place_of_any_page_is_found_once(halves: tuple[str, str], case: Case, charset: str) -> None:
    """What stands around it, well formed or not, and the character set change nothing that is read of it."""
    before, after = halves
    around = encoded(page(before, of_case(case), after), charset)
    alone = page(of_case(case))
    assert posts(find(article(around, charset=charset))) == posts(find(article(alone)))


@settings(deadline=None, max_examples=300)
@given(several)
def test_windows_of_a_page_give_what_the_whole_page_gives(parts: list[str]) -> None:
    """Making only parts of a page readable loses nothing, and nothing of what stands either side of an embed."""
    source = article(page(*parts))
    assert find(source) == find(source, whole=True)
