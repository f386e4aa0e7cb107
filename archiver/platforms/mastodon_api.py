"""Mastodon's API, in which more platforms than one answer: a post by its number, its author's account.

A server knows its own posts, and copies of others' (`/@user@remote/NUMBER`), under numbers of its own. It says of a
copy what it was last told; so one that is shown is `present` under the number that was asked for, with its origin
named, and one that is not shown is `unknown`: it may have been dropped, or never fetched, while the origin shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from archiver.model.exchange import Exchange
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.model.snapshot import Media, Snapshot
from archiver.platforms.addressed import moment
from archiver.platforms.answers import age_seconds, present, rows, table, unknown, words
from archiver.platforms.mastodon_rules import is_asked_account, names_post
from archiver.platforms.mastodon_words import words_of
from archiver.urls import host as host_of

OPEN_TO_ALL = ("public", "unlisted")
_KINDS = {"image": "photo", "video": "video", "gifv": "animation", "audio": "audio"}
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)
_NAME = re.compile(r"[\w.-]{1,60}", re.ASCII)
_SAME_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Server:
    """Whom we ask."""

    host: str
    federated: bool
    """Whether it shows copies of other servers' posts; then its host stands before the ids of its accounts, for each
    server counts its own."""

    def author_id(self, account: str, remote: str | None = None) -> str:
        """The id of an account that is unique within the platform; `remote` is the home of one that is copied."""
        return (f"{self.host}/" if self.federated else "") + account + (f"@{remote}" if remote else "")

    def account(self, author_id: str) -> str | None:
        """The server's own id of an author; None for another server's, and for a copy."""
        account = author_id.removeprefix(f"{self.host}/" if self.federated else "")
        return account if _ACCOUNT.fullmatch(account) else None

    def name(self, handle: str | None) -> str | None:
        """The name that a handle has at this server; None for another server's, and for what is no name."""
        name, _, home = (handle or "").partition("@")
        return name if home.lower() in ("", self.host) and _NAME.fullmatch(name) else None

    def has_copy(self, ref: PostRef) -> bool:
        """Whether the post is another server's, as far as its address or a sighting tells."""
        home = (ref.author_handle or "").partition("@")[2].lower()
        return home not in ("", self.host) or "@" in (ref.author_id or "")


def flake_time(native_id: str) -> datetime | None:
    """The time in a number as Mastodon makes them: milliseconds since 1970, above 16 bits.

    None for numbers from before that (counted up), and where another program's numbers give no time that can be.
    """
    return moment((int(native_id) >> 16) * 1000, not_before=2016) if native_id.isdecimal() else None


def status_address(ref: PostRef, server: Server) -> str:
    """Where to ask for a post."""
    return f"https://{server.host}/api/v1/statuses/{quote(ref.native_id, safe='')}"


def account_address(ref: AuthorRef, server: Server) -> str | None:
    """Where to ask for an author: by id where one is on file, else by name; None for another server's."""
    asked = f"https://{server.host}/api/v1/accounts/"
    if ref.native_id is not None:
        account = server.account(ref.native_id)
        return asked + account if account else None
    name = server.name(ref.handle)
    return f"{asked}lookup?acct={name}" if name else None


def read_status(noun: dict[str, Any], ref: PostRef, exchange: Exchange, server: Server) -> Reading:
    """Read a post in a body with status 200 that no rule of the allow-list knows."""
    account = table(noun, "account")
    native_id, account_id, handle = words(noun, "id"), words(account, "id"), words(account, "acct")
    if native_id is None or account_id is None or handle is None or not _ACCOUNT.fullmatch(account_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no post with an id and an author's id")
    if native_id != ref.native_id:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {ref.native_id}, got {native_id}"[:200])
    doubt = _doubt(noun, native_id, handle, server)
    if doubt is not None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, doubt)
    author_id = server.author_id(account_id, _home(handle))
    if ref.author_id is not None and author_id != ref.author_id:
        told = f"the author on file is {ref.author_id}, the answer's is {author_id}"
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=author_id, message=told[:300])
    snapshot = _snapshot(noun, native_id, account, author_id)
    if snapshot is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    copied = f"a copy; the post itself is {words(noun, 'uri')}"[:300] if "@" in handle else None
    return present(exchange, snapshot, copied)


def _doubt(noun: dict[str, Any], native_id: str, handle: str, server: Server) -> str | None:
    """Why a post that is served may not be the one that was meant; None where nothing speaks against it."""
    if noun.get("visibility") not in OPEN_TO_ALL:
        return f"a post for {noun.get('visibility')!r}"[:200]
    if noun.get("reblog") is not None:
        return "a boost, which says nothing of its own"
    named = [address for key in ("uri", "url") if (address := words(noun, key)) and address.startswith("http")]
    if "@" in handle:
        names_origin = _home(handle) is not None and named and server.host not in map(host_of, named)
        return None if server.federated and names_origin else "a copy that names no origin"
    if any(host_of(address) != server.host for address in named):
        return "a post of another server"
    if not any(names_post(address, server.host, native_id) for address in named):
        return "a post whose own address has another number"
    return None


def _home(handle: str) -> str | None:
    """The server of an author whose posts are copied, in ASCII; None for the server's own authors."""
    home = handle.partition("@")[2]
    return host_of(f"https://{home}/") if home else None


def _snapshot(noun: dict[str, Any], native_id: str, account: dict[str, Any], author_id: str) -> Snapshot | None:
    """None where the post says and shows nothing, or cannot be read."""
    content, media = noun.get("content"), _media(rows(noun, "media_attachments"))
    said = words_of(content, words(noun, "spoiler_text")) if isinstance(content, str) else None
    if said is None or not (said.text or media):
        return None
    return Snapshot(
        text=said.text,
        links=said.links,
        media=media,
        author_id=author_id,
        author_handle=words(account, "acct"),
        author_name=words(account, "display_name"),
        published_at=published_at(native_id, words(noun, "created_at")),
        language=words(noun, "language"),
        truncated=False,
        edited_at=edited_at(words(noun, "edited_at")),
    )


def _media(attachments: list[dict[str, Any]]) -> tuple[Media, ...]:
    found = []
    for row in attachments:
        # Another server's file that was never fetched has the address there only.
        kind, address = _KINDS.get(words(row, "type") or ""), words(row, "url") or words(row, "remote_url")
        if kind and address:
            found.append(Media(address, kind, words(row, "description")))
    return tuple(found)


def published_at(native_id: str, said: str | None) -> datetime | None:
    """To the millisecond by the number, where it agrees with the time that the server says; else what it says."""
    told, by_number = _moment(said), flake_time(native_id)
    if told is None or (by_number is not None and abs(told - by_number) < _SAME_MOMENT):
        return by_number
    return told


def edited_at(said: str | None) -> datetime | None:
    """To the second, as all endpoints can say it."""
    told = _moment(said)
    return told.replace(microsecond=0) if told else None


def _moment(said: str | None) -> datetime | None:
    try:
        told = datetime.fromisoformat(said or "")
        return told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        return None


def read_account(noun: dict[str, Any], exchange: Exchange, server: Server) -> Reading:
    """`account_ok` for the account that was asked for, if it is the server's own and under no restriction at all.

    One that has moved is open still: its posts stay where they were.
    """
    account_id, handle = words(noun, "id"), words(noun, "acct")
    if account_id is None or handle is None or not _ACCOUNT.fullmatch(account_id):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "no account with an id")
    if not is_asked_account(exchange, noun):
        return unknown(exchange, Reason.WRONG_AUTHOR, f"the answer is about {handle} ({account_id})"[:200])
    if "@" in handle or host_of(words(noun, "url") or "") != server.host:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "an account of another server")
    if any(noun.get(key) not in (None, False) for key in ("suspended", "limited")):
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "an account under a restriction that cannot be read")
    moved_to = words(table(noun, "moved"), "url")
    return Reading(
        Outcome.ACCOUNT_OK,
        Reason.SERVED,
        exchange,
        author_id=server.author_id(account_id),
        author_handle=handle,
        age_seconds=age_seconds(exchange),
        message=f"moved to {moved_to}"[:300] if moved_to else None,
    )
