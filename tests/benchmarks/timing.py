"""Times things several times over, in turn, and prints them side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def side_by_side(title: str, ways: Mapping[str, Callable[[], int]], unit: str, rounds: int = 3) -> None:
    """Run each way `rounds` times, in turn; each says how many units it did. Prints median rates and ratios."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            done = way()
            rates[name].append(done / (time.perf_counter() - started))
    print(f"\n{title} (median of {rounds}; ratio to the first line)")
    first = statistics.median(next(iter(rates.values())))
    for name, measured in rates.items():
        median = statistics.median(measured)
        spread = f"{min(measured):,.1f} to {max(measured):,.1f}"
        print(f"  {name:58} {median:12,.1f} {unit}/s  ({spread})  {median / first:8.2f} x")
