"""What an archive has followed, in numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, FromClause, func, select

from archiver.model.report import Followed
from archiver.store.tables import (
    article_states,
    articles,
    batches,
    captures,
    content_removals,
    embeds,
    ledger,
    media,
    post_states,
    rounds,
    snapshots,
    stream_gaps,
)


def followed(connection: Connection) -> Followed:
    """All of it."""
    last = connection.execute(select(ledger).order_by(ledger.c.number.desc()).limit(1)).first()
    shown = post_states.c.alias_of.is_(None)
    return Followed(
        sources=_grouped(connection, articles.c.source, articles.c.source),
        platforms=_grouped(connection, post_states.c.platform, func.count().desc(), shown),
        articles=_count(connection, articles),
        vanished_articles=_count(connection, article_states, article_states.c.vanished_at.is_not(None)),
        embeds=_count(connection, embeds),
        unidentified=_count(connection, embeds, embeds.c.platform.is_(None)),
        posts=_count(connection, post_states, shown),
        snapshots=_count(connection, snapshots),
        captures=_count(connection, captures),
        pictures=_count(connection, media, media.c.content.is_not(None)),
        removals=_grouped(connection, content_removals.c.kind, content_removals.c.kind),
        rounds=_count(connection, rounds),
        batches=_count(connection, batches),
        void_batches=_count(connection, batches, batches.c.valid.is_(False)),
        stream_gaps=_count(connection, stream_gaps),
        ledger_lines=last.number if last else 0,
        ledger_head=last.head if last else None,
    )


def _count(connection: Connection, table: FromClause, *where: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _grouped(connection: Connection, column: Any, order: Any, *where: Any) -> tuple[tuple[str, int], ...]:
    rows = connection.execute(select(column, func.count()).where(*where).group_by(column).order_by(order, column))
    return tuple((str(name), int(number)) for name, number in rows)
