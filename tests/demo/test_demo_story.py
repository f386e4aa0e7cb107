"""The story and its articles belong together."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import archiver.demo
from archiver.clock import SettableClock
from archiver.demo import story
from archiver.demo.scenery import snowflake_time

ARTICLES = sorted((Path(archiver.demo.__file__).parent / "articles").iterdir())
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in ARTICLES}
IDS = re.compile(r"(?:/status/|[?;]id=|data-tweetid=\"|data-tweet-id=\"| id=\")(\d{15,})")
ATTRIBUTION = re.compile(r"\(@(\w{1,15})\)\s*(?:<a href=\"[^\"]*/status/(\d+)[^\"]*\">)?([A-Z][a-z]+ \d{1,2}, \d{4})")
WORLD = story.build_world(SettableClock(story.STARTS_AT))


@pytest.mark.parametrize("name", TEXTS)
def test_every_id_in_an_article_is_a_post_of_the_story(name: str) -> None:
    """No article names a post that the simulated X does not know."""
    assert set(IDS.findall(TEXTS[name])) <= set(story.EMBEDDED)


def test_the_articles_show_every_post_of_the_story() -> None:
    """Each post that is embedded by its id stands in some article, and the deleted one in two."""
    homes = {i: [n for n, text in TEXTS.items() if i in IDS.findall(text)] for i in story.EMBEDDED}
    assert all(homes.values())
    assert homes[story.DELETED] == ["field-notes.md", "gozaresh-namune.html"]


def test_every_id_lies_in_the_day_that_its_attribution_prints() -> None:
    """The attribution's day is the UTC day of the id; posts without an id are those of their handle in the story."""
    without_id = {
        "sample_desk_fa": story.RESOLVED,
        "old_kiosk": story.DEAD_LINK,
        "echo_channel": story.REUSED_MEDIA,
    }
    seen = set()
    for text in TEXTS.values():
        for handle, printed_id, day in ATTRIBUTION.findall(text):
            native_id = printed_id or without_id[handle]
            seen.add(native_id)
            printed = datetime.strptime(day, "%B %d, %Y").replace(tzinfo=UTC).date()
            assert snowflake_time(native_id).date() == printed, handle
            assert WORLD.posts[native_id].account.handle.at(story.STARTS_AT) == handle
    assert len(seen) == 9


def test_no_id_of_the_story_can_name_a_real_post() -> None:
    """The low 22 bits of every id are all ones: machine 1023, sequence 4095, which are never issued."""
    for native_id in (*WORLD.posts, *story.ABSENT_CONTROLS, *WORLD.accounts, story.ABSENT_AUTHOR):
        assert int(native_id) & 0x3FFFFF == 0x3FFFFF


def test_every_post_is_published_before_the_story_starts() -> None:
    """The articles can be scanned on the first day: nothing in them lies in the future."""
    assert all(snowflake_time(native_id) < story.STARTS_AT for native_id in WORLD.posts)


def test_the_controls_are_what_they_claim_to_be() -> None:
    """Three living posts of three accounts; three ids and one author that nobody has."""
    authors = tuple(WORLD.posts[i].account.author_id for i in story.PRESENT_CONTROLS)
    assert authors == story.CONTROL_AUTHORS
    assert len(set(authors)) == 3
    assert not set(story.ABSENT_CONTROLS) & set(WORLD.posts)
    assert story.ABSENT_AUTHOR not in WORLD.accounts


@pytest.mark.parametrize("native_id", WORLD.posts)
def test_an_article_quotes_the_words_that_the_world_serves(native_id: str) -> None:
    """The first words of a post stand in the articles that print them exactly as X serves them."""
    printed = {story.ALIVE, story.RENAMED, story.DELETED, story.AUTHOR_PROTECTED, story.ALIVE_PERSIAN}
    printed |= {story.GONE_BEFORE, story.RESOLVED, story.DEAD_LINK, story.REUSED_MEDIA}
    first_line = WORLD.posts[native_id].text.at(story.STARTS_AT).split("\n")[0].split(" https://t.co/")[0]
    assert any(first_line in text for text in TEXTS.values()) is (native_id in printed)


def test_the_story_happens_within_its_time() -> None:
    """Its turns are told in order; two lie before the start, all others in the five weeks."""
    times = [turn.time for turn in story.TURNS]
    assert times == sorted(times)
    assert times[1] < story.STARTS_AT < times[2]
    assert times[-1] < story.STARTS_AT + story.LASTS
