"""Articles in a feed: RSS, Atom or RDF, in files or at an address.

A feed shows the newest articles only: what has left it has not vanished, so nothing does while the feed is there.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from archiver import digest
from archiver.articles.bodies import as_html
from archiver.articles.container import (
    SIZE_CAP_BYTES,
    Opened,
    Step,
    by_content,
    counted,
    digest_number,
    followed,
    named,
)
from archiver.articles.describe import clean_title, http_address, moment
from archiver.articles.elements import Oversized, Root, UnreadableError, items
from archiver.articles.files import read_files
from archiver.articles.names import FEEDS
from archiver.articles.source import Known
from archiver.articles.tag import unescaped
from archiver.model.article import Finding, Markup, Stamp, StoredArticle, Unchanged, Unread
from archiver.model.exchange import Exchange, Get
from archiver.permalinks import post_address

ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.1"

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_BODY = "{http://www.w3.org/1999/xhtml}body"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ROOTS = frozenset({"rss", f"{_ATOM}feed", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"})
_ENTRIES = frozenset({"item", f"{_ATOM}entry", f"{_RSS1}item"})
_CONTENTS = (
    "{http://purl.org/rss/1.0/modules/content/}encoded",
    f"{_ATOM}content",
    # Those who make feeds of whole articles for Yandex have other names for them.
    "{http://news.yandex.ru}full-text",
    "{http://turbo.yandex.ru}content",
    _BODY,
    "description",
    f"{_RSS1}description",
    f"{_ATOM}summary",
)
_MEDIA = "{http://search.yahoo.com/mrss/}"
_GUIDS = ("guid", f"{_ATOM}id")
_TITLES = ("title", f"{_ATOM}title", f"{_RSS1}title")
_LINKS = ("link", f"{_RSS1}link")
_DATES = ("pubDate", f"{_ATOM}published", f"{_DC}date", f"{_ATOM}issued", f"{_ATOM}updated")

# A backup of Blogger is an Atom feed of all that it has; since 2024 the kind stands in an element of its own.
_KIND = "http://schemas.google.com/blogger/2008/kind#"
_BLOGGERS_TYPE = "{http://schemas.google.com/blogger/2018}type"
_BESIDE_POSTS = frozenset({"comment", "settings", "template"})


_PAGE = re.compile(rb"\s{0,99}(?:<\?xml[^<>]{0,200}>\s{0,99})?<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)
_OWN_NETWORK = "; for a host of your own network [web] connect_to names the address to dial"


class Feed:
    """The source of kind "feed", in files: a feed that was saved, or a folder of them."""

    def __init__(self, name: str, path: Path, size_cap: int = SIZE_CAP_BYTES) -> None:
        """An entry of more than `size_cap` characters is not read."""
        self.name = name
        self.path = path
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it."""
        yield from read_files(self.path, FEEDS, known, self._steps, by_content=True, is_window=True)

    def _steps(self, opened: Opened) -> Iterator[Step]:
        return _steps(self.name, opened, self.size_cap, None)


class LiveFeed:
    """The source of kind "feed", at an address: one container, whose stamp is the digest of what came."""

    def __init__(self, name: str, address: str, get: Get | None, size_cap: int = SIZE_CAP_BYTES) -> None:
        """`get` is how the network is reached; without one the feed is unread."""
        self.name = name
        self.address = address
        self.get = get
        self.size_cap = size_cap

    def read(self, known: Known) -> Iterator[Finding]:
        """As the protocol has it; the feed is asked for each time, once."""
        if self.get is None:
            yield Unread("", "io", "a feed at an address is read by a scan that may use the network")
            return
        exchange = self.get(self.address, accept=ACCEPT)
        if refusal := _refusal(exchange):
            yield Unread("", "io", f"{self.address}: {refusal}")
            return
        body = exchange.body
        stamp = Stamp(len(body), 0, digest_number(body))
        earlier = known.reached.get("")
        is_done = earlier is not None and earlier.stamp == stamp and earlier.complete
        yield Unchanged("", below=True, anew=not is_done)
        if is_done:
            return
        opened = Opened("", io.BytesIO(body), stamp, "")
        steps = _steps(self.name, opened, self.size_cap, _told_charset(exchange), f"{self.address}: ")
        yield from followed("", stamp, steps, known.stamps)


def _refusal(exchange: Exchange) -> str:
    if exchange.failure is not None:
        hint = _OWN_NETWORK if exchange.failure.reason == "blocked_address" else ""
        return exchange.failure.message + hint
    if exchange.status_code is not None and 300 <= exchange.status_code < 400:
        return f"it has moved to {exchange.header('Location')}: write that address"
    if exchange.status_code != 200:
        return f"answered with status {exchange.status_code}"
    return "answered with a page of HTML, no feed: does it ask for a login?" if _PAGE.match(exchange.body) else ""


def _told_charset(exchange: Exchange) -> str | None:
    _, _, told = (exchange.header("Content-Type") or "").lower().partition("charset=")
    return told.split(";")[0].strip("\"' ") or None


def _steps(source: str, opened: Opened, cap: int, charset: str | None, whence: str = "") -> Iterator[Step]:
    met: set[str] = set()
    root, number = Root(), 0
    try:
        for number, entry in enumerate(items(opened.file, _ENTRIES, cap, charset, root), 1):
            yield counted(_finding(source, entry, number, opened), met)
        # What has entries is a feed, whatever stands around them.
        if not number and root.name not in _ROOTS:
            raise UnreadableError(f"XML, but no feed: its root is <{root.shown}>")
    except UnreadableError as error:
        yield Step(Unread(opened.location, "unparsed", f"{whence}{error}"), str(len(met)))


def _finding(source: str, entry: Element | Oversized, number: int, opened: Opened) -> StoredArticle | Unread | None:
    if isinstance(entry, Oversized):
        return Unread(named(opened.location, f"entry-{number}"), "too_large", entry.message)
    if _is_of_blogger(entry):
        return None
    text, markup = _content(entry)
    text += _films(entry, text, markup)
    link = _link(entry)
    payload = text.encode()
    key = _first(entry, _GUIDS) or entry.get(_ABOUT) or link or digest.of_bytes(payload)
    article = StoredArticle(
        source=source,
        location=named(opened.location, key),
        payload=payload,
        stamp=opened.stamp,
        markup=markup,
        charset="utf-8",
        address=http_address(link),
        title=clean_title(unescaped(_first(entry, _TITLES))),
        published_at=_published(entry),
    )
    return by_content(article)


def _content(entry: Element) -> tuple[str, Markup]:
    for name in _CONTENTS:
        found = entry.find(name)
        if found is None:
            continue
        if len(found) or found.get("type") == "xhtml":
            # Atom's content of type "xhtml", and elements that somebody did not escape.
            return _markup_within(found), "html"
        text = (found.text or "").strip()
        if text:
            is_text = found.get("type") in ("text", "text/plain")
            return (text, "text") if is_text else (as_html(text), "html")
    return "", "html"


def _is_of_blogger(entry: Element) -> bool:
    """Whether a backup of Blogger keeps it beside the posts: a comment, a setting, a template."""
    terms = [each.get("term", "") for each in entry.iterfind(f"{_ATOM}category")]
    terms.append(_KIND + _first(entry, (_BLOGGERS_TYPE,)).lower())
    return any(term.removeprefix(_KIND) in _BESIDE_POSTS for term in terms if term.startswith(_KIND))


def _films(entry: Element, text: str, markup: Markup) -> str:
    """The films that the entry names beside its content (Media RSS), which newsrooms' feeds of excerpts and YouTube's
    own have nowhere else, as markup to be laid behind it; "" for what stands in the content."""
    named: dict[str, str] = {}
    for each in (*entry.iter(f"{_MEDIA}content"), *entry.iter(f"{_MEDIA}player")):
        address = each.get("url", "").strip()
        post = post_address(address)
        if post is not None and post.native_id and post.native_id not in text:
            named.setdefault(post.native_id, address)
    if markup == "text":
        return "".join(f"\n\n{address}" for address in named.values())
    return "".join(f'\n<iframe data-archiver-media src="{html.escape(each)}"></iframe>' for each in named.values())


def _markup_within(element: Element) -> str:
    for each in element.iter():
        each.tag = each.tag.rpartition("}")[2]
    within = "".join(tostring(each, encoding="unicode", method="html") for each in element)
    return html.escape(element.text or "", quote=False) + within


def _link(entry: Element) -> str:
    for link in entry.iterfind(f"{_ATOM}link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return link.get("href", "").strip()
    guid = entry.find("guid")
    is_address = guid is not None and guid.get("isPermaLink", "true") == "true"
    return _first(entry, _LINKS) or (_first(entry, ("guid",)) if is_address else "")


def _published(entry: Element) -> datetime | None:
    moments = (moment(_first(entry, (name,))) for name in _DATES)
    return next((found for found in moments if found), None)


def _first(entry: Element, names: tuple[str, ...]) -> str:
    """The first of these elements that says anything."""
    said = ("".join(found.itertext()).strip() for name in names if (found := entry.find(name)) is not None)
    return next((words for words in said if words), "")
