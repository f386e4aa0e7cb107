"""YouTube: the id of a video is eleven letters (platforms.md 4). Playlists and channels are no posts."""

from __future__ import annotations

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed


class YouTube(Addressed):
    """Videos, shorts and streams."""

    platform: str = "youtube"
    examples: tuple[str, ...] = (
        "https://www.youtube.com/watch?v=AbCdEfGhIj4",
        "https://youtu.be/AbCdEfGhIj4?t=5",
        "https://www.youtube-nocookie.com/embed/AbCdEfGhIj4?rel=0",
        "https://www.youtube.com/shorts/AbCdEfGhIj4",
        "https://www.youtube.com/live/AbCdEfGhIj4?si=abc",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://www.youtube.com/watch?v=ID`."""
        return f"https://www.youtube.com/watch?v={ref.native_id}"
