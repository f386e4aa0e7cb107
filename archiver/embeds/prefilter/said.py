"""Words in quotation marks that objects of JSON say they are ("tweet", "youtube", "instagram"), in bytes of a page;
also in attributes, where the quotation marks are escaped."""

from __future__ import annotations

import re

_SAID = re.compile(
    rb"\"(?:tweet[\"\\]|youtube(?:(?i:video|embed)[\"\\]|[\"\\_-]))|'youtube['_-]|=youtube[&\s>_-]|;(?:tweet|youtube)\\{0,7}&"
)
_NAMED = re.compile(rb"[\s\"'][a-z][\w:-]{0,30}$")
"""Before the "=" of an attribute whose words stand in no quotation marks, as minified pages have them."""
_FILM = re.compile(
    rb"-(?:youtube|yt)(?:[-_]?(?:video|embed|code|key))?(?:[-_]?id)?\s?=|-yt-lite|-youtube-?player|(?<=[^a-z]w)-youtube(?!-(?:icon|link|btn|button|logo))"
)
_TWEET = re.compile(
    rb"-twitter(?:(?<=kg-twitter)-card|(?:(?<=[^a-z]w-twitter)|(?<=embed-twitter)|(?<=embed--twitter))(?![\w-]))"
)
_NEAR = 300
_POST = re.compile(
    rb"instagram\.com\\{0,7}/(?:p|reels?|tv)\\{0,7}/|tiktok\.com\\{0,7}/(?:@|embed)|reddit\.com\\{0,7}/r\\{0,7}/"
    rb"|threads\.(?:net|com)\\{0,7}/@|bsky\.app\\{0,7}/profile|(?:/t\.me|telegram\.(?:me|dog))\\{0,7}/(?:s\\{0,7}/)?\w{2,40}\\{0,7}/\d|fb\.watch\\{0,7}/"
    rb"|facebook\.com\\{0,7}/[^\"<>\s]{1,100}/(?:posts|videos|reel)\\{0,7}/"
)
_FILM_AT = re.compile(
    rb"youtube(?:-nocookie)?\.com\\{0,7}/(?:watch|embed|shorts|live)(?![\w-])|tu\.be\\{0,7}/[\w-]{11}(?![\w-])"
)
_SAYS_FILM = re.compile(
    rb"embed_?url\\{0,7}\"\s?:|(?:type|kind|name|component)\\{0,7}\"\s?:\s?\\{0,7}\"[\w/.-]{0,30}(?:video(?!object)|embed|iframe)"
)
_FILM_WORDS = (b"video", b"embed", b"iframe")
_PLATFORM = re.compile(
    rb":\s?\\{0,7}\"[\w/.-]{0,30}(?:instagram|tiktok|facebook|reddit|bluesky|threads|telegram)[\w/.-]{0,30}\\{0,7}\""
)
"""As the one before, in lower case."""
_SAID_BEFORE = re.compile(rb"(?::|\[0,)\s?\\{0,7}&(?:amp;){0,3}(?:quot|apos|#0?3[49]|#x2[27])$")
"""What a key of JSON leads to, in an attribute; in Astro's a kind stands before it."""


def is_said(lower: bytes, at: int) -> bool:
    """Whether an object of JSON, or an attribute, says there that it is a post or a film."""
    return _SAID.match(lower, at) is not None and is_value(lower, at)


def of_post(lower: bytes, at: int) -> bool:
    """Whether an address there is that of a post of another platform than X, and a key beside it says of which, or of
    a film, that it is shown: `{"type": "instagram", "url": "https://www.instagram.com/p/CODE/"}`, `{"type": "video",
    "url": "https://youtu.be/ID"}`. Pages carry those of accounts everywhere."""
    is_post = _POST.match(lower, at) is not None
    if not is_post and _FILM_AT.match(lower, at) is None:
        return False
    near = lower[max(at - _NEAR, 0) : at + _NEAR].lower()
    if is_post:
        return _PLATFORM.search(near) is not None
    return b'"' in near and any(word in near for word in _FILM_WORDS) and _SAYS_FILM.search(near) is not None


def is_value(lower: bytes, at: int) -> bool:
    """Whether a word in quotation marks is what a key of JSON says, or an attribute: of X these share."""
    if lower.startswith(b"=", at):
        # In a query it is what a go-between is to show.
        return lower.startswith(b"&", at + 8) or _NAMED.search(lower, max(at - 40, 0), at) is not None
    if lower.startswith(b";", at):
        return _SAID_BEFORE.search(lower, max(at - 40, 0), at) is not None
    ahead = before(lower, at)
    if lower.startswith(b"'", at):
        return ahead.endswith(b"=")
    return ahead.endswith((b":", b"[0,")) or (ahead.endswith(b"=") and not lower.startswith(b'"tw', at))


def is_stated(lower: bytes, at: int) -> bool:
    """Whether an attribute, or an object of JSON, says what begins there, in quotation marks or in none."""
    return lower[max(at - 4, 0) : at].rstrip(b"\\\"' ").endswith((b"=", b":"))


def is_named(lower: bytes, at: int) -> bool:
    """Whether a marker tells what an element is: of some names most are icons', share buttons' and others'."""
    if lower.startswith(b"-y", at):
        return _FILM.match(lower, at) is not None
    if lower.startswith(b"-twitter", at):
        return _TWEET.match(lower, at) is not None
    return not lower.startswith((b'"', b"lyte_"), at) or is_stated(lower, at)


def before(lower: bytes, at: int) -> bytes:
    """What stands right before a word."""
    return lower[max(at - 5, 0) : at].rstrip(b"\\ ")
