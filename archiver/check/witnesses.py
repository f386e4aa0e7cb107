"""Web archives as witnesses: of posts that we never saw alive, what did the Wayback Machine keep?

    never seen, and their turn ─→ a batch of looks at the archive ─→ captures with the post's words, or an id
       observation (always unknown) + exchanges + captures + snapshots + verdict: one transaction

A capture is the archive's word: its snapshot names the archive as provenance, and no look here is a sighting, counts as
a check, or brings a post nearer to a verdict. The times of captures only tell since when a post may be missing. That
the archive has nothing tells nothing.

An archive is asked about a post when it is first found absent, after 30 days, and then every year, six times in all;
one that could not be asked, after six hours, twelve, a day … Whose turn it is follows from the stored looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archiver.check.batch import NO_CONTROLS, OpenBatch, Subject, Tools
from archiver.check.judging import judge_again
from archiver.check.quoting import cut_quotations
from archiver.check.summary import CheckSummary, alarms, unreachable_hosts
from archiver.check.workers import run_together
from archiver.model.exchange import Get
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.post import Post, PostRef
from archiver.model.verdict import Rules
from archiver.platforms import wayback, x_wayback, x_wayback_search
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.platforms.x_wayback import Testimony
from archiver.store import captures, listing, observations, posts
from archiver.store.captures import ABOUT, SEARCH, Asked
from archiver.store.transaction import OpenRun, Store, Transaction

SECOND_AFTER, LATER_AFTER = timedelta(days=30), timedelta(days=365)
MOST_TIMES = 6
RETRY_AFTER = timedelta(hours=6)
"""After the first look in vain; it doubles with each, to a month."""
MOST_DOUBLINGS = 7
DEADLINE_SECONDS = 3600.0
PLATFORMS = frozenset({"x"})
"""Of whose posts captures can be read."""
_ENDPOINTS = {name: Endpoint(name, wayback.HOST, SubjectKind.POST) for name in (ABOUT, SEARCH)}


def is_due(asked: Asked, now: datetime) -> bool:
    """Whether it is time to ask the archive about a post, again or for the first time."""
    in_vain = asked.last_at is not None and (asked.told_at is None or asked.last_at > asked.told_at)
    if asked.last_at is not None and in_vain:
        waits = RETRY_AFTER * 2 ** min(max(asked.vain - 1, 0), MOST_DOUBLINGS)
        if now < asked.last_at + waits:
            return False
    if asked.told_at is None:
        return True
    return asked.times < MOST_TIMES and now >= asked.told_at + (SECOND_AFTER if asked.times == 1 else LATER_AFTER)


@dataclass(slots=True)
class Witnesses:
    """Asks the Wayback Machine, a few posts at a time, through the same client as all looks."""

    store: Store
    tools: Tools
    adapters: Sequence[Adapter]
    """Of the platforms that are looked at."""
    rules: Rules
    posts_at_once: int
    follow: Sequence[str] = ()
    """As in Checker."""

    def has_due(self) -> bool:
        """Whether there is anybody to ask about now."""
        return any(self._turns(adapter) for adapter in self._asked_about())

    def ask(self, run: OpenRun) -> CheckSummary:
        """Ask about the posts whose turn it is, those first that were asked about the least."""
        summary = CheckSummary()
        for adapter in self._asked_about():
            turns = self._turns(adapter)
            for endpoint in _ENDPOINTS.values():
                numbers = [number for name, number in turns if name == endpoint.name]
                if numbers and not self.tools.stop.is_set():
                    self._ask(run, adapter, endpoint, numbers, summary)
        summary.interrupted = self.tools.stop.is_set()
        for name in ("posts", "looks", "identified", "captured"):
            run.count(name, getattr(summary, name))
        run.count("adapter_errors", summary.errors)
        return summary

    def _asked_about(self) -> list[Adapter]:
        if self.tools.client.paused_until(wayback.HOST) is not None:
            return []
        return [adapter for adapter in self.adapters if adapter.platform in PLATFORMS]

    def _turns(self, adapter: Adapter) -> list[tuple[str, int]]:
        """(endpoint, post) of those whose turn it is."""
        now = self.tools.clock.now()
        due: list[tuple[int, int, str]] = []
        with self.store.reading() as connection:
            for endpoint in _ENDPOINTS:
                asked = captures.asked(connection, endpoint)
                identified = endpoint == ABOUT
                found = captures.never_seen(connection, adapter.platform, identified=identified, authors=self.follow)
                known = ((asked.get(number, Asked()), number) for number in found)
                due += [(each.times, number, endpoint) for each, number in known if is_due(each, now)]
        return [(endpoint, number) for _, number, endpoint in sorted(due)[: self.posts_at_once]]

    def _ask(
        self, run: OpenRun, adapter: Adapter, endpoint: Endpoint, numbers: Sequence[int], summary: CheckSummary
    ) -> None:
        with self.store.writing(run.id) as transaction:
            round_number = observations.open_round(transaction, adapter.platform)
            loaded = posts.load(transaction.connection, numbers)
            quoted = {post.number: _quotations(transaction, post) for post in loaded} if endpoint.name == SEARCH else {}
        hearing = _Hearing({str(post.number): post for post in loaded}, quoted)
        about = [Subject(SubjectKind.POST, str(post.number), None) for post in loaded]
        open_batch = OpenBatch(
            adapter,
            endpoint,
            round_number,
            about,
            NO_CONTROLS,
            self.tools,
            ask=hearing.ask,
            deadline_seconds=DEADLINE_SECONDS,
        )
        for each in run_together([open_batch], self.tools.stop):
            # Who reads is not the platform's adapter: another version of its rules must not read these again.
            batch = replace(each.close(), adapter=wayback.NAME, adapter_version=wayback.VERSION)
            self._store(run, adapter, batch, hearing.heard, summary)
            summary.errors += each.errors
            summary.unreachable |= unreachable_hosts(batch, endpoint.host)
            summary.alarms += alarms(batch)
        summary.posts += len(loaded)

    def _store(
        self, run: OpenRun, adapter: Adapter, batch: Batch, heard: Mapping[str, Testimony], summary: CheckSummary
    ) -> None:
        """The looks, what was captured, the ids that were found, and what follows for verdicts: one transaction."""
        with self.store.writing(run.id) as transaction:
            _, looks = observations.append(transaction, batch)
            last: dict[str, tuple[int, Look]] = {look.subject_key: (number, look) for number, look, _ in looks}
            concerned: set[int] = set()
            for key, (number, _) in last.items():
                testimony = heard.get(key)
                if testimony is None:
                    continue
                post = int(key)
                if testimony.native_id is not None:
                    post = _identify(transaction, adapter, post, testimony)
                    summary.identified += 1
                kept = _keep(transaction, post, number, testimony)
                summary.captured += kept
                concerned |= {post} if kept else set()
            for post, verdict in judge_again(transaction, concerned, self.rules).items():
                held = captures.of_posts(transaction.connection, [post])[post]
                gone_by = verdict.interval.right if verdict.interval else None
                summary.alarms += [
                    f"p{post}: {each.provenance} shows it after we found it absent: a person should look"
                    for each in held
                    if gone_by and each.speaks_for > gone_by
                ]
        summary.looks += len(batch.looks)


@dataclass(slots=True)
class _Hearing:
    """The looks of one batch: what the archive said about each post, by its key."""

    asked_about: Mapping[str, Post]
    quoted: Mapping[int, Sequence[str]]
    """Of posts whose id is sought, what articles print."""
    heard: dict[str, Testimony] = field(default_factory=dict)

    def ask(self, subject: Subject, get: Get) -> Reading:
        """One look at the archive. It tells nothing about the post itself: its outcome is unknown."""
        post = self.asked_about[subject.key]
        testify: Callable[[], Testimony] = (
            (lambda: x_wayback.testify(post, get))
            if post.native_id is not None
            else (lambda: x_wayback_search.search(post, self.quoted.get(post.number, ()), get))
        )
        self.heard[subject.key] = testimony = testify()
        return testimony.reading


def _quotations(transaction: Transaction, post: Post) -> list[str]:
    cited = listing.citations(transaction.connection, post.number)
    return list(dict.fromkeys(words for each in cited for words in (each.quotation, each.first_quotation) if words))


def _identify(transaction: Transaction, adapter: Adapter, number: int, testimony: Testimony) -> int:
    """Append the id that was found. Returns the post that it now is."""
    assert testimony.native_id is not None
    (post,) = posts.load(transaction.connection, [number])
    handle = testimony.author_handle or post.cited_handle
    return posts.identify(
        transaction,
        number,
        native_id=testimony.native_id,
        permalink=adapter.permalink(PostRef(post.platform, post.host, testimony.native_id, handle)),
        published_at=adapter.id_time(testimony.native_id),
        how=wayback.NAME,
    )


def _keep(transaction: Transaction, post: int, observation: int, testimony: Testimony) -> int:
    """Keep the captures that are new, of a post that we never saw. Returns how many.

    One that was seen has its own snapshots, and what was once concluded of it stays as it is.
    """
    if captures.was_seen(transaction.connection, post):
        return 0
    on_file = captures.on_file(transaction.connection, post)
    new = [each for each in testimony.captures if (each.captured_at, each.address) not in on_file]
    for capture in new:
        snapshot = captures.append(transaction, post, observation, capture)
        cut_quotations(transaction, {post: snapshot})
    return len(new)
