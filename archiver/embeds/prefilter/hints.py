"""Bytes first: which pages can hold an embed at all, and where in the others to look.

A multi-pattern search passes over the bytes at the speed of memory (performance.md); most pages hold nothing of what it
seeks (`literals`) but addresses in plain links, and are neither decoded nor parsed. Literals are sought as they are
usually written; a page that writes them in capitals is searched again in lower case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.embeds.prefilter import in_base64, literals, said
from archiver.embeds.prefilter.literals import Kind
from archiver.embeds.prefilter.seek import open_tag
from archiver.model.article import Article
from archiver.permalinks import post_hint

_CREDIT = re.compile(rb">tweet(?:ed)?</a>")
"""Of links that are no posts' addresses, those that credit a quotation."""
_ESCAPED_STATUS = re.compile(rb"status(?:es)?\\{1,7}/")
_NUXT = (b"__NUXT_", b"__nuxt_")
_UNSEEN = rb"(?:\xe2[\x80\x81][\x80-\xaf]|&(?:lrm|rlm|#(?:82|x20)[0-9a-f]{2});){0,3}"
"""Marks of the direction of writing, which stand round handles among letters that run from right to left."""
_SHORTCODE = re.compile(
    rb"(?:\(|\xef\xbc\x88)"
    + _UNSEEN
    + rb"(?:@|&#(?:64|x40);)"
    + _UNSEEN
    + rb"\w|\{\{[<%]|\{%|\[(?:tweet|twitter(?:-status)?|(?:fusion_)?youtube|instagram|facebook|tiktok)[ =\]]"
    rb"|\[x[ =][\"']?(?:http|\d|id|url|user)|\{youtube\}|\[(?:MEDIA|media)[=\]]"
)
TAGS = (
    *("<!--", "<amp-", "<xmp", "<blockquote", "<title", "<style", "<embed", "<object", "</blockquote", "<iframe"),
    *("<script", "<noframes"),
    *("</style", "</title", "</xmp", "</noframes", "</script"),
)
"""The tags that divide a page, in an order in which they are sought fast; `tags_in` gives indexes into it."""

_IN_NO_TEXT = [bytes([sign]) * 4 for sign in (0xFD, 0xFE, 0xFF)]
"""Sought beside the tags: where all begin alike, the search stops at each "<" instead of looking at four bytes."""
_tags = BytesAhoCorasick([*(each.encode() for each in TAGS), *_IN_NO_TEXT], MatchKind.LeftmostFirst)
_ANCHOR = b"<a "
"""Most tags with an address in them begin so: to see that takes a fifth of the time of a pattern."""
_LINK = re.compile(
    rb"<(?:a|link(?=[^<>]{0,300}/status)|link(?![^<>]{0,300}canonical)|meta|img|source|area|base|form|use|video|audio)"
    rb"(?![\w-])",
    re.IGNORECASE,
)
"""An address that is canonical is what a frame shows whose document an archiver kept in `srcdoc`."""
_POST = re.compile(
    rb"instagram\.com/(?:p|reel|tv)/|bsky\.app/profile/[^/\"'<>]{3,100}/post/|threads\.(?:net|com)/@[\w.]{1,40}/post/"
    rb"|reddit\.com/r/\w{1,40}/comments/|facebook\.com/[^\"'<>]{1,100}/(?:posts|videos)/"
    rb"|/t\.me/\w{3,40}/\d|youtube(?:\.com|-nocookie\.com)/embed/|tiktok\.com/@[\w.]{2,24}\?refer=embed"
)
"""Of the addresses in links, those that a quotation may stand around."""
_NO_POST = re.compile(
    rb"facebook\.com(?:\\?/|%2[fF])(?:2008(?:\\?/|%2[fF])fbml|plugins(?:\\?/|%2[fF])(?!post|video)[a-z_]{1,30}\.php)"
    rb"|instagram\.com/(?:[a-z]{2}_[a-zA-Z]{2}/)?embeds?\.js|youtube\.com/(?:iframe|player)_api"
    rb"|telegram\.(?!(?:me|dog)(?![\w-]))"
)
"""In a page's first tag the name of Facebook's markup, in frames its buttons and pages, and programs of platforms: one
page in four has one of them, and they show no post."""
_BUTTON = re.compile(
    rb"[\"'\s]fb-(?:like|page)(?:-box)?[\"'\s]"
    rb"|facebook\.com/plugins/(?!post|video)[a-z_]{1,30}\.php\?[^\s\"'<>]{0,500}$"
)
"""What stands in a tag before the address of a page, or of what a button is about."""
_KEEPS = b" srcdoc="
"""Of a frame that may hold the document that it showed, with links to the post."""
_KEPT = re.compile(rb"_files/[\w-]{11}(?:\(\d{1,2}\))?\.html?[\"'?\s>]")
"""A film's frame as a browser keeps it beside the page that it saves."""
_BARE = re.compile(rb"(?:^|[\s>])((?:https?:)?//[\w.-]{0,60}|https?:/)$")
_OPENED = re.compile(
    rb"\[(?:(?:(?:vc_|av_|et_pb_)?video[ :]|(?:su_youtube|iframe|arve) )[^\[\]<>]{0,50}|(?:media|fve)\][a-z:/.]{0,15})$"
    rb"|\"video_url\":\"[^\",]*$"
)
_REST = re.compile(rb"[^\s<>\"']{0,500}")
_TAG = re.compile(rb"<!?[a-z][a-z0-9:-]{0,40}(?=[\s/>])", re.IGNORECASE)
LONGEST_TAG = 8000
"""Bytes of an opening tag before what is sought in it."""
_LONGEST_ESCAPED = 300
_NEAR = 1_000
_MOST_CAPITALS = 100
"""Words in capitals that are looked at one by one."""
_LONGEST_LITERAL = 40
_CAPITAL_QUOTE = re.compile(rb".{0,5}?(?:[</;]|3c)blockquote", re.IGNORECASE | re.DOTALL)
WIDE = ("utf-16", "utf-32", "iso2022", "hz")
"""Character sets in which ASCII is not written as ASCII."""
_MARK = b"\xef\xbb\xbf"


class Hints(NamedTuple):
    """Where a source hints at embeds. All lists are in order of the source."""

    lower: bytes
    """The source as tags and markers are to be sought in it: ASCII letters in lower case wherever that matters."""
    marked: list[int]
    """Markers anywhere, and addresses in the tags of elements that are no links: elements stand around them."""
    linked: list[int]
    """Addresses of posts in links, and of X in text: a quotation or a script may stand around them."""
    stated: list[int]
    """Addresses of X in the tags of elements that are no links: each should lead to an embed."""
    spoken: list[int]
    """What counts in running text: attributions, picture links, shortcodes, addresses at the start of a line."""
    open_tags: dict[int, int]
    """Of the same source, as far as it was asked: which are open where (`seek`)."""

    def any_within(self, start: int, end: int) -> bool:
        """Whether a marker or an address begins in source[start:end]."""
        return self.any_marked(start, end) or _between(self.linked, start, end)

    def any_marked(self, start: int, end: int) -> bool:
        """Whether one of `marked` begins there."""
        return _between(self.marked, start, end)


def _between(places: list[int], start: int, end: int) -> bool:
    index = bisect_left(places, start)
    return index < len(places) and places[index] < end


def no_hints(lower: bytes) -> Hints:
    """Those of a source without any."""
    return Hints(lower, [], [], [], [], {})


def in_utf8(article: Article) -> bytes:
    """The article as UTF-8, as far as it is text; left alone where its bytes are that already."""
    payload = article.payload
    if article.charset != "utf-8" and not (payload.isascii() and not article.charset.startswith(WIDE)):
        payload = article.text.encode("utf-8", "replace")
    if payload.startswith(_MARK) or b"\0" in payload:
        payload = payload.replace(b"\0", b"").removeprefix(_MARK)
    return payload


def hints_in(source: bytes) -> Hints | None:
    """The hints of a page in an ASCII-compatible character set; None if it cannot hold an embed."""
    lower, searches = source, literals.AS_WRITTEN
    others = [*searches.short.places(lower), *searches.makers.places(lower)]
    if capitals := [start for kind, start in others if kind == "capital"]:
        if len(capitals) > _MOST_CAPITALS or any(_counts_in_lower(source, start) for start in capitals):
            lower, searches = source.lower(), literals.LOWERED
            others = [*searches.short.places(lower), *searches.makers.places(lower)]
        else:
            others = [each for each in others if each[0] != "capital"]
    hints = no_hints(lower)
    for kind, start in searches.addresses.places(lower):
        # Pages that only repeat this would take seconds.
        if kind != "status" or not lower.startswith(b"/status", start + len(b"/status/")):
            _sort(hints, kind, start)
    apart: list[int] = []
    for kind, start in others:
        _sort_other(hints, kind, start, apart)
        if kind == "packed" and (inner := in_base64.json_at(source, start)) is not None and may_be_state(inner):
            hints.marked.append(start)
    if apart and (begun := [at for name in _NUXT if (at := lower.find(name)) >= 0]):
        hints.marked.extend(at for at in apart if at > min(begun) and said.before(lower, at).endswith((b",", b"(")))
    for places in (hints.marked, hints.linked, hints.spoken):
        places.sort()
    if not hints.marked and not hints.spoken and not (hints.linked and (b"<blockquote" in lower or _KEEPS in lower)):
        return None
    return hints


def _counts_in_lower(source: bytes, start: int) -> bool:
    """Whether a word in capitals is a tag, or what is sought in lower case: names of platforms stand in prose, too
    ("Twitter-Account", "FACEBOOK")."""
    if source.startswith(b"<", start) or _CAPITAL_QUOTE.match(source, max(start - 5, 0), start + 10):
        return True
    around = source[max(start - _LONGEST_LITERAL, 0) : start + _LONGEST_LITERAL].lower()
    return any(search.places(around) for search in literals.LOWERED)


def may_be_state(source: bytes) -> bool:
    """Whether what is JSON can hold an embed: the addresses in it are no links."""
    return hints_in(b"<i " + source) is not None


def _sort_other(hints: Hints, kind: Kind, start: int, apart: list[int]) -> None:
    """Put a find of makers' or short literals where it belongs; in `apart` what is one where Nuxt's state has begun,
    which says it apart from its key."""
    lower = hints.lower
    if kind == "marker":
        if said.is_named(lower, start):
            hints.marked.append(start)
    elif kind == "said":
        _sort_said(hints, start, apart)
    elif kind == "kept":
        if _KEPT.match(lower, start) and lower.startswith(b"<iframe", _tag_around(hints, start) or 0):
            hints.marked.append(start)
    elif kind == "credit":
        if _CREDIT.match(lower, start):
            hints.linked.append(start)
    elif (
        kind != "packed" and (kind == "widget" or _SHORTCODE.match(lower, start)) and _tag_around(hints, start) is None
    ):
        hints.spoken.append(start)


def _sort_said(hints: Hints, start: int, apart: list[int]) -> None:
    lower = hints.lower
    if said.is_said(lower, start):
        hints.marked.append(start)
    elif lower.startswith((b'"tweet"', b'"tweet\\'), start):
        apart.append(start)
    elif lower.startswith((b'"tweet-link-top', b'"tweet-embed'), start):
        # Markers that are not seen behind this one.
        hints.marked.append(start + len(b'"twe'))


def _sort(hints: Hints, kind: Kind, start: int) -> None:
    """Put a find of the addresses' literals where it belongs."""
    lower = hints.lower
    if kind == "marker":
        hints.marked.append(start)
        return
    if kind == "escaped":
        if _ESCAPED_STATUS.match(lower, start) is None:
            return
        kind = "status"
    tag = _tag_around(hints, start)
    if tag is None:
        _sort_in_text(hints, kind, start)
    elif kind != "word" and not (lower.startswith(_ANCHOR, tag) or _LINK.match(lower, tag)):
        if not _shows_none(lower, tag, start):
            hints.marked.append(start)
        if kind == "status":
            hints.stated.append(start)
    elif kind == "status" or (kind == "address" and _POST.match(lower, start)):
        hints.linked.append(start)
        before = lower[max(tag - 9, 0) : tag].rstrip()
        if before.endswith(b")"):
            # The day of a flattened post, linked, behind a handle that may be a link itself.
            hints.spoken.append(max(tag - 9, 0) + len(before) - 1)


def _sort_in_text(hints: Hints, kind: Kind, start: int) -> None:
    if kind != "address":
        if kind == "status":
            # In a script it stands in quotes: that may be an embed of the page's state.
            hints.linked.append(start)
        hints.spoken.append(start)
    elif (shortcode := _shortcode_around(hints.lower, start)) is not None:
        hints.spoken.append(shortcode)
    elif _is_bare(hints.lower, start):
        hints.spoken.append(start)
    elif hints.lower.rfind(b"iframe", max(start - _LONGEST_ESCAPED, 0), start) >= 0 or said.of_post(hints.lower, start):
        # A frame whose markup is escaped in a script, or an object of JSON.
        hints.marked.append(start)


def _shows_none(lower: bytes, tag: int, at: int) -> bool:
    """Whether an address in a tag shows no post, be it that of one."""
    if _NO_POST.match(lower, at):
        return True
    # Far behind the beginning of a long tag it counts as a hint, which is no more than slower.
    return lower.startswith(b"facebook.com", at) and _BUTTON.search(lower, max(tag, at - _NEAR), at) is not None


def _tag_around(hints: Hints, at: int) -> int | None:
    """Where the tag begins within which a place lies; None where it lies in text."""
    lower = hints.lower
    tag = lower.rfind(b"<", max(at - LONGEST_TAG, 0), at)
    if tag < 0 and at > LONGEST_TAG:
        tag = open_tag(lower, at, hints.open_tags)
    if tag < 0 or lower.rfind(b">", tag, at) >= 0:
        return None
    return tag if lower.startswith(_ANCHOR, tag) or _TAG.match(lower, tag) else None


def _is_bare(lower: bytes, at: int) -> bool:
    """Whether a post's address stands there, written out in text."""
    before = lower[max(at - 80, 0) : at]
    begun = _BARE.search(before) if b"//" in before or before.endswith(b":/") else None
    rest = _REST.match(lower, at) if begun else None
    return (
        begun is not None
        and rest is not None
        and post_hint((begun[1] + rest[0]).decode("utf-8", "replace")) is not None
    )


def _shortcode_around(lower: bytes, at: int) -> int | None:
    """Where the shortcode begins that has an address there; None where none does."""
    low = max(at - 80, 0)
    before = lower[low:at]
    begun = _OPENED.search(before) if b"[" in before or b'"video_url"' in before else None
    return low + begun.start() if begun else None


def tags_in(lower: bytes) -> list[tuple[int, int, int]]:
    """The tags that divide a page: (index into TAGS, start, end), in order. An index beyond stands for no tag."""
    found: list[tuple[int, int, int]] = _tags.find_matches_as_indexes(lower)
    return found
