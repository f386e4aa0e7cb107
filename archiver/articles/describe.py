"""What an article says of itself: its title, where it was published, and when."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from archiver.articles.head import Field, Page
from archiver.articles.saved import saved_from
from archiver.model.article import Markup

TITLE_CHARACTERS = 300
OLDEST_YEAR = 1600
"""No newspaper is older; some systems write the year 1 for "unknown"."""
ADDRESS_CHARACTERS = 2048
FRONT_MATTER_CHARACTERS = 20_000

_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\\\ud800-\udfff]")
_FRONT_MATTER = re.compile(r"\s{0,100}(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_YAML_LINE = re.compile(r"^(title|date|url|permalink)[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_COUNTED = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds since 1970, or thousandths of them, in the years from 2001 to 2033."""
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)")
_UNDERLINE = re.compile(r"^ {0,3}(?:={2,}|-{2,})[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Description:
    """What could be found; None where the article does not say, or says what cannot be used."""

    title: str | None = None
    address: str | None = None
    published_at: datetime | None = None


def describe(page: bytes, markup: Markup) -> Description:
    """What an article in UTF-8 says of itself; bytes that are not UTF-8 read as U+FFFD.

    Never raises; time grows with the length of the article and no faster.
    """
    if markup == "html":
        said = _of_page(Page(page))
        return said if said.address else replace(said, address=http_address(saved_from(page)))
    text = page.decode("utf-8", "replace")
    if markup == "markdown":
        return _from_markdown(text)
    return Description(title=_first_line(text))


def clean_title(text: str) -> str | None:
    """White space made one space, cut at TITLE_CHARACTERS; what cannot be stored as UTF-8 is replaced."""
    words = " ".join(text[: 10 * TITLE_CHARACTERS].replace("\0", "").split())
    return words[:TITLE_CHARACTERS].encode("utf-8", "replace").decode("utf-8").strip() or None


def http_address(text: str) -> str | None:
    """The address, if it is a whole http(s) one without user name or password; else None."""
    address = text.strip()
    if not address or len(address) > ADDRESS_CHARACTERS or _NO_ADDRESS.search(address):
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return address if usable and "@" not in parts.netloc else None


def moment(text: str) -> datetime | None:
    """An ISO 8601 or RFC 5322 date or time as an instant in UTC; without an offset it is taken as UTC. Also the seconds
    since 1970, or their thousandths, that databases count in. Else None."""
    written = text.strip()
    if not 8 <= len(written) <= 64:
        return None
    if _COUNTED.fullmatch(written):
        return datetime.fromtimestamp(int(written[:10]), UTC)
    # Front matter writes "2021-08-20 10:00:00 +0430".
    iso = re.sub(r"(?<=\d)\s+(?=[+-]\d{2}:?\d{2}$)", "", written)
    for reading in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = reading(iso if reading is datetime.fromisoformat else written)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return found if found.year >= OLDEST_YEAR else None
    return None


def _of_page(page: Page) -> Description:
    """What stands before the body has the last word, and most pages say all of it there; then the rest is not read."""
    page.read_head()
    title, address, published_at = _title(page), _address(page), _moment(page)
    found: dict[Field, object] = {"title": title, "address": address, "moment": published_at}
    missing = [field for field, used in found.items() if used is None]
    if missing:
        page.read_rest(missing)
    return Description(
        title=title or _title(page),
        address=address or _address(page),
        published_at=published_at or _moment(page),
    )


def _title(page: Page) -> str | None:
    return next(filter(None, map(clean_title, page.titles())), None)


def _address(page: Page) -> str | None:
    return next(filter(None, map(http_address, page.addresses())), None)


def _moment(page: Page) -> datetime | None:
    return next(filter(None, map(moment, page.moments())), None)


def _from_markdown(text: str) -> Description:
    matter = _FRONT_MATTER.match(text[:FRONT_MATTER_CHARACTERS])
    stated = _stated(matter[1], matter[2]) if matter else {}
    body = text[matter.end() :] if matter else text
    addresses = (http_address(stated.get(key, "")) for key in ("url", "permalink"))
    return Description(
        title=clean_title(stated.get("title", "")) or _first_heading(body),
        address=next((address for address in addresses if address), None),
        published_at=moment(stated.get("date", "")),
    )


def _stated(fence: str, block: str) -> dict[str, str]:
    """The keys of a front matter that we know: TOML between +++, else the simple lines of YAML."""
    if fence == "+++":
        try:
            noun = tomllib.loads(block.replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError):
            return {}
        return {key: str(noun[key]) for key in ("title", "date", "url", "permalink") if key in noun}
    stated = {}
    for key, written in _YAML_LINE.findall(block):
        stated[key.lower()] = _scalar(written.strip())
    return stated


def _scalar(written: str) -> str:
    """A simple YAML value without its quotes or the comment behind it."""
    quote = written[:1]
    if quote in ('"', "'") and (end := written.rfind(quote)) > 0:
        return written[1:end]
    return written.split(" #", 1)[0]


def _first_line(text: str) -> str | None:
    match = re.search(r"\S[^\r\n]{0,2000}", text)
    return clean_title(match[0]) if match else None


def _first_heading(text: str) -> str | None:
    fenced = False
    before = ""
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            if heading := _HEADING.match(line[:2000]):
                return clean_title(heading[1].rstrip(" \t#"))
            if before.strip() and _UNDERLINE.match(line[:2000]):
                return clean_title(before)
        before = line
    return None
