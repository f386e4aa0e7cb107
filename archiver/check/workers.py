"""Running batches side by side: one thread for each endpoint, and one writer who waits for them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence

from archiver.check.batch import OpenBatch

GRACE_SECONDS = 8.0
"""How long looks in flight may go on after we were told to stop."""
_POLL_SECONDS = 0.05


def run_together(batches: Sequence[OpenBatch], stop: threading.Event) -> Iterator[OpenBatch]:
    """Run the batches, those of one endpoint one after the other; yield each as it ends, to be closed by the caller.

    Once `stop` is set, looks in flight have GRACE_SECONDS; what has not ended then is yielded as it stands.
    """
    ended: queue.SimpleQueue[OpenBatch] = queue.SimpleQueue()
    by_endpoint = [
        [batch for batch in batches if batch.endpoint == endpoint]
        for endpoint in dict.fromkeys(batch.endpoint for batch in batches)
    ]
    threads = [_started(own, ended) for own in by_endpoint]
    waiting = {id(batch): batch for batch in batches}
    grace_ends: float | None = None
    while waiting:
        try:
            batch = ended.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            if not stop.is_set():
                for at, own in enumerate(by_endpoint):
                    if not threads[at].is_alive() and ended.empty() and id(own[-1]) in waiting:
                        # It ended before it began, for it hands over all that it began with: an interpreter without
                        # memory or with a tracer does that.
                        threads[at] = _started(own, ended)
                continue
            grace_ends = grace_ends or time.monotonic() + GRACE_SECONDS
            if time.monotonic() < grace_ends:
                continue
            batch = next(iter(waiting.values()))
            # Whatever hangs on the network is cut off, so that the threads end.
            batch.tools.client.close()
        if waiting.pop(id(batch), None) is not None:
            yield batch


def _started(batches: Sequence[OpenBatch], ended: queue.SimpleQueue[OpenBatch]) -> threading.Thread:
    thread = threading.Thread(target=_run_in_turn, args=(batches, ended), daemon=True)
    thread.start()
    return thread


def _run_in_turn(batches: Sequence[OpenBatch], ended: queue.SimpleQueue[OpenBatch]) -> None:
    left = list(batches)
    try:
        while left:
            left[0].run()
            ended.put(left.pop(0))
    finally:
        # Whatever broke, nobody waits for ever: these are closed as they stand.
        for batch in left:
            ended.put(batch)
