"""Rounds: the due posts of a platform, twenty at a time, on every endpoint, then their authors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from archiver.check import authors, controls, enlisting
from archiver.check.batch import NO_CONTROLS, Controls, OpenBatch, Subject, Tools
from archiver.check.controls import ControlIds, ControlReading
from archiver.check.crowds import Crowds
from archiver.check.judging import append_and_judge
from archiver.check.media import Pictures
from archiver.check.planning import PlannedRequest, planned
from archiver.check.resolving import Resolver
from archiver.check.subjects import by_host, subjects_of
from archiver.check.summary import ROUND_POSTS, CheckSummary, PlatformSettings, alarms, clock_alarms, unreachable_hosts
from archiver.check.turns import Turns, in_parts
from archiver.check.workers import run_together
from archiver.model.observation import Batch, Look, SubjectKind
from archiver.model.post import Post
from archiver.model.verdict import Rules
from archiver.platforms.adapter import Endpoint
from archiver.schedule import Timetable
from archiver.store import controls as control_store
from archiver.store import observations, posts, states
from archiver.store.transaction import OpenRun, Store


@dataclass(slots=True)
class Checker:
    """Looks at posts. One at a time: pace per host is held in one place."""

    store: Store
    tools: Tools
    platforms: Sequence[PlatformSettings]
    rules: Rules
    timetable: Timetable
    follow: Sequence[str] = ()
    """Handles of the authors to look at; empty means everyone."""
    pictures: Pictures | None = None
    """What fetches the pictures of posts that are seen; None where none are kept."""
    crowds: Crowds = field(default_factory=Crowds)

    def has_due(self, *, identified: bool) -> bool:
        """Whether there is anything to look at, or to seek, now."""
        return bool(self._with_due(identified=identified))

    def _with_due(self, *, identified: bool) -> list[PlatformSettings]:
        """The platforms of which posts are due and that may be asked."""
        at, found = self.tools.clock.now(), list[PlatformSettings]()
        with self.store.reading() as connection:
            for each in self.platforms:
                due = posts.due(connection, at, each.adapter.platform, identified=identified, authors=self.follow)
                if next(due, None) and not (identified and self._is_held_back(each)):
                    found.append(each)
        return found

    def check(
        self, run: OpenRun, numbers: Collection[int] | None = None, within: timedelta | None = None
    ) -> CheckSummary:
        """Look at these posts, or at all that are due; after the time `within`, no further round begins."""
        summary, started = CheckSummary(), self.tools.clock.monotonic()
        for platform, part in self._parts(numbers):
            if self.tools.stop.is_set():
                summary.interrupted = True
                break
            _Round(self, platform, run, summary).look_at(part)
            if within and self.tools.clock.monotonic() - started >= within.total_seconds():
                break
        self._count(run, summary)
        return summary

    def plan(self, numbers: Collection[int] | None = None) -> Iterator[PlannedRequest]:
        """What `check` would ask for, where and when; nothing is asked and nothing written."""
        batches: list[OpenBatch] = []
        with self.store.reading() as connection:
            last = observations.last_round(connection)
        for number, (platform, part) in enumerate(self._parts(numbers), last + 1):
            with self.store.reading() as connection:
                subjects = [subject for post in posts.load(connection, part) for subject in subjects_of(post)]
            # Which controls stand round a batch follows from the number of its round.
            would_be = _Round(self, platform, OpenRun(0, {}), CheckSummary(), number, platform.controls)
            batches += would_be.batches_of(subjects)
        return planned(batches, self.tools)

    def _parts(self, numbers: Collection[int] | None) -> Iterator[tuple[PlatformSettings, Sequence[int]]]:
        """The posts of each round: a round of every platform in turn, so that none waits for all of another's."""
        platforms = self._with_due(identified=True) if numbers is None else self.platforms
        waiting = [(platform, self._rounds_of(platform, numbers)) for platform in platforms]
        while waiting:
            turn, waiting = waiting, []
            for platform, parts in turn:
                if self._is_held_back(platform):
                    continue
                part = next(parts, None)
                if part is not None:
                    yield platform, part
                    waiting.append((platform, parts))

    def _rounds_of(self, platform: PlatformSettings, numbers: Collection[int] | None) -> Iterator[Sequence[int]]:
        if numbers is not None:
            return in_parts(self._wanted(platform, numbers, identified=True), platform.round_posts)
        clock, name = self.tools.clock, platform.adapter.platform
        return Turns(self.store, clock, self.timetable, name, platform.round_posts, self.follow).rounds()

    def _is_held_back(self, platform: PlatformSettings) -> bool:
        """Whether every endpoint of posts is paused, or its day's budget spent: what is due stays due, and no look is
        written that was never made."""
        hosts = {each.host for each in platform.adapter.endpoints if each.subject is SubjectKind.POST}
        return bool(hosts) and all(host and self.tools.client.paused_until(host) for host in hosts)

    def resolve(self, run: OpenRun, numbers: Collection[int] | None = None) -> CheckSummary:
        """Seek the ids of these posts, or of all for which it is time."""
        summary = CheckSummary()
        for platform in self.platforms:
            if platform.adapter.short_link_endpoint is None:
                continue
            for part in in_parts(self._wanted(platform, numbers, identified=False), ROUND_POSTS):
                if self.tools.stop.is_set():
                    summary.interrupted = True
                    break
                _Round(self, platform, run, summary).resolve(part)
        self._count(run, summary)
        return summary

    def check_controls(self, run: OpenRun) -> list[ControlReading]:
        """Look at every control on every endpoint of posts, with nothing beside it."""
        summary = CheckSummary()
        looked_at = (_Round(self, platform, run, summary).look_at_controls() for platform in self.platforms)
        return [reading for readings in looked_at for reading in readings]

    def _wanted(self, platform: PlatformSettings, numbers: Collection[int] | None, *, identified: bool) -> list[int]:
        name = platform.adapter.platform
        with self.store.reading() as connection:
            if numbers is None:
                at = self.tools.clock.now()
                return posts.due_numbers(connection, at, name, identified=identified, authors=self.follow)
            loaded = posts.load(connection, numbers)
        return [
            post.number
            for post in loaded
            if post.platform == name and (post.native_id is not None) == identified and not self._is_ahead(post)
        ]

    def _is_ahead(self, post: Post) -> bool:
        """Whether the id cannot be, or not yet: its own time is to come, or before the platform's."""
        if "id_implausible" not in post.doubts:
            return False
        return post.published_at is None or post.published_at > self.tools.clock.now()

    def _count(self, run: OpenRun, summary: CheckSummary) -> None:
        run.count("posts", summary.posts)
        run.count("looks", summary.looks)
        run.count("verdicts", len(summary.given))
        run.count("void_batches", len(summary.void))
        run.count("adapter_errors", summary.errors)


@dataclass(slots=True)
class _Round:
    """One round: the posts' endpoints side by side, then the authors of those that were not served."""

    checker: Checker
    platform: PlatformSettings
    run: OpenRun
    summary: CheckSummary
    number: int = 0
    ids: ControlIds = field(default_factory=ControlIds)
    """The controls in force."""
    met: set[tuple[int, int]] = field(default_factory=set)

    def look_at(self, numbers: Sequence[int]) -> None:
        loaded = self._open(numbers)
        open_batches = self.batches_of([subject for post in loaded for subject in subjects_of(post)])
        appended = [self._append(each) for each in run_together(open_batches, self.checker.tools.stop)]
        self._look_at_authors(loaded, appended)
        if self.checker.pictures is not None:
            looks = [number for _, looked in appended for number, _ in looked]
            self.checker.pictures.keep(self.run, self.platform.adapter.media_hosts, looks, self.summary)

    def batches_of(self, subjects: Sequence[Subject]) -> list[OpenBatch]:
        """The looks at these posts on every endpoint."""
        endpoints = [each for each in self.platform.adapter.endpoints if each.subject is SubjectKind.POST]
        return [batch for endpoint in endpoints for batch in self._batches(endpoint, subjects)]

    def look_at_controls(self) -> list[ControlReading]:
        self._open(())
        found: list[ControlReading] = []
        for endpoint in self.platform.adapter.endpoints:
            if endpoint.subject is not SubjectKind.POST:
                continue
            for host, subjects in by_host(endpoint, controls.everyone(self.ids)):
                for part in in_parts(subjects, max(endpoint.ids_per_request, endpoint.batch_looks)):
                    adapter, tools = self.platform.adapter, self.checker.tools
                    batch = OpenBatch(adapter, endpoint, self.number, part, NO_CONTROLS, tools, host=host or "")
                    for each in run_together([batch], tools.stop):
                        found += controls.readings(self._append(each)[0])
        return found

    def _batches(self, endpoint: Endpoint, subjects: Sequence[Subject]) -> Iterator[OpenBatch]:
        """The looks at these subjects on one endpoint; those at each server of a federated platform are apart."""
        for host, part in by_host(endpoint, subjects):
            if endpoint.subject is SubjectKind.POST:
                about = controls.for_posts(self.ids.at(host), self.number)
                self.summary.uncontrolled |= not about.configured
            else:
                about = self._author_controls(host)
            room = endpoint.batch_looks
            if endpoint.ids_per_request > 1:
                room = endpoint.ids_per_request - len(about.before) - len(about.of_classes) - len(about.after)
            for looked_at in in_parts(part, room):
                yield OpenBatch(
                    self.platform.adapter, endpoint, self.number, looked_at, about, self.checker.tools, host=host or ""
                )

    def _author_controls(self, host: str | None) -> Controls:
        platform, ids = self.platform.adapter.platform, self.ids.at(host)
        with self.checker.store.reading() as connection:
            known = control_store.authors(connection, platform, [controls.key(ref) for ref in ids.present])
        return controls.for_authors(ids, platform, host, self.number, known)

    def resolve(self, numbers: Sequence[int]) -> None:
        loaded = self._open(numbers)
        endpoint = self.platform.adapter.short_link_endpoint
        assert endpoint is not None
        resolver = Resolver(self.platform.adapter, loaded)
        about = [Subject(SubjectKind.POST, str(post.number), None) for post in loaded]
        batch = OpenBatch(
            self.platform.adapter, endpoint, self.number, about, NO_CONTROLS, self.checker.tools, ask=resolver.ask
        )
        for each in run_together([batch], self.checker.tools.stop):
            self._append(each, resolver)

    def _open(self, numbers: Sequence[int]) -> list[Post]:
        with self.checker.store.writing(self.run.id) as transaction:
            name = self.platform.adapter.platform
            self.number = observations.open_round(transaction, name)
            self.summary.alarms += enlisting.replenish(transaction, name, self.platform.controls)
            self.ids = enlisting.in_force(transaction, name, self.platform.controls)
            loaded = posts.load(transaction.connection, numbers)
        self.summary.posts += len(loaded)
        return loaded

    def _look_at_authors(
        self, loaded: Sequence[Post], appended: Sequence[tuple[Batch, tuple[tuple[int, Look], ...]]]
    ) -> None:
        with self.checker.store.reading() as connection:
            # Read again: a first sighting has just told the author's id.
            fresh = posts.load(connection, [post.number for post in loaded])
            standing = states.load(connection, [post.number for post in fresh])
            on_file = {number: each.state for number, each in standing.items()}
        wanted = authors.subjects(fresh, on_file, authors.told_of(appended))
        for sighting in authors.by_siblings(wanted, appended, self.checker.tools.clock):
            for look in sighting.looks:
                wanted.pop(look.subject_key, None)
            self._store(sighting)
        endpoint = next((e for e in self.platform.adapter.endpoints if e.subject is SubjectKind.AUTHOR), None)
        if endpoint is None or not wanted or self.checker.tools.stop.is_set():
            return
        open_batches = list(self._batches(endpoint, list(wanted.values())))
        for each in run_together(open_batches, self.checker.tools.stop):
            self._append(each)

    def _append(
        self, open_batch: OpenBatch, resolver: Resolver | None = None
    ) -> tuple[Batch, tuple[tuple[int, Look], ...]]:
        batch = open_batch.close()
        self.summary.errors += open_batch.errors
        self.summary.unreachable |= unreachable_hosts(batch, open_batch.host)
        return batch, self._store(batch, resolver)

    def _store(self, batch: Batch, resolver: Resolver | None = None) -> tuple[tuple[int, Look], ...]:
        """The batch and all that follows from it, the ids that were found too, in one transaction."""
        checker, summary = self.checker, self.summary
        with checker.store.writing(self.run.id) as transaction:
            appended = append_and_judge(transaction, batch, checker.rules, checker.timetable, self.met, checker.crowds)
            summary.identified += resolver.keep(transaction) if resolver else 0
            summary.alarms += enlisting.retire(transaction, batch) if batch.void_because else []
        summary.looks += len(batch.looks)
        summary.given += appended.given
        summary.alarms += appended.incidents
        if batch.void_because:
            summary.void.append(f"{batch.endpoint}: {batch.void_because}")
        summary.alarms += [*alarms(batch), *clock_alarms(batch)]
        return appended.observations
