"""Times several ways of doing one thing, in turn, in one run; prints them side by side with their ratios.

Of each way the least of several rounds counts: what is more than the least is the machine's noise. Wall time and
processor time (children's included) stand beside each other; where their ratios disagree, the machine was busy and the
processor's is the one to believe.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 5
PATIENCE_SECONDS = 40.0
"""A way that has taken so long in all is not gone through again."""


class Watch:
    """Measures what is done between `with` and its end."""

    wall = 0.0
    """Seconds that went by."""
    processor = 0.0
    """Seconds of processor time of this process, and of children that ended within."""

    def __enter__(self) -> Watch:
        self._spent, self._started = _spent(), time.perf_counter()
        return self

    def __exit__(self, *exc: object) -> None:
        self.wall = time.perf_counter() - self._started
        self.processor = _spent() - self._spent


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in one round."""

    units: int
    """How many files, looks, starts."""
    size: int = 0
    """How many bytes; 0 where that says nothing."""
    found: int | None = None
    """How many embeds, so that nobody wins by finding nothing."""
    watch: Watch | None = None
    """What the way measured itself; None where all of it counts."""


Way = Callable[[], Done]


@dataclass(slots=True)
class _Timed:
    """One way, so far."""

    done: Done
    rounds: int = 0
    wall: float = float("inf")
    processor: float = float("inf")
    spent: float = 0.0


class Comparison:
    """Ways of doing one thing, timed in turn."""

    def __init__(self, title: str, ways: Mapping[str, Way], unit: str = "files", rounds: int = ROUNDS) -> None:
        self.title = title
        self.unit = unit
        self._timed: dict[str, _Timed] = {}
        for _ in range(rounds):
            for name, way in ways.items():
                self._go(name, way)

    def _go(self, name: str, way: Way) -> None:
        timed = self._timed.get(name)
        if timed is not None and timed.spent > PATIENCE_SECONDS:
            return
        with Watch() as around:
            done = way()
        watch = done.watch or around
        timed = self._timed.setdefault(name, _Timed(done))
        timed.rounds += 1
        timed.spent += around.wall
        timed.wall = min(timed.wall, watch.wall)
        timed.processor = min(timed.processor, watch.processor)

    def table(self, one: str) -> None:
        """Print a line for each way, with its rate as a multiple of that of the way `one`."""
        print(f"\n{self.title} (the least of several rounds; 1 = {one})")
        heads = f"{self.unit + '/s':>10} {'MB/s':>7} {'wall s':>8} {'proc. s':>8} {'found':>7} {'wall':>9} {'proc.':>9}"
        print(f"  {'':56} {heads}")
        for name, timed in self._timed.items():
            done, (wall, processor) = timed.done, self.times_faster(name, one)
            megabytes = f"{done.size / timed.wall / 1e6:,.0f}" if done.size else ""
            found = "" if done.found is None else f"{done.found:,}"
            print(
                f"  {name:56} {done.units / timed.wall:10,.0f} {megabytes:>7} {timed.wall:8.3f} "
                f"{timed.processor:8.3f} {found:>7} {wall:>8,.2f}x {processor:>8,.2f}x"
            )

    def times_faster(self, way: str, than: str) -> tuple[float, float]:
        """By what factor one way does more units a second than another: by wall time, by processor time."""
        one, other = self._timed[way], self._timed[than]
        units = one.done.units / other.done.units
        return units * other.wall / one.wall, units * other.processor / one.processor

    def faster(self, way: str, than: str, target: str) -> None:
        """Print by what factor, beside what was aimed at."""
        wall, processor = self.times_faster(way, than)
        print(f"  => {way}: {wall:,.2f} x as fast as {than} (processor time: {processor:,.2f} x); aim {target}")

    def slower(self, way: str, than: str, target: str) -> None:
        """The same the other way round: how many times as long it takes."""
        wall, processor = self.times_faster(than, way)
        print(f"  => {way}: {wall:,.2f} x the time of {than} (processor time: {processor:,.2f} x); aim {target}")
