"""Form "text": posts that a text extractor flattened, known by their attribution or by a picture link alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.embeds.attribution import Attribution, attributions
from archiver.embeds.bounds import quotation_start
from archiver.embeds.links import PICTURE, links_in
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed

FORM = "text"

_LINE_ENDS = re.compile(r"[ \t\u00a0\r]{0,60}\n[ \t\u00a0]{0,60}")
_BREAKS = re.compile(r"\n{3,}")
_WRITTEN_BREAK = re.compile(r"\\[nr]")
_WRITTEN_BREAKS_USED = re.compile(
    r"(?:pic\.(?:twitter|x)\.com|//t\.co)/[A-Za-z0-9]{5,20}…?\)? ?\\[nr]"
    r"|\\n ?[—–―-][^\n\\]{1,100}\(@|\(@\w{1,15}\) [^\n\\()]{6,40}\\[nr]"
)
"""Next to a short link or an attribution: then the text is a piece of JSON, and `\\n` stands for a line break."""


def read(text: str) -> Iterator[Sighting]:
    """The flattened posts in a readable text, in order."""
    if "(@" not in text and "([@" not in text and "pic." not in text:
        return
    text = _with_breaks(text)
    low = 0
    for attribution in attributions(text):
        start = quotation_start(text, low, attribution.start, attribution.day)
        yield from _nameless(text, low, start)
        yield Sighting(start, attribution.end, _embed(text[start : attribution.start], attribution), marked=False)
        low = attribution.end
    yield from _nameless(text, low, len(text))


def _with_breaks(text: str) -> str:
    """The text with its line breaks, of the same length, where a dump holds them as a backslash and a letter."""
    if "\\n" not in text or _WRITTEN_BREAKS_USED.search(text) is None:
        return text
    return _WRITTEN_BREAK.sub(lambda m: " \n" if m.group() == "\\n" else "  ", text)


def _nameless(text: str, low: int, high: int) -> Iterator[Sighting]:
    """Posts whose attribution was lost: the picture link stands at a post's end, so it tells where one ends."""
    pictures = list(PICTURE.finditer(text, low, high))
    for picture, following in zip(pictures, [*pictures[1:], None], strict=False):
        if following is not None and not text[picture.end() : following.start()].strip(" \t"):
            continue
        start = quotation_start(text, low, picture.end(), None)
        yield Sighting(start, picture.end(), _embed(text[start : picture.end()], None), marked=False)
        low = picture.end()


def _embed(words: str, attribution: Attribution | None) -> Embed:
    quotation = _BREAKS.sub("\n\n", _LINE_ENDS.sub("\n", words.strip()))
    return Embed(
        position=0,
        form=FORM,
        hint="x",
        address=attribution.address if attribution else None,
        author_handle=attribution.handle if attribution else None,
        author_name=attribution.name if attribution else None,
        published_on=attribution.day if attribution else None,
        quotation=quotation or None,
        links=links_in(quotation),
    )
