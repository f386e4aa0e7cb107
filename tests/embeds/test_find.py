"""What `find` holds for every article: bad bytes, hostile sizes, failing forms, one embed once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.find import MOST_SURROUNDED, Found, find
from archiver.embeds.forms import ELEMENT_FORMS, TEXT_FORMS, Forms
from archiver.embeds.prefilter.hints import hints_in
from archiver.embeds.reading.page import MAX_ELEMENTS, Element
from archiver.embeds.sighting import Sighting
from archiver.embeds.state.script import MAX_NODES, MAX_POSTS
from archiver.model.article import Markup
from archiver.model.embed import CONTEXT_CHARACTERS
from tests.embeds.articles import BLOCKQUOTE, POST_ID, article
from tests.slowness import slowness

NESTED = 1_000_000
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Sample</title><style>p > a { color: red }</style></head><body>'
    '<!-- a comment --><article class="a>b"><h1>Sample title</h1><p>Sample <b>prose</b> with a '
    '<a href="https://news.example/b">link</a>.</p><script>if (a < b) { c("</p>") }</script><ul><li>One</li></ul>'
    '<img alt="1 < 2" src="a.png"><blockquote><p>Sample words of a person.</p></blockquote></article></body></html>'
)
BETWEEN_TAGS = [i for i, c in enumerate(PAGE) if c == "<" and PAGE.index("<article") < i < PAGE.index("</article")]
SCRIPT = range(PAGE.index("<script") + 1, PAGE.index("</script") + 1)
SOURCE_TEXT = st.text(
    alphabet=st.sampled_from(" \n<>/=\"'&;!-[]{}%()@#—.:aApxblockquoteiframtwi/0123é📷\0"), max_size=400
)


def seconds(payload: str, markup: Markup = "html") -> tuple[float, Found]:
    """Processor time: a busy machine is no failure of ours."""
    began = time.process_time()
    found = find(article(payload, markup))
    return time.process_time() - began, found


@pytest.mark.parametrize("markup", ["html", "text", "markdown"])
def test_an_empty_article_has_no_embeds(markup: Markup) -> None:
    """0 bytes are an article too (bad-inputs 59)."""
    assert find(article(b"", markup)) == Found(())


def test_an_embed_below_a_million_elements_is_found_quickly() -> None:
    """No depth hides an embed (bad-inputs 56)."""
    took, found = seconds("<div>" * NESTED + BLOCKQUOTE + "</div>" * NESTED)
    assert [embed.quotation for embed in found.embeds] == ["Sample text one"]
    assert took < 2 * slowness()


def test_a_hundred_thousand_open_comments_hide_nothing() -> None:
    """An unclosed comment is not taken for the rest of the page (bad-inputs 57)."""
    took, found = seconds("<!--" * 100_000 + BLOCKQUOTE)
    assert len(found.embeds) == 1
    assert found.doubts == ()
    assert took < slowness()


@pytest.mark.parametrize(
    "payload",
    [
        "<![" * 50_000,
        "<blockquote>" * 100_000,
        '<blockquote class="twitter-tweet">' * 100_000,
        '<iframe src="https://x.com/a/status/1">' * 20_000,
        "<script>" * 100_000,
        "<a " * 300_000,
        "<a href='" * 300_000,
        "&amp" * 300_000,
        "<!-- wp:embed {" * 50_000,
        "a" * 5_000_000,
        "https://x.com/a/status/1\n" * 3_000,
        "(@a) " * 50_000,
        "{{< x " * 100_000,
        "[tweet " * 100_000,
        "A. " * 300_000 + "— a (@a) May 1, 2020",
        " \n" * 500_000 + "— a (@a) May 1, 2020",
    ],
    ids=lambda payload: payload[:16].strip(),
)
@pytest.mark.parametrize("markup", ["html", "text"])
def test_hostile_repetition_takes_seconds_at_most(payload: str, markup: Markup) -> None:
    """Nothing is quadratic."""
    took, _ = seconds(payload, markup)
    assert took < 8 * slowness()


def test_what_lies_too_deep_for_lxml_in_an_embed_is_read_by_the_other_parser() -> None:
    """Links below 254 levels inside one blockquote are not lost."""
    deep = (
        "<div>" * 2000
        + f'— Sample Name (@sample_one) <a href="https://x.com/sample_one/status/{POST_ID}">May 1, 2020</a>'
    )
    found = find(article(f'<blockquote class="twitter-tweet"><p>Sample text one</p>{deep}</blockquote>'))
    assert [embed.author_handle for embed in found.embeds] == ["sample_one"]
    assert found.embeds[0].address == f"https://x.com/sample_one/status/{POST_ID}"


def test_a_link_that_no_parser_sees_is_a_doubt() -> None:
    """The source names a status, the parsed piece has none: a person should look."""
    words = f'<p title="/status/{POST_ID}">Sample</p>'
    found = find(article(f'<blockquote class="twitter-tweet" data-tweetid="{POST_ID}">{words}</blockquote>'))
    assert found.doubts == ("parser_disagreement",)
    assert [embed.native_id for embed in found.embeds] == [POST_ID]


def test_nul_bytes_do_not_hide_an_embed() -> None:
    """NULs are dropped before anything is read (bad-inputs 58)."""
    found = find(article(BLOCKQUOTE.replace("Sample", "Sam\0ple").replace("status", "sta\0tus")))
    assert [embed.quotation for embed in found.embeds] == ["Sample text one"]


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "shift_jis"])
def test_an_embed_in_plain_ascii_survives_any_charset(charset: str) -> None:
    """Other character sets and undecodable bytes around it do no harm."""
    payload = "Größe ".encode(charset, "replace") + BLOCKQUOTE.encode(charset)
    assert len(find(article(payload, charset=charset)).embeds) == 1


def test_a_failing_form_is_a_doubt_and_loses_nothing_of_the_others() -> None:
    """An exception inside one form leaves the embeds of the other forms, and is never silent."""

    def broken(element: Element) -> Sighting | None:
        raise ValueError(element.name)

    def broken_text(words: str) -> Iterator[Sighting]:
        raise ValueError(words)

    forms = Forms((broken, *ELEMENT_FORMS), (broken_text, *TEXT_FORMS))
    found = find(article(BLOCKQUOTE + "<p>https://x.com/sample_two/status/7</p>"), forms)
    assert [embed.form for embed in found.embeds] == ["blockquote", "bare_address"]
    assert found.doubts == ("unparsed",)


def test_an_article_with_too_many_elements_says_so() -> None:
    """The limit is not silent."""
    found = find(article('<iframe src="https://www.youtube.com/channel/sample"></iframe>' * (MAX_ELEMENTS + 1)))
    assert found == Found((), ("unparsed",))


def test_thousands_of_embeds_are_read_by_their_markup() -> None:
    """The longest live blog is no reason to fall back on its running text."""
    each = "<p>Sample prose.</p>" + BLOCKQUOTE
    took, found = seconds("".join(each.replace(POST_ID, str(int(POST_ID) + number)) for number in range(3_000)))
    assert {embed.form for embed in found.embeds} == {"blockquote"}
    assert (len(found.embeds), found.doubts) == (3_000, ())
    assert took < 3 * slowness()


def test_an_embed_knows_the_text_either_side_of_it() -> None:
    """Up to 2,000 characters, no scripts, no tags, also where another embed is near."""
    words = "Sample prose. " * 300
    found = find(
        article(f"<p>{words}</p>{BLOCKQUOTE}<script>var hidden</script><p>Between &amp; after.</p>{BLOCKQUOTE}")
    )
    first, second = found.embeds
    assert CONTEXT_CHARACTERS - 2 <= len(first.before) <= CONTEXT_CHARACTERS
    assert first.before.endswith("Sample prose.")
    assert first.after.startswith("Between & after.\n\nSample text one")
    assert second.before.endswith("August 20, 2021\n\nBetween & after.")
    assert second.after == ""


def test_tens_of_thousands_of_embeds_are_kept_without_all_the_text_beside_each() -> None:
    """A page of a megabyte would take hundreds of megabytes by it; the embeds themselves are all there."""
    lines = "\n\n".join(f"https://youtu.be/AAAA{number:07}" for number in range(MOST_SURROUNDED + 50))
    found = find(article(lines, "text"))
    assert (len(found.embeds), found.doubts) == (MOST_SURROUNDED + 50, ())
    assert [embed.position for embed in found.embeds] == list(range(len(found.embeds)))
    assert all(embed.before for embed in found.embeds[1:MOST_SURROUNDED])
    assert {embed.before + embed.after for embed in found.embeds[MOST_SURROUNDED:]} == {""}


@pytest.mark.parametrize(("piece", "times"), [("A", 7_000), ("&#x5357;", 800), ("a\n", 3_000)], ids=repr)
@given(before=st.integers(0, 9_000))
def test_the_text_beside_an_embed_holds_no_half_of_a_tag(piece: str, times: int, before: int) -> None:
    """Base64 of kilobytes in attributes, notes in titles: wherever it stands, a tag is read whole."""
    tag = f'<i title="{piece * times}">'
    page = f"<p>{'.' * before}</p><p>Above.{tag}{BLOCKQUOTE}<p>Below.{tag}</p>Far below."
    (embed,) = find(article(page)).embeds
    assert embed.before.lstrip(".\n") == "Above."
    assert embed.after == "Below.\n\nFar below."


@given(st.sampled_from(BETWEEN_TAGS), st.sampled_from([BLOCKQUOTE, f"<noscript>{BLOCKQUOTE}</noscript>"]))
def test_a_blockquote_inserted_anywhere_is_found_exactly_once(at: int, embed: str) -> None:
    """At every place between the tags of a page, and in a script that may yet write it into the page."""
    found = find(article(PAGE[:at] + embed + PAGE[at:]))
    assert (found.embeds[0].form == "json") == (at in SCRIPT)
    assert [e.quotation for e in found.embeds] == ["Sample text one"]
    assert found.embeds[0].published_on is not None


@settings(max_examples=300)
@given(SOURCE_TEXT, st.sampled_from(["html", "text", "markdown"]))
def test_no_text_makes_find_raise(text: str, markup: Markup) -> None:
    """Random markup gives embeds or none, never an exception, and no form fails on it."""
    assert find(article(text, markup)).doubts in ((), ("parser_disagreement",))


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252", "shift_jis"]))
def test_no_bytes_make_find_raise(payload: bytes, charset: str) -> None:
    """The same for random bytes in any charset."""
    find(article(payload, charset=charset))


@given(st.lists(SOURCE_TEXT, max_size=3), SOURCE_TEXT)
def test_positions_count_up_in_the_order_of_the_article(pieces: list[str], tail: str) -> None:
    """Whatever stands between embeds, positions are 0..n-1."""
    found = find(article(BLOCKQUOTE.join(pieces) + tail))
    assert [embed.position for embed in found.embeds] == list(range(len(found.embeds)))


def test_names_of_platforms_in_prose_are_no_markup_in_capitals() -> None:
    """A page is searched again in lower case, which takes as long once more, only for what counts there."""
    prose = b"<p>Twitter-Account, Instagram-Story, YouTube-Kanal, FACEBOOK, TikTok, /Status.aspx; Blockquoted text"
    for page, is_lowered in (
        (BLOCKQUOTE.encode() + prose, False),
        (BLOCKQUOTE.encode() + prose + b'<DIV ID="Twitter-Tweet">', True),
        (BLOCKQUOTE.encode() + prose + b'<IFRAME SRC="//www.YouTube.com/embed/">', True),
        (BLOCKQUOTE.encode() + prose + b"</Blockquote>", True),
        (BLOCKQUOTE.encode() + b" FACEBOOK" * 200, True),
    ):
        hints = hints_in(page)
        assert hints is not None
        assert (hints.lower == page.lower(), hints.lower is page) == (is_lowered, not is_lowered)


def test_an_embed_far_down_in_a_script_is_found() -> None:
    """Also where the script is no JSON, and long before the embed."""
    filler = "<p>Sample prose.</p>" * 20_000
    escaped = (filler + BLOCKQUOTE).replace('"', '\\"').replace("<", "\\u003c")
    found = find(article(f'<script>push("{escaped}");</script>'))
    assert [embed.quotation for embed in found.embeds] == ["Sample text one"]
    assert found.doubts == ()


@pytest.mark.parametrize("markup", ["html", "text"])
def test_more_in_json_than_is_looked_at_is_told(markup: Markup) -> None:
    """What was found before the limit stands, and the article is marked."""
    post = '{"role": "tweet", "URL": "https://x.com/sample_one/status/%d"}'
    nodes = "[" + ",".join(post % (10**18 + number) for number in range(MAX_POSTS + 10)) + "]"
    found = find(article(nodes if markup == "text" else f"<script>{nodes}</script>", markup))
    assert len(found.embeds) > MAX_POSTS
    assert found.doubts == ("unparsed",)
    numbers = "[" + "[0]," * MAX_NODES + (post % 10**18) + "]"
    found = find(article(numbers if markup == "text" else f"<script>{numbers}</script>", markup))
    assert found.doubts == ("unparsed",)
