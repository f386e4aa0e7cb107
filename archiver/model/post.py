"""Post: what was published at a platform, its identity, and its author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from archiver.model.exchange import Exchange
from archiver.model.outcome import Reason


@dataclass(frozen=True, slots=True)
class PostRef:
    """A post's identity at its platform."""

    platform: str
    """Lower case: "x"."""
    host: str | None
    """The server of a federated platform; None where the platform is one place."""
    native_id: str
    """The platform's own id, as a string."""
    author_handle: str | None = None
    """A handle that may stand in the address; not part of the identity."""
    author_id: str | None = None
    """The author id on file, which a sighting must agree with; None while none is known."""


@dataclass(frozen=True, slots=True)
class AuthorRef:
    """An author's identity at a platform: by id where one is on file, else by handle."""

    platform: str
    host: str | None
    native_id: str | None
    """The platform's id of the account; None where only the handle is known."""
    handle: str | None
    """Handle without "@"; None where only the id is known."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the archive knows it now."""

    number: int
    """Our own number, for ever; printed as p17."""
    platform: str
    host: str | None
    native_id: str | None
    """None until the post is identified."""
    author_handle: str | None
    """The newest handle known, without "@"."""
    author_name: str | None
    """The newest display name known."""
    author_id: str | None
    """The author's id at the platform, from the newest valid sighting; None if never seen."""
    published_on: date | None
    """The day that an attribution printed."""
    published_at: datetime | None
    """The time in the id itself; None without an id, or where the platform's ids hold no time."""
    id_window: tuple[str, str] | None
    """Lowest and highest id that the attribution's day allows."""
    short_links: tuple[str, ...]
    """Addresses that may lead to the id."""
    edit_chain: tuple[str, ...]
    """Every id of the same post that the platform has named, oldest first; empty if it named none."""
    found_at: datetime
    """When the first embed of it was found."""
    permalink: str | None = None
    """Its address in canonical form; None without an id."""
    doubts: tuple[str, ...] = ()
    """As in Identification."""
    cited_handle: str | None = None
    """The handle that articles print; it stays when the author is renamed. None if none is printed."""
    cited_author: int | None = None
    """The number of the content that holds that handle in lower case: names the author without saying who it is."""

    @property
    def ref(self) -> PostRef | None:
        """Its identity at the platform; None until it is identified."""
        if self.native_id is None:
            return None
        return PostRef(self.platform, self.host, self.native_id, self.author_handle, self.author_id)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of asking a short link for a post's id."""

    reason: Reason
    """RESOLVED, OTHER_AUTHOR (re-used media or a renamed handle), OUTSIDE_WINDOW, NO_REDIRECT, or a network reason."""
    native_id: str | None
    """The id, for RESOLVED only: handle and id window both agree."""
    author_handle: str | None
    """The handle that the target names; None if it names none."""
    exchange: Exchange | None
    """The last exchange; None where nothing was asked."""
    message: str | None = None
    """One line for a person: where the link led."""
