"""What follows from a closed batch, in the transaction that stores it: states, verdicts, the next check."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archiver import breaker
from archiver.check.crowds import Crowds
from archiver.check.quoting import cut_quotations
from archiver.model.observation import Batch, Look, Observation, SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.post import Post
from archiver.model.verdict import Rules, State, Verdict
from archiver.schedule import LONGEST_RETRY, Timetable, next_check
from archiver.steady import carried_on
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
    transaction: Transaction,
    batch: Batch,
    rules: Rules,
    timetable: Timetable,
    met: set[tuple[int, int]],
    crowds: Crowds,
) -> Appended:
    """Store a batch and all that follows from it.

    `met` holds (round, post) of the looks already counted in this invocation: a round counts once.
    """
    number, appended = observations.append(transaction, batch)
    of_posts = [(each, look, snapshot) for each, look, snapshot in appended if look.subject_kind is SubjectKind.POST]
    noted: list[states.Noted] = []
    for _, look, snapshot in of_posts:
        place = (batch.round, int(look.subject_key))
        noted.append(states.Noted(look, snapshot, place not in met))
        met.add(place)
    states.note_looks(transaction.connection, noted, valid=batch.valid)
    if batch.valid:
        for _, look, _ in of_posts:
            if look.reading.known_as is not None:
                told_by = f"{batch.adapter}/{batch.endpoint}"
                posts.rename(transaction, int(look.subject_key), *look.reading.known_as, how=told_by)
        cut_quotations(transaction, {int(look.subject_key): shown for _, look, shown in of_posts if shown is not None})
    looks = [observations.as_stored(each, number, batch, look) for each, look, _ in appended]
    given, told = _Judging(transaction, batch, number, rules, timetable, crowds).judge(looks)
    return Appended(tuple((each, look) for each, look, _ in appended), given, tuple(told))


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
    note_folds(transaction, looks, rules)
    return found


def note_folds(transaction: Transaction, looks: Mapping[int, Sequence[Observation]], rules: Rules) -> None:
    """These looks, by post, were just folded."""
    on_file = states.load(transaction.connection, looks, rules.version)
    told = {number: standing.facts for number, standing in on_file.items()}
    closed = {number: max(look.closed_at for look in each) for number, each in looks.items() if each}
    states.note_folds(transaction.connection, told, closed, rules.version)


@dataclass(slots=True)
class _Judging:
    """What a batch that was just stored makes of the verdicts on posts."""

    transaction: Transaction
    batch: Batch
    number: int
    rules: Rules
    timetable: Timetable
    crowds: Crowds
    touched: dict[int, list[Observation]] = field(default_factory=dict)
    """The looks of the batch, by post."""
    on_file: dict[int, states.Standing] = field(default_factory=dict)

    def judge(self, looks: Sequence[Observation]) -> tuple[tuple[Given, ...], list[str]]:
        """Judge the posts that the looks tell of, and say when each that was looked at is due again.

        Returns the verdicts that are new, and a line for each incident that began or ended.
        """
        connection, batch = self.transaction.connection, self.batch
        of_authors = [look for look in looks if look.subject_kind is SubjectKind.AUTHOR]
        for look in looks:
            if look.subject_kind is SubjectKind.POST:
                self.touched.setdefault(int(look.subject_key), []).append(look)
        # One that was joined into another is judged no more.
        concerned = {number for number in self.touched if posts.survivor(connection, number) == number}
        if of_authors:
            concerned |= posts.by_authors(connection, batch.platform, {look.subject_key for look in of_authors})
        self.on_file = states.load(connection, concerned, self.rules.version)
        steady = self._carried_on(of_authors)
        seen = {number: verdict.last_seen_at for number, verdict in steady.items() if self._sees(number)}
        incidents.forget(connection, seen)
        given, fresh, told = self._fold(concerned - steady.keys())
        self._say_when_due(steady | fresh, {each.post for each in given})
        states.note_seen(connection, seen)
        self._note_folded(dict.fromkeys(seen, batch.closed_at))
        return given, told

    def _carried_on(self, of_authors: Sequence[Observation]) -> dict[int, Verdict]:
        """The posts whose verdict needs no fold, with what it is now: most of a day's."""
        known = incidents.load(self.transaction.connection, self.batch.platform)
        is_open = any(each.closed_at is None for each in known)
        may_hold = is_open or any(each.holds for each in known)
        found: dict[int, Verdict] = {}
        for number, before in self.on_file.items():
            if before.folded_to is None or before.folded_to > self.batch.closed_at:
                continue
            # In an incident a post that seems gone is due sooner, or held back: only the fold knows which is.
            if may_hold and before.state is not State.ALIVE:
                continue
            if is_open and number in self.touched and not self._sees(number):
                continue
            verdict = carried_on(before.verdict, self.touched.get(number, of_authors))
            if verdict is not None:
                found[number] = verdict
        return found

    def _fold(self, numbers: Collection[int]) -> tuple[tuple[Given, ...], dict[int, Verdict], list[str]]:
        """Judge these posts from all that is stored. Returns what is new, the verdict on each, and a line for each
        incident that began or ended."""
        connection = self.transaction.connection
        loaded = posts.load(connection, numbers)
        looks = observations.for_posts(connection, loaded)
        concluded, told = _conclude(self.transaction, loaded, looks, self.batch, self.rules, self.crowds)
        given = tuple(
            Given(number, self.on_file[number].state, verdict)
            for number, verdict in concluded.items()
            if states.record(self.transaction, number, verdict, self.rules, self.number)
        )
        self._note_folded({number: max(look.closed_at for look in each) for number, each in looks.items() if each})
        return given, concluded, told

    def _note_folded(self, closed_at: Mapping[int, datetime]) -> None:
        told = {number: self.on_file[number].facts for number in closed_at}
        states.note_folds(self.transaction.connection, told, closed_at, self.rules.version)

    def _sees(self, number: int) -> bool:
        looks = self.touched.get(number, ())
        return any(look.valid and look.outcome is Outcome.PRESENT for look in looks)

    def _say_when_due(self, verdicts: Mapping[int, Verdict], new: Collection[int]) -> None:
        """For the posts that were looked at, and those on which a verdict was given."""
        connection, closed_at = self.transaction.connection, self.batch.closed_at
        in_incident = incidents.find_open(connection, self.batch.platform, "outage") is not None
        unseen = {
            number
            for number, verdict in verdicts.items()
            if verdict.state is State.ALIVE and (number in self.touched or number in new) and not self._sees(number)
        }
        unseen -= observations.sighted(connection, self.batch.round, unseen)
        due: dict[int, datetime] = {}
        for number in (self.touched.keys() & verdicts.keys()) | set(new):
            verdict = verdicts[number]
            at = self._next(number, verdict, is_new=number in new)
            if number in unseen:
                # Asked in vain (an outage, void controls): to wait a whole gap again would be to miss deletions.
                at = min(at, closed_at + LONGEST_RETRY)
            if in_incident and verdict.vanished_at is not None:
                at = min(at, closed_at + breaker.RECHECK)
            due[number] = at
        states.note_due(connection, due)

    def _next(self, number: int, verdict: Verdict, *, is_new: bool) -> datetime:
        before = self.on_file[number]
        of_post = [look for look in self.batch.looks if look.subject_key == str(number)]
        retry_after = max((look.reading.retry_after_seconds or 0 for look in of_post), default=0)
        return next_check(
            number=number,
            published_at=before.published_at,
            verdict=verdict,
            looks=1 if is_new else before.looks_in_state,
            last_closed_at=self.batch.closed_at,
            retry_after_seconds=retry_after or None,
            timetable=self.timetable,
        )


def _conclude(
    transaction: Transaction,
    loaded: Sequence[Post],
    looks: Mapping[int, list[Observation]],
    batch: Batch,
    rules: Rules,
    crowds: Crowds,
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
