"""Which post each embed of a chunk shows: one on file, or a new one.

What is on file of all of them is read at once. A further embed of a post may print what the first one lacked; what is
on file stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from archiver import digest
from archiver.model.embed import Embed, Identification
from archiver.model.verdict import State
from archiver.store import identities, redactions
from archiver.store.columns import portions
from archiver.store.draft import Draft
from archiver.store.tables import contents as content_rows
from archiver.store.tables import post_states, posts

Shown = tuple[Identification, Embed]
Name = tuple[str | None, ...]
"""Platform, host and id of a post; of one without an id, platform and digest of its provisional key."""

_GAPS = ("author_handle", "cited_handle", "cited_author", "author_name", "published_on", "id_low", "id_high")
"""What a further embed may fill."""
# What nobody has found out of a post when its first embed is found.
_UNSEEN = {column.name: None for column in post_states.columns} | {
    "edit_chain": [],
    "state": str(State.UNKNOWN),
    "flags": [],
    "checks": 0,
    "checks_in_state": 0,
}


def provisional_key(identification: Identification, embed: Embed) -> bytes | None:
    """What tells a post without an id from others: its picture's short link, else author, day and words."""
    if identification.native_id is not None:
        return None
    handle = (identification.author_handle or "").lower()
    if identification.short_links:
        return f"{handle}|{identification.short_links[0]}".encode()
    words = " ".join((embed.quotation or "").split())
    return f"{handle}|{embed.published_on or ''}|{digest.of_bytes(words.encode())}".encode()


class Settling:
    """The posts of a chunk. `finish` it after the draft is written."""

    def __init__(self, draft: Draft, shown: Iterable[Shown]) -> None:
        self._draft = draft
        self._states: dict[int, dict[str, Any]] = {}
        self._filled: dict[int, dict[str, Any]] = {}
        """What is new, of the posts that were on file before."""
        self._numbers: dict[Name, int] = {}
        connection = draft.transaction.connection
        self.redacted = redactions.posts(connection)
        """Posts whose words we may not keep, though an article still prints them."""
        self._redacted_keys = redactions.keys(connection) if self.redacted else ()
        self._read(list(shown))

    def settle(self, identification: Identification, embed: Embed) -> int:
        """The number of the post that an embed shows."""
        key = provisional_key(identification, embed)
        provisional = None if key is None else digest.of_bytes(key)
        name = _name(identification, provisional)
        number = self._numbers.get(name)
        if number is None and key is not None:
            number = next((each.post for each in self._redacted_keys if each.fits(key)), None)
        if number is None:
            provisional = None if key is None else self._draft.keep(key)
            number = self._numbers[name] = self._append(identification, embed, provisional)
        elif number not in self.redacted:
            self._fill_gaps(number, identification, embed)
        return number

    def finish(self) -> None:
        """Write what embeds told of posts that were on file before."""
        statement = update(post_states).where(post_states.c.post == bindparam("number"))
        for name in _GAPS:
            rows = [{"number": post, name: fields[name]} for post, fields in self._filled.items() if name in fields]
            if name == "cited_author":
                rows = [row | {name: self._draft.kept[row[name]].id} for row in rows]
            if rows:
                self._draft.transaction.connection.execute(statement, rows)

    def _append(self, identification: Identification, embed: Embed, provisional: str | None) -> int:
        draft = self._draft
        named = {"platform": identification.platform, "host": identification.host}
        found = {"provisional": provisional, "found_at": draft.transaction.at, "run": draft.transaction.run}
        number = draft.add(posts, named | found)
        state = {"post": number, **named, **self._first_state(identification, embed)}
        self._states[number] = state = _UNSEEN | state
        draft.add(post_states, state)
        if identification.native_id is not None:
            identities.append(
                draft, number, identification.platform, identification.host, identification.native_id, "embed"
            )
        return number

    def _first_state(self, identification: Identification, embed: Embed) -> dict[str, Any]:
        """What is known of a post when its first embed is found."""
        return self._told(identification, embed) | {
            "native_id": identification.native_id,
            "author_id": identification.author_id,
            "permalink": identification.permalink,
            "published_at": identification.published_at,
            "short_links": list(identification.short_links),
            "doubts": list(identification.doubts),
            "next_check_at": _first_check_at(self._draft.transaction.at, identification),
        }

    def _fill_gaps(self, number: int, identification: Identification, embed: Embed) -> None:
        state, told = self._states[number], self._told(identification, embed)
        if state["native_id"] is not None:
            del told["id_low"], told["id_high"]
        fields = {name: part for name, part in told.items() if part is not None and state[name] is None}
        state |= fields
        if number in self._filled:
            self._filled[number] |= fields

    def _told(self, identification: Identification, embed: Embed) -> dict[str, Any]:
        low, high = identification.id_window or (None, None)
        handle = identification.author_handle or embed.author_handle
        return {
            "author_handle": handle,
            "cited_handle": handle,
            # History names an author by the content that holds the handle, and so tells no name.
            "cited_author": self._draft.keep(handle.lower().encode()) if handle else None,
            "author_name": embed.author_name,
            "published_on": embed.published_on,
            "id_low": low,
            "id_high": high,
        }

    def _read(self, shown: list[Shown]) -> None:
        ids: dict[str, set[str]] = {}
        keys: dict[str, set[str]] = {}
        for identification, embed in shown:
            key = provisional_key(identification, embed)
            if key is not None:
                keys.setdefault(identification.platform, set()).add(digest.of_bytes(key))
            elif identification.native_id is not None:
                ids.setdefault(identification.platform, set()).add(identification.native_id)
        connection = self._draft.transaction.connection
        for platform, wanted in ids.items():
            for row in _by_id(connection, platform, wanted):
                self._file((platform, row.host, row.native_id), row)
        for platform, wanted in keys.items():
            for row in _by_key(connection, platform, wanted):
                self._file((platform, row.key), row)

    def _file(self, name: Name, row: Row[Any]) -> None:
        self._numbers[name] = row.post
        self._states[row.post] = {gap: getattr(row, gap) for gap in ("native_id", *_GAPS)}
        self._filled[row.post] = {}


def _name(identification: Identification, provisional: str | None) -> Name:
    if provisional is not None:
        return (identification.platform, provisional)
    return (identification.platform, identification.host, identification.native_id)


def _by_id(connection: Connection, platform: str, ids: Iterable[str]) -> Iterator[Row[Any]]:
    """The states of the posts with these ids; of several with the same, the oldest last."""
    for part in portions(ids):
        yield from connection.execute(
            select(post_states)
            .where(
                post_states.c.platform == platform,
                post_states.c.native_id.in_(part),
                post_states.c.alias_of.is_(None),
            )
            .order_by(post_states.c.post.desc())
        )


def _by_key(connection: Connection, platform: str, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """The states of the posts to which these provisional keys (by digest) lead."""
    joined = post_states.alias("joined")
    for part in portions(keys):
        yield from connection.execute(
            select(post_states, content_rows.c.digest.label("key"))
            .select_from(content_rows)
            .join(posts, (posts.c.provisional == content_rows.c.id) & (posts.c.platform == platform))
            .join(joined, joined.c.post == posts.c.id)
            .join(post_states, post_states.c.post == func.coalesce(joined.c.alias_of, joined.c.post))
            .where(content_rows.c.digest.in_(part))
        )


def _first_check_at(now: datetime, identification: Identification) -> datetime | None:
    """Now; never, without an id or a short link to ask for, or with an id that cannot be.

    An id of the future is asked for when its time has come: perhaps it is our clock that is behind.
    """
    if "id_implausible" in identification.doubts:
        made_at = identification.published_at
        return made_at if made_at is not None and made_at > now else None
    return now if identification.native_id is not None or identification.short_links else None
