"""The posts whose addresses shortcodes give in parts: `{{< toot server="HOST" user="U" id="ID" >}}`,
`{{< bluesky-card handle="U" id="KEY" >}}`, `{{< telegram CHANNEL ID >}}`.

Themes and sites name the parts as they like, out of few words.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.permalinks import post_hint

ID_KEYS = frozenset(
    (
        *("", "id", "tweet", "tweetid", "status", "statusid", "post", "postid", "toot", "tootid", "number", "key"),
        *("video", "videoid", "vid", "youtube", "youtubeid", "ytid", "embedid", "code", "shortcode", "rkey", "msgid"),
    )
)
"""Which words tell the post's id; "" is that of a word without one."""
_SERVER_KEYS = frozenset(("host", "server", "instance", "domain"))
_AUTHOR_KEYS = frozenset(("user", "username", "handle", "author", "account", "did", "channel", "usr"))
_ADDRESSES = {
    "mastodon": "https://{server}/@{author}/{id}",
    "bluesky": "https://bsky.app/profile/{author}/post/{id}",
    "threads": "https://www.threads.net/@{author}/post/{id}",
    "telegram": "https://t.me/{author}/{id}",
}


def address_of(platform: str, stated: Sequence[tuple[str, str]]) -> str | None:
    """The address that a shortcode's words (key and word, in order) give in parts; None if a part is missing, or if a
    post cannot have it."""
    if platform not in _ADDRESSES:
        return None
    server, author = _first(stated, _SERVER_KEYS), _first(stated, _AUTHOR_KEYS)
    plain = [word for key, word in stated if not key]
    if platform == "telegram" and not author and plain:
        author, _, rest = "/".join(plain[:2]).partition("/")
        stated = [("", rest)]
    named = _first(stated, ID_KEYS).lstrip("@")
    if "/" in named:
        author, _, named = named.partition("/")
    server = server.removeprefix("https://").removeprefix("http://").strip("/")
    address = _ADDRESSES[platform].format(server=server, author=author.lstrip("@"), id=named)
    return address if post_hint(address) == platform else None


def _first(stated: Sequence[tuple[str, str]], keys: frozenset[str]) -> str:
    return next((word for key, word in stated if word and key in keys), "")
