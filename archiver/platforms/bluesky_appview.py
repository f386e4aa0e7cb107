"""Looks at Bluesky's public AppView: posts, 25 in a request, and the profile of an author.

A list of posts just leaves out what it does not serve, whatever the cause. So each look asks for the authors first:
what is left out is read as absent only where its author is served without a label that hides posts. That also tells
the DID behind a handle, without which `getPosts` leaves out every post; and it keeps posts of suspended authors out of
the request, which have made it fail for all others (atproto#4341).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason
from archiver.model.post import AuthorRef, PostRef
from archiver.platforms.answers import (
    age_seconds,
    by_status,
    json_or_none,
    not_json,
    rows,
    table,
    unknown,
    without_answer,
    words,
)
from archiver.platforms.bluesky_names import (
    Named,
    is_did,
    is_handle,
    known_as,
    known_handle,
    named,
    not_asked,
    wrong_author,
)
from archiver.platforms.bluesky_post import media_of_view, snapshot
from archiver.platforms.bluesky_rules import LEFT_OUT, PLACES, PROFILES, asked, served
from archiver.platforms.rules import read_as, read_by_rule

HOST = "public.api.bsky.app"
MOST = 25
"""Posts, or profiles, in one request."""
ONLY_SIGNED_IN = "!no-unauthenticated"
HIDING = frozenset({ONLY_SIGNED_IN, "!hide", "!takedown", "!suspend"})
"""Labels of an account for which its posts may be left out while they stand."""


@dataclass(frozen=True, slots=True)
class Profile:
    """An author whom the AppView serves."""

    did: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _List:
    """An answer that lists what is served."""

    exchange: Exchange
    failed: Reading | None
    """Why it cannot be read; None if it can."""
    noun: Any


@dataclass(frozen=True, slots=True)
class _Look:
    """The answers of one look, from which all its readings are read."""

    authors: _List
    known: dict[str, Profile]
    """Authors who are served, by DID and by handle."""
    posts: _List | None
    """None where no author is served, and no post was asked for."""


def look(refs: Sequence[PostRef], get: Get) -> list[Reading]:
    """Two requests for up to 25 posts: their authors, then the posts of those who are served."""
    wanted = [named(ref) for ref in refs]
    actors = list(dict.fromkeys(each.repository for each in wanted if each))
    if not actors:
        return [_nothing_to_ask(ref) for ref in refs]
    authors = _list(get, "app.bsky.actor.getProfiles", "profiles", "actors", actors)
    known = _profiles(authors.noun)
    uris = [each.uri(known[each.repository].did) for each in wanted if each and each.repository in known]
    posts = _list(get, "app.bsky.feed.getPosts", "posts", "uris", list(dict.fromkeys(uris))) if uris else None
    seen = _Look(authors, known, posts)
    return [_read(ref, each, seen) if each else _nothing_to_ask(ref) for ref, each in zip(refs, wanted, strict=True)]


def look_at_author(ref: AuthorRef, get: Get) -> Reading:
    """One request for a profile. Raises ValueError for an author of whom nothing is known."""
    actor = ref.native_id or ref.handle
    if actor is None:
        raise ValueError("an author without id and handle cannot be looked at")
    if not (is_did(actor) if ref.native_id else is_handle(actor.lower())):
        return not_asked(f"{actor!r} is no name of an account at Bluesky"[:200])
    exchange = _ask(get, "app.bsky.actor.getProfile", "actor", [actor if ref.native_id else actor.lower()])
    noun = json_or_none(exchange.body)
    known = read_by_rule(PROFILES, PLACES, "profile", exchange, noun)
    if known is not None:
        is_only_a_handle = known.outcome is Outcome.ACCOUNT_GONE and ref.native_id is None
        return unknown(exchange, Reason.NOT_FOUND, "nobody has this handle now") if is_only_a_handle else known
    return _account(ref, noun, exchange) if isinstance(noun, dict) else not_json(exchange)


def _ask(get: Get, method: str, name: str, each: list[str]) -> Exchange:
    return get(f"https://{HOST}/xrpc/{method}?" + urlencode({name: each}, doseq=True), accept="application/json")


def _nothing_to_ask(ref: PostRef) -> Reading:
    return not_asked(f"{ref.native_id!r} is no address of a post at Bluesky"[:200])


def _list(get: Get, method: str, listed: str, name: str, each: list[str]) -> _List:
    exchange = _ask(get, method, name, each)
    failed, noun = without_answer(exchange) or by_status(exchange), json_or_none(exchange.body)
    if failed is None and not isinstance(noun, dict):
        failed = not_json(exchange)
    elif failed is None and not isinstance(noun.get(listed), list):
        failed = unknown(exchange, Reason.EMPTY_ANSWER if noun == {} else Reason.UNEXPECTED_SHAPE, f"no {listed}")
    return _List(exchange, failed, None if failed else noun)


def _profiles(noun: Any) -> dict[str, Profile]:
    """The authors who are served, by DID and by handle."""
    found: dict[str, Profile] = {}
    for row in rows(noun, "profiles"):
        did, handle = words(row, "did"), known_handle(row.get("handle"))
        if did is not None and is_did(did):
            names = (did, handle.lower()) if handle else (did,)
            found.update(dict.fromkeys(names, Profile(did, _labels(row))))
    return found


def _labels(row: dict[str, Any]) -> frozenset[str]:
    return frozenset(value for label in rows(row, "labels") if (value := words(label, "val")) and not label.get("neg"))


def _read(ref: PostRef, post: Named, seen: _Look) -> Reading:
    failed = seen.authors.failed or (seen.posts.failed if seen.posts else None)
    if failed is not None:
        return failed
    author = seen.known.get(post.repository)
    if author is None or seen.posts is None:
        return unknown(seen.authors.exchange, Reason.NOT_FOUND, f"the author {post.repository} is not served")
    exchange = seen.posts.exchange
    wrong, shown = wrong_author(ref, author.did, exchange), served(seen.posts.noun)
    if wrong is not None:
        return wrong
    if shown is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "a post without address")
    if post.uri(author.did) in shown:
        present = _present(shown[post.uri(author.did)], post.key, author.did, exchange)
        return replace(present, known_as=known_as(ref, author.did, post.key) if present.snapshot else None)
    strange = sorted({*shown, post.uri(author.did)} - asked(exchange))
    if strange:
        return unknown(exchange, Reason.WRONG_ID, f"not asked for: {strange[0]}"[:200])
    return _left_out(author, seen.authors.exchange, exchange)


def _left_out(author: Profile, authors: Exchange, posts: Exchange) -> Reading:
    hiding = sorted(author.labels & HIDING)
    if hiding:
        reason = Reason.LOGIN_WALL if ONLY_SIGNED_IN in hiding else Reason.WITHHELD
        return unknown(posts, reason, f"left out, and its author is labelled {hiding[0]}")
    absent = read_as(LEFT_OUT, posts)
    return replace(absent, age_seconds=max(absent.age_seconds, age_seconds(authors)))


def _present(row: dict[str, Any], key: str, did: str, exchange: Exchange) -> Reading:
    author, record = table(row, "author"), table(row, "record")
    told = words(author, "did")
    if told != did:
        message = f"a post in the repository of {did} by {told}"[:200]
        return Reading(Outcome.UNKNOWN, Reason.WRONG_AUTHOR, exchange, author_id=told, message=message)
    handle = known_handle(author.get("handle"))
    by = {"handle": handle, "name": words(author, "displayName")}
    said = snapshot(record, key, did, media_of_view(table(row, "embed")), by)
    if said is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    return Reading(
        Outcome.PRESENT,
        Reason.SERVED,
        exchange,
        snapshot=said,
        author_id=did,
        author_handle=handle,
        age_seconds=age_seconds(exchange),
    )


def _account(ref: AuthorRef, noun: dict[str, Any], exchange: Exchange) -> Reading:
    """`account_ok` for the profile of that author; a label that hides the account from everybody makes it `unknown`.

    Not the one that asks apps to show posts to people who are signed in: it is the author's own, and the account is
    open. What the AppView leaves out of such an author's posts counts for nothing instead (`_left_out`).
    """
    did, handle = words(noun, "did"), known_handle(noun.get("handle"))
    if did is None or not is_did(did):
        reason = Reason.EMPTY_ANSWER if noun == {} else Reason.UNEXPECTED_SHAPE
        return unknown(exchange, reason, "no profile")
    is_same = did == ref.native_id if ref.native_id else bool(handle and handle.lower() == (ref.handle or "").lower())
    if not is_same:
        return unknown(exchange, Reason.WRONG_AUTHOR, f"the profile of {did} ({handle})"[:200])
    hiding = sorted(_labels(noun) & HIDING - {ONLY_SIGNED_IN})
    if hiding:
        return unknown(exchange, Reason.WITHHELD, f"the account is labelled {hiding[0]}")
    return Reading(
        Outcome.ACCOUNT_OK,
        Reason.SERVED,
        exchange,
        author_id=did,
        author_handle=handle,
        age_seconds=age_seconds(exchange),
    )
