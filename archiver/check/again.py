"""Judging and reading again from all that is stored: nothing new is asked, and nothing that was said is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from archiver.check.judging import Given, note_folds
from archiver.model.exchange import Exchange
from archiver.model.listing import PostFilter
from archiver.model.observation import Batch, Observation, Reading, SubjectKind
from archiver.model.outcome import Outcome
from archiver.model.post import AuthorRef, PostRef
from archiver.model.verdict import Rules
from archiver.platforms.adapter import Adapter, Endpoint
from archiver.store import facts, incidents, kept, listing, observations, posts, states
from archiver.store.columns import portions
from archiver.store.transaction import OpenRun, Store, Transaction
from archiver.verdicts import judge
from archiver.web.body import decoded

AT_ONCE = 200


def refold(store: Store, rules: Rules, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """A line for each field of a post's state that comes out otherwise than it stands on file (none should).

    What other rules have judged may well come out otherwise, and the line says so: `renew` judges it by today's.
    `progress` is told how many posts are behind, and how many there are.
    """
    differences: list[str] = []
    with store.reading() as connection:
        known = {platform: incidents.load(connection, platform) for platform in posts.platforms(connection)}
        numbers = [post.number for post in listing.posts(connection, PostFilter())]
        for place, part in enumerate(portions(numbers, AT_ONCE)):
            if progress is not None:
                progress(place * AT_ONCE, len(numbers))
            loaded = posts.load(connection, part)
            looks = observations.for_posts(connection, loaded)
            known_of = facts.load(connection, loaded)
            on_file = states.load(connection, part)
            for post in loaded:
                verdict = judge(known_of[post.number], looks[post.number], known[post.platform], rules)
                fields = states.stored_differs(connection, post.number, verdict)
                given_by = on_file[post.number].given_by
                other = f" by rules {rules.version} than by {given_by}" if given_by not in (None, rules.version) else ""
                differences += [f"p{post.number}: {name} comes out otherwise{other}" for name in fields]
    return differences


def renew(store: Store, rules: Rules, run: OpenRun) -> list[Given]:
    """Judge again, by today's rules, what others have judged. Verdicts that come out otherwise are given anew; the old
    ones stay on file. Posts concerned are looked at soon.
    """
    told = Rereading()
    with store.reading() as connection:
        numbers = states.judged_by_others(connection, rules.version)
    for part in portions(numbers, AT_ONCE):
        with store.writing(run.id) as transaction:
            _judge(transaction, set(part), rules, told)
    run.count("posts", len(numbers))
    run.count("verdicts", len(told.given))
    return told.given


@dataclass(slots=True)
class Rereading:
    """What reading again came to."""

    looks: int = 0
    """Unknown looks whose answers were read again."""
    lost: int = 0
    """Those whose answers are no longer kept, or that no endpoint of today can read."""
    otherwise: int = 0
    """Those that tell something now: each has a second reading beside the old one."""
    given: list[Given] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    """What a person should look at."""


def reread(store: Store, adapters: Sequence[Adapter], rules: Rules, run: OpenRun, decoded_cap: int) -> Rereading:
    """Apply today's reading rules to the kept answers of looks that told nothing by older ones.

    A look that tells something now gets a second reading, of the same batch and times, under the new version; the old
    one stays. Posts concerned are judged again, and looked at soon.
    """
    told = Rereading()
    for adapter in adapters:
        after = 0
        while True:
            with store.writing(run.id) as transaction:
                found = kept.unknown_looks(transaction.connection, adapter.name, adapter.version, after, AT_ONCE)
                concerned = {post for look in found for post in _read(transaction, adapter, look, told, decoded_cap)}
                _judge(transaction, concerned, rules, told)
            if not found:
                break
            after = found[-1].observation.id
    run.count("looks", told.looks)
    run.count("otherwise", told.otherwise)
    return told


def _read(
    transaction: Transaction, adapter: Adapter, unread: kept.Unread, told: Rereading, decoded_cap: int
) -> set[int]:
    """Read one look again. Returns the posts that a new reading concerns."""
    look = unread.observation
    endpoint = next((each for each in adapter.endpoints if each.name == look.endpoint), None)
    ref = _ref(transaction, unread)
    answers = [_decoded(each, decoded_cap) for each in kept.load(transaction.connection, unread.answered_by)]
    if endpoint is None or ref is None or not answers:
        told.lost += 1
        return set()
    told.looks += 1
    reading = _observe(adapter, endpoint, ref, answers)
    if reading is None or reading.outcome is Outcome.UNKNOWN:
        return set()
    told.otherwise += 1
    batch = _beside(look, adapter, unread.platform)
    again, snapshot = observations.append_again(transaction, look, unread.answered_by, reading, batch)
    if look.subject_kind is SubjectKind.POST:
        if reading.outcome is Outcome.PRESENT:
            states.note_sighting(transaction, again, snapshot)
        return {int(look.subject_key)}
    return posts.by_authors(transaction.connection, unread.platform, {look.subject_key})


def _observe(adapter: Adapter, endpoint: Endpoint, ref: PostRef | AuthorRef, answers: list[Exchange]) -> Reading | None:
    """What the adapter makes of the kept answers; None where it would ask for more than was asked then."""
    # What was followed or asked again before the adapter saw anything is left out: it gets the ends of the chains.
    followed = zip(answers, [*answers[1:], None], strict=True)
    waiting = iter([answer for answer, behind in followed if behind is None or not _led_to(answer, behind)])

    def get(url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        return next(waiting)

    try:
        return adapter.observe([ref], endpoint, get)[0]
    except StopIteration:
        return None


def _led_to(answer: Exchange, behind: Exchange) -> bool:
    """Whether the next exchange came of this one: a redirect, or a token that was refused and renewed."""
    code = answer.status_code or 0
    return 300 <= code < 400 or (code == 401 and behind.url == answer.url)


def _decoded(answer: Exchange, cap: int) -> Exchange:
    encodings = [said for name, said in answer.response_headers if name.lower() == "content-encoding"]
    return replace(answer, body=decoded(answer.payload, encodings, cap)[0])


def _ref(transaction: Transaction, unread: kept.Unread) -> PostRef | AuthorRef | None:
    """Whom the look was about, as it is known today; None for what can no longer be named."""
    look = unread.observation
    if look.subject_kind is SubjectKind.AUTHOR:
        kind, _, name = look.subject_key.partition(":")
        return AuthorRef(unread.platform, None, name, None) if kind == "id" else None
    loaded = posts.load(transaction.connection, [int(look.subject_key)])
    if not loaded or look.native_id is None:
        return None
    post = loaded[0]
    return PostRef(post.platform, post.host, look.native_id, post.cited_handle, post.author_id)


def _beside(look: Observation, adapter: Adapter, platform: str) -> Batch:
    return Batch(
        platform=platform,
        round=look.round,
        endpoint=look.endpoint,
        adapter=adapter.name,
        adapter_version=adapter.version,
        started_at=look.sent_at,
        closed_at=look.closed_at,
        boot_id=look.boot_id,
        started_monotonic=look.sent_monotonic,
        closed_monotonic=look.received_monotonic,
        egress="kept",
        valid=look.valid,
        controlled=look.controlled,
        void_because=None,
        looks=(),
    )


def _judge(transaction: Transaction, numbers: set[int], rules: Rules, told: Rereading) -> None:
    connection = transaction.connection
    loaded = posts.load(connection, numbers)
    looks = observations.for_posts(connection, loaded)
    known_of = facts.load(connection, loaded)
    before = states.load(connection, numbers)
    for post in loaded:
        verdict = judge(known_of[post.number], looks[post.number], incidents.load(connection, post.platform), rules)
        if states.record(transaction, post.number, verdict, rules, None):
            told.given.append(Given(post.number, before[post.number].state, verdict))
            posts.make_due(transaction, [post.number])
    note_folds(transaction, looks, rules)
