"""Where Markdown's quotations begin and end, in a text that has lost their marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archiver.embeds.reading import readable
from archiver.embeds.reading.marked_quotes import BEGUN, bounded, unmarked

LINES = st.sampled_from(["", ">", "> a", "> > b", "@c", "> [!quote] d", "- e", "  > f", "\\> g", "> pic.h"])


@given(st.lists(LINES, max_size=12))
def test_the_signs_change_no_word(lines: list[str]) -> None:
    """What a reader sees is the same with the signs as without them."""
    source = "\n".join(lines)
    assert unmarked(readable.with_quotes(source)) == readable.of_markdown(source)


def test_a_quotation_bounds_what_stands_in_it() -> None:
    """From the quotation's first word to its end, and not from the prose above; nothing where prose parts them."""
    text = readable.with_quotes("prose @a\n\n> words\n>\n> more\n\nprose")
    begun = bounded(text, 0, text.index("more") + 4)
    assert begun is not None
    assert unmarked(text[begun:]).strip() == "words\n\nmore\n\nprose"
    assert bounded(text, 0, len(text)) is None
    assert BEGUN not in readable.with_quotes("no @quotation\n")
