"""Files that hold many articles, named by a person one by one: read as a source of their kind would read them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archiver.articles.names import FEEDS, WEB_ARCHIVES
from archiver.articles.source import Known, Source
from archiver.model.article import StoredArticle, Unread

_LOOKED_AT = 4_096
_WXR = b"wordpress.org/export/"
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


def source_of(path: str, size_cap: int) -> Source | None:
    """What reads the file at a path, by its name and, where many things are called so, by its beginning; None for a
    file that is one article."""
    name = os.fsencode(path).lower()
    if name.endswith(WEB_ARCHIVES):
        from archiver.articles.warc import Warc

        return Warc("", Path(path), size_cap)
    begun = _beginning(path) if name.endswith((*FEEDS, b".wxr")) else b""
    if _WXR in begun:
        from archiver.articles.wxr import Wxr

        return Wxr("", Path(path), size_cap)
    if _FEED.search(begun):
        from archiver.articles.feed import Feed

        return Feed("", Path(path), size_cap)
    return None


def read_all(source: Source, path: str) -> Iterator[StoredArticle | Unread]:
    """What a source makes of the file at a path; locations begin with that as given."""
    above = _printed(os.path.join(os.path.dirname(path), ""))
    for finding in source.read(Known()):
        if isinstance(finding, StoredArticle):
            yield replace(finding, location=above + finding.location)
        elif isinstance(finding, Unread):
            # Nothing that a person asked for by name is passed over in silence.
            location = above + finding.location if finding.location else _printed(path)
            yield replace(finding, location=location, harmless=False)


def _printed(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _beginning(path: str) -> bytes:
    if not os.path.isfile(path):
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(_LOOKED_AT)
    except OSError:
        return b""
