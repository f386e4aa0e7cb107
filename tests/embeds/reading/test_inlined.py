"""Markdown's links in one form."""

from __future__ import annotations

import pytest

from archiver.embeds.reading.inlined import links

ADDRESS = b"https://social.example/1-2"


@pytest.mark.parametrize(
    "source",
    [
        b"[a b][1]\n\n[1]: " + ADDRESS,
        b"[a b][]\n\n   [A B]:\n" + ADDRESS,
        b"[a b]\n\n[a b]: <" + ADDRESS + b'> "title"',
        b"[a b](<" + ADDRESS + b">)",
        b"[a b](" + ADDRESS + b' "a \\"title\\"")',
        b"> [a\n> b](" + ADDRESS + b")",
        b"[> a b\n](" + ADDRESS + b")",
        b"[a\nb](https://social.example/1-\n2)",
    ],
)
def test_every_way_of_writing_a_link_is_read(source: bytes) -> None:
    """Each becomes `[WORDS](ADDRESS)`, and what lists the addresses is gone."""
    assert links(source, "markdown").strip(b"> \n") == b"[a b](" + ADDRESS + b")"


@pytest.mark.parametrize(
    "source",
    [
        b"[a]\n\n[^1]: https://social.example/1",
        b"[a][2] and [b] (c)",
        b"[\n>\n> a\n>\n> ](https://social.example/1)",
        b"- [ ] a\n- [x] b",
    ],
)
def test_what_is_no_broken_link_stays(source: bytes) -> None:
    """Notes, labels that are listed nowhere and links around paragraphs are left alone, and so is all but Markdown."""
    assert links(source, "markdown") == source
    assert links(source, "text") == source
