"""Articles for the tests of this room."""

from __future__ import annotations

from archiver.digest import of_bytes
from archiver.model.article import Article, Markup, Stamp

POST_ID = "1428507067806646273"
BLOCKQUOTE = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Sample text one</p>&mdash; Sample Name (@sample_one) '
    f'<a href="https://twitter.com/sample_one/status/{POST_ID}?ref_src=twsrc%5Etfw">August 20, 2021</a></blockquote>'
)


def article(payload: str | bytes, markup: Markup = "html", charset: str = "utf-8") -> Article:
    """An article with these bytes."""
    raw = payload.encode("utf-8") if isinstance(payload, str) else payload
    return Article("", "sample", markup, raw, charset, of_bytes(raw), len(raw), Stamp(len(raw), 0, 0))
