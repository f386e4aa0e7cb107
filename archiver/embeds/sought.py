"""Literals, sought together in bytes at the speed of memory.

The search looks at the first four bytes of the literals at once and stops wherever they could be those of one. Pages
are full of "data-", "font-face", "static" and "twitter": what begins so is sought from behind that, and its beginning
is looked at where the rest was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import BytesAhoCorasick, MatchKind

_LOOKED_AT = 4
_FREQUENT = tuple(b"dat te socia vid sta /sta twitte twitter.co faceb yout em platfo crea instag medi".split())
"""Beginnings of literals whose first four bytes stand everywhere, and the rest's hardly anywhere."""
_MEASURED = (
    *(b"a-sh", b"rm.x", b"thre", b"ram.", b"twee", b"redd", b"m/em", b"PGlm", b"teTw", b"PGJs", b"tus\\", b"fb.w"),
    *(b"[emb", b"weet", b"tikt", b"wp:c", b"r-wi", b"//t.", b"blue", b"pic.", b"u.be", b"legr", b"eoid", b"a-tw"),
    *(b"teVi", b"[twe", b"tus/", b"2Fst", b"/vid", b"ube-", b"bsky", b"tuse", b"a-so", b"r-tw", b"ifra", b"ram-"),
    *(b"r.am", b"bedl", b"l_em", b"a-em", b"xt-p", b"at:/", b"trut", b"mast", b"oemb", b"ube.", b"ook.", b"wp:e"),
    b"r-vi",
    *(b"lj-t", b"a-si", b'"you', b"ube2", b"r-de", b"s9e.", b"r Ad", b"er2T", b"kg-t", b"jwpl", b"/tem", b"bbpB"),
    *(b"-you", b"SWF(", b"ropo", b"TikT", b"et-l", b"borl", b'"twe', b"oneb", b"Tube", b"Fvi%", b"ram_"),
)
"""What is sought of the literals of `hints`, of one search behind those of another, in orders in which they stop least,
as measured on 62 MB of pages: with others they may take twice the time, and find the same."""


def dealt_out(literals: Sequence[bytes], measured: Sequence[bytes] = ()) -> list[bytes]:
    """The literals in an order in which they are sought fast; none begins another, so it says nothing else. `measured`:
    the first four bytes of literals in an order that was found to be fast; what it does not name comes behind.

    The search deals the literals out to its 8 buckets (16 for more than 32) in turn, and stops where of each byte the
    lower half is that of one literal of a bucket and the upper half that of one: which share a bucket, decides. But one
    whose first bytes have the same lower halves as an earlier one's joins that. Those come last, so that the buckets
    fill evenly.
    """
    looked_at = min(_LOOKED_AT, *map(len, literals))
    first: dict[bytes, bytes] = {}
    for literal in literals:
        first.setdefault(bytes(sign & 15 for sign in literal[:looked_at]), literal)
    place = {begun: number for number, begun in enumerate(measured)}
    ordered = sorted(first.values(), key=lambda literal: place.get(literal[:_LOOKED_AT], len(place)))
    return [*ordered, *(literal for literal in literals if literal not in first.values())]


class Sought:
    """A search for literals of four bytes at least, 64 at most: it is many times slower beyond either."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        """None of the literals may begin another."""
        number = {_rest(literal): number for number, literal in enumerate(literals)}
        ordered = dealt_out([*number], _MEASURED)
        self._literals = [(literals[number[rest]], number[rest]) for rest in ordered]
        self._search = BytesAhoCorasick(ordered, MatchKind.LeftmostFirst)
        self._overlapping = BytesAhoCorasick(ordered)
        self._longest = max(map(len, ordered))

    def places(self, source: bytes) -> list[tuple[int, int]]:
        """The literals in a source, in order, none within another: the number of each, and where it begins."""
        found: list[tuple[int, int]] = []
        free = 0
        for index, start, end in self._search.find_matches_as_indexes(source):
            literal, number = self._literals[index]
            at = end - len(literal)
            if at >= free and source.startswith(literal, at):
                found.append((number, at))
                free = end
                continue
            # Within what looked like a literal's rest another one may begin.
            for begun, behind, which in self._within(source, start + 1, end, free):
                if begun >= free:
                    found.append((which, begun))
                    free = behind
        return found

    def _within(self, source: bytes, low: int, high: int, free: int) -> list[tuple[int, int, int]]:
        """Those of which the rest begins in source[low:high], and all of them not before `free`, be it that they
        overlap: where they begin and end, and their numbers."""
        found: list[tuple[int, int, int]] = []
        window = source[low : high + self._longest]
        for index, start, end in self._overlapping.find_matches_as_indexes(window, overlapping=True):
            literal, number = self._literals[index]
            at = low + end - len(literal)
            if low + start < high and at >= free and source.startswith(literal, at):
                found.append((at, low + end, number))
        return sorted(found)


def _rest(literal: bytes) -> bytes:
    """What is sought of a literal: all of it, or what stands behind a frequent beginning."""
    skipped = max((len(begun) for begun in _FREQUENT if literal.startswith(begun)), default=0)
    return literal[skipped:] if len(literal) - skipped >= _LOOKED_AT else literal
