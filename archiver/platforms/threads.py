"""Threads: a post has a code of letters, like Instagram's (platforms.md 7)."""

from __future__ import annotations

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed


class Threads(Addressed):
    """Posts; whether the times in their codes are those of Instagram's is not shown, so none is read."""

    platform: str = "threads"
    examples: tuple[str, ...] = (
        "https://www.threads.net/@sample.desk/post/C4abcdefghi",
        "https://www.threads.com/@sample.desk/post/C4abcdefghi/embed",
        "https://www.threads.net/t/C4abcdefghi/",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://www.threads.com/@HANDLE/post/CODE`; `/t/CODE` where the handle is unknown."""
        if ref.author_handle:
            return f"https://www.threads.com/@{ref.author_handle}/post/{ref.native_id}"
        return f"https://www.threads.com/t/{ref.native_id}"
