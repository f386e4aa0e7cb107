"""One batch: looks between controls, closed valid or void, with everything that was seen kept."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archiver import wiring
from archiver.check import controls, workers
from archiver.check.batch import HOST_DOWN_AFTER, NO_CONTROLS, Controls, OpenBatch, Subject, Tools
from archiver.check.controls import ControlIds
from archiver.clock import SettableClock
from archiver.configured import load_config
from archiver.demo.far_end import FarEnd
from archiver.demo.world import World
from archiver.model.exchange import Get
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.adapter import Endpoint
from archiver.platforms.x import OEMBED, SYNDICATION, TIMELINE, X
from tests.newsroom import CONTROL_AUTHORS, CONTROL_POSTS, NEVER_AUTHOR, NEVER_POSTS, START, born, configure, make_store
from tests.web.loopback import Loopback, answer, says

IDS = ControlIds(
    tuple(PostRef("x", None, each) for each in CONTROL_POSTS),
    tuple(PostRef("x", None, each) for each in NEVER_POSTS),
    NEVER_AUTHOR,
)
POSTS = tuple(born(10, 5, minute=minute) for minute in range(1, 6))


@pytest.fixture
def world() -> World:
    """Five posts of five authors, and the controls."""
    made = World(SettableClock(START))
    for number, (native_id, author_id) in enumerate(zip(CONTROL_POSTS, CONTROL_AUTHORS, strict=True)):
        made.account(f"control_{number}", author_id, "Sample Control")
        made.post(native_id, f"control_{number}", "Sample control post.")
    for number, native_id in enumerate(POSTS):
        made.account(f"author_{number}", born(1, 1, minute=number, year=2018), "Sample Author")
        made.post(native_id, f"author_{number}", f"Sample text {number}.")
    return made


@pytest.fixture
def far_end(world: World) -> Iterator[FarEnd]:
    with FarEnd(world) as running:
        yield running


class Bench:
    """What a batch is made with: the program's own wiring, a world's clock, an address to dial."""

    def __init__(self, folder: Path, clock: SettableClock, address: str, **settings: str) -> None:
        self.clock = clock
        self.stop = threading.Event()
        config = load_config(configure(folder, address, **settings))
        checker = wiring.checker(config, make_store(folder, clock), clock, self.stop)
        self.tools: Tools = checker.tools

    def batch(
        self,
        about: Controls | None = None,
        *,
        endpoint: Endpoint = SYNDICATION,
        subjects: Sequence[Subject] | None = None,
        adapter: X | None = None,
    ) -> OpenBatch:
        """A batch of looks at all the posts."""
        wanted = (
            [post(number, native_id) for number, native_id in enumerate(POSTS, 1)] if subjects is None else subjects
        )
        around = controls.for_posts(IDS, 0) if about is None else about
        return OpenBatch(adapter or X(), endpoint, 1, wanted, around, self.tools)

    def looked(self, open_batch: OpenBatch) -> Batch:
        open_batch.run()
        return open_batch.close()


@pytest.fixture
def bench(tmp_path: Path, world: World, far_end: FarEnd) -> Iterator[Bench]:
    made = Bench(tmp_path, world.clock, far_end.address)  # type: ignore[arg-type]
    yield made
    made.tools.client.close()


def post(number: int, native_id: str) -> Subject:
    return Subject(SubjectKind.POST, str(number), PostRef("x", None, native_id))


def at_posts(batch: Batch) -> list[Look]:
    return [look for look in batch.looks if look.subject_kind is SubjectKind.POST]


def reasons(looks: Sequence[Look]) -> list[Reason]:
    return [look.reading.reason for look in looks]


@pytest.mark.parametrize("endpoint", [OEMBED, SYNDICATION], ids=lambda endpoint: endpoint.name)
def test_a_batch_whose_controls_read_right_is_valid(bench: Bench, endpoint: Endpoint) -> None:
    """A known-alive post and a never-existing one before the looks, and another such pair after them."""
    batch = bench.looked(bench.batch(endpoint=endpoint))
    assert (batch.valid, batch.controlled, batch.void_because) == (True, True, None)
    keys = [look.subject_key for look in batch.looks]
    assert keys[:2] == [f"present:{CONTROL_POSTS[0]}", f"absent:{NEVER_POSTS[0]}"]
    assert keys[-2:] == [f"present:{CONTROL_POSTS[1]}", f"absent:{NEVER_POSTS[1]}"]
    assert [look.reading.outcome for look in at_posts(batch)] == [Outcome.PRESENT] * 5
    assert batch.started_at <= batch.looks[0].sent_at < batch.looks[-1].received_at <= batch.closed_at


def test_a_batch_says_how_it_was_made(bench: Bench) -> None:
    """Adapter, version, boot, egress and both clocks stand in it: what is not recorded now can never be judged."""
    batch = bench.looked(bench.batch())
    assert (batch.adapter, batch.adapter_version, batch.boot_id) == ("x-public", X.version, "settable")
    assert (batch.platform, batch.round, batch.endpoint, batch.egress) == ("x", 1, "syndication", "detour")
    assert batch.closed_monotonic - batch.started_monotonic == (batch.closed_at - batch.started_at).total_seconds()
    assert all(look.exchanges and look.reading.exchange is look.exchanges[-1] for look in batch.looks)


def test_a_known_alive_post_that_reads_absent_voids_the_batch(bench: Bench, world: World) -> None:
    """Row 2: the 404s of the others may be of the same making; they are kept, and never folded."""
    world.at(START).delete(CONTROL_POSTS[1])
    world.at(START).delete(POSTS[0])
    batch = bench.looked(bench.batch())
    assert not batch.valid
    assert batch.void_because == f"control present {CONTROL_POSTS[1]} read absent (tombstone)"
    assert at_posts(batch)[0].reading.outcome is Outcome.ABSENT


def test_a_never_existing_post_that_reads_present_voids_the_batch(bench: Bench, world: World) -> None:
    """Row 3: an endpoint that answers present to everything says nothing."""
    world.post(NEVER_POSTS[0], "control_0", "Sample text that should not be.")
    batch = bench.looked(bench.batch())
    assert batch.void_because == f"control absent {NEVER_POSTS[0]} read present (served)"


def test_a_control_that_reads_unknown_voids_the_batch(bench: Bench, world: World) -> None:
    """Both kinds must be read: an endpoint that gives 503 is no witness."""
    world.outage(START, START + timedelta(days=1), "503")
    batch = bench.looked(bench.batch())
    assert batch.void_because == f"control present {CONTROL_POSTS[0]} read unknown (server_error)"


def test_controls_that_only_fail_after_the_looks_void_the_batch_too(bench: Bench, world: World) -> None:
    """The outage began in the middle: the pair after the looks tells."""
    world.outage(START + timedelta(seconds=4), START + timedelta(days=1), "404_for_all")
    batch = bench.looked(bench.batch())
    assert [look.reading.outcome for look in batch.looks[:2]] == [Outcome.PRESENT, Outcome.ABSENT]
    assert batch.void_because == f"control present {CONTROL_POSTS[1]} read absent (not_found)"


def test_a_batch_that_took_too_long_is_void(bench: Bench) -> None:
    """Row 103: stopped for ten minutes, it speaks of no one moment; the monotonic clock tells."""
    open_batch = bench.batch()
    open_batch.run()
    bench.clock.advance(timedelta(minutes=10))
    batch = open_batch.close()
    assert not batch.valid
    assert batch.void_because == "the batch took 608 s, more than 309 s"


def test_a_slow_pace_alone_voids_no_batch(tmp_path: Path, world: World, far_end: FarEnd) -> None:
    """Whoever asks politely, a look a minute, has a longer deadline, not an archive full of void batches."""
    bench = Bench(tmp_path, world.clock, far_end.address, pace="1m")  # type: ignore[arg-type]
    batch = bench.looked(bench.batch())
    bench.tools.client.close()
    assert batch.closed_monotonic - batch.started_monotonic == 8 * 60
    assert batch.valid


def test_a_wall_clock_that_is_set_does_not_void_a_batch(bench: Bench) -> None:
    """How long it took, only the monotonic clock knows; what a step means, the rules decide."""
    open_batch = bench.batch()
    open_batch.run()
    bench.clock.set(START + timedelta(days=3))
    assert open_batch.close().valid


def test_a_batch_across_a_reboot_is_void(bench: Bench) -> None:
    """Monotonic times of two boots cannot be compared."""
    open_batch = bench.batch()
    open_batch.run()
    bench.clock.reboot("another boot")
    assert open_batch.close().void_because == "the machine was started anew during the batch"


def test_a_batch_without_controls_is_valid_and_marked(bench: Bench) -> None:
    """Row 101: present counts, and for ever it is known that nothing stood beside it."""
    batch = bench.looked(bench.batch(NO_CONTROLS))
    assert (batch.valid, batch.controlled, len(batch.looks)) == (True, False, 5)


def test_controls_that_cannot_run_void_the_batch_and_say_why(bench: Bench) -> None:
    """No author of a positive control is known yet: the looks are kept as evidence."""
    author = Subject(SubjectKind.AUTHOR, "id:1", AuthorRef("x", None, born(1, 1, year=2018), None))
    about = controls.for_authors(IDS, "x", None, 1, {})
    batch = bench.looked(bench.batch(about, endpoint=TIMELINE, subjects=[author]))
    assert batch.void_because == "the account controls cannot run: no author of a positive control is known yet"
    assert [look.reading.outcome for look in batch.looks] == [Outcome.ACCOUNT_OK]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (None, None),
        ("suspend", f"control present author {CONTROL_AUTHORS[0]} read unknown (empty_answer)"),
        ("appear", f"control absent author {NEVER_AUTHOR} read account_ok (timeline)"),
    ],
)
def test_account_looks_have_controls_of_their_own(
    bench: Bench, world: World, event: str | None, told: str | None
) -> None:
    """The authors of the positive controls must be public, and an account that never existed must not be."""
    if event == "suspend":
        world.at(START).suspend("control_0")
    if event == "appear":
        world.account("nobody", NEVER_AUTHOR, "Sample Nobody")
    known = dict(zip(CONTROL_POSTS, CONTROL_AUTHORS, strict=True))
    author = Subject(SubjectKind.AUTHOR, "id:1", AuthorRef("x", None, born(1, 1, year=2018), None))
    batch = bench.looked(
        bench.batch(controls.for_authors(IDS, "x", None, 3, known), endpoint=TIMELINE, subjects=[author])
    )
    assert batch.void_because == told


def test_a_look_that_failed_for_a_moment_is_tried_once_more(bench: Bench, world: World) -> None:
    """Both tries are kept, as attempts; what counts of a control is its last."""
    world.outage(START, START + timedelta(seconds=1), "503")
    batch = bench.looked(bench.batch())
    first, second = batch.looks[:2]
    assert [(k.subject_key, k.attempt, k.reading.reason) for k in (first, second)] == [
        (f"present:{CONTROL_POSTS[0]}", 1, Reason.SERVER_ERROR),
        (f"present:{CONTROL_POSTS[0]}", 2, Reason.SERVED),
    ]
    assert first.exchanges[0].status_code == 503
    assert second.sent_at - first.received_at >= timedelta(seconds=2)
    assert batch.valid


def test_no_look_is_tried_a_third_time(bench: Bench, world: World) -> None:
    """Every request of an outage's batch is on file: two attempts each, no more."""
    world.outage(START, START + timedelta(days=1), "503")
    batch = bench.looked(bench.batch(NO_CONTROLS))
    assert [look.attempt for look in batch.looks] == [1, 2] * 5


def test_an_answer_that_tells_is_not_asked_for_again(bench: Bench, world: World, far_end: FarEnd) -> None:
    """A 404, a rate limit or a wrong shape is an answer: to ask again at once would tell nothing new."""
    world.outage(START, START + timedelta(days=1), "empty_json")
    bench.looked(bench.batch(NO_CONTROLS))
    assert len(far_end.log) == 5


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_host_that_cannot_be_reached_is_not_asked_for_the_rest(tmp_path: Path) -> None:
    """After two failures in a row the rest is recorded as skipped: nothing is lost, and nothing takes an hour."""
    bench = Bench(tmp_path, SettableClock(START), f"http://127.0.0.1:{closed_port()}")
    batch = bench.looked(bench.batch(NO_CONTROLS))
    assert reasons(batch.looks) == [Reason.CONNECT] * HOST_DOWN_AFTER + [Reason.SKIPPED_HOST_DOWN] * 3
    assert [bool(look.exchanges) for look in batch.looks] == [True, True, False, False, False]
    assert {look.reading.outcome for look in batch.looks} == {Outcome.UNKNOWN}


def test_a_controlled_batch_on_a_host_that_is_down_is_void_and_whole(tmp_path: Path) -> None:
    """Every post and every control stands in it as unknown."""
    bench = Bench(tmp_path, SettableClock(START), f"http://127.0.0.1:{closed_port()}")
    batch = bench.looked(bench.batch())
    assert (batch.valid, len(batch.looks)) == (False, 9)
    assert batch.void_because == f"control present {CONTROL_POSTS[0]} read unknown (connect)"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("900", 900), ("7200", 3600), ("-1", 900), ("1e99", 900), ("Thu, 01 Jan 1970 00:00:00 GMT", 900), (None, 900)],
)
def test_a_rate_limit_pauses_the_host_as_long_as_it_asks(tmp_path: Path, asked: str | None, seconds: int) -> None:
    """Rows 9 and 10: at most an hour, a quarter of one where the wish makes no sense; the rest is not asked for."""
    headers = [f"Retry-After: {asked}"] if asked else []
    with Loopback(says(answer("429 Too Many Requests", b"Rate limit exceeded", *headers)), keep=True) as far_end:
        bench = Bench(tmp_path, SettableClock(START), far_end.address)
        batch = bench.looked(bench.batch())
        assert len(far_end.requests) == 1
        until = bench.tools.client.paused_until(SYNDICATION.host)
        bench.tools.client.close()
    assert until == START + timedelta(seconds=seconds)
    assert reasons(batch.looks) == [Reason.RATE_LIMITED] + [Reason.SKIPPED_PAUSED] * 8
    assert not batch.valid


def test_a_pause_ends(bench: Bench, world: World, far_end: FarEnd) -> None:
    """After it the host is asked again."""
    world.outage(START, START + timedelta(seconds=30), "rate_limit")
    assert not bench.looked(bench.batch()).valid
    bench.clock.advance(timedelta(seconds=900))
    assert bench.looked(bench.batch()).valid
    assert len(far_end.log) == 10


class Broken(X):
    """An adapter with a bug: it breaks on one post, after or before it asked."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        broken = refs[0].native_id == POSTS[1]
        if broken and self.how == "before asking":
            raise KeyError("sample bug")
        found = super().observe(refs, endpoint, get)
        if broken and self.how == "after asking":
            raise RecursionError("sample bug")
        return [] if broken else found


@pytest.mark.parametrize("how", ["before asking", "after asking", "no reading"])
def test_an_exception_inside_an_adapter_spoils_one_look_only(bench: Bench, how: str) -> None:
    """It is kept as unknown with what was exchanged, counted as a bug, and the batch goes on."""
    open_batch = bench.batch(adapter=Broken(how))
    batch = bench.looked(open_batch)
    assert (open_batch.errors, batch.valid) == (1, True)
    assert reasons(at_posts(batch)) == [Reason.SERVED, Reason.ADAPTER_ERROR] + [Reason.SERVED] * 3
    spoilt = at_posts(batch)[1]
    assert spoilt.reading.outcome is Outcome.UNKNOWN
    assert "Error inside the adapter x-public" in (spoilt.reading.message or "")
    assert bool(spoilt.exchanges) == (how != "before asking")


def test_a_batch_that_was_stopped_before_it_began_is_recorded(bench: Bench, far_end: FarEnd) -> None:
    """Nothing is asked; every post is on file as interrupted, and the batch is void."""
    bench.stop.set()
    batch = bench.looked(bench.batch())
    assert list(far_end.log) == []
    assert reasons(batch.looks) == [Reason.INTERRUPTED] * 5
    assert batch.void_because == "a control did not run"


def hang(connection: socket.socket, _request: str) -> None:
    """Takes the request and says nothing, until somebody has enough."""
    connection.recv(1)


def test_looks_in_flight_have_a_grace_and_the_rest_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to stop while X hangs: each batch is handed over within the grace, every post of it as interrupted."""
    monkeypatch.setattr(workers, "GRACE_SECONDS", 0.5)
    with Loopback(hang) as far_end:
        bench = Bench(tmp_path, SettableClock(START), far_end.address)
        together = workers.run_together([bench.batch(endpoint=OEMBED), bench.batch()], bench.stop)
        threading.Timer(0.3, bench.stop.set).start()
        began = time.monotonic()
        batches = [open_batch.close() for open_batch in together]
        took = time.monotonic() - began
    assert took < 5
    assert {batch.endpoint for batch in batches} == {"oembed", "syndication"}
    for batch in batches:
        assert not batch.valid
        assert set(reasons(at_posts(batch))) == {Reason.INTERRUPTED}
        assert len(at_posts(batch)) == 5


def test_an_answer_that_comes_after_the_closing_is_dropped(bench: Bench) -> None:
    """What was stored is what was judged: a closed batch takes nothing in any more."""
    open_batch = bench.batch()
    batch = open_batch.close()
    open_batch.run()
    assert open_batch.close().looks[:5] == tuple(
        replace(late, sent_at=early.sent_at) for late, early in zip(batch.looks, batch.looks, strict=True)
    )
    assert reasons(open_batch.close().looks) == [Reason.INTERRUPTED] * 5


def test_batches_of_one_endpoint_run_one_after_the_other(bench: Bench, far_end: FarEnd) -> None:
    """Two batches side by side on one host would stand in each other's controls; two endpoints need not wait."""
    halves = [[post(1, POSTS[0]), post(2, POSTS[1])], [post(3, POSTS[2]), post(4, POSTS[3])]]
    opened = [bench.batch(endpoint=end, subjects=half) for end in (OEMBED, SYNDICATION) for half in halves]
    batches = [each.close() for each in workers.run_together(opened, bench.stop)]
    assert [batch.valid for batch in batches] == [True] * 4
    for endpoint in ("oembed", "syndication"):
        first, second = (batch for batch in batches if batch.endpoint == endpoint)
        assert first.looks[-1].received_at <= second.looks[0].sent_at


def test_a_batch_begins_when_it_is_run_not_when_it_is_made(bench: Bench) -> None:
    """One that waited for another of its endpoint has its own beginning, and its whole time."""
    waiting = bench.batch()
    bench.clock.advance(timedelta(minutes=6))
    batch = bench.looked(waiting)
    assert batch.started_at == START + timedelta(minutes=6)
    assert batch.valid


def test_a_thread_that_ends_before_it_begins_is_started_again(
    bench: Bench, far_end: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CPython's may where a tracer is refused: nobody waits for ever, and every post is looked at once."""
    begun: list[str] = []

    class Stillborn(threading.Thread):
        def run(self) -> None:
            begun.extend([self.name] * ("_run_in_turn" in self.name))
            if len(begun) > 2:
                super().run()

    opened = [bench.batch(endpoint=OEMBED), bench.batch()]
    monkeypatch.setattr(threading, "Thread", Stillborn)
    batches = [each.close() for each in workers.run_together(opened, bench.stop)]
    assert [batch.valid for batch in batches] == [True] * 2
    assert len(begun) == 4
    assert len([asked for asked in far_end.log if POSTS[0] in str(asked)]) == 2


class StoppedClock(SettableClock):
    """A clock on which nobody can wait."""

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        raise OSError("sample failure of the machine")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_breaks_leaves_nobody_waiting(tmp_path: Path, world: World, far_end: FarEnd) -> None:
    """Its batch and those behind it are handed over as they stand, void, instead of being waited for for ever."""
    world.outage(START, START + timedelta(days=1), "503")
    bench = Bench(tmp_path, StoppedClock(START), far_end.address)
    opened = [bench.batch(subjects=[post(number, POSTS[number])]) for number in (1, 2)]
    batches = [each.close() for each in workers.run_together(opened, bench.stop)]
    bench.tools.client.close()
    assert [batch.void_because for batch in batches] == ["a control did not run"] * 2
    assert reasons([look for batch in batches for look in at_posts(batch)]) == [Reason.INTERRUPTED] * 2
