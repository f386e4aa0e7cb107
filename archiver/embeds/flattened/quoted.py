"""Form "text" in Markdown: a quotation whose last line leads to a post of X and says little more.

    > WORDS                                       > [](https://twitter.com/U/status/ID)
    >
    > — [@U, July 7, 2026](https://x.com/U/status/ID)

    > [!quote] [@U on X](https://x.com/U/status/ID)
    > WORDS

    > WORDS Sample Name (@U) [July 7, 2026](https://x.com/U/status/ID)

    > WORDS

    [July 7, 2026](https://x.com/U/status/ID)

    > [!tweet] @U · Jul 07, 2026
    > WORDS

The first is what people write, with a name, the address itself or a day as the link's words; the second is what exports
of Medium leave of a post; the third is Obsidian's box, headed by the link; of the others converters have lost the dash,
or all but the day; the last one is what exporters of posts write. Other lines with a handle in brackets are
`attribution`'s, which knows their words' beginnings without the marks of quotation. A quotation that ends in any other
link is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from archiver.embeds.flattened.bounds import quotation
from archiver.embeds.flattened.dates import read_day
from archiver.embeds.reading import readable
from archiver.embeds.reading.page import Page
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.urls import unarchived, x_status

FORM = "text"
_STATUS = re.compile(rb"/status(?:es)?/\d")
_MARKS = re.compile(r"[ \t]{0,12}>[ \t>]{0,12}")
_SIGNED = re.compile(
    r"[*_ ]{0,3}(?P<lead>(?:(?:[—–―]|---?|&mdash;|&ndash;|<cite>)[^\n]{0,100}?)?)"
    r"(?:\[(?P<says>[^\[\]\n]{0,200})\]"
    r"\(<?(?P<linked>https?://[^\s()<>]{5,600}/status(?:es)?/[^\s()<>]{1,300})>?(?:[ \t]+\"[^\"\n]{0,200}\")?\)"
    r"|(?<![(<])<?(?P<bare>https?://[^\s()<>]{10,600})>?)(?P<rest>[^\n]*)"
)
_NO_MORE = re.compile(r"[\s*_.)\\]{0,6}(?:</\w{1,5}>){0,3}\s{0,6}")
_OTHERS = re.compile(r"\(\\?@|https?://(?!(?:www\.)?(?:twitter|x)\.com/\w{1,15}\))")
"""In what stands before the link: a handle in brackets, or a link that is not to a profile."""
_BROKEN_HANDLE = re.compile(r"\(\\?@(?! ?[A-Za-z0-9_.\\-]{1,60}(?:\)|\]\())[^\n]{1,80}\)")
"""One that no form reads: a translator's program has set blanks ("(@ sample _ one)") or translated it, a content system
has set a link round a part of it."""
_DAY_BEHIND = re.compile(r"[^,•·|\n]{1,80}?(?:, | ?[•·|] ?)(?P<day>[^\n]{6,30})")
"""In a link's words: "Sample Name, July 7, 2026", "—@sample_one • July 7, 2026"."""
_DATED = r"(?P<day>[^\[\]\n]{6,30})\]\((?P<linked>https?://[^\s()<>]{10,300})\)[\s*_.]{0,6}"
_WITHIN = (
    re.compile(
        r"(?P<words>[^\n]{20,900}(?<!\b\w)[.!?…]) [^\n!?…()\[\]—–-]{1,60} \(\\?@(?P<handle>\w{1,15})\) \[" + _DATED,
    ),
    re.compile(r"(?P<words>[^\n]{20,900}?) [*_]{0,2}\[@(?P<handle>\w{1,15}),? " + _DATED),
)
_ALONE = re.compile(r"[ \t]{0,3}[*_]{0,2}(?:(?:[—–―]|---?) ?)?\[(?:[^\[\]\n]{1,60}?[,•·|] ?)?" + _DATED)
_WHOLE = re.compile(
    r"(?:(?P<words>[^\n]{20,900}?) )?[*_]{0,2}\[[^()\[\]\n]{1,60} \(\\?@(?P<handle>\w{1,15})\),? " + _DATED
)
"""Below a quotation, and name, handle and day in one link."""
_SIGNED_ABOVE = re.compile(r"\(\\?@|/status(?:es)?/\d")
_HANDLE = re.compile(r"\(\\?@")
_NOT_QUOTED = re.compile(r"\[!\w{1,20}\]|<blockquote")
"""What makes a quotation a box of the page's own, or an element's, which other forms read."""
_HEADED = re.compile(
    rb"[ \t]{0,3}> ?\[!(?:quote|cite|tweet|twitter|x)\][-+]? {0,3}"
    rb"(?:\[[^\[\]\n]{0,200}\]\()?(?P<address>https?://[^\s()<>]{10,300})\)?"
    rb"[ \t\r]{0,9}(?=\n)(?P<words>(?:\n[ \t]{0,3}>[^\n]*){1,60})",
    re.IGNORECASE,
)
_NOTED = re.compile(
    rb"[ \t]{0,3}> ?\[!(?:tweet|twitter|x)\][-+]? {0,3}@?(?P<handle>\w{1,15}) \xc2\xb7 (?P<day>[^\n]{6,24})"
    rb"(?P<words>(?:\n[ \t]{0,3}>[^\n]*){1,60})"
)
_GOES_ON = re.compile(rb"\n[ \t]{0,12}>[ \t>]{0,12}[^\s>]")
_MOST_LINES, _LONGEST_LINE = 60, 1_000


class _Signature(NamedTuple):
    address: str
    day: date | None
    needs_words: bool
    is_last: bool
    """Whether nothing may stand below it: X's buttons do below the day of a post that its script has drawn."""
    words: str = ""
    """Those that stand before it, on its line."""
    is_below: bool = False
    """Whether it stands below the quotation."""


def read(page: Page, markup: str) -> Iterator[Sighting]:
    """The posts in a Markdown source, in order; none in other markup."""
    source = page.source
    if markup == "markdown" and b"> [!" in source:
        yield from _noted(page)
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
        signature = _signature(source[begun:end].decode("utf-8", "replace"))
        if signature is None or (signature.is_last and _GOES_ON.match(source, end)):
            continue
        start, words = _words_above(source, low, begun, signature)
        if _NOT_QUOTED.search(words) or (signature.needs_words and not words):
            continue
        if signature.is_below and _SIGNED_ABOVE.search(words):
            continue
        yield Sighting(start, end, _embed(signature, words), marked=False)
        low = end


def _noted(page: Page) -> Iterator[Sighting]:
    """Obsidian's boxes headed by author and day, whose post's address stands in the front matter."""
    at = page.source.find(b"[!")
    while at >= 0:
        begun = page.source.rfind(b"\n", max(at - 9, 0), at) + 1
        # Without a break so near, it begins no line but the first.
        noted = _NOTED.match(page.source, begun) if begun or at < 9 else None
        printed = read_day(noted["day"].decode("utf-8", "replace").strip()) if noted else None
        if noted is not None and printed is not None and not page.is_hidden(at):
            words = readable.few_breaks(readable.of_markdown(noted["words"].decode("utf-8", "replace"))).strip()
            embed = _embed(_Signature("", printed.day, needs_words=True, is_last=False), words)
            yield Sighting(*noted.span(), replace(embed, author_handle=noted["handle"].decode()), marked=False)
        at = page.source.find(b"[!", noted.end() if noted is not None else at + 1)


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


def _signature(line: str) -> _Signature | None:
    """What the last line of a quotation, or the line below it, says of the post."""
    marks = _MARKS.match(line)
    if marks is None:
        return _dated(_ALONE.fullmatch(line), is_below=True)
    signed = _signed(_SIGNED.match(line, marks.end()))
    within = (pattern.fullmatch(line, marks.end()) for pattern in (_WHOLE, *_WITHIN) if signed is None)
    return signed or next(filter(None, map(_dated, within)), None)


def _dated(found: re.Match[str] | None, *, is_below: bool = False) -> _Signature | None:
    """The same of a day that links to the post, whose author, if named, is the post's."""
    status = x_status(found["linked"]) if found else None
    printed = read_day(found["day"].strip()) if found and status else None
    if found is None or status is None or printed is None:
        return None
    said = found.groupdict()
    if said.get("handle", status.handle or "").lower() != (status.handle or "").lower():
        return None
    return _Signature(
        found["linked"],
        printed.day,
        needs_words=True,
        is_last=not is_below,
        words=said.get("words") or "",
        is_below=is_below,
    )


def _signed(found: re.Match[str] | None) -> _Signature | None:
    if found is None or not x_status(address := found["linked"] or found["bare"]):
        return None
    lead, says = found["lead"], (found["says"] or "").strip(" *_")
    behind = _DAY_BEHIND.match(says)
    printed = read_day(says) or read_day(behind["day"] if behind else "")
    day = printed.day if printed else None
    if not lead and found["says"] is not None and not says:
        return _Signature(address, None, needs_words=False, is_last=False)
    is_broken = day is not None and _BROKEN_HANDLE.search(lead) is not None
    if (_OTHERS.search(lead) and not is_broken) or _HANDLE.search(says) or not (lead or day):
        return None
    return (
        _Signature(address, day, needs_words=bool(lead), is_last=not lead)
        if _NO_MORE.fullmatch(found["rest"])
        else None
    )


def _words_above(source: bytes, low: int, begun: int, signature: _Signature) -> tuple[int, str]:
    """Where the quotation begins above its last line, and its words."""
    lines = [signature.words] if signature.words else []
    start = begun
    while not lines and start > low and source[start - 1 : start] in (b"\n", b"\r", b" "):
        start -= 1
    start += start < begun
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
        address=unarchived(signature.address) or None,
        author_handle=status.handle if status else None,
        published_on=signature.day,
        **quotation(words, "quoted"),
    )
