"""What adapters share that read web pages: the parsed page, the JSON in its scripts, the words as a reader sees them.

Pages are large, hostile or both: what cannot be parsed in time is None, and then nothing can be read from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeGuard

from archiver.platforms.answers import json_or_none
from archiver.urls import host

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_PAGE = 1_048_576
"""Bytes of HTML that are parsed: the largest feed of twenty long messages has about a third of them."""
_STYLED = re.compile(r"url\(\s{0,5}['\"]?(https?://[^'\"()\s]{1,2000})['\"]?\s{0,5}\)")
_OWN_LINES = ("blockquote", "pre")


def parsed(body: bytes, most: int = MAX_PAGE) -> BeautifulSoup | None:
    """The page or piece of HTML; None for an empty, oversized or unparsable body, and for what is not in UTF-8."""
    if not body.strip() or len(body) > most:
        return None
    try:
        return elements(body.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def elements(html: str) -> BeautifulSoup | None:
    """HTML as elements; None if it cannot be parsed."""
    # A quarter of all that a process that only scans would have to load.
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        return BeautifulSoup(html, "lxml")
    except (ValueError, RecursionError, ParserRejectedMarkup):
        return None


def is_page(noun: Any) -> TypeGuard[BeautifulSoup]:
    """Whether what was read of an answer is a parsed page."""
    from bs4 import BeautifulSoup

    return isinstance(noun, BeautifulSoup)


def is_whole(body: bytes) -> bool:
    """Whether a page was received to its end: of half a page, the half that is missing must not be read as gone."""
    return b"</html>" in body[-1000:]


def script_json(body: bytes, script_id: str) -> Any:
    """The JSON value of the one script with that id; None if there is none that can be read, or several."""
    name = re.escape(script_id).encode()
    openings = list(re.finditer(rb"<script\b[^<>]{0,200}\bid=[\"']" + name + rb"[\"'][^<>]{0,200}>", body))
    end = body.find(b"</script", openings[0].end()) if len(openings) == 1 else -1
    return None if end < 0 else json_or_none(body[openings[0].end() : end])


def attribute(tag: Tag | None, name: str) -> str | None:
    """A tag's attribute; None if it has none, or an empty one."""
    found = tag.get(name) if tag is not None else None
    return found if isinstance(found, str) and found else None


def styled_address(tag: Tag) -> str | None:
    """The address of a picture that a tag has as its background."""
    found = _STYLED.search(attribute(tag, "style") or "")
    return found[1] if found else None


def printed(tag: Tag) -> str:
    """The words of a tag as a reader sees them: line breaks kept, quotations and code on lines of their own."""
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    for block in tag.find_all(_OWN_LINES):
        before, after = block.previous_sibling, block.next_sibling
        if before is not None and not before.get_text().endswith("\n"):
            block.insert_before("\n")
        if after is not None and not after.get_text().startswith("\n"):
            block.insert_after("\n")
    return tag.get_text()


def lasting(address: str | None) -> str | None:
    """The address of a picture or film without its query, which at media hosts is a signature and another every time.

    None for what is no address of the web.
    """
    return address.partition("?")[0] if address and host(address) else None
