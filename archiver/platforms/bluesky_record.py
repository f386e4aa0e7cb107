"""Looks at a post's record where it stands: the directory of did:plc names the author's host, and the host is asked.

    DID ─plc.directory→ host ─getRecord→ the record: present
                                  └ RecordNotFound ─getRepoStatus→ active: absent, strong
                                                                └ suspended, deactivated …: the account

Hosts are named in documents that anybody can write, so only those that Bluesky itself runs are asked. Of an author
whose repository is elsewhere this endpoint tells nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from archiver.model.exchange import Exchange, Get
from archiver.model.observation import Reading
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.post import PostRef
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
from archiver.platforms.bluesky_appview import HOST as APPVIEW_HOST
from archiver.platforms.bluesky_names import COLLECTION, Named, is_did, is_plc, known_as, named, not_asked, wrong_author
from archiver.platforms.bluesky_post import media_of_record, snapshot
from archiver.platforms.bluesky_rules import MISSING, PLACES, STATES, TOMBSTONE
from archiver.platforms.rules import Rule, read_as, read_by_rule, rule_for
from archiver.urls import split, within

HOST = "plc.directory"
REPOSITORY_HOSTS = "host.bsky.network"
"""Bluesky's own hosts stand below it: NAME.REGION.host.bsky.network."""


def look(ref: PostRef, get: Get) -> Reading:
    """Two to four requests, each answer naming the next."""
    post = named(ref)
    if post is None:
        return not_asked(f"{ref.native_id!r} is no address of a post at Bluesky"[:200])
    did = _did(post, get)
    if isinstance(did, Reading):
        return did
    wrong = wrong_author(ref, did, None)
    host = wrong or _host(did, get)
    if isinstance(host, Reading):
        return host
    reading = _record(post, did, host, get)
    return replace(reading, known_as=known_as(ref, did, post.key) if reading.snapshot else None)


def _did(post: Named, get: Get) -> str | Reading:
    """The DID; one request where only a handle is known."""
    if is_did(post.repository):
        return post.repository
    query = urlencode({"handle": post.repository})
    exchange = _ask(get, f"https://{APPVIEW_HOST}/xrpc/com.atproto.identity.resolveHandle?{query}")
    failed, noun = _read(exchange)
    if failed is not None:
        return failed
    did = words(noun, "did")
    return did if did and is_did(did) else unknown(exchange, Reason.UNEXPECTED_SHAPE, "no DID")


def _host(did: str, get: Get) -> str | Reading:
    """Where the repository is, as the DID's own document says."""
    if not is_plc(did):
        return not_asked(f"where the repository of {did} is cannot be asked: only did:plc has a directory")
    exchange = _ask(get, f"https://{HOST}/{did}")
    failed, noun = _read(exchange, TOMBSTONE)
    if failed is not None:
        is_another = failed.outcome is not Outcome.UNKNOWN and did not in (words(noun, "message") or "")
        return unknown(exchange, Reason.WRONG_ID, "told of another DID") if is_another else failed
    if words(noun, "id") != did:
        return unknown(exchange, Reason.WRONG_ID, f"asked for {did}, got {words(noun, 'id')}"[:200])
    places = [row for row in rows(noun, "service") if words(row, "id") in ("#atproto_pds", f"{did}#atproto_pds")]
    if len(places) != 1:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"{len(places)} hosts of the repository")
    address = words(places[0], "serviceEndpoint") or ""
    parts = split(address)
    if parts is None or parts.scheme != "https" or parts.path.strip("/") or parts.query:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, f"no host: {address}"[:200])
    if parts.netloc == REPOSITORY_HOSTS or not within(parts.netloc, REPOSITORY_HOSTS):
        return unknown(exchange, Reason.HOST_NOT_ALLOWED, f"the repository is at {parts.netloc}, which is not asked")
    return parts.netloc


def _record(post: Named, did: str, host: str, get: Get) -> Reading:
    query = urlencode({"repo": did, "collection": COLLECTION, "rkey": post.key})
    exchange = _ask(get, f"https://{host}/xrpc/com.atproto.repo.getRecord?{query}")
    down, noun = without_answer(exchange), json_or_none(exchange.body)
    if down is not None:
        return down
    if rule_for((MISSING,), PLACES, "record", exchange, noun) is not None:
        return _missing(post, did, host, exchange, noun, get)
    failed = by_status(exchange)
    if failed is not None:
        return failed
    if not isinstance(noun, dict):
        return not_json(exchange)
    uri = words(noun, "uri")
    if uri is None:
        return unknown(exchange, Reason.EMPTY_ANSWER if noun == {} else Reason.UNEXPECTED_SHAPE, "no address")
    if uri != post.uri(did):
        return unknown(exchange, Reason.WRONG_ID, f"asked for {post.uri(did)}, got {uri}"[:200])
    record = table(noun, "value")
    said = snapshot(record, post.key, did, media_of_record(record, host, did), {})
    if said is None:
        return unknown(exchange, Reason.UNEXPECTED_SHAPE, "neither text nor media")
    age = age_seconds(exchange)
    return Reading(Outcome.PRESENT, Reason.SERVED, exchange, snapshot=said, author_id=did, age_seconds=age)


def _missing(post: Named, did: str, host: str, exchange: Exchange, noun: Any, get: Get) -> Reading:
    """The host has no such record. That counts only if it says that it has the repository, and that it is active."""
    if not (words(noun, "message") or "").endswith(f": {post.uri(did)}"):
        return unknown(exchange, Reason.WRONG_ID, "another record is missing")
    status = _ask(get, f"https://{host}/xrpc/com.atproto.sync.getRepoStatus?" + urlencode({"did": did}))
    failed, told = _read(status, *STATES)
    said_of = words(told, "did") or (words(told, "message") or "").rpartition(" ")[2]
    if failed is not None and failed.outcome is Outcome.UNKNOWN:
        return failed
    if said_of != did:
        return unknown(status, Reason.WRONG_ID, f"the state of another repository: {said_of}"[:200])
    if failed is not None:
        return failed
    if told.get("active") is not True:
        return unknown(status, Reason.UNEXPECTED_SHAPE, f"the repository is {words(told, 'status')}"[:200])
    absent = read_as(MISSING, exchange)
    return absent if post.is_certain else replace(absent, strength=Strength.WEAK)


def _ask(get: Get, url: str) -> Exchange:
    return get(url, accept="application/json")


def _read(exchange: Exchange, *rules: Rule) -> tuple[Reading | None, Any]:
    """What the network, a rule or the status already says, or that there is no JSON; else None, and the JSON."""
    noun = json_or_none(exchange.body)
    known = read_by_rule(rules, PLACES, "record", exchange, noun)
    return known if known or isinstance(noun, dict) else not_json(exchange), noun
