"""World: what a simulated X holds, and what happens there, looked at when the clock says so.

Nothing in it moves by itself. Every change is written down beforehand with its time (`world.at(time).delete(…)`), and
whoever asks sees the newest change that is not later than `clock.now()`. Setting the clock back shows the past again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from archiver.clock import Clock
from archiver.demo.scenery import (
    Account,
    ArchivedPage,
    Course,
    Outage,
    OutageKind,
    Picture,
    Presence,
    ShortLink,
    Standing,
    WorldPost,
    snowflake,
    snowflake_time,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The verbs: each is something that happens in the world at this time."""

    world: World
    time: datetime

    def delete(self, post_id: str, *, tombstone: bool = True) -> Moment:
        """The post is deleted; without a tombstone syndication answers as if it had never been."""
        return self._presence(post_id, "deleted" if tombstone else "vanished")

    def remove_for_rules(self, post_id: str) -> Moment:
        """The platform removes the post."""
        return self._presence(post_id, "broke_rules")

    def withhold(self, post_id: str) -> Moment:
        """The post is withheld after a report of its copyright holder."""
        return self._presence(post_id, "withheld")

    def withhold_in(self, post_id: str, *countries: str) -> Moment:
        """The post is withheld in these countries (two letters); syndication serves it with their names."""
        self.world.posts[post_id].withheld_in.change(self.time, countries)
        return self

    def age_gate(self, post_id: str, shown_as: Literal["text", "empty", "404"] = "text") -> Moment:
        """The post lives, for adults only; syndication has been seen to say so in each of these ways."""
        gates: dict[str, Presence] = {"text": "age_gated", "empty": "age_gated_silent", "404": "age_gated_404"}
        return self._presence(post_id, gates[shown_as])

    def suspend(self, handle: str) -> Moment:
        """The account is suspended."""
        return self._standing(handle, "suspended")

    def protect(self, handle: str) -> Moment:
        """The account shows its posts to followers only."""
        return self._standing(handle, "protected")

    def unprotect(self, handle: str) -> Moment:
        """The account is public again."""
        return self._standing(handle, "open")

    def deactivate(self, handle: str) -> Moment:
        """The owner closes the account."""
        return self._standing(handle, "deactivated")

    def restore(self, subject: str) -> Moment:
        """The post (by id) is served again, or the account (by handle) is public again."""
        if subject in self.world.posts:
            return self._presence(subject, "served")
        return self._standing(subject, "open")

    def rename(self, handle: str, new: str) -> Moment:
        """The account takes another handle; the old one names nobody from then on."""
        self.world.by_handle(handle).handle.change(self.time, new)
        return self

    def retext(self, post_id: str, text: str) -> Moment:
        """The platform serves other words under the same id."""
        self.world.posts[post_id].text.change(self.time, text)
        return self

    def edit(self, post_id: str, new_id: str, text: str) -> Moment:
        """The author edits: the new words are a post of their own, and both know of each other."""
        old = self.world.posts[post_id]
        handle = old.account.handle.at(self.time)
        new = self.world.post(new_id, handle, text, language=old.language)
        new.born_at = self.time
        chain = (*old.versions.at(self.time), new_id)
        for version in chain:
            self.world.posts[version].versions.change(self.time, chain)
        return self

    def _presence(self, post_id: str, presence: Presence) -> Moment:
        self.world.posts[post_id].presence.change(self.time, presence)
        return self

    def _standing(self, handle: str, standing: Standing) -> Moment:
        self.world.by_handle(handle).standing.change(self.time, standing)
        return self


@dataclass(slots=True, eq=False)
class World:
    """Accounts, posts, short links and outages; the present is `clock.now()`."""

    clock: Clock
    posts: dict[str, WorldPost] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    """By author id."""
    short_links: dict[str, str] = field(default_factory=dict)
    """Where each living t.co code leads."""
    outages: list[Outage] = field(default_factory=list)
    archived: list[ArchivedPage] = field(default_factory=list)
    """What a web archive has captured, of whatever time."""
    excluded: list[str] = field(default_factory=list)
    """Beginnings of addresses that the archive shows to nobody."""

    def account(self, handle: str, author_id: str, name: str, *, chatter: bool = True) -> Account:
        """A new account, open."""
        if author_id in self.accounts:
            raise ValueError(f"author id {author_id} is taken")
        self.accounts[author_id] = Account(author_id, name, Course(handle), Course("open"), chatter)
        return self.accounts[author_id]

    def post(
        self,
        native_id: str,
        handle: str,
        text: str,
        *,
        links: Sequence[ShortLink] = (),
        media: Sequence[Picture] = (),
        short_codes: Sequence[str] = (),
        language: str = "en",
    ) -> WorldPost:
        """A new post of the account that first had `handle`.

        Each of `short_codes` adds a photo; short links of media that the text does not hold are put at its end.
        """
        if native_id in self.posts:
            raise ValueError(f"post {native_id} exists")
        pictures = (*media, *(Picture(code) for code in short_codes))
        missing = [f"https://t.co/{p.code}" for p in pictures if f"https://t.co/{p.code}" not in text]
        full = " ".join([text, *missing])
        account = self.by_handle(handle)
        made = WorldPost(
            native_id=native_id,
            account=account,
            text=Course(full),
            presence=Course("served"),
            versions=Course((native_id,)),
            links=tuple(links),
            pictures=pictures,
            language=language,
            born_at=snowflake_time(native_id),
            withheld_in=Course(()),
        )
        self.posts[native_id] = made
        self.short_links.update((link.code, link.expanded) for link in made.links)
        self.short_links.update((p.code, self.media_address(made, p, made.born_at)) for p in pictures)
        return made

    def short_link(self, code: str, target: str | None) -> None:
        """Let a t.co code lead to `target`; None kills it."""
        if target is None:
            self.short_links.pop(code, None)
        else:
            self.short_links[code] = target

    def capture(
        self,
        address: str,
        captured_at: datetime,
        body: str | bytes,
        *,
        status_code: int = 200,
        content_type: str = "text/html",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Let the archive have captured this answer of an address."""
        payload = body.encode() if isinstance(body, str) else body
        self.archived.append(ArchivedPage(address, captured_at, payload, status_code, content_type, headers))

    def at(self, time: datetime) -> Moment:
        """The verbs for what happens at `time` (aware)."""
        return Moment(self, time.astimezone(UTC))

    def outage(self, start: datetime, end: datetime, kind: OutageKind, host: str | None = None) -> None:
        """From `start` until before `end` the host (None: every host) answers everything as `kind` says."""
        self.outages.append(Outage(start, end, kind, host))

    def outage_now(self, host: str) -> OutageKind | None:
        """The outage that this host has now."""
        now = self.clock.now()
        return next((o.kind for o in self.outages if o.start <= now < o.end and o.host in (None, host)), None)

    def by_handle(self, handle: str) -> Account:
        """The account that ever had this handle; KeyError if none had. For the verbs, not for the far end."""
        wanted = handle.lower()
        for account in self.accounts.values():
            if any(name.lower() == wanted for name in account.handle.ever()):
                return account
        raise KeyError(handle)

    def account_named_now(self, handle: str) -> Account | None:
        """The account that has this handle now."""
        now, wanted = self.clock.now(), handle.lower()
        return next((a for a in self.accounts.values() if a.handle.at(now).lower() == wanted), None)

    def media_address(self, post: WorldPost, picture: Picture, moment: datetime) -> str:
        """Where a picture's short link leads: to the post that first had the media."""
        owner = self.posts[picture.of] if picture.of else post
        return f"https://twitter.com/{owner.account.handle.at(moment)}/status/{owner.native_id}/{picture.kind}/1"

    def timeline(self, account: Account) -> list[WorldPost]:
        """The posts that the account's public timeline shows now, newest first."""
        now = self.clock.now()
        if account.standing.at(now) != "open":
            return []
        own = [p for p in self.posts.values() if p.account is account and p.born_at <= now]
        shown = [p for p in own if p.presence.at(now) == "served" and p.versions.at(now)[-1] == p.native_id]
        if account.chatter:
            shown.append(_chatter(account, now))
        return sorted(shown, key=lambda post: int(post.native_id), reverse=True)


def _chatter(account: Account, now: datetime) -> WorldPost:
    """A post of two days ago that nobody asked about, as every living account has some."""
    native_id = snowflake(now.replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=2))
    text: Course[str] = Course("Sample post outside every article.")
    served: Course[Presence] = Course("served")
    return WorldPost(
        native_id, account, text, served, Course((native_id,)), (), (), "en", snowflake_time(native_id), Course(())
    )
