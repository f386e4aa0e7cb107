"""The simulated far end: each endpoint's answer to each event, over a real loopback connection."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from archiver.clock import SettableClock
from archiver.demo.far_end import FarEnd
from archiver.demo.pictures import drawing, picture
from archiver.demo.scenery import OutageKind, Picture, ShortLink, snowflake
from archiver.demo.shapes import Asked
from archiver.demo.world import World

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POST = snowflake(datetime(2026, 2, 1, 10, 0, tzinfo=UTC))
NEVER = snowflake(datetime(2026, 2, 1, 11, 0, tzinfo=UTC))
AUTHOR = "1100000000000000011"

OEMBED = "publish.x.com"
SYNDICATION = "cdn.syndication.twimg.com"
TIMELINE = "syndication.twitter.com"


@dataclass
class Got:
    status_code: int
    headers: dict[str, str]
    body: str

    @property
    def noun(self) -> Any:
        return json.loads(self.body)

    @property
    def tombstone(self) -> str:
        return str(self.noun["tombstone"]["text"]["text"])

    @property
    def page_props(self) -> Any:
        found = re.search(r'<script id="__NEXT_DATA__" type="application/json">(.*?)</script>', self.body)
        assert found
        return json.loads(found.group(1))["props"]["pageProps"]


class Client:
    """Asks the far end as the program does: the true host in the Host header, loopback dialled."""

    def __init__(self, far_end: FarEnd) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", far_end.port, timeout=5)

    def get(self, host: str, path: str, **headers: str) -> Got:
        self.connection.request("GET", path, headers={"Host": host, "User-Agent": "sample/1", **headers})
        response = self.connection.getresponse()
        return Got(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode())

    def oembed(self, native_id: str = POST) -> Got:
        return self.get(OEMBED, f"/oembed?url={quote(f'https://twitter.com/sample_one/status/{native_id}', safe='')}")

    def tweet(self, native_id: str = POST, query: str = "&token=a&lang=en") -> Got:
        return self.get(SYNDICATION, f"/tweet-result?id={native_id}{query}")

    def timeline(self, of: str = f"user-id/{AUTHOR}") -> Got:
        return self.get(TIMELINE, f"/srv/timeline-profile/{of}")


@contextmanager
def running(world: World) -> Iterator[tuple[FarEnd, Client]]:
    with FarEnd(world) as far_end:
        client = Client(far_end)
        try:
            yield far_end, client
        finally:
            client.connection.close()


@pytest.fixture
def world() -> World:
    world = World(SettableClock(START))
    world.account("sample_one", AUTHOR, "Sample <One>")
    link = ShortLink("SmplLink01", "https://courier.example/a?b=1&c=2", "courier.example/a")
    picture = Picture("SmplPict02", alternative_text="A drawing")
    text = "Sample & text\nنمونه 🌊 #نمونه @sample_two https://t.co/SmplLink01"
    world.post(POST, "sample_one", text, links=[link], media=[picture], language="fa")
    return world


@pytest.fixture
def ask(world: World) -> Iterator[Client]:
    with running(world) as (_, client):
        yield client


def test_oembed_serves_a_live_post_as_a_blockquote(ask: Client) -> None:
    """The card has X's keys; the words stand in HTML with short links, names and tags linked, and the UTC day."""
    got = ask.oembed()
    assert got.status_code == 200
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    card = got.noun
    assert list(card) == [
        "url", "author_name", "author_url", "html", "width", "height",
        "type", "cache_age", "provider_name", "provider_url", "version",
    ]  # fmt: skip
    assert card["url"] == f"https://twitter.com/sample_one/status/{POST}"
    assert card["html"].startswith(
        '<blockquote class="twitter-tweet"><p lang="fa" dir="rtl">Sample &amp; text<br>نمونه 🌊 '
    )
    assert '<a href="https://t.co/SmplPict02">pic.twitter.com/SmplPict02</a></p>' in card["html"]
    assert '<a href="https://t.co/SmplLink01">https://t.co/SmplLink01</a>' in card["html"]
    assert "&mdash; Sample &lt;One&gt; (@sample_one)" in card["html"]
    assert '?ref_src=twsrc%5Etfw">February 1, 2026</a></blockquote>' in card["html"]


def test_syndication_serves_a_live_post_with_author_links_and_media(ask: Client) -> None:
    """The body has the post id, the author id, the escaped text, each link's expansion, and the media."""
    tweet = ask.tweet().noun
    assert (tweet["__typename"], tweet["id_str"], tweet["user"]["id_str"]) == ("Tweet", POST, AUTHOR)
    assert tweet["text"].startswith("Sample &amp; text\nنمونه 🌊")
    assert tweet["created_at"] == "2026-02-01T10:00:00.000Z"
    (link,) = tweet["entities"]["urls"]
    assert link["expanded_url"] == "https://courier.example/a?b=1&c=2"
    (media,) = tweet["mediaDetails"]
    assert media["ext_alt_text"] == "A drawing"
    assert media["expanded_url"] == f"https://twitter.com/sample_one/status/{POST}/photo/1"
    assert tweet["edit_control"]["edit_tweet_ids"] == [POST]
    assert tweet["isStaleEdit"] is False


def test_a_long_post_is_cut_and_says_so(world: World, ask: Client) -> None:
    """Both endpoints show 280 characters of it; syndication names the note that has the rest."""
    native_id = snowflake(START - timedelta(days=2))
    world.post(native_id, "sample_one", "sample " * 60)
    tweet = ask.tweet(native_id).noun
    assert len(tweet["text"]) == 280
    assert tweet["text"].endswith("…")
    assert tweet["note_tweet"]["id"]
    assert "…</p>" in ask.oembed(native_id).noun["html"]


def test_an_id_that_never_existed_is_answered_as_x_answers_it(ask: Client) -> None:
    """oEmbed says code 34 in JSON, syndication shows the page titled X / ?, and the account look finds nothing."""
    got = ask.oembed(NEVER)
    assert (got.status_code, got.noun) == (
        404,
        {"errors": [{"message": "Sorry, that page does not exist", "code": 34}]},
    )
    page = ask.tweet(NEVER)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html;charset=utf-8")
    assert "<title>X / ?</title>" in page.body
    nobody = ask.timeline("user-id/12")
    assert nobody.status_code == 200
    assert nobody.page_props["contextProvider"]["hasResults"] is False
    assert nobody.page_props["timeline"]["entries"] == []


@pytest.mark.parametrize("query", ["", "&token="])
def test_syndication_without_a_token_answers_an_empty_object(ask: Client, query: str) -> None:
    """A missing token is answered 200 with {}: a trap, not a deletion."""
    got = ask.tweet(query=query)
    assert (got.status_code, got.noun) == (200, {})


@pytest.mark.parametrize("native_id", ["abc", "9223372036854775808", "%D9%A1%D9%A2", "-1"])
def test_syndication_refuses_what_is_no_id(ask: Client, native_id: str) -> None:
    """An id that is no 64-bit number is a bad request."""
    assert ask.tweet(native_id).status_code == 400


EVENTS: dict[str, tuple[int, str, str]] = {
    # event: oEmbed's status code, words in its body, words of syndication's answer
    "delete": (404, '"code":34', "This Post was deleted by the Post author. Learn more"),
    "vanish": (404, '"code":34', "<title>X / ?</title>"),
    "remove_for_rules": (404, '"code":34', "This Post violated the X Rules."),
    "withhold": (403, "not authorized", "@sample_one has been withheld in response to a report"),
    "age_gate": (403, "not authorized", "Age-restricted adult content."),
    "age_gate_empty": (403, "not authorized", '"tombstone":{}'),
    "age_gate_404": (403, "not authorized", "<title>X / ?</title>"),
    "suspend": (403, "suspended", "This Post is from a suspended account. Learn more"),
    "protect": (403, "not authorized", "this account owner limits who can view their Posts"),
    "deactivate": (403, "not authorized", "This Post is from an account that no longer exists."),
}


def happen(world: World, event: str, time: datetime) -> None:
    moment = world.at(time)
    if event in ("suspend", "protect", "deactivate"):
        getattr(moment, event)("sample_one")
    elif event == "vanish":
        moment.delete(POST, tombstone=False)
    elif event.startswith("age_gate_"):
        moment.age_gate(POST, "empty" if event.endswith("empty") else "404")
    else:
        getattr(moment, event)(POST)


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_changes_both_answers_from_its_time_on(world: World, ask: Client, event: str) -> None:
    """Before its time the post is served; after it each endpoint says what the platform facts say of the event."""
    status_code, oembed_words, syndication_words = EVENTS[event]
    happen(world, event, START + timedelta(hours=1))
    assert ask.oembed().status_code == 200
    assert ask.tweet().noun["__typename"] == "Tweet"
    assert isinstance(world.clock, SettableClock)
    world.clock.advance(timedelta(hours=1))
    oembed, tweet = ask.oembed(), ask.tweet()
    assert (oembed.status_code, oembed_words in oembed.body) == (status_code, True)
    assert syndication_words in tweet.body


@pytest.mark.parametrize(
    ("event", "well"), [("delete", True), ("suspend", False), ("protect", False), ("deactivate", False)]
)
def test_the_account_look_tells_a_deleted_post_from_a_lost_account(
    world: World, ask: Client, event: str, well: bool
) -> None:
    """The timeline has an entry by the author while the account is public, by id and by handle, whatever its post."""
    happen(world, event, START)
    for of in (f"user-id/{AUTHOR}", "screen-name/Sample_One"):
        props = ask.timeline(of).page_props
        assert props["contextProvider"]["hasResults"] is well
        authors = {entry["content"]["tweet"]["user"]["id_str"] for entry in props["timeline"]["entries"]}
        assert authors == ({AUTHOR} if well else set())


def test_no_text_can_end_the_script_element(world: World, ask: Client) -> None:
    """A display name or text with </script> leaves the timeline page readable."""
    world.post(snowflake(START - timedelta(days=1)), "sample_one", "</script><b>sample")
    assert ask.timeline().page_props["timeline"]["entries"]


def test_tombstones_come_in_the_language_asked_for(world: World, ask: Client) -> None:
    """Whoever does not ask for English cannot read the words; Accept-Language counts where `lang` is missing."""
    world.at(START).delete(POST)
    assert "deleted" in ask.tweet().tombstone
    assert "deleted" not in ask.tweet(query="&token=a&lang=de").tombstone
    path = f"/tweet-result?id={POST}&token=a"
    assert "deleted" not in ask.get(SYNDICATION, path, **{"Accept-Language": "fa,en;q=0.5"}).tombstone


def test_a_short_link_leads_one_hop_away(ask: Client) -> None:
    """A program gets a 301 to the post; what calls itself Mozilla gets a page that refreshes to it."""
    target = f"https://twitter.com/sample_one/status/{POST}/photo/1"
    plain = ask.get("t.co", "/SmplPict02")
    assert (plain.status_code, plain.headers["location"], plain.body) == (301, target, "")
    browser = ask.get("t.co", "/SmplPict02", **{"User-Agent": "Mozilla/5.0 sample"})
    assert browser.status_code == 200
    assert f'<META http-equiv="refresh" content="0;URL={target}">' in browser.body


def test_reused_media_lead_to_the_post_that_had_them_first(world: World, ask: Client) -> None:
    """The short link of a re-used clip names another author's post; a dead link is not found."""
    again = snowflake(START - timedelta(days=1))
    world.account("sample_two", "12", "Sample Two")
    world.post(again, "sample_two", "Sample, again.", media=[Picture("SmplEcho03", kind="video", of=POST)])
    location = ask.get("t.co", "/SmplEcho03").headers["location"]
    assert location == f"https://twitter.com/sample_one/status/{POST}/video/1"
    world.short_link("SmplEcho03", None)
    assert ask.get("t.co", "/SmplEcho03").status_code == 404


def test_an_edited_post_names_its_newer_version(world: World, ask: Client) -> None:
    """The old id is served as a stale edit with the chain, the new one as the edit."""
    assert isinstance(world.clock, SettableClock)
    newer = snowflake(START + timedelta(minutes=10))
    world.at(START + timedelta(minutes=10)).edit(POST, newer, "Sample text, mended.")
    assert ask.tweet(newer).status_code == 404
    world.clock.advance(timedelta(minutes=10))
    old, new = ask.tweet().noun, ask.tweet(newer).noun
    assert old["edit_control"]["edit_tweet_ids"] == new["edit_control"]["edit_tweet_ids"] == [POST, newer]
    assert (old["isStaleEdit"], new["isStaleEdit"], new["isEdited"]) == (True, False, True)


def test_a_renamed_author_is_served_under_the_new_handle(world: World, ask: Client) -> None:
    """The id decides, whatever handle the address has; the author id stays."""
    world.at(START).rename("sample_one", "sample_new")
    assert ask.oembed().noun["author_url"] == "https://twitter.com/sample_new"
    user = ask.tweet().noun["user"]
    assert (user["screen_name"], user["id_str"]) == ("sample_new", AUTHOR)


OUTAGES: dict[OutageKind, tuple[int, str]] = {
    "503": (503, "Over capacity"),
    "rate_limit": (429, "Rate limit exceeded"),
    "empty_json": (200, "{}"),
    "login_page": (200, "<title>Log in to X / X</title>"),
    "login_redirect": (302, ""),
}


@pytest.mark.parametrize("kind", OUTAGES)
def test_an_outage_answers_everything_alike_on_its_host_only(world: World, ask: Client, kind: OutageKind) -> None:
    """While it lasts, living and never-born ids get one answer; the other endpoint is well; then all is well."""
    world.outage(START, START + timedelta(days=1), kind, host=SYNDICATION)
    living, never_born = ask.tweet(), ask.tweet(NEVER)
    status_code, words = OUTAGES[kind]
    assert living.status_code == never_born.status_code == status_code
    assert living.body == never_born.body
    assert words in living.body
    assert ask.oembed().status_code == 200
    assert isinstance(world.clock, SettableClock)
    world.clock.advance(timedelta(days=1))
    assert ask.tweet().noun["__typename"] == "Tweet"


def test_an_outage_may_say_not_found_to_everything(world: World, ask: Client) -> None:
    """Then living posts get the very answers that gone ones get, on every host."""
    gone = (ask.oembed(NEVER).body, ask.tweet(NEVER).body)
    world.outage(START, START + timedelta(days=1), "404_for_all")
    assert (ask.oembed().body, ask.tweet().body) == gone
    assert ask.timeline().status_code == 404


def test_a_reset_outage_tears_the_connection_down(world: World) -> None:
    """The client sees a reset, the log a 0, and the next request after the outage is answered."""
    world.outage(START, START + timedelta(days=1), "reset", host=OEMBED)
    with running(world) as (far_end, client):
        with pytest.raises(ConnectionResetError):
            client.oembed()
        assert [line.status_code for line in far_end.log] == [0]
        client.connection.close()
        assert isinstance(world.clock, SettableClock)
        world.clock.advance(timedelta(days=1))
        assert client.oembed().status_code == 200


def test_the_log_has_time_host_and_path_of_every_request(world: World) -> None:
    """In the order of arrival, by the world's clock, which the Date header tells too."""
    assert isinstance(world.clock, SettableClock)
    with running(world) as (far_end, client):
        client.oembed()
        world.clock.advance(timedelta(days=3))
        got = client.get("t.co:443", "/SmplLink01")
        assert [(line.time, line.host) for line in far_end.log] == [
            (START, OEMBED),
            (START + timedelta(days=3), "t.co"),
        ]
        assert far_end.log[0].path.startswith("/oembed?url=https%3A%2F%2Ftwitter.com%2F")
        assert got.headers["date"] == "Thu, 05 Mar 2026 09:00:00 GMT"


def test_unknown_hosts_and_paths_get_the_page_not_found(ask: Client) -> None:
    """The far end is X and nobody else."""
    for host, path in (("elsewhere.example", "/oembed"), (OEMBED, "/other"), (SYNDICATION, "/")):
        assert ask.get(host, path).status_code == 404


def test_closing_ends_open_connections_and_may_be_repeated(world: World) -> None:
    """A kept connection ends with the server; the port is only known while it runs."""
    far_end = FarEnd(world).start()
    client = Client(far_end)
    client.oembed()
    far_end.close()
    far_end.close()
    with pytest.raises((http.client.HTTPException, OSError)):
        client.oembed()
    client.connection.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = far_end.address


def test_a_picture_is_served_as_long_as_its_post() -> None:
    """Always the same one for a code; none for another code, nor once the post is gone."""
    clock = SettableClock(START)
    world = World(clock)
    world.account("sample_gauge", AUTHOR, "Sample Gauge")
    world.post(POST, "sample_gauge", "Sample text.", short_codes=["SmplPict01"])
    world.at(START + timedelta(days=1)).delete(POST)
    shown, other = (
        Asked("pbs.twimg.com", f"/media/sample-{code}.jpg", "", "") for code in ("SmplPict01", "SmplPict02")
    )
    served = picture(world, shown)
    assert (served.status_code, served.body) == (200, drawing("SmplPict01"))
    assert served.body.startswith(b"\x89PNG")
    assert drawing("SmplPict02") != served.body
    assert picture(world, other).status_code == 404
    clock.advance(timedelta(days=2))
    assert picture(world, shown).status_code == 404
