"""Reading the archive: what a catalogue answers. Nothing here writes or asks the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.config import Config
from archiver.errors import UnknownPostError
from archiver.model.incident import IncidentListing
from archiver.model.listing import ArticleListing, Citation, PostFilter, PostListing, TimelineEvent
from archiver.model.run import Run
from archiver.model.stream import StreamGap, StreamState
from archiver.model.unread import UnreadListing
from archiver.store import history, incidents, listing, posts, search, streams, unread
from archiver.store.transaction import Store
from archiver.urls import x_rounded

if TYPE_CHECKING:
    from archiver.audit.reposts import Repost
    from archiver.platforms.overview import EndpointListing

SEARCH_LIMIT = 500


class Catalogue:
    """The reading half of an archive. Raises DataRefusedError where there is none."""

    config: Config
    _store: Store

    def posts(self, wanted: PostFilter | None = None, *, limit: int | None = None) -> Iterator[PostListing]:
        """Posts, newest first."""
        with self._store.reading() as connection:
            yield from map(self._as_here, listing.posts(connection, wanted or PostFilter(), limit=limit))

    def _as_here(self, post: PostListing) -> PostListing:
        """A post of a platform that is not looked at says so: its time stands on file, for the day that it is."""
        if post.platform == "x" and x_rounded(post.native_id or "0"):
            post = replace(post, doubts=(*post.doubts, "id_rounded"))
        if post.platform in self.looked_at:
            return post
        return replace(post, next_check_at=None, doubts=(*post.doubts, "not_looked_at"))

    def search(
        self, words: str, wanted: PostFilter | None = None, *, limit: int | None = None
    ) -> Iterator[PostListing]:
        """Posts whose quotation or snapshots hold all these words, in any script, newest first."""
        with self._store.reading() as connection:
            found = search.find(connection, words, SEARCH_LIMIT)
            shown = [number for each in found if (number := posts.survivor(connection, each)) is not None]
            among = list(dict.fromkeys(shown))
            found_posts = listing.posts(connection, wanted or PostFilter(), among=among, limit=limit)
            yield from map(self._as_here, found_posts)

    def articles(self, wanted: PostFilter | None = None, *, suspicious: bool = False) -> Iterator[ArticleListing]:
        """Articles that show a post which passes the filter; without one, all. Newest first."""
        with self._store.reading() as connection:
            yield from listing.list_articles(connection, wanted or PostFilter(), suspicious=suspicious)

    def unread(self) -> Iterator[UnreadListing]:
        """The places of sources that could not be read when a scan met them last."""
        with self._store.reading() as connection:
            yield from unread.list_unread(connection)

    def find_post(self, name: str) -> int:
        """The number of the post that `p17`, a platform's id or a permalink names. Raises UnknownPostError."""
        from archiver.platforms import registry

        with self._store.reading() as connection:
            number = None
            if name.startswith("p") and name[1:].isascii() and name[1:].isdigit() and len(name) < 19:
                number = posts.survivor(connection, int(name[1:]))
            elif (ref := registry.reference(name)) is not None:
                number = posts.find(connection, ref.platform, ref.host, ref.native_id)
            else:
                found = posts.by_native_id(connection, name)
                number = posts.survivor(connection, found[0]) if found else None
        if number is None:
            raise UnknownPostError(f"{name}: the archive holds no such post (give p17, an id or a permalink)")
        return number

    def show(self, number: int) -> tuple[PostListing, list[Citation], list[TimelineEvent]]:
        """A post with the places that show it and everything that happened to it. Raises UnknownPostError."""
        with self._store.reading() as connection:
            shown = posts.survivor(connection, number)
            if shown is None:
                raise UnknownPostError(f"p{number}: the archive holds no such post")
            post = self._as_here(next(listing.posts(connection, PostFilter(), among=[shown])))
            return post, listing.citations(connection, shown), history.events(connection, shown)

    def reposts(self, post: PostListing) -> list[Repost]:
        """The posts as which a post that is gone was published again."""
        from archiver.audit.reposts import of_post

        return of_post(self._store, post)

    def export(self, target: Path, wanted: PostFilter | None = None, *, limit: int | None = None) -> dict[Path, int]:
        """Write the record of disappearances to a .csv or .jsonl file. Returns how many records stand in each file."""
        from archiver.audit.export import export

        return export(self._store, target, wanted or PostFilter(), self.config.unsafe, limit=limit)

    @property
    def database_path(self) -> Path:
        """The archive's file, for other programs that read SQLite."""
        return self._store.database.path

    def status(self) -> tuple[dict[str, int], list[Run]]:
        """How much there is of each noun, and the newest run of each kind."""
        with self._store.reading() as connection:
            return history.counts(connection), history.last_runs(connection)

    def streams(self) -> tuple[list[StreamState], list[StreamGap]]:
        """How far each stream was listened to, and every gap of them, oldest first."""
        with self._store.reading() as connection:
            return streams.list_states(connection), streams.list_gaps(connection)

    def incidents(self) -> list[IncidentListing]:
        """The times in which a platform could not be trusted, oldest first, and how many posts each holds back."""
        with self._store.reading() as connection:
            return incidents.listed(connection)

    def next_due_at(self) -> datetime | None:
        """When the next post is due, or to be sought; None if none ever is."""
        with self._store.reading() as connection:
            return posts.next_due_at(connection, self.looked_at, self.config.follow.authors)

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """The platforms whose posts are looked at; those of others are kept, and never get a verdict."""
        return frozenset(name for name, platform in self.config.platforms.items() if platform.is_asked)

    def not_looked_at(self) -> dict[str, int]:
        """How many posts there are of platforms that are not looked at, by platform."""
        with self._store.reading() as connection:
            return posts.not_looked_at(connection, self.looked_at)

    def uncontrolled(self) -> dict[str, str]:
        """Platforms whose posts are looked at without all their controls: what is missing, by platform."""
        if not self._store.database.exists():
            return {}
        with self._store.reading() as connection:
            held = posts.platforms(connection) & self.looked_at
        missing = {name: self.config.platforms[name].controls.missing() for name in sorted(held)}
        return {name: told for name, told in missing.items() if told}

    def endpoints(self) -> Iterator[EndpointListing]:
        """Every endpoint of every platform, asked or not; needs no archive."""
        from archiver.platforms.overview import endpoints
        from archiver.wiring import is_listened_to, setup_of

        asked = {name: each for name, each in self.config.platforms.items() if each.is_asked}
        heard = {name for name, each in asked.items() if is_listened_to(each)}
        return endpoints({name: setup_of(each) for name, each in asked.items()}, heard)

    def refold(self, progress: Callable[[int, int], None] | None = None) -> list[str]:
        """Judge every post again from all that is stored: a line for each that comes out otherwise (none should)."""
        from archiver.check.again import refold

        return refold(self._store, self.config.rules, progress)
