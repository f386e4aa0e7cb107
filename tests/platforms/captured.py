"""Captures of a post of X in every form that the Wayback Machine has them; all words are made up.

Each page holds another post beside the one that is meant, and none of the page's own words are English.
"""

from __future__ import annotations

import html
import json
from datetime import datetime
from typing import Any

from archiver.platforms.x_ids import id_time

OTHER = "1170758722240430000"
HANDLE, NAME, AUTHOR = "sample_desk", "Sample Desk — میز", "1700000000000000042"


def _stamp(native_id: str) -> datetime:
    at = id_time(native_id)
    assert at is not None
    return at


def legacy(native_id: str, text: str, *, handle: str = HANDLE, tail: str = "", beside: str = OTHER) -> str:
    """A page of the years up to 2020: the post between the one it answers and an answer. `tail` is markup."""

    def post(number: str, kind: str, words: str, who: str) -> str:
        return (
            f'<div class="tweet {kind} js-stream-tweet" data-tweet-id="{number}" data-screen-name="{who}"'
            f' data-name="{NAME}" data-user-id="{AUTHOR}" data-permalink-path="/{who}/status/{number}">'
            f'<small class="time"><a title="ವಾರ"><span class="_timestamp" data-time-ms="1567966373000">8 ಸೆಪ್ಟೆಂ</span>'
            f'</a></small><div><p class="TweetTextSize js-tweet-text tweet-text" lang="en">{words}</p></div></div>'
        )

    before = post(beside, "ancestor permalink-ancestor-tweet", "Sample words of another post.", "other_desk")
    after = post(str(int(beside) + 1), "descendant", "Sample words of an answer.", "third_desk")
    own = post(native_id, "permalink-tweet", html.escape(text) + tail, handle)
    return f'<!DOCTYPE html><html lang="kn"><head><title>ಪುಟ</title></head><body>{before}{own}{after}</body></html>'


def microdata(native_id: str, text: str, *, handle: str = HANDLE, beside: str = OTHER) -> str:
    """A page of 2022."""

    def post(number: str, words: str, who: str) -> str:
        at = _stamp(number)
        return (
            '<div itemProp="hasPart" itemscope="" itemType="https://schema.org/SocialMediaPosting">'
            f'<meta content="{number}" itemProp="identifier"/><meta content="{at:%Y-%m-%dT%H:%M:%S}.000Z" '
            'itemProp="dateCreated"/><div itemProp="author" itemscope="" itemType="https://schema.org/Person">'
            f'<meta content="{AUTHOR}" itemProp="identifier"/><meta content="{who}" itemProp="additionalName"/>'
            f'<meta content="{NAME}" itemProp="givenName"/></div><article><div itemProp="articleBody">'
            f'<div data-testid="tweetText" lang="en"><span>{words}</span></div></div></article></div>'
        )

    both = post(beside, "Sample words of another post.", "other_desk") + post(native_id, html.escape(text), handle)
    return f'<!DOCTYPE html><html lang="kn"><head><title>ಪುಟ</title></head><body><div>{both}</div></body></html>'


def preview(native_id: str, description: str, *, handle: str = HANDLE, title: str | None = None) -> str:
    """What crawlers get: no page, but a description of it."""
    told = {
        "og:type": "article",
        "og:url": f"https://twitter.com/{handle}/status/{native_id}",
        "og:title": title if title is not None else f"{NAME} (@{handle}) ಎಕ್ಸ್",
        "og:description": description,
    }
    metas = "".join(f'<meta content="{html.escape(said)}" property="{name}"/>' for name, said in told.items())
    return f'<!DOCTYPE html><html><head>{metas}</head><body><div id="react-root"></div></body></html>'


SHELL = (
    '<!DOCTYPE html><html><head><title>X</title></head><body><div id="react-root"></div>'
    "<noscript>ಜಾವಾ</noscript></body></html>"
)


def stream(native_id: str, text: str, **more: Any) -> str:
    """JSON of the streaming API, as an archive rewrites it."""
    rewritten = "https://web.archive.org/web/20170727194529/https://pbs.twimg.com/media/Sample.jpg"
    noun = {
        "created_at": "Thu Jul 27 19:45:29 +0000 2017",
        "id_str": native_id,
        "text": text,
        "truncated": False,
        "user": {"id_str": AUTHOR, "name": NAME, "screen_name": HANDLE},
        "entities": {"urls": []},
        "extended_entities": {"media": [{"type": "photo", "media_url_https": rewritten}]},
        "lang": "en",
    }
    return json.dumps(noun | more)


def api(native_id: str, text: str) -> str:
    """JSON of API v2."""
    user = {"id": AUTHOR, "name": NAME, "username": HANDLE}
    return json.dumps(
        {"data": {"id": native_id, "text": text, "author_id": AUTHOR, "lang": "en"}, "includes": {"users": [user]}}
    )


def syndication(native_id: str, text: str) -> str:
    """JSON of the syndication endpoint."""
    user = {"id_str": AUTHOR, "name": NAME, "screen_name": HANDLE}
    return json.dumps({"__typename": "Tweet", "id_str": native_id, "text": text, "user": user, "lang": "en"})


def oembed(native_id: str, text: str) -> str:
    """JSON of the oEmbed endpoint."""
    address = f"https://twitter.com/{HANDLE}/status/{native_id}"
    quote = (
        f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{html.escape(text)}</p>&mdash; {NAME} '
        f'(@{HANDLE}) <a href="{address}">ಸೆಪ್ಟೆಂ</a></blockquote>'
    )
    return json.dumps(
        {
            "url": address,
            "author_name": NAME,
            "author_url": f"https://twitter.com/{HANDLE}",
            "html": quote,
            "type": "rich",
            "version": "1.0",
        }
    )
