"""Addresses: normalise, compare hosts by label, clean queries, undo web-archive rewriting, tell X's posts.

Pure and without network. Sources: platforms.md 1.a.1 (web-archive prefixes), 1.b (hosts and paths of X), WHATWG URL.
An address that no browser would open at the host it seems to name (userinfo, encoded dots, look-alike letters)
is nobody's: `host` gives None, and everything here that asks for a host says no.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import idna

MAX_ADDRESS = 8192
"""Characters; nothing longer is an address."""

_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,20}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:")
_BARE = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,20}[/?#]")
_CONTROLS = re.compile(r"[\x00-\x20\x7f\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]+")
_CAPTURE = re.compile(
    r"/(?:(?:[a-z0-9_-]{1,30}/){0,3}(?:\d{4,14}\*?(?:[a-z]{2}_)?|(?:mp|if|im|id)_)|o/[A-Za-z0-9]{4,8})/", re.ASCII
)
"""Before the address: the time of a capture, or, in the links of archive.today's pages, its code."""
_REPLAYED = re.compile(
    r"(?:(?:https?:)?//(?:localhost|127\.0\.0\.1)(?::\d{2,5})?)?(?:/[\w.-]{1,40}){1,4}?"
    r"/(?:\d{14}(?:[a-z]{2}_)?|(?:mp|if|im|id)_)/(?=https?:/)",
    re.ASCII | re.IGNORECASE,
)
"""Before an address in a page from a newsroom's own archive: `/coll/20200501123456mp_/`, and,
without a time, of the newest capture: `/w/id-abc/mp_/`, in frames `/coll/if_/` (pywb)."""
_GOOG = ".translate.goog"
_TRANSLATED = re.compile(
    r"(?:https?:)?//(?P<name>[a-z0-9-]{3,200})\.translate\.goog(?::443)?(?=[/?#]|$)", re.ASCII | re.I
)
_OF_TRANSLATOR = re.compile(r"[?&](?:amp;)?_x_tr_[a-z]{1,9}=[^&#]{0,40}")
_SLASHES = re.compile(r"(https?):/{1,3}(?=[^/])", re.IGNORECASE)

_ARCHIVE_DOMAINS = (
    "archive.org",
    "archive-it.org",
    "archive.today",
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
    "arquivo.pt",
    "webarchive.org.uk",
    "nationalarchives.gov.uk",
    "webarchive.loc.gov",
    "conifer.rhizome.org",
    "perma.cc",
)
_TRACKING = frozenset(
    """fbclid gclid dclid gbraid wbraid msclkid yclid igshid igsh
    mc_cid mc_eid _ga ref_src ref_url cmpid ocid""".split()  # noqa: SIM905
)


def unarchived(address: str) -> str:
    """The address that a web archive rewrote: absolute (`https://web.archive.org/web/<digits>if_/https://…`),
    protocol-relative or relative (`/web/<14 digits>im_/https://…`), however often, or Google's translator
    (`https://x-com.translate.goog/…`); any other comes back trimmed."""
    if len(address) > MAX_ADDRESS:
        return ""
    # A plain look first, here and below: this is asked of every address of a page, and hardly any is an archive's.
    if " " in address or not address.isprintable():
        address = _CONTROLS.sub("", address)
    for _ in range(5):
        inner = _rewritten(address)
        if inner is None:
            break
        address = inner
    return address


def _rewritten(address: str) -> str | None:
    path = address
    if not address.startswith("/web/"):
        lowered = address.lower()
        may_be = "/http" in lowered or "archive" in lowered or "arquivo" in lowered
        parts = split(address) if may_be else None
        if parts is None or not any(within(parts.netloc, domain) for domain in _ARCHIVE_DOMAINS):
            return _replayed(address) if "/http" in lowered else _translated(address) if _GOOG in lowered else None
        path = address[address.index("//") + 2 :] if "//" in address[:10] else address
        path = path[path.index("/") :] if "/" in path else ""
    capture = _CAPTURE.match(path)
    if capture is None:
        return None
    inner = path[capture.end() :]
    if inner[:6].lower().startswith(("http:/", "https:")):
        return _SLASHES.sub(lambda m: m.group(1).lower() + "://", inner, count=1)
    if inner.startswith("//"):
        return "https:" + inner
    return "https://" + inner if _BARE.match(inner) else None


def _replayed(address: str) -> str | None:
    """The same of an archive that stands on one's own machine, or whose pages lead to it without a host."""
    capture = _REPLAYED.match(address)
    return _SLASHES.sub(lambda m: m.group(1).lower() + "://", address[capture.end() :], count=1) if capture else None


def _translated(address: str) -> str | None:
    """The address of a page that Google's translator shows under a host of its own."""
    found = _TRANSLATED.match(address)
    if found is None:
        return None
    name = found["name"].replace("--", " ").replace("-", ".").replace(" ", "-")
    return f"https://{name}{_OF_TRANSLATOR.sub('', address[found.end() :])}"


def split(address: str) -> SplitResult | None:
    """The parts of an http(s) address with an honest host; protocol-relative and scheme-less ones count as https.

    None for other schemes, userinfo, odd ports, backslashes, hosts that are no domain name.
    The host comes lower-case, in ASCII (strict IDNA, so that full-width letters are refused), without a final dot.
    """
    if len(address) > MAX_ADDRESS:
        return None
    if " " in address or not address.isprintable():
        address = _CONTROLS.sub("", address)
    if address.startswith("//"):
        address = "https:" + address
    elif not _SCHEME.match(address) and _BARE.match(address):
        address = "https://" + address
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    odd = "@" in parts.netloc or "\\" in address.partition("?")[0]
    if scheme not in ("http", "https") or port not in (None, 80, 443) or odd:
        return None
    name = _ascii_host(parts.hostname or "")
    return parts._replace(scheme=scheme, netloc=name) if name else None


def _ascii_host(name: str) -> str | None:
    name = name.removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    return name if _DOMAIN.fullmatch(name) else None


def host(address: str) -> str | None:
    """The host of an http(s) address, lower-case, in ASCII; None if it has none that can be trusted."""
    parts = split(address)
    return parts.netloc if parts else None


def within(name: str | None, domain: str) -> bool:
    """Whether a host is the domain or lies below it, by whole labels (`evilx.com` is not within `x.com`)."""
    return name is not None and (name == domain or name.endswith("." + domain))


def clean_query(query: str) -> str:
    """The query without what only tracks the reader (utm_*, fbclid, ref_src …), order kept."""
    kept = [
        (key, text)
        for key, text in parse_qsl(query, keep_blank_values=True, max_num_fields=1000, errors="replace")
        if not key.lower().startswith("utm_") and key.lower() not in _TRACKING
    ]
    return urlencode(kept)


@lru_cache(maxsize=1024)
def normalise(address: str) -> str | None:
    """One spelling of an address: archive rewriting undone, https assumed, host in ASCII, no tracking, no fragment.

    None if it is no http(s) address.
    """
    parts = split(unarchived(address))
    if parts is None:
        return None
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    try:
        query = clean_query(parts.query)
    except ValueError:
        query = parts.query
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, fragment))


class XStatus(NamedTuple):
    """What an address of X says about a post."""

    handle: str | None
    """The handle in the address; None where it has none (`/i/web/status/`). X itself ignores it."""
    native_id: str
    """The post's id: 1 to 19 digits, no leading zero, below 2**63."""


X_HOSTS = frozenset(
    prefix + domain for domain in ("x.com", "twitter.com") for prefix in ("", "www.", "m.", "mobile.", "web.")
)
"""The platform's own hosts."""
X_MIRRORS = ("fxtwitter.com", "fixupx.com", "twittpr.com", "xfixup.com", "vxtwitter.com", "fixvx.com", "xcancel.com")
"""Domains that show X's posts under X's paths (platforms.md 1.b)."""

_X_PATH = re.compile(
    r"/(?:(?P<handle>[A-Za-z0-9_]{1,20})/status(?:es)?|i/(?:web/)?status|i/videos(?:/tweet)?"
    r"|i/cards/tfw/v\d{1,2}|statuses)"
    r"/(?P<id>[0-9]{1,40})(?![\w-])",
    re.IGNORECASE,
)


def x_id(digits: str) -> str | None:
    """The id if it is one that X can have given; None for 0, leading zeros, other scripts' digits, 2**63 and more."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19 or digits.startswith("0"):
        return None
    return digits if int(digits) < 2**63 else None


def x_rounded(native_id: str) -> bool:
    """Whether the id looks as if a program that knows no integers of its size had rounded it.

    JavaScript prints 1428869455672246271 as …300, spreadsheets as …000: of true ids one in a hundred ends in 00. Kept
    as a double and printed whole it is a multiple of 256; but so is every third true id, for the last 12 bits count
    the ids of one millisecond, and mostly there is one: multiples of 4096 are no sign. What rounding makes of these,
    nobody can tell from a true id.
    """
    number = int(native_id)
    return len(native_id) >= ROUNDED_FROM and (number % 100 == 0 or (number % 256 == 0 and number % 4096 != 0))


_PLAIN_STATUS = re.compile(
    r"https?://(?:(?:www|m|mobile|web)\.)?(?:x|twitter)\.com/(?P<handle>[A-Za-z0-9_]{1,20})/status(?:es)?"
    r"/(?P<id>[1-9][0-9]{0,17}|[1-8][0-9]{18})(?:\?[A-Za-z0-9_=&%.~^-]{0,1000})?"
)
"""An address of X as X itself gives it; others are taken apart, which takes five times as long."""


def plain_x_status(address: str) -> XStatus | None:
    """The post that an address of X names as X itself writes it; None for all others, whatever they name."""
    found = _PLAIN_STATUS.fullmatch(address)
    if found is None:
        return None
    handle = found["handle"]
    return XStatus(None if handle in ("i", "I") else handle, found["id"])


@lru_cache(maxsize=1024)
def x_status(address: str) -> XStatus | None:
    """The post of X that an address names, on any of its hosts and paths; archive rewriting undone. None if none."""
    plain = plain_x_status(address)
    if plain is not None:
        return plain
    parts = split(unarchived(address))
    return x_status_of(parts) if parts else None


def _is_mirror(name: str) -> bool:
    """Whether a host shows X's posts under X's paths: the mirrors that are known, and every instance of nitter."""
    return "nitter" in name.split(".") or any(within(name, mirror) for mirror in X_MIRRORS)


def x_status_of(parts: SplitResult) -> XStatus | None:
    """The same of an address that `split` has taken apart."""
    if parts.netloc not in X_HOSTS and not _is_mirror(parts.netloc):
        return None
    path = re.sub(r"/{2,9}", "/", unquote(parts.path))
    if parts.fragment.startswith("!") and path in ("", "/"):
        path = "/" + parts.fragment[1:].lstrip("/")
    found = _X_PATH.match(path)
    native_id = x_id(found["id"]) if found else None
    if found is None or native_id is None:
        return None
    handle = found["handle"]
    return XStatus(None if handle is None or handle.lower() == "i" else handle, native_id)


ROUNDED_FROM = 17
"""Digits from which on a double no longer holds every integer."""
_EPOCH_MS, _FIRST_TIMED_ID = 1288834974657, 29700859247


def x_day(native_id: str) -> date | None:
    """The UTC day on which X gave an id; None for ids from before they held a time (November 2010)."""
    number = int(native_id)
    if number < _FIRST_TIMED_ID:
        return None
    return datetime.fromtimestamp(((number >> 22) + _EPOCH_MS) / 1000, UTC).date()
