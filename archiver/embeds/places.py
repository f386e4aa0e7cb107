"""One embed once: sightings of one post at one place become one embed, two places stay two.

A content system prints a post several ways at one place: an AMP element around a blockquote, a script's placeholder
beside its `<noscript>` copy, a block comment before the markup. The form that tells most wins.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archiver.embeds.reading.marked_quotes import unmarked
from archiver.embeds.reading.stretches import Window
from archiver.embeds.sighting import Sighting
from archiver.model.embed import Embed
from archiver.permalinks import post_address
from archiver.urls import normalise

STRENGTH = (
    "blockquote",
    "amp",
    "custom_element",
    "iframe",
    "object",
    "shortcode",
    "script",
    "json",
    "bare_address",
    "text",
)
"""Forms, the one that tells most first."""
_ALONE = "alone"
"""The first part of the key of what tells no post: each has one of its own."""
_META, _CACHE = b'data-archiver-meta="', b'data-archiver-meta="_oembed_'
_BEFORE_CACHED = 300
"""Bytes before what WordPress keeps rendered: its name, and boxes around it."""
NEAR = 30
"""Readable characters between two copies at one place, at most ("Loading tweet …")."""


@dataclass(slots=True)
class Place:
    """A place in the article and what was seen there."""

    start: int
    """In bytes of the source, or in characters of `window`, as `end`."""
    end: int
    seen: list[Sighting]
    window: Window | None = None
    """The readable text that it stands in; None for an element of the source."""

    def embed(self) -> Embed:
        """The strongest sighting, completed from the others; the forms of these are in `also`."""
        if len(self.seen) == 1:
            return _unmarked(self.seen[0].embed)
        best, *rest = sorted(self.seen, key=_rank)
        embed = best.embed
        for other in rest:
            embed = _completed(embed, other.embed)
        forms = dict.fromkeys(sighting.embed.form for sighting in rest)
        forms.pop(embed.form, None)
        return replace(_unmarked(embed), also=tuple(forms))


def _unmarked(embed: Embed) -> Embed:
    words = embed.quotation
    return replace(embed, quotation=unmarked(words)) if words and unmarked(words) is not words else embed


def _rank(sighting: Sighting) -> tuple[bool, int, bool, int]:
    form = sighting.embed.form
    strength = STRENGTH.index(form) if form in STRENGTH else len(STRENGTH)
    return not sighting.marked, strength, sighting.embed.quotation is None, sighting.start


_OPTIONAL = ("hint", "address", "native_id", "author_handle", "author_name", "published_on", "language")


def _completed(embed: Embed, other: Embed) -> Embed:
    missing = {name: getattr(other, name) for name in _OPTIONAL if getattr(embed, name) is None}
    if embed.quotation is None and other.quotation is not None:
        missing |= {"quotation": other.quotation, "links": other.links}
        missing |= {"cut": other.cut, "confidence": other.confidence}
    return replace(embed, **missing)


def post_key(embed: Embed) -> tuple[str, ...] | None:
    """What tells the post: its id, else its address, else author, day and words; None if nothing does.

    One post has many addresses (`watch?v=V`, `youtu.be/V`, `embed/V?feature=oembed`): what they lead to is compared.
    """
    if embed.native_id is not None and embed.hint == "x":
        return ("id", "x", "", embed.native_id)
    post = post_address(embed.address) if embed.address else None
    if post is not None and post.native_id is not None:
        return ("id", post.platform, post.host or "", _apart(post.platform, post.native_id))
    if post is not None and post.short_link is not None:
        return ("address", post.short_link)
    if embed.address is not None:
        return ("address", normalise(embed.address) or embed.address)
    if embed.native_id is not None:
        return ("id", str(embed.hint), "", _apart(embed.hint, embed.native_id))
    if embed.author_handle and embed.published_on and embed.quotation:
        return ("words", embed.author_handle.lower(), str(embed.published_on), "".join(embed.quotation.split()))
    return None


def _apart(platform: str | None, native_id: str) -> str:
    """The part of an id that alone tells the post apart: a repository of Bluesky is named by a handle here and by its
    DID there, and the key of a post is the microsecond in which it was written."""
    return native_id.rpartition("/")[2] if platform == "bluesky" else native_id


def same_post(one: Embed, other: Embed) -> bool:
    """Whether nothing speaks against both being one post, given that they stand at one place."""
    if one.hint != other.hint and None not in (one.hint, other.hint):
        return False
    first, second = post_key(one), post_key(other)
    if first is None or second is None or first[0] != second[0]:
        return _authors_agree(one, other)
    return first == second


def _authors_agree(one: Embed, other: Embed) -> bool:
    handles = {(e.author_handle or "").lower() for e in (one, other)} - {""}
    days = {e.published_on for e in (one, other)} - {None}
    return len(handles) <= 1 and len(days) <= 1


def gathered(sightings: Sequence[Sighting]) -> list[Place]:
    """The places of sightings in one text: what lies within another and shows the same post joins it, and what lies
    within a quotation and shows another post is the post quoted there, no embed of the article."""
    places: list[Place] = []
    open_places: list[Place] = []
    for sighting in sorted(sightings, key=lambda s: (s.start, -s.end)):
        while open_places and open_places[-1].end <= sighting.start:
            open_places.pop()
        around = open_places[-1] if open_places else None
        if around is not None and same_post(around.seen[0].embed, sighting.embed):
            around.seen.append(sighting)
            around.end = max(around.end, sighting.end)
        elif around is None or around.seen[0].embed.form != "blockquote":
            places.append(Place(sighting.start, sighting.end, [sighting]))
            open_places.append(places[-1])
    return places


def joins(earlier: Place, later: Place, between: str | None) -> bool:
    """Whether two neighbours are copies of one embed: the same post for certain, and no word between them, or hardly
    one where the forms differ (a placeholder's "Loading post …" beside its `<noscript>` copy).

    Without the words between them: whether they could be.
    """
    key = post_key(earlier.seen[0].embed)
    if key is None or key != post_key(later.seen[0].embed):
        return False
    forms = [place.seen[0].embed.form for place in (earlier, later)]
    return between is None or len("".join(between.split())) <= (NEAR if forms[0] != forms[1] else 0)


def with_own(places: list[Place], sightings: list[Sighting]) -> list[Place]:
    """The places, which are in order, with what elements say of themselves to their scripts: a copy of an embed of the
    page joins it."""
    by_post = _by_post(places) if sightings else {}
    by_element: dict[tuple[int, tuple[str, ...]], Place] = {}
    kept = [*places]
    for sighting in sightings:
        key = _key(sighting)
        known = by_post.get(key) or by_element.get((sighting.start, key))
        if known is not None:
            known.seen.append(sighting)
            continue
        place = by_element[sighting.start, key] = Place(sighting.start, sighting.end, [sighting])
        insort(kept, place, key=_begin)
    return kept


def _begin(place: Place) -> int:
    return place.window.start if place.window else place.start


def _by_post(places: list[Place]) -> dict[tuple[str, ...], Place]:
    by_post: dict[tuple[str, ...], Place] = {}
    _note(places, by_post)
    return by_post


def _note(places: list[Place], by_post: dict[tuple[str, ...], Place]) -> None:
    for place in places:
        for sighting in place.seen:
            by_post.setdefault(_key(sighting), place)


def without_caches(lower: bytes, places: list[Place]) -> list[Place]:
    """The places without what WordPress keeps rendered in a post's meta (`_oembed_…`, laid behind the article by who
    reads the export), where the article shows that post: it is a copy, and no place where a reader sees it."""
    kept: list[Place] = []
    by_post: dict[tuple[str, ...], Place] = {}
    noted = 0
    for place in places:
        begin = _begin(place)
        # The first is no copy of another, and to look is not free.
        meta = lower.rfind(_META, max(begin - _BEFORE_CACHED, 0), begin) if kept else -1
        is_cache = meta >= 0 and lower.startswith(_CACHE, meta)
        if is_cache:
            # Each place once: pages may have a thousand caches.
            _note(kept[noted:], by_post)
            noted = len(kept)
        known = by_post.get(_key(place.seen[0])) if is_cache else None
        if known is None:
            kept.append(place)
        else:
            known.seen.extend(place.seen)
    return kept


def merged(places: list[Place], scripted: Iterable[list[Sighting]]) -> tuple[list[Place], bool]:
    """The places with what scripts hold, and whether scripts hold posts that were left out.

    A copy of an embed of the page joins it, wherever that stands. What only a script shows is an embed where the
    page itself tells of none (it is rendered by its script), or where it stands in one text with a copy; else it is of
    another article, which the page's state carries along, as what the state itself calls related always is.
    """
    groups = [group for group in scripted if group]
    by_post = _by_post(places) if groups else {}
    kept, left_out = [*places], False
    tells_one = any(told != _ALONE for told, *_ in by_post)
    for group in groups:
        takes_all = any(_key(sighting) in by_post for sighting in group) or not (tells_one or group[0].elsewhere)
        for sighting in group:
            if (known := by_post.get(_key(sighting))) is not None:
                known.seen.append(sighting)
            elif takes_all:
                kept.append(Place(sighting.start, sighting.end, [sighting]))
                by_post[_key(sighting)] = kept[-1]
            else:
                left_out = True
    return kept, left_out


def _key(sighting: Sighting) -> tuple[str, ...]:
    return post_key(sighting.embed) or (_ALONE, str(id(sighting)))
