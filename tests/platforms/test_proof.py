"""What the answers of YouTube and Reddit can prove in the end: recorded cases, day after day, judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archiver.model.observation import Observation, SubjectKind
from archiver.model.verdict import PostFacts, State
from archiver.platforms.adapter import Adapter, Setup
from archiver.platforms.reddit import Reddit
from archiver.platforms.youtube import YouTube
from archiver.verdicts import judge
from tests.platforms import readings as check
from tests.platforms.recorded import RECORDED, case

START = datetime(2026, 1, 6, tzinfo=UTC)
ADAPTERS: dict[str, Adapter] = {
    "youtube": YouTube(Setup(credentials=frozenset({"api_key"}))),
    "reddit": Reddit(Setup(credentials=frozenset({"client_id", "client_secret"}))),
}
POSTS = {"youtube": "AbCdEfGhIj4", "reddit": "abc123"}


def looks(platform: str, names: str, day: int) -> list[Observation]:
    """One round: the first reading of each case, between controls that read right."""
    at = START + timedelta(days=day)
    found = []
    for number, name in enumerate(names.split()):
        recorded = case(RECORDED / platform / name)
        reading = check.readings(ADAPTERS[platform], recorded)[0]
        is_author = "author" in (recorded.expected.get("refs") or [recorded.expected["ref"]])[0]
        found.append(
            Observation(
                id=day * 10 + number + 1,
                round=day + 1,
                batch=day * 10 + number + 1,
                subject_kind=SubjectKind.AUTHOR if is_author else SubjectKind.POST,
                subject_key=str(reading.author_id) if is_author else "1",
                endpoint=recorded.expected["endpoint"],
                attempt=1,
                outcome=reading.outcome,
                reason=reading.reason,
                strength=reading.strength,
                valid=True,
                controlled=True,
                sent_at=at,
                received_at=at,
                closed_at=at + timedelta(seconds=number + 1),
                boot_id="boot",
                sent_monotonic=at.timestamp(),
                received_monotonic=at.timestamp(),
                native_id=None if is_author else POSTS[platform],
                author_id=reading.author_id,
            )
        )
    return found


def state(platform: str, seen: str, then: str, days: int) -> State:
    """Seen on the first day, then answered so on every day."""
    facts = PostFacts(1, platform, POSTS[platform], None, None)
    rounds = [looks(platform, seen if day == 0 else then, day) for day in range(days + 1)]
    return judge(facts, [look for each in rounds for look in each]).state


@pytest.mark.parametrize(
    ("seen", "then", "days", "expected"),
    [
        ("watch_present", "oembed_404 watch_removed_by_uploader channels_ok", 5, State.DELETED),
        ("watch_present", "oembed_404 watch_removed_by_uploader channels_ok", 3, State.GONE_UNCONFIRMED),
        ("watch_present", "watch_removed_by_uploader channels_ok", 8, State.DELETED),
        ("api_present", "oembed_404 watch_removed_by_uploader api_missing channels_ok", 5, State.DELETED),
        ("oembed_present", "oembed_404 watch_removed_by_uploader channels_ok", 60, State.GONE_UNCONFIRMED),
        ("watch_present", "oembed_404 watch_removed_by_uploader", 60, State.GONE_UNATTRIBUTED),
        ("watch_present", "oembed_404 watch_unavailable api_missing channels_ok", 60, State.GONE_UNATTRIBUTED),
        ("watch_present", "oembed_404 watch_removed_by_youtube channels_ok", 60, State.GONE_UNATTRIBUTED),
        ("watch_present", "oembed_404 watch_account_terminated", 60, State.ACCOUNT_GONE),
        ("watch_present", "oembed_403_private watch_private api_missing channels_ok", 20, State.GONE_UNCONFIRMED),
        ("watch_present", "oembed_404 watch_private channels_ok", 60, State.GONE_UNATTRIBUTED),
        ("watch_present", "oembed_401_embedding_disabled watch_bot", 60, State.ALIVE),
        ("watch_present", "oembed_present watch_country", 60, State.ALIVE),
        ("watch_present", "oembed_404 watch_country channels_ok", 60, State.WITHHELD),
        ("watch_present", "oembed_401_embedding_disabled watch_age", 60, State.AGE_GATED),
        ("watch_present", "watch_try_again_later oembed_429 api_403_quota", 60, State.ALIVE),
    ],
)
def test_what_youtube_can_prove(seen: str, then: str, days: int, expected: State) -> None:
    """`deleted` only for the uploader's own removal, a known channel, and a channel that is there."""
    assert state("youtube", seen, then, days) is expected


@pytest.mark.parametrize(
    ("seen", "then", "days", "expected"),
    [
        ("api_present", "api_deleted account_ok", 8, State.DELETED),
        ("api_present", "api_deleted account_ok", 6, State.GONE_UNCONFIRMED),
        ("api_present", "api_deleted account_gone_or_hidden", 60, State.GONE_UNATTRIBUTED),
        ("api_present", "api_deleted account_suspended", 60, State.ACCOUNT_SUSPENDED),
        ("api_present", "api_removed_by_moderator account_ok", 60, State.GONE_UNATTRIBUTED),
        ("api_present", "api_missing account_ok", 60, State.GONE_UNATTRIBUTED),
        ("api_present", "api_present_account_deleted", 60, State.ALIVE),
        ("api_present", "api_nameless_and_hidden account_ok", 60, State.ALIVE),
        ("api_present_account_deleted", "api_deleted account_ok", 60, State.GONE_UNCONFIRMED),
    ],
)
def test_what_reddit_can_prove(seen: str, then: str, days: int, expected: State) -> None:
    """`deleted` only for what its author deleted, seen with its author, whose account is there."""
    assert state("reddit", seen, then, days) is expected
