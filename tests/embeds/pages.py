"""Generated pages: fragments of real-world markup, well formed or not, with embeds of the cases in between."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

from archiver.embeds.find import Found
from archiver.model.embed import Embed
from tests.markup import Case, cases

CASES = cases()
SHOWING = [case for case in CASES if case.embeds and case.form != "text"]
"""Cases of markup that shows something."""
SNIPPETS = [
    case
    for case in SHOWING
    if case.snippet is not None and not case.doubts and case.name not in ("never_closed", "in_an_unclosed_comment")
]
"""Those of them whose markup means the same in any page."""

PROSE = (
    "<p>Sample prose of a newsroom, Größe, نمونه and これは見本, with a <a href='https://news.example/b'>link</a>.</p>"
)
FRAGMENTS = (
    PROSE,
    "<p>" + "Sample prose that goes on and on for a long while. " * 120 + "</p>",
    "<!-- a comment with <b> and > in it -->",
    "<!---->",
    "<script>if (a < b && c > d) { write('<p>') }</script>",
    '<script type="application/ld+json">{"@type": "NewsArticle", "sameAs": ["https://twitter.com/sample"]}</script>',
    "<STYLE>p > a { color: red } .twitter-tweet { margin: 0 }</STYLE>",
    "<div class='a>b' data-x='<p>'>",
    "</div>",
    "<p>",
    "</p></p>",
    "<b><i>Sample</b> words</i>",
    "<Section><DIV ID=main>",
    "<ul><li>One<li>Two</ul>",
    "<li>",
    "<table><tr><td>Cell<td>Cell</table>",
    "<table><tr><td>",
    '<img alt="1 < 2" src=a.png><br/><hr>',
    "<a href='https://news.example/c'>never closed",
    "<blockquote><p>Sample words of a person.</p></blockquote>",
    "<blockquote><p>Sample words of a person who is never closed.",
    "<iframe src='https://maps.example/embed?x=1'></iframe>",
    "<noscript><img src='https://pixel.example/a.gif'></noscript>",
    "1 < 2 & 3 > 2 &amp; &nbsp; &#8212;",
    "<p>Sample Author (@sample_author) writes on sport.</p>",
    "<?php sample ?>",
    "<![CDATA[ sample ]]>",
    "<svg><path d='M0 0'/></svg>",
    "<textarea>Sample</textarea>",
    "<h2>Sample heading</H2>",
)
CHARSETS = ("utf-8", "utf-16", "cp1252", "windows-1256", "shift_jis")

_OPAQUE = ("<!", "<script", "<STYLE", "<div class='a>b'", "<?php", "<textarea")
"""Beginnings of fragments within which no element stands."""


@st.composite
def holed_pages(draw: st.DrawFn) -> tuple[str, str]:
    """A page in two halves, between which any element may stand."""
    parts: list[str] = []
    for fragment in draw(st.lists(st.sampled_from(FRAGMENTS), max_size=12)):
        parts.extend([fragment] if fragment.startswith(_OPAQUE) else re.split(r"(?=<)", fragment))
    hole = draw(st.integers(0, len(parts)))
    return "".join(parts[:hole]), "".join(parts[hole:])


snippets = st.sampled_from(SNIPPETS)
charsets = st.sampled_from(CHARSETS)


def page(*parts: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Sample page</title></head><body>{''.join(parts)}</body></html>"


def encoded(text: str, charset: str) -> bytes:
    """The page in a character set, what that does not have as references."""
    return text.encode(charset, "xmlcharrefreplace")


def posts(found: Found) -> list[tuple[object, ...]]:
    """Which posts were found, and what was read of each."""
    return [_post(embed) for embed in found.embeds]


def _post(embed: Embed) -> tuple[object, ...]:
    said = (embed.hint, embed.address, embed.native_id, embed.author_handle, embed.published_on, embed.quotation)
    return (embed.form, embed.also, *said)


_TAG = re.compile(r"(</?[a-zA-Z][\w-]*)((?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)")
_NAME = re.compile(r"(\s+)([^\s\"'<>/=]+)(\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")


def in_case(markup: str, cased: Callable[[str], str]) -> str:
    """The markup with the names of its tags and attributes written in another case."""

    def tag(found: re.Match[str]) -> str:
        names = _NAME.sub(lambda m: m[1] + cased(m[2]) + (m[3] or ""), found[2])
        start = 2 if found[1].startswith("</") else 1
        return found[1][:start] + cased(found[1][start:]) + names

    return _TAG.sub(tag, markup)


def of_case(case: Case) -> str:
    """Its markup alone."""
    assert case.snippet is not None
    return case.snippet


_INLINE = ("a", "b", "i", "em", "strong", "span", "code")
_BLOCK = ("p", "div", "section", "h2", "blockquote", "ul", "figure")
_VOID = ("<br>", "<br/>", "<img alt='🙂' src=a.png>", "<img alt='A picture' src=b.png>", "<!-- a comment -->")
_HREF = ("https://x.com/sample_one/status/1428507067806646273?a=1&amp;b=2", "https://t.co/AbCdEfGhIj", "/a?b=c&d=e")
words = st.text(st.sampled_from("Sample text one \n\t&;—’éنمونه見本🙂()@#."), max_size=12).map(
    lambda text: text.replace("&", "&amp;")
)


@st.composite
def pieces(draw: st.DrawFn, depth: int = 3) -> str:
    """The inside of an element: well formed, as content systems print it."""
    parts = []
    for kind in draw(st.lists(st.sampled_from(("words", "words", "void", "inline", "block")), max_size=4)):
        if kind == "words" or depth == 0:
            parts.append(draw(words))
        elif kind == "void":
            parts.append(draw(st.sampled_from(_VOID)))
        else:
            name = draw(st.sampled_from(_INLINE if kind == "inline" else _BLOCK))
            said = f' href="{draw(st.sampled_from(_HREF))}" Class=sample' if name == "a" else " lang='en' dir=ltr"
            inside = draw(words if name in ("a", "p", "h2") else pieces(depth=depth - 1))
            parts.append(f"<{name}{said}>{inside}</{name}>")
    return "".join(parts)
