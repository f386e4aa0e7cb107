"""A person's word on an incident: what disappeared in it is gone for real, and may be judged like everything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from archiver.errors import UsageError
from archiver.model.incident import IncidentListing
from archiver.store import incidents, posts
from archiver.store.transaction import OpenRun, Store


def accept(
    store: Store, opens_run: Callable[[str], AbstractContextManager[OpenRun]], number: int, reason: str, by: str
) -> list[int]:
    """Append the acceptance, and let the posts that were held be looked at now. Returns their numbers.

    Raises UsageError where there is nothing to accept, or nothing is said of who accepts it and why.
    """
    with store.reading() as connection:
        on_file = {each.number: each for each in incidents.listed(connection)}
    refusal = _refusal(on_file.get(number), reason, by)
    if refusal is not None:
        raise UsageError(f"incident {number}: {refusal}")
    with opens_run("accept") as run, store.writing(run.id) as transaction:
        held = incidents.posts_held(transaction.connection, number)
        incidents.accept(transaction, number, reason.strip(), by.strip())
        posts.make_due(transaction, held)
        run.count("posts", len(held))
    return held


def _refusal(incident: IncidentListing | None, reason: str, by: str) -> str | None:
    """Why it cannot be accepted; None where it can."""
    if incident is None:
        return "the archive holds none by that number: see archiver incidents"
    if incident.closed_at is None and incident.kind == "outage":
        return "it is still open: it ends when half of the authors are back, or after 72 hours"
    if incident.accepted_at is not None:
        return f"it was accepted at {incident.accepted_at:%Y-%m-%d %H:%M} UTC"
    if not incident.holds or incident.recovered_at is not None:
        return "its authors came back, and it holds nothing"
    return None if reason.strip() and by.strip() else "say who accepts it, and why"
