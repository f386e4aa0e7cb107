"""TikTok: the id of a video holds its second (platforms.md 8). Short links tell no id until they are asked."""

from __future__ import annotations

from datetime import datetime

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed, moment


class TikTok(Addressed):
    """Videos and photo posts."""

    platform: str = "tiktok"
    examples: tuple[str, ...] = (
        "https://www.tiktok.com/@sample.desk/video/7336306383119191000",
        "https://www.tiktok.com/@sample.desk/photo/7336306383119191000",
        "https://www.tiktok.com/embed/v2/7336306383119191000?lang=en",
        "https://www.tiktok.com/player/v1/7336306383119191000",
        "https://vm.tiktok.com/ZMabcdefg/",
        "https://www.tiktok.com/t/ZMabcdefg/",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://www.tiktok.com/@HANDLE/video/ID`, with "_" where the handle is unknown."""
        return f"https://www.tiktok.com/@{ref.author_handle or '_'}/video/{ref.native_id}"

    def id_time(self, native_id: str) -> datetime | None:
        """To the second: the upper 32 bits are seconds since 1970; None for ids from before TikTok (2014)."""
        return moment((int(native_id) >> 32) * 1_000_000, not_before=2014) if native_id.isdecimal() else None
