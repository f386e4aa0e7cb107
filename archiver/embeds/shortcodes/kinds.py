"""Which platform's posts a shortcode or a component shows, by its name.

Themes and sites name them as they like ("embed/youtube.html", "lite-youtube", "YoutubeVideo", "twitter_simple"), out of
few words, so words are compared, not names: one must be a platform's, and the others say no more than that it is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

_OF_WORD = {
    **dict.fromkeys(("tweet", "tweets", "twitter", "x", "blackbirdpie"), "x"),
    **dict.fromkeys(("youtube", "yt", "lyte"), "youtube"),
    **dict.fromkeys(("mastodon", "toot"), "mastodon"),
    **dict.fromkeys(("bluesky", "bsky"), "bluesky"),
    **{name: name for name in ("instagram", "facebook", "tiktok", "threads", "reddit", "telegram", "truthsocial")},
}
_SHOWN = frozenset(
    (
        *("embed", "embeds", "embedded", "oembed", "media", "social", "video", "videos", "player", "post", "status"),
        *("simple", "single", "static", "lite", "light", "lazy", "enhanced", "responsive", "nocache", "nocookie"),
        *("privacy", "private", "custom", "client", "server", "react", "component", "shortcode"),
        *("card", "block", "box"),
        *("fusion", "vc", "av", "et", "pb", "su", "fve", "arve", "html", "md", "iframe", "frame", "wrapper", "content"),
        *("link", "url"),
    )
)
_ANY = frozenset(
    ("embed", "embeds", "embedded", "oembed", "video", "videos", "media", "iframe", "player", "fve", "arve")
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ONE_WORD = (("ouTube", "outube"), ("ikTok", "iktok"), ("lueSky", "luesky"), ("OEmbed", "Oembed"))
_RUN_ON = re.compile(r"([tT]witter|[yY]ou[tT]ube|[iI]nstagram|[tT]weet|[tT]ik[tT]ok)(?=embed|player|lite|video|no[ck])")
_ONLY_LINKS = frozenset(("link", "url", "card"))
_ON_CARDS = frozenset(("x", "mastodon", "bluesky", "threads"))
"""Whose posts are words, which a card shows; that of a film is but its picture."""


@lru_cache(maxsize=1024)
def platform_of(name: str) -> str | None:
    """The platform ("x", "youtube" …); "any" where the name says only that something is embedded; None for a name
    that says more or less than that."""
    words = words_in(_RUN_ON.sub(r"\1-", name))
    said = {_OF_WORD[word] for word in words if word in _OF_WORD}
    if not words or not all(word in _OF_WORD or word in _SHOWN for word in words):
        return None
    if len(said) > 1:
        return None
    if said:
        of = said.pop()
        is_shown = words[0] == "tweet" or (words[-1] == "card" and of in _ON_CARDS)
        return of if is_shown or words[-1] not in _ONLY_LINKS else None
    return "any" if _ANY.intersection(words) else None


def words_in(name: str) -> list[str]:
    """The words of a name that runs them together, in lower case: "YouTubeEmbed" is two, "social_embed" is two."""
    for apart, together in _ONE_WORD:
        name = name.replace(apart, together)
    return [word.lower() for word in _WORDS.findall(name)]
