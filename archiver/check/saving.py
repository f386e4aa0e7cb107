"""Asking an archive to save the pages of posts that we saw alive: before they go, and not after.

    seen alive, no capture known ─→ a job ─→ its state, half a minute later and at every turn ─→ saved, or failed
       each is a look at endpoint "wayback_save" (always unknown) + its exchanges + ledger lines: one transaction

A job that is not done within an hour is lost: the archive forgets it. One that failed is tried again after six hours,
twelve, a day …, five times in all; where the archive was down or had enough of us, as long as it takes. Whose turn it
is follows from the stored looks, and nothing here counts as a check or brings a post nearer to a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.check.batch import NO_CONTROLS, OpenBatch, Subject, Tools
from archiver.check.recorder import Recorder
from archiver.check.summary import CheckSummary, alarms, unreachable_hosts
from archiver.check.workers import run_together
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import Post
from archiver.platforms import wayback, wayback_save
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.store import observations, posts, saves
from archiver.store.saves import Asked
from archiver.store.transaction import OpenRun, Store

FIRST_LOOK_AFTER = timedelta(seconds=30)
LOST_AFTER = timedelta(hours=1)
RETRY_AFTER = timedelta(hours=6)
MOST_DOUBLINGS = 7
MOST_FAILURES = 5
DEADLINE_SECONDS = 3600.0
ENDPOINT = Endpoint(saves.SAVE, wayback.HOST, SubjectKind.POST)
_GOES_ON = (Reason.SAVE_BEGUN, Reason.SAVE_PENDING)


def job_of(asked: Asked, now: datetime) -> str | None:
    """The job that goes on, to be followed; None where there is none, or none that the archive still knows."""
    is_lost = asked.begun_at is None or now - asked.begun_at > LOST_AFTER
    return None if asked.reason not in _GOES_ON or is_lost else asked.job


def is_due(asked: Asked, now: datetime) -> bool:
    """Whether it is time to ask for a post's page, or for what became of it."""
    if asked.reason is None or asked.at is None:
        return True
    if job_of(asked, now) is not None:
        return now - asked.at >= FIRST_LOOK_AFTER
    if asked.reason is Reason.SAVED or asked.failed >= MOST_FAILURES:
        return False
    tries = max(asked.failed + asked.vain, 1)
    return now >= asked.at + RETRY_AFTER * (1 << min(tries - 1, MOST_DOUBLINGS))


@dataclass(slots=True)
class Saving:
    """Asks the Wayback Machine to save pages, a few at a time, through the same client as all looks."""

    store: Store
    tools: Tools
    adapters: Sequence[Adapter]
    """Of the platforms that are looked at."""
    posts_at_once: int
    follow: Sequence[str] = ()
    """As in Checker."""

    def has_due(self) -> bool:
        """Whether there is anything to ask now."""
        return bool(self._turns())

    def save(self, run: OpenRun) -> CheckSummary:
        """Ask for the pages whose turn it is; the jobs that go on are followed first."""
        summary = CheckSummary()
        for adapter, turns in self._turns():
            if not self.tools.stop.is_set():
                self._ask(run, adapter, turns, summary)
        summary.interrupted = self.tools.stop.is_set()
        run.count("looks", summary.looks)
        run.count("saved", summary.saved)
        run.count("adapter_errors", summary.errors)
        return summary

    def _turns(self) -> list[tuple[Adapter, dict[int, Asked]]]:
        """Of each platform, the posts whose turn it is and how it went with them so far."""
        if self.tools.client.paused_until(wayback.HOST) is not None:
            return []
        now, left = self.tools.clock.now(), self.posts_at_once
        turns: list[tuple[Adapter, dict[int, Asked]]] = []
        with self.store.reading() as connection:
            known = saves.asked(connection)
            for adapter in self.adapters:
                found = saves.wanted(connection, adapter.platform, self.follow)
                due = [(number, known.get(number, Asked())) for number in found]
                due = [(number, asked) for number, asked in due if is_due(asked, now)]
                due.sort(key=lambda each: (job_of(each[1], now) is None, each[1].failed + each[1].vain))
                if part := dict(due[:left]):
                    turns.append((adapter, part))
                    left -= len(part)
        return turns

    def _ask(self, run: OpenRun, adapter: Adapter, turns: Mapping[int, Asked], summary: CheckSummary) -> None:
        with self.store.writing(run.id) as transaction:
            round_number = observations.open_round(transaction, adapter.platform)
            loaded = {str(post.number): post for post in posts.load(transaction.connection, turns)}

        def ask(subject: Subject, get: Recorder) -> Reading:
            post = loaded[subject.key]
            return _look(post, turns[post.number], self.tools.clock.now(), get)

        about = [Subject(SubjectKind.POST, key, None) for key in loaded]
        batch = OpenBatch(
            adapter, ENDPOINT, round_number, about, NO_CONTROLS, self.tools, ask=ask, deadline_seconds=DEADLINE_SECONDS
        )
        for each in run_together([batch], self.tools.stop):
            # Who reads is not the platform's adapter: another version of its rules must not read these again.
            closed = replace(each.close(), adapter=wayback_save.NAME, adapter_version=wayback_save.VERSION)
            with self.store.writing(run.id) as transaction:
                observations.append(transaction, closed)
            summary.looks += len(closed.looks)
            summary.saved += sum(look.reading.reason is Reason.SAVED for look in closed.looks)
            summary.errors += each.errors
            summary.unreachable |= unreachable_hosts(closed, ENDPOINT.host)
            summary.alarms += alarms(closed)
        summary.posts += len(loaded)


def _look(post: Post, asked: Asked, now: datetime, get: Recorder) -> Reading:
    job = job_of(asked, now)
    if job is not None:
        return wayback_save.follow(job, get)
    address = wayback_save.address_of(post)
    if address is None:
        return Reading(Outcome.UNKNOWN, Reason.SAVE_FAILED, message="the post has no address")
    return wayback_save.begin(address, get.send)
