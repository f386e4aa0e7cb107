"""Worker processes, and the memory that they share with the process that hands out the articles.

    payloads ─laid side by side→ a slot of the shared memory ─taken out→ worker: look_through_all ─Scanned→
                                        └ free again when the worker has answered, or has died

Through the pool's own pipes every payload would be copied six times, by both sides: a few per cent of the time.
The memory is that of a file whose name is gone before anything is in it (multiprocessing's own): whoever is killed,
nothing stays behind. Each pool has memory of its own, so that no worker of a broken one sees what the next is given.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context, parent_process
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from typing import Any, NamedTuple

from archiver.model.article import Article, StoredArticle
from archiver.model.embed import Embed, Identification, Link

SLOT_BYTES = 2_500_000
"""A chunk of usual articles; one that is longer goes through the pipes."""

_memory: list[memoryview] = []
"""In a worker: the shared memory, where there is any."""


def _pickled_by_fields(kind: type[Any]) -> None:
    """Pickle these as a call with their fields, half the work of what a frozen dataclass with slots does by itself."""
    stated = attrgetter(*(field.name for field in fields(kind)))
    ForkingPickler.register(kind, lambda each: (kind, stated(each)))


for _kind in (Article, StoredArticle, Embed, Identification, Link):
    _pickled_by_fields(_kind)


class _Laid(NamedTuple):
    """Articles whose payloads lie in the shared memory, one behind the other."""

    stored: list[StoredArticle]
    """Without their payloads."""
    sizes: list[int]
    start: int
    """Where the first payload begins."""


class Pool(ProcessPoolExecutor):
    """Workers that have loaded all they need before the first article comes."""

    def __init__(self, processes: int, slots: int) -> None:
        """`slots`: how many chunks are under way at most; more would go through the pipes."""
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__, "archiver.scan.look"])
        memory = None
        with contextlib.suppress(OSError):  # no room anywhere: all goes through the pipes
            memory = context.RawArray("c", slots * SLOT_BYTES)
        self._shared = memoryview(memory).cast("B") if memory is not None else memoryview(b"")
        # The one that was freed last is taken first: it is still in the processor's cache.
        self._free = [*range(0, len(self._shared), SLOT_BYTES)]
        super().__init__(processes, mp_context=context, initializer=_begin, initargs=(memory,))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any executor's; the first argument are stored articles."""
        stored, *others = args
        laid = self._laid(stored)
        if laid is None:
            return super().submit(fn, *args, **kwargs)
        future = super().submit(_with_payloads, fn, laid, *others, **kwargs)
        future.add_done_callback(lambda _: self._free.append(laid.start))
        return future

    def _laid(self, stored: Sequence[StoredArticle]) -> _Laid | None:
        """None where they do not fit, or no slot is free."""
        sizes = [len(each.payload) for each in stored]
        if not 0 < sum(sizes) <= SLOT_BYTES or not self._free:
            return None
        start = at = self._free.pop()
        for each, size in zip(stored, sizes, strict=True):
            self._shared[at : at + size] = each.payload
            at += size
        return _Laid([replace(each, payload=b"") for each in stored], sizes, start)


def _begin(memory: Any) -> None:
    """In a worker: a scan that is killed leaves nobody behind, though the pool itself would wait for ever; one that is
    interrupted ends its workers itself."""
    if memory is not None:
        _memory.append(memoryview(memory).cast("B"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _with_payloads(fn: Callable[..., Any], laid: _Laid, *others: Any, **kwargs: Any) -> Any:
    """In a worker: `fn` of the articles that lie in the shared memory."""
    stored, at = [], laid.start
    for each, size in zip(laid.stored, laid.sizes, strict=True):
        stored.append(replace(each, payload=bytes(_memory[0][at : at + size])))
        at += size
    return fn(stored, *others, **kwargs)
