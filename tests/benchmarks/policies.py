"""Who may be believed? The same looks at the same posts, judged by our rules and by two simpler policies.

A population is watched for 240 simulated days. Some posts are deleted, at random times; some that live are hidden
(protected, deactivated, suspended, age-gated, served from a stale cache); and the platform is out of order ten times,
for 5 hours to 25 days: all of it or one endpoint, every request, or some by chance, or some posts and not others.

Observations are made directly, without sockets or a store; when a post is looked at again is said by the real
`schedule.next_check`, what follows from its looks by the real `verdicts.judge` and the real breaker, and batches are
void as in `check.batch`: where a control misreads. The simple policies know no controls. They claim a post once:

one strike       at the first "not found"
three strikes    at the third, each a day after the last, without a sighting between

And printed beside them: how late the latest of 100,000 posts is that are due at once, at the pace of the configuration,
and how late meanwhile are those that were just found absent.
"""

from __future__ import annotations

import heapq
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Literal

from sqlalchemy import insert

from archiver import breaker
from archiver.check.authors import NEEDS_ACCOUNT_LOOK
from archiver.check.summary import ROUND_POSTS
from archiver.check.turns import ROUNDS_A_TURN, Turns
from archiver.clock import SettableClock
from archiver.config.sections import Web
from archiver.config.thresholds import Schedule
from archiver.model.incident import Incident
from archiver.model.observation import Observation, SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.verdict import PostFacts, State, Verdict
from archiver.schedule import AFTER_ABSENT, LONGEST_RETRY, Timetable, lateness, next_check
from archiver.store.tables import post_states, posts
from archiver.store.transaction import Store
from archiver.verdicts import judge
from tests.benchmarks.options import Options
from tests.builders import make_store
from tests.histories import SAYINGS

START = datetime(2025, 3, 1, tzinfo=UTC)
DAYS = 240
TICK = Schedule().tick
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ENDPOINTS = ("oembed", "syndication")
SIMPLE, OURS = ("one strike", "three strikes"), "ours"
SETTLED = timedelta(days=14)
"""True deletions older than this are to be found."""

Shape = Literal["everything", "by chance", "some posts"]
"""Whom an outage strikes: every request; some of them, drawn anew each time; or the same posts throughout."""
Hidden = Literal["protected", "deactivated", "suspended", "age gate", "stale cache", ""]


@dataclass(frozen=True, slots=True)
class Outage:
    """A span in which what lives is answered as not found (or not at all)."""

    start: datetime
    end: datetime
    shape: Shape
    share: float
    endpoints: tuple[str, ...]
    says: str
    """"not found", or "unknown"."""
    accounts: bool
    """Whether the accounts are struck too."""


@dataclass(slots=True)
class Strikes:
    """What the two simpler policies make of the looks at a post, each told in its order."""

    claims: dict[str, datetime]
    """Policy → when it called the post deleted first."""
    _absent: list[datetime] = field(default_factory=list)

    def note(self, outcome: Outcome, at: datetime) -> None:
        """A look, void or not: they know no controls."""
        if outcome is Outcome.PRESENT:
            self._absent.clear()
        if outcome is not Outcome.ABSENT:
            return
        self.claims.setdefault(SIMPLE[0], at)
        if not self._absent or at - self._absent[-1] >= timedelta(days=1):
            self._absent.append(at)
        if len(self._absent) >= 3:
            self.claims.setdefault(SIMPLE[1], at)


@dataclass(slots=True)
class Watched:
    """A post, and all that is known of it."""

    facts: PostFacts
    author: str
    draw: float
    """Its place among all posts, from 0 to 1: an outage of some posts strikes those below its share."""
    gone_at: datetime | None = None
    hidden: Hidden = ""
    hidden_at: datetime = START
    hidden_until: datetime = START
    tombstone: bool = True
    looks: list[Observation] = field(default_factory=list)
    verdict: Verdict = field(default_factory=lambda: Verdict(State.UNKNOWN, None))
    rounds_in_state: int = 0
    claims: dict[str, datetime] = field(default_factory=dict)
    """Policy → when it called the post deleted first."""
    wrongly: bool = False
    """Whether our rules ever called it deleted while it was not."""
    strikes: Strikes = field(init=False)

    def __post_init__(self) -> None:
        self.strikes = Strikes(self.claims)

    def is_gone(self, at: datetime) -> bool:
        return self.gone_at is not None and self.gone_at <= at


WORLDS: tuple[tuple[str, tuple[Shape, ...], int], ...] = (
    ("nothing is out of order", (), 0),
    ("outages of every request, or of some by chance, up to 25 days", ("everything", "by chance"), 25),
    ("the same, and outages of some posts and not others, up to 3 days", ("everything", "by chance", "some posts"), 3),
    ("some posts and not others, and never a control, up to 25 days", ("some posts",), 25),
)
"""What is out of order, in which ways, and for how many days at most some posts and not others."""


def run(options: Options) -> bool:
    """True if our rules made no false claim."""
    number, days = options.count(100, 3_000), options.count(60, DAYS)
    end = START + timedelta(days=days)
    print(f"\npolicies: {number:,} posts, {days} days, seed {options.seed}")
    wrong = 0
    for place, (title, shapes, longest) in enumerate(WORLDS):
        chance = Random(options.seed)
        outages = [*_outages(chance, days, shapes, longest)] if shapes else []
        platform = _Platform(chance, number, days, outages, spares_controls=place == len(WORLDS) - 1)
        platform.watch(end)
        kinds = [incident.kind for incident in platform.incidents]
        print(f"\n  {title}{_lasting(outages)}; {kinds.count('outage')} outages and {kinds.count('wave')} waves told")
        wrong += _table(platform.watched, end, outages)
    _lateness(options.count(2_000, 100_000))
    return wrong == 0


def _lasting(outages: Sequence[Outage]) -> str:
    if not outages:
        return ""
    hours = [(outage.end - outage.start) / HOUR for outage in outages]
    return f" ({len(hours)}, of {min(hours):.0f} h to {max(hours) / 24:.0f} d, {sum(hours) / 24:.0f} days in all)"


def _table(watched: Sequence[Watched], end: datetime, outages: Sequence[Outage]) -> int:
    """Print a line a policy. Returns how many false claims our rules made."""
    truly = [post for post in watched if post.gone_at and post.gone_at <= end - SETTLED]
    heads = ("false", "true", "found of those older than 14 d", "median delay", "with no outage between")
    print(f"  {'policy':16}" + "".join(f"{head:>{len(head) + 4}}" for head in heads))
    for policy in (*SIMPLE, OURS):
        claimed = [(post, at) for post in watched if (at := post.claims.get(policy))]
        false = [post for post, at in claimed if not post.is_gone(at) or (policy == OURS and post.wrongly)]
        found = sum(1 for post in truly if policy in post.claims and post.is_gone(post.claims[policy]))
        spans = [(post.gone_at, at) for post, at in claimed if post.gone_at and post.is_gone(at)]
        quiet = [span for span in spans if not any(each.start <= span[1] and span[0] < each.end for each in outages)]
        told = [f"{len(false):,}", f"{len(claimed) - len(false):,}", f"{found} of {len(truly)}, {_share(found, truly)}"]
        told += [_median(spans), f"{_median(quiet)} of {len(quiet)}"]
        print(f"  {policy:16}" + "".join(f"{part:>{len(head) + 4}}" for part, head in zip(told, heads, strict=True)))
    held = [post for post in watched if post.verdict.held_by]
    print(f"  held at the end: {len(held)}, of them truly gone: {sum(post.is_gone(end) for post in held)}")
    print("  (aim for ours: 0 false, >= 99 %, <= 6 d where both endpoints answer)")
    return len(false)


def _share(found: int, of: Sequence[Watched]) -> str:
    return f"{found / max(len(of), 1):.1%}"


def _median(spans: Sequence[tuple[datetime, datetime]]) -> str:
    """Of their lengths."""
    return f"{median((at - since) / timedelta(days=1) for since, at in spans):.1f} d" if spans else "-"


def _outages(chance: Random, days: int, shapes: Sequence[Shape], longest_of_some: int) -> Iterator[Outage]:
    """Ten of them in 240 days, of 5 hours to 25 days; those of some posts end within so many days, and all of
    them before what is deleted is to be found."""
    for number in range(max(days // 24, 2)):
        shape = chance.choice(shapes)
        longest = 24 * longest_of_some if shape == "some posts" else 600
        hours = 5 * (longest / 5) ** chance.random()
        start = START + timedelta(days=(days - 14) * (number + chance.random()) / max(days // 24, 2))
        yield Outage(
            start,
            min(start + timedelta(hours=hours), START + timedelta(days=days) - SETTLED),
            shape,
            1.0 if shape == "everything" else chance.uniform(0.05, 0.9),
            chance.choice((ENDPOINTS, ENDPOINTS, ENDPOINTS[:1], ENDPOINTS[1:])),
            chance.choice(("not found", "not found", "not found", "unknown")),
            chance.random() < 0.5,
        )


class _Platform:
    """All posts, the outages, the breaker, and the queue of what is due."""

    def __init__(
        self, chance: Random, number: int, days: int, outages: Sequence[Outage], *, spares_controls: bool
    ) -> None:
        self.chance, self.outages = chance, outages
        self.watched = [self._post(each, days) for each in range(number)]
        self.incidents: list[Incident] = []
        self._ended: dict[int, tuple[breaker.OpenIncident, set[int]]] = {}
        self._crowd: tuple[breaker.OpenIncident, set[int]] = (breaker.OpenIncident(0, START, 0, 0), set())
        self._open: breaker.OpenIncident | None = None
        self._struck: set[int] = set()
        self._vanished: dict[int, tuple[str, datetime]] = {}
        self._missed: dict[int, tuple[str, datetime]] = {}
        self._wave: Incident | None = None
        self._followed: set[str] = set()
        self._rounds, self._batches, self._ids = count(1), count(1), count(1)
        # Controls have their place among the posts as everything else.
        self._controls = [1.0 if spares_controls else chance.random() for _ in range(6)]

    def _post(self, number: int, days: int) -> Watched:
        chance = self.chance
        id_time = START - timedelta(days=chance.uniform(40, 1500))
        facts = PostFacts(number, "x", str(10_000 + number), id_time, id_time.date())
        post = Watched(facts, f"author {number * 3 // 4}", chance.random(), tombstone=chance.random() < 0.5)
        if chance.random() < 0.10:
            post.gone_at = START + timedelta(days=chance.uniform(6, days))
        elif chance.random() < 0.10:
            post.hidden = chance.choice(("protected", "deactivated", "suspended", "age gate", "stale cache"))
            post.hidden_at = START + timedelta(days=chance.uniform(6, days - 10))
            post.hidden_until = post.hidden_at + timedelta(days=chance.uniform(1, 30))
        return post

    # time

    def watch(self, end: datetime) -> None:
        """Let the timetable drive: each tick, what is due is looked at, twenty posts a round."""
        due = [(START, post.facts.number) for post in self.watched]
        heapq.heapify(due)
        while due and due[0][0] < end:
            at = START + -((START - due[0][0]) // TICK) * TICK
            numbers = []
            while due and due[0][0] <= at:
                numbers.append(heapq.heappop(due)[1])
            for start in range(0, len(numbers), ROUND_POSTS):
                part = [self.watched[number] for number in numbers[start : start + ROUND_POSTS]]
                self._round(at + timedelta(seconds=30 * (start // ROUND_POSTS)), part)
                for post in part:
                    heapq.heappush(due, (self._next(post), post.facts.number))

    def _next(self, post: Watched) -> datetime:
        """As `check.judging` has it."""
        last = post.looks[-1]
        closed_at, verdict = last.closed_at, post.verdict
        at = next_check(post.facts.number, post.facts.id_time, verdict, post.rounds_in_state, closed_at)
        seen = any(k.valid and k.outcome is Outcome.PRESENT for k in post.looks[-3:] if k.round == last.round)
        if verdict.state is State.ALIVE and not seen:
            at = min(at, closed_at + LONGEST_RETRY)
        if self._open and verdict.vanished_at is not None:
            at = min(at, closed_at + breaker.RECHECK)
        return at

    # looks

    def _round(self, at: datetime, part: Sequence[Watched]) -> None:
        number = next(self._rounds)
        for endpoint in ENDPOINTS:
            said = [(post, self._says(post, endpoint, at)) for post in part]
            self._batch(number, endpoint, at, said, self._controls_hold(endpoint, at, number))
        waiting = [post for post in part if post.verdict.state in NEEDS_ACCOUNT_LOOK]
        if waiting:
            said = [(post, self._account_says(post, at)) for post in waiting]
            self._batch(number, "timeline", at + SECOND, said, self._controls_hold("timeline", at, number))

    def _batch(self, round: int, endpoint: str, at: datetime, said: Sequence[tuple[Watched, str]], valid: bool) -> None:
        batch, closed_at = next(self._batches), at + 25 * SECOND
        for post, saying in said:
            post.looks.append(self._look(post, endpoint, saying, (round, batch), at, valid))
            self._judge(post, round)
            post.strikes.note(SAYINGS[saying][0], closed_at)
        if valid:
            self._break(closed_at, [post for post, _ in said], round)

    def _look(
        self, post: Watched, endpoint: str, saying: str, place: tuple[int, int], at: datetime, valid: bool
    ) -> Observation:
        outcome, reason, strength = SAYINGS[saying]
        of_author, sent = endpoint == "timeline", (at - START).total_seconds()
        return Observation(
            id=next(self._ids), round=place[0], batch=place[1],
            subject_kind=SubjectKind.AUTHOR if of_author else SubjectKind.POST,
            subject_key=post.author if of_author else str(post.facts.number), endpoint=endpoint, attempt=1,
            outcome=outcome, reason=reason, strength=strength, valid=valid, controlled=True, sent_at=at,
            received_at=at + SECOND, closed_at=at + 25 * SECOND, boot_id="boot", sent_monotonic=sent,
            received_monotonic=sent + 1, age_seconds=0, native_id=None if of_author else post.facts.native_id,
            author_id=post.author if saying == "ok" or (saying == "present" and endpoint != "oembed") else None,
        )  # fmt: skip

    def _says(self, post: Watched, endpoint: str, at: datetime) -> str:
        outage = self._outage(endpoint, at, post.draw)
        if outage is not None:
            return _not_found(endpoint) if outage.says == "not found" else "unknown"
        if post.is_gone(at):
            return "strong" if endpoint == "oembed" or post.tombstone else "weak"
        if not post.hidden_at <= at < post.hidden_until:
            return "present"
        says: dict[Hidden, tuple[str, str]] = {
            "protected": ("not_authorized", "protected"),
            "deactivated": ("strong", "weak"),
            "suspended": ("suspended", "suspended"),
            "age gate": ("not_authorized", "weak"),
            "stale cache": ("present", "strong"),
        }
        return says.get(post.hidden, ("present", "present"))[ENDPOINTS.index(endpoint)]

    def _account_says(self, post: Watched, at: datetime) -> str:
        if self._outage("timeline", at, post.draw) is not None or self.chance.random() < 0.05:
            return "unknown"
        away = post.hidden in ("protected", "deactivated", "suspended") and post.hidden_at <= at < post.hidden_until
        return "unknown" if away else "ok"

    def _outage(self, endpoint: str, at: datetime, draw: float) -> Outage | None:
        """The outage that strikes a request to this endpoint now."""
        for outage in self.outages:
            struck = endpoint in outage.endpoints or (endpoint == "timeline" and outage.accounts)
            if struck and outage.start <= at < outage.end:
                drawn = self.chance.random() if outage.shape == "by chance" else draw
                return outage if drawn < outage.share else None
        return None

    def _controls_hold(self, endpoint: str, at: datetime, round: int) -> bool:
        """Two positive controls, of six in turn; what never existed is not found in an outage either."""
        pair = (self._controls[2 * round % 6], self._controls[(2 * round + 1) % 6])
        return all(self._outage(endpoint, at, draw) is None for draw in pair)

    # what follows

    def _judge(self, post: Watched, round: int) -> None:
        before, newest = post.verdict, post.looks[-1]
        new_round = sum(look.round == round for look in post.looks[-3:]) == 1
        post.rounds_in_state += new_round
        if newest.valid and newest.outcome is Outcome.PRESENT and before.state is State.ALIVE and not before.missed_at:
            # One valid sighting gives alive, whatever was: no need to fold the whole again.
            post.verdict = replace(before, last_seen_at=newest.sent_at, vanished_at=None)
        else:
            post.verdict = judge(post.facts, post.looks, self._known())
        if post.verdict.last_seen_at:
            self._followed.add(post.author)
        if post.verdict.state is not before.state:
            post.rounds_in_state = 1
        if post.verdict.state is State.DELETED is not before.state:
            assert post.verdict.decided_at is not None
            post.claims.setdefault(OURS, post.verdict.decided_at)
            post.wrongly |= not post.is_gone(post.verdict.decided_at)

    def _known(self) -> list[Incident]:
        now = [Incident("x", self._open.opened_at, None, False)] if self._open else []
        return [*self.incidents, *now, *([self._wave] if self._wave else [])]

    def _break(self, at: datetime, looked_at: Sequence[Watched], round: int) -> None:
        """As `check.crowds` has it: note who vanished, then open or end incidents."""
        for post in looked_at:
            number, verdict = post.facts.number, post.verdict
            for noted, since in ((self._vanished, verdict.vanished_at), (self._missed, verdict.missed_at)):
                noted.pop(number, None)
                if since and verdict.last_seen_at:
                    noted[number] = (post.author, since)
        acted = [self._outage_acts(at), self._wave_acts(at), self._ended_recover(at)]
        for post in looked_at if any(acted) else ():
            post.verdict = judge(post.facts, post.looks, self._known())

    def _outage_acts(self, at: datetime) -> bool:
        if self._open:
            self._open = self._with_back(self._open, self._struck)
            how = breaker.ending(self._open, at)
            if how == "expired":
                away = {n: self._vanished[n] for n in self._struck if n in self._vanished}
                weight = breaker.weight((author, since - self._seen(n)) for n, (author, since) in away.items())
                weight *= self._open.authors / max(len({author for author, _ in away.values()}), 1)
                how = how if breaker.trips(weight, len(self._followed)) else "caught_up"
            if how:
                number = len(self.incidents) + 1
                self.incidents.append(Incident("x", self._open.opened_at, at, True, number, how == "expired"))
                self._ended[number] = (self._open, self._struck)
                self._open = None
            return how is not None
        new = {n: author for n, (author, since) in self._vanished.items() if since > at - breaker.WINDOW}
        if not breaker.trips(len(set(new.values())), len(self._followed)):
            return False
        self._open, self._struck = breaker.OpenIncident(0, at, len(set(new.values())), 0), set(new)
        return True

    def _with_back(self, incident: breaker.OpenIncident, struck: Collection[int]) -> breaker.OpenIncident:
        back = {p.author for p in map(self.watched.__getitem__, struck)
                if p.verdict.last_seen_at and p.verdict.last_seen_at >= incident.opened_at}  # fmt: skip
        return replace(incident, back=len(back))

    def _seen(self, number: int) -> datetime:
        seen_at = self.watched[number].verdict.last_seen_at
        assert seen_at
        return seen_at

    def _ended_recover(self, at: datetime) -> bool:
        back = []
        for place, each in enumerate(self.incidents):
            if each.holds and each.recovered_at is None:
                incident, struck = self._ended[each.number]
                if breaker.has_recovered(self._with_back(incident, struck)):
                    self.incidents[place] = replace(each, recovered_at=at)
                    back.append(each.number)
        return bool(back)

    def _wave_acts(self, at: datetime) -> bool:
        lately = {n: told for n, told in self._missed.items() if told[1] > at - breaker.WAVE_WINDOW}
        authors = {author for author, _ in lately.values()}
        weight = breaker.weight((author, since - self._seen(n)) for n, (author, since) in lately.items())
        if breaker.swells(weight, len(self._followed)) == bool(self._wave):
            return False
        if self._wave:
            number = len(self.incidents) + 1
            self.incidents.append(replace(self._wave, closed_at=at, number=number))
            self._ended[number] = self._crowd
            self._wave = None
        else:
            self._wave = Incident("x", at, None, False, len(self.incidents) + 1, True, kind="wave")
            self._crowd = (breaker.OpenIncident(0, at, len(authors), 0), set(lately))
        return True


def _not_found(endpoint: str) -> str:
    return "strong" if endpoint == "oembed" else "weak"


# how late


ABSENT_SHARE = 0.05
"""Of the posts that are due at once, so many are found absent, and are due again in an hour."""


def _lateness(number: int) -> None:
    """All due at once: the real query and order, and the time that each round takes by the configured pace."""
    with tempfile.TemporaryDirectory() as place:
        store, turns = _all_due(Path(place, "archive"), number)
        started = time.perf_counter()
        first = next(turns.rounds())
        took = time.perf_counter() - started
        store.database.close()
    queue = _Queue(number, Random(1))
    assert {each % 60 for each in first} == {each % 60 for each in queue.turn()[:ROUND_POSTS]}
    queue = _Queue(number, Random(1))
    queue.work_off()
    print(f"\n  {number:,} posts of a gap of 5 days due at once, {ABSENT_SHARE:.0%} of them found absent,")
    every = f"{Web().pace.total_seconds():g} s; the due query {1000 * took:,.0f} ms every {ROUNDS_A_TURN} rounds"
    print(f"  a request a host every {every}; looks, and how late by median and at most")
    for gap, waits in sorted(queue.waits.items(), reverse=True):
        hours = [wait / HOUR for wait in waits]
        what = "all of them" if gap > 2 * AFTER_ABSENT[-1] else f"{gap / HOUR:g} h after an absent"
        print(f"  {what:24}{len(hours):>10,}{median(hours):>10.2f} h{max(hours):>10.2f} h")


def _all_due(place: Path, number: int) -> tuple[Store, Turns]:
    store = make_store(place)
    with store.run("benchmark") as run, store.writing(run.id) as transaction:
        for start in range(0, number, 10_000):
            some = range(start + 1, min(start + 10_000, number) + 1)
            found = [{"id": n, "platform": "x", "found_at": START, "run": run.id} for n in some]
            transaction.connection.execute(insert(posts), found)
            states = [_state(n, START - timedelta(minutes=n % 60)) for n in some]
            transaction.connection.execute(insert(post_states), states)
    return store, Turns(store, SettableClock(START), Timetable(), "x", ROUND_POSTS)


class _Queue:
    """The posts that are due, one queue for each gap: within one, the longest due is the latest."""

    def __init__(self, number: int, chance: Random) -> None:
        self.at, self._chance = START, chance
        whole = sorted((START - timedelta(minutes=n % 60), n, 0) for n in range(1, number + 1))
        self._due: dict[timedelta, list[tuple[datetime, int, int]]] = {Schedule().gap: whole}
        self.waits: dict[timedelta, list[timedelta]] = {}
        self._taken: list[tuple[timedelta, datetime, int, int]] = []

    def turn(self) -> list[int]:
        """The next posts, the latest in proportion to their gaps first, as `check.turns` has it."""
        self._taken = []
        while len(self._taken) < ROUNDS_A_TURN * ROUND_POSTS:
            heads = [(lateness(self.at, due[0][0], due[0][0] - gap), gap) for gap, due in self._due.items() if due]
            latest, gap = max(heads, default=(-1.0, HOUR))
            if latest < 0:
                break
            self._taken.append((gap, *heapq.heappop(self._due[gap])))
        return [number for _, _, number, _ in self._taken]

    def work_off(self) -> None:
        """Until nothing of what was due at first is."""
        everyone = self._due[Schedule().gap]
        while everyone:
            self.turn()
            for start in range(0, len(self._taken), ROUND_POSTS):
                self._round(self._taken[start : start + ROUND_POSTS])

    def _round(self, part: Sequence[tuple[timedelta, datetime, int, int]]) -> None:
        # Endpoints are asked side by side, four controls round the posts of each; then accounts, between four as well.
        absent = [each for each in part if each[3] or self._chance.random() < ABSENT_SHARE]
        self.at += Web().pace * (len(part) + 4 + (len(absent) + 4 if absent else 0))
        for gap, due_at, _, _ in part:
            self.waits.setdefault(gap, []).append(self.at - due_at)
        for _, _, number, looks in absent:
            gap = AFTER_ABSENT[min(looks, len(AFTER_ABSENT) - 1)]
            heapq.heappush(self._due.setdefault(gap, []), (self.at + gap, number, looks + 1))


def _state(number: int, due_at: datetime) -> dict[str, object]:
    lists: dict[str, object] = {"short_links": [], "edit_chain": [], "doubts": [], "flags": []}
    named: dict[str, object] = {"post": number, "platform": "x", "native_id": str(10_000 + number), "state": "alive"}
    return (
        named
        | lists
        | {"next_check_at": due_at, "last_checked_at": due_at - Schedule().gap, "checks": 1, "checks_in_state": 1}
    )
