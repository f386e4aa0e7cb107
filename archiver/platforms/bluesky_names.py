"""Names at Bluesky: the repository (a DID, or a handle that stands for one) and the key of a post, and its address.

A handle may pass to somebody else, a DID never does: what an answer by a handle alone does not show proves little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import PostRef
from archiver.platforms.addressed import moment

COLLECTION = "app.bsky.feed.post"
_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_WEB = re.compile(r"did:web:(?:[a-z0-9-]{1,63}\.){1,10}[a-z0-9-]{1,63}")
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_KEY = re.compile(r"(?!\.\.?\Z)[A-Za-z0-9._~:-]{1,512}")
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Named:
    """How a ref names a post."""

    repository: str
    """The DID, where it is known; else the handle."""
    key: str
    is_certain: bool
    """Whether a post that is not found there is the one meant: not where a handle stands for the DID, which may be
    another's by now, nor where the key is none that Bluesky's own software gives, and so perhaps a mangled one."""

    def uri(self, did: str) -> str:
        """The at:// address of the post in that repository."""
        return f"at://{did}/{COLLECTION}/{self.key}"


def named(ref: PostRef) -> Named | None:
    """What to ask for; None for what Bluesky would refuse to read: it must not spoil a request for other posts."""
    repository, _, key = ref.native_id.rpartition("/")
    if not _KEY.fullmatch(key):
        return None
    if is_did(repository):
        return Named(repository, key, is_tid(key))
    if ref.author_id is not None and is_did(ref.author_id):
        return Named(ref.author_id, key, is_tid(key))
    return Named(repository.lower(), key, False) if is_handle(repository.lower()) else None


def known_as(ref: PostRef, did: str, key: str) -> tuple[str, str] | None:
    """The id by the DID, and its address, for a post that was asked for by a handle; None where the id has it."""
    lasting = f"{did}/{key}"
    return None if ref.native_id == lasting else (lasting, address(lasting))


def address(native_id: str) -> str:
    """`https://bsky.app/profile/REPOSITORY/post/KEY`."""
    repository, _, key = native_id.rpartition("/")
    return f"https://bsky.app/profile/{repository}/post/{key}"


def author_of(native_id: str) -> str | None:
    """The author's DID, where the id holds it."""
    repository = native_id.rpartition("/")[0]
    return repository if is_did(repository) else None


def is_did(text: str) -> bool:
    """Whether it is a DID of one of the two methods that Bluesky knows."""
    return bool(_PLC.fullmatch(text) or _WEB.fullmatch(text))


def is_plc(did: str) -> bool:
    """Whether the directory of did:plc tells where the repository is."""
    return bool(_PLC.fullmatch(did))


def is_handle(text: str) -> bool:
    """Whether it can be a handle, in lower case: a domain name."""
    return len(text) <= 253 and bool(_HANDLE.fullmatch(text))


def is_key(text: str) -> bool:
    """Whether it can be the key of a record."""
    return bool(_KEY.fullmatch(text))


def is_tid(key: str) -> bool:
    """Whether a key is one that Bluesky's own software gives to posts: a time (atproto.com/specs/tid)."""
    return bool(_TID.fullmatch(key))


def tid_time(key: str) -> datetime | None:
    """The time in a key, to the microsecond; the author's software wrote it. None without, or before 2022."""
    if not is_tid(key):
        return None
    number = 0
    for digit in key:
        number = number * 32 + _DIGITS.index(digit)
    return moment(number >> 10, not_before=2022)


def known_handle(text: Any) -> str | None:
    """A handle as an answer gives it; None for the one that says that it cannot be confirmed."""
    is_known = isinstance(text, str) and is_handle(text.lower()) and text.lower() != "handle.invalid"
    return text if is_known else None


def not_asked(message: str) -> Reading:
    """`unknown`: nothing was asked, for nothing could come of it."""
    return Reading(Outcome.UNKNOWN, Reason.NOT_ASKED, message=message)


def wrong_author(ref: PostRef, did: str, exchange: Exchange | None) -> Reading | None:
    """`unknown` where the repository is not that of the author on file; None where they agree."""
    if ref.author_id in (None, did):
        return None
    told = f"the author on file is {ref.author_id}, the repository's is {did}"
    return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=did, message=told)
