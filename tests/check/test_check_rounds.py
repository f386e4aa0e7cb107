"""Rounds: twenty posts at a time on every endpoint, then their authors; and the search for ids."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver import wiring
from archiver.archive import Archive
from archiver.check import controls
from archiver.check.controls import ControlIds
from archiver.check.rounds import Checker
from archiver.check.summary import PlatformSettings
from archiver.configured import load_config
from archiver.demo.scenery import Picture
from archiver.model.exchange import Get
from archiver.model.observation import Reading
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.model.verdict import State
from archiver.platforms.adapter import Endpoint
from archiver.platforms.x import X
from archiver.store.controls import authors as control_authors
from tests.newsroom import (
    CONTROL_AUTHORS,
    CONTROL_POSTS,
    NEVER_AUTHOR,
    NEVER_POSTS,
    TICK,
    Newsroom,
    born,
    configure,
    day,
)


def refs(*native_ids: str) -> tuple[PostRef, ...]:
    return tuple(PostRef("x", None, each) for each in native_ids)


IDS = ControlIds(refs("11", "12", "13"), refs("21", "22"), "31")
POST, SIBLING = born(10, 5), born(10, 6)
TIMELINE = "syndication.twitter.com"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as opened:
        yield opened


def filed(room: Newsroom, *native_ids: str) -> None:
    """Posts by `sample_wire` in one article, looked at once."""
    for native_id in native_ids:
        room.post(native_id, "sample_wire")
    room.article("a.html", *map(room.quote, native_ids))
    room.archive.scan()
    room.archive.check()


def batches(room: Newsroom, endpoint: str) -> list[Any]:
    return room.rows("batches", endpoint=endpoint)


def asked(room: Newsroom, host: str) -> list[str]:
    return [request.path for request in room.far_end.log if request.host == host]


# controls


def test_controls_are_taken_in_turn() -> None:
    """Every round has another pair before and after, so that no control stands for all."""
    seen = [[each.key for each in (*about.before, *about.after)] for about in
            (controls.for_posts(IDS, number) for number in range(3))]  # fmt: skip
    assert seen[0] == ["present:11", "absent:21", "present:12", "absent:22"]
    assert seen[1] == ["present:13", "absent:21", "present:11", "absent:22"]
    assert {key for keys in seen for key in keys} == {f"present:{each.native_id}" for each in IDS.present} | {
        "absent:21",
        "absent:22",
    }


@pytest.mark.parametrize("ids", [ControlIds(), ControlIds(refs("11")), ControlIds((), refs("21"))])
def test_controls_need_both_kinds(ids: ControlIds) -> None:
    """A known-alive post without a never-existing one controls nothing, nor the other way round."""
    assert not controls.for_posts(ids, 1).configured
    assert not controls.for_authors(ids, "x", None, 1, {"11": "77"}).configured


def test_account_controls_that_cannot_run_say_why() -> None:
    """Without the never-existing account, or before any author of a control is known."""
    nobody = controls.for_authors(IDS, "x", None, 1, {})
    unset = controls.for_authors(ControlIds(IDS.present, IDS.absent), "x", None, 1, {"11": "77"})
    assert (nobody.configured, unset.configured) == (True, True)
    assert "no author of a positive control is known yet" in (nobody.missing or "")
    assert "absent_author is not set" in (unset.missing or "")


def test_account_controls_are_the_authors_of_the_controls(room: Newsroom) -> None:
    """They are learnt from the controls' own sightings, and stand round the account looks in turn."""
    filed(room, POST)
    room.world.at(day(1)).delete(POST)
    for _ in range(3):
        room.clock.advance(timedelta(days=1))
        room.look(POST)
    seen = {row.subject_key for row in room.rows("observations", endpoint="timeline", subject_kind="control")}
    assert f"absent:author {NEVER_AUTHOR}" in seen
    assert len(seen & {f"present:author {author}" for author in CONTROL_AUTHORS}) >= 2
    assert all(batch.valid for batch in batches(room, "timeline"))


def test_a_control_author_is_learnt_from_valid_sightings_only(room: Newsroom) -> None:
    """What an endpoint that answers present to everything says of an author must not become a control."""
    for native_id in NEVER_POSTS:
        room.post(native_id, "sample_wire")
    filed(room, POST)
    seen = room.rows("observations", subject_kind="control", endpoint="syndication", outcome="present")
    assert {look.native_id for look in seen} >= {NEVER_POSTS[0]}
    assert not any(batch.valid for batch in room.rows("batches"))
    with room.store.reading() as connection:
        assert control_authors(connection, "x", CONTROL_POSTS) == {}


def test_a_control_that_is_really_deleted_calls_nothing_gone(room: Newsroom) -> None:
    """Row 102, as far as it goes: rounds with it are void, those with the others still tell the truth."""
    filed(room, POST, SIBLING)
    room.world.at(day(1)).delete(CONTROL_POSTS[0])
    room.world.at(day(1)).delete(POST)
    room.live(day(12), timedelta(hours=6))
    given = {row.post: row.state for row in room.rows("verdicts") if row.state != "alive"}
    assert set(given) <= {room.listed(POST).number}
    assert room.listed(SIBLING).state is State.ALIVE
    assert {batch.valid for batch in batches(room, "oembed")} == {True, False}


# rounds


def test_twenty_posts_stand_between_the_same_controls(room: Newsroom) -> None:
    """Forty-five due posts are three rounds; no batch holds more than twenty looks."""
    ids = [born(10, 5, minute=minute) for minute in range(45)]
    filed(room, *ids)
    for endpoint in ("oembed", "syndication"):
        sizes = [
            len(room.rows("observations", batch=batch.id, subject_kind="post")) for batch in batches(room, endpoint)
        ]
        assert sizes == [20, 20, 5]
    assert set(room.states().values()) == {"alive"}


def test_the_same_post_in_many_articles_is_asked_for_once_a_round(room: Newsroom) -> None:
    """Row 66: one subject, three hundred references, one probe a round and endpoint."""
    room.post(POST, "sample_wire")
    for number in range(300):
        room.article(f"{number}.html", room.quote(POST))
    assert room.archive.scan().embeds == 300
    room.archive.check()
    assert room.listed(POST).articles == 300
    assert len([path for path in asked(room, "publish.x.com") if POST in path]) == 1


def test_every_version_of_an_edited_post_is_asked_for(room: Newsroom) -> None:
    """Row 21: the chain that a sighting names is looked at whole; while one version is served the post is alive."""
    version = born(10, 5, 11)
    filed(room, POST)
    room.world.at(day(-90)).edit(POST, version, "Sample text, edited.")
    room.world.at(day(3)).delete(POST, tombstone=False)
    room.clock.advance(timedelta(days=1))
    room.look(POST)
    for number in range(8):
        room.clock.set(day(4 + number))
        room.look(POST)
    paths = asked(room, "cdn.syndication.twimg.com")
    assert len([path for path in paths if version in path]) >= 8
    assert room.listed(POST).state is State.ALIVE


def test_a_post_that_was_asked_for_in_vain_is_asked_again_the_next_day(room: Newsroom) -> None:
    """A void round is no look: to wait five more days would let deletions pass unseen."""
    filed(room, POST)
    room.world.outage(day(1), day(9), "503")
    room.clock.advance(timedelta(days=2))
    room.look(POST)
    due = room.listed(POST).next_check_at
    assert due
    assert due - room.clock.now() <= timedelta(days=1)
    room.clock.advance(timedelta(days=8))
    room.look(POST)
    due = room.listed(POST).next_check_at
    assert due
    assert due - room.clock.now() > timedelta(days=1)


def test_one_endpoint_that_served_is_enough_for_the_long_gap(room: Newsroom) -> None:
    """The other one's outage does not bring the post back sooner, in whatever order the two close."""
    filed(room, POST)
    for number, host in enumerate(("publish.x.com", "cdn.syndication.twimg.com")):
        room.world.outage(day(2 * number + 1), day(2 * number + 2), "reset", host)
        room.clock.set(day(2 * number + 1.5))
        room.look(POST)
        due = room.listed(POST).next_check_at
        assert due
        assert due - room.clock.now() > timedelta(days=1)


def test_the_looks_of_one_round_count_as_one_check(room: Newsroom) -> None:
    """Two endpoints, retries and edit versions are one look at the post."""
    filed(room, POST)
    room.world.outage(day(1), day(2), "503")
    room.clock.advance(timedelta(days=1))
    room.look(POST)
    assert room.listed(POST).checks == 2


# authors


def test_another_post_of_the_author_in_the_round_is_an_account_look(room: Newsroom) -> None:
    """It rests on that sighting, asks nobody, and is as valid as the batch that it comes from."""
    filed(room, POST, SIBLING)
    room.world.at(day(1)).delete(POST)
    room.clock.advance(timedelta(days=2))
    room.look(POST, SIBLING)
    (look,) = room.rows("observations", endpoint="sibling")
    (basis,) = room.rows("observations", id=look.basis)
    assert (look.outcome, look.reason, look.subject_kind) == ("account_ok", "sibling", "author")
    assert (basis.outcome, basis.native_id, basis.author_id) == ("present", SIBLING, look.author_id)
    assert asked(room, TIMELINE) == []
    assert [batch.valid for batch in batches(room, "sibling")] == [True]


def test_a_sighting_in_a_void_batch_says_nothing_of_the_author(room: Newsroom) -> None:
    """Syndication's controls misread: its sightings are kept, and nothing rests on them."""
    filed(room, POST, SIBLING)
    room.world.at(day(1)).delete(POST)
    for control in CONTROL_POSTS:
        room.world.at(day(1)).age_gate(control, shown_as="404")
    room.clock.advance(timedelta(days=2))
    room.look(POST, SIBLING)
    assert room.rows("observations", endpoint="sibling") == []
    assert room.listed(POST).state is State.ALIVE


def test_the_account_of_a_post_that_is_served_is_not_asked_for(room: Newsroom) -> None:
    """Account looks are made where they decide something, and nowhere else."""
    filed(room, POST)
    assert asked(room, TIMELINE) == []
    room.world.at(day(1)).delete(POST)
    room.clock.advance(timedelta(days=2))
    room.look(POST)
    (author,) = room.rows("observations", endpoint="timeline", subject_kind="author")
    assert (author.outcome, author.subject_key) == ("account_ok", f"id:{room.listed(POST).author_id}")


def test_the_author_of_a_post_never_seen_is_asked_for_by_handle(room: Newsroom) -> None:
    """Only the handle that the article prints is known."""
    room.post(POST, "sample_wire")
    room.world.at(day(-5)).delete(POST)
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    room.archive.check()
    assert [path for path in asked(room, TIMELINE) if "screen-name" in path] == [
        "/srv/timeline-profile/screen-name/sample_wire"
    ]


# bugs of adapters


class Broken(X):
    """An adapter with a bug on one endpoint."""

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        found = super().observe(refs, endpoint, get)
        if refs[0].native_id == POST and endpoint.name == "oembed":
            raise ZeroDivisionError("sample bug")
        return found


def test_a_bug_in_an_adapter_is_on_file_counted_and_turns_the_summary(room: Newsroom) -> None:
    """The other endpoint's look is kept as ever; the run counts the error, and the door's exit code follows."""
    room.post(POST, "sample_wire")
    room.article("a.html", room.quote(POST))
    room.archive.scan()
    good = wiring.checker(load_config(room.config), room.store, room.clock, room.archive.stop)
    checker = Checker(room.store, good.tools, [PlatformSettings(Broken(), good.platforms[0].controls)], good.rules,
                      good.timetable)  # fmt: skip
    with room.store.run("check") as run:
        summary = checker.check(run)
    good.tools.client.close()
    assert (summary.errors, summary.failed) == (1, True)
    (look,) = room.rows("observations", reason=Reason.ADAPTER_ERROR)
    assert look.remark is not None
    assert len(room.rows("exchanges", observation=look.id)) == 1
    assert room.listed(POST).state is State.ALIVE
    assert room.archive.status()[1][-1].summary == {
        "posts": 1, "looks": 10, "verdicts": 1, "void_batches": 0, "adapter_errors": 1,
    }  # fmt: skip


# where X cannot be reached


def test_where_x_cannot_be_reached_everything_is_recorded_and_nothing_is_gone(tmp_path: Path) -> None:
    """Row 35 and the machine without network: void batches, the hosts named, every post still unknown."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Newsroom(tmp_path) as room:
        ids = [room.post(born(10, 5, minute=minute), "sample_wire") for minute in range(3)]
        room.article("a.html", *map(room.quote, ids))
        path = configure(tmp_path, f"http://127.0.0.1:{port}")
        with Archive.open(path, clock=room.clock) as archive:
            archive.scan()
            for _ in range(5):
                summary = archive.check()
                assert summary.unreachable >= {"publish.x.com", "cdn.syndication.twimg.com"}
                room.clock.advance(timedelta(days=10))
            assert {post.state for post in archive.posts()} == {State.UNKNOWN}
            assert {post.last_reason for post in archive.posts()} <= {"connect", "skipped_host_down"}
            assert archive.refold() == []


# ids


def test_an_id_that_a_short_link_tells_is_looked_at_in_the_same_hour(room: Newsroom) -> None:
    """Resolving makes the post due at once; its number stays the same."""
    room.post(POST, "sample_wire", short_codes=["SmplCode01"])
    room.article("a.txt", room.flatten(POST, "SmplCode01"))
    room.archive.scan()
    (before,) = room.archive.posts()
    assert room.archive.resolve().identified == 1
    assert room.archive.check().posts == 1
    after = room.listed(POST)
    assert (after.number, after.state) == (before.number, State.ALIVE)


def test_two_posts_found_to_be_one_are_joined(room: Newsroom) -> None:
    """The one without id leads to the other from then on; nobody asks its link again."""
    room.post(POST, "sample_wire", short_codes=["SmplCode01"])
    room.article("a.html", room.quote(POST))
    room.article("b.txt", room.flatten(POST, "SmplCode01"))
    room.live(day(6), TICK)
    (post,) = room.archive.posts()
    assert (post.native_id, post.articles, post.state) == (POST, 2, State.ALIVE)
    assert len(room.rows("aliases")) == 1
    assert len(asked(room, "t.co")) == 1
    (shown, citations, _) = room.archive.show(2 if post.number == 1 else 1)
    assert (shown.number, len(citations)) == (post.number, 2)


def test_another_authors_media_and_a_dead_link_identify_nothing(room: Newsroom) -> None:
    """The posts stay under our own numbers, unknown, and are asked again on the timetable."""
    room.post(SIBLING, "clip_owner", media=[Picture("SmplClip01", kind="video")])
    room.post(POST, "clip_taker", media=[Picture("SmplTake02", kind="video", of=SIBLING)])
    dead = room.post(born(10, 8), "dead_linker", short_codes=["SmplDead03"])
    room.world.short_link("SmplDead03", None)
    room.article("a.txt", room.flatten(POST, "SmplTake02"), room.flatten(dead, "SmplDead03"))
    room.live(day(4), TICK)
    assert {post.native_id for post in room.archive.posts()} == {None}
    assert {post.last_reason for post in room.archive.posts()} == {"other_author", "no_redirect"}
    assert len(asked(room, "t.co")) >= 8
    # It comes to life: the timetable finds it.
    room.world.short_link("SmplDead03", f"https://twitter.com/dead_linker/status/{dead}/photo/1")
    room.live(day(6), TICK)
    assert room.listed(dead).state is State.ALIVE


def test_controls_of_a_batch_are_asked_for_like_any_post(room: Newsroom) -> None:
    """Same host, same path, same headers: nothing in the request tells a control from a post."""
    filed(room, POST)
    control, post = (
        re.sub(r"\d{15,}", "ID", next(path for path in asked(room, "publish.x.com") if native_id in path))
        for native_id in (CONTROL_POSTS[2], POST)
    )
    assert control == post


def test_a_spent_budget_leaves_posts_due_and_writes_nothing(tmp_path: Path) -> None:
    """The longest due come first; the rest waits for the next day, also in another process."""
    with Newsroom(tmp_path, per_day='{ "publish.x.com" = 30, "cdn.syndication.twimg.com" = 30 }') as room:
        ids = [born(10, 5, minute=minute) for minute in range(45)]
        for native_id in ids:
            room.post(native_id, "sample_wire")
        room.article("a.html", *map(room.quote, ids))
        room.archive.scan()
        first = room.archive.check()
        assert first.posts == 40
        assert len(asked(room, "publish.x.com")) <= 30
        before = len(room.rows("observations"))
        with Archive.open(room.config, clock=room.clock) as other:
            assert other.check().posts == 0
        assert len(room.rows("observations")) == before
        room.clock.advance(timedelta(hours=25))
        assert room.archive.check().posts > 0
