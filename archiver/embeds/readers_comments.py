"""Where others than the article's author write: its readers' comments, and the page's own account in a list of latest
posts. Links there are not embeds of the article, and words there do not stand beside one.

Themes name these places in hundreds of ways, made of few words ("c-comments__list", "wp-comment-body",
"widget_recent_tweets"), so words are compared, not names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.embeds.places import Place

_STEMS = BytesAhoCorasick(
    [
        *(b"comment", b"komment", b"comentario", b"disqus", b"dsq-", b"fyre", b"wpdcom", b"wpdiscuz", b'"respond"'),
        *(b"'respond'", b"=respond"),
        *(b"tweets", b"twitter-feed", b"twitter_update", b"latest-tweet", b"twitter-timeline", b"ctf-"),
    ],
    MatchKind.LeftmostFirst,
)
_SIDE_STEMS = BytesAhoCorasick([b"sidebar", b"footer"], MatchKind.LeftmostFirst)
_BOX_STEMS = BytesAhoCorasick([b"<aside", b"sidebar", b"side-bar", b"widget"], MatchKind.LeftmostFirst)
_TAG = re.compile(rb"<(?P<name>div|section|ol|ul|aside|article)(?=[\s>])[^<>]{0,500}>")
_NAMED = re.compile(rb"""(?<![\w-])(?:id|class)\s?=\s?(?:"([^"<>]{1,400})"|'([^'<>]{1,400})'|([^\s"'<>]{1,100}))""")
_WORD = re.compile(r"[a-z]+")
_COMMENTS = frozenset(("comment", "comments", "kommentar", "kommentare", "commentaires", "comentarios", "commenti"))
_RUN_ON = frozenset(("commentlist", "commentslist", "commentbody", "commentcontent", "commentsection"))
_SERVICES = frozenset(("disqus", "dsq", "fyre", "livefyre", "wpdcom", "wpdiscuz"))
_BESIDE = frozenset(
    (
        *("list", "area", "section", "container", "wrapper", "wrap", "thread", "threads", "body", "content", "text"),
        *("post", "posts", "user", "users", "reader", "readers", "article", "entry", "page", "block", "blocks", "box"),
        *("main", "inner", "outer", "nested", "item", "items", "tree", "c", "wc", "wp", "m", "o", "js", "view", "all"),
        *("leser", "artikel", "liste", "bereich", "form", "feed", "module", "component", "div", "group", "story"),
    )
)
"""What may stand beside the word: "no-comments", "comments-link" and "has-comments" are no places of comments."""
_TWEETS = frozenset(("tweets", "twitter", "tweet", "ctf"))
_MANY = frozenset(("recent", "latest", "feed", "timeline", "stream", "update", "ctf"))
_OPINION = frozenset(("article", "artikel", "story", "page", "post"))
"""Beside the word in the singular, these say that the article is one."""
_SIDES = frozenset(("sidebar", "footer"))
_BOXES = frozenset(("sidebar", "widget"))
_SITE_NAME = BytesAhoCorasick([b"twitter:site"], MatchKind.LeftmostFirst)
"""Sought so, a single word takes an eighth of the time."""
_SITE = re.compile(
    rb"twitter:site[\"']?\s[^<>]{0,100}?content\s?=\s?[\"']?@?(\w{1,20})"
    rb"|content\s?=\s?[\"']?@?(\w{1,20})[\"']?\s[^<>]{0,100}?twitter:site[\"'\s>]"
)
_COPY = re.compile(
    rb"<a(?=\s)[^<>]{0,500}(?:u-syndication|rel=\"?syndication)(?![\w-])[^<>]{0,500}>.{0,600}?</a", re.DOTALL
)
_BEFORE_ACCOUNT = (b"@", b"twitter.com/", b"x.com/")
_WORD_SIGN = re.compile(rb"\w")
_HEADING = re.compile(rb"<h1[\s>]")
_ARTICLE = re.compile(rb"articlebody(?:(?<=itemprop=articlebody)|(?<=itemprop=[\"']articlebody))")
_LONGEST = 300_000
_LONGEST_TAG = 500
_HEAD = 100_000
MAX_MENTIONS = 20_000
MAX_REFUSED = 20


def sections(lower: bytes, until: int) -> list[tuple[int, int]]:
    """The places of others' words in a page in lower case that begin before `until`, in order, none within another."""
    return _named(lower, _STEMS, _is_others, until)


def own_boxes(lower: bytes) -> list[tuple[int, int]]:
    """The boxes beside the article in which the page shows the latest posts of its own account, as running text."""
    account = _own_account(lower)
    if account is None:
        return []
    boxes = _named(lower, _BOX_STEMS, _is_box, len(lower))
    return [(start, end) for start, end in boxes if _names_account(lower[lower.find(b">", start) : end], account)]


def own_copies(lower: bytes, spoken: list[int]) -> list[tuple[int, int]]:
    """The links to the article's own copies elsewhere, as the IndieWeb marks them ("Also on …"), of which the words
    are the address: those of the places where text may speak of a post."""
    tags = (lower.rfind(b"<", max(at - _LONGEST_TAG, 0), at) for at in spoken)
    return [copy.span() for copy in (_COPY.match(lower, tag) for tag in tags if tag >= 0) if copy is not None]


def _names_account(box: bytes, account: str) -> bool:
    """Whether a box shows an account's handle, or leads to the account."""
    lower, handle = box.lower(), account.encode()
    at = lower.find(handle)
    while at >= 0:
        behind = at + len(handle)
        if lower.endswith(_BEFORE_ACCOUNT, 0, at) and not _WORD_SIGN.match(lower, behind):
            return True
        at = lower.find(handle, at + 1)
    return False


def without_own_account(lower: bytes, places: list[Place]) -> list[Place]:
    """The places without those beside the article (sidebar, footer) that show the page's own account at X,
    which its head names."""
    account = _own_account(lower) if any(map(_author, places)) else None
    if account is None or not any(_author(place) == account for place in places):
        return places
    sides = _named(lower, _SIDE_STEMS, _is_side, len(lower))
    return [place for place in places if _author(place) != account or not _lies_in(sides, place)]


def _own_account(lower: bytes) -> str | None:
    named = _SITE_NAME.find_matches_as_indexes(memoryview(lower)[:_HEAD])
    site = _SITE.search(lower, max(named[0][1] - 150, 0), named[0][1] + 200) if named else None
    # Letters are in lower case only where that matters for tags.
    return (site[1] or site[2]).decode().lower() if site else None


def _author(place: Place) -> str:
    return (place.seen[0].embed.author_handle or "").lower()


def _lies_in(zones: list[tuple[int, int]], place: Place) -> bool:
    at = place.window.start if place.window else place.start
    return any(start <= at < end for start, end in zones)


def _named(
    lower: bytes, stems: BytesAhoCorasick, is_one: Callable[[bytes, bytes], bool], until: int
) -> list[tuple[int, int]]:
    """The elements whose tags hold a stem and are of the kind, in order, none within another."""
    found: list[tuple[int, int]] = []
    behind, refused = 0, 0
    for _, at, beyond in stems.find_matches_as_indexes(memoryview(lower)[:until])[:MAX_MENTIONS]:
        start = lower.rfind(b"<", max(at - _LONGEST_TAG, behind), at + 1)
        tag = _TAG.match(lower, start) if start >= 0 else None
        if tag is None:
            continue
        behind = min(tag.end(), beyond)
        if tag.end() < beyond or not is_one(tag[0], tag["name"]):
            continue
        end = end_of(lower, tag["name"], tag.end())
        # What holds the article itself is named for having comments.
        if not (_HEADING.search(lower, tag.end(), end) or _ARTICLE.search(lower, tag.end(), end)):
            found.append((start, end))
            behind = end
        elif (refused := refused + 1) > MAX_REFUSED:
            break
    return without_inner(found)


@lru_cache(maxsize=256)
def _is_others(tag: bytes, name: bytes) -> bool:
    """Whether an id or a class of the tag names a place of others' words."""
    # An article that is called nothing but a comment is an opinion.
    return any(_names_others(words) and not (name == b"article" and len(words) < 2) for words in _names(tag))


@lru_cache(maxsize=256)
def _is_box(tag: bytes, name: bytes) -> bool:
    return name == b"aside" or any(words & _BOXES or {"side", "bar"} <= words for words in _names(tag))


@lru_cache(maxsize=256)
def _is_side(tag: bytes, name: bytes) -> bool:
    return any(words & _SIDES for words in _names(tag))


def _names(tag: bytes) -> list[frozenset[str]]:
    """The ids and classes of a tag, each as the words that it is made of."""
    stated = b" ".join(b" ".join(found) for found in _NAMED.findall(tag)).decode("utf-8", "replace")
    return [frozenset(_WORD.findall(each)) for each in stated.split()]


def _names_others(words: frozenset[str]) -> bool:
    if words & _COMMENTS:
        is_opinion = words & _OPINION and not words & _BESIDE - _OPINION and words & {"comment", "kommentar"}
        return words <= _COMMENTS | _BESIDE and not is_opinion
    if words & _TWEETS and words & _MANY:
        return True
    return bool(words & (_SERVICES | _RUN_ON)) or words == {"respond"}


def without_inner(zones: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The zones that lie within no other; they are sorted by where they begin."""
    kept: list[tuple[int, int]] = []
    for start, end in zones:
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def end_of(lower: bytes, name: bytes, at: int) -> int:
    """Behind the element that is open at `at`; a limit's worth behind that where its end is not found."""
    depth = 1
    for tag in re.compile(rb"<(/?)" + name + rb"(?![\w-])").finditer(lower, at, at + _LONGEST):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return min(at + _LONGEST, len(lower))
