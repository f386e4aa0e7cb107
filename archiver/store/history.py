"""What happened to a post, in order, out of the tables that are only ever appended to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from archiver.model.listing import TimelineEvent
from archiver.model.run import Run
from archiver.store import contents
from archiver.store.columns import portions
from archiver.store.tables import (
    aliases,
    article_states,
    articles,
    batches,
    embed_closings,
    embeds,
    held_back,
    identifications,
    ledger,
    observations,
    post_states,
    posts,
    run_ends,
    runs,
    snapshots,
    unread_states,
    verdicts,
)
from archiver.store.tables import contents as content_rows


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict as it was given."""

    id: int
    state: str
    decided_at: datetime | None
    grade: str | None
    interval_left: datetime | None
    interval_right: datetime | None
    rests_on: tuple[int, ...]
    verdict: dict[str, Any]
    rules_version: str
    ledger: int


_HOW = {"embed": "by its embed", "wayback": "by the Wayback Machine"}
_ARCHIVES = {"wayback": "the Wayback Machine"}
"""Archives by their names in provenances ("wayback/20190908182104")."""


def verdicts_of(connection: Connection, post: int) -> list[StoredVerdict]:
    """Every verdict that was ever given on a post, oldest first."""
    rows = connection.execute(select(verdicts).where(verdicts.c.post == post).order_by(verdicts.c.id))
    return [_verdict(row) for row in rows]


def standing_verdicts(connection: Connection, numbers: Collection[int]) -> dict[int, StoredVerdict]:
    """The last verdict on each of these posts; those without any are left out."""
    query = select(verdicts).where(verdicts.c.post.in_(sorted(numbers))).order_by(verdicts.c.id)
    return {row.post: _verdict(row) for row in connection.execute(query)}


def _verdict(row: Any) -> StoredVerdict:
    return StoredVerdict(
        row.id,
        row.state,
        row.decided_at,
        row.grade,
        row.interval_left,
        row.interval_right,
        tuple(row.rests_on),
        row.verdict,
        row.rules_version,
        row.ledger,
    )


def endpoints_of(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[str, str, int, str]]:
    """(endpoint, outcome, round, subject kind) of these observations, by number."""
    told = (observations.c.endpoint, observations.c.outcome, observations.c.round, observations.c.subject_kind)
    found: dict[int, tuple[str, str, int, str]] = {}
    for part in portions(sorted(numbers)):
        for row in connection.execute(select(observations.c.id, *told).where(observations.c.id.in_(part))):
            found[row.id] = (row.endpoint, row.outcome, row.round, row.subject_kind)
    return found


def events(connection: Connection, post: int) -> list[TimelineEvent]:
    """Everything that is on file of a post, of those joined into it too, in the order in which it happened."""
    joined = connection.execute(select(post_states.c.post).where(post_states.c.alias_of == post)).scalars()
    numbers = [post, *joined]
    found = [
        *_embeds(connection, numbers),
        *_identifications(connection, numbers),
        *_looks(connection, numbers),
        *_snapshots(connection, numbers),
        *_verdicts(connection, numbers),
    ]
    return sorted(found, key=lambda event: (event.at, event.observation or 0))


def snapshot_digests_of(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    """Labelled digests of the snapshots of these posts, oldest first; those that were redacted are left out."""
    kept = select(snapshots.c.post, content_rows.c.digest).join(content_rows, snapshots.c.content == content_rows.c.id)
    found: dict[int, list[str]] = {}
    kept = kept.where(snapshots.c.post.in_(sorted(numbers)), content_rows.c.digest != "")
    for post, plain in connection.execute(kept.order_by(snapshots.c.id)):
        found.setdefault(post, []).append(plain)
    return found


def newest_line_at(connection: Connection) -> datetime | None:
    """The time in the newest line of the ledger; None before the first."""
    line = connection.execute(select(ledger.c.line).order_by(ledger.c.number.desc()).limit(1)).scalar()
    return datetime.fromisoformat(json.loads(line)["at"]) if line else None


def counts(connection: Connection) -> dict[str, int]:
    """How much the archive holds, by noun; "posts: STATE" for each verdict."""
    found: dict[str, int] = {}
    live = article_states.c.vanished_at.is_(None)
    found["articles"] = _count(connection, select(func.count()).select_from(article_states).where(live))
    for name, table in (("embeds", embeds), ("observations", observations), ("ledger lines", ledger)):
        found[name] = _count(connection, select(func.count()).select_from(table))
    unidentified = select(func.count()).select_from(embeds).where(embeds.c.platform.is_(None))
    found["unidentified embeds"] = _count(connection, unidentified)
    shown = post_states.c.alias_of.is_(None)
    by_state = select(post_states.c.state, func.count()).where(shown).group_by(post_states.c.state)
    for state, number in connection.execute(by_state.order_by(post_states.c.state)):
        found[f"posts: {state}"] = number
    found["unread places"] = _count(connection, select(func.count()).select_from(unread_states))
    found["posts held"] = _count(connection, select(func.count()).select_from(held_back))
    found["void batches"] = _count(
        connection, select(func.count()).select_from(batches).where(batches.c.valid.is_(False))
    )
    return found


def last_runs(connection: Connection) -> list[Run]:
    """The newest run of each kind."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.kind)
    rows = connection.execute(
        select(runs, run_ends.c.ended_at, run_ends.c.summary)
        .outerjoin(run_ends, run_ends.c.run == runs.c.id)
        .where(runs.c.id.in_(newest))
        .order_by(runs.c.id)
    )
    return [Run(row.id, row.kind, row.started_at, row.ended_at, row.version, row.summary) for row in rows]


def _count(connection: Connection, query: Any) -> int:
    return int(connection.execute(query).scalar_one())


def _embeds(connection: Connection, numbers: list[int]) -> Iterator[TimelineEvent]:
    rows = connection.execute(
        select(embeds, articles.c.location, embed_closings.c.closed_at, embed_closings.c.reason)
        .join(articles, articles.c.id == embeds.c.article)
        .outerjoin(embed_closings, embed_closings.c.embed == embeds.c.id)
        .where(embeds.c.post.in_(numbers))
    )
    for row in rows:
        yield TimelineEvent(row.found_at, "embed", f"found in {row.location} ({row.form})")
        if row.closed_at:
            why = "the article vanished" if row.reason == "article_vanished" else "no longer in the article"
            yield TimelineEvent(row.closed_at, "embed", f"{row.location}: {why}")


def _identifications(connection: Connection, numbers: list[int]) -> Iterator[TimelineEvent]:
    for row in connection.execute(select(identifications).where(identifications.c.post.in_(numbers))):
        how = _HOW.get(row.how) or (f"by a sighting ({row.how})" if "/" in row.how else "by its short link")
        yield TimelineEvent(row.identified_at, "identification", f"identified as {row.platform} {row.native_id}, {how}")
    for row in connection.execute(select(aliases).where(aliases.c.post.in_(numbers))):
        yield TimelineEvent(row.joined_at, "joined", f"p{row.post} was found to be p{row.into}")


def _looks(connection: Connection, numbers: list[int]) -> Iterator[TimelineEvent]:
    rows = connection.execute(
        select(observations, batches.c.valid, batches.c.void_because)
        .join(batches, batches.c.id == observations.c.batch)
        .where(
            or_(
                and_(observations.c.subject_kind == "post", observations.c.subject_key.in_([str(n) for n in numbers])),
                observations.c.id.in_(_grounds(connection, numbers)),
            )
        )
    )
    for row in rows:
        about = "the account, " if row.subject_kind == "author" else ""
        strength = f", {row.strength}" if row.strength else ""
        void = "" if row.valid else f" [void: {row.void_because}]"
        title = f"{about}{row.endpoint}: {row.outcome} ({row.reason}{strength}){void}"
        yield TimelineEvent(row.received_at, "observation", title, row.id, bool(row.valid))


def _grounds(connection: Connection, numbers: list[int]) -> list[int]:
    """The observations that verdicts on these posts rest on: looks at the author's account are among them."""
    carried = connection.execute(select(verdicts.c.rests_on).where(verdicts.c.post.in_(numbers))).scalars()
    return sorted({number for each in carried for number in each})


def _snapshots(connection: Connection, numbers: list[int]) -> Iterator[TimelineEvent]:
    rows = connection.execute(select(snapshots).where(snapshots.c.post.in_(numbers)).order_by(snapshots.c.id)).all()
    words = contents.get_json(connection, [row.content for row in rows])
    for row in rows:
        text = words.get(row.content, {}).get("text", "(redacted)")
        archive = _ARCHIVES.get(row.provenance.partition("/")[0])
        whose = f"captured by {archive} ({row.provenance})" if archive else f"{row.kind} from {row.endpoint}"
        yield TimelineEvent(row.taken_at, "snapshot", f"{whose}: {text}")


def _verdicts(connection: Connection, numbers: list[int]) -> Iterator[TimelineEvent]:
    for row in connection.execute(select(verdicts).where(verdicts.c.post.in_(numbers))):
        grade = f", grade {row.grade}" if row.grade else ""
        found_at = connection.execute(select(posts.c.found_at).where(posts.c.id == row.post)).scalar_one()
        at = row.decided_at or found_at
        flags = "".join(f", {flag}" for flag in row.verdict["flags"])
        held_by = row.verdict.get("held_by")  # verdicts of rules 1 do not tell
        flags += f", held by incident {held_by}" if held_by else ""
        yield TimelineEvent(at, "verdict", f"{row.state}{grade}{flags}", max(row.rests_on, default=None))
