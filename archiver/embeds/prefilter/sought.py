"""Literals, sought together in bytes at the speed of memory.

The search looks at the first four bytes of the literals at once and stops wherever they could be those of one. Pages
are full of "data-", "font-face", "static" and "twitter": what begins so is sought from behind that, and its beginning
is looked at where the rest was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from ahocorasick_rs import BytesAhoCorasick, MatchKind

Kind = TypeVar("Kind")

_LOOKED_AT = 4
_FREQUENT = tuple(b"dat te socia vid sta /sta twitte twitter.co faceb yout em platfo crea instag medi".split())
"""Beginnings of literals whose first four bytes stand everywhere, and the rest's hardly anywhere."""


def dealt_out(literals: Sequence[bytes], measured: Sequence[bytes] = ()) -> list[bytes]:
    """The literals in an order in which they are sought fast; none begins another, so it says nothing else. `measured`:
    the first four bytes of literals in an order that was found to be fast.

    The search deals the literals out to its 8 buckets (16 for more than 32) in turn, and stops where of each byte the
    lower half is that of one literal of a bucket and the upper half that of one: which share a bucket, decides. But one
    whose first bytes have the same lower halves as an earlier one's joins that. Those come last, so that the buckets
    fill evenly. In the place of a measured one that is no more comes one that was not measured, or the last, so that
    the others keep their buckets.
    """
    looked_at = min(_LOOKED_AT, *map(len, literals))
    first: dict[bytes, bytes] = {}
    for literal in literals:
        first.setdefault(bytes(sign & 15 for sign in literal[:looked_at]), literal)
    known = {literal[:_LOOKED_AT]: literal for literal in first.values()}
    others = [literal for begun, literal in known.items() if begun not in measured]
    places = [known.get(begun) for begun in measured]
    ordered: list[bytes] = []
    while places or others:
        placed = places.pop(0) if places else None
        while placed is None and places and not others:
            placed = places.pop()
        if placed is not None or others:
            ordered.append(placed if placed is not None else others.pop(0))
    return [*ordered, *(literal for literal in literals if literal not in first.values())]


class Sought(Generic[Kind]):
    """A search for literals, 64 at most: it is many times slower with more."""

    def __init__(self, kinds: Mapping[bytes, Kind], measured: Sequence[bytes] = ()) -> None:
        """The kind of each literal. None may begin another. `measured`: as in `dealt_out`, of what is sought of
        each."""
        literal_of = {_rest(literal): literal for literal in kinds}
        ordered = dealt_out([*literal_of], measured)
        self._literals = [(literal_of[rest], kinds[literal_of[rest]]) for rest in ordered]
        self._search = BytesAhoCorasick(ordered, MatchKind.LeftmostFirst)
        self._overlapping = BytesAhoCorasick(ordered)
        self._longest = max(map(len, ordered))

    def places(self, source: bytes) -> list[tuple[Kind, int]]:
        """The literals in a source, in order, none within another: the kind of each, and where it begins."""
        found: list[tuple[Kind, int]] = []
        free = 0
        for index, start, end in self._search.find_matches_as_indexes(source):
            literal, kind = self._literals[index]
            at = end - len(literal)
            if at >= free and source.startswith(literal, at):
                found.append((kind, at))
                free = end
                continue
            # Within what looked like a literal's rest another one may begin.
            for begun, behind, which in self._within(source, start + 1, end, free):
                if begun >= free:
                    found.append((which, begun))
                    free = behind
        return found

    def _within(self, source: bytes, low: int, high: int, free: int) -> list[tuple[int, int, Kind]]:
        """Those of which the rest begins in source[low:high], and all of them not before `free`, be it that they
        overlap: where they begin and end, and their kinds."""
        found: list[tuple[int, int, Kind]] = []
        window = source[low : high + self._longest]
        for index, start, end in self._overlapping.find_matches_as_indexes(window, overlapping=True):
            literal, kind = self._literals[index]
            at = low + end - len(literal)
            if low + start < high and at >= free and source.startswith(literal, at):
                found.append((at, low + end, kind))
        return sorted(found, key=lambda each: each[:2])


def _rest(literal: bytes) -> bytes:
    """What is sought of a literal: all of it, or what stands behind a frequent beginning."""
    skipped = max((len(begun) for begun in _FREQUENT if literal.startswith(begun)), default=0)
    return literal[skipped:] if len(literal) - skipped >= _LOOKED_AT else literal
