"""The words of verdicts, and cells that start no formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.audit import cells, wording
from archiver.model.listing import PostListing
from archiver.model.outcome import UNREACHABLE, Reason
from archiver.model.verdict import State

MOMENT = datetime(2026, 3, 2, 9, 0, 5, 999_999, tzinfo=UTC)
POST = PostListing(
    number=17, platform="x", host=None, native_id="42", permalink="https://x.com/i/status/42", author_handle=None,
    author_name=None, author_id=None, published_on=None, published_at=None, state=State.UNKNOWN, decided_at=None,
    grade=None, flags=(), gone_after=None, gone_by=None, first_seen_at=None, last_seen_at=None, last_checked_at=None,
    last_reason=None, last_host=None, next_check_at=MOMENT, checks=0, text=None, text_from=None, links=(), articles=1,
    short_links=(),
)  # fmt: skip


def test_every_state_has_words_of_its_own() -> None:
    """Twelve states, twelve wordings; only one of them says "deleted"."""
    assert set(wording.WORDS) == set(State)
    assert len(set(wording.WORDS.values())) == len(State)
    assert [state for state, words in wording.WORDS.items() if "deleted" in words] == [State.DELETED]


@pytest.mark.parametrize("state", [state for state in State if state is not State.UNKNOWN])
def test_the_brief_verdict_is_its_words_and_flags(state: State) -> None:
    """Flags stand behind it in brackets."""
    assert wording.brief(replace(POST, state=state)) == wording.WORDS[state]
    assert wording.brief(replace(POST, state=state, flags=("disputed", "restored"))).endswith(" (disputed) (restored)")


@pytest.mark.parametrize("state", [state for state in State if state is not State.DELETED])
def test_no_sentence_says_deletion_of_anything_else(state: State) -> None:
    """Whatever a report prints of another state, it does not speak of a deletion."""
    words = wording.disappearance(replace(POST, state=state, gone_by=MOMENT), 9, 1, None)
    assert "delet" not in words
    assert words.startswith("Post p17")


@pytest.mark.parametrize("reason", list(Reason))
def test_a_post_not_yet_seen_says_why(reason: Reason) -> None:
    """For every reason that a look can have there are words for a person, and never that it was deleted."""
    words = wording.brief(replace(POST, last_reason=reason, last_host="publish.x.com"))
    assert words.startswith("not yet seen: ")
    assert "delet" not in words
    assert (words == "not yet seen: x.com could not be reached") == (reason in UNREACHABLE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "not looked at yet"),
        ({"next_check_at": None}, "its id cannot be right, so it is not looked at"),
        ({"native_id": None, "short_links": ("https://t.co/a",)}, "its id is still sought"),
        ({"native_id": None}, "the article tells no id and no short link"),
        ({"platform": "reddit", "doubts": ("not_looked_at",)}, "this archive does not look at reddit posts"),
        ({"platform": "sample", "last_reason": "connect", "last_host": "a.example"}, "a.example could not be reached"),
    ],
)
def test_a_post_that_was_never_looked_at_says_why(changes: dict[str, object], words: str) -> None:
    """What is missing is named."""
    assert wording.brief(replace(POST, **changes)) == f"not yet seen: {words}"  # type: ignore[arg-type]


def test_one_endpoint_is_not_called_endpoints() -> None:
    """Grade B rests on one."""
    gone = replace(POST, state=State.DELETED, gone_after=MOMENT, gone_by=MOMENT, decided_at=MOMENT)
    assert "in 7 checks on 1 endpoint up to 2026-03-02 09:00:05 UTC" in wording.disappearance(gone, 7, 1, 3)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u3000=1", "＝1", "＋1", "－1",
        "＠x", "﹣1", "﹢1", "﹫x", "=HYPERLINK(\"https://evil.example\")", "-",
    ],
)  # fmt: skip
def test_a_cell_that_could_be_a_formula_is_defused(cell: str) -> None:
    """By one apostrophe before it: nothing of it is lost."""
    assert cells.safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "Sample", "نمونه", "1=1", "a@b", "'=1", "2026-03-02T09:00:00Z", "🌙", "p17"])
def test_another_cell_is_left_as_it_is(cell: str) -> None:
    """Words, numbers, times and addresses."""
    assert cells.safe(cell) == cell
