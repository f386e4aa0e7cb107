"""Retention: what was received goes when its time has come, by a policy that stands in the configuration.

Every removal is a ledger line that names the policy and each content by number and commitment. A legal hold comes
before all of it. Observations, verdicts and commitments stay for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archiver.config.retention import Retention
from archiver.store import holds, removals, retention
from archiver.store.transaction import OpenRun, Store

AT_ONCE = 5000
"""Contents removed in one transaction: a daemon's looks do not wait long for it."""


@dataclass(slots=True)
class Retained:
    """What a policy removed, or would remove."""

    thinned: int = 0
    """Answers that nothing rests upon."""
    redacted: dict[str, int] = field(default_factory=dict)
    """Contents by policy ("x_api.deleted")."""
    held: int = 0
    """Posts on which a legal hold stands: nothing of theirs went."""


def retain(store: Store, policy: Retention, now: datetime, run: OpenRun | None) -> Retained:
    """Apply the policy; with no run, only say what would go."""
    with store.reading() as connection:
        held = holds.held(connection)
        chosen = [*_obtained(store, policy, now, held)]
        before = None if policy.thin_after is None else now - policy.thin_after
        thin = [] if before is None else [*retention.thinnable(connection, before, held)]
    told = Retained(held=len(held))
    taken: set[int] = set()
    for name, by_post in chosen:
        for post, content_ids in by_post.items():
            fresh = content_ids - taken
            taken |= fresh
            told.redacted[name] = told.redacted.get(name, 0) + len(fresh)
            if run is not None and fresh:
                _redact(store, run, post, fresh, name)
    thin = [each for each in thin if each not in taken]
    told.thinned = len(thin)
    if run is not None:
        _thin(store, run, thin)
        run.summary |= {"thinned": told.thinned, "redacted": sum(told.redacted.values())}
        if taken:
            _forget(store, run)
    return told


def _obtained(
    store: Store, policy: Retention, now: datetime, held: set[int]
) -> Iterator[tuple[str, dict[int, set[int]]]]:
    with store.reading() as connection:
        for endpoint, each in sorted(policy.sources.items()):
            if each.deleted == "redact":
                found = retention.obtained(connection, endpoint, withdrawn=True, before=None, held=held)
                yield f"{endpoint}.deleted", found
            if each.longest is not None:
                before = now - each.longest
                yield (
                    f"{endpoint}.longest",
                    retention.obtained(connection, endpoint, withdrawn=False, before=before, held=held),
                )


def _redact(store: Store, run: OpenRun, post: int, content_ids: set[int], policy: str) -> None:
    with store.writing(run.id) as transaction:
        removals.remove(transaction, content_ids, "redaction", post=post, reason="policy", policy=policy)
        removals.index_again(transaction.connection, post)


def _thin(store: Store, run: OpenRun, content_ids: list[int]) -> None:
    for start in range(0, len(content_ids), AT_ONCE):
        with store.writing(run.id) as transaction:
            removals.remove(transaction, content_ids[start : start + AT_ONCE], "thinning", policy="thin_after")


def _forget(store: Store, run: OpenRun) -> None:
    with store.writing(run.id) as transaction:
        removals.rewrite_index(transaction.connection)
    store.database.empty_log()
