"""Who signs a post, and who an article: both are written `Name (@handle) August 20, 2021`."""

from __future__ import annotations

import pytest

from archiver.embeds.flattened.text import read
from archiver.embeds.reading.readable import of_html
from tests.embeds.articles import POST_ID

PROSE = (
    "The town council met on Monday evening for several hours, and heard from many of its members and the mayor. " * 2
)
DAY = "August 20, 2021"
NAME = "Jane Sample (@jane_sample)"

OF_ARTICLES = [
    f"By {NAME} on {DAY}",
    f"By {NAME}, {DAY}",
    f"By {NAME} {DAY}",
    f"By {NAME}\n{DAY}",
    f"{NAME}\n\n{DAY}",
    f"{NAME}\n20 August 2021, 10:00",
    f"{NAME} 20 Aug 2021 10:00 GMT",
    f"{NAME} | {DAY}",
    f"{NAME}, {DAY}",
    f"Written by {NAME} {DAY}",
    f"Last updated by {NAME} {DAY}",
    "Von Max Muster (@max_muster) 20. August 2021",
    "Por Juan Muestra (@juan_muestra) 20 de agosto de 2021",
    "Par Jean Exemple (@jean_exemple) le 20 août 2021",
    "Автор Иван Пример (@ivan_primer) 20 августа 2021",
    f"Editor: {NAME}, 20 August 2021",
    f"Photo: {NAME} Aug. 20, 2021",
    f"Photo – {NAME} {DAY}",
    f"Photo — {NAME} {DAY}",
    f"NEW YORK — {NAME} {DAY}",
    f"Story — {NAME}, {DAY}",
    f"Words – {NAME} | Photos – John (@john) | {DAY}",
    f"Contact: {NAME} 2021-08-20",
    f"* Mend things - {NAME} 2021-08-20",
    f"Talk one - {NAME}, May 5, 2021",
    f"Speakers:\n- {NAME} May 5, 2021\n- John Sample (@john_sample) May 6, 2021",
    f"- {NAME} May 5, 2021\n- John Sample (@john_sample) May 6, 2021",
    f"• {NAME}, {DAY}, Twitter",
    f"Correction — Daily (@daily) {DAY}: an earlier version said otherwise.",
    f"Updated — {DAY} {NAME}",
    f"“It is over”, wrote {NAME} on {DAY}.",
    f"“We are ready” — {NAME}, interview with the Daily, {DAY}.",
    f"The post, sent by {NAME} on {DAY}, was deleted.",
    f"The mayor – {NAME} on {DAY} said that all is well",
    f"As noted — {NAME} {DAY} in the Daily — all is well",
    f"Reported first by – the Daily (@daily) {DAY}.",
    "Nach einem Beitrag von Max Muster (@max_muster) vom 20. August 2021 war klar",
    f"— {NAME}",
    f"-- {NAME}",
]
OF_POSTS = [
    f"Sample text one\n— {NAME} {DAY}",
    f"Sample text one\n\n— {NAME} {DAY}",
    f"Sample text one — {NAME} {DAY}",
    f"Sample text one #sample— {NAME} {DAY}",
    f"Sample text one pic.twitter.com/AbCdEfGhI1— {NAME} {DAY}",
    f"Sample text one pic.twitter.com/AbCdEfGhI1 {NAME} {DAY}",
    f"Sample text one https://t.co/AbCdEfGhI1\n{NAME} {DAY}",
    f"> Sample text one\n> {NAME} {DAY}",
    f"Sample text one\n– {NAME} {DAY}",
    f"Sample text one\n- {NAME} {DAY}",
    f"Sample text one. – {NAME} {DAY}",
    f"Sample text one #sample - {NAME} {DAY}",
    f"Sample text one -- {NAME} {DAY}",
    f"Sample text one\n— {NAME}, {DAY}",
    f"Sample text one\n— {NAME} on {DAY}",
    f"Sample text one\n— {NAME}\n{DAY}",
    f"Sample text one\n—\n{NAME} {DAY}",
    f"Sample text one\n— {NAME} {DAY}.",
    f"Sample text one — {NAME} {DAY} The council went on.",
    f"Sample text one\n— {NAME} 20. August 2021",
    "Beispieltext eins\n— Max Muster (@jane_sample) 20. August 2021",
    f"Sample!\n— {NAME} {DAY}",
    f"Sample! — {NAME} {DAY}",
    f"Sample text one pic.twitter.com/AbCdEfGhI1\n— {NAME} Augu",
    f"Sample text one #sample\n— {NAME}",
    f"Sample text one https://t.co/AbCdEfGhI1\n— {NAME}",
    f"Sample text one\n{NAME} {DAY} https://x.com/jane_sample/status/{POST_ID}",
]


def handles(text: str) -> list[str | None]:
    return [sighting.embed.author_handle for sighting in read(text)]


@pytest.mark.parametrize("line", OF_ARTICLES)
@pytest.mark.parametrize(
    "around",
    ["Council meets\n\n{}\n\n" + PROSE, "Council meets\n\n" + PROSE + "\n\n{}\n\nRead on\n\nFollow us", "{}"],
    ids=["under_the_title", "at_the_foot", "alone"],
)
def test_who_signs_an_article_signs_no_post(line: str, around: str) -> None:
    """Introduced, under the title, at the foot, in a list, or in a sentence that goes on."""
    assert handles(around.format(line)) == []


@pytest.mark.parametrize("line", [line for line in OF_ARTICLES if "\n" not in line])
def test_nor_does_it_among_the_paragraphs_of_a_page(line: str) -> None:
    """The paragraph above it is the article's."""
    page = f"<h1>Council meets</h1><p>{PROSE}</p><p>{line}</p><p>{PROSE}</p>"
    assert handles(of_html(page)) == []


@pytest.mark.parametrize(
    "around",
    [
        f"Council meets\n\n{PROSE}\n\n" + "{}\n\n" + PROSE,
        f"Council meets\n{PROSE}\n" + "{}\n" + PROSE,
        f"{PROSE}\n\n" + "{}",
        "{}\n\n" + PROSE,
        "{}",
    ],
    ids=["among_prose", "without_blank_lines", "at_the_end", "at_the_beginning", "alone"],
)
@pytest.mark.parametrize("post", OF_POSTS)
def test_who_signs_a_post_is_found(post: str, around: str) -> None:
    """In every style of extractors, wherever the post stands."""
    assert handles(around.format(post)) == ["jane_sample"]


def test_a_lost_dash_needs_prose_above_and_below() -> None:
    """Without a dash and without a short link a post looks like a byline, but for its place."""
    post = f"Sample text one\n{NAME} {DAY}"
    assert handles(f"{PROSE}\n\n{post}\n\n{PROSE}") == ["jane_sample"]
    assert handles(f"{post}\n\n{PROSE}") == handles(f"{PROSE}\n\n{post}") == []
    assert handles(f"{PROSE}\n\n{PROSE * 3}\n{NAME} {DAY}\n\n{PROSE}") == []
