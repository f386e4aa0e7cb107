"""Builders with verbs: small, whole nouns of the house for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archiver import digest
from archiver.clock import SettableClock
from archiver.model.article import Article, Stamp
from archiver.model.embed import Embed, Identification, Link
from archiver.model.exchange import Exchange
from archiver.model.observation import Batch, Look, Reading, SubjectKind
from archiver.model.outcome import Outcome, Reason, Strength
from archiver.model.snapshot import Snapshot
from archiver.store.engine import Database
from archiver.store.migrate import bring_up_to_date
from archiver.store.transaction import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_store(folder: Path, clock: SettableClock | None = None) -> Store:
    """A new archive with its schema."""
    database = Database(folder)
    bring_up_to_date(database)
    return Store(database, clock or SettableClock(NOON))


def write_article(location: str = "a.html", words: str = "Sample words", source: str = "sample") -> Article:
    """One article as a source hands it over."""
    payload = words.encode()
    stamp = Stamp(len(payload), 1, 1)
    return Article(
        source,
        location,
        "html",
        payload,
        "utf-8",
        digest.of_bytes(payload),
        len(payload),
        stamp,
        title=f"On {location}",
    )


def print_embed(
    native_id: str | None = "1499999999999999999", quotation: str = "Sample text one", **more: object
) -> Embed:
    """One embed as a form finds it."""
    fields: dict[str, object] = {
        "position": 0,
        "form": "blockquote",
        "hint": "x",
        "native_id": native_id,
        "author_handle": "sample_wire",
        "author_name": "Sample Wire",
        "published_on": date(2022, 3, 5),
        "quotation": quotation,
        "links": (Link("https://t.co/samplecode", "pic.twitter.com/samplecode"),),
        "before": "Before it. ",
        "after": " After it.",
    }
    return Embed(**{**fields, **more})  # type: ignore[arg-type]


def name_post(embed: Embed, *, short_links: tuple[str, ...] = ()) -> Identification:
    """What an adapter makes of that embed."""
    permalink = f"https://x.com/{embed.author_handle}/status/{embed.native_id}" if embed.native_id else None
    return Identification(
        "x", None, embed.native_id, permalink, embed.author_handle, None, published_at=None, short_links=short_links
    )


def say(text: str = "Sample text one", **more: object) -> Snapshot:
    """What a post says."""
    fields: dict[str, object] = {
        "text": text,
        "links": (),
        "media": (),
        "author_id": "77",
        "author_handle": "sample_wire",
        "author_name": "Sample Wire",
        "published_at": None,
        "language": "en",
        "truncated": False,
    }
    return Snapshot(**{**fields, **more})  # type: ignore[arg-type]


def answer(
    at: datetime, body: bytes = b'{"sample": 1}', url: str = "https://publish.x.com/oembed?url=sample"
) -> Exchange:
    """One whole exchange."""
    return Exchange(
        url, None, (("Accept", "*/*"),), (), 200, "HTTP/1.1", (("Date", "today"),), body, body, None, "203.0.113.1:443",
        None, at, at, 0.0, 0.0,
    )  # fmt: skip


def look(
    post: int | str,
    outcome: Outcome,
    at: datetime,
    *,
    strength: Strength | None = None,
    snapshot: Snapshot | None = None,
    kind: SubjectKind = SubjectKind.POST,
    author_id: str | None = None,
    native_id: str | None = "1499999999999999999",
) -> Look:
    """One look at a post, with one exchange."""
    reasons = {Outcome.PRESENT: Reason.SERVED, Outcome.ABSENT: Reason.NOT_FOUND, Outcome.ACCOUNT_OK: Reason.TIMELINE}
    exchange = answer(at)
    reading = Reading(
        outcome, reasons.get(outcome, Reason.CONNECT), exchange, strength, snapshot,
        author_id=author_id or (snapshot.author_id if snapshot else None),
        author_handle=snapshot.author_handle if snapshot else None,
    )  # fmt: skip
    passed = (at - NOON).total_seconds()
    return Look(kind, str(post), native_id, 1, reading, (exchange,), at, at, passed, passed)


def close(
    round_number: int, looks: list[Look], at: datetime, *, endpoint: str = "syndication", valid: bool = True
) -> Batch:
    """A batch that closed one second after its looks."""
    closed = at + timedelta(seconds=1)
    passed = (at - NOON).total_seconds()
    return Batch(
        "x", round_number, endpoint, "sample", "1", at, closed, "settable", passed, passed + 1, "direct", valid, True,
        None if valid else "a control misread", tuple(looks),
    )  # fmt: skip
