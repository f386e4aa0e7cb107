"""Bluesky: a post is a record in its author's repository, REPOSITORY/KEY (platforms.md 2).

The canonical repository is a DID, which Bluesky's own embeds print. An address with a handle gives HANDLE/KEY: a post
of its own until a look tells the handle's DID and the two are joined. Guessing by the key alone would join what
anybody can make alike: a key is chosen by the author's side.
"""

from __future__ import annotations

import re
from datetime import datetime

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed, moment

_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


class Bluesky(Addressed):
    """Posts, by web address, embed or at:// address."""

    platform: str = "bluesky"
    examples: tuple[str, ...] = (
        "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3ku5tt4oiks22?ref_src=embed",
        "https://bsky.app/profile/sample.bsky.social/post/3ku5tt4oiks22",
        "https://embed.bsky.app/embed/did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3ku5tt4oiks22",
        "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3ku5tt4oiks22",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://bsky.app/profile/REPOSITORY/post/KEY`."""
        repository, _, key = ref.native_id.rpartition("/")
        return f"https://bsky.app/profile/{repository}/post/{key}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the microsecond, where the key is a TID (atproto.com/specs/tid); the author's software wrote it.

        None for other keys, and for times before Bluesky (2022).
        """
        key = native_id.rpartition("/")[2]
        if not _TID.fullmatch(key):
            return None
        number = 0
        for digit in key:
            number = number * 32 + _DIGITS.index(digit)
        return moment(number >> 10, not_before=2022)

    def printed_id(self, printed: str) -> str:
        """Widgets print a post's at:// address."""
        return printed.removeprefix("at://").replace("/app.bsky.feed.post/", "/")
