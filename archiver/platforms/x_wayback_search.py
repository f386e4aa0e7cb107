"""Seeking at the Wayback Machine the id of a post that an article quotes without address (platforms.md 1.a.2).

    its short links ─→ index ─→ where they led when they were captured ─→ its id, by the rules of x_links.py
    the author's posts with ids of that day ─→ index ─→ replay ─→ the one that is clearly quoted ─→ its id

A wrong id would have another post looked at in its name: what is not clear is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.model.capture import Capture
from archiver.model.exchange import Get
from archiver.model.outcome import Reason
from archiver.model.post import Post
from archiver.platforms import wayback, x_links
from archiver.platforms.likeness import clearly, telling
from archiver.platforms.wayback import Row
from archiver.platforms.x_ids import within
from archiver.platforms.x_wayback import Asking, Testimony, UntoldError, handles_of, in_likely_order
from archiver.urls import unarchived, x_status

MOST_CANDIDATES = 20
"""Posts of one author and day that are compared at most: of more, none is taken."""
REPLAYS_EACH = 3
"""Captures of each of them, or of a short link."""


def search(post: Post, quotations: Sequence[str], get: Get) -> Testimony:
    """The id of a post that has none, by where its short links led, else by the words that articles quote of it."""
    asking = Asking(get)
    try:
        return _by_short_links(asking, post) or _by_words(asking, post, quotations)
    except UntoldError as untold:
        return Testimony(untold.reading)


def prefixes(window: tuple[str, str]) -> tuple[str, ...]:
    """The digits with which every id of a window begins; two where ids grow by a digit within it."""
    low, high = window
    if len(low) != len(high):
        return (*prefixes((low, "9" * len(low))), *prefixes(("1" + "0" * (len(high) - 1), high)))
    same = next((place for place in range(len(low)) if low[place] != high[place]), len(low))
    return (low[:same],)


def _by_short_links(asking: Asking, post: Post) -> Testimony | None:
    """Where the post's short links led when they were captured; accepted as a short link is that we ask ourselves."""
    for link in post.short_links:
        if not link.startswith(f"https://{x_links.HOST}/"):
            continue
        place = link.removeprefix("https://")
        # The index knows no case, and a code of other case is another link.
        rows = asking.index(place, prefix=False, only=wayback.NOT_FAILED)
        own = [row for row in rows if row.original.partition("://")[2].replace(":80/", "/").rstrip("/") == place]
        for row in sorted(own, reverse=True)[:REPLAYS_EACH]:
            memento = asking.replay(row)
            target = x_links.target_of(memento.exchange) if memento else None
            if memento is None or target is None:
                continue
            found = x_links.judged(post, unarchived(target), memento.exchange)
            if found.reason is Reason.RESOLVED and found.native_id:
                return Testimony(asking.told(Reason.RESOLVED, found.message), (), found.native_id, found.author_handle)
    return None


def _by_words(asking: Asking, post: Post, quotations: Sequence[str]) -> Testimony:
    if not telling(quotations):
        return Testimony(asking.told(Reason.NO_MATCH, "too few words are quoted to tell posts apart"))
    candidates = _candidates(asking, post)
    if len(candidates) > MOST_CANDIDATES:
        return Testimony(asking.told(Reason.AMBIGUOUS, f"{len(candidates)} posts of that day are archived"))
    found: dict[str, Capture] = {}
    for native_id, rows in candidates.items():
        for row in in_likely_order(rows)[:REPLAYS_EACH]:
            capture = asking.read(row, native_id)
            if capture is not None and _is_by(capture, handles_of(post)):
                found[native_id] = capture
                break
    chosen, near = clearly(quotations, {native_id: capture.snapshot.text for native_id, capture in found.items()})
    if chosen is None:
        told = f"{len(candidates)} posts of that day are archived, {len(found)} with their words"
        return Testimony(asking.told(Reason.AMBIGUOUS if near else Reason.NO_MATCH, told))
    capture = found[chosen]
    reading = asking.told(Reason.RESOLVED, f"the words of one of {len(found)} archived posts of that day")
    return Testimony(reading, (capture,), chosen, capture.snapshot.author_handle)


def _candidates(asking: Asking, post: Post) -> dict[str, list[Row]]:
    """The captures of the author's posts of that day, by id."""
    found: dict[str, list[Row]] = {}
    window = post.id_window
    if window is None:
        return found
    for handle in handles_of(post):
        for form in ("twitter.com/{}/status/", "x.com/{}/status/", "twitter.com/{}/statuses/"):
            for digits in prefixes(window):
                for row in asking.index(form.format(handle) + digits, prefix=True):
                    status = x_status(row.original)
                    if status and (status.handle or "").lower() == handle.lower() and within(status.native_id, window):
                        found.setdefault(status.native_id, []).append(row)
    return found


def _is_by(capture: Capture, handles: Sequence[str]) -> bool:
    """Whether the capture itself names the author: X shows a post under any handle in the address."""
    return (capture.snapshot.author_handle or "").lower() in {handle.lower() for handle in handles}
