"""Where something is read in a quick way, the plain way that it stands for is kept here, and both give the same."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.embeds import readers_comments
from archiver.embeds.find import find
from archiver.embeds.prefilter import hints, literals, seek, sought
from archiver.embeds.prefilter.hints import no_hints
from archiver.embeds.reading import page, readable
from archiver.embeds.shortcodes import address, shortcode
from archiver.embeds.state import packed, script
from archiver.model.embed import Embed
from archiver.permalinks import post_hint
from tests.embeds.articles import article

ESCAPES = st.sampled_from(
    [
        *("&amp;", "&lt", "&#60;", "&#x3C;", "&#128;", "&#1114112;", "&notit;", "&nosuch;", "&&#;", "&#xfffffffff"),
        *("\\u003c", "\\ud83d\\ude00", "\\x3c", "\\/", "\\\\", '\\"', "\\n", "\\u00", "\\", "a", " ", "é", "<", ";"),
    ]
)
PROGRAM = st.sampled_from(
    [
        *('{"', "{ \n", '":', "[", "[1", "[ {", ',"', "]", "}", "a", "$", ")", " ", "x[0]", 'f(["a"])', '{"a":[1,2]}'),
        *("\n", "\\", '"', "1", "=", "window.state=", "null", "é", '"a"==b', "-9]", ",2", "1e5"),
    ]
)
SHORTCODES = st.sampled_from(
    [
        *("[tweet ", "[Tweet 20]", "[youtube=", "[embed]", "[/embed]", "[x ", "[/tweet]", "[video:", "[", "]", "["),
        *("{{", "}}", "{{< tweet ", " >}}", "{% tweet ", " %}", "{{% x ", "%}}", "{", "}", "`", "[link](", ")", '"'),
        *(
            "20",
            "1234567890123456789",
            "https://x.com/sample/status/20",
            "aBcDeFgHiJk",
            " ",
            "\n",
            "user=sample",
            "id=",
        ),
        *("{{ tweet(id=", '"20") }}', "youtube"),
    ]
)


def _bytes_of(table: literals.Table) -> list[bytes]:
    return [each.encode("latin-1") for some in table.values() for each in some]


PARTS = [
    part
    for table in (literals.ADDRESSES, literals.MAKERS)
    for each in _bytes_of(table)
    for part in (each, each[:-1], each[1:], each[3:], each[:4], each[6:])
]
TEXT = st.sampled_from(
    [
        *(
            "https://",
            "HTTP://",
            "http:",
            "//",
            "/",
            "x.com/sample/status/20",
            "youtu.be/abcdefghijk",
            "(",
            ")",
            "<",
            ">",
        ),
        *(" ", "\n", "\t", "\u00a0", "a", "]", '"', "." * 9, "s" * 70),
    ]
)
TAGGED = st.sampled_from(
    [
        *(tag.encode() for tag in hints.TAGS),
        *(b"<", b">", b"-->", b"<scr", b"<amp", b"<b", b" ", b"x", b"\xff" * 4, b"\xff", b"\xfe" * 5, b"\xfd\xfd\xfd"),
    ]
)
BOX = st.sampled_from(
    [b"@", b"twitter.com/", b"X.COM/", b"sample", b"SAMPLE", b"samples", b"sample_", b"y", b" ", b"x", b"<b>", b"/"]
)


@given(st.lists(ESCAPES, max_size=12).map("".join))
def test_references_are_undone_as_python_undoes_them(text: str) -> None:
    """All at once, and those met before from memory."""
    assert readable.unescaped(text) == html.unescape(text)


def test_a_number_of_thousands_of_digits_is_no_character() -> None:
    """Python refuses to read it; the references beside it are undone all the same."""
    assert readable.unescaped("&lt;&#" + "1" * 5000 + ";&gt;") == "<\ufffd>"


@given(st.lists(ESCAPES, max_size=12).map("".join))
def test_escapes_of_scripts_are_undone_one_by_one(text: str) -> None:
    """Each by what it says, from the left; two halves make one character."""
    escape = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'/\\bfnrt]))")
    controls = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}

    def character(found: re.Match[str]) -> str:
        return controls.get(found[3], found[3]) if found[3] else chr(int(found[1] or found[2], 16))

    plain = escape.sub(character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert packed.unescaped(text) == plain


@settings(max_examples=400)
@given(st.lists(PROGRAM, max_size=20).map("".join))
def test_json_is_found_wherever_one_search_finds_it(content: str) -> None:
    """Two searches for one sign each stop where one for both does."""
    assert list(script._values(content)) == list(_values(content))


def _values(content: str) -> Iterator[tuple[int, int, Any]]:
    begins = re.compile(r"\{\s{0,99}\"|(?<![\w$)\]])\[\s{0,99}[\[{\"\d]")
    at, failed = 0, 0
    while failed < script.MAX_FAILURES and (begin := begins.search(content, at)) is not None:
        try:
            node, at = json.JSONDecoder().raw_decode(content, begin.start())
        except ValueError:
            failed, at = failed + 1, begin.start() + 1
        else:
            yield begin.start(), at, node


@settings(max_examples=600)
@given(st.lists(SHORTCODES, max_size=10).map("".join))
@example("{{{< tweet 20 >}}")
@example("`[tweet 20] [tweet 20][tweet 21]")
def test_shortcodes_are_found_where_one_may_begin(text: str) -> None:
    """Where one search for all of their shapes finds them, examples of how they are written left out."""
    plain = [found for found in shortcode._SHORTCODE.finditer(text) if shortcode._embed(found) is not None]
    shown = [found.span() for found in plain if text[: found.start()][-1:] != "`"]
    assert [(sighting.start, sighting.end) for sighting in shortcode.read(text)] == shown


@given(st.lists(ESCAPES | PROGRAM | st.sampled_from(["5:[", "a1:{", "\x0b", "\u2003"]), max_size=6).map("".join))
def test_markup_in_a_string_is_told_as_by_all_its_signs(text: str) -> None:
    """Each sign looked for in all of the text; JSON may be a row that Next.js pushes, behind its number."""
    signs = any(sign in text for sign in ("<", "&lt;", "\\u003", "\\x3"))
    assert script._may_be_markup(text) == (signs or re.match(r"\s*([0-9a-f]{1,6}:)?[\[{]", text) is not None)


@settings(max_examples=600)
@given(st.lists(TEXT, max_size=14).map("".join))
@example("https://x.com/sample/status/20")
@example("text\n < https://x.com/sample/status/20>\n")
def test_addresses_alone_on_a_line_are_found_among_all_addresses(text: str) -> None:
    """Those that stand in a sentence or a bracket are passed over before they are read."""
    alone = [(sighting.start, sighting.end) for sighting in address.read(text)]
    assert alone == list(_alone(text))


def _alone(text: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"//[^\s<>\"]{8,600}", text):
        low = max(found.start() - 60, 0)
        line = text.rfind("\n", low, found.start())
        begun = text[max(line + 1, low) : found.start()].strip(" \t\u00a0").removeprefix("<")
        ends = re.compile(r">?[ \t\u00a0\r]{0,40}(?:\n|$)").match(text, found.end())
        is_alone = not (line < 0 < low) and begun.lower() in ("", "http:", "https:") and ends is not None
        if is_alone and post_hint(begun + found[0]) is not None:
            yield found.start() - len(begun), found.end()


@given(st.lists(BOX, max_size=10).map(b"".join))
def test_a_box_names_the_account_as_one_pattern_would_tell(box: bytes) -> None:
    """In any case of letters, behind "@" or an address of X, and as a whole word."""
    says_own = re.compile(rb"(?:@|(?:twitter|x)\.com/)sample(?!\w)", re.IGNORECASE)
    assert readers_comments._names_account(box, "sample") == (says_own.search(box) is not None)


@given(st.lists(TAGGED, max_size=12).map(b"".join))
def test_tags_are_found_whatever_is_sought_beside_them(source: bytes) -> None:
    """Each where one pattern finds it, and nothing else that has a name."""
    plain = [
        (hints.TAGS.index(found[0].decode()), *found.span())
        for found in re.finditer(b"|".join(tag.encode() for tag in hints.TAGS), source)
    ]
    assert [tag for tag in hints.tags_in(source) if tag[0] < len(hints.TAGS)] == plain


def test_no_literal_begins_another() -> None:
    """Else the order in which they are dealt out would decide which of them is met."""
    for table, looked_at in ((literals.ADDRESSES, 4), (literals.MAKERS, 4), (literals.SHORT, 2)):
        whole = _bytes_of(table)
        rests = [sought._rest(each) for each in whole]
        for some in (whole, rests):
            assert not [(one, other) for one in some for other in some if one != other and other.startswith(one)]
            assert sorted(sought.dealt_out(some)) == sorted(some)
            assert len({*some}) == len(some) <= 64
        assert min(map(len, rests)) >= looked_at
    first = [b"<embetty-", b"<amp-tiktok", b"-plyr-embed", b'"lyte_', b"-tweet-theme", b">tweet"]
    assert sought.dealt_out([*first, b"SAMPLE"])[: len(first)] == first


@given(st.lists(st.sampled_from([*PARTS, b" ", b"x", b"/", b"-"]), max_size=12).map(b"".join))
@example(b'/status/embed"')
@example(b"over-tweet-id data-tweet-id supertwitter-tweetid")
@example(b'cactus/embed" /status/status/ m/embed"')
def test_literals_are_found_from_behind_their_beginnings(source: bytes) -> None:
    """Each that a search for whole literals meets, none within another."""
    for table in (literals.ADDRESSES, literals.MAKERS, literals.SHORT):
        whole = sorted(_bytes_of(table), key=len, reverse=True)
        plain = re.compile(b"|".join(map(re.escape, whole)))
        found = sought.Sought({each: each for each in whole}).places(source)
        assert found == [(met[0], met.start()) for met in plain.finditer(source)]


@given(st.lists(st.tuples(st.sampled_from((b"<", b">", b"")), st.integers(0, 20_000))), st.data())
def test_the_tag_that_is_open_somewhere_is_the_last_that_began(
    parts: list[tuple[bytes, int]], drawn: st.DataObject
) -> None:
    """None where a ">" stands behind it, whatever was asked before."""
    source = b"".join(sign + b"x" * length for sign, length in parts)
    known: dict[int, int] = {}
    for at in drawn.draw(st.lists(st.integers(0, len(source)), max_size=5)):
        begun = max(source.rfind(b"<", 0, at), source.rfind(b">", 0, at))
        assert seek.open_tag(source, at, known) == (begun if source[begun : begun + 1] == b"<" else -1)


@given(st.builds(Embed, st.just(0), st.text(), quotation=st.text(), before=st.text()), st.integers(0, 9))
def test_an_embed_at_a_position_is_itself_but_for_that(embed: Embed, position: int) -> None:
    """As a replacement of the one field would have it."""
    assert embed.at(position) == replace(embed, position=position)


def test_no_stem_holds_another() -> None:
    """Else the search that takes the leftmost would pass over the inner one."""
    stems = [b"comment", b"komment", b"comentario", b"disqus", b"dsq-", b"fyre", b"wpdcom", b"wpdiscuz", b'"respond"']
    stems += [b"tweets", b"twitter-feed", b"twitter_update", b"latest-tweet", b"twitter-timeline", b"ctf-"]
    text = b" ".join(stems)
    met = [text[start:end] for _, start, end in readers_comments._STEMS.find_matches_as_indexes(text)]
    assert met == stems
    assert not [(one, other) for one in stems for other in stems if one != other and one in other]


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_zones_with_a_hint_are_those_that_each_hint_lies_in(marked: set[int], linked: set[int], cuts: set[int]) -> None:
    """In the order of the page, each once; a hint on a zone's first sign is before it."""
    bounds = sorted(cuts)
    zones = [(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=False)]
    hints = no_hints(b"")._replace(marked=sorted(marked), linked=sorted(linked))
    asked = page.Page(b"", hints).hinted(zones)
    assert asked == [zone for zone in zones if any(zone[0] < at < zone[1] for at in marked | linked)]


@pytest.mark.parametrize(
    "source",
    [
        '<html xmlns:fb="http://www.facebook.com/2008/fbml"><p>Words.',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fnews.example"></iframe>',
        '<iframe src="//www.facebook.com/plugins/like.php?href=https%3A%2F%2Fwww.facebook.com%2Fsample&w=9"></iframe>',
        '<script src="//platform.instagram.com/en_US/embeds.js"></script>',
        '<div class="fb-like-box" data-href="https://www.facebook.com/sample"></div>',
        'w("<iframe src=\\"https:\\/\\/www.facebook.com\\/plugins\\/page.php?id=1\\"><\\/iframe>")',
    ],
)
def test_a_page_with_buttons_alone_is_passed_over(source: str) -> None:
    """And in a comment they are no embed's markup; a post in the same place is."""
    assert hints.hints_in(source.encode()) is None
    assert find(article(f"<!-- {source} -->".encode(), "html")).doubts == ()
    post = source.replace("2008", "sample/posts").replace("like.php", "post.php").replace("page.php", "video.php")
    post = post.replace("fb-like-box", "fb-post").replace("en_US/embeds.js", "p/sample")
    assert hints.hints_in(post.encode()) is not None
