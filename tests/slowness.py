"""How slow this machine is: time limits of tests grow with it."""

from __future__ import annotations

import time


def slowness() -> float:
    """How much slower than a usual machine this one is just now, at least 1."""
    began = time.process_time()
    sum(i * i for i in range(1_000_000))
    return max(1.0, (time.process_time() - began) / 0.08)
