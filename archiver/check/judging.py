"""What follows from a closed batch, in the transaction that stores it: states, verdicts, the next check."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver import breaker
from archiver.check import crowds
from archiver.check.quoting import cut_quotations
from archiver.model.observation import Batch, Look, Observation, SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.post import Post
from archiver.model.verdict import Rules, State, Verdict
from archiver.schedule import LONGEST_RETRY, Timetable, next_check
from archiver.store import facts, incidents, observations, posts, states
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
    incidents: tuple[str, ...]
    """A line for each that began or ended."""


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
        if batch.valid and look.reading.known_as is not None:
            posts.rename(transaction, post, *look.reading.known_as, how=f"{batch.adapter}/{batch.endpoint}")
        if batch.valid and snapshot is not None:
            cut_quotations(transaction, post, snapshot)
        touched.setdefault(post, []).append(look)
    authors = {look.subject_key for _, look, _ in looks if look.subject_kind is SubjectKind.AUTHOR}
    # One that was joined into another is judged no more.
    standing = {post for post in touched if posts.survivor(transaction.connection, post) == post}
    concerned = standing | (posts.by_authors(transaction.connection, batch.platform, authors) if authors else set())
    given, told = judge_posts(transaction, concerned, batch, number, rules, timetable, touched)
    return Appended(tuple((each, look) for each, look, _ in looks), given, tuple(told))


def judge_again(transaction: Transaction, numbers: Collection[int], rules: Rules) -> dict[int, Verdict]:
    """Judge these posts anew from all that is stored: something was learnt, though no batch of looks at them closed.

    What is new is recorded; nothing changes in when they are due. Returns the verdict on each.
    """
    connection = transaction.connection
    loaded = posts.load(connection, numbers)
    looks = observations.for_posts(connection, loaded)
    known_of = facts.load(connection, loaded)
    found: dict[int, Verdict] = {}
    for post in loaded:
        known = incidents.load(connection, post.platform)
        found[post.number] = judge(known_of[post.number], looks[post.number], known, rules)
        states.record(transaction, post.number, found[post.number], rules, None)
    return found


def judge_posts(
    transaction: Transaction,
    numbers: Collection[int],
    batch: Batch,
    batch_number: int,
    rules: Rules,
    timetable: Timetable,
    touched: dict[int, list[Look]],
) -> tuple[tuple[Given, ...], list[str]]:
    """Judge these posts anew from all that is stored, and say when each is due again.

    Returns the verdicts that are new, and a line for each incident that began or ended.
    """
    connection = transaction.connection
    loaded = posts.load(connection, numbers)
    looks = observations.for_posts(connection, loaded)
    concluded, told = _conclude(transaction, loaded, looks, batch, rules)
    in_incident = incidents.find_open(connection, batch.platform, "outage") is not None
    given: list[Given] = []
    for post in loaded:
        before = states.standing(connection, post.number)
        verdict = concluded[post.number]
        is_new = states.record(transaction, post.number, verdict, rules, batch_number)
        if is_new:
            given.append(Given(post.number, before.state, verdict))
        if is_new or post.number in touched:
            due = _next(transaction, post, verdict, batch, timetable, touched.get(post.number, []))
            if verdict.state is State.ALIVE and not _sighted(looks[post.number], batch.round):
                # Asked in vain (an outage, void controls): to wait a whole gap again would be to miss deletions.
                due = min(due, batch.closed_at + LONGEST_RETRY)
            if in_incident and verdict.vanished_at is not None:
                due = min(due, batch.closed_at + breaker.RECHECK)
            states.set_next_check(transaction, post.number, due)
    return tuple(given), told


def _conclude(
    transaction: Transaction,
    loaded: Sequence[Post],
    looks: Mapping[int, list[Observation]],
    batch: Batch,
    rules: Rules,
) -> tuple[dict[int, Verdict], list[str]]:
    """The verdicts, after the breaker has had its say: an incident that this batch opens or ends counts in it, and is
    told in a line."""
    connection = transaction.connection
    known_of = facts.load(connection, loaded)

    def judged() -> dict[int, Verdict]:
        known = incidents.load(connection, batch.platform)
        return {post.number: judge(known_of[post.number], looks[post.number], known, rules) for post in loaded}

    concluded = judged()
    for post in loaded:
        author = post.author_id or post.author_handle or str(post.number)
        incidents.note(connection, post, author, concluded[post.number])
    told = crowds.weigh(transaction, batch) if batch.valid else []
    return judged() if told else concluded, told


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
