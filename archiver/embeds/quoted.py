"""Form "text" in Markdown: a quotation whose last line leads to a post of X and says little more.

    > WORDS                                       > [](https://twitter.com/U/status/ID)
    >
    > — [@U, July 7, 2026](https://x.com/U/status/ID)

    > [!quote] [@U on X](https://x.com/U/status/ID)
    > WORDS

The first is what people write, with a name, the address itself or a day as the link's words; the second is what exports
of Medium leave of a post; the third is Obsidian's box, headed by the link. Lines with a handle in brackets are
`attribution`'s, which knows their words' beginnings without the marks of quotation. A quotation that ends in any other
link is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archiver.embeds import readable
from archiver.embeds.bounds import CONFIDENCE
from archiver.embeds.dates import read_day
from archiver.embeds.links import links_in
from archiver.embeds.page import Page
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import unarchived, x_status

FORM = "text"
_STATUS = re.compile(rb"/status(?:es)?/\d")
_MARKS = re.compile(r"[ \t]{0,12}>[ \t>]{0,12}")
_SIGNED = re.compile(
    r"[*_ ]{0,3}(?P<lead>(?:(?:[—–―]|---?|&mdash;|&ndash;|<cite>)[^\n]{0,100}?)?)"
    r"(?:\[(?P<says>[^\[\]\n]{0,200})\]\(<?(?P<linked>https?://[^\s()<>]{10,600})>?(?:[ \t]+\"[^\"\n]{0,200}\")?\)"
    r"|<?(?P<bare>https?://[^\s()<>]{10,600})>?)(?P<rest>[^\n]*)"
)
_NO_MORE = re.compile(r"[\s*_.)\\]{0,6}(?:</\w{1,5}>){0,3}\s{0,6}")
_OTHERS = re.compile(r"\(\\?@|https?://(?!(?:www\.)?(?:twitter|x)\.com/\w{1,15}\))")
"""In what stands before the link: a handle in brackets, or a link that is not to a profile."""
_HANDLE = re.compile(r"\(\\?@")
_NOT_QUOTED = re.compile(r"\[!\w{1,20}\]|<blockquote")
"""What makes a quotation a box of the page's own, or an element's, which other forms read."""
_HEADED = re.compile(
    rb"[ \t]{0,3}> ?\[!(?:quote|cite|tweet|twitter|x)\][-+]? {0,3}\[[^\[\]\n]{0,200}\]\((?P<address>https?://[^\s()<>]{10,300})\)"
    rb"[ \t\r]{0,9}(?=\n)(?P<words>(?:\n[ \t]{0,3}>[^\n]*){1,60})",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rb"\n[ \t]{0,12}>[ \t>]{0,12}[^\s>]")
_MOST_LINES, _LONGEST_LINE = 60, 1_000


class _Signature(NamedTuple):
    address: str
    day: date | None
    needs_words: bool
    is_last: bool
    """Whether nothing may stand below it: X's buttons do below the day of a post that its script has drawn."""


def read(page: Page, markup: str) -> Iterator[Sighting]:
    """The posts in a Markdown source, in order; none in other markup."""
    source = page.source
    if markup != "markdown" or b"/status" not in source:
        return
    low = 0
    for status in _STATUS.finditer(source):
        if status.start() < low or page.is_hidden(status.start()):
            continue
        begun, end = _line_around(source, status.start())
        headed = _HEADED.match(source, begun)
        if headed is not None and x_status(headed["address"].decode("utf-8", "replace")):
            yield _of_box(headed)
            low = headed.end()
            continue
        signature = _signature(source[begun:end])
        if signature is None or (signature.is_last and _GOES_ON.match(source, end)):
            continue
        start, words = _words_above(source, low, begun)
        if _NOT_QUOTED.search(words) or (signature.needs_words and not words):
            continue
        yield Sighting(start, end, _embed(signature, words), marked=False)
        low = end


def _of_box(headed: re.Match[bytes]) -> Sighting:
    address = headed["address"].decode("utf-8", "replace")
    words = readable.few_breaks(readable.of_markdown(headed["words"].decode("utf-8", "replace"))).strip()
    signature = _Signature(address, None, needs_words=False, is_last=False)
    return Sighting(*headed.span(), _embed(signature, words), marked=False)


def _line_around(source: bytes, at: int) -> tuple[int, int]:
    """Where the line begins and ends, or as much of it as is looked at: a line without end is nobody's."""
    low, high = max(at - _LONGEST_LINE, 0), at + _LONGEST_LINE
    end = source.find(b"\n", at, high)
    return source.rfind(b"\n", low, at) + 1 or low, min(high, len(source)) if end < 0 else end


def _signature(line: bytes) -> _Signature | None:
    """What the last line of a quotation says of the post."""
    text = line.decode("utf-8", "replace")
    marks = _MARKS.match(text)
    found = _SIGNED.match(text, marks.end()) if marks else None
    if found is None or not x_status(address := found["linked"] or found["bare"]):
        return None
    lead, says = found["lead"], found["says"]
    printed = read_day((says or "").strip()) or read_day((says or "").partition(", ")[2])
    day = printed.day if printed else None
    if not lead and says is not None and not says.strip():
        return _Signature(address, None, needs_words=False, is_last=False)
    if _OTHERS.search(lead) or _HANDLE.search(says or "") or not (lead or day):
        return None
    if not _NO_MORE.fullmatch(found["rest"]):
        return None
    return _Signature(address, day, needs_words=bool(lead), is_last=not lead)


def _words_above(source: bytes, low: int, begun: int) -> tuple[int, str]:
    """Where the quotation begins above its last line, and its words."""
    lines: list[str] = []
    start = begun
    while start > low and len(lines) < _MOST_LINES:
        above = source.rfind(b"\n", 0, start - 1) + 1
        line = source[above : start - 1].decode("utf-8", "replace")
        marks = _MARKS.match(line)
        if marks is None:
            break
        lines.insert(0, line[marks.end() :].rstrip(" \t\r\\"))
        start = above
    return start, readable.few_breaks(readable.of_markdown("\n".join(lines))).strip()


def _embed(signature: _Signature, words: str) -> Embed:
    status = x_status(signature.address)
    return Embed(
        position=0,
        form=FORM,
        hint="x",
        address=unarchived(signature.address),
        author_handle=status.handle if status else None,
        published_on=signature.day,
        quotation=words or None,
        links=links_in(words),
        cut="quoted" if words else None,
        confidence=CONFIDENCE["quoted"] if words else None,
    )
