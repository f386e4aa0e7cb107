"""Posts as a bag carries them: what is on file of their state, and the history that it follows from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select

from archiver import digest
from archiver.store import carried, contents
from archiver.store.carrying import Carrier, Record, told
from archiver.store.numbers import Numbers
from archiver.store.tables import (
    aliases,
    article_versions,
    articles,
    captures,
    embed_closings,
    embeds,
    hold_ends,
    holds,
    identifications,
    media,
    post_states,
    posts,
    quotation_cuts,
    redactions,
    snapshots,
    verdicts,
)
from archiver.store.tables import contents as content_rows

PAGE = 100

_STANDING = (
    *("state", "grade", "flags", "decided_at", "interval_left", "interval_right", "first_seen_at", "last_seen_at"),
    *("last_checked_at", "last_reason", "checks"),
)
_FACTS = ("platform", "host", "published_at", "published_on", "id_low", "id_high", "edit_chain", "doubts", "found_at")
_PERSONAL = ("permalink", "short_links", "author_handle", "author_name", "author_id", "cited_handle")


def post_records(carrier: Carrier, numbers: Numbers) -> Iterator[Record]:
    """Posts by ascending number, each with all that was ever on file of it and of those joined into it."""
    for part in numbers.portions(PAGE):
        yield from _page(carrier, part)


def _page(carrier: Carrier, part: list[int]) -> Iterator[Record]:
    names = carried.names_of(carrier.connection, part)
    owner = {name: post for post, each in names.items() for name in each}
    query = select(post_states, posts.c.found_at, posts.c.provisional).join(posts, posts.c.id == post_states.c.post)
    rows = carrier.connection.execute(query.where(post_states.c.post.in_(part)).order_by(post_states.c.post)).all()
    history: dict[str, Mapping[int, list[Record]]] = {
        "joined": _of(_joined(carrier, owner), owner),
        "identifications": _of(_identifications(carrier, owner), owner),
        "embeds": _of(_embeds(carrier, owner), owner),
        "snapshots": _of(_snapshots(carrier, owner), owner),
        "captures": _of(_captures(carrier, owner), owner),
        "pictures": _of(_pictures(carrier, owner), owner),
        "verdicts": _of(_verdicts(carrier, owner), owner),
        "redactions": _of(_told_in_words(carrier, _rows(carrier, redactions, owner)), owner),
        "holds": _of(_holds(carrier, owner), owner),
    }
    subjects = _author_subjects(carrier, names)
    carrier.contents.update(row.provisional for row in rows)
    for row in rows:
        yield (
            {"post": row.post, "names": names[row.post], "author_subjects": subjects.get(row.post, [])}
            | {"standing": told(row, *_STANDING)}
            | told(row, *_FACTS, "provisional")
            | carrier.shown_id(row.platform, row.native_id)
            | carrier.private(told(row, *_PERSONAL))
            | {noun: found.get(row.post, []) for noun, found in history.items()}
        )


def _of(rows: Iterator[tuple[int, Record]], owner: Mapping[int, int]) -> Mapping[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for name, record in rows:
        found.setdefault(owner[name], []).append(record)
    return found


def _rows(carrier: Carrier, table: Table, owner: Mapping[int, int]) -> list[Any]:
    """The table's rows about these posts, in the order in which they came."""
    query = select(table).where(table.c.post.in_(sorted(owner))).order_by(*table.primary_key.columns)
    return list(carrier.connection.execute(query))


def _author_subjects(carrier: Carrier, names: Mapping[int, list[int]]) -> dict[int, list[str]]:
    """By what commitments lines name the author of each post: no look at the account can be left out unseen."""
    owner = {name: post for post, each in names.items() for name in each}
    keys = carried.author_keys(carrier.connection, list(owner))
    plain = {digest.of_bytes(key.encode()): key for each in keys.values() for key in each}
    known: dict[str, list[str]] = {}
    query = select(content_rows.c.digest, content_rows.c.commitment).where(content_rows.c.digest.in_(list(plain)))
    for each, commitment in carrier.connection.execute(query.order_by(content_rows.c.id)):
        known.setdefault(plain[each], []).append(commitment)
    found: dict[int, set[str]] = {}
    for name, own in keys.items():
        found.setdefault(owner[name], set()).update(one for key in own for one in known.get(key, []))
    return {post: sorted(each) for post, each in found.items()}


def _joined(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    rows = _rows(carrier, aliases, owner)
    lines = carrier.lines_of("joined", [row.post for row in rows])
    for row in rows:
        yield row.post, lines.of(row.post)


def _identifications(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    rows = _rows(carrier, identifications, owner)
    lines = carrier.lines_of("identification", [row.id for row in rows])
    words = [digest.canonical({"post": row.post, "platform": row.platform, "host": row.host or "",
                               "native_id": row.native_id}) for row in rows]  # fmt: skip
    held = carrier.opened(words)
    for row, said in zip(rows, words, strict=True):
        line = lines.of(row.id)
        number = held.of(line, "content")
        content = {} if number is None else {"content": number} | carrier.private({"said": json.loads(said)})
        yield (
            row.post,
            line | told(row, "platform", "host", "how") | carrier.shown_id(row.platform, row.native_id) | content,
        )


def _embeds(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    query = (
        select(embeds, articles.c.source, articles.c.location, article_versions.c.content.label("version_content"),
               embed_closings.c.closed_at)
        .join(articles, articles.c.id == embeds.c.article)
        .join(article_versions, article_versions.c.id == embeds.c.version)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .where(embeds.c.post.in_(sorted(owner)))
        .order_by(embeds.c.id)
    )  # fmt: skip
    rows = carrier.connection.execute(query).all()
    numbers = [row.id for row in rows]
    lines, closings = carrier.lines_of("embed", numbers), carrier.lines_of("embed_closed", numbers)
    versions = carrier.lines_of("article_read", {row.version for row in rows})
    said = carrier.said(each for row in rows for each in (row.words, row.context, row.version_content))
    cuts = _cuts(carrier, numbers)
    for row in rows:
        yield (
            row.post,
            (
                lines.of(row.id)
                | {"article": {"article": row.article} | carrier.private(told(row, "source", "location"))}
                | {"version": versions.of(row.version) | said.of(row.version_content)}
                | told(row, "position", "form", "hint", "platform", "published_on", "found_at")
                | {"words": said.of(row.words), "context": said.of(row.context), "cuts": cuts.get(row.id, [])}
                | ({"closed": closings.of(row.id)} if row.closed_at else {})
            ),
        )


def _cuts(carrier: Carrier, numbers: list[int]) -> dict[int, list[Record]]:
    query = select(quotation_cuts).where(quotation_cuts.c.embed.in_(numbers)).order_by(quotation_cuts.c.id)
    rows = carrier.connection.execute(query).all()
    lines, said = carrier.lines_of("quotation_cut", [row.id for row in rows]), carrier.said(row.content for row in rows)
    found: dict[int, list[Record]] = {}
    for row in rows:
        found.setdefault(row.embed, []).append(lines.of(row.id) | said.of(row.content))
    return found


def _snapshots(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    rows = _rows(carrier, snapshots, owner)
    said = carrier.said(row.content for row in rows)
    for row in rows:
        told_of = told(row, "endpoint", "kind", "taken_at", "provenance")
        yield row.post, {"snapshot": row.id} | told_of | said.of(row.content)


def _captures(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    rows = _rows(carrier, captures, owner)
    lines = carrier.lines(row.ledger for row in rows)
    carrier.contents.update(row.address for row in rows)
    for row in rows:
        address = contents.get(carrier.connection, row.address) if carrier.words else None
        said = {} if address is None else {"address": address.decode("utf-8", "replace")}
        yield row.post, lines.of(row.ledger) | {"address_content": row.address} | said


def _pictures(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    """What came of asking for each picture; its bytes, and what was asked and answered, are contents."""
    rows = _rows(carrier, media, owner)
    lines = carrier.lines(row.ledger for row in rows)
    for row in rows:
        exchange = [each for each in (row.request, row.response, row.payload) if each is not None]
        carrier.contents.update([row.address, row.content, *exchange])
        address = contents.get(carrier.connection, row.address) if carrier.words else None
        yield (
            row.post,
            lines.of(row.ledger)
            | told(row, "status_code", "truncated", "sent_at", "received_at")
            | {"address_content": row.address, "exchange_contents": exchange}
            | ({} if row.content is None else {"kept_content": row.content})
            | ({} if address is None else {"address": address.decode("utf-8", "replace")})
            | carrier.private(told(row, "peer", "tls_digest", "detour")),
        )


def _holds(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    """Legal holds, and how they ended."""
    placed = _rows(carrier, holds, owner)
    ends = select(hold_ends, holds.c.post).join(holds, holds.c.id == hold_ends.c.hold)
    ended = carrier.connection.execute(ends.where(holds.c.post.in_(sorted(owner))))
    yield from _told_in_words(carrier, sorted([*placed, *ended], key=lambda row: row.ledger))


def _told_in_words(carrier: Carrier, rows: list[Any]) -> Iterator[tuple[int, Record]]:
    lines, said = carrier.lines(row.ledger for row in rows), carrier.said(row.words for row in rows)
    for row in rows:
        yield row.post, lines.of(row.ledger) | said.of(row.words)


def _verdicts(carrier: Carrier, owner: Mapping[int, int]) -> Iterator[tuple[int, Record]]:
    rows = _rows(carrier, verdicts, owner)
    lines = carrier.lines(row.ledger for row in rows)
    for row in rows:
        yield row.post, lines.of(row.ledger) | {"verdict": row.verdict}
