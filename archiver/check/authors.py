"""Account looks: is the author of a post that was not served still there, in public?

Another post of the same author, validly seen in the same round, says so; else the account endpoint is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from archiver.check.batch import Subject
from archiver.clock import Clock
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, Post
from archiver.model.verdict import State
from archiver.store.observations import author_key

NEEDS_ACCOUNT_LOOK = frozenset(
    {
        State.GONE_UNCONFIRMED,
        State.ABSENT_ON_FIRST_CHECK,
        State.ACCOUNT_SUSPENDED,
        State.ACCOUNT_GONE,
        State.PROTECTED,
        State.WITHHELD,
        State.AGE_GATED,
        State.GONE_UNATTRIBUTED,
    }
)
"""States in which what is known of the account decides what comes next."""

SIBLING_ENDPOINT = "sibling"


def told_of(appended: Iterable[tuple[Batch, tuple[tuple[int, Look], ...]]]) -> set[int]:
    """Posts of which an answer of this round said that the account is suspended, gone or protected."""
    about = (Outcome.SUSPENDED, Outcome.ACCOUNT_GONE, Outcome.PROTECTED)
    return {
        int(look.subject_key)
        for batch, looks in appended
        for _, look in looks
        if batch.valid and look.subject_kind is SubjectKind.POST and look.reading.outcome in about
    }


def subjects(posts: Iterable[Post], states: Mapping[int, State], told: Collection[int] = ()) -> dict[str, Subject]:
    """The authors to look at, by key: of posts in a state that needs it or in `told`, with any name on file."""
    wanted: dict[str, Subject] = {}
    for post in posts:
        needed = states[post.number] in NEEDS_ACCOUNT_LOOK or post.number in told
        if not needed or not (post.author_id or post.cited_handle):
            continue
        handle = None if post.author_id else post.cited_handle
        ref = AuthorRef(post.platform, post.host, post.author_id, handle)
        wanted[author_key(post)] = Subject(SubjectKind.AUTHOR, author_key(post), ref)
    return wanted


def by_siblings(
    wanted: Collection[str], appended: Iterable[tuple[Batch, tuple[tuple[int, Look], ...]]], clock: Clock
) -> list[Batch]:
    """Batches of `account_ok` looks for authors of whom another post was validly seen in this round."""
    found: list[Batch] = []
    settled: set[str] = set()
    for batch, looks in appended:
        if not batch.valid:
            continue
        derived = [
            _derived(number, look)
            for number, look in looks
            if look.subject_kind is SubjectKind.POST
            and look.reading.outcome is Outcome.PRESENT
            and f"id:{look.reading.author_id}" in wanted
        ]
        fresh = {look.subject_key: look for look in derived if look.subject_key not in settled}
        settled |= set(fresh)
        if fresh:
            found.append(_batch(batch, tuple(fresh.values()), clock))
    return found


def _derived(number: int, look: Look) -> Look:
    reading = Reading(Outcome.ACCOUNT_OK, Reason.SIBLING, author_id=look.reading.author_id)
    key = f"id:{look.reading.author_id}"
    return Look(
        SubjectKind.AUTHOR,
        key,
        None,
        1,
        reading,
        (),
        look.sent_at,
        look.received_at,
        look.sent_monotonic,
        look.received_monotonic,
        basis=number,
    )


def _batch(seen: Batch, looks: tuple[Look, ...], clock: Clock) -> Batch:
    """The looks close now, under the same controls as the sighting that they follow from."""
    return Batch(
        platform=seen.platform,
        round=seen.round,
        endpoint=SIBLING_ENDPOINT,
        adapter=seen.adapter,
        adapter_version=seen.adapter_version,
        started_at=seen.started_at,
        closed_at=clock.now(),
        boot_id=seen.boot_id,
        started_monotonic=seen.started_monotonic,
        closed_monotonic=clock.monotonic(),
        egress=seen.egress,
        valid=True,
        controlled=seen.controlled,
        void_because=None,
        looks=looks,
    )
