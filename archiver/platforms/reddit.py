"""Reddit: a post has an id in base 36, a comment its own below it (platforms.md 9)."""

from __future__ import annotations

from archiver.model.post import PostRef
from archiver.platforms.addressed import Addressed


class Reddit(Addressed):
    """Posts, as "POST", and comments, as "POST/COMMENT"."""

    platform: str = "reddit"
    examples: tuple[str, ...] = (
        "https://www.reddit.com/r/sample/comments/abc123/a_sample_title/",
        "https://old.reddit.com/r/sample/comments/abc123/a_sample_title/def4567/?context=3",
        "https://www.reddit.com/user/sample_desk/comments/abc123/a_sample_title/",
        "https://embed.reddit.com/r/sample/comments/abc123/?embed=true",
        "https://www.redditmedia.com/r/sample/comments/abc123/a_sample_title/?ref_source=embed",
        "https://redd.it/abc123",
        "https://www.reddit.com/r/sample/s/aBcDeFgHiJ",
    )

    def permalink(self, ref: PostRef) -> str:
        """`https://www.reddit.com/comments/POST/`, for a comment `/comments/POST/_/COMMENT/`."""
        post, _, comment = ref.native_id.partition("/")
        return f"https://www.reddit.com/comments/{post}/" + (f"_/{comment}/" if comment else "")

    def printed_id(self, printed: str) -> str:
        """Widgets print a post's full name, "t3_" and its id."""
        return printed.removeprefix("t3_").lower()
