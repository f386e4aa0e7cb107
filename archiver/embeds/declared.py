"""Objects of JSON that say they are an embed: `{"type": "social_embed", "source": "twitter", "id": "…"}` and its kin.

Every content system names them in its own way, so words are compared, not names: "TweetBlock", "core-embed/twitter",
"social_embed" and "twitterEmbed" say the same. The address may stand in an object within ("data", "attributes" …);
an id counts for X alone, whose ids are longer than any that a content system gives its own parts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from archiver.model.embed import Embed
from archiver.permalinks import PLATFORMS, post_hint
from archiver.urls import unarchived, x_id

_KINDS = frozenset(
    (
        *(
            "type",
            "role",
            "subtype",
            "sub_type",
            "name",
            "source",
            "service",
            "provider",
            "provider_name",
            "providerName",
        ),
        *(
            "providerNameSlug",
            "__typename",
            "_type",
            "__component",
            "component",
            "embedType",
            "embed_type",
            "blockType",
        ),
    )
)
_ADDRESSES = (
    *("url", "URL", "href", "canonical_url", "source_url", "embed_url", "permalink"),
    *("source", "embedUrl", "tweetUrl", "tweet_url", "postUrl", "post_url", "link", "tweet-url"),
)
_IDS = ("id", "tweetId", "tweet_id", "tweetID", "embedId", "embed_id", "postId", "status")
_WITHIN = ("data", "content", "attributes", "attrs", "props", "params", "fields", "value", "metadata")
_OF_X = frozenset(("twitter", "tweet", "tweets", "x"))
_SAYS = frozenset(("embed", "oembed", "embedded", "tweet", "twitter", "embedwebvideo", *PLATFORMS))
_MAY_SAY = _SAYS | frozenset(
    (
        *("social", "rich", "external", "third", "party", "thirdparty", "media", "response", "post", "status", "core"),
        # Strapi's and Payload's folders of parts: "shared.tweet", "embeds.twitter".
        *("shared", "blocks", "embeds", "elements", "sections"),
        *("block", "element", "component", "widget", "web", "video", "content", "html", "com", "bluesky", "record"),
    )
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NOTHING: frozenset[str] = frozenset()
_LONGEST_KIND = 60
_SHORTEST_ID = 15


def embed_of(node: dict[str, Any]) -> Embed | None:
    """The post of an object that says it is an embed and tells which."""
    said = _said(node)
    if not said:
        return None
    inner = next((each for key in _WITHIN if isinstance(each := node.get(key), dict)), None)
    if inner is not None:
        said = said | _said(inner)
        node = {**inner, **{key: node[key] for key in (*_ADDRESSES, *_IDS) if key in node and key not in inner}}
    if not said & _SAYS:
        return None
    for key in _ADDRESSES:
        address = node.get(key)
        hint = post_hint(address) if isinstance(address, str) else None
        if hint and isinstance(address, str):
            return Embed(0, "json", hint=hint, address=unarchived(address))
    native_id = next((found for key in _IDS if (found := _long_id(node.get(key)))), None) if said & _OF_X else None
    return Embed(0, "json", hint="x", native_id=native_id) if native_id else None


def _said(node: dict[str, Any]) -> frozenset[str]:
    """The words by which an object says what it is; none of one whose name says more than that it is an embed."""
    said = _NOTHING
    for key in _KINDS.intersection(node):
        kind = node[key]
        if isinstance(kind, str) and len(kind) <= _LONGEST_KIND and (words := _words(kind)):
            said |= words
    return said


@lru_cache(maxsize=4096)
def _words(kind: str) -> frozenset[str]:
    words = frozenset(word.lower() for word in _WORD.findall(kind))
    return words if words <= _MAY_SAY else frozenset()


def _long_id(stated: Any) -> str | None:
    digits = str(stated) if isinstance(stated, str | int) and not isinstance(stated, bool) else ""
    return x_id(digits) if len(digits) >= _SHORTEST_ID else None
