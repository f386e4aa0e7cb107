"""Retention: what nothing rests upon goes when its time has come, and a policy honours deletions where it must."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.archive import Archive
from archiver.model.verdict import State
from tests.newsroom import Newsroom, born, day

GONE, OTHER = born(10, 5), born(10, 6)
THIN = '[retention]\nthin_after = "5d"\n'
HONOUR = '[retention.sources.syndication]\ndeleted = "redact"\n[retention.sources.oembed]\nlongest = "10d"\n'


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Two living posts, one of which is deleted on the tenth day, looked at for three weeks."""
    with Newsroom(tmp_path) as opened:
        opened.post(GONE, "lantern_keeper", "The lantern keeper counts seventeen sample herons.")
        opened.post(OTHER, "sample_desk", "Other sample words about a river.")
        opened.world.at(day(10)).delete(GONE)
        opened.article("a.html", opened.quote(GONE), opened.quote(OTHER))
        opened.live(day(21), timedelta(hours=8))
        assert opened.states()[GONE] == State.DELETED
        yield opened


def with_policy(room: Newsroom, policy: str) -> Archive:
    """The same archive under another configuration."""
    path = room.folder / "policy.toml"
    path.write_text(room.config.read_text(encoding="utf-8") + policy, encoding="utf-8")
    return Archive.open(path, clock=room.clock)


def payloads(room: Newsroom, number: int, outcome: str) -> list[tuple[int, bool]]:
    """(observation, whether its answer is still there) of the looks at a post that came out so, oldest first."""
    kept = {row.id for row in room.rows("contents") if row.codec != "removed"}
    answers = {row.observation: row.payload for row in room.rows("exchanges")}
    looks = room.rows("observations", subject_kind="post", subject_key=str(number), outcome=outcome)
    return [(row.id, answers[row.id] in kept) for row in looks if row.id in answers]


def test_thinning_keeps_whatever_something_rests_upon(room: Newsroom) -> None:
    """First and newest sighting, what verdicts name with their batches, every absent; the rest of the presents goes."""
    number = room.listed(GONE).number
    with with_policy(room, THIN) as archive:
        planned = archive.retain(dry_run=True)
        assert room.rows("content_removals") == []
        done = archive.retain()
        assert done.thinned == planned.thinned > 0
        assert archive.retain().thinned == 0
    seen = payloads(room, number, "present")
    assert seen[0][1]
    assert seen[-1][1]
    assert not all(kept for _, kept in seen)
    assert all(kept for _, kept in payloads(room, number, "absent"))
    named = {each for given in room.verdicts(number) for each in given.rests_on}
    assert all(kept for look, kept in seen if look in named)
    assert room.archive.refold() == []
    lines = [json.loads(row.line) for row in room.rows("ledger")]
    assert {(line["policy"], len(line["contents"])) for line in lines if line["kind"] == "thinning"} == {
        ("thin_after", done.thinned)
    }


def test_controls_beside_an_absent_that_carries_a_verdict_are_kept(room: Newsroom) -> None:
    """What shows that the endpoint answered is part of the proof."""
    with with_policy(room, THIN) as archive:
        archive.retain()
    named = {each for given in room.verdicts(room.listed(GONE).number) for each in given.rests_on}
    batches = {row.batch for row in room.rows("observations") if row.id in named}
    beside = {row.id for row in room.rows("observations", subject_kind="control") if row.batch in batches}
    removed = {row.content for row in room.rows("content_removals")}
    assert beside
    assert not removed & {row.payload for row in room.rows("exchanges") if row.observation in beside}


def test_a_source_that_must_be_honoured_loses_the_words_of_deleted_posts(room: Newsroom) -> None:
    """Through that endpoint only: the article's quotation is the newspaper's own, and the verdict stays."""
    with with_policy(room, HONOUR) as archive:
        told = archive.retain()
        assert set(told.redacted) == {"syndication.deleted", "oembed.longest"}
    removed = {row.content for row in room.rows("content_removals")}
    taken = {row.content: row.endpoint for row in room.rows("snapshots", post=room.listed(GONE).number)}
    assert {endpoint for content, endpoint in taken.items() if content in removed} == {"syndication", "oembed"}
    post = room.listed(GONE)
    assert (post.state, post.text_from) == (State.DELETED, "article")
    other = {row.content: row.endpoint for row in room.rows("snapshots", post=room.listed(OTHER).number)}
    assert {endpoint for content, endpoint in other.items() if content not in removed} == {"syndication"}
    assert room.archive.refold() == []
    assert [post.native_id for post in room.archive.search("herons")] == [GONE]


def test_a_hold_comes_before_the_policy(room: Newsroom) -> None:
    """Nothing of a held post goes, and the answer says how many there are."""
    number = room.listed(GONE).number
    room.archive.hold(number, reason="Sample v. Sample", by="J. Doe")
    with with_policy(room, THIN + HONOUR) as archive:
        assert archive.retain().held == 1
    removed = {row.content for row in room.rows("content_removals")}
    assert not removed & {row.content for row in room.rows("snapshots", post=number)}
    looks = {row.id for row in room.rows("observations", subject_kind="post", subject_key=str(number))}
    assert not removed & {row.payload for row in room.rows("exchanges") if row.observation in looks}


def test_without_a_policy_everything_is_kept(room: Newsroom) -> None:
    """Which is the default, and reports say so."""
    ledger = len(room.rows("ledger"))
    assert room.archive.retain().thinned == 0
    assert len(room.rows("ledger")) == ledger
    assert room.archive.config.retention.stated() == ["everything received is kept"]
