"""Records of disappearances: what stands in a line of every export, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from archiver.audit import reposts, wording
from archiver.model.listing import Citation, PostFilter, PostListing
from archiver.store import history, listing
from archiver.store.transaction import Reader

COLUMNS = (
    "record",
    "post",
    "platform",
    "post_id",
    "permalink",
    "author_handle",
    "author_id",
    "author_name",
    "text",
    "text_from",
    "links",
    "published_at",
    "published_on",
    "first_seen_at",
    "last_seen_at",
    "gone_after",
    "gone_by",
    "decided_at",
    "grade",
    "checks",
    "endpoints",
    "rests_on",
    "statement",
    "reposted_as",
    "articles",
    "snapshot_digests",
    "archive_captures",
    "ledger_line",
    "rules_version",
    "flags",
)
"""Columns of the CSV and keys of a JSON line, in order."""

PAGE = 100


def of(
    connection: Reader, wanted: PostFilter, unsafe: tuple[str, ...] = (), *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """A record for each post that passes the filter, newest first.

    `unsafe` names weaker rules that were in force; every record carries them.
    """
    posts = listing.posts(connection, wanted, limit=limit)
    while page := list(islice(posts, PAGE)):
        yield from _page(connection, page, unsafe)


def cell(part: Any) -> str:
    """A part of a record as one cell of a table; "" for none."""
    if part is None:
        return ""
    if not isinstance(part, list):
        return str(part)
    return " | ".join(_cell_of_list(each) for each in part)


def _page(connection: Reader, page: list[PostListing], unsafe: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    numbers = [post.number for post in page]
    given = history.standing_verdicts(connection, numbers)
    looks = history.endpoints_of(connection, {number for each in given.values() for number in each.rests_on})
    again, cited = reposts.of_posts(connection, page), listing.citations_of(connection, numbers)
    digests = history.snapshot_digests_of(connection, numbers)
    for post in page:
        verdict = given[post.number]
        absents = [looks[number] for number in verdict.rests_on if looks[number][1] == "absent"]
        checks, endpoints = len(absents), len({look[0] for look in absents})
        interval = verdict.verdict.get("interval") or {}
        yield _record(post, checks, endpoints, interval.get("left_observation")) | {
            "rests_on": list(verdict.rests_on),
            "reposted_as": [_repost(each) for each in again.get(post.number, [])],
            "articles": [_place(each) for each in cited[post.number]],
            "snapshot_digests": digests.get(post.number, []),
            "archive_captures": [f"{each.provenance} {each.address}" for each in post.captures],
            "ledger_line": verdict.ledger,
            "rules_version": ", ".join((verdict.rules_version, *unsafe)),
        }


def _record(post: PostListing, checks: int, endpoints: int, sighting: int | None) -> dict[str, Any]:
    return {
        "record": str(post.state),
        "post": f"p{post.number}",
        "platform": post.platform,
        "post_id": post.native_id,
        "permalink": post.permalink,
        "author_handle": post.author_handle,
        "author_id": post.author_id,
        "author_name": post.author_name,
        "text": post.text,
        "text_from": post.text_from,
        "links": [{"url": link.url, "text": link.text} for link in post.links],
        "published_at": _time(post.published_at),
        "published_on": post.published_on.isoformat() if post.published_on else None,
        "first_seen_at": _time(post.first_seen_at),
        "last_seen_at": _time(post.last_seen_at),
        "gone_after": _time(post.gone_after),
        "gone_by": _time(post.gone_by),
        "decided_at": _time(post.decided_at),
        "grade": post.grade,
        "checks": checks,
        "endpoints": endpoints,
        "statement": wording.disappearance(post, checks, endpoints, sighting),
        "flags": list(post.flags),
    }


def _repost(repost: reposts.Repost) -> str:
    at = _time(repost.published_at)
    return f"p{repost.number}, published {at}, {repost.alike} of 100 alike: {repost.permalink or 'no address'}"


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "address": citation.address,
        "title": citation.title,
        "location": citation.location,
        "position": citation.position,
        "still_there": citation.closed_at is None,
    }


def _cell_of_list(each: Any) -> str:
    if not isinstance(each, dict):
        return str(each)
    if "text" in each:
        return each["url"] if each["url"] == each["text"] else f"{each['text']} -> {each['url']}"
    return str(each["address"] or each["location"])


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
