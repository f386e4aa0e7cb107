"""From bytes to an Article: which markup, which charset, what it says of itself, and what its sidecar says instead."""

from __future__ import annotations

import re

from archiver import digest
from archiver.articles.decode import charset_of
from archiver.articles.describe import describe
from archiver.articles.sidecar import Sidecar
from archiver.model.article import Article, Markup, Stamp

MARKUPS: dict[bytes, Markup] = {
    b".html": "html",
    b".htm": "html",
    b".xhtml": "html",
    b".txt": "text",
    b".md": "markdown",
}
"""How a file is read, by the end of its name in any case."""

_LOOKED_AT = 1_000_000
# Elements that stand in articles; "a < b" and "<3" are no markup.
_ELEMENT = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|p|div|span|a|br|blockquote|iframe|script|article|section|figure|img|"
    r"ul|ol|li|table|h[1-6]|amp-[a-z-]{1,40})[\s/>]",
    re.IGNORECASE,
)


def markup_of(name: bytes) -> Markup | None:
    """The markup that a file's name promises; None for other names."""
    lowered = name.lower()
    return next((markup for suffix, markup in MARKUPS.items() if lowered.endswith(suffix)), None)


def sniffed(payload: bytes) -> Markup:
    """The markup of a text without a telling name: HTML if it has an element of HTML, else plain text."""
    charset, _ = charset_of(payload[:_LOOKED_AT], "html")
    return "html" if _ELEMENT.search(payload[:_LOOKED_AT].decode(charset, "replace")) else "text"


def compose(
    source: str,
    location: str,
    markup: Markup,
    payload: bytes,
    stamp: Stamp,
    *,
    sidecar: Sidecar | None = None,
    doubts: tuple[str, ...] = (),
) -> Article:
    """The article that these bytes are. Where the sidecar says something, it wins. Never raises."""
    charset, guessed = charset_of(payload, markup)
    text = payload.decode(charset, "replace").removeprefix("\ufeff")
    said = describe(text, markup)
    given = sidecar or Sidecar()
    if guessed:
        doubts = (*doubts, "charset_guessed")
    if not given.readable:
        doubts = (*doubts, "sidecar_unreadable")
    return Article(
        source=source,
        location=location,
        markup=markup,
        payload=payload,
        charset=charset,
        digest=digest.of_bytes(payload),
        stamp=stamp,
        address=given.address or said.address,
        title=given.title or said.title,
        published_at=given.published_at or said.published_at,
        doubts=doubts,
    )
