"""A newsroom in which it is written down what truly became of each post, and all that stands between it and X.

    with Scene(tmp_path) as scene:
        living, gone = scene.lives(), scene.dies(day(12))
        scene.between(day(6), day(30), never_heard_of_it, SYNDICATION)
        assert scene.play(60) == {living: "alive", gone: "deleted"}

`play` fails of itself if at any time a post was called deleted, or gone before the first look, that was not.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import unquote

from archiver.clock import Clock
from archiver.demo.oembed import oembed_not_found
from archiver.demo.scenery import BEGINNING, snowflake
from archiver.demo.shapes import HTML, TEXT, Answer, Asked, json_answer, not_found_page
from archiver.model.listing import PostListing
from archiver.model.observation import Observation
from archiver.model.verdict import State
from tests.newsroom import Newsroom, day

OEMBED, SYNDICATION, TIMELINE = "publish.x.com", "cdn.syndication.twimg.com", "syndication.twitter.com"
POSTS = (OEMBED, SYNDICATION)
EVERYTHING = (OEMBED, SYNDICATION, TIMELINE, "t.co")
GONE = (State.DELETED, State.GONE_BEFORE_FIRST_LOOK)

Span = tuple[datetime, datetime | None]
"""From when, and until when; None: for good."""
Says = Callable[[Asked, Answer], Answer]
"""What is said in place of an answer."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What truly became of a post in a scene, and what was seen and said of it."""

    gone: tuple[Span, ...]
    """When it was deleted."""
    looks: tuple[Observation, ...]
    deleted_at: tuple[datetime, ...]
    """When it was called deleted."""
    ended_at: datetime


class Scene(Newsroom):
    """The story is told by verbs, then played."""

    audience: ClassVar[list[tuple[str, list[Fate]]] | None] = None
    """Where set, every scene tells here at its end what became of each post of X in it, under its folder's name."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder, **settings)
        self.far_end.between = self._say
        self._between: list[tuple[datetime, datetime, Says, Collection[str]]] = []
        self._gone: dict[str, list[Span]] = {}
        self._minute = 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.audience is not None:
            fates = [self._fate(post) for post in self.archive.posts() if post.platform == "x"]
            self.audience.append((self.folder.name, fates))
        super().__exit__(kind, error, trace)

    def _fate(self, post: PostListing) -> Fate:
        told = self.verdicts(post.number)
        deleted_at = tuple(each.decided_at for each in told if each.state == State.DELETED and each.decided_at)
        gone = tuple(self._gone.get(post.native_id or "", ()))
        return Fate(gone, tuple(self.looks(post.number)), deleted_at, self.clock.now())

    # what becomes of posts

    def lives(self, **more: Any) -> str:
        """A post of autumn that lives throughout, whatever hides it; without a `handle` by an author of its own."""
        self._minute += 1
        native_id = more.pop("id_of", None) or snowflake(datetime(2025, 10, 5, 10, self._minute, tzinfo=UTC))
        return self.post(native_id, more.pop("handle", f"author_{self._minute}"), **more)

    def dies(self, at: datetime, *, back: datetime | None = None, tombstone: bool = True, **more: Any) -> str:
        """A post that is deleted, and perhaps comes back."""
        native_id = self.lives(**more)
        self.delete(native_id, at, back=back, tombstone=tombstone)
        return native_id

    def delete(self, native_id: str, at: datetime, *, back: datetime | None = None, tombstone: bool = True) -> None:
        """A post that has lived so far is deleted, and perhaps comes back."""
        self.world.at(at).delete(native_id, tombstone=tombstone)
        self._gone.setdefault(native_id, []).append((at, back))
        if back:
            self.world.at(back).restore(native_id)

    def never_was(self, native_id: str) -> None:
        """Nothing was ever published under that id."""
        self._gone[native_id] = [(BEGINNING, None)]

    def handle_of(self, native_id: str) -> str:
        """The handle that the post's author had at first."""
        return self.world.posts[native_id].account.handle.ever()[0]

    # what stands between

    def between(self, start: datetime, end: datetime, says: Says, *hosts: str) -> None:
        """From `start` until before `end` these hosts' answers (none: every host's) pass through `says`."""
        self._between.append((start, end, says, hosts))

    def _say(self, asked: Asked, answered: Answer) -> Answer:
        now = self.clock.now()
        for start, end, says, hosts in self._between:
            if start <= now < end and (not hosts or asked.host in hosts):
                answered = says(asked, answered)
        return answered

    # the play

    def play(self, days: float) -> dict[str, str]:
        """Let the timetable drive until then; the state of every post that an article shows, by id."""
        if not any(self.articles.iterdir()):
            controls = {f"control_{number}" for number in range(3)}
            shown = [each for each in self.world.posts if self.handle_of(each) not in controls]
            self.article("a.html", *map(self.quote, shown))
        self.live(day(days), timedelta(hours=6))
        self.assert_never_wrong()
        assert self.archive.refold() == []
        return self.states()

    def assert_never_wrong(self) -> None:
        """Whenever a post was called deleted, or gone before the first look, it was."""
        ids = {post.number: post.native_id for post in self.archive.posts()}
        for row in self.rows("verdicts"):
            if row.state in GONE:
                assert is_within(self._gone.get(ids[row.post] or "", []), row.decided_at), (
                    ids[row.post],
                    row.state,
                    row.decided_at,
                )

    def told(self, native_id: str) -> list[str]:
        """Every state that was ever told of a post, in order."""
        return [verdict.state for verdict in self.verdicts(self.listed(native_id).number)]

    def outcomes(self, native_id: str, endpoint: str, *, valid: bool = True) -> set[str]:
        """What the valid (or void) looks at a post on an endpoint came to."""
        looks = self.rows("observations", subject_kind="post", subject_key=str(self.listed(native_id).number))
        batches = {row.id for row in self.rows("batches") if row.valid == valid}
        return {look.outcome for look in looks if look.endpoint == endpoint and look.batch in batches}


def is_within(spans: Collection[Span], at: datetime) -> bool:
    """Whether one of them holds that moment."""
    return any(since <= at and (until is None or at < until) for since, until in spans)


def asked_id(asked: Asked) -> str | None:
    """The id of the post that a request is about."""
    found = re.search(r"/status(?:es)?/(\d+)|[?&]id=(\d+)", unquote(asked.target))
    return next(filter(None, found.groups()), None) if found else None


def never_heard_of_it(asked: Asked, answered: Answer) -> Answer:
    """What the host says of ids that never were."""
    return oembed_not_found() if asked.host == OEMBED else not_found_page()


def deleted_by_its_author(asked: Asked, answered: Answer) -> Answer:
    """The strongest words that each endpoint has for it."""
    if asked.host == SYNDICATION:
        return _tombstone("This Post was deleted by the Post author. Learn more")
    return never_heard_of_it(asked, answered)


def suspended(asked: Asked, answered: Answer) -> Answer:
    """What each endpoint says of a suspended author's post."""
    if asked.host == OEMBED:
        return json_answer(403, {"error": "User has been suspended.", "request": asked.target})
    return _tombstone("This Post is from a suspended account. Learn more")


def captive_portal(asked: Asked, answered: Answer) -> Answer:
    """A hotel's network sends everybody to its own page first."""
    return Answer(302, HTML, b"", (("location", "http://portal.example/login"),))


def parking_page(asked: Asked, answered: Answer) -> Answer:
    """A resolver that leads every name to its operator's advertisements."""
    return Answer(200, HTML, b"<!DOCTYPE html><html><head><title>Search</title></head><body>Did you mean</body></html>")


def not_on_this_server(asked: Asked, answered: Answer) -> Answer:
    """The same, to a server that knows none of these addresses."""
    return Answer(404, HTML, b"<html><head><title>404 Not Found</title></head><body>nginx</body></html>")


def proxy_error(asked: Asked, answered: Answer) -> Answer:
    """A proxy that cannot reach the host."""
    page = b"<html><head><title>ERROR: The requested URL could not be retrieved</title></head></html>"
    return Answer(503, HTML, page, (("x-squid-error", "ERR_CONNECT_FAIL 110"),))


def blocked_by_proxy(asked: Asked, answered: Answer) -> Answer:
    """A proxy whose rules do not allow the host."""
    return Answer(404, TEXT, b"Not found: blocked by policy")


def closed_for_good(asked: Asked, answered: Answer) -> Answer:
    """A server of Mastodon that tells the others that it goes."""
    return json_answer(410, {"error": "Gone"})


def in_german(asked: Asked, answered: Answer) -> Answer:
    """Tombstones come in another language than was asked for."""
    if b"TweetTombstone" not in answered.body:
        return answered
    return _tombstone("Dieser Post ist nicht verf\u00fcgbar. Mehr erfahren")


def of(ids: Collection[str], says: Says) -> Says:
    """Only requests about these posts are answered so."""
    return lambda asked, answered: says(asked, answered) if asked_id(asked) in ids else answered


def by_chance(share: float, says: Says) -> Says:
    """A share of requests is answered so: of each address another one every time, and in every play the same."""
    asked_for: Counter[str] = Counter()

    def say(asked: Asked, answered: Answer) -> Answer:
        address = asked.host + asked.target
        asked_for[address] += 1
        drawn = sha256(f"{address} {asked_for[address]}".encode()).digest()[0]
        return says(asked, answered) if drawn < 256 * share else answered

    return say


class Cache:
    """Keeps the first answer to each request, and gives it again; whether it tells its age is `honest`."""

    def __init__(self, clock: Clock, *, honest: bool = True) -> None:
        self._clock, self._honest = clock, honest
        self._kept: dict[tuple[str, str], tuple[datetime, Answer]] = {}

    def __call__(self, asked: Asked, answered: Answer) -> Answer:
        now = self._clock.now()
        kept_at, kept = self._kept.setdefault((asked.host, asked.target), (now, answered))
        age = ("age", str(int((now - kept_at).total_seconds())))
        return replace(kept, headers=(*kept.headers, age)) if self._honest else kept


class Throttle:
    """More than so many requests to a host within the seconds, and until they are over it knows nothing."""

    def __init__(self, clock: Clock, limit: int, seconds: float) -> None:
        self._clock, self._limit, self._span = clock, limit, timedelta(seconds=seconds)
        self._asked: dict[str, tuple[datetime, int]] = {}

    def __call__(self, asked: Asked, answered: Answer) -> Answer:
        now = self._clock.now()
        since, count = self._asked.get(asked.host, (now, 0))
        if now - since >= self._span:
            since, count = now, 0
        self._asked[asked.host] = (since, count + 1)
        return never_heard_of_it(asked, answered) if count >= self._limit else answered


def _tombstone(text: str) -> Answer:
    return json_answer(
        200, {"__typename": "TweetTombstone", "tombstone": {"text": {"text": text, "entities": [], "rtl": False}}}
    )


# Mastodon


class MastodonHost:
    """One server of Mastodon with one account, and posts that are there until their time. Its verbs are its methods."""

    ACCOUNT = "108765432109876543"

    def __init__(self, name: str) -> None:
        self.name = name
        self._posts: dict[str, datetime | None] = {}

    def at(self, clock: Clock) -> Says:
        """What it says, by that clock."""
        return lambda asked, answered: self._say(asked, clock.now())

    def post(self, minute: int, gone_at: datetime | None = None) -> str:
        """A post of autumn; gives its number."""
        native_id = str(int(datetime(2025, 10, 5, 10, minute, tzinfo=UTC).timestamp() * 1000) << 16)
        self._posts[native_id] = gone_at
        return native_id

    def address(self, native_id: str, handle: str = "desk") -> str:
        """As articles link to it."""
        return f"https://{self.name}/@{handle}/{native_id}"

    def quote(self, native_id: str, handle: str = "desk") -> str:
        """The markup of its embed."""
        return f'<iframe src="{self.address(native_id, handle)}/embed" class="mastodon-embed"></iframe>'

    def _say(self, asked: Asked, now: datetime) -> Answer:
        kind, _, name = asked.path.rpartition("/")
        if kind == "/api/v1/accounts":
            known = name == self.ACCOUNT or (name == "lookup" and asked.query("acct") == "desk")
            return json_answer(200, self._account()) if known else self._not_found()
        is_status = kind == "/api/v1/statuses"
        gone_at = self._posts.get(name, datetime.min.replace(tzinfo=UTC))
        if (gone_at and gone_at <= now) or not (is_status or kind == "/users/desk/statuses"):
            return self._not_found() if is_status else json_answer(404, {"error": "Not Found"})
        return json_answer(200, self._status(name) if is_status else self._note(name))

    def _not_found(self) -> Answer:
        return json_answer(404, {"error": "Record not found"})

    def _account(self) -> dict[str, Any]:
        return {"id": self.ACCOUNT, "username": "desk", "acct": "desk", "url": f"https://{self.name}/@desk"}

    def _status(self, native_id: str) -> dict[str, Any]:
        said = {"id": native_id, "visibility": "public", "content": f"<p>Sample words {native_id}</p>", "reblog": None}
        return said | {"url": self.address(native_id), "uri": self._uri(native_id), "account": self._account()}

    def _note(self, native_id: str) -> dict[str, Any]:
        everybody = "https://www.w3.org/ns/activitystreams#Public"
        note = {"id": self._uri(native_id), "type": "Note", "to": [everybody]}
        author = {"attributedTo": f"https://{self.name}/users/desk"}
        return note | author | {"content": f"<p>Sample words {native_id}</p>"}

    def _uri(self, native_id: str) -> str:
        return f"https://{self.name}/users/desk/statuses/{native_id}"


def mastodon_controls(*hosts: MastodonHost) -> str:
    """Tables of a configuration: two posts that live and two that never were, at each server."""
    present = [host.address(host.post(minute)) for host in hosts for minute in (50, 51)]
    absent = [host.address(str(109_000_000_000_000_000 + number)) for host in hosts for number in (1, 2)]
    lines = (f"present = {json.dumps(present)}", f"absent = {json.dumps(absent)}", 'absent_author = "1"')
    return "\n".join(("[platforms.mastodon.controls]", *lines))
