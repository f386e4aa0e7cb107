"""The nouns of the simulated X: what stands in the world, each part with its course through time."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right, insort
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Literal, TypeVar

EPOCH_MS = 1288834974657
LOW_BITS = (1 << 22) - 1
BEGINNING = datetime.min.replace(tzinfo=UTC)

Part = TypeVar("Part")
Standing = Literal["open", "protected", "suspended", "deactivated"]
Presence = Literal[
    "served", "deleted", "vanished", "broke_rules", "withheld", "age_gated", "age_gated_silent", "age_gated_404"
]
OutageKind = Literal["503", "404_for_all", "rate_limit", "empty_json", "login_page", "login_redirect", "reset"]


def snowflake(moment: datetime) -> str:
    """An id of that millisecond whose low 22 bits are all ones: worker 1023 and sequence 4095 name no real post."""
    return str((int(moment.timestamp() * 1000) - EPOCH_MS) << 22 | LOW_BITS)


def snowflake_time(native_id: str) -> datetime:
    """The time in an id, UTC."""
    return datetime.fromtimestamp(((int(native_id) >> 22) + EPOCH_MS) / 1000, UTC)


class Course(Generic[Part]):
    """Something that changes at known times."""

    def __init__(self, first: Part) -> None:
        self._parts: list[Part] = [first]
        self._steps: list[tuple[datetime, int]] = [(BEGINNING, 0)]

    def change(self, moment: datetime, part: Part) -> None:
        """From `moment` on it is `part`; of two changes at one moment the later written counts."""
        insort(self._steps, (moment, len(self._parts)))
        self._parts.append(part)

    def at(self, moment: datetime) -> Part:
        """What it is at that moment."""
        return self._parts[self._steps[bisect_right(self._steps, (moment, len(self._parts))) - 1][1]]

    def ever(self) -> tuple[Part, ...]:
        """All that it is at one time or another."""
        return tuple(self._parts)


@dataclass(slots=True, eq=False)
class Account:
    """An account."""

    author_id: str
    name: str
    handle: Course[str]
    standing: Course[Standing]
    chatter: bool
    """Whether its timeline also shows a post that no article embeds."""


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A link in a post: its t.co code, where it leads, and how it is displayed."""

    code: str
    expanded: str
    display: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Media of a post."""

    code: str
    """The t.co code, which is the code of pic.twitter.com too."""
    kind: Literal["photo", "video"] = "photo"
    alternative_text: str | None = None
    of: str | None = None
    """Id of the post whose media is used again here; None for the post's own."""


@dataclass(slots=True, eq=False)
class WorldPost:
    """A post. Its text holds `https://t.co/CODE` wherever a link or picture stands."""

    native_id: str
    account: Account
    text: Course[str]
    presence: Course[Presence]
    versions: Course[tuple[str, ...]]
    """Ids of all its versions, oldest first."""
    links: tuple[ShortLink, ...]
    pictures: tuple[Picture, ...]
    language: str
    born_at: datetime
    """Before it the post does not exist."""
    withheld_in: Course[tuple[str, ...]]
    """Countries in which it is not to be shown; whoever shows it has to see to that."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A span, its end excluded, in which one host (None: every host) answers everything in one useless way."""

    start: datetime
    end: datetime
    kind: OutageKind
    host: str | None


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """What the simulated web archive captured of one address at one time."""

    address: str
    captured_at: datetime
    body: bytes
    status_code: int
    content_type: str
    headers: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """Of the body, as an index has it."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()
