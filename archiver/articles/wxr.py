"""Articles in a WordPress export (WXR): every item that has something to read, with what its post meta keeps.

WordPress keeps the rendered embeds of a post in its meta (`_oembed_…`), and page builders keep whole layouts there.
Meta that holds markup is laid behind the article's content, each in an element of its own: a post that stands in both
is one embed with two forms.

WordPress writes an export as a whole, so a changed one is read from its beginning; an item that says what it said is
neither looked through nor written again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from archiver.articles.container import SIZE_CAP_BYTES, Opened, Step, by_content, counted, named
from archiver.articles.describe import clean_title, http_address, moment
from archiver.articles.elements import Oversized, Root, UnreadableError, items
from archiver.articles.files import read_files
from archiver.articles.source import Known
from archiver.articles.tag import unescaped
from archiver.articles.wordpress import films, rendered
from archiver.model.article import Finding, StoredArticle, Unread

SUFFIXES = (b".xml", b".wxr")

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ITEM = frozenset({"item"})
# What WordPress keeps as posts and nobody reads as one.
_NO_ARTICLES = frozenset(
    ("revision", "oembed_cache", "nav_menu_item", "custom_css", "customize_changeset", "wp_global_styles")
)
_THROWN_AWAY = frozenset({"trash", "auto-draft"})
_MARKUP = re.compile(r"<[a-zA-Z!]|\\u003c[a-z!]|&lt;[a-z!]", re.IGNORECASE)


class Wxr:
    """The source of kind "wxr": a WordPress export, or a folder of them."""

    def __init__(self, name: str, path: Path, size_cap: int = SIZE_CAP_BYTES) -> None:
        """An item of more than `size_cap` characters is not read."""
        self.name = name
        self.path = path
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it; a file with a DTD is refused, nothing of it is read."""
        yield from read_files(self.path, SUFFIXES, known, self._steps, by_content=True)

    def _steps(self, opened: Opened) -> Iterator[Step]:
        met: set[str] = set()
        root = Root()
        try:
            for number, item in enumerate(items(opened.file, _ITEM, self.size_cap, root=root), 1):
                _refuse_others(root)
                yield counted(self._finding(item, number, opened), met)
            _refuse_others(root)
        except UnreadableError as error:
            yield Step(Unread(opened.location, "unparsed", str(error)), str(len(met)))

    def _finding(self, item: Element | Oversized, number: int, opened: Opened) -> StoredArticle | Unread | None:
        if isinstance(item, Oversized):
            return Unread(f"{opened.location}/item-{number}", "too_large", item.message)
        if _said(item, "{wp}post_type") in _NO_ARTICLES or _said(item, "{wp}status") in _THROWN_AWAY:
            return None
        page = _page(item)
        if not page:
            return None
        key = _said(item, "{wp}post_id")
        article = StoredArticle(
            source=self.name,
            location=named(opened.location, f"post-{key}" if key else f"item-{number}"),
            payload=page.encode(),
            stamp=opened.stamp,
            markup="html",
            charset="utf-8",
            address=http_address(_said(item, "link")),
            title=clean_title(unescaped(_said(item, "title"))),
            published_at=_published(item),
        )
        return by_content(article)


def _refuse_others(root: Root) -> None:
    """Raises UnreadableError for what is no export: its items would be taken for those that it had before."""
    if not root.is_export:
        hint = '; a feed is read as a source of kind "feed"' if root.shown.startswith(("rss", "feed", "rdf")) else ""
        raise UnreadableError(f"XML, but no WordPress export: its root is <{root.shown}>{hint}")


def _page(item: Element) -> str:
    """Content, excerpt and the meta that holds markup, as one page; "" where there is nothing to read."""
    content = rendered(item.findtext(_CONTENT) or "")
    metas = [
        (_said(meta, "{wp}meta_key"), meta.findtext("{wp}meta_value") or "") for meta in item.iterfind("{wp}postmeta")
    ]
    parts = [content]
    if excerpt := _said(item, "{excerpt}encoded"):
        parts.append(f"<div data-archiver-excerpt>{excerpt}</div>")
    parts.extend(_laid(key, kept) for key, kept in metas if _MARKUP.search(kept))
    if beside := films(metas, content):
        parts.append(beside)
    page = "\n\n".join(parts)
    return page if page.strip() else ""


def _laid(key: str, kept: str) -> str:
    name = f'data-archiver-meta="{html.escape(key)}"'
    # A page builder's layout: its markup is written in JSON strings, and is found in a script as it is in any page.
    if kept.lstrip().startswith(("{", "[")) and "</script" not in kept.lower():
        return f'<script type="application/json" {name}>{kept}</script>'
    return f"<div {name}>{rendered(kept)}</div>"


def _published(item: Element) -> datetime | None:
    # WordPress writes a pubDate of the year -1 for drafts, and zeros here.
    if item.find("{wp}post_date_gmt") is not None:
        return moment(_said(item, "{wp}post_date_gmt"))
    return moment(_said(item, "pubDate"))


def _said(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
