"""When to look at a post again: what is known of it → `next_check_at`.

| the post is                          | the next look comes                                      |
|--------------------------------------|----------------------------------------------------------|
| alive, younger than 6 h              | 1 h after the last                                       |
| alive, younger than 2 days           | 6 h                                                      |
| alive, younger than 14 days          | 1 day                                                    |
| alive, younger than 30 days          | 3 days                                                   |
| alive, older                         | on a beat of its own, within the longest gap (5 days)    |
| unknown: never seen, or only unknown | 1 h, doubling to 1 day                                   |
| absent, not yet concluded            | 1, 7 and 24 h after the first such round, then daily     |
| concluded: deleted, account gone …   | 7, 30 and 90 days after the verdict, then every year     |

A post is never dropped from the timetable. Of those that are due, the latest in proportion to its gap comes first: a
post that was found absent an hour ago does not wait behind thousands that wait for days, and none starves. And since
controls cost a round of one post as much as a round of twenty, a round that has room takes along live posts that are
due soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver import digest
from archiver.model.verdict import State, Verdict

BY_AGE = (
    (timedelta(hours=6), timedelta(hours=1)),
    (timedelta(days=2), timedelta(hours=6)),
    (timedelta(days=14), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=3)),
)
"""Younger than → gap. Older posts are looked at in the longest gap."""
AFTER_ABSENT = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=17), timedelta(hours=24))
"""Each from the round before. The three days that a verdict takes at least are then over with a round, not hours before
the next."""
AFTER_VERDICT = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(days=1)
LONGEST_RETRY_AFTER_SECONDS = 3600
SHORTEST_GAP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """[schedule] of the configuration, as far as it says when a post is due."""

    longest_gap: timedelta = timedelta(days=5)
    """Greatest time between two looks at a live post."""
    jitter_percent: int = 10
    """By how much a live post's gap may be shortened, so that looks do not bunch; 0 to 50."""
    early_percent: int = 10
    """By how much of its gap a live post may be looked at early, where a round has room; 0 to 50."""


def next_check(
    number: int,
    published_at: datetime | None,
    verdict: Verdict,
    looks: int,
    last_closed_at: datetime,
    retry_after_seconds: int | None = None,
    timetable: Timetable = Timetable(),
) -> datetime:
    """When post `number` is due again, UTC; always later than `last_closed_at`.

    `looks` counts the rounds in which it was looked at since its present state was given, that round included
    (unknown: all rounds). `last_closed_at` is the closing of its newest batch, `retry_after_seconds` what the
    platform asked for in the newest round. Pure: the jitter is drawn from the post's number and the last closing.
    """
    if verdict.state is State.ALIVE:
        # A post whose age is not known is at least as old as our first sight of it.
        born_at = published_at or verdict.first_seen_at or last_closed_at
        gap = _gap_by_age(last_closed_at - born_at, timetable)
        due = last_closed_at + _shortened(gap, number, last_closed_at, timetable)
        if gap == timetable.longest_gap:
            due = max(_on_the_beat(number, last_closed_at, timetable), last_closed_at + min(FIRST_RETRY, gap))
    elif verdict.state is State.UNKNOWN:
        doublings = min(max(looks - 1, 0), 10)
        due = last_closed_at + min(FIRST_RETRY * 2**doublings, LONGEST_RETRY)
    elif verdict.state in (State.GONE_UNCONFIRMED, State.ABSENT_ON_FIRST_CHECK):
        # Not jittered: a round that comes early does not count.
        due = last_closed_at + AFTER_ABSENT[min(max(looks, 1), len(AFTER_ABSENT)) - 1]
    else:
        due = _after_verdict(verdict.decided_at or last_closed_at, last_closed_at)
    return max(due, last_closed_at + _asked_to_wait(retry_after_seconds))


def lateness(at: datetime, due_at: datetime, last_checked_at: datetime | None) -> float:
    """How late a look at a post is, in gaps between two looks at it; of those that are due the greatest comes first.

    A post that was never looked at is as late as one that is looked at daily.
    """
    gap = due_at - last_checked_at if last_checked_at else LONGEST_RETRY
    return (at - due_at) / max(gap, SHORTEST_GAP)


def may_be_early(at: datetime, due_at: datetime, last_checked_at: datetime | None, timetable: Timetable) -> bool:
    """Whether a round that has room may take a live post along that is due later.

    Only live ones: of a post that was found absent the times of its rounds count, and one that comes early does not.
    """
    return last_checked_at is not None and at >= due_at - (due_at - last_checked_at) * timetable.early_percent / 100


def _gap_by_age(age: timedelta, timetable: Timetable) -> timedelta:
    gap = next((gap for younger_than, gap in BY_AGE if age < younger_than), timetable.longest_gap)
    return min(gap, timetable.longest_gap)


def _on_the_beat(number: int, last_closed_at: datetime, timetable: Timetable) -> datetime:
    """The last beat of the post that comes within the longest gap; without jitter, the end of the gap itself.

    Posts that were all found by one scan, or missed in one outage, would be looked at in one day for ever after: what
    vanished in five days would be found in one, and the breaker would take an ordinary week for the platform's failure.
    """
    gap = timetable.longest_gap
    if timetable.jitter_percent == 0:
        return last_closed_at + gap
    # So much shorter that a look which a round took along early does for the next beat.
    beat = gap * (1 - timetable.jitter_percent / 200 - timetable.early_percent / 100)
    return last_closed_at + gap - (last_closed_at + gap - EPOCH - beat * _drawn(str(number))) % beat


def _shortened(gap: timedelta, number: int, last_closed_at: datetime, timetable: Timetable) -> timedelta:
    """The gap less up to the jitter: shorter only, for the longest gap is a promise."""
    share = _drawn(f"{number} {last_closed_at.isoformat()}")
    return gap * (1 - share * timetable.jitter_percent / 100)


def _drawn(words: str) -> float:
    """A number from 0 to 1, always the same for the same words."""
    return int(digest.of_bytes(words.encode()).removeprefix("sha256:")[:8], 16) / 0xFFFFFFFF


def _after_verdict(decided_at: datetime, last_closed_at: datetime) -> datetime:
    """The first of 7, 30, 90 days after the verdict, or of the years after it, that is still to come."""
    for span in AFTER_VERDICT:
        if decided_at + span > last_closed_at:
            return decided_at + span
    years = (last_closed_at - decided_at) // YEAR + 1
    return decided_at + years * YEAR


def _asked_to_wait(retry_after_seconds: int | None) -> timedelta:
    if retry_after_seconds is None or retry_after_seconds <= 0:
        return timedelta(0)
    return timedelta(seconds=min(retry_after_seconds, LONGEST_RETRY_AFTER_SECONDS))
