"""The world: what happens there, seen when the clock says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archiver.clock import SettableClock
from archiver.demo.scenery import Course, snowflake, snowflake_time
from archiver.demo.world import World

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)
POST = snowflake(START - timedelta(days=30))


def a_world() -> tuple[World, SettableClock]:
    clock = SettableClock(START)
    world = World(clock)
    world.account("sample_one", "11", "Sample One")
    world.post(POST, "sample_one", "Sample text.")
    return world, clock


def test_a_snowflake_gives_its_millisecond_back_and_ends_in_ones() -> None:
    """An id made of a time holds that time, and its low 22 bits are all ones."""
    native_id = snowflake(START)
    assert snowflake_time(native_id) == START
    assert int(native_id) & 0x3FFFFF == 0x3FFFFF


def test_a_snowflake_agrees_with_a_published_day_window() -> None:
    """The last millisecond of 2021-08-20 UTC gives the greatest id of that day's window."""
    last = datetime(2021, 8, 20, 23, 59, 59, 999000, tzinfo=UTC)
    assert snowflake(last) == "1428869455672246271"


def test_a_course_shows_the_newest_change_that_is_not_later() -> None:
    """A change counts from its own moment on, in whatever order the changes were written."""
    course = Course("first")
    course.change(LATER, "third")
    course.change(START, "second")
    assert [course.at(t) for t in (START - timedelta(seconds=1), START, LATER)] == ["first", "second", "third"]


def test_of_two_changes_at_one_moment_the_later_written_counts() -> None:
    """Writing a change again at the same moment replaces the first."""
    course = Course("first")
    course.change(START, "second")
    course.change(START, "third")
    assert course.at(START) == "third"


def test_what_happens_later_is_not_seen_before() -> None:
    """A deletion shows once the clock has reached it, and not when the clock is set back."""
    world, clock = a_world()
    world.at(LATER).delete(POST)
    seen = []
    for moment in (START, LATER, START):
        clock.set(moment)
        seen.append(world.posts[POST].presence.at(clock.now()))
    assert seen == ["served", "deleted", "served"]


def test_restore_takes_a_post_or_an_account() -> None:
    """By id it brings a post back, by handle an account."""
    world, clock = a_world()
    world.at(START).delete(POST).suspend("sample_one")
    world.at(LATER).restore(POST).restore("sample_one")
    clock.set(LATER)
    post = world.posts[POST]
    assert (post.presence.at(LATER), post.account.standing.at(LATER)) == ("served", "open")


def test_a_renamed_account_is_found_by_its_new_handle_only() -> None:
    """The old handle names nobody; the verbs still understand it."""
    world, clock = a_world()
    world.at(LATER).rename("sample_one", "sample_new")
    clock.set(LATER)
    assert world.account_named_now("sample_one") is None
    assert world.account_named_now("SAMPLE_NEW") is world.by_handle("sample_one")


def test_an_edit_makes_a_new_post_and_both_know_of_each_other() -> None:
    """Every version of a post names the whole chain, oldest first; the new one is not there before the edit."""
    world, _ = a_world()
    second, third = snowflake(LATER), snowflake(LATER + timedelta(minutes=5))
    world.at(LATER).edit(POST, second, "Sample text, mended.")
    world.at(LATER + timedelta(minutes=5)).edit(second, third, "Sample text, mended again.")
    after = LATER + timedelta(hours=1)
    chains = {world.posts[version].versions.at(after) for version in (POST, second, third)}
    assert chains == {(POST, second, third)}
    assert world.posts[POST].versions.at(LATER) == (POST, second)
    assert world.posts[third].born_at == LATER + timedelta(minutes=5)


def test_an_outage_holds_from_its_start_until_before_its_end() -> None:
    """It concerns the host it names, or every host if it names none."""
    world, clock = a_world()
    world.outage(START, LATER, "503", host="publish.x.com")
    assert world.outage_now("publish.x.com") == "503"
    assert world.outage_now("t.co") is None
    clock.set(LATER)
    assert world.outage_now("publish.x.com") is None


def test_the_timeline_shows_what_is_public_newest_first() -> None:
    """Deleted posts leave it; the chatter that no article embeds stays; a protected account shows nothing."""
    world, clock = a_world()
    account = world.by_handle("sample_one")
    chatter, own = world.timeline(account)
    assert own.native_id == POST
    assert int(chatter.native_id) > int(own.native_id)
    world.at(LATER).delete(POST)
    clock.set(LATER)
    assert [post.native_id in (POST,) for post in world.timeline(account)] == [False]
    world.at(LATER).protect("sample_one")
    assert world.timeline(account) == []


def test_an_account_without_chatter_has_an_empty_timeline_when_its_posts_are_gone() -> None:
    """Then nothing says that the account is well."""
    world, clock = a_world()
    world.account("sample_two", "12", "Sample Two", chatter=False)
    only = snowflake(START - timedelta(days=3))
    world.post(only, "sample_two", "Sample text two.")
    world.at(LATER).delete(only)
    assert len(world.timeline(world.by_handle("sample_two"))) == 1
    clock.set(LATER)
    assert world.timeline(world.by_handle("sample_two")) == []


def test_ids_are_taken_once() -> None:
    """A second post or account of one id is a mistake in the script, said at once."""
    world, _ = a_world()
    with pytest.raises(ValueError, match=POST):
        world.post(POST, "sample_one", "Sample text again.")
    with pytest.raises(ValueError, match="11"):
        world.account("sample_three", "11", "Sample Three")
