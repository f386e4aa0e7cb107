"""Threads: a post has a code of letters, like Instagram's (platforms.md 7).

It can be seen that a post is there, whose it is and what it says; not that it was deleted (meta.py says why). Threads'
oEmbed is not asked: by its documentation the answer holds neither words nor author, so none would be a sighting and
every batch void; and its terms forbid to keep what it says. The page that any reader of an embed is shown holds both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import PostRef
from archiver.platforms import threads_embed
from archiver.platforms.adapter import Endpoint
from archiver.platforms.meta import Meta
from archiver.platforms.meta_ids import code_time
from archiver.platforms.rules import Place, Rule

EMBED = Endpoint(
    "embed",
    threads_embed.HOST,
    SubjectKind.POST,
    sees="words, pictures and handle, no author's id; a live post may be called unavailable: every absent is weak",
)


class Threads(Meta):
    """Posts. No absent of theirs is strong: the strongest verdict is `gone_unattributed`."""

    platform: str = "threads"
    examples: tuple[str, ...] = (
        "https://www.threads.net/@sample.desk/post/C4abcdefghi",
        "https://www.threads.com/@sample.desk/post/C4abcdefghi/embed",
        "https://www.threads.net/t/C4abcdefghi/",
    )
    name: str = "threads-public"
    media_hosts: tuple[str, ...] = ("*.cdninstagram.com", "*.fbcdn.net")
    version: str = "1"
    all_endpoints: tuple[Endpoint, ...] = (EMBED,)
    rules: tuple[Rule, ...] = threads_embed.RULES
    places: Mapping[str, Place] = threads_embed.PLACES

    def permalink(self, ref: PostRef) -> str:
        """`https://www.threads.com/@HANDLE/post/CODE`; `/t/CODE` where the handle is unknown."""
        if ref.author_handle:
            return f"https://www.threads.com/@{ref.author_handle}/post/{ref.native_id}"
        return f"https://www.threads.com/t/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the millisecond, as Instagram's; None for times before the platform began."""
        return code_time(native_id, threads_embed.SINCE)

    def _look(self, ref: PostRef, endpoint: Endpoint, get: Get) -> Reading:
        return self._page(threads_embed.address(ref), ref, endpoint, get, threads_embed.read)
