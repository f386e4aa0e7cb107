"""Pages that nobody wrote: pieces of real ones cut up, repeated, nested, wrapped, spoilt; and chance alone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, get_args

from archiver.model.article import Markup


class Seed(NamedTuple):
    """A page to begin with."""

    payload: bytes
    markup: Markup | None


class Mutant(NamedTuple):
    """A page to look through."""

    payload: bytes
    markup: Markup | None
    charset: str | None
    """What its source would state."""


USUAL_BYTES = 1_000_000
MOST_BYTES = 4_000_000

_TOKENS = (
    '<!--|-->|<!|<?|]]>|<![CDATA[|</|<|>|/>|&|&#|&#x|&lt;|&amp;amp;|&nbsp;|"|\'|\\|\\"|\\u003c|\\u003C|\\/|{|}|[|]|'
    '{"html":"|":"|(|)|(@|@|#|--|—|&mdash;|–|…|\0|\r|\r\n|\n\n|\t|\u2028|\u200f|\ufeff|\U0001f600|:|://|http://|//|www.|'
    "<p>|</p>|<br>|<a href=|<a href='|</a>|<div>|</div>|<b>|<script>|</script>|<script type='application/json'>|"
    "<noscript>|</noscript>|<template>|</template>|<style>|</style>|<textarea>|<title>|<svg>|<math>|<pre>|<table>|"
    "<plaintext>|<xmp>|<select>|<li>|<body>|</body>|</html>|<iframe|<iframe src=|<iframe srcdoc='|</iframe>|"
    "<blockquote>|<blockquote class='twitter-tweet'>|</blockquote>|> |>> |[tweet |[embed]|[/embed]|{{< tweet |>}}|"
    "{% twitter |%}|<!-- wp:embed {|<!-- /wp:embed -->|<amp-twitter data-tweetid=|<twitter-widget |data-tweet-id=|"
    "createTweet('|https://twitter.com/sample/status/|https://x.com/i/status/1|/status/|/statuses/|twitter.com|"
    "https://web.archive.org/web/20200101000000/|1428507067806646273|9999999999999999999999|pic.twitter.com/abc|"
    "https://t.co/abc|(@sample_one) January 1, 2022|Sample (@sample) March 5, 2022|— Sample (@sample)|"
    "5 марта 2022 г.|"
    "https://www.youtube.com/embed/|https://youtu.be/|https://www.instagram.com/p/|instagram-media|tiktok-embed|"
    "data-instgrm-permalink=|https://www.facebook.com/sample/posts/|fb-post|data-href=|bsky.app/profile/|at://did:plc:|"
    "https://mastodon.example/@sample/1|mastodon-embed|t.me/sample/1|data-telegram-post=|reddit-embed|data-src=|"
    "class=|id=|style=|<meta charset=|charset=utf-16|١٢٣|१२३|²³"
)
TOKENS = tuple(token.encode() for token in _TOKENS.split("|"))
TAGS = tuple(b"blockquote div span p a b i ul li table td section figure iframe noscript template svg pre".split())
CHARSETS = (
    "utf-16",
    "utf-16-be",
    "utf-32",
    "utf-7",
    "windows-1251",
    "shift_jis",
    "iso2022_jp",
    "gb18030",
    "cp037",
    "hz",
)
LABELS = (
    "utf-8",
    "utf-16",
    "windows-1252",
    "iso-8859-8",
    "big5",
    "x-user-defined",
    "iso-2022-jp",
    "none",
    "\0",
    "utf-8;",
)


def mutant(chance: Random, seeds: Sequence[Seed]) -> Mutant:
    """One page; the same chance makes the same."""
    if chance.random() < 0.1:
        seed = Seed(chance.choice((_random_bytes, _soup))(chance), chance.choice((None, *get_args(Markup))))
    else:
        seed = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 2, 2, 3, 5, 8))):
            seed = seed._replace(payload=chance.choice(MUTATIONS)(chance, seed.payload, seeds)[:MOST_BYTES])
    most = MOST_BYTES if chance.random() < 0.02 else USUAL_BYTES
    markup = seed.markup if chance.random() < 0.9 else chance.choice((None, *get_args(Markup)))
    return Mutant(seed.payload[:most], markup, chance.choice(LABELS) if chance.random() < 0.05 else None)


def _few(chance: Random, most: int) -> int:
    """A number up to `most`, small ones as likely as large ones."""
    return int(most ** chance.random())


def _cut(chance: Random, payload: bytes, most: int) -> tuple[int, int]:
    start = chance.randint(0, len(payload))
    return start, start + _few(chance, most)


def _place(chance: Random, payload: bytes) -> int:
    """Somewhere; as often as not behind a tag."""
    at = chance.randint(0, len(payload))
    return payload.find(b">", at) + 1 if chance.random() < 0.5 else at


def _insert(payload: bytes, at: int, piece: bytes) -> bytes:
    return payload[:at] + piece + payload[at:]


def _random_bytes(chance: Random) -> bytes:
    return chance.randbytes(_few(chance, 200_000))


def _soup(chance: Random) -> bytes:
    some = chance.sample(TOKENS, min(len(TOKENS), 1 + _few(chance, 30)))
    return b"".join(chance.choices(some, k=_few(chance, 50_000)))


def _splice(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    other = chance.choice(seeds).payload
    return payload[: _place(chance, payload)] + other[_place(chance, other) :]


def _insert_embed(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    short = [seed.payload for seed in seeds if len(seed.payload) < 3000] or [b""]
    for _ in range(chance.choice((1, 1, 2, 5))):
        payload = _insert(payload, _place(chance, payload), chance.choice(short))
    return payload


def _repeat(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    start, end = _cut(chance, payload, 5000)
    piece = payload[start:end]
    times = _few(chance, max(2, min(100_000, USUAL_BYTES // max(1, len(piece)))))
    return payload[:start] + piece * times + payload[end:]


def _repeat_tokens(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    piece = b"".join(chance.choices(TOKENS, k=chance.choice((1, 1, 2, 3))))
    times = _few(chance, max(2, USUAL_BYTES // len(piece)))
    return _insert(payload, _place(chance, payload), piece * times)


def _insert_tokens(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    for _ in range(_few(chance, 40)):
        payload = _insert(payload, _place(chance, payload), chance.choice(TOKENS))
    return payload


def _truncate(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    at = chance.randint(0, len(payload))
    return payload[:at] if chance.random() < 0.7 else payload[at:]


def _swap(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    cuts = sorted(chance.randint(0, len(payload)) for _ in range(4))
    a, b, c, d = cuts
    return payload[:a] + payload[c:d] + payload[b:c] + payload[a:b] + payload[d:]


def _spoil(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    spoilt = bytearray(payload)
    for _ in range(_few(chance, 300) if spoilt else 0):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _drop(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    if chance.random() < 0.5:
        start, end = _cut(chance, payload, 3000)
        return payload[:start] + payload[end:]
    return payload.replace(chance.choice((b">", b"</p>", b"</a>", b'"', b"-->", b"</script>", b"\n", b"</div>")), b"")


def _nest(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    tag, deep = chance.choice(TAGS), _few(chance, 100_000)
    start, end = _cut(chance, payload, 5000)
    closed = b"</%b>" % tag * (deep if chance.random() < 0.5 else _few(chance, 10))
    return payload[:start] + b"<%b>" % tag * deep + payload[start:end] + closed + payload[end:]


def _wrap(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    start, end = _cut(chance, payload, 20_000)
    piece = payload[start:end]
    before, after = chance.choice(
        (
            (b"<!--", b"-->"),
            (b"<noscript>", b"</noscript>"),
            (b"<template>", b"</template>"),
            (b"<textarea>", b"</textarea>"),
            (b"<script>", b"</script>"),
            (b"<blockquote>", b"</blockquote>"),
            (b'<iframe srcdoc="', b'"></iframe>'),
        )
    )
    if before.endswith(b'"'):
        piece = html.escape(piece.decode("utf-8", "replace")).encode()
    return payload[:start] + before + piece + after + payload[end:]


def _escape(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    start, end = _cut(chance, payload, 50_000)
    words = payload[start:end].decode("utf-8", "replace")
    for _ in range(chance.choice((1, 1, 2, 3))):
        words = json.dumps({"content": words}, ensure_ascii=chance.random() < 0.5).replace("</", "<\\/")
    script = b'<script type="application/json">' + words.encode() + b"</script>"
    return payload[:start] + (script if chance.random() < 0.7 else html.escape(words).encode()) + payload[end:]


def _entities(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    start, end = _cut(chance, payload, 2000)
    return payload[:start] + b"".join(b"&#%d;" % byte for byte in payload[start:end]) + payload[end:]


def _recode(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    return payload.decode("utf-8", "replace").encode(chance.choice(CHARSETS), "replace")


def _declare(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    return b"<meta charset=%b>" % chance.choice((*CHARSETS, *LABELS)).encode() + payload


def _numbers(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    other = chance.choice(
        (b"0", b"-1", b"9" * _few(chance, 100_000), "١٢٣".encode(), b"1e9", b"", b"\xff", b"%00", b"4294967296")
    )
    return re.sub(rb"\d{2,}", lambda match: other if chance.random() < 0.3 else match[0], payload, count=500)


def _change_case(chance: Random, payload: bytes, seeds: Sequence[Seed]) -> bytes:
    return chance.choice((bytes.upper, bytes.lower, bytes.swapcase))(payload)


Mutation = Callable[[Random, bytes, Sequence[Seed]], bytes]

MUTATIONS: tuple[Mutation, ...] = (
    _splice,
    _insert_embed,
    _repeat,
    _repeat_tokens,
    _insert_tokens,
    _truncate,
    _swap,
    _spoil,
    _drop,
    _nest,
    _wrap,
    _escape,
    _entities,
    _recode,
    _declare,
    _numbers,
    _change_case,
)
