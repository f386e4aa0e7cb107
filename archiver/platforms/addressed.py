"""What the platforms share whose posts are known by their addresses: address or printed id → post.

The address forms of all platforms stand in one table (`archiver.permalinks`); a platform's own file says what its
canonical address is, how it prints an id apart from an address, and what time its ids hold.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

from archiver.model.embed import Embed, Identification
from archiver.model.post import PostRef
from archiver.permalinks import PostAddress, post_address

WRONG_CLOCK = timedelta(days=1)
"""How far ahead an id's own time may lie: perhaps it is our clock that is behind."""
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_HANDLE = re.compile(r"[^\s/?#<>\"']{1,253}")


def moment(microseconds: int, not_before: int) -> datetime | None:
    """The UTC moment of microseconds since 1970, where a time can be meant: from the year `not_before` to 2200."""
    if not 0 <= microseconds < 8 * 10**15:
        return None
    found = _1970 + timedelta(microseconds=microseconds)
    return found if not_before <= found.year < 2200 else None


class Addressed(ABC):
    """A platform whose posts are known by their addresses."""

    platform: str
    examples: tuple[str, ...]
    named_by_id: bool = True
    """Whether an id that markup prints apart from an address names a post; not so where each server has its own."""

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """By address; else, under the platform's own hint, by the id that the markup prints."""
        found = self._found(embed.address)
        if (found is None or found.native_id is None) and embed.hint == self.platform and embed.native_id:
            found = self._by_printed_id(embed.native_id) or found
        said = embed.author_handle if embed.author_handle and _HANDLE.fullmatch(embed.author_handle) else None
        if found is None:
            return None
        handle = said or found.handle
        published_at = self.id_time(found.native_id) if found.native_id else None
        return Identification(
            platform=self.platform,
            host=found.host,
            native_id=found.native_id,
            permalink=self._permalink(found, handle),
            author_handle=handle,
            author_id=self.author_of(found.native_id) if found.native_id else None,
            published_at=published_at,
            short_links=(found.short_link,) if found.short_link else (),
            doubts=("id_implausible",) if published_at and published_at > now + WRONG_CLOCK else (),
        )

    def reference(self, address: str) -> PostRef | None:
        """The post behind an address; None behind a short link, which has to be asked first."""
        found = self._found(address)
        if found is None or found.native_id is None:
            return None
        return PostRef(self.platform, found.host, found.native_id, found.handle)

    @abstractmethod
    def permalink(self, ref: PostRef) -> str:
        """The post's address in canonical form."""

    def id_time(self, native_id: str) -> datetime | None:
        """None: the ids hold no time."""
        return None

    def author_of(self, native_id: str) -> str | None:
        """None: the ids do not hold the author's."""
        return None

    def printed_id(self, printed: str) -> str:
        """The id as it stands in addresses, of one that markup prints."""
        return printed

    def _found(self, address: str | None) -> PostAddress | None:
        found = post_address(address) if address else None
        return found if found is not None and found.platform == self.platform else None

    def _by_printed_id(self, printed: str) -> PostAddress | None:
        """The rules for ids are those of addresses: an id is one if it comes back from the address that it makes."""
        native_id = self.printed_id(printed.strip())
        found = self._found(self.permalink(PostRef(self.platform, None, native_id))) if self.named_by_id else None
        return found if found is not None and found.native_id == native_id else None

    def _permalink(self, found: PostAddress, handle: str | None) -> str | None:
        if found.native_id is None:
            return None
        # The address's own handle first: a server may know a remote author by a longer one than the quotation prints.
        return self.permalink(PostRef(self.platform, found.host, found.native_id, found.handle or handle))
