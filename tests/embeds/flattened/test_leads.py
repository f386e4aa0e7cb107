"""What leads up to a post in flattened text."""

from __future__ import annotations

import pytest

from archiver.embeds.flattened.leads import announces, names_twitter, quotes
from archiver.embeds.flattened.lines import lines_up


@pytest.mark.parametrize(
    "text",
    ["a tweet", "el tuit de ayer", "Twitter", "트윗", "推特", "she said on X", "wie sie auf X sagte", "cuitan itu"],
)
def test_the_platform_is_known_by_its_names(text: str) -> None:
    """In several languages; by its one letter only behind a word that tells."""
    assert names_twitter(text)
    assert announces(text + ":")
    assert not announces(text)


@pytest.mark.parametrize("text", ["gratuit", "fortuitous", "a circuit", "biscuit", "Malcolm X spoke", "on xylophones"])
def test_words_that_only_look_like_its_names_are_none(text: str) -> None:
    """Neither a part of a word nor the letter alone."""
    assert not names_twitter(text)


@pytest.mark.parametrize(
    ("line", "post", "whether"),
    [
        ("“Sample words of hers!” she said.", "Some sample words of hers #sample", True),
        ("She sang Sample words of hers again", "SAMPLE words, of hers! #sample https://t.co/AbCdEfGhIj", True),
        ("見本の言葉です。見本の町の人々はそう言いました", "見本の言葉です。見本の町の人々", True),
        ("“Sample words of hers!”", "Sample words of hers", True),
        ("“Sample words of hers!”", "“And sample words of hers too”", False),
        ("“Other words of his,” he said.", "Sample words of hers", False),
        ("She sang it again", "again", False),
    ],
)
def test_a_line_that_has_the_posts_words_tells_of_it(line: str, post: str, *, whether: bool) -> None:
    """In quotation marks and with words around them, or all of the post's last line."""
    text = f"{line}\n{post}"
    below, above = lines_up(text, 0, len(text))
    assert quotes(above.text, [below]) is whether
