"""The contract of a platform, and of an adapter: a platform that can also be looked at.

A platform knows which addresses and markup hints are its posts; an adapter also knows how to ask for them and how to
read the answers. It is pure but for the `get` it is handed, keeps no state between calls, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from archiver.model.embed import Embed, Identification
from archiver.model.exchange import Get
from archiver.model.observation import Reading, SubjectKind
from archiver.model.post import AuthorRef, Post, PostRef, Resolution


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to look at posts or authors of a platform."""

    name: str
    """Short and stable: it is stored with every observation."""
    host: str
    """The host that is asked first: pace and pauses are held per host."""
    subject: SubjectKind
    """POST or AUTHOR: what `observe` takes on it."""
    redirect_hosts: tuple[str, ...] = ()
    """Further hosts to which an answer of it may be followed."""
    batch_looks: int = 20
    """Greatest number of looks between its controls."""


class Platform(Protocol):
    """One platform: whose posts are told from others' and kept, whether or not anybody can look at them."""

    platform: str
    """Lower case: "x"."""
    examples: tuple[str, ...]
    """An address of each kind that its posts have; no other platform claims one of them."""

    def identify(self, embed: Embed, now: datetime) -> Identification | None:
        """Which post the embed shows, as far as it tells; None if it is no post of this platform."""

    def reference(self, address: str) -> PostRef | None:
        """The post behind an address (any host and path form of the platform); None if it is not one."""

    def permalink(self, ref: PostRef) -> str:
        """The post's address in canonical form."""

    def id_time(self, native_id: str) -> datetime | None:
        """The time in an id, UTC; None where it holds none."""


class Adapter(Platform, Protocol):
    """A platform that can be looked at."""

    name: str
    """Names the adapter in every observation."""
    version: str
    """Version of its reading rules (the allow-list of answers)."""
    endpoints: tuple[Endpoint, ...]
    """Post endpoints first, each independent of the others; then the account endpoints."""
    short_link_endpoint: Endpoint | None
    """Where `resolve` asks; None where the platform has no short links."""

    def observe(self, refs: Sequence[PostRef | AuthorRef], endpoint: Endpoint, get: Get) -> list[Reading]:
        """Look at each ref on the endpoint: one reading a ref, in their order. Unreadable answers are `unknown`."""

    def resolve(self, post: Post, get: Get) -> Resolution:
        """Ask the post's short links for its id, one hop, and accept it only if handle and id window agree."""
