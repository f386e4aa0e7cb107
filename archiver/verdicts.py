"""What we conclude about a post: a pure fold over its stored observations.

When is a post called deleted? `_Case.may_be_called_deleted` says it, and nothing else does.

    seen alive:        unknown ─present→ alive ─absent→ gone_unconfirmed ─rules 1–6→ deleted
    never seen alive:  unknown ─absent→ absent_on_first_check ─rules 2–6→ gone_before_first_look
    from any but these two ends, twice in rounds an hour apart:
                       suspended, account_gone, protected, withheld, age_gated → the state of that name
    back from those and from gone_unattributed: account_ok and strong absent → gone_unconfirmed, absent_on_first_check
    absent for 31 days, and nothing tells of the account, or all absents weak → gone_unattributed
    what disappeared in an incident that ended with nobody back, or in a wave, is held short of these two ends
    any ─one valid present→ alive

Looks are folded batch by batch in the order in which the batches closed, each judged at its closing time: there is
no "now", and the order in which the observations arrive says nothing. Wherever the rules leave a choice, the fold
takes what can never call a post deleted that is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from archiver.breaker import Absence, Incidents
from archiver.episodes import Count, Grade, Rounds, Tally, clocks_agree, in_order, seen_at, taken_at
from archiver.model.incident import Incident
from archiver.model.observation import Observation
from archiver.model.outcome import Outcome, Reason
from archiver.model.verdict import PostFacts, Rules, State, Verdict
from archiver.record import Record

RESTRICTIONS = {
    Outcome.SUSPENDED: State.ACCOUNT_SUSPENDED,
    Outcome.ACCOUNT_GONE: State.ACCOUNT_GONE,
    Outcome.PROTECTED: State.PROTECTED,
    Outcome.WITHHELD: State.WITHHELD,
    Outcome.AGE_GATED: State.AGE_GATED,
}
OF_THE_POST = frozenset({Outcome.WITHHELD, Outcome.AGE_GATED})
WAITING = frozenset({State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK})
RETURNING = frozenset({*RESTRICTIONS.values(), State.GONE_UNATTRIBUTED})
ENDS = frozenset({State.DELETED, State.GONE_BEFORE_FIRST_LOOK})


def judge(
    post: PostFacts,
    observations: Iterable[Observation],
    incidents: Sequence[Incident] = (),
    rules: Rules = Rules(),
) -> Verdict:
    """The verdict on `post` from every look at it and at its author's account.

    Void looks and looks at controls may be among them, in any order and any number of times; they change nothing.
    """
    looks = in_order(observations)
    case = _Case(post, looks, Incidents(post.platform, incidents), rules)
    for (closed_at, _), batch in groupby(looks, key=lambda k: (k.closed_at, k.batch)):
        case.fold(list(batch), closed_at)
    return case.record.verdict(case.episode, case.rounds, rules, case.held_by())


class _Case:
    """All that has been learnt of one post up to a batch."""

    def __init__(self, post: PostFacts, looks: Sequence[Observation], incidents: Incidents, rules: Rules) -> None:
        self.post, self.incidents, self.rules = post, incidents, rules
        self.folded_at = datetime.min.replace(tzinfo=UTC)
        self.record = Record(post)
        # An id that a sighting names belongs to the post from that sighting on, not before: else the edit that comes
        # to light when a post is restored would rewrite the verdict that the restoration ended.
        named = {native_id for look in looks if look.outcome is Outcome.PRESENT for native_id in look.edit_chain}
        self.chain = set(post.edit_chain) - named | ({post.native_id} if post.native_id else set())
        self.seen_ids: set[str | None] = set()
        self.seen_authors: set[str] = set()
        self.once: set[str] = set()
        """How the post was once restricted, by outcome."""
        self.not_authorized_until = self.folded_at
        self.rounds = Rounds()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """What is known since the last sighting: nothing yet."""
        self.first_absent: Observation | None = None
        self.began_at: datetime | None = None
        self.public_at: datetime | None = None
        """As in Absence; None before the first such look."""
        self.explained = False
        """Whether a `not_authorized` came since: the next look that finds the account public tells from when on."""
        self.restrictions: dict[Outcome, Tally] = {}
        self._restart()

    def _restart(self) -> None:
        """The episode begins with the next absent, and nothing before it counts."""
        self.episode: Observation | None = None
        self.count = Count(self.rules)

    # When is a post called deleted? ---------------------------------------------------------------------------

    def may_be_called_deleted(self, closed_at: datetime) -> bool:
        """All six rules hold, and no incident holds the post back."""
        return self._seen_before() and self._is_gone(closed_at)  # rule 1, and the others

    def may_be_called_gone_before_first_look(self, closed_at: datetime) -> bool:
        """The same without rule 1, for a post never seen; a rounded id must be found elsewhere, too."""
        confirmed_at = self.post.id_confirmed_at
        is_an_id = not self.post.id_rounded or (confirmed_at is not None and confirmed_at <= closed_at)
        return self.record.last_seen is None and is_an_id and self._is_gone(closed_at)

    def _is_gone(self, closed_at: datetime) -> bool:
        """Rules 2 to 6. Rules 4 and 6 are kept by the count itself, which rule 2 weighs."""
        return (
            self.count.grade() is not None  # rule 2, of absents that satisfy rules 4 and 6
            and self._account_is_public(closed_at)  # rule 3
            and self._platform_is_trusted(closed_at)  # rule 5
            and self.held_by() is None
        )

    def may_be_called_unattributed(self, closed_at: datetime) -> bool:
        """31 days into the episode, rules 2 and 4–6 met, but no account outcome for 31 days or only weak absents."""
        begun, account, long = self.count.overall.first, self.count.newest_account, self.rules.unattributed_after
        if begun is None or closed_at - begun.received_at < long or not self._platform_is_trusted(closed_at):
            return False
        untold = account is None or closed_at - account.received_at > long
        only_weak = self.count.newest_strong is None and self.count.grade(whatever_strength=True) is not None
        return (untold and self.count.grade() is not None) or only_weak

    def _seen_before(self) -> bool:
        """Rule 1: a valid present with the same id and author came before the episode.

        Where no sighting told the author's id, the account can be asked by handle only; that is not good enough here,
        for by now it may be another's.
        """
        return len(self.seen_authors) == 1 and bool(self.seen_ids & self.chain)

    def _account_is_public(self, closed_at: datetime) -> bool:
        """Rule 3: two `account_ok` inside the episode an hour apart, the newest fresh, and no recent `not_authorized`.

        A bad account outcome needs no asking for: it ends the episode, and with it the count.
        """
        newest = self.count.newest_account
        return (
            newest is not None
            and self.count.accounts.rounds >= self.rules.account_looks
            and closed_at - taken_at(newest) <= self.rules.account_age
            and closed_at > self.not_authorized_until
        )

    def _platform_is_trusted(self, closed_at: datetime) -> bool:
        """Rule 5: no incident is open. Of a post that was once age-gated or withheld only those absents count beside
        which a control of its class was alive: `_absent` sees to that."""
        return not self.incidents.open_at(closed_at)

    def held_by(self) -> int | None:
        """Number of the incident that holds back a post that seems gone; None where none does."""
        absence = self._absence()
        if absence is None or self.record.state not in WAITING:
            return None
        return self.incidents.holding(absence, self.folded_at, self.rules.wave_hold)

    def _absence(self) -> Absence | None:
        last, began_at = self.record.last_seen, self.began_at
        return Absence(seen_at(last) if last else None, began_at, self.public_at or began_at) if began_at else None

    def _counts_end(self, closed_at: datetime) -> bool:
        """Whether an incident ended since the last batch, or let the post go, after which counts begin from zero."""
        absence = self._absence()
        return self.incidents.restart(self.folded_at, closed_at) or (
            absence is not None and self.incidents.frees(absence, self.folded_at, closed_at)
        )

    # One batch ------------------------------------------------------------------------------------------------

    def fold(self, batch: list[Observation], closed_at: datetime) -> None:
        """One step: sightings first, for one beats any number of negatives; what speaks against deletion last."""
        if self._counts_end(closed_at) and self.record.state not in ENDS:
            self._restart()
        self.folded_at = closed_at
        for look in batch:
            if look.outcome is Outcome.PRESENT:
                self._sighting(look)
            elif look.reason is Reason.NOT_AUTHORIZED:
                self.not_authorized_until = closed_at + self.rules.not_authorized_hold
                self.explained = True
            if look.outcome in OF_THE_POST:
                self.once.add(str(look.outcome))
        if self.record.state in ENDS:
            return
        for take, outcomes in (
            (self._absent, {Outcome.ABSENT}),
            (self._account_ok, {Outcome.ACCOUNT_OK}),
            (self._restriction, RESTRICTIONS.keys()),
        ):
            for look in batch:
                if look.outcome in outcomes:
                    take(look)
        self._conclude({look.round for look in batch if look.outcome is not Outcome.UNKNOWN})

    def _sighting(self, look: Observation) -> None:
        """One valid present: alive, whatever was."""
        self.record.sighting(look, self.folded_at)
        self.rounds.add_present(look)
        self.seen_ids.add(look.native_id or self.post.native_id)
        self.seen_authors |= {look.author_id} if look.author_id else set()
        self.chain |= set(look.edit_chain)
        self._begin_anew()

    def _absent(self, look: Observation) -> None:
        """An absent begins or carries on the episode; in a round with a sighting it only feeds `disputed`."""
        native_id = look.native_id or self.post.native_id
        if self.chain and native_id not in self.chain:
            return
        if not self.rounds.with_present(look.round):
            self.record.vanished_at = self.record.vanished_at or look.received_at
            self.began_at = self.began_at or look.received_at
        if self.incidents.cover(look):
            return
        self.rounds.add_absent(look)
        if self.rounds.with_present(look.round):
            return
        if not self.count.clocks_agree(look):
            self._restart()
        self.first_absent = self.first_absent or look
        self.episode = self.episode or look
        if self.record.state in (State.UNKNOWN, State.ALIVE):
            self._enter(self._unconfirmed, look, {look.id})
        # Without controls, or out of a cache from before the last sighting, an absent leads no further than this.
        fresh = self.record.last_seen is None or taken_at(look) >= seen_at(self.record.last_seen)
        if look.controlled and fresh and self.once <= set(look.classes):
            self.count.add_absent(look, native_id, self.chain)

    def _account_ok(self, look: Observation) -> None:
        """The author's account is public, and what was said against it is over.

        Without controls, in an incident, or of another author (a handle has changed hands), it tells nothing.
        """
        other_author = look.author_id and self.seen_authors and look.author_id not in self.seen_authors
        if look.controlled and not other_author and not self.incidents.cover(look):
            for outcome in RESTRICTIONS.keys() - OF_THE_POST:
                self.restrictions.pop(outcome, None)
            self.count.add_account(look)
            if self.began_at and (self.public_at is None or self.explained):
                self.public_at, self.explained = look.received_at, False

    def _restriction(self, look: Observation) -> None:
        """A restriction of account or post ends the episode; found twice in rounds an hour apart, it is a state.

        Not so of an account without controls: an endpoint that says so of everybody would be believed.
        """
        if self.rounds.with_present(look.round):
            return
        self._restart()
        self.began_at = self.public_at = None
        if self.incidents.cover(look) or not (look.controlled or look.outcome in OF_THE_POST):
            return
        tally, state = self.restrictions.get(look.outcome, Tally()), RESTRICTIONS[look.outcome]
        if not clocks_agree(tally.last, look, self.rules):
            tally = Tally()
        self.restrictions[look.outcome] = tally
        tally.add(look, self.rules.round_gap)
        if tally.first and tally.rounds >= self.rules.restriction_rounds and self.record.state is not state:
            firsts = [k for k in (self.first_absent, tally.first) if k]
            right = min(firsts, key=lambda k: (k.closed_at, k.batch))
            self._enter(state, right, {right.id, *tally.looks.values()})
            self.restrictions = {look.outcome: tally}  # another kind must again be found twice to take its place

    def _conclude(self, rounds: set[int]) -> None:
        """Give the verdict that the count allows, in a round that itself finds the post absent.

        Rule 3 asks for a fresh account look; an absent of long ago must not decide either.
        """
        count, closed_at = self.count, self.folded_at
        first = count.overall.first
        if first is None or count.newest is None or count.newest.round not in rounds:
            return
        if self.record.state in RETURNING and self._came_back():
            self._enter(self._unconfirmed, first, count.looks)
        if self.record.state not in WAITING:
            return
        if self.may_be_called_deleted(closed_at):
            self._enter(State.DELETED, first, count.looks, self.count.grade())
        elif self.may_be_called_gone_before_first_look(closed_at):
            self._enter(State.GONE_BEFORE_FIRST_LOOK, first, count.looks, self.count.grade())
        elif self.may_be_called_unattributed(closed_at):
            self._enter(State.GONE_UNATTRIBUTED, first, count.looks)

    def _came_back(self) -> bool:
        """`account_ok` and strong absent, both in one round."""
        account, absent = self.count.newest_account, self.count.newest_strong
        return account is not None and absent is not None and account.round == absent.round

    @property
    def _unconfirmed(self) -> State:
        return State.GONE_UNCONFIRMED if self.record.last_seen else State.ABSENT_ON_FIRST_CHECK

    def _enter(self, state: State, right: Observation, carried: set[int], grade: Grade | None = None) -> None:
        self.record.enter(state, self.folded_at, right, carried, grade)
        if state not in WAITING:
            self.rounds.agree()
