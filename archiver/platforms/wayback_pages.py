"""Captures of X's pages (platforms.md 12.5): whatever is read is chosen by the post's own id, never by its place.

    legacy_page      up to 2020: `div.tweet` with the id, the words in `p.tweet-text`
    microdata_page   2022: schema.org postings, each with its identifier
    preview_page     what crawlers got: the words in `og:description`, the id in `og:url`

A page holds other posts besides, and its language may be any: words of the page itself are never matched.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from archiver.model.snapshot import PostLink, Snapshot
from archiver.platforms.pages import attribute, parsed
from archiver.platforms.x_ids import id_time, moment
from archiver.urls import host, unarchived, x_id, x_status

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_PAGE = 3_145_728
"""Bytes: pages of conversations were larger than what other endpoints serve."""
_POSTING = re.compile(r"https?://schema\.org/SocialMediaPosting")
_QUOTES = ("“”", "„“", "„”", "«»", "「」", "『』", "‘’", '""')
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")


class Found(NamedTuple):
    """The post as it stands in a capture."""

    form: str
    snapshot: Snapshot


def read(body: bytes, native_id: str) -> Found | None:
    """The post of that id on a captured page; None where the page does not hold its words."""
    soup = parsed(body, MAX_PAGE)
    if soup is None:
        return None
    return _legacy(soup, native_id) or _microdata(soup, native_id) or _preview(soup, native_id)


def _legacy(soup: BeautifulSoup, native_id: str) -> Found | None:
    places = [tag for tag in soup.find_all("div", attrs={"data-tweet-id": native_id}) if "tweet" in _classes(tag)]
    place = max(places, key=lambda tag: "permalink-tweet" in _classes(tag), default=None)
    paragraph = place.find("p", class_="tweet-text") if place else None
    if place is None or paragraph is None:
        return None
    stamp = place.find("span", class_="_timestamp")
    text, links = _words(paragraph)
    return _found(
        "legacy_page",
        native_id,
        text,
        links,
        author=(attribute(place, "data-user-id"), attribute(place, "data-screen-name"), attribute(place, "data-name")),
        published_at=_of_milliseconds(attribute(stamp, "data-time-ms")),
        language=attribute(paragraph, "lang"),
    )


def _microdata(soup: BeautifulSoup, native_id: str) -> Found | None:
    for posting in soup.find_all(True, attrs={"itemtype": _POSTING}):
        if _property(posting, "identifier") != native_id:
            continue
        body = posting.find(True, attrs={"itemprop": "articleBody"})
        paragraph = body.find(True, attrs={"data-testid": "tweetText"}) if body else None
        if paragraph is None or paragraph.find_parent(True, attrs={"itemtype": _POSTING}) is not posting:
            continue
        author = posting.find(True, attrs={"itemprop": "author"}, recursive=False)
        text, links = _words(paragraph)
        return _found(
            "microdata_page",
            native_id,
            text,
            links,
            author=tuple(_property(author, name) for name in ("identifier", "additionalName", "givenName")),
            published_at=moment(_property(posting, "dateCreated")),
            language=attribute(paragraph, "lang"),
        )
    return None


def _preview(soup: BeautifulSoup, native_id: str) -> Found | None:
    status = x_status(_meta(soup, "og:url") or "")
    said, title = _meta(soup, "og:description") or "", _meta(soup, "og:title") or ""
    if status is None or status.native_id != native_id or _meta(soup, "og:type") != "article":
        return None
    name = title.partition(f" (@{status.handle})")
    if not name[1]:
        # Up to 2022 the title named no handle, and the words stood in quotation marks; without either, what is
        # described may be anything.
        said = said[1:-1] if len(said) > 2 and said[0] + said[-1] in _QUOTES else ""
    return _found(
        "preview_page",
        native_id,
        said,
        (),
        author=(None, status.handle, name[0] if name[1] else None),
        published_at=None,
        language=None,
        truncated=said.endswith("…"),
    )


def _found(
    form: str,
    native_id: str,
    text: str,
    links: tuple[PostLink, ...],
    *,
    author: tuple[str | None, ...],
    published_at: datetime | None,
    language: str | None,
    truncated: bool = False,
) -> Found | None:
    author_id, handle, name = author
    if not text.strip():
        return None
    snapshot = Snapshot(
        text=text.strip(),
        links=links,
        media=(),
        author_id=author_id if author_id and x_id(author_id) else None,
        author_handle=handle if handle and _HANDLE.fullmatch(handle) else None,
        author_name=name,
        published_at=id_time(native_id) or published_at,
        language=language,
        truncated=truncated,
    )
    return Found(form, snapshot)


def _words(paragraph: Tag) -> tuple[str, tuple[PostLink, ...]]:
    """The words as X's own JSON has them: links as their short addresses, pictures of emoji as what they show."""
    for line_break in paragraph.find_all("br"):
        line_break.replace_with("\n")
    for picture in paragraph.find_all("img"):
        picture.replace_with(attribute(picture, "alt") or "")
    links = []
    for link in paragraph.find_all("a"):
        url = unarchived(attribute(link, "href") or "")
        if host(url) != "t.co":
            continue
        expanded = attribute(link, "data-expanded-url")
        links.append(PostLink(url, unarchived(expanded) if expanded else None, _shown(link)))
        before = link.previous_sibling
        glued = before is not None and before.get_text()[-1:].strip() != ""
        link.replace_with(f" {url}" if glued else url)
    return paragraph.get_text(), tuple(dict.fromkeys(links))


def _shown(link: Tag) -> str | None:
    """What a reader sees of a link: parts of the address are hidden."""
    for hidden in link.find_all(class_="invisible"):
        hidden.decompose()
    return "".join(link.get_text().split()) or None


def _property(tag: Tag | None, name: str) -> str | None:
    """A property of the thing itself, not of one within it."""
    found = tag.find("meta", attrs={"itemprop": name}, recursive=False) if tag else None
    return attribute(found, "content")


def _meta(soup: BeautifulSoup, name: str) -> str | None:
    return attribute(soup.find("meta", attrs={"property": name}), "content")


def _classes(tag: Tag) -> list[str]:
    found = tag.get("class")
    return list(found) if isinstance(found, list) else []


def _of_milliseconds(digits: str | None) -> datetime | None:
    found = re.fullmatch(r"[0-9]{10,13}", digits or "")
    return datetime.fromtimestamp(int(found[0]) / 1000, UTC) if found else None
