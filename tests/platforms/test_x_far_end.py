"""The adapter through the real client against the simulated far end: the whole path but the wild."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from archiver.clock import SettableClock
from archiver.demo.far_end import FarEnd
from archiver.demo.world import World
from archiver.model.embed import Embed, Link
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Strength
from archiver.model.post import AuthorRef, Post, PostRef
from archiver.platforms import x_ids
from archiver.platforms.x import OEMBED, SYNDICATION, TIMELINE, X
from archiver.web.client import Client
from archiver.web.settings import WebSettings

START = datetime(2026, 1, 6, 12, tzinfo=UTC)
AUTHOR = "1700000000000000042"
BORN = START - timedelta(days=2)
POST = str((int(BORN.timestamp() * 1000) - x_ids.EPOCH_MS) << 22)
TEXT = "Sample text one & two <3\nنمونه متن\u200cدو #sample @other_desk"


class Stage:
    """A world with one post, and a client that reaches it by a detour."""

    def __init__(self) -> None:
        self.clock = SettableClock(START)
        self.world = World(self.clock)
        self.world.account("sample_desk", AUTHOR, "Sample Desk")
        self.world.post(POST, "sample_desk", TEXT, short_codes=["PicCode123"])

    def look(self, client: Client) -> dict[str, Reading]:
        ref, author = PostRef("x", None, POST, "sample_desk", AUTHOR), AuthorRef("x", None, AUTHOR, "sample_desk")
        return {
            OEMBED.name: X().observe([ref], OEMBED, client.get)[0],
            SYNDICATION.name: X().observe([ref], SYNDICATION, client.get)[0],
            TIMELINE.name: X().observe([author], TIMELINE, client.get)[0],
        }


@pytest.fixture
def stage() -> Iterator[tuple[Stage, Client]]:
    """The far end runs, and nothing else is reachable."""
    made = Stage()
    with FarEnd(made.world) as far_end:
        detour = WebSettings(user_agent="archiver-tests/1", connect_to={"*": far_end.address})
        client = Client(detour, made.clock)
        yield made, client
        client.close()


def outcomes(readings: dict[str, Reading]) -> list[Outcome]:
    return [reading.outcome for reading in readings.values()]


def test_a_live_post_is_seen_alike_on_both_endpoints(stage: tuple[Stage, Client]) -> None:
    """The words are the same to the character; each endpoint writes the picture's link in its own way."""
    made, client = stage
    readings = made.look(client)
    assert outcomes(readings) == [Outcome.PRESENT, Outcome.PRESENT, Outcome.ACCOUNT_OK]
    card, post = readings["oembed"].snapshot, readings["syndication"].snapshot
    assert card is not None
    assert post is not None
    assert post.text == f"{TEXT} https://t.co/PicCode123"
    assert card.text == f"{TEXT} pic.twitter.com/PicCode123"
    assert card.links[0].url == post.links[0].url == "https://t.co/PicCode123"
    assert card.published_at == post.published_at == BORN
    assert readings["syndication"].author_id == readings["timeline"].author_id == AUTHOR
    exchange = readings["oembed"].exchange
    assert exchange is not None
    assert exchange.url.startswith("https://publish.x.com/oembed?")


def test_a_deleted_post_is_absent_strongly_and_its_author_open(stage: tuple[Stage, Client]) -> None:
    """What deletion rests on: two strong absents, and the account is there."""
    made, client = stage
    made.world.at(START).delete(POST)
    readings = made.look(client)
    assert outcomes(readings) == [Outcome.ABSENT, Outcome.ABSENT, Outcome.ACCOUNT_OK]
    assert readings["oembed"].strength == readings["syndication"].strength == Strength.STRONG


@pytest.mark.parametrize(
    ("standing", "seen"),
    [
        ("suspend", [Outcome.SUSPENDED, Outcome.SUSPENDED, Outcome.UNKNOWN]),
        ("protect", [Outcome.UNKNOWN, Outcome.PROTECTED, Outcome.UNKNOWN]),
        ("deactivate", [Outcome.UNKNOWN, Outcome.ACCOUNT_GONE, Outcome.UNKNOWN]),
    ],
)
def test_the_author_s_standing_is_never_read_as_absent(
    stage: tuple[Stage, Client], standing: str, seen: list[Outcome]
) -> None:
    """Suspended, protected and deactivated say so, or say nothing."""
    made, client = stage
    getattr(made.world.at(START), standing)("sample_desk")
    assert outcomes(made.look(client)) == seen


@pytest.mark.parametrize("kind", ["503", "rate_limit", "empty_json", "login_page", "login_redirect", "reset"])
def test_an_outage_of_any_kind_is_unknown(stage: tuple[Stage, Client], kind: str) -> None:
    """Nothing of it speaks about a post."""
    made, client = stage
    made.world.outage(START, START + timedelta(hours=1), kind)  # type: ignore[arg-type]
    assert outcomes(made.look(client)) == [Outcome.UNKNOWN] * 3


def test_a_short_link_gives_the_id_of_an_attributed_post(stage: tuple[Stage, Client]) -> None:
    """From what an article prints to the post's id: pic code, t.co, one hop, handle and day agree."""
    _, client = stage
    printed = Embed(
        position=0,
        form="text",
        hint="x",
        author_handle="Sample_Desk",
        published_on=BORN.date(),
        links=(Link("https://pic.twitter.com/PicCode123", "pic.twitter.com/PicCode123"),),
    )
    found = X().identify(printed, START)
    assert found is not None
    sought = Post(
        number=1,
        platform="x",
        host=None,
        native_id=found.native_id,
        author_handle=found.author_handle,
        author_name=None,
        author_id=None,
        published_on=BORN.date(),
        published_at=None,
        id_window=found.id_window,
        short_links=found.short_links,
        edit_chain=(),
        found_at=START,
    )
    assert X().resolve(sought, client.get).native_id == POST
