"""Second cuts of quotations: once a post has been seen, its own words show where the article's quotation of it begins
and ends. The first cut stays in the embed's words; each further one is a row here, with how it was made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from archiver.store import contents, identities
from archiver.store.columns import portions
from archiver.store.draft import Draft
from archiver.store.tables import embed_closings, embeds, quotation_cuts
from archiver.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Cut:
    """A quotation as it was cut again."""

    quotation: str | None
    """The words, as the article prints them; None where the post's words were not found in it."""
    how: str | None
    """The rule that cut it; None where markup bounds it."""
    confidence: int | None
    """Of a hundred cut in this way, how many were exact where it was measured; None where nobody measured."""
    origin: str | None = None
    """What it was cut by, in one word ("snapshot"); "from" in the archive."""


@dataclass(frozen=True, slots=True)
class StoredCut:
    """A cut on file."""

    id: int
    embed: int
    cut: Cut | None
    """None once it was redacted."""
    snapshot: int | None
    """The snapshot whose words it was cut by; None without one."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TextEmbed:
    """An embed whose quotation was cut out of running text."""

    embed: int
    words: dict[str, Any]
    """As `standing.embed_words` makes it: "quotation", "author_handle", "cut" …"""
    context: dict[str, Any]
    """"before" and "after": the readable text at either side."""


def append(transaction: Transaction, embed: int, cut: Cut, snapshot: int | None) -> int:
    """Keep a cut, made of the words of this snapshot. Returns its number."""
    said = {"quotation": cut.quotation, "how": cut.how, "confidence": cut.confidence, "from": cut.origin}
    draft = Draft(transaction)
    content = draft.keep_json(said)
    named = {"embed": embed, "content": content, "snapshot": snapshot}
    number = draft.add(quotation_cuts, named | {"made_at": transaction.at, "run": transaction.run})
    draft.line("quotation_cut", cut=number, **named)
    draft.write()
    return number


def of_embeds(connection: Connection, embed_ids: Collection[int]) -> dict[int, list[StoredCut]]:
    """The cuts of these embeds, by embed, oldest first."""
    found: dict[int, list[StoredCut]] = {}
    for part in portions(embed_ids):
        query = select(quotation_cuts).where(quotation_cuts.c.embed.in_(part)).order_by(quotation_cuts.c.id)
        rows = connection.execute(query).all()
        said = contents.get_json(connection, [row.content for row in rows])
        for row in rows:
            cut = _cut(said.get(row.content))
            found.setdefault(row.embed, []).append(StoredCut(row.id, row.embed, cut, row.snapshot, row.made_at))
    return found


def waiting(connection: Connection, shown: Mapping[int, int]) -> list[int]:
    """Those of these posts (post → snapshot) of which `open_text_embeds` finds any."""
    members = identities.joined(connection, shown)
    cut_by: dict[tuple[int, int], set[int]] = {}
    for part in portions(members):
        for row in connection.execute(
            select(embeds.c.id, embeds.c.post, quotation_cuts.c.snapshot)
            .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
            .outerjoin(quotation_cuts, quotation_cuts.c.embed == embeds.c.id)
            .where(embeds.c.post.in_(part), embeds.c.form == "text", embed_closings.c.embed.is_(None))
        ):
            cut_by.setdefault((row.id, members[row.post]), set()).add(row.snapshot)
    return sorted({post for (_, post), snapshots in cut_by.items() if shown[post] not in snapshots})


def open_text_embeds(connection: Connection, post: int, snapshot: int | None) -> list[TextEmbed]:
    """The embeds of form "text" that show a post, or one joined into it, stand in their article and have no cut yet by
    this snapshot; those whose words were redacted are left out."""
    rows = connection.execute(
        select(embeds.c.id, embeds.c.words, embeds.c.context)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .outerjoin(
            quotation_cuts,
            and_(quotation_cuts.c.embed == embeds.c.id, quotation_cuts.c.snapshot.is_not_distinct_from(snapshot)),
        )
        .where(
            embeds.c.post.in_(sorted(identities.joined(connection, [post]))),
            embeds.c.form == "text",
            embed_closings.c.embed.is_(None),
            quotation_cuts.c.id.is_(None),
        )
        .order_by(embeds.c.id)
    ).all()
    said = contents.get_json(connection, [number for row in rows for number in (row.words, row.context)])
    return [
        TextEmbed(row.id, said[row.words], said[row.context])
        for row in rows
        if row.words in said and row.context in said
    ]


def _cut(said: dict[str, Any] | None) -> Cut | None:
    return Cut(said["quotation"], said["how"], said["confidence"], said["from"]) if said else None
