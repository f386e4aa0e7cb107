"""What the Wayback Machine tells of a post of X whose id is known (platforms.md 12.5).

    the addresses it had, a group at a time ─→ index ─→ the captures in a likely order ─→ replay ─→ its words

The archive is a witness: what it says is its word, never a sighting of ours. That it has nothing, or an archived 404,
says nothing of a post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import parse_qs

from archiver.model.capture import Capture
from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import Post
from archiver.platforms import wayback, wayback_json, wayback_pages
from archiver.platforms.answers import json_or_none
from archiver.platforms.wayback import Memento, Row
from archiver.platforms.x_ids import id_time
from archiver.platforms.x_oembed import HOST as NEW_OEMBED_HOST
from archiver.platforms.x_oembed import OLD_HOST as OEMBED_HOST
from archiver.platforms.x_syndication import HOST as SYNDICATION_HOST
from archiver.urls import split, x_status

MOST_REPLAYS = 6
"""Captures of one group of addresses that are replayed at most."""
_LEGACY_UNTIL = "20200601"
"""Pages captured before then hold the words; most of those after do not, until a script fetches them."""
_BROKEN = frozenset(
    {
        *(Reason.EXCLUDED, Reason.NOT_ARCHIVED, Reason.REDIRECTED, Reason.UNEXPECTED_SHAPE, Reason.UNEXPECTED_STATUS),
        *(Reason.SERVER_ERROR, Reason.TOO_LARGE, Reason.UNDECODABLE),
    }
)
"""What may be wrong with one capture; the next is asked for."""
_CLOCKS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Testimony:
    """What came of asking about one post."""

    reading: Reading
    """Its outcome is always unknown."""
    captures: tuple[Capture, ...] = ()
    """Those that hold the post's words."""
    native_id: str | None = None
    """The id that was found, of a post that had none; `captures` are of that id."""
    author_handle: str | None = None
    """Whose it is then."""


class UntoldError(Exception):
    """The archive could not be asked, or wants to be left alone: the reading says why."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.reason)
        self.reading = reading


@dataclass(slots=True)
class Asking:
    """The questions about one post, and what is known so far."""

    get: Get
    last: Exchange | None = None
    excluded: bool = False
    rows: int = 0
    """Captures that the index has."""
    replays: int = 0
    unreadable: set[tuple[str, str]] = field(default_factory=set)
    """(post, digest) of captures that do not hold its words."""

    def index(self, url: str, *, prefix: bool, only: str = wayback.SERVED) -> list[Row]:
        """The captures in the index. Raises UntoldError where nothing more can be asked."""
        self.last = self.get(wayback.index_address(url, prefix=prefix, only=only))
        found = wayback.index(self.last)
        if not isinstance(found, Reading):
            return found
        if found.reason is not Reason.EXCLUDED:
            raise UntoldError(found)
        self.excluded = True
        return []

    def replay(self, row: Row, native_id: str | None = None) -> Memento | None:
        """One capture, of that post where an id is given; None where it cannot be had."""
        self.replays += 1
        same = (lambda address: is_of(address, native_id)) if native_id else (lambda address: False)
        found = wayback.replay(row, self.get, same)
        self.last = found.exchange
        if not isinstance(found, Reading):
            return found
        if found.reason not in _BROKEN:
            raise UntoldError(found)
        return None

    def read(self, row: Row, native_id: str) -> Capture | None:
        """The post's words in one capture; None where it does not hold them."""
        if (native_id, row.digest) in self.unreadable:
            return None
        memento = self.replay(row, native_id)
        if memento is None:
            return None
        capture = read(memento, row, native_id)
        if capture is None:
            self.unreadable.add((native_id, row.digest))
        return capture

    def told(self, reason: Reason, message: str | None = None) -> Reading:
        """The end of asking: unknown, for that reason."""
        return Reading(Outcome.UNKNOWN, reason, self.last, message=message)


def testify(post: Post, get: Get) -> Testimony:
    """What the archive has of a post whose id is known. The later groups of addresses are asked only where the earlier
    ones had no words."""
    asking, captures = Asking(get), list[Capture]()
    native_id, wait = post.native_id or "", None
    try:
        for group in addresses(native_id, handles_of(post)):
            rows = [row for url in group for row in asking.index(url, prefix=True) if is_of(row.original, native_id)]
            asking.rows += len(rows)
            for capture in _read_best(asking, rows, native_id):
                captures.append(capture)
            if captures:
                break
    except UntoldError as untold:
        if not captures:
            return Testimony(untold.reading)
        wait = untold.reading.retry_after_seconds
    return Testimony(replace(_said(asking, captures), retry_after_seconds=wait), tuple(captures))


def addresses(native_id: str, handles: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Under which addresses a post may have been captured, the likeliest group first; each is a beginning."""
    pages = [f"{host}/{handle}/status/{native_id}" for handle in handles for host in ("twitter.com", "x.com")]
    others = [
        form.format(handle=handle, id=native_id)
        for handle in handles
        for form in ("mobile.twitter.com/{handle}/status/{id}", "twitter.com/{handle}/statuses/{id}")
    ]
    cards = [f"{OEMBED_HOST}/oembed?url=https://twitter.com/{handle}/status/{native_id}" for handle in handles]
    return (
        tuple(pages),
        (*others, f"twitter.com/i/web/status/{native_id}"),
        (*cards, f"{SYNDICATION_HOST}/tweet-result?id={native_id}"),
    )


def is_of(address: str, native_id: str) -> bool:
    """Whether an address that was captured is one of that post: an id that merely begins like it is another's."""
    status = x_status(address)
    if status is not None:
        return status.native_id == native_id
    parts = split(address)
    if parts is None or parts.netloc not in (OEMBED_HOST, NEW_OEMBED_HOST, SYNDICATION_HOST):
        return False
    query = parse_qs(parts.query[:4000], max_num_fields=None)
    if parts.netloc == SYNDICATION_HOST:
        return query.get("id") == [native_id]
    named = [x_status(url) for url in query.get("url", ())]
    return [status.native_id for status in named if status] == [native_id]


def read(memento: Memento, row: Row, native_id: str) -> Capture | None:
    """The post's words in a capture; None where it was no answer that serves them, or of a time that cannot be."""
    exchange, born_at = memento.exchange, id_time(native_id)
    early = born_at is not None and memento.captured_at < born_at - _CLOCKS
    if exchange.status_code != 200 or early:
        return None
    if exchange.body.lstrip()[:1] == b"{":
        found = wayback_json.read(json_or_none(exchange.body), native_id, exchange)
    else:
        found = wayback_pages.read(exchange.body, native_id)
    if found is None:
        return None
    age = memento.age_seconds
    return Capture(wayback.NAME, memento.captured_at, row.original, found.form, found.snapshot, age)


def in_likely_order(rows: Iterable[Row]) -> list[Row]:
    """JSON first, then the two newest pages, then those of the years in which pages held the words, then the rest."""
    newest_first = sorted(dict.fromkeys(rows), reverse=True)
    json = [row for row in newest_first if row.mimetype == "application/json"]
    pages = [row for row in newest_first if row.mimetype != "application/json"]
    old = [row for row in pages[2:] if row.timestamp < _LEGACY_UNTIL]
    return list(dict.fromkeys((*json[:2], *pages[:2], *old, *pages, *json)))


def handles_of(post: Post) -> tuple[str, ...]:
    """The handles under which the post may have been captured."""
    handles = {each.lower(): each for each in (post.author_handle, post.cited_handle) if each}
    return tuple(handles.values())


def _read_best(asking: Asking, rows: Sequence[Row], native_id: str) -> Iterator[Capture]:
    """The first page that holds the words, and the first JSON that does; no page that is older than such JSON."""
    json_at, before = "", asking.replays
    for row in in_likely_order(rows):
        is_json = row.mimetype == "application/json"
        if asking.replays - before >= MOST_REPLAYS or (is_json and json_at):
            continue
        if row.timestamp < json_at:
            return
        capture = asking.read(row, native_id)
        if capture is not None:
            yield capture
            if not is_json:
                return
            json_at = row.timestamp


def _said(asking: Asking, captures: Sequence[Capture]) -> Reading:
    if captures:
        newest = max(each.captured_at for each in captures)
        return asking.told(Reason.CAPTURED, f"captured at {newest:%Y-%m-%d %H:%M:%S} UTC")
    if asking.rows:
        return asking.told(Reason.NO_WORDS, f"{asking.rows} captures, none of those read holds its words")
    return asking.told(Reason.EXCLUDED if asking.excluded else Reason.NOT_ARCHIVED)
