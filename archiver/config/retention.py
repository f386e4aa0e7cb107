"""The table [retention]: how long what was received is kept, in general and by where it came from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archiver.config.section import Section
from archiver.config.units import Duration, duration_text

EndpointName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]


class SourceRetention(Section):
    """[retention.sources.ENDPOINT]: what was obtained through one endpoint, named as `archiver platforms` names it."""

    deleted: Literal["keep", "redact"] = "keep"
    """What becomes of the words of a post that was found deleted or gone: X's terms ask API users to let them go."""
    longest: Duration | None = None
    """Words obtained longer ago than this go; None keeps them."""


class Retention(Section):
    """[retention]: a legal hold comes before all of it."""

    thin_after: Duration | None = None
    """Answers that showed a living post and that nothing rests upon go after so long; None keeps them."""
    sources: dict[EndpointName, SourceRetention] = Field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        """Whether anything is ever removed by it."""
        return self.thin_after is not None or any(
            each.deleted == "redact" or each.longest is not None for each in self.sources.values()
        )

    def stated(self) -> list[str]:
        """The policy in words, a line each: every report prints them."""
        if not self.is_active:
            return ["everything received is kept"]
        lines = (
            [f"answers that nothing rests upon are kept for {duration_text(self.thin_after)}"]
            if self.thin_after
            else []
        )
        for name, each in sorted(self.sources.items()):
            if each.deleted == "redact":
                lines.append(f"words obtained through {name} are removed once the post is found deleted or gone")
            if each.longest is not None:
                lines.append(f"words obtained through {name} are removed after {duration_text(each.longest)}")
        return lines
