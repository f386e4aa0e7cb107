"""What follows from a closed batch, in the transaction that stores it: states, verdicts, the next check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from archiver.check.quoting import cut_quotations
from archiver.model.observation import Batch, Look, Observation, SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.post import Post
from archiver.model.verdict import PostFacts, Rules, State, Verdict
from archiver.schedule import LONGEST_RETRY, Timetable, next_check
from archiver.store import observations, posts, states
from archiver.store.transaction import Transaction
from archiver.verdicts import judge


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict that was given just now."""

    post: int
    before: State
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of storing a batch."""

    observations: tuple[tuple[int, Look], ...]
    """Each look with its number."""
    given: tuple[Given, ...]


def facts(post: Post) -> PostFacts:
    """What `judge` knows of a post beside the looks."""
    return PostFacts(
        number=post.number,
        platform=post.platform,
        native_id=post.native_id,
        id_time=post.published_at,
        attribution_day=post.published_on,
        edit_chain=post.edit_chain,
    )


def append_and_judge(
    transaction: Transaction, batch: Batch, rules: Rules, timetable: Timetable, met: set[tuple[int, int]]
) -> Appended:
    """Store a batch and all that follows from it.

    `met` holds (round, post) of the looks already counted in this invocation: a round counts once.
    """
    number, looks = observations.append(transaction, batch)
    touched: dict[int, list[Look]] = {}
    for _, look, snapshot in looks:
        if look.subject_kind is not SubjectKind.POST:
            continue
        post = int(look.subject_key)
        states.note_look(transaction, look, snapshot, valid=batch.valid, new_round=(batch.round, post) not in met)
        met.add((batch.round, post))
        if batch.valid and snapshot is not None:
            cut_quotations(transaction, post, snapshot)
        touched.setdefault(post, []).append(look)
    authors = {look.subject_key for _, look, _ in looks if look.subject_kind is SubjectKind.AUTHOR}
    concerned = set(touched) | (posts.by_authors(transaction.connection, batch.platform, authors) if authors else set())
    given = judge_posts(transaction, concerned, batch, number, rules, timetable, touched)
    return Appended(tuple((each, look) for each, look, _ in looks), given)


def judge_posts(
    transaction: Transaction,
    numbers: Collection[int],
    batch: Batch,
    batch_number: int,
    rules: Rules,
    timetable: Timetable,
    touched: dict[int, list[Look]],
) -> tuple[Given, ...]:
    """Judge these posts anew from all that is stored, and say when each is due again."""
    connection = transaction.connection
    loaded = posts.load(connection, numbers)
    looks = observations.for_posts(connection, loaded)
    given: list[Given] = []
    for post in loaded:
        before = states.standing(connection, post.number)
        verdict = judge(facts(post), looks[post.number], (), rules)
        is_new = states.record(transaction, post.number, verdict, rules, batch_number)
        if is_new:
            given.append(Given(post.number, before.state, verdict))
        if is_new or post.number in touched:
            due = _next(transaction, post, verdict, batch, timetable, touched.get(post.number, []))
            if verdict.state is State.ALIVE and not _sighted(looks[post.number], batch.round):
                # Asked in vain (an outage, void controls): to wait a whole gap again would be to miss deletions.
                due = min(due, batch.closed_at + LONGEST_RETRY)
            states.set_next_check(transaction, post.number, due)
    return tuple(given)


def _sighted(looks: Collection[Observation], round: int) -> bool:
    return any(look.valid and look.outcome is Outcome.PRESENT and look.round == round for look in looks)


def _next(
    transaction: Transaction, post: Post, verdict: Verdict, batch: Batch, timetable: Timetable, looks: list[Look]
) -> datetime:
    retry_after = max((look.reading.retry_after_seconds or 0 for look in looks), default=0)
    return next_check(
        number=post.number,
        published_at=post.published_at,
        verdict=verdict,
        looks=states.standing(transaction.connection, post.number).looks_in_state,
        last_closed_at=batch.closed_at,
        retry_after_seconds=retry_after or None,
        timetable=timetable,
    )
