"""Seeking the id of a post that an article quotes without address: its short links may lead there."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.check.batch import Subject
from archiver.model.exchange import Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import Post, PostRef
from archiver.platforms.adapter import Adapter
from archiver.store import posts
from archiver.store.transaction import Transaction


class Resolver:
    """Asks an adapter for the ids of these posts, and keeps what it accepted."""

    def __init__(self, adapter: Adapter, sought: Sequence[Post]) -> None:
        self._adapter = adapter
        self._sought = {str(post.number): post for post in sought}
        self._found: dict[int, PostRef] = {}

    def ask(self, subject: Subject, get: Get) -> Reading:
        """One look at a post's short links. It tells nothing about the post itself: its outcome is unknown."""
        post = self._sought[subject.key]
        resolution = self._adapter.resolve(post, get)
        if resolution.reason is Reason.RESOLVED and resolution.native_id is not None:
            handle = resolution.author_handle or post.cited_handle
            self._found[post.number] = PostRef(post.platform, post.host, resolution.native_id, handle)
        return Reading(
            Outcome.UNKNOWN,
            resolution.reason,
            resolution.exchange,
            author_handle=resolution.author_handle,
            message=resolution.message,
        )

    def keep(self, transaction: Transaction) -> int:
        """Append the identifications that were found. Returns how many."""
        for number, ref in self._found.items():
            posts.identify(
                transaction,
                number,
                native_id=ref.native_id,
                permalink=self._adapter.permalink(ref),
                published_at=self._adapter.id_time(ref.native_id),
                how="short_link",
            )
        return len(self._found)
