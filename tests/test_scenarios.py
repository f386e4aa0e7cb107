"""Every way to be fooled that the design names ("Real ways to be fooled"), as a story of some weeks, on loopback.

In each no living post is ever called deleted (`Scene.play` sees to that), and what was truly deleted is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.demo.scenery import OutageKind, snowflake
from archiver.model.verdict import State
from tests.newsroom import born, day
from tests.scenarios import (
    EVERYTHING,
    OEMBED,
    POSTS,
    SYNDICATION,
    TIMELINE,
    Cache,
    MastodonHost,
    Says,
    Scene,
    Throttle,
    blocked_by_proxy,
    by_chance,
    captive_portal,
    closed_for_good,
    deleted_by_its_author,
    in_german,
    mastodon_controls,
    never_heard_of_it,
    not_on_this_server,
    of,
    parking_page,
    proxy_error,
    suspended,
)

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

HOUR = timedelta(hours=1)
ALIVE, DELETED, UNCONFIRMED = State.ALIVE, State.DELETED, State.GONE_UNCONFIRMED


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Scene(tmp_path) as opened:
        yield opened


# the platform is out of order


@pytest.mark.parametrize("tombstone", [True, False])
def test_an_endpoint_is_renamed_and_answers_404_to_every_id_for_weeks(scene: Scene, tombstone: bool) -> None:
    """Syndication, 2022-11-04: its batches are void, and the other endpoint finds the deletion by itself."""
    living, gone = scene.lives(), scene.dies(day(12), tombstone=tombstone)
    scene.world.outage(day(6), day(41), "404_for_all", SYNDICATION)
    assert scene.play(40) == {living: ALIVE, gone: DELETED}
    assert scene.outcomes(living, "syndication") == {"present"}


def test_both_endpoints_answer_404_to_every_id_for_weeks(scene: Scene) -> None:
    """Nothing is concluded meanwhile; what was deleted in that time is known two weeks after it."""
    living, gone = scene.lives(), scene.dies(day(12))
    for host in POSTS:
        scene.world.outage(day(6), day(36), "404_for_all", host)
    assert scene.play(35) == {living: ALIVE, gone: ALIVE}
    assert scene.play(50) == {living: ALIVE, gone: DELETED}


def test_a_missing_token_is_answered_200_with_nothing(scene: Scene) -> None:
    """react-tweet#128: `{}` is no word about a post."""
    living, gone = scene.lives(), scene.dies(day(12))
    scene.world.outage(day(6), day(36), "empty_json", SYNDICATION)
    assert scene.play(35) == {living: ALIVE, gone: DELETED}


def test_our_range_of_addresses_is_blocked_and_told_that_nothing_exists(scene: Scene) -> None:
    """FxEmbed#1385: every host, the accounts too, for three weeks; controls read absent, so all is void."""
    living, gone = scene.lives(), scene.dies(day(12))
    scene.between(day(6), day(27), never_heard_of_it, *EVERYTHING)
    assert scene.play(27) == {living: ALIVE, gone: ALIVE}
    assert scene.play(41) == {living: ALIVE, gone: DELETED}


@pytest.mark.parametrize(("limit", "seconds"), [(15, 20), (3, 900)])
def test_a_rate_limit_is_shown_as_not_found(scene: Scene, limit: int, seconds: int) -> None:
    """nitter#289: from some request on, within a batch or across it, everything is 404, and later served again."""
    living, gone = [scene.lives() for _ in range(18)], scene.dies(day(11))
    scene.between(day(4), day(25), Throttle(scene.clock, limit, seconds), *POSTS)
    assert scene.play(39) == {**dict.fromkeys(living, ALIVE), gone: DELETED}


def test_eight_hours_of_404_at_the_platform(scene: Scene) -> None:
    """2025-09-10: whether a deletion comes before, within or after it."""
    living = scene.lives()
    gone = [scene.dies(day(10) + hours * HOUR) for hours in (-3, 4, 12)]
    for host in POSTS:
        scene.world.outage(day(10), day(10) + 8 * HOUR, "404_for_all", host)
    assert scene.play(24) == {living: ALIVE, **dict.fromkeys(gone, DELETED)}


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_some_requests_are_answered_404_for_three_weeks(scene: Scene, share: float) -> None:
    """A partial incident, another post hit at every moment: one valid sighting beats any number of negatives."""
    living, gone = [scene.lives() for _ in range(6)], scene.dies(day(8))
    scene.between(day(6), day(27), by_chance(share, never_heard_of_it), *POSTS)
    assert scene.play(41) == {**dict.fromkeys(living, ALIVE), gone: DELETED}


def test_a_partial_incident_is_kept_in_caches_for_days(scene: Scene) -> None:
    """FxEmbed#696: half of all posts are 404 for eight hours; both endpoints' caches give that again for nine days."""
    living, gone = [scene.lives() for _ in range(4)], scene.dies(day(6))
    scene.between(day(10), day(10) + 8 * HOUR, of(living[:2], never_heard_of_it), *POSTS)
    scene.between(day(10), day(19), Cache(scene.clock), *POSTS)
    assert scene.play(34) == {**dict.fromkeys(living, ALIVE), gone: DELETED}


def test_a_partial_incident_of_many_authors_opens_an_incident(scene: Scene) -> None:
    """Twelve of twenty authors' posts are 404 on both endpoints for two days, the controls are not."""
    living, gone = [scene.lives() for _ in range(20)], scene.dies(day(20))
    scene.between(day(8.9), day(11.5), of(living[:12], deleted_by_its_author), *POSTS)
    assert scene.play(34) == {**dict.fromkeys(living, ALIVE), gone: DELETED}
    outages = {row.id for row in scene.rows("incidents", kind="outage")}
    assert [row.how for row in scene.rows("incident_ends") if row.incident in outages] == ["recovered"]


def test_one_session_sees_404(scene: Scene) -> None:
    """nitter#1250: what one endpoint's session misses, the other shows."""
    living, gone = scene.lives(), scene.dies(day(12))
    scene.between(day(6), day(50), of([living], never_heard_of_it), SYNDICATION)
    assert scene.play(50) == {living: ALIVE, gone: DELETED}
    assert scene.listed(living).flags == ("disputed",)


def test_the_platform_restores_deleted_posts_months_later(scene: Scene) -> None:
    """May 2023: alive again, with the flag; and the disappearance is kept word for word."""
    living, gone, back = scene.lives(), scene.dies(day(8)), scene.dies(day(9), back=day(160))
    assert scene.play(150) == {living: ALIVE, gone: DELETED, back: DELETED}
    assert scene.play(420) == {living: ALIVE, gone: DELETED, back: ALIVE}
    assert scene.listed(back).flags == ("restored",)
    assert [each["state"] for each in scene.verdicts(scene.listed(back).number)[-1].verdict["episodes"]] == [DELETED]


# what stands between us and the platform


@pytest.mark.parametrize("says", [captive_portal, parking_page, not_on_this_server, proxy_error, blocked_by_proxy])
def test_something_else_answers_in_the_platforms_place(scene: Scene, says: Says) -> None:
    """Captive portal, rewritten names, a proxy's own pages: for nine days; no answer of theirs tells of a post."""
    living, gone = scene.lives(), scene.dies(day(9))
    scene.between(day(6), day(15), says)
    assert scene.play(14) == {living: ALIVE, gone: ALIVE}
    assert scene.outcomes(gone, "oembed", valid=False) == {"unknown"}
    assert scene.play(29) == {living: ALIVE, gone: DELETED}


@pytest.mark.parametrize("kind", ["login_redirect", "reset"])
def test_a_wall_stands_before_both_endpoints(scene: Scene, kind: OutageKind) -> None:
    """Log in first, come later, or nothing at all: that is no word about a post."""
    living, gone = scene.lives(), scene.dies(day(9))
    scene.world.outage(day(6), day(15), kind)
    assert scene.play(14) == {living: ALIVE, gone: ALIVE}
    assert scene.play(29) == {living: ALIVE, gone: DELETED}


@pytest.mark.parametrize("honest", [True, False])
def test_a_stale_cache_goes_on_serving_a_deleted_post(scene: Scene, honest: bool) -> None:
    """static-tweet#64: with an Age or without, the deletion is told once the cache has let go of it, not earlier."""
    living, gone = scene.lives(), scene.dies(day(12))
    scene.between(day(4), day(18), Cache(scene.clock, honest=honest), *POSTS)
    assert scene.play(17) == {living: ALIVE, gone: ALIVE}
    assert scene.play(32) == {living: ALIVE, gone: DELETED}
    left, right = scene.listed(gone).gone_after, scene.listed(gone).gone_by
    assert left
    assert right
    assert left < right
    assert (left < day(12) < right) is honest


def test_a_stale_cache_goes_on_missing_a_post_that_is_back(scene: Scene) -> None:
    """A post is gone for a day, then a cache says so for two weeks: an answer served ten times is one."""
    living, gone = scene.lives(), scene.dies(day(4))
    away = scene.dies(day(5.3), back=day(6.3), handle="away", id_of=born(2, 25, year=2026))
    scene.between(day(5.4), day(19), of([away], Cache(scene.clock)), *POSTS)
    assert scene.play(34) == {living: ALIVE, gone: DELETED, away: ALIVE}
    assert UNCONFIRMED in scene.told(away)
    assert DELETED not in scene.told(away)


# posts that live, and are not shown


@pytest.mark.parametrize("shown_as", ["text", "empty", "404"])
def test_an_age_gate_is_shown_as_a_tombstone_or_as_a_bare_404(scene: Scene, shown_as: str) -> None:
    """yt-dlp#5233, react-tweet#160: weak absents, and oEmbed's 403 holds them back."""
    gated, gone = scene.lives(), scene.dies(day(8))
    scene.world.at(day(6)).age_gate(gated, shown_as=shown_as)  # type: ignore[arg-type]
    ends = {"text": State.AGE_GATED, "empty": ALIVE, "404": UNCONFIRMED}
    assert scene.play(30) == {gated: ends[shown_as], gone: DELETED}
    assert DELETED not in scene.told(gated)


def test_an_age_gate_that_all_endpoints_answer_with_404(scene: Scene) -> None:
    """Once it has been seen to be gated, only a control of its kind could make an absent count: there is none."""
    gated, gone = scene.lives(), scene.dies(day(8))
    scene.world.at(day(6)).age_gate(gated)
    scene.between(day(14), day(90), of([gated], never_heard_of_it), *POSTS)
    assert scene.play(60) == {gated: State.AGE_GATED, gone: DELETED}


@pytest.mark.parametrize("account_is_shown", [True, False])
def test_live_accounts_are_shown_as_suspended(scene: Scene, account_is_shown: bool) -> None:
    """gallery-dl#2258: suspended is all that is said, or nothing where the account itself is seen to be open."""
    living, gone = scene.lives(), scene.dies(day(8))
    scene.between(day(6), day(24), of([living], suspended), *POSTS)
    if not account_is_shown:
        scene.between(day(6), day(24), never_heard_of_it, TIMELINE)
    ended = scene.play(23)
    assert ended[living] == (ALIVE if account_is_shown else State.ACCOUNT_SUSPENDED)
    assert scene.play(60) == {living: ALIVE, gone: DELETED}


@pytest.mark.parametrize(("country", "ends"), [("DE", State.WITHHELD), ("", ALIVE)])
def test_a_post_is_withheld_in_one_country(tmp_path: Path, country: str, ends: State) -> None:
    """gallery-dl#4349: withheld where we ask from, alive if that is elsewhere; never deleted."""
    tables = f'[platforms.x]\negress_country = "{country}"' if country else ""
    with Scene(tmp_path, tables=tables) as scene:
        held, gone = scene.lives(), scene.dies(day(8))
        scene.world.at(day(6)).withhold_in(held, "DE", "FR")
        scene.between(day(6), day(60), of([held], never_heard_of_it), OEMBED)
        assert scene.play(30) == {held: ends, gone: DELETED}


def test_a_protected_account_is_public_again_days_later(scene: Scene) -> None:
    """5.9 % of the missing were back after three days."""
    living, gone = scene.lives(), scene.dies(day(8))
    scene.world.at(day(6)).protect(scene.handle_of(living))
    scene.world.at(day(12)).unprotect(scene.handle_of(living))
    assert scene.play(12)[living] == State.PROTECTED
    assert scene.play(50) == {living: ALIVE, gone: DELETED}


@pytest.mark.parametrize("bare", [False, True])
def test_a_deactivated_account_is_back_within_thirty_days(scene: Scene, bare: bool) -> None:
    """Even where all posts of it are answered as if they had never been: the account itself is not to be seen."""
    living, gone = scene.lives(), scene.dies(day(8))
    handle = scene.handle_of(living)
    scene.world.at(day(6)).deactivate(handle)
    scene.world.at(day(34)).restore(handle)
    if bare:
        scene.between(day(6), day(34), of([living], never_heard_of_it), *POSTS)
    ends = UNCONFIRMED if bare else State.ACCOUNT_GONE
    assert scene.play(33) == {living: ends, gone: DELETED}
    assert scene.play(100) == {living: ALIVE, gone: DELETED}


def test_a_deletion_before_the_account_goes_is_told_as_far_as_it_was_proven(scene: Scene) -> None:
    """Both happen within a day: nobody can say any more that it was the post, and nobody does."""
    both, gone = scene.dies(day(6)), scene.dies(day(8))
    scene.world.at(day(7)).protect(scene.handle_of(both))
    assert scene.play(30)[gone] == DELETED
    assert DELETED not in scene.told(both)


# identities


def test_a_handle_changes_and_somebody_else_takes_it(scene: Scene) -> None:
    """twarc#198: the id is the identity; the old handle's new owner vouches for nobody."""
    living, gone = scene.lives(), scene.dies(day(12))
    for native_id in (living, gone):
        handle = scene.handle_of(native_id)
        scene.world.at(day(5)).rename(handle, f"{handle}_now")
    assert scene.play(30) == {living: ALIVE, gone: DELETED}
    assert scene.listed(living).author_handle == f"{scene.handle_of(living)}_now"


def test_a_deactivated_authors_handle_is_taken_by_somebody_else(scene: Scene) -> None:
    """The new owner's open account is another one: it does not make the old one's posts deleted."""
    living, gone = scene.lives(), scene.dies(day(12))
    handle = scene.handle_of(living)
    scene.world.at(day(6)).rename(handle, "given_up")
    scene.world.at(day(6)).deactivate("given_up")
    scene.between(day(6), day(90), of([living], never_heard_of_it), *POSTS)
    scene.author("taker")
    scene.world.at(day(7)).rename("taker", handle)
    ended = scene.play(50)
    assert ended[gone] == DELETED
    assert ended[living] in (UNCONFIRMED, State.GONE_UNATTRIBUTED)


def test_an_edit_makes_a_new_id_and_the_old_one_is_served_no_more(scene: Scene) -> None:
    """tweety#144: a post is gone when all its versions are."""
    edited, both = scene.lives(id_of=snowflake(day(-1))), scene.lives(id_of=snowflake(day(-1.01)))
    versions = snowflake(day(-0.99)), snowflake(day(-0.98))
    scene.article("a.html", scene.quote(edited), scene.quote(both))
    for native_id, version in zip((edited, both), versions, strict=True):
        scene.world.at(day(-0.98)).edit(native_id, version, "Sample words, edited.")
        scene.world.at(day(6)).delete(native_id)
    scene.delete(both, day(6))
    scene.world.at(day(6)).delete(versions[1])
    ended = scene.play(30)
    assert ended[both] == DELETED
    assert ended[edited] in (ALIVE, UNCONFIRMED)


def test_a_spreadsheet_has_mangled_the_ids(scene: Scene) -> None:
    """hydrator#72: nobody ever posted under that id. All that is said is that it is not there: it looks rounded."""
    living, gone = scene.lives(), scene.dies(day(8))
    mangled = f"{int(living) // 10_000}0000"
    quoted = scene.quote(living)
    scene.article("a.html", quoted, scene.quote(gone), quoted.replace(living, mangled))
    scene.never_was(mangled)
    assert scene.play(30) == {living: ALIVE, gone: DELETED, mangled: State.ABSENT_ON_FIRST_CHECK}
    assert DELETED not in scene.told(mangled)


# texts and articles


def test_tombstones_come_in_another_language(scene: Scene) -> None:
    """Their words say nothing to us then; the deletion is found by oEmbed alone, a week later."""
    gated, gone = scene.lives(), scene.dies(day(8))
    scene.world.at(day(6)).age_gate(gated)
    scene.between(day(0), day(60), in_german, SYNDICATION)
    assert scene.play(30) == {gated: ALIVE, gone: DELETED}
    assert scene.listed(gone).grade == "B"


def test_an_article_is_edited_and_the_embed_removed(scene: Scene) -> None:
    """That is a fact about the article: the post lives, and a later deletion is found all the same."""
    living, gone = scene.lives(), scene.dies(day(20))
    scene.article("a.html", scene.quote(living), scene.quote(gone))
    scene.play(6)
    scene.article("a.html", "<p>Sample correction.</p>")
    assert scene.play(34) == {living: ALIVE, gone: DELETED}
    assert len(scene.rows("embed_closings")) == 2


# Mastodon


def test_a_mastodon_number_is_asked_at_the_wrong_host_or_the_host_is_down_or_closed(tmp_path: Path) -> None:
    """Another server's number is another post; a server that is away says nothing; its own 404 is weak at most."""
    social, other = MastodonHost("social.example"), MastodonHost("other.example")
    living, gone, closing = social.post(1), social.post(3, gone_at=day(8)), other.post(2)
    with Scene(tmp_path, tables=mastodon_controls(social, other)) as scene:
        for host in (social, other):
            scene.between(day(0), day(300), host.at(scene.clock), host.name)
        scene.between(day(6), day(12), proxy_error, social.name)
        scene.between(day(20), day(300), closed_for_good, other.name)
        scene.article("a.html", *map(social.quote, (living, gone)), *map(other.quote, (closing, living)))
        scene.play(60)
        told = {(post.host, post.native_id): post.state for post in scene.archive.posts()}
        wrong_host = told.pop((other.name, living))
        assert wrong_host in (State.ABSENT_ON_FIRST_CHECK, State.GONE_UNATTRIBUTED)
        assert told == {
            (social.name, living): ALIVE,
            (social.name, gone): State.GONE_UNATTRIBUTED,
            (other.name, closing): ALIVE,
        }
