"""Objects of JSON that say they are an embed: `{"type": "social_embed", "source": "twitter", "id": "…"}` and its kin.

Every content system names them in its own way, so words are compared, not names: "TweetBlock", "core-embed/twitter",
"social_embed" and "twitterEmbed" say the same. The address may stand in an object within ("data", "attributes" …), or
in one whose own name says it (`{"type": "embed", "embed": {"url": …}}`, Notion); an id counts for X, whose ids are
longer than any that a content system gives its own parts, and for YouTube. Players and frames say what they are by
where they lead: `{"type": "video", "url": "https://youtu.be/…"}`, `{"insert": {"video": …}}` (Quill), `"iframeSrc"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from archiver.embeds.elements import iframe
from archiver.embeds.shortcodes.kinds import words_in
from archiver.model.embed import Embed
from archiver.permalinks import PLATFORMS, post_hint
from archiver.urls import unarchived, x_id

_KINDS = frozenset(
    (
        *("type", "role", "subtype", "sub_type", "name", "source", "service", "provider"),
        *("provider_name", "providerName", "providerNameSlug", "__typename", "_type", "__component", "component"),
        *("componentName", "embedType", "embed_type", "blockType", "blockName", "slice_type", "acf_fc_layout"),
        *("is", "form", "playerType", "player_type", "@type", "media_type"),
    )
)
_ADDRESSES = (
    *("url", "URL", "href", "canonical_url", "source_url", "embed_url", "permalink"),
    *("source", "embedUrl", "tweetUrl", "tweet_url", "postUrl", "post_url", "link", "tweet-url"),
    *("src", "uri", "value", "embed", "tweet", "twitterUrl", "instagramUrl", "original_url", "originalUrl"),
    *("video", "videoUrl", "video_url", "youtubeUrl", "youtube_url", "display_source", "external", "embedURL"),
    *("field_media_oembed_video", "embed_id", "embedId", "originalEmbedUrl"),
)
_FRAMES = ("iframeSrc", "iframe_src", "iframeUrl", "iframe_url")
_PLAYERS = ("embed_url", "embedUrl", "embedURL")
"""Keys of frames' addresses, which search engines are told, too: `{"@type": "VideoObject", "embedUrl": …}`."""
_UNTOLD = frozenset(("insert", *_FRAMES, *_PLAYERS))
"""Keys that tell of an embed in an object that says nothing of itself."""
_IDS = ("id", "tweetId", "tweet_id", "tweetID", "embedId", "embed_id", "postId", "status", "value", "tweet", "cid")
_FILM_IDS = (
    *("videoId", "videoID", "video_id", "videoid", "youTubeId", "youtubeId", "youtube_id", "youtubeID", "mediaId"),
    *("providerUid", "id"),
)
_WITHIN = frozenset(
    (
        *("data", "content", "attributes", "attrs", "props", "params", "fields", "value", "properties", "options"),
        *("format", "external", "target", "primary", "src", "link", "values", "component", "metadata"),
    )
)
_OF_ELEMENTS = frozenset(("children", "attrs", "props", "properties"))
ASKED = _KINDS | _UNTOLD | _OF_ELEMENTS | {"platform", "sys"}
"""An object with none of these says nothing of itself; sought together, because pages have thousands."""
_WEAK = frozenset(("name", "source", "service", "provider", "provider_name", "providerName", "providerNameSlug"))
"""Of the kinds, those by which an account may be named, too, which has an id of its own."""
_DEEPEST = 3
_MOST_WITHIN = 100
"""Objects within one; where they name others by their places, each may hold all of them."""
_OF_X = frozenset(("twitter", "tweet", "tweets", "x"))
_SAYS = frozenset(("embed", "oembed", "embedded", "tweet", "twitter", "embedwebvideo", *PLATFORMS))
_FRAMED = frozenset(("iframe", "video", "player"))
"""Words that count where the address is a film's, or a frame's."""
_TELLING = _SAYS | _FRAMED
_NETWORKS = frozenset(("twitter", *PLATFORMS))
_FILMS = ("youtube", "facebook", "tiktok")
_MAY_SAY = (
    _SAYS
    | _FRAMED
    | frozenset(
        (
            *("social", "rich", "external", "third", "party", "thirdparty", "media", "response", "post", "status"),
            # Strapi's and Payload's folders of parts: "shared.tweet", "embeds.twitter".
            *("shared", "blocks", "embeds", "elements", "sections", "core", "block", "element", "component", "widget"),
            *("web", "content", "html", "com", "bluesky", "record", "custom", "inline", "entry", "body", "remote"),
            *("draft", "js", "wix", "plugin", "paragraph", "node", "field", "wp", "acf", "jsx", "flow", "mdx"),
            *("data", "url", "upstream"),
        )
    )
)
_OWN_WORDS = {"EMBEDDED_LINK": frozenset(("embedded",))}
"""What an editor (react-draft-wysiwyg) calls its frames; a link that is no more than that is none."""
_NOTHING: frozenset[str] = frozenset()
_LIKE_ACCOUNTS = (None, "telegram", "youtube")
"""Platforms of which lists of accounts have posts' addresses, too: a channel's first message, a film of welcome."""
_LONGEST_KIND = 60
_SHORTEST_ID = 15
_OF_POSTS = frozenset(("embed", "oembed", "embedded", "post", "video", "block"))
_POST_IDS = {
    "instagram": (("postID", "postId", "post_id", "cid", "id"), re.compile(r"[A-F][\w-]{10}")),
    "facebook": (("postID", "postId", "post_id"), re.compile(r"\d{10,20}|pfbid\w{20,80}")),
    "tiktok": (("videoID", "videoId", "video_id", "postID", "postId", "id"), re.compile(r"\d{18,20}")),
}
"""Where parts of an article tell the ids of posts (`{"__typename": "InstagramPostBlock", "postID": "CODE"}`), and how
these are made, as hardly any other id is: Instagram's grow with the time, and begin with "A" to "D" since 2012; names
that editors give to blocks have ten signs."""
_FILM_ID = re.compile(r"(?=[\w-]*[A-Z])[\w-]{10}[AEIMQUYcgkosw048]")
"""With a capital, as all but one in three hundred have, and hardly a name that a content system gives its parts; the
last sign is one of sixteen, because an id is a number of 64 bits ("MainChannel" is none)."""


def embed_of(node: dict[str, Any]) -> Embed | None:
    """The post of an object that says it is an embed and tells which."""
    keys = ASKED.intersection(node)
    if not keys:
        return None
    if not _UNTOLD.isdisjoint(keys) and (found := _untold(node)):
        return found
    said = _said(node, keys)
    if _TELLING.isdisjoint(said):
        return None
    parts = [node, *islice(_within(node, 1), _MOST_WITHIN)]
    is_weak = said <= _NETWORKS and _WEAK.issuperset(_KINDS & keys)
    # So the entries of an account's feed say where they are from and stand.
    if is_weak and "permalink" in node and not _OF_X & said:
        return None
    found = _address_in(parts, said)
    # An account has no id of this name, which films have in Sir Trevor: `{"source": "youtube", "remote_id": "ID"}`.
    return found or _by_id([{"id": node.get("remote_id")}] if is_weak else parts, said)


def are_accounts(entries: list[Any], *, surely: bool) -> bool:
    """Whether a list whose name may be one of accounts' tells of networks alone, and of no embed. Entries that say
    nothing of themselves may hold what does, and an address that only a post has is no account's, but where the
    name says so `surely`."""
    parts = [each for each in entries if isinstance(each, dict)]
    said = [_said(each, ASKED.intersection(each)) & _TELLING for each in parts]
    if len(parts) < len(entries) or not any(said) or not all(each <= _NETWORKS for each in said):
        return False
    hints = (post_hint(word) for part in parts for word in part.values() if isinstance(word, str))
    return surely or all(hint in _LIKE_ACCOUNTS for hint in hints)


def _untold(node: dict[str, Any]) -> Embed | None:
    """That of Quill, whose one key says what is inserted, `{"video": "https://…"}`, `{"tweet": {"url": …}}`, and that
    of a frame's address."""
    inserted = node.get("insert")
    for key, stated in inserted.items() if isinstance(inserted, dict) else ():
        parts = [stated] if isinstance(stated, dict) else [{"value": stated}]
        if (said := _says(key)) & _TELLING and (found := _address_in(parts, said) or _by_id(parts, said)):
            return found
    keys = _FRAMES if "@type" in node else (*_FRAMES, *_PLAYERS)
    framed = (node[key] for key in keys if isinstance(node.get(key), str) and (key in _FRAMES or "/embed" in node[key]))
    return next((found for source in framed if (found := _of_frame(source))), None)


def _within(node: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """The objects within that may say more of it, those of the uppermost floor first."""
    inner = [each for key, each in node.items() if isinstance(each, dict) and (key in _WITHIN or _says(key))]
    yield from inner
    if depth < _DEEPEST:
        for each in inner:
            yield from _within(each, depth + 1)


def _address_in(parts: list[dict[str, Any]], said: frozenset[str]) -> Embed | None:
    is_embed = bool(said & _SAYS)
    for part in parts:
        for key in _ADDRESSES:
            address = _string(part.get(key)) if key in part else None
            hint = post_hint(address) if address else None
            if address and hint and (is_embed or "iframe" in said or hint in _FILMS):
                return Embed(0, "json", hint=hint, address=unarchived(address))
    if "iframe" in said:
        return next((found for part in parts if (found := _of_frame(_string(part.get("src")) or ""))), None)
    return None


def _string(stated: Any) -> str | None:
    """A string, or the first one in Notion's lists of lists."""
    for _ in range(2):
        stated = stated[0] if isinstance(stated, list) and len(stated) == 1 else stated
    return stated if isinstance(stated, str) else None


def _of_frame(source: str) -> Embed | None:
    """The post in the frame at an address, also where that is a go-between's (Medium's, of Embedly)."""
    address = next((each for each in (source, *iframe.handed_on(source)) if post_hint(each)), None)
    return Embed(0, "json", hint=post_hint(address), address=unarchived(address)) if address else None


def _by_id(parts: list[dict[str, Any]], said: frozenset[str]) -> Embed | None:
    if said & _OF_X:
        native_id = next((found for part in parts for key in _IDS if (found := _long_id(part.get(key)))), None)
        return Embed(0, "json", hint="x", native_id=native_id) if native_id else None
    if "youtube" in said:
        stated = (part.get(key) for part in parts for key in _FILM_IDS)
        film = next((each for each in stated if isinstance(each, str) and _FILM_ID.fullmatch(each)), None)
        return Embed(0, "json", hint="youtube", native_id=film) if film else None
    return _of_other(parts, said) if said & _OF_POSTS else None


def _of_other(parts: list[dict[str, Any]], said: frozenset[str]) -> Embed | None:
    """The post whose id a part of an article tells, which says that it shows one of such a platform's."""
    for platform in sorted(said & _POST_IDS.keys()):
        keys, shape = _POST_IDS[platform]
        stated = (str(part[key]) for part in parts for key in keys if isinstance(part.get(key), str | int))
        native_id = next((each for each in stated if shape.fullmatch(each)), None)
        if native_id is not None:
            return Embed(0, "json", hint=platform, native_id=native_id)
    return None


def _said(node: dict[str, Any], keys: frozenset[str]) -> frozenset[str]:
    """The words by which an object says what it is; none of one whose name says more than that it is an embed. `keys`:
    those of ASKED that it has."""
    said = _NOTHING
    for key in _KINDS & keys:
        if isinstance(kind := node[key], str) and (words := _says(kind)):
            said |= words
    if not _OF_ELEMENTS.isdisjoint(keys):
        # Elsewhere a "tag" may be a topic.
        said |= _words_at(node, "tagName") | _words_at(node, "tag")
    if said and "platform" in keys:
        # Alone it may be an account's.
        said |= _words_at(node, "platform")
    return said | _said_by_model(node) if "sys" in keys else said


def _words_at(node: dict[str, Any], key: str) -> frozenset[str]:
    kind = node.get(key)
    return _says(kind) if isinstance(kind, str) else _NOTHING


def _said_by_model(node: dict[str, Any]) -> frozenset[str]:
    """Contentful's: `{"sys": {"contentType": {"sys": {"id": "tweet"}}}, "fields": {…}}`."""
    model: Any = node
    for key in ("sys", "contentType", "sys", "id"):
        model = model.get(key) if isinstance(model, dict) else None
    return _words_at({"id": model}, "id")


def _says(kind: str) -> frozenset[str]:
    return _words(kind) if len(kind) <= _LONGEST_KIND else _NOTHING


@lru_cache(maxsize=4096)
def _words(kind: str) -> frozenset[str]:
    if kind in _OWN_WORDS:
        return _OWN_WORDS[kind]
    last = kind.rpartition(".")[2]
    # A package's name ("model.pageElements.TweetBlockElement") before the part's; "twitter.com" is one.
    words = frozenset(words_in(kind if last == "com" else last))
    return words if words <= _MAY_SAY else frozenset()


def _long_id(stated: Any) -> str | None:
    digits = str(stated) if isinstance(stated, str | int) and not isinstance(stated, bool) else ""
    return x_id(digits) if len(digits) >= _SHORTEST_ID else None
