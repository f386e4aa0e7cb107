"""Bluesky: a post is a record in its author's repository, REPOSITORY/KEY (platforms.md 2).

The canonical repository is a DID, which Bluesky's own embeds print. An address with a handle gives HANDLE/KEY: a post
of its own until a sighting tells the handle's DID; then it is DID/KEY, joined with what was known by that. Guessing by
the key alone would join what anybody can make alike: a key is chosen by the author's side.

observe   appview  the authors, then 25 posts at once, as the public sees them (bluesky_appview.py)
          record   DID → host → the record itself: what is gone there is gone (bluesky_record.py)
          profile  whether an author's account is open (bluesky_appview.py)

Controls that never existed must be keys in repositories of living authors: of an author who never was, all looks are
unknown, and their batches void. A record is changed only by being replaced: other words are another snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.outcome import Reason
from archiver.model.post import AuthorRef, Post, PostRef, Resolution
from archiver.platforms import bluesky_appview, bluesky_record, bluesky_rules
from archiver.platforms.adapter import Credential, Endpoint, Setup
from archiver.platforms.addressed import Addressed
from archiver.platforms.bluesky_names import address, author_of, tid_time
from archiver.platforms.rules import Rule

APPVIEW = Endpoint(
    "appview",
    bluesky_appview.HOST,
    SubjectKind.POST,
    ids_per_request=bluesky_appview.MOST,
    sees="posts as the public sees them, with author, links and media; leaves out what is gone, hidden or not indexed",
    limit="no number is published; answers may come out of a cache",
)
RECORD = Endpoint(
    "record",
    bluesky_record.HOST,
    SubjectKind.POST,
    further_hosts=(f"*.{bluesky_record.REPOSITORY_HOSTS}", bluesky_appview.HOST),
    sees="the record at the author's own host, where that is one of Bluesky's; of authors elsewhere nothing",
    limit="3,000 requests in 5 minutes at each host",
)
PROFILE = Endpoint(
    "profile",
    bluesky_appview.HOST,
    SubjectKind.AUTHOR,
    sees="whether an account is open, suspended, or deactivated or deleted",
    limit=APPVIEW.limit,
)


class Bluesky(Addressed):
    """Posts, by web address, embed or at:// address; looked at without credentials."""

    platform: str = "bluesky"
    examples: tuple[str, ...] = (
        "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3ku5tt4oiks22?ref_src=embed",
        "https://bsky.app/profile/sample.bsky.social/post/3ku5tt4oiks22",
        "https://embed.bsky.app/embed/did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3ku5tt4oiks22",
        "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3ku5tt4oiks22",
    )

    name: str = "bluesky-public"
    media_hosts: tuple[str, ...] = ("cdn.bsky.app", f"*.{bluesky_record.REPOSITORY_HOSTS}")
    version: str = bluesky_rules.VERSION
    endpoints: tuple[Endpoint, ...] = (APPVIEW, RECORD, PROFILE)
    rules: tuple[Rule, ...] = bluesky_rules.RULES
    credentials: tuple[Credential, ...] = ()
    short_link_endpoint: Endpoint | None = None

    def __init__(self, setup: Setup = Setup()) -> None:
        """What is set up changes nothing: no credentials are needed, and nothing is withheld by country."""

    def permalink(self, ref: PostRef) -> str:
        """`https://bsky.app/profile/REPOSITORY/post/KEY`."""
        return address(ref.native_id)

    def id_time(self, native_id: str) -> datetime | None:
        """To the microsecond, where the key is a TID; None for other keys, and for times before Bluesky (2022)."""
        return tid_time(native_id.rpartition("/")[2])

    def author_of(self, native_id: str) -> str | None:
        """The DID, where the id begins with one."""
        return author_of(native_id)

    def printed_id(self, printed: str) -> str:
        """Widgets print a post's at:// address."""
        return printed.removeprefix("at://").replace("/app.bsky.feed.post/", "/")

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """As the endpoint's own file says. Raises TypeError where it does not look at that kind of ref."""
        posts = [ref for ref in refs if isinstance(ref, PostRef)]
        authors = [ref for ref in refs if isinstance(ref, AuthorRef)]
        if endpoint.name == PROFILE.name and not posts:
            return [bluesky_appview.look_at_author(ref, get) for ref in authors]
        if authors or endpoint.name not in (APPVIEW.name, RECORD.name):
            raise TypeError(f"{endpoint.name} does not look at {'authors' if authors else 'posts'}")
        if endpoint.name == APPVIEW.name:
            return bluesky_appview.look(posts, get)
        return [bluesky_record.look(ref, get) for ref in posts]

    def resolve(self, post: Post, get: Get) -> Resolution:
        """Bluesky's addresses hold the id: nothing is asked."""
        return Resolution(Reason.NO_REDIRECT, None, None, None)
