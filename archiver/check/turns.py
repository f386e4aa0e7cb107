"""Whose turn it is: the posts that are due, the latest in proportion to their gaps first, in rounds as full as can be.

What is due is read anew after every few rounds. A check of many posts takes days: meanwhile posts become due that were
found absent an hour ago, and their turn comes before that of thousands that have waited long on a long gap.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from archiver.clock import Clock
from archiver.schedule import Timetable, lateness, may_be_early
from archiver.store import posts
from archiver.store.posts import Waiting
from archiver.store.transaction import Store

T = TypeVar("T")

ROUNDS_A_TURN = 10
"""Rounds until what is due is read anew: a few minutes, at a request a second."""


@dataclass(slots=True)
class Turns:
    """The posts of one platform that are due."""

    store: Store
    clock: Clock
    timetable: Timetable
    platform: str
    size: int
    """How many posts a round has room for."""
    follow: Sequence[str] = ()
    """Handles of the authors to look at; empty means everyone."""
    _had: set[tuple[int, datetime]] = field(default_factory=set)
    """Turns that were had: a post that is due at the very time it was due before was not looked at, and is not taken
    again and again."""

    def rounds(self) -> Iterator[Sequence[int]]:
        """Numbers of the posts of each round, until nothing is due."""
        while turn := self._next():
            yield from in_parts(turn, self.size)

    def _next(self) -> list[int]:
        at = self.clock.now()
        most = ROUNDS_A_TURN * self.size
        with self.store.reading() as connection:
            due = posts.due(connection, at, self.platform, identified=True, authors=self.follow)
            latest = heapq.nlargest(
                most,
                (each for each in due if (each.number, each.due_at) not in self._had),
                key=lambda each: (lateness(at, each.due_at, each.last_checked_at), -each.number),
            )
            if latest:
                until = at + self.timetable.longest_gap * self.timetable.early_percent / 100
                soon = posts.soon_due(connection, at, until, self.platform, self.follow)
                latest += islice(filter(self._may_be_early(at), soon), -len(latest) % self.size)
        self._had |= {(each.number, each.due_at) for each in latest}
        return [each.number for each in latest]

    def _may_be_early(self, at: datetime) -> Callable[[Waiting], bool]:
        return lambda each: may_be_early(at, each.due_at, each.last_checked_at, self.timetable)


def in_parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of at most `size`, in order."""
    return (whole[start : start + size] for start in range(0, len(whole), size))
