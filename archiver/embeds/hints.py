"""Bytes first: which pages can hold an embed at all, and where in the others to look.

A multi-pattern search passes over the bytes at the speed of memory (performance.md); most pages hold nothing of what it
seeks but addresses in plain links, and are neither decoded nor parsed. The literals are those that no embed can do
without: a platform's marker or address, or, in running text, what attributions, picture links and shortcodes are made
of. They are sought as they are usually written; a page that writes them in capitals is searched again in lower case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Literal, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from archiver.embeds import measured
from archiver.embeds.sought import Sought, dealt_out
from archiver.model.article import Article
from archiver.permalinks import post_hint

Kind = Literal["marker", "status", "address", "word"]

_LITERALS: dict[Kind, tuple[str, ...]] = {
    # In a tag or a script they tell of an embed.
    "marker": (
        *("twitter-tweet", "twitter-video", "twitter-widget", "data-tweet", "tweetid", "tweetId", "tweet_id"),
        *(
            "tweet-id",
            "weet.html",
            "createTweet",
            "createVideo",
            "oembed_response",
            "social_embed",
            "twitter.com/embed",
        ),
        *("instagram-media", "data-shortcode", "videoid=", "videoID=", "tiktok-embed", "text-post-media"),
        *("reddit-embed", "reddit-card", "bluesky-embed", "at://", "telegram-post", "mastodon-embed"),
        *("data-embed-", "data-social-e", "platform.x.com/e", "embedly-card", "iframely"),
        # The beginnings of a blockquote and of a frame in Base64, in which consent managers keep them.
        *("PGJsb2Nrc", "PGlmcmFtZ"),
    ),
    # Addresses of posts of X: in tags, in scripts, in quotations, alone on a line.
    "status": ("/status/", "/statuses/", "status\\/", "statuses\\/", "2Fstatus", "2fstatus", "/i/videos"),
    # Sites of other platforms: in tags other than links, and alone on a line.
    "address": (
        *("instagram.com", "instagr.am", "facebook.com", "fb.watch", "youtube.", "youtube-nocookie", "youtu.be"),
        *("tiktok.com", "threads.", "//t.me", "telegram.me", "reddit.com", "redditmedia", "redd.it"),
        *("bsky.app", "truthsocial", '/embed"', "/embed'"),
    ),
    # What flattened posts and shortcodes are made of: in running text.
    "word": ("pic.twitter.com", "pic.x.com", "wp:embed", "wp:core-embed", "[embed", "[tweet"),
}
"""At most 64 in all, none shorter than four bytes: the search is many times slower beyond either."""


_KIND_OF: dict[bytes, Kind] = {each.encode(): kind for kind, literals in _LITERALS.items() for each in literals}
_KINDS = [*_KIND_OF.values()]
_BEGINNINGS = [b"(@", b"(\xe2\x80", b"(\xe2\x81", b"(&#", b"(&lrm;", b"(&rlm;", b"\xef\xbc\x88@"]
_BEGINNINGS += [b"{{<", b"{{%", b"{%", b"[tw", b"[ti", b"[x ", b"[yo", b"[ins", b"[fa", b"[fus"]
_BEGINNINGS += [b"{youtube}", b"[MEDIA", b"[media"]
_FILM_MARKERS = [b'"youtube"', b"-youtube-id=", b"o/youtube", b"YT.Player", b"yt.player"]
_FILM_MARKERS += [b'"youtube-', b'"youtube_', b'-youtube="', b"=youtube&", b"yt-lite"]
"""As "marker" above, sought with the beginnings, where there is room; none of these begins with the signs of one. With
its "=", which is frequent, the first would take three times as long."""
_MAKERS_MARKERS = [
    *(b"s9e.github", b"media-site-id", b"onebox-src", b"kg-twitter-card", b"et-link-top", b"jwplayer(", b'"tweet"'),
    *(b"er2ToDOM", b"er2todom", b"ube2ToDOM", b"ube2todom", b"TikTokCreate", b"tiktokcreate", b"ram_id"),
    *(b"borlabs-cookie-content=", b'/template">P', b'/template">p', b"-youtube-player", b"ps-youtubeplayer"),
    *(b"TubeVideoP", b"tubevideop", b"SWF(", b"swf(", b"Fvi%2F", b"fvi%2f", b"lj-toys.", b"bbpBox", b"bbpbox"),
    *(b"r-detail-tweet", b"ropov_tweet", b"r Ads info", b"r ads info", b"w-youtube", b"w-twitter", b'"loadTwitter'),
    *(b'"loadtwitter', b"/inset/iframe"),
]
"""As "marker" above, of makers of markup; some without first letters that would stop the search often ("Twitter2…")."""
_WIDGET = (b"r Ads info", b"r ads info")
"""Of these, what speaks: the last line of X's widget as text, "Twitter Ads info and privacy"."""
_RARE_MARKERS = [b"<embetty-", b"<amp-tiktok", b"-plyr-embed", b'"lyte_', b"-tweet-theme"]
"""As "marker" above, where there is no room for them. They begin with signs that are rare together: "data-plyr-…" and
"react-tweet-…" would stop the search at every other attribute."""
_CREDIT = re.compile(rb">tweet(?:ed)?</a>")
"""Of links that are no posts' addresses, those that credit a quotation."""
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
_TAG_NAMES = ["script", "style", "title", "noframes", "xmp", "iframe", "object", "embed"]

TAGS = (
    *("<!--", "<amp-", "<xmp", "<blockquote", "<title", "<style", "<embed", "<object", "</blockquote", "<iframe"),
    *("<script", "<noframes"),
    *("</style", "</title", "</xmp", "</noframes", "</script"),
)
"""The tags that divide a page, in an order in which they are sought fast; `tags_in` gives indexes into it."""

_literals = Sought([*_KIND_OF], measured.LITERALS)
_lower_literals = Sought([each.lower() for each in _KIND_OF], measured.LITERALS)
_SOUGHT_IN_WORDS = dealt_out([*_BEGINNINGS, *_FILM_MARKERS], measured.WORDS)
_IS_MARKER = [each in _FILM_MARKERS for each in _SOUGHT_IN_WORDS]
_words = BytesAhoCorasick(_SOUGHT_IN_WORDS, MatchKind.LeftmostFirst)
_makers = Sought(_MAKERS_MARKERS, measured.MAKERS)
_IN_NO_TEXT = [bytes([sign]) * 4 for sign in (0xFD, 0xFE, 0xFF)]
"""Sought beside the tags: where all begin alike, the search stops at each "<" instead of looking at four bytes."""
_tags = BytesAhoCorasick([*(each.encode() for each in TAGS), *_IN_NO_TEXT], MatchKind.LeftmostFirst)
_RARE = [*_RARE_MARKERS, b">tweet"]
_CAPITALS = (
    *("TWITTER-", "Twitter-", "/STATUS", "/Status", "DATA-", "Data-Tweet", "-MEDIA", "-EMBED", "-Embed"),
    *("YOUTUBE", "YouTube.com/", "Youtube.com/", "YouTube-", "Youtu.be", "FACEBOOK", "Facebook.com/", "INSTAGRAM"),
    *("Instagram.com/", "Instagram-", "TIKTOK", "TikTok.com", "Tiktok.com", "REDDIT.", "Reddit.com", "BSKY."),
    *("Bsky.app", "MASTODON", "/EMBED", "PIC.TWITTER", "Pic.Twitter", "//T.ME", "[TWEET", "[EMBED", "[Tweet"),
    *(f"<{name.upper()}" for name in _TAG_NAMES),
    *(f"<{name.title()}" for name in _TAG_NAMES),
    *("<AMP-", "<Amp-", "BLOCKQUOTE", "Blockquote", "BlockQuote", "<IFrame", "</SCRIPT", "</Script"),
)
"""Where one of these stands, the page is searched in lower case."""
_rare_or_capitals = BytesAhoCorasick(
    dealt_out([*_RARE, *(each.encode() for each in _CAPITALS)]), MatchKind.LeftmostFirst
)
"""Sought together: each search is a pass over all bytes. At most 64, as above."""
_ANCHOR = b"<a "
"""Most tags with an address in them begin so: to see that takes a fifth of the time of a pattern."""
_LINK = re.compile(rb"<(?:a|link|meta|img|source|area|base|form|use|video|audio)(?![\w-])", re.IGNORECASE)
_POST = re.compile(
    rb"instagram\.com/(?:p|reel|tv)/|bsky\.app/profile/[^/\"'<>]{3,100}/post/|threads\.(?:net|com)/@[\w.]{1,40}/post/"
    rb"|reddit\.com/r/\w{1,40}/comments/|facebook\.com/[^\"'<>]{1,100}/(?:posts|videos)/"
)
"""Of the addresses in links, those that a quotation may stand around."""
_BARE = re.compile(rb"(?:^|[\s>])((?:https?:)?//[\w.-]{0,60}|https?:)$")
_OPENED = re.compile(
    rb"\[(?:(?:(?:vc_|av_|et_pb_)?video[ :]|(?:su_youtube|iframe|arve) )[^\[\]<>]{0,50}|(?:media|fve)\][a-z:/.]{0,15})$"
    rb"|\"video_url\":\"[^\",]*$"
)
_REST = re.compile(rb"[^\s<>\"']{0,500}")
_TAG = re.compile(rb"<!?[a-z][a-z0-9:-]{0,40}(?=[\s/>])", re.IGNORECASE)
LONGEST_TAG = 8000
"""Bytes of an opening tag before what is sought in it."""
_LONGEST_ESCAPED = 300
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

    def any_within(self, start: int, end: int) -> bool:
        """Whether a marker or an address begins in source[start:end]."""
        return self.any_marked(start, end) or _between(self.linked, start, end)

    def any_marked(self, start: int, end: int) -> bool:
        """Whether one of `marked` begins there."""
        return _between(self.marked, start, end)


def _between(places: list[int], start: int, end: int) -> bool:
    index = bisect_left(places, start)
    return index < len(places) and places[index] < end


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
    lower, literals = source, _literals
    rare = _rare_or_capitals.find_matches_as_indexes(source)
    if any(index >= len(_RARE) for index, _, _ in rare):
        lower, literals = source.lower(), _lower_literals
        rare = _rare_or_capitals.find_matches_as_indexes(lower)
    hints = Hints(lower, [], [], [], [])
    for number, start in literals.places(lower):
        _sort(hints, _KINDS[number], start)
    words = _words.find_matches_as_indexes(lower)
    makers = [start for _, start in _makers.places(lower)]
    if words or makers:
        begun = [start for _, start, _ in words if _SHORTCODE.match(lower, start)]
        begun += [start for start in makers if lower.startswith(_WIDGET, start)]
        hints.spoken.extend(start for start in begun if _tag_around(lower, start) is None)
    told = [start for index, start, _ in words if _IS_MARKER[index]]
    told += [start for start in makers if not lower.startswith(_WIDGET, start)]
    hints.marked.extend(at for at in told if not lower.startswith(b'"', at) or _is_value(lower, at))
    _add_rare(hints, rare)
    for places in (hints.marked, hints.linked, hints.spoken):
        places.sort()
    if not hints.marked and not hints.spoken and not (hints.linked and b"<blockquote" in lower):
        return None
    return hints


def _is_value(lower: bytes, at: int) -> bool:
    """Whether a word in quotation marks is what a key of JSON says, or an attribute: of X these share."""
    before = lower[max(at - 2, 0) : at]
    return before.endswith((b":", b": ")) or (before.endswith(b"=") and not lower.startswith(b'"tw', at))


def _add_rare(hints: Hints, rare: list[tuple[int, int, int]]) -> None:
    for index, start, _ in rare:
        if index < len(_RARE_MARKERS):
            hints.marked.append(start)
        elif _CREDIT.match(hints.lower, start):
            hints.linked.append(start)


def _sort(hints: Hints, kind: Kind, start: int) -> None:
    """Put one find where it belongs."""
    if kind == "marker":
        hints.marked.append(start)
        return
    tag = _tag_around(hints.lower, start)
    if tag is None:
        if kind == "status":
            # In a script it stands in quotes: that may be an embed of the page's state.
            hints.linked.append(start)
        shortcode = _shortcode_around(hints.lower, start) if kind == "address" else None
        if kind != "address" or shortcode is not None or _is_bare(hints.lower, start):
            hints.spoken.append(start if shortcode is None else shortcode)
        elif hints.lower.rfind(b"iframe", max(start - _LONGEST_ESCAPED, 0), start) >= 0:
            # A frame whose markup is escaped in a script.
            hints.marked.append(start)
    elif kind != "word" and not (hints.lower.startswith(_ANCHOR, tag) or _LINK.match(hints.lower, tag)):
        hints.marked.append(start)
        if kind == "status":
            hints.stated.append(start)
    elif kind == "status" or (kind == "address" and _POST.match(hints.lower, start)):
        hints.linked.append(start)
        before = hints.lower[max(tag - 9, 0) : tag].rstrip()
        if before.endswith(b")"):
            # The day of a flattened post, linked, behind a handle that may be a link itself.
            hints.spoken.append(max(tag - 9, 0) + len(before) - 1)


def _tag_around(lower: bytes, at: int) -> int | None:
    """Where the tag begins within which a place lies; None where it lies in text."""
    tag = lower.rfind(b"<", max(at - LONGEST_TAG, 0), at)
    if tag < 0 or lower.rfind(b">", tag, at) >= 0:
        return None
    return tag if lower.startswith(_ANCHOR, tag) or _TAG.match(lower, tag) else None


def _is_bare(lower: bytes, at: int) -> bool:
    """Whether a post's address stands there, written out in text."""
    before = lower[max(at - 80, 0) : at]
    begun = _BARE.search(before) if b"//" in before or before.endswith(b":") else None
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
