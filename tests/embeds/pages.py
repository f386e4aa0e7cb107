"""Generated pages: fragments of real-world markup, well formed or not, with embeds of the cases in between."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

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
    "<ul>" + "<li><a class='link of-newsroom' href='https://news.example/a/long/address'>A</a></li>" * 150 + "</ul>",
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
FLATTENED = (
    "<p>Sample words of a post — Sample Name (@sample_one) August 20, 2021</p>",
    "<p>Sample prose.</p><p>Words #sample pic.twitter.com/AbCdEfGhIj</p><p>— Sample Name (@sample_one) May 1, 2020</p>",
    "Sample words of a post pic.x.com/KlMnOpQrSt",
    "<p>[tweet 1428507067806646273]</p>",
    "<br>https://x.com/sample_two/status/1428507067806646274<br>",
    "<p>See https://x.com/sample_two/status/1428507067806646274 for more (@sample_two).</p>",
)
"""Posts, and what looks like them, in running text."""
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


BREAKS = (
    *("</p>", "</b></i>", "<p>", "<b>", "</div>", "<p><p>", "<li>", "<div>", "</a>", "<br><p><br>"),
    *("<p>x</div>", "<o:p></o:p>", "<A HREF='/q'>y</A>", "<b><p>z</b></p>"),
)
"""What editors and content systems leave behind; an unclosed link is not among them, the parsers end it elsewhere."""

_NAMES = ("class", "CLASS", "data-tweet-id", "Data-Href", "src", "xml:lang", "a", "@click", ":x", "hidden", "x.y")
_values = st.text(st.sampled_from("abc 019/:?=&;<>\n\té🙂'\"`"), max_size=12)


@st.composite
def tags(draw: st.DrawFn) -> str:
    """An opening tag of a div, attributes written in every way."""
    written = "<div"
    for _ in range(draw(st.integers(0, 5))):
        value = draw(_values)
        bare = "".join(c for c in value if c not in " \n\t\"'`=<>") or "x"
        said = (
            '="' + value.replace('"', "&quot;") + '"',
            ' = "' + value.replace('"', "&#34;") + '"',
            "='" + value.replace("'", "&#39;") + "'",
            f"={bare} ",
            "",
        )
        written += draw(st.sampled_from((" ", "\n", "\t ", " / "))) + draw(st.sampled_from(_NAMES))
        written += draw(st.sampled_from(said))
    return written + draw(st.sampled_from((">", " >", " />")))


ADDRESSES = (
    *("https://x.com/a/status/1428507067806646273", "https://twitter.com/i/web/status/1428507067806646273"),
    *("https://mobile.twitter.com/a/statuses/20", "https://fxtwitter.com/a/status/20"),
    *("https://twitter.com/#!/a/status/20", "https://twitter.com/i/videos/tweet/1428507067806646273"),
    *("https://www.youtube.com/watch?v=AbCdEfGhIj1", "https://youtu.be/AbCdEfGhIj1"),
    *("https://www.youtube-nocookie.com/embed/AbCdEfGhIj1", "https://youtube.googleapis.com/v/AbCdEfGhIj1"),
    *("https://www.instagram.com/p/AbCdEfGhIjk/", "https://instagr.am/p/AbCdEfGhIjk/"),
    *("https://www.facebook.com/a/posts/123456789", "https://fb.watch/AbCdEfG/"),
    "https://m.facebook.com/story.php?story_fbid=123456&amp;id=55",
    *("https://www.threads.net/@a/post/AbCdEfGhIjk", "https://www.threads.com/t/AbCdEfGhIjk"),
    *("https://www.tiktok.com/@a/video/7336306383119191000", "https://vm.tiktok.com/AbCdEfGh/"),
    *("https://www.reddit.com/r/a/comments/abc123/x/", "https://redd.it/abc123"),
    *("https://t.me/sample_channel/123", "https://telegram.me/sample_channel/123"),
    *("https://bsky.app/profile/a.example/post/3ksample22222", "at://did:plc:abcde/app.bsky.feed.post/3ksample22222"),
    "https://embed.bsky.app/embed/did:plc:abcde/app.bsky.feed.post/3ksample22222",
    *("https://truthsocial.com/@a/113456789012345678", "https://truthsocial.com/@a/posts/113456789012345678"),
)
"""One of each host and kind of path at which posts are embedded."""
WRAPPERS = (
    '<iframe src="{}"></iframe>',
    "<iframe data-src='{}'></iframe>",
    "<iframe src={}></iframe>",
    "<p>{}</p>",
    "Sample prose.<br>{}<br>",
    '<div class="embed" data-url="{}"></div>',
    '<div class="social-embed" data-embed-url="{}"></div>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<blockquote cite="{}"><p>Sample words</p></blockquote>',
    '<blockquote><p>Sample words</p><a href="{0}">{0}</a></blockquote>',
    "<p>[embed]{}[/embed]</p>",
    '<script>document.write("<iframe src=\\"{}\\"></iframe>")</script>',
)
"""Where a form would read an address."""

_SPOKEN = (
    "(@a)",
    "— Sample Name (@sample_one) May 1, 2020",
    "pic.twitter.com/AbCdEfGhIj",
    "[tweet 20]",
    "{{< x 20 >}}",
)
near_misses = st.builds(
    lambda wrapper, said, cut: wrapper.replace("{0}", said[: len(said) - cut]).replace("{}", said[: len(said) - cut]),
    st.sampled_from((*WRAPPERS, '<a href="{}">Sample</a>', "<p>See {} there.</p>", "<li>{}</li>", "<!-- {} -->")),
    st.sampled_from((*ADDRESSES, *_SPOKEN, *(address.replace("https://", "https://www.not") for address in ADDRESSES))),
    st.integers(0, 20),
)
"""Markup that shows a post, or nearly does."""

printed_posts = st.tuples(
    st.sampled_from(
        (
            "Sample words of a post",
            "A second sample of words, a little longer than the first",
            "نمونه متن برای آزمایش",
            "見本の文章です",
        )
    ),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_]{2,14}", fullmatch=True),
    st.sampled_from(("Sample Name", "Sămple – نمونه", "Sample 📷", "S. O. Sample")),
    st.dates(date(2010, 1, 1), date(2025, 12, 31)),
)
"""Words, handle, name and day of a post as X's blockquote prints them."""


def newsroom_page(printed: list[tuple[str, str, str, date]]) -> str:
    """An article with X's blockquotes between its paragraphs, enough prose for an extractor to take it for one."""
    parts = [_PARAGRAPH.format(each) for each in range(2)]
    for number, (said, handle, name, day) in enumerate(printed):
        address = f"https://twitter.com/{handle}/status/{1428507067806646273 + number}?ref_src=twsrc%5Etfw"
        parts.append(
            f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{said} {number}</p>&mdash; {name} (@{handle}) '
            f'<a href="{address}">{day:%B} {day.day}, {day.year}</a></blockquote>\n<script async src="a.js"></script>'
        )
        parts.append(_PARAGRAPH.format(number + 2))
    return page("<article><h1>Sample title</h1>", *parts, "</article>")


_PARAGRAPH = (
    "<p>Sample prose number {} of a newsroom goes on for a while, so that an extractor takes it for the text of an "
    "article and keeps it, with every word of it.</p>"
)
