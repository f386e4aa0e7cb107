"""Forms "script" and "json": posts that a page names only in its scripts, or there as well.

`twttr.widgets.createTweet('ID', …)`, `new YT.Player('box', {videoId: 'ID'})`; and the article's own text as content
systems carry it in JSON (Next.js, Arc and Fusion, JSON-LD, Apple News): objects that say they are an embed, and strings
that hold its markup, escaped once or twice. A bare address in JSON is none: pages carry those of all their links.
Sources: platforms.md 1.a.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from typing import Any
from urllib.parse import unquote

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.embeds.elements import blockquote, custom_element, iframe, other
from archiver.embeds.flattened import text
from archiver.embeds.places import gathered
from archiver.embeds.prefilter.hints import hints_in, may_be_state
from archiver.embeds.reading.page import Element, page_of
from archiver.embeds.reading.readable import unescaped
from archiver.embeds.shortcodes import address, shortcode
from archiver.embeds.sighting import Sighting
from archiver.embeds.state import called, declared, mirrored, packed, tree, written
from archiver.embeds.state.around import Around, is_elsewhere, is_of_accounts, may_be_accounts
from archiver.embeds.state.assembled import assembled
from archiver.model.embed import Embed

_FORMS = (blockquote.read, iframe.read, custom_element.read, other.read)
_TEXT_FORMS = (shortcode.read, address.read, text.read)
"""Of the strings of several lines in an article that is JSON."""
_BEGINS = (re.compile(r"\{\s{0,99}\""), re.compile(r"\[(?<![\w$)\]]\[)\s{0,99}[\[{\"\d]"))
"""Of JSON that can hold a word, not of a block or an index of the program. Patterns that begin with a plain sign are
sought many times as fast as one of both."""
_OF_PROGRAM = re.compile(r"\[\s{0,99}(?:\{\s{0,99}[^\s\"}]|\d+[^\d\s.,eE\]])|\{\s{0,99}\"[^\"\\]{0,99}\"\s{0,99}[^\s:]")
"""What is no JSON: a list of objects whose names stand bare, the signs that a pattern allows (`[0-9]`), a block that
begins with words (`{"string"==typeof`). `json` says so only after it has counted the lines of all that is before."""
_BEGIN_JSON = frozenset("{[0123456789abcdef").union(filter(str.isspace, map(chr, range(0x3001))))
_BEGINS_AS_JSON = re.compile(r"\s{0,99}(?:[0-9a-f]{1,6}:)?[\[{]")
_ESCAPED_QUOTE = re.compile(r"<[a-z][^<>]{0,500}=\\+[\"']", re.IGNORECASE)
_SHOWS_MARKUP = BytesAhoCorasick(
    [
        *(b"blockquote", b"iframe", b"instagram-media", b"fb-post", b"telegram-post", b"oembed", b"social_embed"),
        *(b'"embed"', b'"embed\\"', b'"tweet"', b'"tweet\\"', b'"youtube"', b'"youtube\\"', b'"role"'),
        *(b'"tweetid"', b'"tweetid\\"', b'"tweet_id"', b'"tweet_id\\"'),
        *(b'"youtubevideo', b'"youtubeembed', b'"youtubeVideo', b'"youtubeEmbed'),
        *(b'"instagram', b'"tiktok', b'"facebook', b'"reddit', b'"bluesky', b'"threads', b'"telegram'),
    ],
    MatchKind.LeftmostFirst,
)
"""A script without any of these, or of X's names beside a status, carries no embed, whatever addresses it carries."""
_DECODER = json.JSONDecoder()
_SAYS_TWITTER = (b'"twitter', b'twitter"', b'"tweet', b'tweet"', b'"x"')
"""Also as the beginning or the end of a name: "twitterEmbed", "embeds.twitter", "tweetUrl"."""
_SAYS_FILM = (b'"video', b'embed"', b'embed\\"', b'"embed_url', b'"embedurl')
_SHORTEST = 20
_LINE = 200
"""So long a string is an article's text, with or without line breaks."""
_LONGEST = 5_000_000
"""Characters of a script that is read at all."""
MAX_FAILURES = 60
MAX_NODES = 200_000
MAX_POSTS = 1_000
_KEPT = ("json", shortcode.FORM, address.FORM, text.FORM)
_HOLDERS = (dict, list)
DEEPEST = 3
"""JSON in a string in JSON, at most."""
Group = tuple[list[Embed], bool]
"""The posts of one text, and whether that stands among what the page says of other articles."""


def read(
    source: bytes, start: int, end: int, doubts: list[str], *, is_article: bool = False
) -> Iterator[list[Sighting]]:
    """The posts that a script in UTF-8 holds, those of one text together. `start` and `end`: where it stands.
    `is_article`: it is no part of a page, but all of an article, so that nothing of it is passed over.

    What is more than is looked at adds "unparsed" to `doubts`.
    """
    source = mirrored.mended(source)
    yield from ([Sighting(start, end, embed)] for embed in called.read(source))
    left = MAX_POSTS
    for group, elsewhere in _in_source(source, doubts, is_article=is_article):
        yield [Sighting(start, end, _as_json(embed), elsewhere=elsewhere) for embed in group]
        left -= len(group)
        if left < 0:
            doubts.append("unparsed")
            return


def _in_source(source: bytes, doubts: list[str], *, is_article: bool) -> Iterator[Group]:
    texts, nodes = packed.within(source, doubts)
    for each in (source, *texts):
        if is_article or _may_hold(each):
            content = each.decode("utf-8", "replace")
            if len(content) > _LONGEST:
                doubts.append("unparsed")
                content = content[:_LONGEST]
            yield from _in_values(content, 0, doubts, is_article=is_article)
            yield from _in_nodes(packed.of_function(content, doubts), 0, doubts, is_article=is_article)
    around = Around(source)
    for node, begin in nodes:
        for group, elsewhere in _in_nodes(node, 0, doubts, is_article=is_article):
            names = around.names(begin)
            apart = any(map(is_elsewhere, names)) or _names_accounts("".join(names[-1:]), [node])
            yield group, elsewhere or apart


def _as_json(embed: Embed) -> Embed:
    return embed if embed.form in _KEPT else replace(embed, form="json")


def _may_hold(source: bytes) -> bool:
    # Hardly any writes them in capitals, and to lower all of it takes longer than all else here.
    if _SHOWS_MARKUP.find_matches_as_indexes(source):
        return True
    lowered = source.lower()
    says_twitter = b"status" in lowered and any(word in lowered for word in _SAYS_TWITTER)
    says_film = b"youtu" in lowered and any(word in lowered for word in _SAYS_FILM)
    return says_twitter or says_film or bool(_SHOWS_MARKUP.find_matches_as_indexes(lowered))


def _in_values(content: str, depth: int, doubts: list[str], *, is_article: bool) -> Iterator[Group]:
    """The posts of the JSON that a script assigns, hands on or is, and of the strings between."""
    rest: list[str] = []
    at, is_first = 0, True
    for begin, end, node in _values(content):
        piece = content[begin:end].encode("utf-8", "replace") if end - begin > _SHORTEST else b""
        # Walking through all of a program's settings would cost more than all else; most hint at nothing.
        if is_article or (piece and _may_hold(piece) and (is_first or hints_in(piece))):
            whole = assembled(node)
            yield from _in_nodes(whole, 0, doubts, is_article=is_article, shares=whole is not node)
        is_first = is_first and not piece
        rest.append(content[at:begin])
        at = end
    between = " ".join([*rest, content[at:]]) if rest else content
    if not rest or _hints_at_element(between.encode("utf-8", "replace")):
        again = packed.unescaped(unquote(between) if "%7B%22" in between else between)
        if depth < DEEPEST and again != between and ('{"' in again or '["' in again):
            # `JSON.parse("{\\"type\\":\\"tweet\\"…")`
            yield from _in_values(again, depth + 1, doubts, is_article=is_article)
        else:
            yield _in_markup(again, doubts), False


def _hints_at_element(source: bytes) -> bool:
    hints = hints_in(source) if _may_hold(source) else None
    return hints is not None and bool(hints.marked or hints.linked)


def _values(content: str) -> Iterator[tuple[int, int, Any]]:
    """The pieces of JSON in a script, in order: where each begins and ends, and what it says. A program begins with
    small ones of its own (`window.Fusion=window.Fusion||{};Fusion.globalContent={"content_elements":…}`)."""
    at, failed, following = 0, 0, [-1] * len(_BEGINS)
    while failed < MAX_FAILURES:
        for which, begins in enumerate(_BEGINS):
            if following[which] < at:
                found = begins.search(content, at)
                following[which] = found.start() if found else len(content)
        begin = min(following)
        if begin == len(content):
            return
        read = None if _OF_PROGRAM.match(content, begin) else _decoded(content, begin)
        if read is None:
            failed, at = failed + 1, begin + 1
        else:
            yield begin, read[1], read[0]
            at = read[1]


def _decoded(content: str, begin: int) -> tuple[Any, int] | None:
    """The JSON that begins at a place, and where it ends; None if there is none."""
    try:
        return _DECODER.raw_decode(content, begin)
    except (ValueError, RecursionError):
        return None


def _in_nodes(root: Any, depth: int, doubts: list[str], *, is_article: bool, shares: bool = False) -> Iterator[Group]:
    """`shares`: what is in it may stand in it thousands of times, and in itself."""
    stack: list[tuple[Any, bool]] = [(root, False)] if isinstance(root, dict | list | str) else []
    is_read = _may_be_words if is_article else _may_be_markup
    seen: tuple[set[int], set[int]] = (set(), set())
    quoted = 0
    for _ in range(MAX_NODES):
        if not stack:
            return
        node, elsewhere = stack.pop()
        if shares:
            if id(node) in seen[elsewhere]:
                continue
            seen[elsewhere].add(id(node))
        kind = type(node)
        if kind is str:
            yield from (
                (group, elsewhere or told) for group, told in _in_string(node, depth, doubts, is_article=is_article)
            )
            continue
        if kind is dict and not declared.ASKED.isdisjoint(node):
            if (embed := declared.embed_of(node)) is not None:
                yield [embed], elsewhere
            if "children" in node and (quotation := tree.quotation(node)) is not None:
                # Thousands may share their text, and one without any takes time, too.
                quoted += 3_000 + len(quotation)
                if quoted > _LONGEST:
                    break
                yield _in_markup(quotation, doubts), elsewhere
        # Of its children those that hold others, and the words that may be markup; the first one is next.
        children = reversed(node.items()) if kind is dict else zip(repeat(""), reversed(node))
        stack += [
            (child, elsewhere or is_elsewhere(key) or (type(child) is list and _names_accounts(key, child)))
            for key, child in children
            if (len(child) > _SHORTEST and is_read(child) if type(child) is str else child and type(child) in _HOLDERS)
        ]
    doubts.append("unparsed")


def _names_accounts(key: str, entries: list[Any]) -> bool:
    return may_be_accounts(key) and declared.are_accounts(entries, surely=is_of_accounts(key))


def _may_be_words(string: str) -> bool:
    """Whether it may be markup, or else a text."""
    return _may_be_markup(string) or "\n" in string or len(string) > _LINE


def _may_be_markup(text: str) -> bool:
    """Whether markup can stand in a string, escaped in whatever way, or another piece of JSON."""
    # One sign first, which is sought ten times as fast as four: articles are long.
    if "<" in text or ("&" in text and "&lt;" in text) or (text[:1] in _BEGIN_JSON and _is_json(text)):
        return True
    return "\\" in text and ("\\u003" in text or "\\x3" in text)


def _is_json(text: str) -> bool:
    """Whether a string begins as JSON does, or as a row of what Next.js pushes (`5:["$","div",null,{…}]`)."""
    return _BEGINS_AS_JSON.match(text) is not None


def _in_string(string: str, depth: int, doubts: list[str], *, is_article: bool) -> Iterator[Group]:
    source, is_json = string.encode("utf-8", "replace"), _is_json(string)
    if not may_be_state(source) if is_json else hints_in(source) is None:
        return
    if is_json and depth < DEEPEST and (nodes := [node for _, _, node in _values(string)]):
        for node in nodes:
            yield from _in_nodes(node, depth + 1, doubts, is_article=is_article)
    elif is_article and "</" not in string:
        # Halves of characters, of which JSON may state one, cannot be stored.
        yield _in_lines(source.decode()), False
    else:
        yield _in_markup(string, doubts, is_article=is_article), False


def _in_lines(words: str) -> list[Embed]:
    """The posts in a string of an article's text without markup: flattened, in shortcodes, alone on their lines."""
    words = words.replace("\r\n", "\n")
    return [place.embed() for place in gathered([each for form in _TEXT_FORMS for each in form(words)])]


def _in_markup(text: str, doubts: list[str], *, is_article: bool = False) -> list[Embed]:
    """The posts in markup that a string holds, as it stands or escaped once more."""
    for _ in range(DEEPEST):
        # Where its attributes' quotation marks are escaped, so are their values.
        page = None if "\\" in text and "=\\" in text and _ESCAPED_QUOTE.search(text) else page_of(text)
        elements = page.elements if page else []
        if page is not None and page.crowded:
            doubts.append("unparsed")
        seen = [sighting for element in elements if (sighting := _first(element)) is not None]
        found = [sighting.embed for sighting in seen]
        if page is not None and page.hints.spoken:
            found += written.read(page, text)
            found += written.flattened(page, [(each.start, each.end) for each in seen]) if is_article else ()
        if found:
            return found
        again = unescaped(packed.unescaped(text))
        if "%" in again and ("%3C" in again or "%3c" in again):
            # `document.write(unescape("%3Ciframe…"))`
            again = unquote(again)
        if again == text:
            return []
        text = again
    return []


def _first(element: Element) -> Sighting | None:
    return next((sighting for form in _FORMS if (sighting := form(element)) is not None), None)
