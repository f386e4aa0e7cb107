"""The readable text of markup: what a person would see, with line breaks where blocks end."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40})[^<>]*>|<[!?][^<>]*>")
_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html main menu nav noscript ol option p pre section select summary table tbody td
    tfoot th thead tr ul button iframe""".split()  # noqa: SIM905
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAKS = re.compile(r" {0,9}\n {0,9}")
_MANY_BREAKS = re.compile(r"\n{3,}")
_QUOTE_MARK = re.compile(r"^[ \t]{0,3}>[ \t>]{0,12}", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~|>@-])")

BULLET = "• "
"""Stands before the text of a list entry, so that an address in a list is not alone on its line."""


def of_html(source: str) -> str:
    """The readable text of a piece of HTML from which scripts, styles and comments were taken out."""
    text = _TAG.sub(_break, _BLANKS.sub(" ", source))
    text = html.unescape(text).replace("\r", "\n")
    text = _AROUND_BREAKS.sub("\n", text)
    return _MANY_BREAKS.sub("\n\n", text)


def _break(tag: re.Match[str]) -> str:
    name = (tag["name"] or "").lower()
    if name == "br":
        return "\n"
    if name == "li":
        return "\n" if tag["close"] else "\n" + BULLET
    return "\n\n" if name in _BLOCKS else ""


def of_markdown(source: str) -> str:
    """Markdown as a reader sees its words: quotation marks at line starts, escapes and entities resolved.

    Links stay as they are written, because the address in them tells the post.
    """
    return html.unescape(_ESCAPED.sub(r"\1", _QUOTE_MARK.sub("", source)))


def of(source: str, markup: str) -> str:
    """The readable text of a piece of an article. `markup` is Article.markup."""
    if markup == "html":
        return of_html(source)
    return of_markdown(source) if markup == "markdown" else source.replace("\r\n", "\n").replace("\r", "\n")
