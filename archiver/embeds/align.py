"""A quotation cut again, once the post's own text is known.

The article and the post are compared word by word, without what extractors, editors and X itself change: white space,
quotation marks, dashes, case, emoji, and links (shortened, expanded, lost, or written as `pic.twitter.com/…`). The
longest run of words that both have is where the post stands; from there it is followed to both sides, and at both
ends it takes the signs along (quotation marks, `#`, emoji, a full stop) that the post itself has there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from archiver.embeds.flattened.links import LINK
from archiver.embeds.reading.readable import unescaped

HOW = "aligned"
REACH = 3000
"""Characters of the article that are looked at before and after the quotation."""
POST_CHARACTERS = 2000
"""Of a longer post (X's reach 25,000) only the beginning is compared, as if it were cut short there."""
ENOUGH = 0.7
"""Share of the post's words that must stand in the article, in their order."""
CONFIDENCE = ((0.999, 99), (0.9, 92), (ENOUGH, 73))
"""From this similarity on, so many of a hundred cuts were exact: measured on 624 quotations in flattened articles, by
the posts' own text (all exact), with other links and without any, and with one word of it changed."""
_HEAVY = 300_000
"""Products of two texts' words above which frequent words are left aside, so that repetitions cannot take minutes."""

_BARE = (
    r"(?<![\w@.])(?![\w.-]{0,63}pic\.(?:twitter|x)\.com/)(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10}/[^\s<>\"”“’—)\]]{0,200}"
)
"""A link as X displays it, without a scheme."""
_LINK = re.compile(f"{LINK.pattern}|{_BARE}")
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+")
"""Where words are not parted by blanks, each sign is one."""
_OWN_LINKS = re.compile(r"(?:\s{0,9}(?:https?://)?(?:pic\.(?:twitter|x)\.com|t\.co)/[A-Za-z0-9]{5,10})+")
_ELLIPSIS = re.compile(r"\s?(?:…|\.\.\.)")
_CUT_SHORT = re.compile(r"(?:…|\.\.\.)\s{0,9}(?:https?://\S{1,60})?\s{0,9}$")
_REPLY = re.compile(r"\s{0,9}(?:\.?@\w{1,15}\s{1,9}){1,50}")
_SAME = str.maketrans(
    dict.fromkeys("“”„«»‟〝〞＂", '"') | dict.fromkeys("‘’‚‹›`´′", "'") | dict.fromkeys("–—―‐‑‒−", "-") | {"…": "..."}
)
_LINK_KEY = "\0"


class Cut(NamedTuple):
    """The quotation as the article prints it."""

    start: int
    """Where it begins in before + quotation + after."""
    end: int
    words: str
    """The characters from `start` to `end`."""
    similarity: float
    """Share of the post's words that stand there in their order, 0 to 1."""
    confidence: int
    """Percent, see CONFIDENCE."""
    how: str = HOW


class _Piece(NamedTuple):
    """A word or a link."""

    key: str
    """What is compared."""
    start: int
    end: int


class _Pair(NamedTuple):
    """A piece of the post, and the one in the article that it is; by their numbers."""

    post: int
    there: int


def cut_again(before: str, quotation: str, after: str, post_text: str) -> Cut | None:
    """The exact bounds of a post in the article's text, by the post's own text; None where too little of it agrees.

    `before`, `quotation`, `after`: the article's readable text around and in the quotation as it was first cut;
    `post_text`: what the platform answered, entities as they came, maybe cut short with an ellipsis.
    """
    article = before + quotation + after
    said = unescaped(post_text)
    post = [*_pieces(said[:POST_CHARACTERS], 0)]
    reach = min(REACH, 2 * len(said) + 200)
    quoted = (len(before), len(before) + len(quotation))
    low = max(0, quoted[0] - reach)
    there = [*_pieces(article[low : quoted[1] + reach], low)]
    pairs = _pairs(post, there, quoted)
    if not pairs:
        return None
    cut_short = len(said) > POST_CHARACTERS or _CUT_SHORT.search(said) is not None
    start, end = there[pairs[0].there].start, there[pairs[-1].there].end
    similarity = _similarity(said, post, pairs, article[end : end + 4], cut_short=cut_short)
    if similarity < ENOUGH or start >= max(quoted[1], quoted[0] + 1) or end <= quoted[0]:
        return None
    start = _to_the_left(article, start, said[_end_before(post, pairs[0].post) : post[pairs[0].post].start])
    end = _to_the_right(article, end, said[post[pairs[-1].post].end : _start_after(post, pairs[-1].post, len(said))])
    if cut_short and end < quoted[1]:
        end = quoted[1]
    behind = _ELLIPSIS.match(article, end) if pairs[-1].post + 1 < len(post) else None
    end = behind.end() if behind else end
    own = _OWN_LINKS.match(article, end)
    end = own.end() if own else end
    confidence = next(percent for least, percent in CONFIDENCE if similarity >= least)
    return Cut(start, end, article[start:end], round(similarity, 3), confidence)


def _pieces(text: str, offset: int) -> Iterator[_Piece]:
    at = 0
    for link in _LINK.finditer(text):
        yield from _words(text, at, link.start(), offset)
        yield _Piece(_LINK_KEY, link.start() + offset, link.end() + offset)
        at = link.end()
    yield from _words(text, at, len(text), offset)


def _words(text: str, low: int, high: int, offset: int) -> Iterator[_Piece]:
    for word in _WORD.finditer(text, low, high):
        key = unicodedata.normalize("NFKC", word.group()).casefold()
        yield _Piece(key, word.start() + offset, word.end() + offset)


def _pairs(post: Sequence[_Piece], there: Sequence[_Piece], quoted: tuple[int, int]) -> list[_Pair]:
    """Which pieces are the same, in order; [] where there is none."""
    inside = [number for number, piece in enumerate(there) if quoted[0] <= piece.start < quoted[1]]
    core = _longest(post, there, 0, len(there))
    if inside:
        own = _longest(post, there, inside[0], inside[-1] + 1)
        # The same words may stand in the prose beside the post, and there in full.
        core = own if 2 * len(own) >= len(core) else core
    if not core:
        return []
    left = _side([piece.key for piece in post[: core[0].post]][::-1], [p.key for p in there[: core[0].there]][::-1])
    right = _side([p.key for p in post[core[-1].post + 1 :]], [p.key for p in there[core[-1].there + 1 :]])
    before = [_Pair(core[0].post - 1 - one, core[0].there - 1 - other) for one, other in reversed(left)]
    return before + core + [_Pair(core[-1].post + 1 + one, core[-1].there + 1 + other) for one, other in right]


def _longest(post: Sequence[_Piece], there: Sequence[_Piece], low: int, high: int) -> list[_Pair]:
    """The longest run that both have; of several the one nearest to the end, where the attribution stands."""
    one, other = [p.key for p in reversed(post)], [p.key for p in reversed(there[low:high])]
    found = _matcher(one, other).find_longest_match()
    if found.size == 0 or all(key == _LINK_KEY for key in one[found.a : found.a + found.size]):
        return []
    first, second = len(one) - found.a - found.size, high - found.b - found.size
    return [_Pair(first + number, second + number) for number in range(found.size)]


def _side(post: list[str], there: list[str]) -> list[tuple[int, int]]:
    """The same pieces to one side of the core, from there outwards. Articles lose a post's words, but add none."""
    there = there[: len(post) + 8]
    pairs: list[tuple[int, int]] = []
    at = (0, 0)
    for block in _matcher(post, there).get_matching_blocks():
        lost = block.a - at[0]
        added = sum(key != _LINK_KEY for key in there[at[1] : block.b])
        if not block.size or added > lost + 1 or (added > lost and block.size < 3):
            break
        pairs.extend((block.a + number, block.b + number) for number in range(block.size))
        at = (block.a + block.size, block.b + block.size)
    return pairs


def _matcher(one: list[str], other: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, one, other, autojunk=len(one) * len(other) > _HEAVY)


def _similarity(said: str, post: Sequence[_Piece], pairs: list[_Pair], behind: str, *, cut_short: bool) -> float:
    """Share of the post's words that were found, of those that the article should have."""
    reply = _REPLY.match(said)
    optional = reply.end() if reply else 0
    first, last = 0, len(post)
    while first < pairs[0].post and post[first].end <= optional:
        first += 1
    if cut_short or behind.lstrip().startswith(("…", "...")):
        last = pairs[-1].post + 1 + (0 if len(pairs) > 2 else 1)
    expected = sum(piece.key != _LINK_KEY for piece in post[first:last])
    found = sum(post[pair.post].key != _LINK_KEY for pair in pairs)
    return found / expected if expected else 0.0


def _end_before(post: Sequence[_Piece], number: int) -> int:
    return post[number - 1].end if number else 0


def _start_after(post: Sequence[_Piece], number: int, length: int) -> int:
    return post[number + 1].start if number + 1 < len(post) else length


def _to_the_left(article: str, start: int, signs: str) -> int:
    """`start` before the signs that the post has there, as far as the article kept them, in their order."""
    kept = _shared(article[max(0, start - len(signs) - 20) : start][::-1], signs[::-1])
    return start - kept


def _to_the_right(article: str, end: int, signs: str) -> int:
    return end + _shared(article[end : end + len(signs) + 20], signs)


def _shared(text: str, signs: str) -> int:
    """Characters at the head of `text` that are `signs`; blanks may be more or fewer, and signs may be lost."""
    left = "".join(signs.translate(_SAME).split())
    kept = 0
    for at, character in enumerate(text):
        if character.isspace():
            continue
        for sign in character.translate(_SAME):
            found = left.find(sign)
            if found < 0:
                return kept
            left = left[found + 1 :]
        kept = at + 1
    return kept
