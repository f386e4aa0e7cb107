"""Pages that an archive was asked to save: whose turn it is, out of the looks that are stored at "wayback_save"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from archiver.model.outcome import Reason
from archiver.model.verdict import State
from archiver.store import contents, posts
from archiver.store.captures import UNASKED
from archiver.store.redactions import not_redacted
from archiver.store.tables import AT_ARCHIVES, captures, observations, post_states

SAVE = "wayback_save"


@dataclass(frozen=True, slots=True)
class Asked:
    """How it went so far with one post's page."""

    reason: Reason | None = None
    """Of the newest look; None where nobody asked."""
    at: datetime | None = None
    """When that was."""
    begun_at: datetime | None = None
    """When the newest job was begun; None without any."""
    job: str | None = None
    """The number of a job that goes on; None else."""
    failed: int = 0
    """Jobs that failed."""
    vain: int = 0
    """Looks that came to nothing else: the archive was down, or asked to be left alone."""


def asked(connection: Connection) -> dict[int, Asked]:
    """How it went with each post that the archive was asked about."""
    told = {Reason.SAVE_BEGUN, Reason.SAVE_PENDING, Reason.SAVED, Reason.SAVE_FAILED}
    look = observations.c
    newest = (
        select(
            look.subject_key,
            func.max(look.id).label("newest"),
            func.max(look.received_at).filter(look.reason == Reason.SAVE_BEGUN).label("begun_at"),
            func.count().filter(look.reason == Reason.SAVE_FAILED).label("failed"),
            func.count().filter(look.reason.not_in(sorted(told)), look.attempt == 1).label("vain"),
        )
        # The words of the index, so that it is used.
        .where(text(AT_ARCHIVES), look.endpoint == SAVE, look.reason.not_in(sorted(UNASKED)))
        .group_by(look.subject_key)
        .subquery()
    )
    rows = connection.execute(
        select(newest, look.reason, look.received_at, look.remark).join(observations, look.id == newest.c.newest)
    ).all()
    going = [row.remark for row in rows if row.remark and row.reason in (Reason.SAVE_BEGUN, Reason.SAVE_PENDING)]
    remarks = contents.get_json(connection, going)
    return {
        int(row.subject_key): Asked(
            Reason(row.reason),
            row.received_at,
            _time(row.begun_at),
            remarks.get(row.remark, {}).get("message"),
            row.failed,
            row.vain,
        )
        for row in rows
    }


def wanted(connection: Connection, platform: str, authors: Sequence[str] = ()) -> list[int]:
    """Numbers of the posts that were seen alive, are so now, and of which no capture is known; newest found first."""
    state = post_states.c
    where = [state.alias_of.is_(None), state.platform == platform, state.state == str(State.ALIVE)]
    where += [state.native_id.is_not(None), not_redacted(), *posts.followed(authors)]
    where.append(state.post.not_in(select(captures.c.post)))
    return list(connection.execute(select(state.post).where(*where).order_by(state.post.desc())).scalars())


def _time(at: datetime | str | None) -> datetime | None:
    # An aggregate loses the column's type on some databases.
    return datetime.fromisoformat(at) if isinstance(at, str) else at
