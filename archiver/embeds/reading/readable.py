"""The readable text of markup: what a person would see, with line breaks where blocks end."""

from __future__ import annotations

import html
import re

from archiver.embeds.reading import marked_quotes

_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9:-]{0,40}+)|[!?])[^>]*+>")
_STRICT_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9:-]{0,40}+)|[!?])[^<>]*+>")
"""The same, of a source in which a "<" may stand that begins no tag; it is half as fast."""
_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html main menu nav noscript ol option p pre section select summary table tbody td
    tfoot th thead tr ul button iframe""".split()  # noqa: SIM905
)
_INLINE = ("a", "b", "em", "i", "img", "input", "label", "link", "meta", "path", "source", "span", "strong", "svg")
"""Of the others, those that are met most: all names would be found without this, more slowly."""
_INDENTED = " " * 8
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~|>@-])")

_MANY_BREAKS = re.compile(r"\n(?:\n[ \n]++| ++\n[ \n]*+)")
_FEW_BLANKS = 4
"""Beside a break; they are taken off one by one."""
_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
"""As the HTML standard, and Python's own `html`, has it."""
_REMEMBERED = 4096
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")

BULLET = "• "
"""Stands before the text of a list entry, so that an address in a list is not alone on its line."""


def of_html(source: str) -> str:
    """The readable text of a piece of HTML from which scripts, styles and comments were taken out."""
    return few_breaks(unescaped(_untagged(source.replace("\0", ""))).replace("\r", "\n"))


def _untagged(source: str) -> str:
    """White space as browsers show it, and breaks in the place of tags. Pages are mostly tags: what goes through these
    lists is done for all of them at once, without a call for each."""
    # Behind the last ">" each "<" would be followed to the end of the source.
    parts = _TAG.split(source) if source.rfind(">") >= source.rfind("<") else []
    if source.count("<") != len(parts) // 2:
        parts = _STRICT_TAG.split(source)
    parts[::2] = one_blank("\0".join(parts[::2])).split("\0")
    parts[1::2] = map(_BREAKS.__getitem__, parts[1::2])
    return "".join(parts)


def unescaped(text: str) -> str:
    """Character references undone, as `html.unescape` does it, without a call for each: a program has thousands. A
    number of thousands of digits is none, and Python refuses to read it."""
    if "&" not in text:
        return text
    parts = _REFERENCE.split(text)
    try:
        parts[1::2] = map(_CHARACTERS.__getitem__, parts[1::2])
    except ValueError:
        return html.unescape(_HUGE_REFERENCE.sub("\ufffd", text))
    return "".join(parts)


class _Characters(dict[str, str]):
    """What a character reference stands for, by what stands behind its "&"; those met are remembered."""

    def __missing__(self, written: str) -> str:
        character = html.unescape("&" + written)
        if len(self) < _REMEMBERED:
            self[written] = character
        return character


_CHARACTERS = _Characters()


def few_breaks(text: str) -> str:
    """One blank line at most where blocks meet, and no blanks either side of it."""
    text = _MANY_BREAKS.sub("\n\n", text)
    for around in (" \n", "\n "):
        for _ in range(_FEW_BLANKS):
            if around not in text:
                break
            text = text.replace(around, "\n")
        else:
            first, *others = text.split("\n")
            return "\n".join([first.rstrip(" "), *(line.strip(" ") for line in others[:-1]), others[-1].lstrip(" ")])
    return text


def one_blank(source: str) -> str:
    """Runs of HTML's white space as one space, as browsers show them (replacing is faster than a pattern)."""
    for blank in "\t\r\n\f":
        if blank in source:
            source = source.replace(blank, " ")
    source = source.replace(_INDENTED, " ")
    while "  " in source:
        source = source.replace("  ", " ")
    return source


class _Breaks(dict[str | None, str]):
    """What stands in the place of a tag, by its name as it is written; None is a declaration's."""

    def __missing__(self, name: str | None) -> str:
        return self.get(name.lower(), "") if name else ""


_BREAKS = _Breaks(
    {
        **{slash + name: "\n\n" for name in _BLOCKS for slash in ("", "/")},
        **{slash + name: "" for name in _INLINE for slash in ("", "/")},
        "br": "\n",
        "/br": "\n",
        "li": "\n" + BULLET,
        "/li": "\n",
    }
)


def of_markdown(source: str) -> str:
    """Markdown as a reader sees its words: quotation marks at line starts, escapes and entities resolved.

    Links stay as they are written, because the address in them tells the post.
    """
    if ">" in source:
        source = marked_quotes.MARKS.sub("\n", "\n" + source)[1:]
    return _unescaped_lines(source)


def with_quotes(source: str) -> str:
    """The same, with signs where quotations begin and end (`marked_quotes`)."""
    if ">" not in source or not ("@" in source or "pic." in source or "facebook.com/" in source):
        return of_markdown(source)
    return _unescaped_lines(marked_quotes.marked(source))


def _unescaped_lines(source: str) -> str:
    if "\\\n" in source:
        # A line that is broken within a paragraph.
        source = source.replace("\\\n", "\n")
    return unescaped(_ESCAPED.sub(r"\1", source) if "\\" in source else source)


def of(source: str, markup: str) -> str:
    """The readable text of a piece of an article. `markup` is Article.markup."""
    if markup == "html":
        return of_html(source)
    if markup == "markdown":
        return of_markdown(source)
    return source.replace("\r\n", "\n").replace("\r", "\n") if "\r" in source else source
