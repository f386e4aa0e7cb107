"""Redaction: what a post said is nowhere any more, and everything that was recorded of it still stands."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from tests.newsroom import Newsroom, assert_chain_whole, born, day

GONE, OTHER, FLAT = born(10, 5), born(10, 6), born(10, 7)
WORDS = (
    "The lantern keeper of the sample valley counts seventeen herons at dawn 🪿",
    "فانوس‌بان درهٔ نمونه هفده حواصیل را در سپیده‌دم می‌شمارد",
)
TEXT = "\n".join(WORDS)
ORDER: Any = {"reason": "court_order", "authority": "Sample Court, 12 C 34/26", "by": "J. Doe"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A post that is deleted on the fourth day, beside one that stays, both in one article, and looked at for weeks."""
    with Newsroom(tmp_path) as opened:
        opened.post(GONE, "lantern_keeper", TEXT)
        opened.world.at(day(4)).delete(GONE)
        opened.post(OTHER, "sample_desk", "Other sample words about a river that stays where it is.")
        opened.article("a.html", opened.quote(GONE), opened.quote(OTHER))
        opened.live(day(14), timedelta(hours=8))
        assert opened.states()[GONE] == State.DELETED
        yield opened


def traces(folder: Path, sought: Sequence[str]) -> list[str]:
    """Files of an archive in which a string stands as bytes, in any way that JSON, HTML or deflate writes it."""
    forms = {each.encode() for each in sought} | {json.dumps(each)[1:-1].encode() for each in sought}
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            held = path.read_bytes()
            found += [f"{path.name}: {form!r}" for form in forms if form in held]
    return found


def kept_words(room: Newsroom, sought: Sequence[str]) -> list[int]:
    """Contents in which a string stands once they are unpacked, gzip within too."""
    forms = {each.encode() for each in sought} | {json.dumps(each)[1:-1].encode() for each in sought}
    found = []
    for row in room.rows("contents"):
        plain = zlib.decompress(row.packed) if row.codec == "deflate" else row.packed
        if plain.startswith(b"\x1f\x8b"):
            plain = zlib.decompress(plain, wbits=31)
        if any(form in plain for form in forms):
            found.append(row.id)
    return found


SOUGHT = (*WORDS, "lantern_keeper", "seventeen herons", "Sample lantern_keeper")


def test_after_a_redaction_no_byte_of_the_post_is_left(room: Newsroom) -> None:
    """Neither in the archive's files, nor in an export, nor in what the search finds."""
    post = room.listed(GONE)
    assert kept_words(room, SOUGHT)
    assert traces(room.folder / "archive", SOUGHT)
    planned, gone = room.archive.redact(post.number, **ORDER)
    assert gone > 0
    assert planned.posts == (post.number,)
    assert kept_words(room, SOUGHT) == []
    room.archive.close()
    room.store.database.close()
    assert traces(room.folder / "archive", SOUGHT) == []
    assert list(room.archive.search("herons")) == []
    assert list(room.archive.search("حواصیل")) == []
    room.archive.export(room.folder / "out.jsonl")
    assert traces(room.folder, SOUGHT) == [each for each in traces(room.folder, SOUGHT) if each.startswith("a.html")]


def test_what_was_recorded_stays_and_can_be_judged_again(room: Newsroom) -> None:
    """Verdict, interval, looks and the ledger are as they were; the post says that it was redacted."""
    before, looks = room.listed(GONE), room.looks(room.listed(GONE).number)
    room.archive.redact(before.number, **ORDER)
    after = room.listed(GONE)
    assert (after.state, after.gone_after, after.gone_by, after.decided_at, after.grade) == (
        before.state,
        before.gone_after,
        before.gone_by,
        before.decided_at,
        before.grade,
    )
    assert (after.text, after.author_handle, after.permalink, after.native_id) == (None, None, None, GONE)
    assert "redacted" in after.doubts
    assert room.looks(before.number) == looks
    assert room.archive.refold() == []
    assert_chain_whole(room.rows("ledger"))
    post, places, events = room.archive.show(before.number)
    assert [place.quotation for place in places] == [None]
    assert any("(redacted)" in event.title for event in events)
    assert post.number == before.number


def test_each_content_that_went_is_named_in_the_ledger_by_number_and_commitment(room: Newsroom) -> None:
    """The commitments stay in their rows; the line carries reason and authority by commitment only."""
    held = {row.id: row.commitment for row in room.rows("contents")}
    planned, _ = room.archive.redact(room.listed(GONE).number, **ORDER)
    lines = [json.loads(row.line) for row in room.rows("ledger")]
    (told,) = (line for line in lines if line["kind"] == "redaction")
    assert told["contents"] == sorted(planned.content_ids)
    assert told["commitments"] == [held[each] for each in told["contents"]]
    removed = {row.content: row for row in room.rows("content_removals")}
    assert set(removed) == planned.content_ids
    assert {row.ledger for row in removed.values()} == {told["number"]}
    emptied = [row for row in room.rows("contents") if row.id in removed]
    assert {(row.codec, row.packed, row.nonce, row.digest, row.size) for row in emptied} == {
        ("removed", b"", b"", "", 0)
    }
    assert [row.commitment for row in emptied] == [held[row.id] for row in emptied]
    assert "Sample Court" not in json.dumps(lines)
    (given,) = room.archive.redactions()
    assert (given.post, given.reason, given.authority, given.by) == (
        room.listed(GONE).number, "court_order", "Sample Court, 12 C 34/26", "J. Doe",
    )  # fmt: skip


def test_other_posts_lose_nothing_of_their_own(room: Newsroom) -> None:
    """The neighbour keeps text, snapshot and answers; answers that serve many posts stay unless they hold the words."""
    other = room.listed(OTHER)
    own = [row for row in room.rows("snapshots", post=other.number)]
    room.archive.redact(room.listed(GONE).number, **ORDER)
    assert room.listed(OTHER).text == other.text
    removed = {row.content for row in room.rows("content_removals")}
    assert not removed & {row.content for row in own}
    looks = {str(other.number)}
    theirs = [row.id for row in room.rows("observations", subject_kind="post") if row.subject_key in looks]
    answers = {row.payload for row in room.rows("exchanges") if row.observation in theirs}
    assert not removed & answers


def test_a_redacted_post_is_not_looked_at_again(room: Newsroom) -> None:
    """Neither by the timetable nor when it is asked for by name: an answer would bring its words back."""
    post = room.listed(GONE)
    room.archive.redact(post.number, **ORDER)
    looks = len(room.looks(post.number))
    room.archive.make_due([post.number])
    assert room.listed(GONE).next_check_at is None
    room.live(day(50), timedelta(days=1))
    assert len(room.looks(post.number)) == looks
    assert room.listed(GONE).state == State.DELETED


def test_articles_that_print_it_later_bring_nothing_back(room: Newsroom) -> None:
    """A changed article and a new one are places of the post without its words; so is what surrounds its neighbours."""
    quoted, other = room.quote(GONE), room.quote(OTHER)
    room.archive.redact(room.listed(GONE).number, **ORDER)
    room.article("a.html", "<p>A new sample line.</p>", quoted, other)
    room.article("b.html", quoted, other)
    room.archive.scan()
    assert kept_words(room, SOUGHT) == []
    _, places, _ = room.archive.show(room.listed(GONE).number)
    assert sorted((place.location, place.closed_at is None) for place in places) == [("a.html", True), ("b.html", True)]
    assert len(list(room.archive.posts())) == 2
    again = room.archive.scan()
    assert again.embeds == 0
    _, unchanged, _ = room.archive.show(room.listed(GONE).number)
    assert len(unchanged) == 2


def test_a_post_without_an_id_is_known_again_by_a_keyed_digest(tmp_path: Path) -> None:
    """Its provisional key goes, and yet a changed article makes no new post of it."""
    with Newsroom(tmp_path) as room:
        room.post(FLAT, "lantern_keeper", TEXT)
        flat = room.flatten(FLAT, "AbCdEfGhIj")
        path = room.article("old.txt", flat)
        room.archive.scan()
        (post,) = room.archive.posts()
        assert post.native_id is None
        room.archive.redact(post.number, **ORDER)
        path.write_text("A further sample line.\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        room.archive.scan()
        (again,) = room.archive.posts()
        assert again.number == post.number
        assert kept_words(room, SOUGHT) == []


def test_a_hold_forbids_redaction_and_its_end_allows_it(room: Newsroom) -> None:
    """Held posts lose nothing; the hold, its end and who did so stand in the record."""
    number = room.listed(GONE).number
    hold = room.archive.hold(number, reason="Sample v. Sample", by="J. Doe")
    with pytest.raises(UsageError, match=rf"legal hold stands on p{number}"):
        room.archive.redact(number, **ORDER)
    assert room.rows("content_removals") == []
    assert room.archive.release(number, reason="closed", by="J. Roe") == 1
    assert room.archive.release(number, reason="closed", by="J. Roe") == 0
    assert [(each.number, each.post, each.ended_at is None) for each in room.archive.holds()] == [(hold, number, False)]
    room.archive.redact(number, **ORDER)
    kinds = [json.loads(row.line)["kind"] for row in room.rows("ledger")]
    assert [kind for kind in kinds if kind in ("hold", "hold_end", "redacted", "redaction")] == [
        "hold", "hold_end", "redacted", "redaction",
    ]  # fmt: skip


def test_a_hold_on_a_neighbour_stands_in_the_way_of_what_they_share(room: Newsroom) -> None:
    """What surrounds the neighbour's embed holds the words: it may not go while the neighbour is held."""
    other = room.listed(OTHER).number
    room.archive.hold(other, reason="Sample v. Sample", by="J. Doe")
    with pytest.raises(UsageError, match=rf"p{other}"):
        room.archive.redact(room.listed(GONE).number, **ORDER)


def test_a_plan_says_what_would_go_and_removes_nothing(room: Newsroom) -> None:
    """The same contents as the redaction then removes."""
    number = room.listed(GONE).number
    planned = room.archive.plan_redaction(number)
    assert room.rows("content_removals") == []
    done, _ = room.archive.redact(number, **ORDER)
    assert done.content_ids == planned.content_ids
    again, gone = room.archive.redact(number, **ORDER)
    assert gone == 0
    assert again.posts == planned.posts


def test_another_post_with_the_same_words_is_named_and_stays(tmp_path: Path) -> None:
    """The order speaks of one post: whose own words are the same is told."""
    with Newsroom(tmp_path) as room:
        for native_id, handle in ((GONE, "lantern_keeper"), (OTHER, "sample_copyist")):
            room.post(native_id, handle, TEXT)
            room.article(f"{handle}.html", room.quote(native_id))
        room.archive.scan()
        room.archive.check()
        planned, _ = room.archive.redact(room.listed(GONE).number, **ORDER)
        assert planned.others == (room.listed(OTHER).number,)
        assert room.listed(OTHER).text == TEXT
        wanted = PostFilter(author="sample_copyist")
        assert [post.text for post in room.archive.posts(wanted)] == [TEXT]
