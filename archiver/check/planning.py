"""What a check would ask, where and when, without asking it.

Each batch is made as for a check, and the adapter is handed a `get` that notes the address and answers nothing. Looks
at authors are not planned: whose account has to be asked for follows from what the posts' looks show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.check.batch import OpenBatch, Subject, Tools, asked_in
from archiver.model.exchange import Exchange, Failure
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Reason

NOTHING_ASKED = Failure(Reason.INTERRUPTED, "nothing is asked in a plan")


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request that a check would send."""

    platform: str
    endpoint: str
    host: str
    address: str
    """Secrets are no part of it: the client adds them."""
    posts: tuple[int, ...]
    """Numbers of the posts that it looks at."""
    controls: int
    """How many controls it looks at."""
    at: datetime
    """The earliest time, by the pace of its host and its pause; UTC."""


def planned(batches: Collection[OpenBatch], tools: Tools) -> Iterator[PlannedRequest]:
    """The requests of these batches, in order; a request that would come only after an answer is not among them."""
    free: dict[str, datetime] = {}
    for batch in batches:
        everyone = asked_in(batch.endpoint, batch.controls, batch.subjects)
        size = max(batch.endpoint.ids_per_request, 1)
        for start in range(0, len(everyone), size):
            yield from _request(batch, everyone[start : start + size], free, tools)


def _request(
    batch: OpenBatch, asked: Sequence[Subject], free: dict[str, datetime], tools: Tools
) -> Iterator[PlannedRequest]:
    addresses: list[str] = []

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        addresses.append(url)
        return _unasked(url, tools)

    batch.adapter.observe([subject.ref for subject in asked if subject.ref is not None], batch.endpoint, get)
    for address in addresses:
        host = address.split("/", 3)[2]
        paused = tools.client.paused_until(host)
        at = max(free.get(host, tools.clock.now()), paused or tools.clock.now())
        free[host] = at + timedelta(seconds=tools.gap_seconds(host))
        posts = [int(each.key) for each in asked if each.kind is SubjectKind.POST]
        of_controls = sum(each.kind is SubjectKind.CONTROL for each in asked)
        named = tuple(dict.fromkeys(posts))
        yield PlannedRequest(batch.adapter.platform, batch.endpoint.name, host, address, named, of_controls, at)


def _unasked(url: str, tools: Tools) -> Exchange:
    return Exchange.never_made(url, NOTHING_ASKED, tools.clock.now(), tools.clock.monotonic())
