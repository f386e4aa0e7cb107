"""Flattened posts: attributions, links, and what a whole text gives."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.embeds.flattened.attribution import attributions, last_attribution
from archiver.embeds.flattened.bounds import CONFIDENCE
from archiver.embeds.flattened.links import LINK, PICTURE, links_in, may_hold_links
from archiver.embeds.flattened.text import read
from archiver.embeds.reading.readable import of_html, of_markdown
from archiver.model.embed import Link
from tests.embeds.articles import POST_ID

PROSE = "The town council met on Monday evening and heard from many of its members for several hours. " * 4
ADDRESS = f"https://x.com/sample_one/status/{POST_ID}"
SIGNED = "— Sample Name (@sample_one) August 20, 2021"


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
        (
            f"{PROSE}\nSample text\nSample Name (@sample_one) August 20, 2021\n{PROSE}",
            "Sample Name",
            "sample_one",
        ),
        ("Sample text\n—\nSample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— Sample\nName (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text —— Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n--- Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— Sample Name (@sample_one) (August 20, 2021)", "Sample Name", "sample_one"),
        ("Sample text\n— Sample Name ( @sample_one ) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— Sample Name （@sample_one） August 20, 2021", "Sample Name", "sample_one"),
        ("Sample\n\u200f— نمونه (\u200e@sample_one\u200e) \u2066August 20, 2021\u2069", "نمونه", "sample_one"),
        ("Sample\n— \u202bنمونه\u202c (\u202a@sample_one\u202c) August 20, 2021", "نمونه", "sample_one"),
        ("Sample\n— \u2068نمونه\u2069 (\u2068@sample_one\u2069) \u2068August 20, 2021", "نمونه", "sample_one"),
        ("Sample text\n— Sample Name (@sample_one)\nAugust 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n\\u2014 Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\nâ€” Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text\n— S (ample) 📷 (@s) on August 20, 2021", "S (ample) 📷", "s"),
        ("> Sample text\n>\n> — Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("> Sample text\n> Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text -- Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Sample text &#8212; Sample Name (@sample_one) August 20, 2021", "Sample Name", "sample_one"),
        ("Text\n— Sample [(@sample_one)](https://x.com/sample_one) August 20, 2021", "Sample", "sample_one"),
    ],
)
def test_an_attribution_gives_name_handle_and_day(text: str, name: str, handle: str) -> None:
    """Dashes in names and posts, lost and mangled dashes, the marks of mail."""
    (read,) = attributions(text)
    assert (read.name, read.handle, read.day, read.platform) == (name, handle, date(2021, 8, 20), "x")


@pytest.mark.parametrize(
    ("attribution", "name", "dated"),
    [
        (f"{SIGNED} {ADDRESS}", "Sample Name", True),
        (f"{SIGNED} ({ADDRESS})", "Sample Name", True),
        (f"{SIGNED} [{ADDRESS}]", "Sample Name", True),
        (f"{SIGNED}: <{ADDRESS}>", "Sample Name", True),
        (f"{SIGNED} [Sample link]({ADDRESS})", "Sample Name", True),
        (f"{SIGNED}\n{ADDRESS}", "Sample Name", True),
        (f"— Sample Name (@Sample_One) {ADDRESS}", "Sample Name", False),
        (f"— Sample Name (@sample_one)\n{ADDRESS}", "Sample Name", False),
        (f"— [Sample Name (@sample_one)]({ADDRESS})", "Sample Name", False),
        (f"— [Sample Name (@sample_one)]({ADDRESS}) August 20, 2021", "Sample Name", True),
        (f"— [@sample_one]({ADDRESS}), August 20, 2021", None, True),
        (f"— [@sample_one]({ADDRESS})", None, False),
        (f"— [@sample_one](https://x.com/sample_one) [August 20, 2021]({ADDRESS})", None, True),
        (f"— Sample Name ([@sample_one](https://x.com/sample_one)) [August 20, 2021]({ADDRESS})", "Sample Name", True),
    ],
)
@pytest.mark.parametrize("host", ["x.com", "twitter.com"])
def test_an_attribution_keeps_the_address_of_its_post(
    attribution: str, name: str | None, dated: bool, host: str
) -> None:
    """Written out behind it or in the place of its date, or linked; the sighting ends behind the address."""
    (sighting,) = read(f"{PROSE}\n\nSample text\n{attribution.replace('x.com', host)}\n{PROSE}")
    embed = sighting.embed
    assert embed.address == ADDRESS.replace("x.com", host)
    assert ((embed.author_handle or "").lower(), embed.author_name) == ("sample_one", name)
    assert embed.published_on == (date(2021, 8, 20) if dated else None)
    assert embed.quotation == "Sample text"
    assert sighting.end == len(f"{PROSE}\n\nSample text\n{attribution.replace('x.com', host)}")


@pytest.mark.parametrize(
    "behind",
    [
        f" https://x.com/sample_two/status/{POST_ID}",
        " https://x.com/sample_one",
        f"\n\n{ADDRESS}",
        "\nhttps://x.com/sample_one/status/1294000000000000000",
        " https://news.example/sample_one/status/1",
    ],
)
def test_an_address_that_is_not_the_posts_stays_outside(behind: str) -> None:
    """Another author's, a profile's, one farther below, one of another day, another site's."""
    (sighting,) = read(f"Sample text\n{SIGNED}{behind}\n")
    assert (sighting.embed.address, sighting.end) == (None, len(f"Sample text\n{SIGNED}"))


@pytest.mark.parametrize(
    "words",
    [
        "Sample #tag pic.twitter.com/AbCdEfGhIj",
        "Sample - with a dash pic.x.com/AbCdEfGhIj",
        "Sample [pic.twitter.com/AbCdEfGhIj](https://t.co/AbCdEfGhIj)",
        "A sample with so many words that no name could hold them, and then some more: pic.twitter.com/AbCdEfGhIj",
    ],
)
@pytest.mark.parametrize("blank", [" ", ""])
def test_a_name_right_behind_a_picture_link_needs_no_dash(words: str, blank: str) -> None:
    """If a handle and a date follow; neither the name nor the prose above is the post's."""
    (sighting,) = read(f"{PROSE}\n\n{words}{blank}Sample Name (@sample_one) September 9, 2014\n\n{PROSE}")
    embed = sighting.embed
    assert (embed.author_name, embed.author_handle) == ("Sample Name", "sample_one")
    assert (embed.published_on, embed.quotation) == (date(2014, 9, 9), words)


@pytest.mark.parametrize(
    ("line", "name", "day"),
    [
        ("A post shared by Sample Name (@sample.one) on Nov 11, 2014 at 6:01am PST", "Sample Name", date(2014, 11, 11)),
        ("A photo posted by Sample (@sample.one) on Nov 11, 2014 at 6:01am PST", "Sample", date(2014, 11, 11)),
        ("Ein Beitrag geteilt von  Sample (@sample.one) am Apr 28, 2020 um 9:29 PDT", "Sample", date(2020, 4, 28)),
        ("Une publication partagée par S (@sample.one) le 28 Avr. 2020 à 9 :29 PDT", "S", date(2020, 4, 28)),
        ("Sample jagas innlegg Sample (@sample.one) Apr 28, 2020 kl. 9:29 PDT", None, date(2020, 4, 28)),
        ("A post shared by Sample Name (@sample.one)", "Sample Name", None),
    ],
)
def test_an_attribution_of_instagram_gives_the_same(line: str, name: str | None, day: date | None) -> None:
    """The hour of California tells it in languages that we do not know; alone on its line it needs no date."""
    line = line.replace("9 :29", "9:29")
    (sighting,) = read(f"{PROSE}\n\nSample caption one #sample\n\n{line}\n\n{PROSE}")
    embed = sighting.embed
    assert (embed.hint, embed.author_handle, embed.author_name) == ("instagram", "sample.one", name)
    assert (embed.published_on, embed.quotation, embed.cut) == (day, "Sample caption one #sample", "whole_line")


@pytest.mark.parametrize(
    "text",
    [
        "Jane Sample (@sample_one) said so on August 20, 2021.",
        "- Jane Sample (@sample_one)",
        "— Jane Sample (@sample_one) writes about sport.",
        "— Jane Sample (@sample_one_with_a_long_name) August 20, 2021",
        "— Jane Sample (@sample_one) August 20, 2021 at 9:30",
        "A post shared by Sample (@sample.one) was the talk of the town.",
        "— (@sample_one) August 20, 2021",
        f"As they say — [@sample_one]({ADDRESS}) was right on Monday.",
        f"- [@sample_one]({ADDRESS}), August 20, 2021",
        f"- Jane Sample (@sample_one) {ADDRESS}",
        f"— Jane Sample (@sample_one) {ADDRESS} is worth a look",
        "a topic.twitter.community/Abcdefghi",
        "(@",
        "@",
    ],
)
def test_prose_with_a_handle_is_no_post(text: str) -> None:
    """By-lines, replies, and others' signatures."""
    assert list(read(f"{PROSE}\n{text}\n{PROSE}")) == []


def test_an_attribution_without_a_date_counts_before_the_posts_own_link() -> None:
    """In markup whose link is known."""
    text = "Sample text — Sample Name (@sample_one) "
    found = last_attribution(text, len(text))
    assert found is not None
    assert (found.handle, found.name, found.day) == ("sample_one", "Sample Name", None)
    assert last_attribution("Sample text", None) is None
    dated = last_attribution(f"{SIGNED}\nMore\n— Two (@sample_two) August 21, 2021", None)
    assert dated is not None
    assert dated.handle == "sample_two"


def test_a_post_without_an_attribution_ends_with_its_picture() -> None:
    """Its author is unknown; several pictures of one post stay together."""
    text = (
        f"{PROSE}\nSample one pic.x.com/AbCdEfGhI1 pic.x.com/AbCdEfGhI2\n{PROSE}\nSample twopic.twitter.com/AbCdEfGhI3"
    )
    one, two = read(text)
    assert one.embed.quotation == "Sample one pic.x.com/AbCdEfGhI1 pic.x.com/AbCdEfGhI2"
    assert two.embed.quotation == "Sample twopic.twitter.com/AbCdEfGhI3"
    assert [link.url for link in two.embed.links] == ["https://pic.twitter.com/AbCdEfGhI3"]
    assert one.embed.author_handle is None
    assert not one.marked


def test_every_quotation_says_how_it_was_cut() -> None:
    """And how far that can be trusted."""
    found = list(
        read(f"{PROSE}\nSample one\n{SIGNED}\n{PROSE}Two. Three pic.x.com/AbCdEfGhI1\n> Four\n>\n> {SIGNED}\n{SIGNED}")
    )
    assert [(sighting.embed.quotation or "").rpartition(". ")[2] for sighting in found] == [
        "Sample one",
        "Three pic.x.com/AbCdEfGhI1",
        "Four",
        "",
    ]
    assert [sighting.embed.cut for sighting in found] == ["only_line", "sentences", "quoted", None]
    assert [sighting.embed.confidence for sighting in found[:3]] == [CONFIDENCE[s.embed.cut or ""] for s in found[:3]]
    assert found[3].embed.confidence is None


@pytest.mark.parametrize(
    ("printed", "quotation"),
    [
        (f'Sample \\"one\\" \\/ two\\n{SIGNED}', 'Sample "one" / two'),
        (f"Sample \\u00e9 \\ud83d\\udcf7\\n{SIGNED}", "Sample é 📷"),
        (f"Sample \\ud83d alone\\n{SIGNED}", "Sample \\ud83d alone"),
        (f"Sample \\path one\n{SIGNED}", "Sample \\path one"),
        (f"> Sample one  \n>  \n> two\n>\n> {SIGNED}", "Sample one\n\ntwo"),
    ],
)
def test_what_dumps_and_mail_write_for_signs_is_undone(printed: str, quotation: str) -> None:
    """JSON's escapes, and the marks at the beginnings of quoted lines."""
    (sighting,) = read(f"{PROSE}\n\n{printed}")
    assert sighting.embed.quotation == quotation


def test_short_links_become_links() -> None:
    """Also where they are glued to each other or to the next word."""
    text = "a https://t.co/AbCdEfGhIjpic.twitter.com/KlMnOpQrStNext t.co/UvWxYz1234 (https://news.example/b)."
    assert links_in(text) == (
        Link("https://t.co/AbCdEfGhIj", "https://t.co/AbCdEfGhIj"),
        Link("https://pic.twitter.com/KlMnOpQrSt", "pic.twitter.com/KlMnOpQrSt"),
        Link("https://t.co/UvWxYz1234", "t.co/UvWxYz1234"),
        Link("https://news.example/b", "https://news.example/b"),
    )


@given(st.text(st.sampled_from("htps:/.co picwterxm1Aé "), max_size=80))
def test_the_quick_look_overlooks_no_link(text: str) -> None:
    """Where it says no, the patterns find nothing."""
    if not may_hold_links(text):
        assert LINK.search(text) is None
        assert PICTURE.search(text) is None


def test_readable_text_breaks_where_blocks_end() -> None:
    """Blanks of the source count once, `<br>` is a line break, entities are resolved."""
    assert of_html("<p>a\n  b<br/>c</p><div>d &lt; e<b>f</b></div><li>g</li>").strip() == "a b\nc\n\nd < ef\n\n• g"
    assert of_markdown("> a\\_b &mdash; c\n> d") == "a_b — c\nd"


@pytest.mark.parametrize(
    "piece",
    [
        "(@a) ",
        "pic.x.com/AbCdEfGhI1 ",
        "pic.x.com/AbCdEfGhI1\n",
        "\n",
        "— a (@a) August 20, 2021\n",
        "@",
        "([@a](",
        "— ",
        "> ",
    ],
)
def test_repetitions_stay_linear(piece: str) -> None:
    """A megabyte of them; bounded by processor time, because the machine may be busy."""
    text = piece * (1_000_000 // len(piece)) + "pic.x.com/AbCdEfGhI1"
    began = time.process_time()
    assert sum(1 for _ in read(text)) > 0
    assert time.process_time() - began < 20


@given(
    st.lists(
        st.sampled_from([PROSE, "\n", SIGNED, "Sample one", "pic.x.com/AbCdEfGhI1", "(@a)", "\\n", "> "]), max_size=12
    )
)
def test_sightings_stand_in_order_and_do_not_overlap(pieces: list[str]) -> None:
    """Whatever the text; each gives the characters that it was found in."""
    text = "".join(pieces)
    at = 0
    for sighting in read(text):
        assert at <= sighting.start <= sighting.end <= len(text)
        at = sighting.end
