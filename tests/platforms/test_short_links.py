"""Where a short link leads: one hop, read and never followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from archiver.model.exchange import Exchange, Failure
from archiver.model.outcome import Reason
from archiver.model.post import Post
from archiver.platforms.telegram import Telegram
from archiver.platforms.tiktok import SHORT_LINK, SHORT_LINK_HOSTS, TikTok
from tests.platforms.recorded import exchange

ID = "7336306383119191000"
TARGET = f"https://www.tiktok.com/@sample.desk/video/{ID}?_t=8kSAMPLE&_r=1"
LINK = "https://vm.tiktok.com/ZMabcdefg"
POST = Post(1, "tiktok", None, None, None, None, None, None, None, None, (LINK,), (), datetime(2026, 1, 6, tzinfo=UTC))


class Door:
    """A `get` that answers every address with the same redirect, and remembers what it was asked."""

    def __init__(self, location: str | None = TARGET, status_code: int = 301, **more: Any) -> None:
        headers = (("location", location),) if location else ()
        self.answer = exchange(status_code=status_code, headers=headers, **more)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, url: str, *, accept: str = "*/*", follow: tuple[str, ...] = ()) -> Exchange:
        self.asked.append((url, follow))
        return replace(self.answer, url=url)


@pytest.mark.parametrize(
    ("location", "handle"),
    [
        (TARGET, "sample.desk"),
        (f"https://www.tiktok.com/@sample.desk/photo/{ID}", "sample.desk"),
        (f"https://www.tiktok.com/@/video/{ID}", None),
        (f"https://m.tiktok.com/v/{ID}.html?u_code=x", None),
    ],
)
def test_a_short_link_leads_to_its_post(location: str, handle: str | None) -> None:
    """The id and the handle of the target; the target itself is never asked."""
    door = Door(location)
    found = TikTok().resolve(POST, door)
    assert (found.reason, found.native_id, found.author_handle or None) == (Reason.RESOLVED, ID, handle)
    assert door.asked == [(LINK, ())]


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("https://vt.tiktok.com/ZSabcdefg", "https://vt.tiktok.com/ZSabcdefg"),
        ("https://www.tiktok.com/t/ZTabcdefg", "https://www.tiktok.com/t/ZTabcdefg"),
        ("https://tiktok.com/t/ZTabcdefg", "https://www.tiktok.com/t/ZTabcdefg"),
        ("https://m.tiktok.com/t/ZTabcdefg", "https://www.tiktok.com/t/ZTabcdefg"),
    ],
)
def test_every_kind_of_short_link_is_asked_at_a_host_that_leads_on(link: str, asked: str) -> None:
    """The bare domain would send us to its www first, and the one hop would be gone."""
    door = Door()
    assert TikTok().resolve(replace(POST, short_links=(link,)), door).reason is Reason.RESOLVED
    assert door.asked == [(asked, ())]


def test_every_host_that_is_asked_may_be() -> None:
    """The door to the network opens to the endpoint's hosts only."""
    assert set(SHORT_LINK_HOSTS) == {SHORT_LINK.host, *SHORT_LINK.redirect_hosts}


@pytest.mark.parametrize(
    "location",
    [
        "https://www.tiktok.com/",
        "https://www.tiktok.com/login",
        "https://www.tiktok.com/@sample.desk",
        f"https://www.tiktok.com.evil.example/@sample.desk/video/{ID}",
        "https://vm.tiktok.com/ZMother",
        "https://www.youtube.com/watch?v=AbCd_fGh-j4",
        "http://127.0.0.1/",
        "/video",
        "https://[x",
    ],
)
def test_a_link_that_leads_to_no_post_of_the_platform_gives_no_id(location: str) -> None:
    """Deleted posts lead to the first page, for one."""
    found = TikTok().resolve(POST, Door(location))
    assert (found.reason, found.native_id) == (Reason.NO_REDIRECT, None)


def test_a_link_to_another_authors_post_is_not_believed() -> None:
    """The handle that is known, or that the article prints, has to be the target's."""
    for known in ({"author_handle": "sample.other"}, {"cited_handle": "sample.other"}):
        found = TikTok().resolve(replace(POST, **known), Door())  # type: ignore[arg-type]
        assert (found.reason, found.native_id, found.author_handle) == (Reason.OTHER_AUTHOR, None, "sample.desk")
    agreed = TikTok().resolve(replace(POST, cited_handle="Sample.Desk"), Door())
    assert agreed.reason is Reason.RESOLVED


@pytest.mark.parametrize(
    ("door", "reason"),
    [
        (Door(None, 429), Reason.RATE_LIMITED),
        (Door(None, 403), Reason.REFUSED),
        (Door(None, 503), Reason.SERVER_ERROR),
        (Door(None, 404), Reason.NO_REDIRECT),
        (Door(None, 200), Reason.NO_REDIRECT),
        (Door(None, 301), Reason.NO_REDIRECT),
        (Door(failure=Failure("dns", "no such name")), Reason.DNS),
    ],
)
def test_an_answer_that_leads_nowhere_says_why(door: Door, reason: Reason) -> None:
    """A refusal is kept apart from a dead link."""
    found = TikTok().resolve(POST, door)
    assert (found.reason, found.native_id) == (reason, None)


def test_the_next_link_is_asked_only_where_there_is_somebody_to_ask() -> None:
    """A dead link leaves the others; a refusal does not."""
    two = replace(POST, short_links=(LINK, "https://vt.tiktok.com/ZSabcdefg"))
    dead, refused = Door(None, 404), Door(None, 429)
    TikTok().resolve(two, dead)
    TikTok().resolve(two, refused)
    assert (len(dead.asked), len(refused.asked)) == (2, 1)


def test_without_a_short_link_of_the_platform_nothing_is_asked() -> None:
    """Other hosts' links are not ours to ask; Telegram has none at all."""
    door = Door()
    assert TikTok().resolve(replace(POST, short_links=("https://t.co/x",)), door).reason is Reason.NO_REDIRECT
    assert Telegram().resolve(replace(POST, platform="telegram"), door).reason is Reason.NO_REDIRECT
    assert door.asked == []
